"""Steps as a graph, and its readers: ``run`` makes what does not hold any more, ``look_ahead`` says what that would be.

May import: model, paths, store, and the log and the snapshot of pipeline. Knows no step of a report: these are declared
in ``pipeline.steps``. Resuming is no reader of its own: both ask the store first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nianbao.model import ReportKey
from nianbao.pipeline.runlog import RunLog
from nianbao.pipeline.snapshot import Snapshot
from nianbao.store import Parts, Recalled, StepKey, Store

# Told of each step: its name, and why it ran (nothing where the stored result still held).
Tell = Callable[[str, tuple[str, ...]], None]


def _none_read(_value: Any) -> Parts:
    return {}


@dataclass(frozen=True)
class Kept:
    """How a step's value is kept: ``parts`` names what it depends on, ``pack`` and ``unpack`` turn it into bytes.

    ``parts`` takes what the step takes; None from it means that the value cannot be kept this time. ``reads`` names the
    files that were read on the way, which ``unpack`` gets again. ``shared``: one value for all variants of the report.
    """

    parts: Callable[..., Parts | None]
    pack: Callable[[Any], bytes]
    unpack: Callable[[bytes, Parts], Any]
    reads: Callable[[Any], Parts] = _none_read
    shared: bool = False


@dataclass(frozen=True)
class Step:
    """One step: its name, the function that makes its value, and the steps whose values that takes, in order.

    Without ``kept`` it is made each time. ``pending`` says why it would have to run, for a step whose work is not a
    value but what it leaves behind.
    """

    name: str
    make: Callable[..., Any]
    needs: tuple[str, ...] = ()
    kept: Kept | None = None
    pending: Callable[..., tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step that would run, and why."""

    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A step's value that is known before the run, and why it was made (nothing where it came from the store)."""

    value: Any
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Memory:
    """What is known of one report's steps: the store (None: nothing), the variant, the state of the inputs."""

    store: Store | None
    key: ReportKey
    variant: str
    snapshot: Snapshot

    def recall(self, step: Step, taken: Sequence[Any]) -> Recalled:
        """The step's packed value if it still holds, else why the step must run (nothing where it always does)."""
        parts = self._parts(step, taken)
        if parts is None:
            return Recalled(None)
        if self.store is None:
            return Recalled(None, ("no store",))
        return self.store.recall(self._slot(step), parts, self.snapshot.digest)

    def keep(self, step: Step, taken: Sequence[Any], value: Any) -> Any:
        """Keep the value that was made of what the step took. It is returned as it will be recalled."""
        if step.kept is None:
            return value
        content, reads, parts = step.kept.pack(value), step.kept.reads(value), self._parts(step, taken)
        if self.store and parts is not None:
            self.store.keep(self._slot(step), parts, content, reads)
        return step.kept.unpack(content, reads)

    def _parts(self, step: Step, taken: Sequence[Any]) -> Parts | None:
        return step.kept.parts(*taken) if step.kept else None

    def _slot(self, step: Step) -> StepKey:
        return StepKey(self.key, step.name, "every" if step.kept and step.kept.shared else self.variant)


def run(steps: Sequence[Step], memory: Memory, given: Mapping[str, Given], tell: Tell, log: RunLog) -> dict[str, Any]:
    """The values of all steps by name, made in this order or recalled.

    Raises what a step raises, and InputsChangedError where an input was changed before a step was done: what that has
    made is neither used nor kept.
    """
    values: dict[str, Any] = {}
    for step in steps:
        taken = [values[name] for name in step.needs]
        known = given.get(step.name)
        recalled = Recalled(None, known.reasons) if known else memory.recall(step, taken)
        tell(step.name, recalled.reasons)
        with log.timed(step.name, recalled.reasons):
            if known:
                values[step.name] = known.value
            elif step.kept and recalled.content is not None:
                values[step.name] = step.kept.unpack(recalled.content, recalled.reads)
            else:
                values[step.name] = _made(step, taken, memory)
    return values


def _made(step: Step, taken: Sequence[Any], memory: Memory) -> Any:
    value = step.make(*taken)
    if step.kept:
        memory.snapshot.confirm(step.name, step.kept.reads(value))
    return memory.keep(step, taken, value)


def look_ahead(steps: Sequence[Step], memory: Memory) -> tuple[PlannedStep, ...]:
    """The steps that would run now, each with its reasons; a step whose result would not be known waits for it.

    Nothing is run but steps that are never kept, whose values are quickly made. Raises what these raise.
    """
    values: dict[str, Any] = {}
    planned: list[PlannedStep] = []
    for step in steps:
        missing = tuple(f"after {name}" for name in step.needs if name not in values)
        if missing:
            planned.append(PlannedStep(step.name, missing))
            continue
        taken = [values[name] for name in step.needs]
        recalled = memory.recall(step, taken)
        if step.kept and recalled.content is not None:
            values[step.name] = step.kept.unpack(recalled.content, recalled.reads)
        elif recalled.reasons:
            planned.append(PlannedStep(step.name, recalled.reasons))
        elif step.pending:
            planned += [PlannedStep(step.name, why)] if (why := step.pending(*taken)) else []
        else:
            values[step.name] = step.make(*taken)
    return tuple(planned)
