from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import pytest

from nianbao import batch
from nianbao.batch import run_batch
from nianbao.batch.outcomes import (
    Done,
    Ended,
    Event,
    Finished,
    Result,
    Started,
    Stepped,
    StepRun,
    TaskOutcome,
    WorkersLostError,
    exit_code,
)
from nianbao.batch.tasks import Checked, Job
from nianbao.errors import ExitCode
from nianbao.model import ReportKey
from nianbao.pipeline import Options
from nianbao.pipeline.checking import Outcome

KEYS = [ReportKey(f"office{number}", 2023) for number in range(5)]


class FakeWorkers:
    """Calls tasks here, the last one given first, but checks only after ``patience`` others."""

    def __init__(self, patience: int = 0) -> None:
        self.size, self.patience = 2, patience
        self.given: list[tuple[Any, Callable[..., Any], tuple[Any, ...]]] = []
        self.closed: list[bool] = []

    @property
    def free(self) -> int:
        return self.size - len(self.given)

    def submit(self, ticket: Hashable, function: Callable[..., Any], *arguments: Any) -> None:
        self.given.append((ticket, function, arguments))

    def wait(self) -> list[Done]:
        checks = [task for task in self.given if task[0][0] == "check"]
        others = [task for task in self.given if task not in checks]
        task = others[-1] if others and (self.patience > 0 or not checks) else checks[-1]
        self.patience -= 1
        self.given.remove(task)
        ticket, function, arguments = task
        try:
            return [Done(ticket, function(*arguments))]
        except OSError as error:
            return [Done(ticket, None, str(error))]

    def close(self, *, at_once: bool = False) -> None:
        self.closed.append(at_once)


class Fakes:
    """Stands in for the tasks; remembers what was called."""

    def __init__(self, results: dict[ReportKey, Result] | None = None) -> None:
        self.results = results or {}
        self.calls: list[tuple[str, ReportKey]] = []

    def check_reports(self, _job: Job, keys: Sequence[ReportKey]) -> list[Checked]:
        return [Checked(key, Outcome(key, blocked=False, texts={}, findings={}, page="")) for key in keys]

    def run_ahead(self, _job: Job, key: ReportKey) -> tuple[StepRun, ...]:
        self.calls.append(("ahead", key))
        return (StepRun("section 01_overview", ("first run",), 1.0),)

    def make_one(self, _job: Job, known: Checked) -> TaskOutcome:
        self.calls.append(("make", known.key))
        return TaskOutcome(known.key, self.results.get(known.key, Result.MADE), 0.5)


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> Fakes:
    fakes = Fakes()
    for name in ("check_reports", "run_ahead", "make_one"):
        monkeypatch.setattr(batch, name, getattr(fakes, name))
    return fakes


def test_there_is_one_outcome_for_each_report_in_their_order(fakes: Fakes) -> None:
    outcomes = run_batch(Job("."), KEYS, FakeWorkers(), lambda _: None)
    assert [outcome.key for outcome in outcomes] == KEYS
    assert {outcome.result for outcome in outcomes} == {Result.MADE}


def test_one_failing_report_never_stops_the_others(fakes: Fakes) -> None:
    fakes.results = {KEYS[0]: Result.FAULT, KEYS[2]: Result.BLOCKED}
    outcomes = run_batch(Job("."), KEYS, FakeWorkers(), lambda _: None)
    assert [outcome.result.value for outcome in outcomes] == ["fault", "made", "blocked", "made", "made"]


def test_failing_fast_begins_nothing_new_after_the_first_failure(fakes: Fakes) -> None:
    fakes.results = dict.fromkeys(KEYS, Result.NOTEBOOK)
    outcomes = run_batch(Job("."), KEYS, FakeWorkers(), lambda _: None, fail_fast=True)
    results = [outcome.result for outcome in outcomes]
    assert 1 <= results.count(Result.NOTEBOOK) <= 2  # the first, and what was running beside it
    assert set(results) == {Result.NOTEBOOK, Result.NOT_RUN}


