"""Makes many reports on Dask's workers: which reports, which task comes next, and one outcome each.

Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.batch.mirror import listed, opened
from nianbao.batch.outcomes import (
    Begun,
    Done,
    Ended,
    Finished,
    Listen,
    Result,
    Started,
    Stepped,
    StepRun,
    TaskOutcome,
    WorkersLostError,
    exit_code,
)
from nianbao.batch.tasks import Checked, Job, StepClock, check_reports, make_one, run_ahead, software, tidy_store
from nianbao.model import ReportKey
from nianbao.paths import select
from nianbao.pipeline import PlannedStep, planned_steps

if TYPE_CHECKING:
    from nianbao.batch.workers import Workers

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
    "new_workers",
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


def new_workers(jobs: int, scheduler: str | None = None) -> Workers:
    """``jobs`` Dask workers of this machine; with ``scheduler`` (an address) those that are there.

    Raises NianbaoError where there are none.
    """
    from nianbao.batch.workers import Workers

    return Workers(jobs, None if scheduler in {None, LOCAL} else scheduler)


# So many reports are checked at once, a quarter of a minute's work.
CHUNK = 1000
# The next ones are checked when so few are left to be made.
_LOW = 100


def run_batch(
    job: Job, keys: Sequence[ReportKey], workers: Workers, listen: Listen, *, fail_fast: bool = False
) -> tuple[TaskOutcome, ...]:
    """Make these reports; one outcome each, in the order of ``keys``.

    Great Expectations takes seconds to import. So the checks are one task for many reports, and workers that would wait
    for it run sections meanwhile; the store hands these to the report's own task. Checks that fail as a whole are
    given again in halves, until the one is found that they fail for.
    With ``fail_fast`` nothing new is begun after the first failure.

    On KeyboardInterrupt the workers are ended; the outcomes so far are told (``Ended``) before it goes on.
    """
    run = _Run(job, keys, workers, listen, fail_fast=fail_fast)
    start = time.perf_counter()
    listen(Begun(len(keys), workers.size))
    try:
        run.to_the_end()
    except BaseException:
        workers.close(at_once=True)
        listen(Ended(run.result(), time.perf_counter() - start))
        raise
    workers.close()
    if any(outcome.steps for outcome in run.result()):
        tidy_store(job)
    listen(Ended(run.result(), time.perf_counter() - start))
    return run.result()


class _Run:
    """The state of a batch: reports wait to be checked, then to be made; those with sections run ahead go first."""

    def __init__(
        self, job: Job, keys: Sequence[ReportKey], workers: Workers, listen: Listen, *, fail_fast: bool
    ) -> None:
        self._job, self._keys, self._workers, self._listen, self._fail_fast = (
            job,
            list(keys),
            workers,
            listen,
            fail_fast,
        )
        chunks = [tuple(keys[start : start + CHUNK]) for start in range(0, len(keys), CHUNK)]
        self._unchecked = deque(chunks)
        self._checking = False
        self._waiting = dict.fromkeys(keys)
        self._known: dict[ReportKey, Checked] = {}
        self._ahead: dict[ReportKey, tuple[StepRun, ...] | None] = {}
        self._begun: set[ReportKey] = set()
        self._outcomes: dict[ReportKey, TaskOutcome] = {}
        self._running = 0
        self._stopping = False

    def to_the_end(self) -> None:
        """Give tasks and take their ends until nothing is left."""
        try:
            self._give()
            while self._running:
                for done in self._workers.wait():
                    self._running -= 1
                    self._end(done)
                self._give()
        except WorkersLostError as error:
            for key in self._begun - self._outcomes.keys():
                self._finish(TaskOutcome(key, Result.FAULT, message=str(error)))

    def result(self) -> tuple[TaskOutcome, ...]:
        """The outcomes so far, in order; what was not made is there as not run."""
        return tuple(self._outcomes.get(key) or TaskOutcome(key, Result.NOT_RUN) for key in self._keys)

    def _give(self) -> None:
        if self._stopping:
            return
        if self._unchecked and not self._checking and len(self._known) < _LOW:
            chunk = self._unchecked.popleft()
            self._checking = True
            self._hand("check", chunk, check_reports, self._job, chunk)
        while self._workers.free > 0 and (key := self._next_to_make() or self._next_ahead()):
            if key not in self._begun:
                self._begun.add(key)
                self._listen(Started(key))
            if key in self._known:
                del self._waiting[key]
                self._hand("make", key, make_one, self._job, self._known.pop(key))
            else:
                self._ahead[key] = None
                self._hand("ahead", key, run_ahead, self._job, key)

    def _hand(self, kind: str, what: object, function: Callable[..., object], *arguments: object) -> None:
        self._running += 1
        self._workers.submit((kind, what), function, *arguments)

    def _next_to_make(self) -> ReportKey | None:
        return next((key for key in self._known if self._ahead.get(key, ()) is not None), None)

    def _next_ahead(self) -> ReportKey | None:
        if not self._job.options.store:
            return None  # nobody would hand the sections on
        return next((key for key in self._waiting if key not in self._known and key not in self._ahead), None)

    def _end(self, done: Done) -> None:
        kind, what = done.ticket
        if kind == "check":
            self._checking = False
            if done.value is None and len(what) > 1:
                half = len(what) // 2
                self._unchecked.extendleft([what[half:], what[:half]])
                return
            found = done.value or [Checked(what[0], failure=_lost(what[0], done))]
            self._known.update((checked.key, checked) for checked in found)
        elif kind == "ahead":
            self._ahead[what] = done.value or ()
            for step in self._ahead[what] or ():
                self._listen(Stepped(what, step))
        else:
            self._finish(done.value or _lost(what, done), done.attempts)

    def _finish(self, outcome: TaskOutcome, attempts: int = 1) -> None:
        for step in outcome.steps:
            self._listen(Stepped(outcome.key, step))
        ahead = self._ahead.pop(outcome.key, None) or ()
        whole = replace(
            outcome,
            steps=(*ahead, *outcome.steps),
            seconds=outcome.seconds + sum(step.seconds for step in ahead),
            attempts=attempts,
        )
        self._outcomes[whole.key] = whole
        self._listen(Finished(whole, len(self._outcomes), len(self._keys)))
        if self._fail_fast and whole.result.failed:
            self._stopping = True


def _lost(key: ReportKey, done: Done) -> TaskOutcome:
    return TaskOutcome(key, Result.FAULT, message=done.lost or "the worker gave no answer", attempts=done.attempts)
