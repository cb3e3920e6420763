"""What comes of a task: one outcome for each report, picklable; the exit code of them all; what a worker answers.

May import: errors, model.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nianbao.errors import ExitCode, NianbaoError
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

    @property
    def failed(self) -> bool:
        """Whether no report came of it although one was tried."""
        return self in {Result.BLOCKED, Result.NOTEBOOK, Result.FAULT}

    @property
    def exit_code(self) -> ExitCode:
        """What it says to the shell."""
        return _EXIT_CODES.get(self, ExitCode.DONE)

    @property
    def words(self) -> str:
        """The result in the table at the end."""
        return _WORDS[self]


_EXIT_CODES = {
    Result.BLOCKED: ExitCode.FINDINGS,
    Result.NOTEBOOK: ExitCode.NOTEBOOK,
    Result.FAULT: ExitCode.FAULT,
}
_WORDS = {
    Result.MADE: "made",
    Result.UNCHANGED: "unchanged",
    Result.DRAFT: "made as drafts",
    Result.BLOCKED: "wrong input (findings block the report)",
    Result.NOTEBOOK: "a notebook raised",
    Result.FAULT: "a fault of ours",
    Result.NOT_RUN: "not run",
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


class CrewLostError(NianbaoError):
    """The scheduler or all its workers have gone, and with them the tasks that they were given."""
