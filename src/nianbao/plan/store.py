"""Owns the store of step results: what was made, from which parts, and whether it still holds.

May import: errors, model, plan.fingerprint. Safe against crashes (every file is written aside and swapped in),
against two runs at once (nothing is changed in place) and against damage (contents are checked when read).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nianbao.model import ReportKey
from nianbao.plan.fingerprint import Parts, changes, digest

_FORMAT = 1
# Above this the oldest results are dropped; a report with all its steps takes about 1.5 MB.
DEFAULT_LIMIT = 4 * 1024**3
_TIDY_EVERY = 3600  # seconds
# What a file is called while it is written.
_ASIDE = ".aside-"


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the store knows of a step: its result where that still holds, otherwise why it must run again."""

    content: bytes | None
    reasons: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Recalled({'held' if self.content is not None else ', '.join(self.reasons)})"


@dataclass(frozen=True, slots=True)
class Step:
    """The name of a step of one report: section 03_applications, stitch, export pdf, in one variant."""

    key: ReportKey
    name: str
    variant: str = "official"

    def __str__(self) -> str:
        return f"{self.key} {self.name}"


class Store:
    """Results of steps below one folder; the folder may be deleted at any time."""

    def __init__(self, root: Path, limit: int = DEFAULT_LIMIT) -> None:
        self.root = root
        self.limit = limit

    def __repr__(self) -> str:
        return f"Store({self.root.name})"

    def recall(self, step: Step, fixed: Parts, digest_of: Callable[[str], str]) -> Recalled:
        """The step's result if ``fixed`` and the files that it read last time are as they were.

        ``digest_of`` gives a file's digest now. A missing or damaged entry is a reason to run, never an error.
        """
        record = self._record(step)
        if record is None:
            return Recalled(None, ("first run",))
        reads = tuple(record["reads"])
        now = {**fixed, **{name: digest_of(name) for name in reads}}
        if reasons := changes(record["parts"], now):
            return Recalled(None, tuple(reasons), reads)
        content = self._content(record["result"])
        if content is None:
            return Recalled(None, ("the stored result is gone or damaged",), reads)
        return Recalled(content, (), reads)

    def keep(
        self, step: Step, fixed: Parts, content: bytes, reads: tuple[str, ...], digest_of: Callable[[str], str]
    ) -> None:
        """Remember a result with what it was made from. A full disk or a read-only store costs only the memory."""
        parts = {**fixed, **{name: digest_of(name) for name in reads}}
        name = digest(content)
        record = {"format": _FORMAT, "parts": parts, "reads": list(reads), "result": name}
        try:
            self._write(self._blob(name), content)
            self._write(self._record_path(step), json.dumps(record, ensure_ascii=False, sort_keys=True).encode())
        except OSError:
            return

    def records_of(self, key: ReportKey) -> Path:
        """The folder that holds the records of one report's steps, in all variants."""
        return self.root / "steps" / key.office / str(key.year)

    def result_of(self, record: Path) -> Path | None:
        """The file that holds the result of a record; None where the record is damaged."""
        try:
            return self._blob(str(json.loads(record.read_bytes())["result"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def tidy_if_due(self) -> None:
        """Tidy where that was last done more than an hour ago; otherwise this costs one look at a file."""
        marker = self.root / "tidied"
        try:
            if time.time() - marker.stat().st_mtime < _TIDY_EVERY:
                return
        except OSError:
            pass
        with contextlib.suppress(OSError):
            self.root.mkdir(parents=True, exist_ok=True)
            marker.touch()
            self.tidy()

    def tidy(self) -> int:
        """Drop the results that were used longest ago until the store is within its limit; how many were dropped."""
        blobs = []
        for path in (self.root / "results").glob("*/*"):
            try:
                status = path.stat()
            except OSError:
                continue
            blobs.append((status.st_mtime, status.st_size, path))
        self._drop_abandoned()
        excess = sum(size for _, size, _ in blobs) - self.limit
        dropped = 0
        for _, size, path in sorted(blobs):
            if excess <= 0:
                break
            discard(path)
            excess -= size
            dropped += 1
        return dropped

    def _drop_abandoned(self) -> None:
        """What runs that were killed had begun to write; what is an hour old nobody writes any more."""
        for path in self.root.rglob(f"{_ASIDE}*"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _TIDY_EVERY:
                    path.unlink()

    def _record_path(self, step: Step) -> Path:
        name = f"{step.name.replace(' ', '-')}.json"
        return self.records_of(step.key) / step.variant / name

    def _blob(self, name: str) -> Path:
        return self.root / "results" / name[:2] / name

    def _record(self, step: Step) -> Mapping[str, dict[str, str]] | None:
        try:
            record = json.loads(self._record_path(step).read_bytes())
            valid = record["format"] == _FORMAT and isinstance(record["parts"], dict) and record["result"]
            return record if valid and _all_names(record["reads"]) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _content(self, name: object) -> bytes | None:
        path = self._blob(str(name))
        try:
            content = path.read_bytes()
        except OSError:
            return None
        if digest(content) != name:
            discard(path)
            return None
        # Used just now: what is dropped first goes by the time of last use.
        with contextlib.suppress(OSError):
            os.utime(path)
        return content

    def _write(self, path: Path, content: bytes) -> None:
        if path.is_dir():
            discard(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=_ASIDE)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise


def _all_names(reads: object) -> bool:
    return isinstance(reads, list) and all(isinstance(name, str) for name in reads)


def discard(path: Path) -> None:
    """Remove a file, a link, or a folder with all that is in it, if it is there and can be."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
