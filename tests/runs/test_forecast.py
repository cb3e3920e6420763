"""What a notebook will want is read from its code; whether any will run, from the times of files."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Iterator

import pytest

from nianbao.late import FRAMES
from nianbao.model import Profile, ReportKey
from nianbao.paths import Project
from nianbao.runs import engine, launcher
from nianbao.runs.forecast import code_of, is_illustrated, start_early, wanted
from nianbao.runs.preloaded import Load
from nianbao.section import SectionView

PANZHIHUA = ReportKey("panzhihua", 2023)  # official
SHILI = ReportKey("shili", 2023)  # illustrated


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    engine.shut_down()
    yield
    engine.shut_down()


def started() -> Load | None:
    """How much the zygote loads that was started, if one was."""
    return launcher._zygotes.all[-1].load if launcher._zygotes.all else None


DRAWING = {"02_proactive": Load.CHARTS, "03_applications": Load.CHARTS}


@pytest.mark.parametrize(("illustrated", "expected"), [(True, DRAWING), (False, {})])
def test_only_the_sections_that_will_draw_charts_want_what_charts_need(
    repository: Project, expected: dict[str, Load], *, illustrated: bool
) -> None:
    paths = [*(repository.root / "notebooks").glob("*.ipynb")]
    loads = {path.stem: wanted(code_of(path.read_text(encoding="utf-8")), illustrated=illustrated) for path in paths}
    assert {stem: load for stem, load in loads.items() if load is not Load.TEXT} == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import pandas as pd", Load.FRAMES),
        ("from pandas import DataFrame", Load.FRAMES),
        ("from nianbao.section import bars_by_year\nbars_by_year(table, 'a', 'b')", Load.CHARTS),
        ("from nianbao.section import bars_by_year as bars", Load.TEXT),
        ("section.counts(['website'])", Load.TEXT),
        ("from nianbao.section import *", Load.TEXT),
        ("from nianbao.section import frames", Load.FRAMES),
        ("section.history(3)", Load.FRAMES),
        ("section.cells(3)", Load.TEXT),
        ("from nianbao.section import results_chart\nresults_chart(section.cells())", Load.CHARTS),
        ("section.history(3).plot()", Load.ALL),
        ("from matplotlib import pyplot", Load.ALL),
        ("import numpy, matplotlib.pyplot as plt", Load.ALL),
        ("from nianbao.section import figure_display\nfigure_display(figure, 'a')", Load.ALL),
        ("%matplotlib inline\n1 +", Load.ALL),
        ("!ls pandas", Load.FRAMES),
        ("from nianbao.section import open_section", Load.TEXT),
        ("expandas = 1", Load.TEXT),
        ("'pandas'  # pandas", Load.TEXT),
        ("if section.illustrated:\n    section.history()", Load.FRAMES),
        ("x" + ".x" * 10_000, Load.TEXT),
    ],
)
def test_what_the_code_names_or_leads_to_is_wanted(source: str, expected: Load) -> None:
    assert wanted(["1", source]) is expected
    # As a line of a cell that the file holds as one string, or as a list of lines.
    for cell in (f"1\n{source}", ["1\n", source]):
        text = json.dumps({"cells": [{"cell_type": "code", "source": cell}]})
        assert wanted(code_of(text)) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("if section.illustrated:\n    section.history()", Load.TEXT),
        ("if section.illustrated:\n    pass\nelse:\n    section.history()", Load.FRAMES),
        ("if not section.illustrated:\n    section.history()", Load.FRAMES),
        ("if section.illustrated or True:\n    section.history()", Load.FRAMES),
        ("def draw():\n    if view.illustrated:\n        section.history()", Load.TEXT),
    ],
)
def test_an_official_report_does_not_want_what_an_illustrated_one_would(source: str, expected: Load) -> None:
    assert wanted([source], illustrated=False) is expected


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", '{"cells": [{}]}', '{"cells": [{"cell_type": "code"}]}'])
def test_what_is_no_notebook_has_no_code(text: str) -> None:
    assert code_of(text) == []


def test_the_methods_that_give_frames_are_those_that_say_so() -> None:
    methods = inspect.getmembers(SectionView, inspect.isfunction)
    giving = {name for name, method in methods if method.__annotations__.get("return") == "pd.DataFrame"}
    assert giving == {*FRAMES}


def test_a_report_is_illustrated_if_its_settings_or_the_call_say_so(project: Project) -> None:
    assert [is_illustrated(project, key, None) for key in (PANZHIHUA, SHILI)] == [False, True]
    assert is_illustrated(project, PANZHIHUA, Profile.ILLUSTRATED)
    assert not is_illustrated(project, SHILI, Profile.OFFICIAL)
    project.year_file(PANZHIHUA).write_text('published: 2024-01-10\nprofile: "illustrated"\n', encoding="utf-8")
    assert is_illustrated(project, PANZHIHUA, None)
    project.year_file(PANZHIHUA).write_text("published: 2024-01-10 # profile: illustrated\n", encoding="utf-8")
    assert not is_illustrated(project, PANZHIHUA, None)
    project.year_file(PANZHIHUA).unlink()
    assert is_illustrated(project, PANZHIHUA, None)


def test_the_process_starts_early_where_a_notebook_was_edited_since_the_last_run(project: Project) -> None:
    project.run_log.parent.mkdir()
    project.run_log.touch()
    os.utime(project.run_log, (1, 1))  # not in the same tick as the edits below
    for path in project.notebooks.rglob("*.ipynb"):
        os.utime(path, (0, 0))
    start_early(project, SHILI, None)
    assert started() is None
    os.utime(project.notebooks / "04_review.ipynb")
    start_early(project, SHILI, None)
    assert started() is Load.TEXT
    os.utime(project.notebooks / "03_applications.ipynb")
    start_early(project, SHILI, None)
    assert started() is Load.CHARTS


def test_the_process_starts_early_where_nothing_ran_yet(project: Project) -> None:
    start_early(project, PANZHIHUA, None)
    assert started() is Load.TEXT
    engine.shut_down()
    start_early(project, PANZHIHUA, Profile.ILLUSTRATED)
    assert started() is Load.CHARTS


def test_the_process_starts_early_where_all_will_run_anew(project: Project) -> None:
    project.run_log.parent.mkdir()
    project.run_log.touch()
    start_early(project, PANZHIHUA, None, anew=True)
    assert started() is Load.TEXT


@pytest.mark.filterwarnings("error")
def test_code_that_python_would_warn_of_is_read_in_silence() -> None:
    assert wanted(["'\\d'; 1if True else 2; pandas"]) is Load.FRAMES


def test_no_process_starts_early_where_notebooks_are_missing(project: Project) -> None:
    project.run_log.parent.mkdir()
    project.run_log.touch()
    for path in project.notebooks.rglob("*.ipynb"):
        path.unlink()
    start_early(project, PANZHIHUA, None)
    assert started() is None
