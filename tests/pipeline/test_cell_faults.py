"""Cells that kill, block, fork or flood: the last report stays whole, the message says what happened, evidence is kept."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

import nianbao.export
from nianbao.errors import NotebookError
from nianbao.form import SECTIONS
from nianbao.paths import Project
from nianbao.pipeline import make_report
from nianbao.runs import run
from pipeline.sabotage import KEY, OPTIONS, Checked, fake_export, state

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="limits are kept by the engine that forks"),
]

SECTION = SECTIONS[4]
GIGABYTE = "line = 'x' * (1 << 20)\nfor _ in range(1024):\n    print(line)"
HUNGRY = "kept = []\nwhile True:\n    kept.append(bytearray(1 << 28))"


def make(project: Project) -> None:
    make_report(project, KEY, OPTIONS, Checked(), lambda _step, _why: None)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nianbao.export, "export", fake_export)


@pytest.fixture(scope="module")
def made(stored_for: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose report has been made, by real runs of its notebooks."""
    project = stored_for(tmp_path_factory.mktemp("made") / "年报 项目")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(nianbao.export, "export", fake_export)
        make(project)
    return project


@pytest.fixture
def project(made: Project, tmp_path: Path) -> Project:
    shutil.copytree(made.root, tmp_path / "年报")
    return Project(tmp_path / "年报")


@pytest.fixture
def cell(project: Project) -> Iterator[Any]:
    """Puts a source into the last cell of a section's notebook."""
    path = project.notebook(KEY.office, SECTION)
    original = path.read_bytes()

    def put(source: str) -> None:
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[-1].source = source
        nbformat.write(notebook, path)

    yield put
    # However it ended: with the notebook mended, the next run needs no help.
    path.write_bytes(original)
    make(project)
    assert state(project.root)["whole"]
    assert state(project.root)["beside"] == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os\nos._exit(3)", "died"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "died"),
        ("while True:\n    pass", "ran for more than"),
        (GIGABYTE, "OutputLimitError"),
        (HUNGRY, "MemoryError"),
        ("raise SystemExit('done')", "SystemExit"),
    ],
    ids=["exits at once", "kills itself", "loops for ever", "prints a gigabyte", "fills memory", "leaves"],
)
def test_a_cell_that_goes_astray_is_named_and_leaves_the_last_report_and_evidence(
    project: Project, cell: Any, monkeypatch: pytest.MonkeyPatch, source: str, words: str
) -> None:
    before = state(project.root)
    monkeypatch.setattr(run, "CELL_TIMEOUT", 5 if words == "ran for more than" else 60)
    monkeypatch.setattr(run, "MEMORY_LIMIT", 2 << 30)
    cell(source)
    with pytest.raises(NotebookError) as caught:
        make(project)
    said = str(caught.value)
    assert words in said
    assert f"notebooks/{SECTION.stem}.ipynb" in said
    evidence = project.evidence_of(KEY) / f"{SECTION.stem}.ipynb"
    assert project.relative(evidence) in said
    assert evidence.stat().st_size < 100_000_000
    kept = nbformat.read(evidence, as_version=4)
    # The cells that ran before it still show what they displayed.
    assert any(output for entry in kept.cells for output in entry.get("outputs", ()) if "data" in output)
    assert state(project.root) == before
    assert before["whole"]


def test_a_cell_that_forks_leaves_no_process_behind(project: Project, cell: Any) -> None:
    cell(
        "import os, time\nif not os.fork():\n    while True:\n        time.sleep(0.05)\n        open('alive', 'w').close()"
    )
    make(project)
    assert state(project.root)["whole"]
    alive = project.root / "alive"
    alive.unlink(missing_ok=True)
    time.sleep(0.5)
    assert not alive.exists()
