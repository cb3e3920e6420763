"""Steps as a graph, its readers, and the log of runs: what each run did, why, and how long it took.

``run`` makes what does not hold any more, ``look_ahead`` says what that would be; both ask the store first, so resuming
is no reader of its own. Knows no step of a report: these are declared in ``pipeline.steps``. Times live in the log and
in no report.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from nianbao.errors import ExitCode, NianbaoError
from nianbao.errors.language import Message
from nianbao.model import ExportedFile, ReportKey
from nianbao.paths import Project
from nianbao.pipeline.manifest import json_text
from nianbao.pipeline.snapshot import Snapshot
from nianbao.store import Parts, Recalled, StepKey, Store
from nianbao.store.disk import file_mode, make_folder

# Above this the log is set aside as runs.old.jsonl, in the place of the one that was set aside before.
LIMIT = 8 * 1024**2
_REASONS_SHOWN = 20
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
    """One step: its name (a Message, for people), the function that makes its value, the steps whose values that takes.

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
            return Recalled(None, (Message("no store"),))
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
    names = {step.name: step.name for step in steps}
    for step in steps:
        missing = tuple(Message("after {step}", step=names[name]) for name in step.needs if name not in values)
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
        ending = {"outcome": error.exit_code.name.lower(), "message": error.told_in("en").splitlines()[0]}
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
    content = (json.dumps(line, ensure_ascii=False) + "\n").encode(errors="backslashreplace")
    make_folder(path.parent)
    if path.exists() and path.stat().st_size + len(content) > LIMIT:
        path.replace(path.with_name("runs.old.jsonl"))
    # One write to a file opened for appending: lines of runs that end at the same time don't mix.
    new, mode = not path.exists(), file_mode(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, mode)
    try:
        os.write(handle, content)
    finally:
        os.close(handle)
    if new:
        path.chmod(mode)  # whatever the umask: where several people share the folder, each adds to it


def as_json(parts: Callable[..., Parts | None]) -> Kept:
    """A value that JSON holds."""
    return Kept(parts, partial(json_text, sort_keys=True), lambda content, _: json.loads(content))


def as_messages(parts: Callable[..., Parts | None]) -> Kept:
    """A list of messages, which stay translatable."""

    def pack(messages: Sequence[Message]) -> bytes:
        return json_text([message.to_json() for message in messages])

    return Kept(parts, pack, lambda content, _: list(map(Message.from_json, json.loads(content))))


def as_only_file(parts: Callable[..., Parts | None], name: str) -> Kept:
    """An export of one file."""
    return Kept(parts, lambda files: files[0].content, lambda content, _: (ExportedFile(name, content),))


def as_files(parts: Callable[..., Parts | None], name: str) -> Kept:
    """An export of several files, the one of that name first: they are kept as a zip."""

    def pack(files: tuple[ExportedFile, ...]) -> bytes:
        from nianbao.export.zipped import packed_files

        return packed_files({file.name: file.content for file in files})

    def unpack(content: bytes, _: Parts) -> tuple[ExportedFile, ...]:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = sorted(packed.namelist(), key=lambda other: other != name)
            return tuple(ExportedFile(each, packed.read(each)) for each in names)

    return Kept(parts, pack, unpack)


def as_file(parts: Callable[..., Parts | None], name: str) -> Kept:
    """One file."""
    return Kept(parts, lambda file: file.content, lambda content, _: ExportedFile(name, content))
