"""The six notebooks as an analyst finds them: they run as they are, show frames and figures, and bend to one line."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from itertools import combinations

import nbformat
import pytest
from lxml import etree
from matplotlib.ft2font import FT2Font

from nianbao.form import SECTIONS
from nianbao.model import BLOCK_MIME, Profile, ReportKey
from nianbao.paths import Project
from nianbao.runs.run import run_section
from nianbao.section import open_section

SHILI = ReportKey("shili", 2023)
BY_SLUG = {section.slug: section for section in SECTIONS}
FONT = FT2Font(str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"))
SVG = "{http://www.w3.org/2000/svg}"

Place = tuple[float, float, float, float]  # left, top, right, bottom


def executed(
    project: Project, slug: str, key: ReportKey = SHILI, profile: Profile | None = Profile.ILLUSTRATED
) -> nbformat.NotebookNode:
    return nbformat.reads(run_section(project, key, BY_SLUG[slug], profile).executed, as_version=4)


Drawn = Callable[..., list[tuple[str, str]]]


@pytest.fixture(scope="module")
def drawn(repository: Project, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """The pictures of a notebook as it is, for one office; each is run once."""
    root = tmp_path_factory.mktemp("drawn")
    for folder in ("params", "data", "notebooks"):
        shutil.copytree(repository.root / folder, root / folder)

    @cache
    def of(slug: str, office: str = "shili") -> list[tuple[str, str]]:
        return pictures(executed(Project(root), slug, ReportKey(office, 2023)))

    return of


def pictures(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Each picture's SVG and its alternative text."""
    data = [output.data for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output]
    return [(one["image/svg+xml"], one[BLOCK_MIME]["alt"]) for one in data if "image/svg+xml" in one]


def places(svg: str) -> list[tuple[str, Place]]:
    """All words of a picture and where they stand, as wide as the font sets them."""
    found = []
    for element in etree.fromstring(svg.encode()).iter(f"{SVG}text"):
        style, words = element.get("style", ""), "".join(map(str, element.itertext()))
        size = float(re.findall(r"font-size: ([\d.]+)px|font: (?:\w+ )*([\d.]+)px", style)[0][0])
        FONT.set_size(100, 72)
        FONT.set_text(words)
        width = FONT.get_width_height()[0] / 64 / 100 * size
        (x, y), turned = (float(element.get(side, "0")) for side in "xy"), element.get("transform", "")
        if moved := re.search(r"translate\(([\d.-]+) ([\d.-]+)\)", turned):
            x, y = float(moved[1]), float(moved[2])
        anchor = (re.findall(r"text-anchor: (\w+)", style) or ["start"])[0]
        before = {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        if "rotate(-90" in turned:
            found.append((words, (x - 0.75 * size, y - width + before, x, y + before)))
        else:
            found.append((words, (x - before, y - 0.7 * size, x - before + width, y)))
    return found


def assert_in_order(svg: str) -> None:
    _, _, width, height = map(float, etree.fromstring(svg.encode()).get("viewBox", "").split())
    standing = places(svg)
    assert standing
    for words, (left, top, right, bottom) in standing:
        assert left >= -1 and top >= -1 and right <= width + 1 and bottom <= height + 1, words  # noqa: PT018
    for (one, a), (other, b) in combinations(standing, 2):
        apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
        assert apart, (one, other)


def test_a_notebook_opened_in_jupyterlab_works_where_a_run_does(project: Project) -> None:
    import papermill

    # JupyterLab starts a notebook in its own folder; a run, in the project's.
    (project.notebooks / "helper.py").write_text("NAME = '帮手'\n", "utf-8")
    path = project.notebook("shili", BY_SLUG["review"])
    notebook = nbformat.read(path, as_version=4)
    code = "import os\nimport helper\nprint(helper.NAME, sorted(os.listdir()))"
    notebook.cells.append(nbformat.v4.new_code_cell(code, id="own"))
    nbformat.write(notebook, path)
    done = papermill.execute_notebook(path, None, engine_name="nianbao", progress_bar=False, cwd=project.notebooks)
    (output,) = done.cells[-1].outputs
    assert output.text.startswith("帮手 ")
    assert "'params'" in output.text


@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_each_notebook_runs_with_its_own_defaults(project: Project, section: object) -> None:
    # As in JupyterLab: nothing is handed over, and every cell runs.
    import papermill

    path = project.notebooks / f"{section.stem}.ipynb"  # type: ignore[attr-defined]
    done = papermill.execute_notebook(path, None, engine_name="nianbao", progress_bar=False, cwd=project.root)
    shown = [cell for cell in done.cells if cell.get("outputs")]
    assert len(shown) >= 2
    illustrated = [cell for cell in done.cells if "illustrated" in cell.metadata.get("tags", ())]
    # What is shown of an area's units is for offices that have any.
    for_areas = [cell for cell in illustrated if "handed_in" in cell.source]
    assert all(cell.outputs or re.match(r"import|def ", cell.source) for cell in illustrated if cell not in for_areas)


def test_pandas_steps_and_figures_stand_in_plain_view(project: Project) -> None:
    for slug, words in {
        "proactive": ["import matplotlib.pyplot as plt", "section.figures(", ".pivot_table(", "plt.subplots(", ".bar("],
        "applications": ["section.history(", ".query(", ".pivot_table(", "plt.subplots(", ".barh(", "bar_label("],
        "other": ["import pandas as pd", ".groupby(", "plt.subplot_mosaic(", "section.figure(", "alt="],
    }.items():
        notebook = nbformat.read(project.notebook("shili", BY_SLUG[slug]), as_version=4)
        code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        assert not [word for word in words if word not in code]


@pytest.mark.parametrize("slug", ["proactive", "applications", "other"])
def test_the_official_profile_runs_no_cell_of_the_illustrated_one(project: Project, slug: str) -> None:
    official = executed(project, slug, SHILI, Profile.OFFICIAL)
    assert not pictures(official)
    assert not [cell for cell in official.cells if "illustrated" in cell.metadata.get("tags", ()) and cell.source]


def test_without_a_profile_a_notebook_gets_that_of_the_year(project: Project) -> None:
    assert pictures(executed(project, "applications", SHILI, None))
    assert not pictures(executed(project, "applications", ReportKey("shili", 2022), None))


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["proactive", "applications", "other"])
@pytest.mark.parametrize("office", ["shili", "panzhihua"])
def test_no_words_lie_outside_a_picture_or_on_others(drawn: Drawn, slug: str, office: str) -> None:
    for svg, _ in drawn(slug, office):
        assert_in_order(svg)


