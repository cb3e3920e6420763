"""Owns one step: recalled from the store where that holds, else run and kept; told and timed either way.

May import: store, paths, model, pipeline.runlog.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline.runlog import RunLog
from nianbao.store import Parts, Recalled, Step, Store, file_digest

# Told of each step: its name, and why it ran (nothing where the stored result still held).
Tell = Callable[[str, tuple[str, ...]], None]


class NotStoredError(Exception):
    """A step would have to run, and the call was only to look: see ``Keeping.only_look``."""


@dataclass(frozen=True)
class Keeping:
    """Where the steps of one report's ``variant`` are kept, who is told of each, and what is logged.

    With ``only_look`` nothing runs: a step whose stored result does not hold raises NotStoredError once it is told.
    """

    project: Project
    key: ReportKey
    variant: str
    store: Store | None
    tell: Tell
    log: RunLog
    only_look: bool = False

    def step(
        self,
        name: str,
        parts: Parts,
        run: Callable[[], tuple[bytes, tuple[str, ...]]],
        recalled: Recalled | None = None,
    ) -> tuple[bytes, tuple[str, ...]]:
        """The step's result and the files that it read: as ``recalled`` (by default now), or else as it ``run``s."""
        recalled = recalled or self.recalled(name, parts)
        self.tell(name, recalled.reasons)
        with self.log.timed(name, recalled.reasons):
            if recalled.content is not None:
                return recalled.content, recalled.reads
            if self.only_look:
                raise NotStoredError(name)
            start = time.time()
            content, reads = run()
            if self.store and not self._changed_since(start, (*parts, *reads)):
                self.store.keep(self._of(name), parts, content, reads, self._digest_of)
            return content, reads

    def recalled(self, name: str, parts: Parts) -> Recalled:
        """What the store has of the step, or why it does not hold."""
        return (
            self.store.recall(self._of(name), parts, self._digest_of) if self.store else Recalled(None, ("no store",))
        )

    def _changed_since(self, start: float, names: Iterable[str]) -> bool:
        """Whether one of the files was changed meanwhile: which state of it was used is not known then.

        Asked of the time that the file system keeps for itself; a name that is no file's is passed over.
        """
        for name in names:
            if "/" not in name:  # a package, a parameter
                continue
            with suppress(OSError):
                if (self.project.root / name).stat().st_ctime > start:
                    return True
        return False

    def _of(self, name: str) -> Step:
        return Step(self.key, name, self.variant)

    def _digest_of(self, name: str) -> str:
        return file_digest(self.project, name)
