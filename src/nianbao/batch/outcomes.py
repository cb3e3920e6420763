"""What comes of a task, and what a batch tells while it goes: one outcome for each report, events, their JSON.

All of it can be pickled.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nianbao.errors import ExitCode, NianbaoError
from nianbao.errors.language import Message
from nianbao.model import ReportKey


class Result(StrEnum):
    """How one report ended; what is wrong with inputs, with a notebook and with us is kept apart."""

    MADE = "made"
    UNCHANGED = "unchanged"
    DRAFT = "draft"
    BLOCKED = "blocked"  # by findings, or by inputs that cannot be read or set: wrong input
    NOTEBOOK = "notebook"  # a section's notebook raised, or its process died
    FAULT = "fault"  # ours
    NOT_RUN = "not run"  # the batch was stopped before

    @classmethod
    def of(cls, error: BaseException) -> Result:
        """The result of a report that ended with this error."""
        if not isinstance(error, NianbaoError):
            return cls.FAULT
        return {ExitCode.FAULT: cls.FAULT, ExitCode.NOTEBOOK: cls.NOTEBOOK}.get(error.exit_code, cls.BLOCKED)

    @property
    def failed(self) -> bool:
        """Whether no report came of it although one was tried."""
        return self in {Result.BLOCKED, Result.NOTEBOOK, Result.FAULT}

    @property
    def exit_code(self) -> ExitCode:
        """What it says to the shell."""
        return _EXIT_CODES.get(self, ExitCode.DONE)

    @property
    def words(self) -> Message:
        """The result in the table at the end."""
        return _WORDS[self]


_EXIT_CODES = {
    Result.BLOCKED: ExitCode.FINDINGS,
    Result.NOTEBOOK: ExitCode.NOTEBOOK,
    Result.FAULT: ExitCode.FAULT,
}
_WORDS = {
    Result.MADE: Message("made"),
    Result.UNCHANGED: Message("unchanged"),
    Result.DRAFT: Message("made as drafts"),
    Result.BLOCKED: Message("wrong input (findings block the report)"),
    Result.NOTEBOOK: Message("a notebook raised"),
    Result.FAULT: Message("a fault of ours"),
    Result.NOT_RUN: Message("not run"),
}


@dataclass(frozen=True, slots=True)
class StepRun:
    """A step that ran: its name, why, and how long it took in seconds (0 where another process timed it)."""

    name: str
    reasons: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """What came of one report: ``seconds`` of work, the steps that ran, and for a failure message and evidence.

    ``evidence`` is the place of what a failed run left, relative to the project. ``attempts`` counts the workers
    that were given the task: more than one where a worker died over it.
    """

    key: ReportKey
    result: Result
    seconds: float = 0.0
    steps: tuple[StepRun, ...] = ()
    message: str = ""
    evidence: str = ""
    attempts: int = 1

    def __repr__(self) -> str:
        return f"TaskOutcome({self.key}: {self.result.value})"


def exit_code(outcomes: Iterable[TaskOutcome]) -> ExitCode:
    """The worst of the outcomes: our fault over a notebook's over findings."""
    return max((outcome.result.exit_code for outcome in outcomes), default=ExitCode.DONE)


@dataclass(frozen=True)
class Done:
    """A task that has ended: its value, or the words for why there is none; ``attempts`` counts the tries."""

    ticket: Any
    value: Any = None
    lost: str = ""
    attempts: int = 1


class WorkersLostError(NianbaoError):
    """The scheduler or all its workers have gone, and with them the tasks that they were given."""


@dataclass(frozen=True)
class Begun:
    """The batch begins: so many reports, so many workers."""

    reports: int
    workers: int


@dataclass(frozen=True)
class Started:
    """A worker was given a report."""

    key: ReportKey


@dataclass(frozen=True)
class Stepped:
    """A step of a report ran."""

    key: ReportKey
    step: StepRun


@dataclass(frozen=True)
class Finished:
    """A report ended, in whatever way; ``done`` reports of ``total`` have."""

    outcome: TaskOutcome
    done: int
    total: int


@dataclass(frozen=True)
class Ended:
    """The batch ended after so many seconds."""

    outcomes: tuple[TaskOutcome, ...]
    seconds: float


Event = Begun | Started | Stepped | Finished | Ended
Listen = Callable[[Event], None]


def as_json(event: Event) -> str:
    """The event as one line of JSON."""
    return json.dumps(_fields(event), ensure_ascii=False)


def _fields(event: Event) -> dict[str, object]:
    match event:
        case Begun(reports, workers):
            return {"event": "begin", "reports": reports, "workers": workers}
        case Started(key):
            return {"event": "start", **_key(key)}
        case Stepped(key, step):
            seconds = round(step.seconds, 3)
            return {"event": "step", **_key(key), "step": step.name, "reasons": list(step.reasons), "seconds": seconds}
        case Finished(outcome):
            return {
                "event": "outcome",
                **_key(outcome.key),
                "result": outcome.result.value,
                "seconds": round(outcome.seconds, 3),
                "attempts": outcome.attempts,
                **({"message": outcome.message} if outcome.message else {}),
                **({"evidence": outcome.evidence} if outcome.evidence else {}),
            }
        case Ended(outcomes, seconds):
            return {
                "event": "end",
                "results": counts(outcomes),
                "exit_code": int(exit_code(outcomes)),
                "seconds": round(seconds, 3),
            }


def counts(outcomes: Sequence[TaskOutcome]) -> dict[str, int]:
    """How many reports ended in which way; the ways that occurred, in the order of the table at the end."""
    found = {result: sum(outcome.result is result for outcome in outcomes) for result in Result}
    return {result.value: count for result, count in found.items() if count}


def _key(key: ReportKey) -> dict[str, object]:
    return {"office": key.office, "year": key.year}