def test_sections_run_ahead_while_the_checks_are_not_known(fakes: Fakes) -> None:
    events: list[Event] = []
    outcomes = run_batch(Job("."), KEYS, FakeWorkers(patience=3), events.append)
    ahead = [key for kind, key in fakes.calls if kind == "ahead"]
    assert len(ahead) >= 3
    made = next(outcome for outcome in outcomes if outcome.key == ahead[0])
    assert (made.seconds, [step.name for step in made.steps]) == (1.5, ["section 01_overview"])
    assert any(isinstance(event, Stepped) and event.key == ahead[0] for event in events)


def test_without_a_store_nothing_runs_ahead(fakes: Fakes) -> None:
    run_batch(Job(".", Options(store=False)), KEYS, FakeWorkers(patience=3), lambda _: None)
    assert {kind for kind, _ in fakes.calls} == {"make"}


def test_each_report_starts_once_and_finishes_once(fakes: Fakes) -> None:
    events: list[Event] = []
    run_batch(Job("."), KEYS, FakeWorkers(patience=2), events.append)
    started = [event.key for event in events if isinstance(event, Started)]
    finished = [event.outcome.key for event in events if isinstance(event, Finished)]
    assert sorted(map(str, started)) == sorted(map(str, finished)) == sorted(map(str, KEYS))


def test_an_interrupt_ends_the_workers_and_tells_what_was_done(fakes: Fakes, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[Event] = []
    workers = FakeWorkers()

    def stop(event: Event) -> None:
        events.append(event)
        if isinstance(event, Finished):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(Job("."), KEYS, workers, stop)
    assert workers.closed == [True]
    assert isinstance(events[-1], Ended)
    assert [outcome.result for outcome in events[-1].outcomes].count(Result.NOT_RUN) == 4


def test_many_reports_are_checked_in_several_chunks(fakes: Fakes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 2)
    sizes: list[int] = []
    monkeypatch.setattr(
        batch, "check_reports", lambda job, keys: sizes.append(len(keys)) or fakes.check_reports(job, keys)
    )
    outcomes = run_batch(Job("."), KEYS, FakeWorkers(), lambda _: None)
    assert sizes == [2, 2, 1]
    assert len(outcomes) == 5


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([Result.MADE, Result.UNCHANGED, Result.DRAFT], ExitCode.DONE),
        ([Result.MADE, Result.BLOCKED], ExitCode.FINDINGS),
        ([Result.BLOCKED, Result.NOTEBOOK], ExitCode.NOTEBOOK),
        ([Result.FAULT, Result.NOTEBOOK, Result.BLOCKED], ExitCode.FAULT),
        ([], ExitCode.DONE),
    ],
)
def test_the_exit_code_is_the_worst_outcomes(results: list[Result], code: ExitCode) -> None:
    assert exit_code([TaskOutcome(KEYS[0], result) for result in results]) is code


def test_checks_that_die_with_their_worker_are_halved_until_the_guilty_one_is_found(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def check_reports(job: Job, keys: Sequence[ReportKey]) -> list[Checked]:
        asked.append(len(keys))
        if KEYS[3] in keys:
            raise OSError("the process of the checks died")
        return fakes.check_reports(job, keys)

    monkeypatch.setattr(batch, "check_reports", check_reports)
    monkeypatch.setattr(batch, "make_one", lambda job, known: known.failure or fakes.make_one(job, known))
    outcomes = run_batch(Job("."), KEYS, FakeWorkers(), lambda _: None)
    assert [outcome.result.value for outcome in outcomes] == ["made", "made", "made", "fault", "made"]
    assert outcomes[3].message == "the process of the checks died"
    assert asked == [5, 2, 3, 1, 2, 1, 1]


@pytest.mark.usefixtures("fakes")
def test_when_the_workers_are_lost_every_report_is_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    class LostWorkers(FakeWorkers):
        def wait(self) -> list[Done]:
            if self.patience == 0:
                raise WorkersLostError("lost: its scheduler has gone", where="tcp://there:1")
            return super().wait()

    events: list[Event] = []
    outcomes = run_batch(Job("."), KEYS, LostWorkers(patience=3), events.append)
    assert {outcome.result for outcome in outcomes} == {Result.FAULT, Result.NOT_RUN}
    assert {outcome.message for outcome in outcomes} == {"", "tcp://there:1: lost: its scheduler has gone"}
    assert isinstance(events[-1], Ended)
    assert exit_code(outcomes) is ExitCode.FAULT
