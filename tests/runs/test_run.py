from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell

from nianbao.errors import NotebookError, UnknownNameError
from nianbao.form import SECTIONS
from nianbao.model import Profile, ReportKey
from nianbao.paths import Project
from nianbao.runs.run import run_section
from runs.notebooks import notebook, run

KEY = ReportKey("panzhihua", 2023)
OTHER = SECTIONS[5]


def edit(project: Project, source: str, *, at: int = 6) -> None:
    path = project.notebook(KEY.office, OTHER)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[at].source = source
    nbformat.write(notebook, path)


def test_a_section_runs_with_its_parameters_and_says_what_it_read(project: Project) -> None:
    run = run_section(project, ReportKey("shili", 2022), OTHER)
    assert "data/shili/2022/narrative/06_other.md" in run.reads
    assert "示例市" in run.executed
    assert "panzhihua" not in run.executed.replace('office: str = \\"panzhihua\\"', "")
    assert run.notebook == "notebooks/06_other.ipynb"


def test_a_run_has_the_same_bytes_each_time(project: Project) -> None:
    assert run_section(project, KEY, OTHER).executed == run_section(project, KEY, OTHER).executed


def test_a_notebook_that_raises_names_cell_and_line_and_leaves_evidence(project: Project) -> None:
    edit(project, "x = 1\nraise ValueError('gone wrong')")
    with pytest.raises(NotebookError) as caught:
        run_section(project, KEY, OTHER)
    text = str(caught.value)
    assert "notebooks/06_other.ipynb, cell 7, line 2: ValueError: gone wrong" in text
    assert "raise ValueError('gone wrong')" in text
    evidence = project.evidence_of(KEY) / "06_other.ipynb"
    assert project.relative(evidence) in text
    executed = nbformat.read(evidence, as_version=4)
    assert any(output.output_type == "error" for cell in executed.cells for output in cell.get("outputs", ()))


def test_a_misspelt_parameter_is_refused_before_anything_runs(project: Project) -> None:
    edit(project, 'office: str = "panzhihua"\nyaer: int = 2023', at=1)
    with pytest.raises(UnknownNameError, match="did you mean 'yaer'"):
        run_section(project, KEY, OTHER)
    assert not project.state.exists()


def test_the_profile_reaches_the_notebook(project: Project) -> None:
    edit(project, "print(section.illustrated)")
    assert "True" in run_section(project, KEY, OTHER, Profile.ILLUSTRATED).executed
    assert "True" not in run_section(project, KEY, OTHER).executed


def test_an_own_notebook_is_run_for_its_office_alone(project: Project) -> None:
    shared = project.notebook(KEY.office, OTHER)
    notebook = nbformat.read(shared, as_version=4)
    notebook.cells.append(new_code_cell("print('自有章节')"))
    own = project.notebooks / KEY.office / shared.name
    own.parent.mkdir()
    nbformat.write(notebook, own)
    run = run_section(project, KEY, OTHER)
    assert run.notebook == "notebooks/panzhihua/06_other.ipynb"
    assert "自有章节\\n" in run.executed


def test_the_state_folder_may_be_thrown_away_under_a_run(project: Project) -> None:
    once = (
        "import pathlib, shutil\n"
        "if not pathlib.Path('thrown-away').exists():\n"
        "    pathlib.Path('thrown-away').touch()\n"
        "    shutil.rmtree('.nianbao', ignore_errors=True)\n"
        "print('ran')"
    )
    edit(project, once)
    assert "ran\\n" in run_section(project, KEY, OTHER).executed
    assert (project.root / "thrown-away").exists()


def test_the_state_folder_thrown_away_under_a_run_that_fails_costs_another_run(project: Project) -> None:
    once = (
        "import pathlib, shutil\n"
        "if not pathlib.Path('thrown-away').exists():\n"
        "    pathlib.Path('thrown-away').touch()\n"
        "    shutil.rmtree('.nianbao', ignore_errors=True)\n"
        "raise ValueError('again')"
    )
    edit(project, once)
    with pytest.raises(NotebookError, match="again"):
        run_section(project, KEY, OTHER)
    assert (project.evidence_of(KEY) / "06_other.ipynb").exists()


def test_a_notebook_that_ends_well_leaves_no_evidence(project: Project) -> None:
    run_section(project, KEY, OTHER)
    assert not list(project.evidence_of(KEY).glob("*"))


