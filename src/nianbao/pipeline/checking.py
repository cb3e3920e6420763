"""Owns the check step: findings of office-years from the store, or from one validation in a process of its own.

May import: checks, garbage, interrupts, store, paths, model, pipeline.children. Great Expectations takes seconds to
import and must share no process with forks, nor stand in line before the sections: the validation runs beside them.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from nianbao.errors import NianbaoError
from nianbao.garbage import collect_seldom
from nianbao.interrupts import deaf_to_interrupts
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline.children import may_fork
from nianbao.store import (
    CHECK_PACKAGES,
    Parts,
    Step,
    Store,
    file_digest,
    input_files,
    package_parts,
    suite_files,
)


@dataclass(frozen=True)
class Outcome:
    """What the checks say of one office-year, ready to be shown and written."""

    key: ReportKey
    blocked: bool
    text: str
    findings: dict[str, Any]
    page: str

    def __repr__(self) -> str:
        return f"Outcome({self.key}, {'blocked' if self.blocked else 'free'})"

    @property
    def standing(self) -> list[dict[str, Any]]:
        """The findings that stand: neither passed nor waived."""
        return [item for item in self.findings["findings"] if item["state"] != "pass" and not item.get("waived")]

    def to_bytes(self) -> bytes:
        """For the store. The findings keep the order of their keys: they are printed in it."""
        fields = {"blocked": self.blocked, "text": self.text, "findings": self.findings, "page": self.page}
        return json.dumps(fields, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, key: ReportKey, content: bytes) -> Outcome:
        """From the store."""
        return cls(key, **json.loads(content))


def validate(project: Project, keys: Sequence[ReportKey]) -> list[Outcome]:
    """One validation of all these office-years, here and now, and in this process: a worker may start none."""
    from nianbao import checks

    whole = checks.check(project, keys, jobs=1)
    outcomes = []
    for key in keys:
        part = whole.of(key)
        findings = checks.render_json(part)
        outcomes.append(Outcome(key, bool(part.blocking), checks.render_text(part), findings, checks.render_page(part)))
    return outcomes


def checked(project: Project, store: Store | None, keys: Sequence[ReportKey]) -> list[tuple[Outcome, tuple[str, ...]]]:
    """The outcomes of ``keys`` with why the checks ran, here and now: from the store, the rest by one validation."""
    looks = _Looks(project)
    recalled = {key: _recalled(looks, store, key) for key in keys}
    stale = [key for key, (outcome, _, _) in recalled.items() if outcome is None]
    fresh = {outcome.key: outcome for outcome in validate(project, stale)} if stale else {}
    for key, outcome in fresh.items():
        _keep(store, outcome, recalled[key][2])
    return [(outcome or fresh[key], reasons) for key, (outcome, reasons, _) in recalled.items()]


def recalled_outcome(project: Project, store: Store | None, key: ReportKey) -> tuple[Outcome | None, tuple[str, ...]]:
    """The outcome that the store holds, or None and why the checks would run."""
    return _recalled(_Looks(project), store, key)[:2]


class _Looks:
    """One look at each input file and folder, however many office-years share it: as last year's, as a suite."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.digest_of = cache(partial(file_digest, project))
        self._inputs = cache(partial(input_files, project))
        self._suites = cache(partial(suite_files, project))

    def parts(self, key: ReportKey) -> Parts:
        """All that the findings of one office-year depend on: its inputs, last year's, the suites, our code."""
        names = (*self._inputs(key), *self._inputs(key.previous), *self._suites(key.office))
        return {**{name: self.digest_of(name) for name in names}, **package_parts(CHECK_PACKAGES)}


def _recalled(looks: _Looks, store: Store | None, key: ReportKey) -> tuple[Outcome | None, tuple[str, ...], Parts]:
    parts = looks.parts(key)
    if store is None:
        return None, ("no store",), parts
    recalled = store.recall(Step(key, "check"), parts, looks.digest_of)
    outcome = None if recalled.content is None else Outcome.from_bytes(key, recalled.content)
    return outcome, recalled.reasons, parts


def _keep(store: Store | None, outcome: Outcome, parts: Parts) -> None:
    if store is not None:
        store.keep(Step(outcome.key, "check"), parts, outcome.to_bytes(), (), lambda _: "")


