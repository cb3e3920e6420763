"""Owns the first guess of a command, before it has imported anything: whether a process for notebooks will be wanted.

May import: paths, runs.engine. What the process must load in any case takes it longer than the command takes to
find out the rest (``runs.forecast``); a guess that was wrong costs a process that is killed.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from nianbao.paths import Project, find_project
from nianbao.runs.engine import warm_up


def head_start(start: Path, office: str) -> None:
    """Start the preloaded process if a notebook for ``office`` was edited since the last run; returns at once.

    ``start`` is the project's folder or one inside it. Whatever is wrong there, whoever makes the report will say so.
    """
    with suppress(Exception):
        project = find_project(start)
        if edited(project, project.notebooks_of(office)):
            warm_up(None)


def edited(project: Project, notebooks: Iterable[Path]) -> list[Path]:
    """Those of the notebooks that were edited since the last run in the project; all of them if none ran yet."""
    if not project.run_log.exists():
        return [*notebooks]
    last = project.run_log.stat().st_mtime_ns
    return [path for path in notebooks if path.is_file() and path.stat().st_mtime_ns > last]
