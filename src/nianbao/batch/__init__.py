"""Owns many reports: which, on which workers, one outcome each. Local processes, or Dask.

May import: everything below it. Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.batch.crew import Crew
from nianbao.batch.local import LocalCrew, cores
from nianbao.batch.mirror import listed, opened
from nianbao.batch.outcomes import Result, StepRun, TaskOutcome, exit_code
from nianbao.batch.run import run_batch
from nianbao.batch.selection import select
from nianbao.batch.tasks import Job, software
from nianbao.model import ReportKey
from nianbao.pipeline.planned import PlannedStep, planned_steps

__all__ = [
    "Job",
    "PlannedReport",
    "Result",
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


@dataclass(frozen=True)
class PlannedReport:
    """A report that would be made, and the steps that would run, each with its reasons; none where it stands."""

    key: ReportKey
    steps: tuple[PlannedStep, ...]


def plan(job: Job, keys: Sequence[ReportKey]) -> tuple[PlannedReport, ...]:
    """What would run, and why; nothing is run and nothing heavy imported."""
    planned = []
    for key in keys:
        with opened(job.place, [key], reports=True) as project:
            planned.append(PlannedReport(key, planned_steps(project, key, job.options)))
    return tuple(planned)


def new_crew(jobs: int, scheduler: str | None = None) -> Crew:
    """``jobs`` processes of this machine; with ``scheduler`` the Dask workers there, or "local" ones started here.

    Raises NianbaoError where there are none.
    """
    if scheduler is None:
        return LocalCrew(jobs)
    from nianbao.batch.cluster import DaskCrew

    return DaskCrew(scheduler, jobs)
