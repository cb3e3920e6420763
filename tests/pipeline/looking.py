"""One report's steps with stand-ins for what comes before them, for the tests of single steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nianbao.export.document import Document
from nianbao.model import Options, ReportKey
from nianbao.paths import Project
from nianbao.pipeline.graph import Memory, RunLog, Step, run
from nianbao.pipeline.snapshot import Snapshot
from nianbao.pipeline.steps import Work, report_steps
from nianbao.store import Store
from pipeline import sabotage

KEY = ReportKey("shili", 2023)


def steps_of(project: Project, options: Options) -> tuple[dict[str, Step], Snapshot]:
    """The steps of the report by name."""
    snapshot = Snapshot(project, KEY)
    work = Work(project, KEY, options, snapshot, sabotage.Checked())
    return {step.name: step for step in report_steps(work, gate_first=True)}, snapshot


def values_of(
    folder: Path, options: Options, document: Document, tell: Callable[[str, tuple[str, ...]], None], *names: str
) -> dict[str, Any]:
    """What the steps called ``names`` make of that document, with a store in the folder."""
    steps, snapshot = steps_of(Project(folder), options)
    wanted = [Step("document", lambda: document), *(steps[name] for name in names)]
    memory = Memory(Store(folder / "store"), KEY, options.variant, snapshot)
    return run(wanted, memory, {}, tell, RunLog(KEY))
