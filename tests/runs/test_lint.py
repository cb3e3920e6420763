from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

from nianbao.paths import Project
from nianbao.runs.lint import lint

Change = Callable[[nbformat.NotebookNode], None]


def changed(project: Project, change: Change, name: str = "03_applications.ipynb") -> list[str]:
    path = project.notebooks / name
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)
    return [str(problem) for problem in lint(project)]


def test_the_notebooks_of_this_project_are_clean(repository: Project) -> None:
    assert lint(repository) == []


def outputs(notebook: nbformat.NotebookNode) -> None:
    notebook.cells[3].outputs = [new_output("stream", text="x")]


def source(text: str) -> Change:
    def change(notebook: nbformat.NotebookNode) -> None:
        notebook.cells[3].source = text

    return change


def untagged(notebook: nbformat.NotebookNode) -> None:
    notebook.cells[1].metadata.tags = []


def tagged(tag: str) -> Change:
    def change(notebook: nbformat.NotebookNode) -> None:
        notebook.cells[3].metadata["tags"] = [tag]

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (tagged("ilustrated"), "has a tag 'ilustrated' that means nothing here; did you mean 'illustrated'?"),
        (tagged("Remove-Output"), "did you mean 'remove-output'?"),
        (outputs, "cell 4: holds outputs"),
        (untagged, "no cell tagged 'parameters'"),
        (source('open("/home/me/a.csv")'), "line 1 names an absolute path"),
        (source(r'open("C:\\data\\a.csv")'), "names an absolute path"),
        (source('x = "panzhihua"'), "names the office panzhihua"),
        (source('x = "攀枝花市人民政府办公室"'), "names the office panzhihua"),
        (source("from nianbao.inputs import load"), "line 1 imports nianbao.inputs"),
        (source("import nianbao.export.html as h"), "imports nianbao.export.html"),
        (source("from nianbao import checks"), "imports nianbao.checks"),
        (source("if:"), "is no valid Python"),
        (source("plt.plot([1, 2])\nplt.show()"), "line 2 prints a figure without an alternative text"),
    ],
)
def test_what_must_not_be_in_git_is_refused(project: Project, change: Change, words: str) -> None:
    problems = changed(project, change)
    assert len(problems) == 1
    assert words in problems[0]
    assert "notebooks/03_applications.ipynb" in problems[0]


def test_what_analysts_may_do_passes(project: Project) -> None:
    text = "%matplotlib inline\nfrom nianbao.section import plain_grid\nimport pandas as pd\nx = 'https://example.invalid/a'\n3 // 2"
    assert changed(project, source(text)) == []


@pytest.mark.parametrize("tag", ["illustrated", "remove-output", "my-own-tag"])
def test_tags_that_are_known_and_such_of_the_analysts_own_pass(project: Project, tag: str) -> None:
    assert changed(project, tagged(tag)) == []


def test_a_missing_section_and_a_stray_notebook_are_named(project: Project) -> None:
    (project.notebooks / "04_review.ipynb").rename(project.notebooks / "04_reviw.ipynb")
    problems = [str(problem) for problem in lint(project)]
    assert any("04_review.ipynb: is missing" in text for text in problems)
    assert any("did you mean 04_review" in text for text in problems)


def test_a_folder_of_no_office_is_named(project: Project) -> None:
    own: Path = project.notebooks / "panzhihau" / "04_review.ipynb"
    own.parent.mkdir()
    own.write_bytes((project.notebooks / "04_review.ipynb").read_bytes())
    assert "no office's" in str(lint(project)[0])


@pytest.mark.parametrize(
    "code",
    [
        "import time\nx = time.time()",
        "from datetime import datetime\nx = datetime.now()",
        "import datetime as dt\nx = dt.date.today()",
        "x = pd.Timestamp.now()",
        "import random\nx = random.choice([1, 2])",
        "x = np.random.rand(3)",
        "x = np.random.default_rng().random()",
        "%%time\nx = 1",
        "%timeit sum([1])",
        "!ls",
    ],
)
def test_what_differs_from_run_to_run_is_named_with_its_line(project: Project, code: str) -> None:
    (problem,) = changed(project, source(code))
    assert "notebooks/03_applications.ipynb, cell 4: line " in problem
    assert "differ" in problem


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import time\nx = time.time()", "第2行读取当前时间（time.time）：报告每次都会不同，请改用 section.report"),
        ("x = np.random.rand(3)", "第1行取随机数而未设种子（np.random.rand）：报告每次都会不同，请设定种子"),
    ],
)
def test_clocks_and_random_numbers_are_told_in_chinese(
    project: Project, code: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "zh")
    changed(project, source(code))
    assert [problem.told() for problem in lint(project)] == [f"notebooks/03_applications.ipynb，第4个单元格：{told}"]


@pytest.mark.parametrize(
    "code",
    [
        "import random\nrandom.seed(1)\nx = random.choice([1, 2])",
        "rng = np.random.default_rng(7)\nx = rng.random()",
        "x = time.strptime('1', '%H')",
        "x = datetime.date(2023, 1, 1)",
        "df.time.sum()",
    ],
)
def test_seeded_numbers_and_given_dates_pass(project: Project, code: str) -> None:
    assert changed(project, source(code)) == []
