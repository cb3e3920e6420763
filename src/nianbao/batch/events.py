"""Owns what a batch tells while it goes: a few kinds of events, and their JSON, one line each.

May import: model, batch.outcomes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nianbao.batch.outcomes import Result, StepRun, TaskOutcome, exit_code
from nianbao.model import ReportKey


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
