"""A notebook without charts does not wait for what charts need; and whatever is loaded, the outputs are the same."""

from __future__ import annotations

import inspect
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from nianbao.late import FRAMES
from nianbao.paths import Project
from nianbao.runs import engine, launcher
from nianbao.runs.preloaded import code_of, wants_all
from nianbao.runs.process import NotebookProcess
from nianbao.section import SectionView
from runs.notebooks import notebook, printed, run

LOADED = "import json, sys\nprint(json.dumps(['pan' + 'das' in sys.modules, 'mat' + 'plotlib' in sys.modules]))"
# What the words in a notebook say of it is passed by: it asks for neither by name.
CHART = (
    "from importlib import import_module\nplt = import_module('mat' + 'plotlib.pyplot')\nplt.plot([1, 2])\nplt.show()",
    "plt.rcParams['font.size'], plt.get_backend()",
    "import_module('pan' + 'das').DataFrame({'件': [1, 2]})",
)


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    engine.shut_down()
    yield
    engine.shut_down()


def test_the_sections_with_charts_want_all_and_the_others_do_not(repository: Project) -> None:
    paths = (repository.root / "notebooks").glob("*.ipynb")
    wanted = {path.stem for path in paths if wants_all(code_of(path.read_text(encoding="utf-8")))}
    assert wanted == {"02_proactive", "03_applications", "06_other"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import pandas as pd", True),
        ("from matplotlib import pyplot", True),
        ("from nianbao.section import bars_by_year", True),
        ("from nianbao.section import frames", True),
        ("from nianbao.section.charts import *", True),
        ("section.history(3)", True),
        ("from nianbao.section import open_section", False),
        ("expandas = 1", False),
    ],
)
def test_names_are_whole_words(source: str, *, expected: bool) -> None:
    assert wants_all(["1", source]) is expected
    # As a line of a cell that the file holds as one string, or as a list of lines.
    for cell in (f"1\n{source}", ["1\n", source]):
        text = json.dumps({"cells": [{"cell_type": "code", "source": cell}]})
        assert wants_all(code_of(text)) is expected


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", '{"cells": [{}]}', '{"cells": [{"cell_type": "code"}]}'])
def test_what_is_no_notebook_has_no_code(text: str) -> None:
    assert code_of(text) == []


def test_the_methods_that_give_frames_are_those_that_say_so() -> None:
    methods = inspect.getmembers(SectionView, inspect.isfunction)
    giving = {name for name, method in methods if method.__annotations__.get("return") == "pd.DataFrame"}
    assert giving == {*FRAMES}


def test_only_a_notebook_that_wants_it_waits_for_all_of_it(tmp_path: Path) -> None:
    light, full = notebook(LOADED), notebook("import pandas", LOADED)
    assert json.loads(printed(run(tmp_path, light))) == [False, False]
    assert json.loads(printed(run(tmp_path, full))) == [True, True]
    # Nothing is started anew for less.
    assert json.loads(printed(run(tmp_path, light))) == [True, True]


def test_charts_and_frames_are_the_same_wherever_they_were_imported(tmp_path: Path) -> None:
    made = []
    for full in (False, True):
        engine.shut_down()
        launcher.zygote(full=full)
        cells = run(tmp_path, notebook(*CHART)).cells
        made.append([[dict(output) for output in cell.outputs] for cell in cells])
    assert made[0] == made[1]
    assert "image/png" in made[0][0][0]["data"]


def test_sums_are_the_same_to_the_last_digit_whatever_was_loaded(tmp_path: Path) -> None:
    source = (
        "import hashlib, numpy\nrows = numpy.random.RandomState(0).rand(400, 400)\n"
        "print(hashlib.sha256(numpy.linalg.inv(rows @ rows.T).tobytes()).hexdigest())"
    )
    found = []
    for full in (False, True):
        engine.shut_down()
        launcher.zygote(full=full)
        found.append(printed(run(tmp_path, notebook(source))))
    assert found[0] == found[1]


def test_a_light_process_that_is_idle_goes_when_a_full_one_is_there() -> None:
    light = launcher.zygote(full=False)
    with NotebookProcess(light, output_limit=1 << 20, memory_limit=None, start_timeout=60) as busy:
        full = launcher.zygote(full=True)
        assert light.alive
        busy.send("1", go_on=False)
        assert busy.wait(lambda *_: None, lambda _: None)["status"] == "ok"
    assert launcher.zygote(full=True) is full
    assert not light.alive


def test_a_process_that_is_being_forked_keeps_its_light_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    light = launcher.zygote(full=False)
    forking, asked = threading.Event(), threading.Event()
    answer = launcher.Zygote._answer

    def slow(self: launcher.Zygote, *size: int) -> int:
        given = answer(self, *size)
        if self is light and not size:
            forking.set()
            asked.wait(1)
        return given

    monkeypatch.setattr(launcher.Zygote, "_answer", slow)

    def ask() -> None:
        forking.wait(60)
        launcher.zygote(full=True)
        asked.set()

    other = threading.Thread(target=ask)
    other.start()
    with NotebookProcess(light, output_limit=1 << 20, memory_limit=None, start_timeout=60) as process:
        other.join()
        process.send("1", go_on=False)
        assert process.wait(lambda *_: None, lambda _: None)["status"] == "ok"


def test_who_warms_up_is_told_whether_there_is_time_for_something_else() -> None:
    light, full = (nbformat.writes(notebook(source)) for source in ("import yaml", "import pandas"))
    assert engine.warm_up(light)() is True
    assert engine.warm_up(light, full)() is True
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIANBAO_ENGINE", "kernel")
        assert engine.warm_up(light)() is True
