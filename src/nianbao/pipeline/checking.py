"""The check of office-years: from the store, or by one validation in a process of its own.

Great Expectations takes seconds to import: in a process of its own that is done while the sections run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Protocol

from nianbao.errors.language import LANGUAGES, Message, language
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline.graph import Given, Kept, Memory, Step
from nianbao.pipeline.own_process import OwnProcess
from nianbao.pipeline.snapshot import Snapshot, checked_files, mark_of
from nianbao.store import CHECK_PACKAGES, Parts, Store, package_parts

# Instead of a digest, for a file that was written while the checks ran: which state they have seen is not known.
_WRITTEN_MEANWHILE = "written while it was checked"


@dataclass(frozen=True)
class Outcome:
    """What the checks say of one office-year, ready to be shown and written.

    ``texts`` are the findings for a terminal, by language; ``reads`` are the files that it rests on, with the digests
    of what the checks have seen.
    """

    key: ReportKey
    blocked: bool
    texts: Mapping[str, str]
    findings: dict[str, Any]
    page: str
    reads: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Outcome({self.key}, {'blocked' if self.blocked else 'free'})"

    @property
    def text(self) -> str:
        """The findings in the language of the terminal."""
        return self.texts[language()]

    @property
    def standing(self) -> list[dict[str, Any]]:
        """The findings that stand: neither passed nor waived."""
        return [item for item in self.findings["findings"] if item["state"] != "pass" and not item.get("waived")]

    @property
    def offices(self) -> Mapping[str, str]:
        """The names of the offices that the findings speak of, by identifier, as far as they are known."""
        names: Mapping[str, str] = self.findings["summary"].get("offices", {})
        return names

    def to_bytes(self) -> bytes:
        """For the store. The findings keep the order of their keys: they are printed in it."""
        fields = {"blocked": self.blocked, "texts": self.texts, "findings": self.findings, "page": self.page}
        return json.dumps(fields, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, key: ReportKey, content: bytes, reads: Mapping[str, str]) -> Outcome:
        """From the store."""
        return cls(key, **json.loads(content), reads=reads)


def validate(project: Project, keys: Sequence[ReportKey]) -> list[Outcome]:
    """One validation of all these office-years, in this process."""
    from nianbao import checks

    look = cache(partial(mark_of, project))
    files = {key: checked_files(project, key) for key in keys}
    before = {name: look(name) for names in files.values() for name in names}
    whole = checks.check(project, keys, jobs=1)
    digests = {
        name: mark.digest if mark_of(project, name) == mark else _WRITTEN_MEANWHILE for name, mark in before.items()
    }
    outcomes = []
    for key in keys:
        part = whole.of(key)
        reads = {name: digests[name] for name in files[key]}
        texts = {each: checks.render_text(part, each) for each in LANGUAGES}
        outcomes.append(
            Outcome(key, bool(part.blocking), texts, checks.render_json(part), checks.render_page(part), reads)
        )
    return outcomes


def check_step(key: ReportKey, snapshot: Snapshot, make: Callable[[], Outcome]) -> Step:
    """The step ``check`` of a report: ``make`` gives the outcome where the store has none that holds."""

    def parts() -> Parts:
        return {**snapshot.digests(snapshot.checked), **package_parts(CHECK_PACKAGES)}

    unpack = partial(Outcome.from_bytes, key)
    kept = Kept(parts, Outcome.to_bytes, unpack, reads=lambda outcome: outcome.reads, shared=True)
    return Step(Message("check"), make, kept=kept)


def checked(project: Project, store: Store | None, keys: Sequence[ReportKey]) -> list[tuple[Outcome, tuple[str, ...]]]:
    """The outcomes of ``keys`` with why the checks ran, in this process: from the store, the rest by one validation."""
    looks = _looks(project, store, keys)
    stale = [key for key, look in looks.items() if look.outcome is None]
    fresh = {outcome.key: outcome for outcome in validate(project, stale)} if stale else {}
    for key, outcome in fresh.items():
        looks[key].keep(outcome)
    return [(look.outcome or fresh[key], look.reasons) for key, look in looks.items()]


@dataclass(frozen=True)
class _Look:
    """What the store has of one office-year's check: the outcome, or None and why it must be made."""

    snapshot: Snapshot
    memory: Memory
    step: Step
    reasons: tuple[str, ...]
    outcome: Outcome | None

    def keep(self, outcome: Outcome) -> None:
        """Keep a fresh outcome, if it is of the state that this look has seen."""
        if not self.snapshot.differing(outcome.reads):
            self.memory.keep(self.step, (), outcome)


def _looks(project: Project, store: Store | None, keys: Sequence[ReportKey]) -> dict[ReportKey, _Look]:
    look_at = cache(partial(mark_of, project))  # each file once, however many office-years share it
    looks = {}
    for key in keys:
        snapshot = Snapshot(project, key, look_at)
        memory = Memory(store, key, "", snapshot)
        step = check_step(key, snapshot, partial(ChecksOnDemand(project).outcome, key, snapshot))
        recalled = memory.recall(step, ())
        held = None if recalled.content is None else Outcome.from_bytes(key, recalled.content, recalled.reads)
        looks[key] = _Look(snapshot, memory, step, recalled.reasons, held)
    return looks


class Checks(Protocol):
    """What one report asks of the checks."""

    def known(self, key: ReportKey) -> Given | None:
        """The outcome of ``key`` where nobody has to wait for it."""
        ...

    def outcome(self, key: ReportKey, snapshot: Snapshot) -> Outcome:
        """The outcome of ``key``, if need be by a validation; of the snapshot's state, unless that is past already."""
        ...


@dataclass(frozen=True)
class ChecksOnDemand:
    """The checks when they are needed; an outcome may have been handed over, and ``why`` they ran that gave it."""

    project: Project
    handed: Outcome | None = None
    why: tuple[str, ...] = ()

    def known(self, key: ReportKey) -> Given | None:
        """What was handed over."""
        return Given(self.handed, self.why) if self.handed and self.handed.key == key else None

    def outcome(self, key: ReportKey, snapshot: Snapshot) -> Outcome:
        """A validation of this office-year alone, in a process of its own."""
        with ChecksAside(self.project, None, [key]) as checks:
            return checks.outcome(key, snapshot)


class ChecksAside:
    """The checks of office-years beside other work: what the store holds is known, the rest a process validates.

    A context manager; the process starts with the block and is gone at its end, whatever it was doing.
    """

    def __init__(self, project: Project, store: Store | None, keys: Sequence[ReportKey]) -> None:
        looks = _looks(project, store, keys)
        self._project = project
        self._known = {key: Given(look.outcome) for key, look in looks.items() if look.outcome}
        self._stale = [key for key in keys if key not in self._known]
        self._first: dict[ReportKey, Outcome] | None = None
        self._process = OwnProcess(Message("the checks"))

    def __enter__(self) -> ChecksAside:
        if self._stale:
            self._process.ask(validate, self._project, self._stale)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.close()

    def known(self, key: ReportKey) -> Given | None:
        """The outcome that the store holds."""
        return self._known.get(key)

    def outcome(self, key: ReportKey, snapshot: Snapshot) -> Outcome:
        """The outcome of ``key``: waits for the validation; where that saw another state, for one more."""
        if self._first is None:
            self._first = {}
            if self._stale:
                self._first = {outcome.key: outcome for outcome in self._process.answer()}
        if key in self._first and not snapshot.differing(self._first[key].reads):
            return self._first[key]
        self._process.ask(validate, self._project, [key])
        found: list[Outcome] = self._process.answer()
        return found[0]