@pytest.mark.slow
def test_no_words_lie_on_others_in_an_office_with_many_and_large_numbers(project: Project) -> None:
    for year in range(2020, 2024):
        path = project.data / "shili" / str(year) / "figures.csv"
        lines = path.read_text("utf-8").splitlines()
        lines = [re.sub(r"^(website|wechat),([^,]*),\d+", rf"\1,\2,{10**6 + year}", line) for line in lines]
        lines += [
            f"client,某某市融媒体中心“今日某某”客户端公开信息,{year},条,",
            "new_media,政务新媒体公开政府信息,7,条,",
        ]
        path.write_text("\n".join(lines) + "\n", "utf-8")
    for slug in ("proactive", "other"):
        for svg, _ in pictures(executed(project, slug)):
            assert_in_order(svg)


@pytest.mark.slow
def test_every_number_of_a_picture_is_said_in_its_alternative_text(drawn: Drawn) -> None:
    for slug in ("proactive", "applications", "other"):
        for svg, alt in drawn(slug):
            numbers = {number for words, _ in places(svg) for number in re.findall(r"\d+", words.split("（")[0])}
            sums = {"167", "203", "244", "297"}  # over the stacks of section 3, as its table has them
            axis = {str(number) for number in range(0, 301, 50)} if slug == "applications" else set()
            assert {number for number in numbers if number not in alt} <= sums | axis


def test_the_page_of_the_year_says_what_the_year_was(drawn: Drawn) -> None:
    ((svg, alt),) = drawn("other")
    shown = {words for words, _ in places(svg)}
    assert {"14320", "比上年增长12.18%", "104（35.02%）", "41（13.80%）", "234（77.74%）", "12765", "2020年"} <= shown
    assert alt.startswith("2023年政府信息公开工作图解。主要数据：新收政府信息公开申请301件（比上年增长24.38%）")
    ((svg, _),) = drawn("other", "panzhihua")
    shown = {words for words, _ in places(svg)}
    assert "政务新媒体" in shown
    assert not [words for words in shown if "上年" in words or "历年" in words]


