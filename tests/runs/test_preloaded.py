"""A notebook without charts does not wait for what charts need; and whatever is loaded, the outputs are the same."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from nianbao.runs import engine, launcher
from nianbao.runs.preloaded import Load
from nianbao.runs.process import NotebookProcess
from runs.notebooks import notebook, printed, run

LOADED = (
    "import json, sys\nnames = ['pan' + 'das', 'mat' + 'plotlib', 'mat' + 'plotlib.fig' + 'ure']\n"
    "print(json.dumps([name in sys.modules for name in names]))"
)
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


def test_only_a_notebook_that_wants_it_waits_for_all_of_it(tmp_path: Path) -> None:
    light, full = notebook(LOADED), notebook("'plot'; plot = 1", LOADED)
    charts, frames = notebook("bars_by_year = 1", LOADED), notebook("import pandas", LOADED)
    assert json.loads(printed(run(tmp_path, light))) == [False, False, False]
    assert json.loads(printed(run(tmp_path, charts))) == [False, True, False]
    assert json.loads(printed(run(tmp_path, frames))) == [True, True, False]
    assert json.loads(printed(run(tmp_path, full))) == [True, True, True]
    # Nothing is started anew for less.
    assert json.loads(printed(run(tmp_path, light))) == [True, True, True]


def test_whoever_knows_better_says_how_much_is_loaded(tmp_path: Path) -> None:
    assert json.loads(printed(run(tmp_path, notebook("plot = 1", LOADED), load=Load.TEXT))) == [False, False, False]


def test_charts_and_frames_are_the_same_wherever_they_were_imported(tmp_path: Path) -> None:
    made = []
    for load in Load:
        engine.shut_down()
        launcher.zygote(load)
        cells = run(tmp_path, notebook(*CHART)).cells
        made.append([[dict(output) for output in cell.outputs] for cell in cells])
    assert all(each == made[0] for each in made)
    assert "image/png" in made[0][0][0]["data"]


def test_sums_are_the_same_to_the_last_digit_whatever_was_loaded(tmp_path: Path) -> None:
    source = (
        "import hashlib, numpy\nrows = numpy.random.RandomState(0).rand(400, 400)\n"
        "print(hashlib.sha256(numpy.linalg.inv(rows @ rows.T).tobytes()).hexdigest())"
    )
    found = []
    for load in Load:
        engine.shut_down()
        launcher.zygote(load)
        found.append(printed(run(tmp_path, notebook(source))))
    assert found[0] == found[1] == found[2]


def test_a_light_process_that_is_idle_goes_when_a_full_one_is_there() -> None:
    light = launcher.zygote(Load.TEXT)
    with NotebookProcess(light, output_limit=1 << 20, memory_limit=None, start_timeout=60) as busy:
        full = launcher.zygote(Load.ALL)
        assert light.alive
        busy.send("1", go_on=False)
        assert busy.wait(lambda *_: None, lambda _: None)["status"] == "ok"
    assert launcher.zygote(Load.ALL) is full
    assert not light.alive


def test_a_process_that_is_being_forked_keeps_its_light_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    light = launcher.zygote(Load.TEXT)
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
        launcher.zygote(Load.ALL)
        asked.set()

    other = threading.Thread(target=ask)
    other.start()
    with NotebookProcess(light, output_limit=1 << 20, memory_limit=None, start_timeout=60) as process:
        other.join()
        process.send("1", go_on=False)
        assert process.wait(lambda *_: None, lambda _: None)["status"] == "ok"


def test_who_warms_up_is_told_whether_there_is_time_for_something_else() -> None:
    assert engine.warm_up(Load.TEXT)() is True
    assert engine.warm_up(Load.CHARTS)() is True
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIANBAO_ENGINE", "kernel")
        assert engine.warm_up(Load.TEXT)() is True


def test_a_process_that_is_still_loading_when_nobody_needs_it_any_more_is_ended_at_once() -> None:
    started = launcher.zygote(Load.ALL)
    engine.shut_down()
    assert started._process is not None
    assert started._process.returncode == -signal.SIGKILL


def test_what_is_put_off_is_there_when_it_is_asked_for(tmp_path: Path) -> None:
    source = "import matplotlib.pyplot, fontTools.agl\nprint(fontTools.agl.toUnicode('A'))"
    assert printed(run(tmp_path, notebook(source))) == "A\n"


def test_docstrings_are_as_in_an_ordinary_process(tmp_path: Path) -> None:
    look = (
        "import hashlib, inspect\nfrom matplotlib.artist import Artist\nimport matplotlib.pyplot\n"
        "kinds = [Artist]\nfor kind in kinds:\n    kinds += kind.__subclasses__()\n"
        "seen = sorted({(kind.__module__, kind.__qualname__, kind.set.__doc__) for kind in kinds if 'nianbao' not in "
        "kind.__module__})\nprint(len(seen), hashlib.sha256(repr(seen).encode()).hexdigest(), inspect.cleandoc.__name__)"
    )
    ours = printed(run(tmp_path, notebook(look)))
    assert int(ours.split()[0]) > 50
    plain = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
    assert ours == plain
