"""Owns the log of runs: what each run did, why, and how long it took. Times live here and in no report.

May import: errors, model, paths.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from nianbao.errors import ExitCode, NianbaoError
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.store.disk import file_mode, make_folder

# Above this the log is set aside as runs.old.jsonl, in the place of the one that was set aside before.
LIMIT = 8 * 1024**2
_REASONS_SHOWN = 20


@dataclass
class RunLog:
    """One run's line while the run lasts."""

    key: ReportKey
    steps: list[dict[str, Any]] = field(default_factory=list)

    def step(self, name: str, seconds: float, why: tuple[str, ...]) -> None:
        """A step that ended: how long it took, and why it ran (nothing where the stored result still held)."""
        self.steps.append({"step": name, "seconds": round(seconds, 3), "why": list(why[:_REASONS_SHOWN])})

    @contextmanager
    def timed(self, name: str, why: tuple[str, ...]) -> Iterator[None]:
        """The step that the block holds."""
        began = perf_counter()
        try:
            yield
        finally:
            self.step(name, perf_counter() - began, why)


@contextmanager
def logged(project: Project, key: ReportKey) -> Iterator[RunLog]:
    """The log of the run that the block holds; its line is written at the end, whatever the end is."""
    log = RunLog(key)
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
    began = perf_counter()
    ending: dict[str, Any] = {"outcome": "done"}
    try:
        yield log
    except NianbaoError as error:
        ending = {"outcome": error.exit_code.name.lower(), "message": str(error).splitlines()[0]}
        raise
    except BaseException as error:
        name = "stopped" if isinstance(error, KeyboardInterrupt) else ExitCode.FAULT.name.lower()
        ending = {"outcome": name, "message": type(error).__name__}
        raise
    finally:
        line = {"began": now, "office": key.office, "year": key.year, **ending}
        line |= {"seconds": round(perf_counter() - began, 3), "steps": log.steps}
        # A log that cannot be written stops no report.
        with contextlib.suppress(OSError):
            _append(project.run_log, line)


def _append(path: Path, line: dict[str, Any]) -> None:
    content = (json.dumps(line, ensure_ascii=False) + "\n").encode()
    make_folder(path.parent)
    if path.exists() and path.stat().st_size + len(content) > LIMIT:
        path.replace(path.with_name("runs.old.jsonl"))
    # One write to a file opened for appending: lines of runs that end at the same time don't mix.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, file_mode(path.parent))
    try:
        os.write(handle, content)
    finally:
        os.close(handle)