def test_a_year_without_numbers_has_no_page_of_the_year(project: Project) -> None:
    folder = project.data / "panzhihua" / "2023"
    head, *rows = (folder / "applications.csv").read_text("utf-8").splitlines()
    blank = [",".join([*row.split(",")[:2], *[""] * 7]) for row in rows]
    (folder / "applications.csv").write_text("\n".join([head, *blank]) + "\n", "utf-8")
    (folder / "figures.csv").write_text("key,label,value,unit,note\n", "utf-8")
    (folder / "narrative" / "06_other.md").write_text("无。\n", "utf-8")
    assert not pictures(executed(project, "other", ReportKey("panzhihua", 2023)))


def test_one_year_and_one_kind_of_applicant_make_no_chart(drawn: Drawn) -> None:
    assert not drawn("proactive", "panzhihua")
    assert not drawn("applications", "panzhihua")


@pytest.mark.parametrize(
    ("slug", "before", "after"),
    [
        ("proactive", "counts, width=0.6", 'counts, width=0.6, color="#a0522d"'),
        ("applications", 'height=0.6, color="C2"', 'height=0.6, color="#a0522d"'),
        ("other", 'height=0.62, color="C2"', 'height=0.62, color="#a0522d"'),
    ],
)
def test_a_colour_is_the_edit_of_one_visible_line(project: Project, slug: str, before: str, after: str) -> None:
    path = project.notebook("shili", BY_SLUG[slug])
    notebook = nbformat.read(path, as_version=4)
    (cell,) = [cell for cell in notebook.cells if before in cell.source]
    cell.source = cell.source.replace(before, after)
    nbformat.write(notebook, path)
    assert any("#a0522d" in svg for svg, _ in pictures(executed(project, slug)))


SHOWN = {
    "show": "plt.bar(['甲', '乙'], [3, 4])\nplt.title('件数')\nplt.show()",
    "show as the last line": "plt.title('件数')",
    "figure": "fig, ax = plt.subplots()\nax.set_title('件数')\nfig",
    "axes": "fig, ax = plt.subplots()\nax.set_title('件数')\nax",
    "bars": "plt.title('件数')\nplt.bar(['甲', '乙'], [3, 4])",
    "frame": "section.frame().set_index('row')['value'].head(3).plot.bar(title='件数', xlabel='')",
    "section": "fig, ax = plt.subplots()\nax.set_title('件数')\nsection.figure(fig, alt='件数')",
    "without pyplot": "from matplotlib.figure import Figure\nfig = Figure()\nfig.add_subplot(title='件数')\nfig",
    "another style": "plt.style.use('seaborn-v0_8')\nplt.title('件数')\nplt.show()",
}


@pytest.mark.slow
@pytest.mark.parametrize("profile", Profile)
def test_however_a_figure_is_shown_it_is_printed_once_with_its_chinese(project: Project, profile: Profile) -> None:
    path = project.notebook("shili", BY_SLUG["review"])
    notebook = nbformat.read(path, as_version=4)
    cells = [f"import matplotlib.pyplot as plt\n{code}" for code in SHOWN.values()]
    notebook.cells += [nbformat.v4.new_code_cell(code, id=f"own-{number}") for number, code in enumerate(cells)]
    nbformat.write(notebook, path)
    done = executed(project, "review", SHILI, profile).cells[-len(SHOWN) :]
    for way, cell in zip(SHOWN, done, strict=True):
        (output,) = [output for output in cell.outputs if output.get("name") != "stderr"]
        assert "件数" in {words for words, _ in places(output.data["image/svg+xml"])}, way
        assert "Noto Sans SC" in output.data["image/svg+xml"], way
        assert output.data[BLOCK_MIME]["alt"] == "件数", way
        assert bool(output.data[BLOCK_MIME].get("alt_missing")) is (way != "section"), way
        # Kept with the report, so in its language whatever the terminal's.
        printed = "".join(output["text"] for output in cell.outputs if output.get("name") == "stderr")
        assert ("图片没有替代文字" in printed) is (way != "section"), way


def test_the_numbers_of_a_chart_are_those_of_the_table(drawn: Drawn, project: Project) -> None:
    section = open_section("shili", 2023, "applications", project=project.root)
    for svg, _ in drawn("applications")[:1]:
        shown = [words for words, _ in places(svg)]
        totals = section.history().query("row == 'processed' and column == 'total'")["value"]
        assert not [total for total in totals if not math.isnan(total) and f"{total:.0f}" not in shown]
