"""The store of step results: what was made, from which parts, and whether it still holds; why it does not.

Safe against crashes (every file is written aside and swapped in), against two runs at once (nothing is changed in
place) and against damage (contents are checked when read).
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from nianbao.errors.language import Message
from nianbao.model import ReportKey
from nianbao.store.disk import discard, file_mode, make_folder
from nianbao.store.fingerprint import (
    ABSENT,
    CHECK_PACKAGES,
    CRATE_PACKAGES,
    EXPORT_PACKAGES,
    FONT_PACKAGES,
    GLYPH_PACKAGES,
    SECTION_PACKAGES,
    Parts,
    changes,
    digest,
    file_digest,
    input_files,
    notebook_digest,
    package_parts,
    package_version,
    suite_files,
)

__all__ = [
    "ABSENT",
    "CHECK_PACKAGES",
    "CRATE_PACKAGES",
    "EXPORT_PACKAGES",
    "FONT_PACKAGES",
    "GLYPH_PACKAGES",
    "SECTION_PACKAGES",
    "Parts",
    "Recalled",
    "StepKey",
    "Store",
    "digest",
    "file_digest",
    "input_files",
    "notebook_digest",
    "package_parts",
    "package_version",
    "suite_files",
]

_FORMAT = 3
_STEPS = "steps"
_TIDIED = "tidied"
_BEGINS = b'{"format": '
# Above this the oldest results are dropped; a report with all its steps takes about 1.5 MB.
DEFAULT_LIMIT = 4 * 1024**3
_TIDY_EVERY = 3600  # seconds
# What a file is called while it is written.
_ASIDE = ".aside-"
_DEPTH = 3  # folders above an entry: office, year, variant
_LONGEST_NAME = 4096  # bytes of a path on Linux


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the store knows of a step: its result where that still holds, otherwise why it must run again."""

    content: bytes | None
    reasons: tuple[str, ...] = ()
    reads: Parts = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Recalled({'held' if self.content is not None else ', '.join(self.reasons)})"


@dataclass(frozen=True, slots=True)
class StepKey:
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

    def recall(self, step: StepKey, fixed: Parts, digest_of: Callable[[str], str]) -> Recalled:
        """The step's result if ``fixed`` and the files that it read last time are as they were.

        ``digest_of`` gives a file's digest now. A missing or damaged entry is a reason to run, never an error.
        """
        path = self._entry(step)
        found = _read(path)
        if found is None:
            return Recalled(None, (Message("first run"),))
        record, content = found
        reads = {name: digest_of(name) for name in record["reads"]}
        if reasons := changes(record["parts"], {**fixed, **reads}):
            return Recalled(None, tuple(reasons))
        if digest(content) != record["result"]:
            discard(path)
            return Recalled(None, (Message("the stored result is damaged"),))
        # Used just now: what is dropped first goes by the time of last use.
        with contextlib.suppress(OSError):
            os.utime(path)
        return Recalled(content, (), reads)

    def keep(self, step: StepKey, fixed: Parts, content: bytes, reads: Parts) -> None:
        """Remember a result with what it was made from: ``fixed``, and the files that it has read, with their digests.

        A full disk or a read-only store costs only the memory.
        """
        record = {"format": _FORMAT, "parts": {**fixed, **reads}, "reads": sorted(reads), "result": digest(content)}
        head = json.dumps(record, sort_keys=True).encode()
        with contextlib.suppress(OSError):
            _write(self._entry(step), b"%b\n%b" % (head, content))

    def entries_of(self, key: ReportKey) -> Path:
        """The folder that holds the entries of one report's steps, in all variants."""
        return self.root / _STEPS / key.office / str(key.year)

    def size(self) -> int:
        """The bytes that its entries take."""
        sizes = (path.lstat().st_size for path in self._files() if path.exists())
        return sum(sizes)

    def tidy_if_due(self) -> None:
        """Tidy where that was last done more than an hour ago; otherwise this costs one look at a file."""
        marker = self.root / _TIDIED
        try:
            if time.time() - marker.stat().st_mtime < _TIDY_EVERY:
                return
        except OSError:
            pass
        with contextlib.suppress(OSError):
            make_folder(self.root)
            marker.touch()
            marker.chmod(file_mode(self.root))
            self.tidy()

    def tidy(self) -> int:
        """Drop the results that were used longest ago until the store is within its limit; how many were dropped.

        Only what a store has written is ever dropped, and no link is followed.
        """
        entries = []
        for path in self._files():
            try:
                status = path.lstat()
            except OSError:
                continue
            if not stat.S_ISREG(status.st_mode):
                continue
            if not path.name.startswith(_ASIDE):
                entries.append((status.st_mtime, status.st_size, path))
            elif time.time() - status.st_mtime > _TIDY_EVERY:
                discard(path)  # a run that was killed had begun to write it
        excess = sum(size for _, size, _ in entries) - self.limit
        dropped = 0
        for _, size, path in sorted(entries):
            if excess <= 0:
                break
            if _is_entry(path):
                discard(path)
                excess -= size
                dropped += 1
        return dropped

    def _files(self) -> Iterator[Path]:
        """The files three folders below ``steps``, where the entries are: office, year, variant."""
        for place, folders, names in os.walk(self.root / _STEPS):
            depth = len(Path(place).relative_to(self.root / _STEPS).parts)
            folders[:] = folders if depth < _DEPTH else []
            yield from (Path(place, name) for name in names if depth == _DEPTH)

    def _entry(self, step: StepKey) -> Path:
        return self.entries_of(step.key) / step.variant / step.name.replace(" ", "-")


def _read(path: Path) -> tuple[dict[str, Any], bytes] | None:
    """An entry's record, which is its first line, and the result after it; None where there is none that is whole."""
    try:
        head, _, content = path.read_bytes().partition(b"\n")
        record = json.loads(head)
        valid = record["format"] == _FORMAT and isinstance(record["parts"], dict) and record["result"]
        return (record, content) if valid and _all_names(record["reads"]) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _is_entry(path: Path) -> bool:
    """Whether the file begins as entries of all versions do."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_BEGINS)) == _BEGINS
    except OSError:
        return False


def _write(path: Path, content: bytes) -> None:
    """Write aside and swap in."""
    make_folder(path.parent)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=_ASIDE)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(aside).chmod(file_mode(path.parent))
        try:
            Path(aside).replace(path)
        except IsADirectoryError:
            discard(path)
            Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _all_names(reads: object) -> bool:
    """Whether all of these can be the names of project files: a damaged entry may say anything."""
    return isinstance(reads, list) and all(isinstance(name, str) and _is_name(name) for name in reads)


def _is_name(name: str) -> bool:
    """Whether it can be one; ValueError where no file system could write it down."""
    parts = PurePosixPath(name).parts
    inside = ".." not in parts and not name.startswith("/")
    return 0 < len(os.fsencode(name)) < _LONGEST_NAME and "\0" not in name and inside