class Checks(Protocol):
    """What one report asks of the checks: the outcome, and for those that ran, why."""

    @property
    def reasons(self) -> Mapping[ReportKey, tuple[str, ...]]:
        """Why the checks ran, for each office-year for which they did."""
        ...

    @property
    def aside(self) -> bool:
        """Whether they run in a process of their own, beside whatever needs no outcome."""
        ...

    @property
    def running(self) -> bool:
        """Whether an outcome would have to be waited for."""
        ...

    def outcome(self, key: ReportKey) -> Outcome:
        """What the checks say of ``key``."""
        ...


@dataclass(frozen=True)
class KnownChecks:
    """The checks of one office-year, known beforehand: whoever makes the report was handed their outcome."""

    known: Outcome
    why: tuple[str, ...] = ()

    @property
    def reasons(self) -> Mapping[ReportKey, tuple[str, ...]]:
        """Why the checks ran."""
        return {self.known.key: self.why}

    @property
    def aside(self) -> bool:
        """No: the outcome is here."""
        return False

    @property
    def running(self) -> bool:
        """Nothing is waited for."""
        return False

    def outcome(self, key: ReportKey) -> Outcome:
        """The known outcome; KeyError for another office-year."""
        if key != self.known.key:
            raise KeyError(key)
        return self.known


@contextmanager
def validation(project: Project, store: Store | None, keys: Sequence[ReportKey]) -> Iterator[Validation]:
    """The outcomes of ``keys``: what the store holds at once, the rest from a process that starts now."""
    started = Validation(project, store, keys)
    try:
        yield started
    finally:
        started.close()


class Validation:
    """Outcomes on their way; ``outcome`` waits for the one that is asked for."""

    def __init__(self, project: Project, store: Store | None, keys: Sequence[ReportKey]) -> None:
        self._store = store
        self._parts: dict[ReportKey, Parts] = {}
        self._known: dict[ReportKey, Outcome] = {}
        self.reasons: dict[ReportKey, tuple[str, ...]] = {}
        looks = _Looks(project)
        for key in keys:
            outcome, reasons, self._parts[key] = _recalled(looks, store, key)
            if outcome is None:
                self.reasons[key] = reasons
            else:
                self._known[key] = outcome
        self._process: BaseProcess | None = None
        if self.reasons:
            # A fork is there at once, where a new process needs a quarter of a second that the report then waits for.
            forked = may_fork()
            context = multiprocessing.get_context("fork") if forked else multiprocessing.get_context("spawn")
            self._receiver, sender = context.Pipe(duplex=False)
            arguments = (project, list(self.reasons), sender, self._receiver if forked else None)
            self._process = context.Process(target=_validate_aside, args=arguments, daemon=True)
            with deaf_to_interrupts(forks=forked):
                self._process.start()
            sender.close()

    def __repr__(self) -> str:
        return f"Validation({len(self._known)} known, {len(self.reasons)} to run)"

    def outcome(self, key: ReportKey) -> Outcome:
        """What the checks say of ``key``; raises what the validation raised."""
        if key not in self._known and self._process is not None:
            for outcome in self._received():
                self._known[outcome.key] = outcome
                _keep(self._store, outcome, self._parts[outcome.key])
        return self._known[key]

    @property
    def aside(self) -> bool:
        """Whether there is a process that validates, or has."""
        return self._process is not None

    @property
    def running(self) -> bool:
        """Whether the validation's process has work to do."""
        return self._process is not None and not self._receiver.poll()

    def close(self) -> None:
        """End the process; a validation that nobody waited for is given up."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._receiver.close()

    def _received(self) -> list[Outcome]:
        try:
            answer: list[Outcome] | BaseException = self._receiver.recv()
        except EOFError as error:
            raise NianbaoError("the process of the checks died", hint="is there enough memory? run again") from error
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _validate_aside(
    project: Project, keys: Sequence[ReportKey], sender: Connection, inherited: Connection | None
) -> None:
    """Validate and hand the outcomes, or what was raised, to whoever waits.

    ``inherited`` is the other end, which a fork has too: held open, it would hide that nobody waits any more.
    """
    if inherited is not None:
        inherited.close()
    if "fork" in multiprocessing.get_all_start_methods():
        # Libraries make locks when they are imported (tqdm does); made so, they leave nothing behind outside the
        # process, however it ends. Nothing is forked here.
        multiprocessing.set_start_method("fork", force=True)
    collect_seldom()
    try:
        answer: list[Outcome] | BaseException = validate(project, keys)
    except BaseException as error:  # noqa: BLE001 -- it is raised where the outcomes are waited for
        answer = error
    # Where whoever waited has been killed, nobody is left to tell.
    with suppress(BrokenPipeError):
        sender.send(answer)
    # All is said: taking the engine of the rules down in good order would take a second more.
    os._exit(0)