@pytest.mark.parametrize("process", ["fork", pytest.param("kernel", marks=pytest.mark.slow)])
def test_the_evidence_is_what_papermill_itself_would_leave(
    project: Project, monkeypatch: pytest.MonkeyPatch, process: str
) -> None:
    monkeypatch.setenv("NIANBAO_ENGINE", process)
    edit(project, "print('until here')\n1 / 0")
    with pytest.raises(NotebookError, match="division by zero"):
        run_section(project, KEY, OTHER, Profile.ILLUSTRATED)
    evidence = nbformat.read(project.evidence_of(KEY) / "06_other.ipynb", as_version=4)
    written = project.root / "written.ipynb"
    with pytest.raises(papermill.PapermillExecutionError):
        papermill.execute_notebook(
            project.notebook(KEY.office, OTHER),
            written,
            {"office": KEY.office, "year": KEY.year, "profile": "illustrated"},
            engine_name="nianbao",
            progress_bar=False,
            cwd=project.root,
        )
    whole = nbformat.read(written, as_version=4)

    def seen(notebook: nbformat.NotebookNode) -> list[tuple[str, str, str]]:
        outputs = (
            str([output.get("text", output.get("evalue")) for output in cell.get("outputs", ())])
            for cell in notebook.cells
        )
        return [(cell.cell_type, cell.source, output) for cell, output in zip(notebook.cells, outputs, strict=True)]

    assert seen(evidence) == seen(whole)
    assert "papermill-error-cell" in evidence.cells[0].source


@pytest.mark.parametrize("process", ["fork", "kernel"])
@pytest.mark.parametrize("source", ["import sys\nsys.exit()", "raise SystemExit", "exit()"])
def test_a_section_that_ends_before_its_last_cell_is_an_error(
    project: Project, monkeypatch: pytest.MonkeyPatch, process: str, source: str
) -> None:
    monkeypatch.setenv("NIANBAO_ENGINE", process)
    edit(project, source, at=5)
    with pytest.raises(NotebookError, match=r"notebooks/06_other.ipynb") as caught:
        run_section(project, KEY, OTHER)
    # A kernel still runs cells that it was sent before it has left.
    assert "cell 6" in str(caught.value) or (
        (process, source) == ("kernel", "exit()") and "cell 7" in str(caught.value)
    )
    assert (process, source) != ("fork", "exit()") or "ended by exit()" in str(caught.value)
    assert (project.evidence_of(KEY) / "06_other.ipynb").exists()


def test_exit_in_the_last_cell_is_an_error_too(project: Project) -> None:
    edit(project, "quit()")
    with pytest.raises(NotebookError, match=r"cell 7: the notebook was ended by exit\(\)"):
        run_section(project, KEY, OTHER)


def test_cells_of_the_illustrated_profile_are_run_and_printed_in_it_alone(project: Project) -> None:
    path = project.notebook(KEY.office, OTHER)
    notebook = nbformat.read(path, as_version=4)
    figures = new_code_cell("import matplotlib\nprint('fig', 'ures')", metadata={"tags": ["illustrated"]})
    notebook.cells.insert(3, figures)
    nbformat.write(notebook, path)
    official = nbformat.reads(run_section(project, KEY, OTHER, Profile.OFFICIAL).executed, as_version=4)
    illustrated = nbformat.reads(run_section(project, KEY, OTHER, Profile.ILLUSTRATED).executed, as_version=4)
    assert "fig ures" not in str(official)
    assert "fig ures" in str(illustrated)
    assert len(illustrated.cells) == len(official.cells)
    assert "fig ures" not in run_section(project, KEY, OTHER).executed  # the year's own profile is the official one
    edit(project, "1 / 0", at=7)
    with pytest.raises(NotebookError, match="cell 8, line 1"):  # as the author counts
        run_section(project, KEY, OTHER)


def test_a_module_beside_the_notebooks_can_be_imported(project: Project) -> None:
    (project.notebooks / "helper.py").write_text("WORD = 'from the helper'\n")
    edit(project, "import helper\nimport os\nprint(helper.WORD, os.path.isdir('data'))")
    assert "from the helper True" in run_section(project, KEY, OTHER).executed
    own = project.notebooks / KEY.office / f"{OTHER.stem}.ipynb"  # an office's own notebook has the shared modules too
    own.parent.mkdir()
    project.notebook(KEY.office, OTHER).rename(own)
    run = run_section(project, KEY, OTHER)
    assert "from the helper True" in run.executed
    assert "notebooks/helper.py" in run.reads
    edit(project, "import no_such_package")
    with pytest.raises(NotebookError, match="how to add a package: nianbao help analysts"):
        run_section(project, KEY, OTHER)


def test_a_project_may_lie_in_a_folder_with_braces(project: Project, tmp_path: Path) -> None:
    # papermill fills parameters into paths.
    braces = tmp_path / "{year} {no such}" / "project"
    shutil.copytree(project.root, braces)
    other = Project(braces)
    assert run_section(other, KEY, OTHER).executed == run_section(project, KEY, OTHER).executed
    edit(other, "raise ValueError('gone wrong')")
    with pytest.raises(NotebookError, match="gone wrong"):
        run_section(other, KEY, OTHER)
    assert (other.evidence_of(KEY) / "06_other.ipynb").exists()


def test_papermill_with_our_engine_refuses_a_parameter_that_the_notebook_does_not_declare(tmp_path: Path) -> None:
    node = notebook("year: int = 2023", tag="parameters")
    with pytest.raises(UnknownNameError, match="did you mean 'year'"):
        run(tmp_path, node, parameters={"yeer": 2022})
    assert "year = 2022" in run(tmp_path, node, parameters={"year": 2022}).cells[1].source
