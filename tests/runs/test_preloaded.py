"""A notebook without charts does not wait for what charts need; and whatever is loaded, the outputs are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from nianbao.paths import Project
from nianbao.runs import engine, launcher
from nianbao.runs.preloaded import wants_all
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
    wanted = {path.stem for path in (repository.root / "notebooks").glob("*.ipynb") if wants_all(path.read_text())}
    assert wanted == {"02_proactive", "03_applications", "06_other"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import pandas as pd", True),
        ("from matplotlib import pyplot", True),
        ("from nianbao.section import bars_by_year", True),
        ("from nianbao.section import open_section", False),
        ("expandas = 1", False),
    ],
)
def test_names_are_whole_words(source: str, *, expected: bool) -> None:
    assert wants_all(source) is expected


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


def test_who_warms_up_is_told_whether_there_is_time_for_something_else() -> None:
    assert engine.warm_up("import yaml") is False
    assert engine.warm_up("import yaml", "import pandas") is True
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIANBAO_ENGINE", "kernel")
        assert engine.warm_up("import yaml") is True
