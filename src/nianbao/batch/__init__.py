"""Makes many reports on Dask's workers: which reports, and one outcome each.

May import: everything below it. Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.batch.mirror import listed, opened
from nianbao.batch.outcomes import Result, StepRun, TaskOutcome, exit_code
from nianbao.batch.run import run_batch
from nianbao.batch.tasks import Job, StepClock, software
from nianbao.model import ReportKey
from nianbao.paths import select
from nianbao.pipeline import PlannedStep, planned_steps

if TYPE_CHECKING:
    from nianbao.batch.crew import Crew

__all__ = [
    "Job",
    "PlannedReport",
    "Result",
    "StepClock",
    "StepRun",
    "TaskOutcome",
    "cores",
    "exit_code",
    "listed",
    "new_crew",
    "plan",
    "run_batch",
    "select",
    "software",
]


LOCAL = "local"  # in place of a scheduler's address: a cluster of this machine, which is also the default


@dataclass(frozen=True)
class PlannedReport:
    """A report that would be made, and the steps that would run, each with its reasons; none where it stands."""

    key: ReportKey
    steps: tuple[PlannedStep, ...]


def plan(job: Job, keys: Sequence[ReportKey]) -> tuple[PlannedReport, ...]:
    """What would run, and why; nothing is run and nothing heavy imported."""
    planned = []
    for key in keys:
        with opened(job.place, [key], job.outputs, reports=True) as project:
            planned.append(PlannedReport(key, planned_steps(project, key, job.options)))
    return tuple(planned)


def cores() -> int:
    """How many processes this machine, or what we may use of it, runs at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def new_crew(jobs: int, scheduler: str | None = None) -> Crew:
    """``jobs`` Dask workers of this machine; with ``scheduler`` (an address) those that are there.

    Raises NianbaoError where there are none.
    """
    from nianbao.batch.crew import Crew

    return Crew(jobs, None if scheduler in {None, LOCAL} else scheduler)
