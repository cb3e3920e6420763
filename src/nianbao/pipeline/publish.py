"""Owns the last step: a finished report is built aside and swapped in whole, or not at all.

May import: errors, model, paths, store.results, pipeline.faults.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nianbao.model import ExportedFile, Published, ReportKey
from nianbao.paths import Project
from nianbao.pipeline.faults import disk_faults
from nianbao.store.results import discard

SUMS = "SHA256SUMS"
_RENAME_EXCHANGE = 2  # linux/fs.h
_AT_FDCWD = -100


def with_sums(files: Sequence[ExportedFile]) -> list[ExportedFile]:
    """The files with the list of their digests, in the format of sha256sum, sorted by name."""
    ordered = sorted(files, key=lambda file: file.name)
    lines = [f"{hashlib.sha256(file.content).hexdigest()}  {file.name}\n" for file in ordered]
    return [*ordered, ExportedFile(SUMS, "".join(lines).encode())]


def publish(project: Project, key: ReportKey, files: Sequence[ExportedFile]) -> Published:
    """Put the finished report in its place; where it stands there already, byte for byte, nothing is touched.

    The files are written into a folder beside the old one, and the two change places in one step. Raises
    NianbaoError where the disk is full or may not be written; the last good report is then as it was.
    """
    target = project.output_of(key)
    with disk_faults(project, target, "the report cannot be written"):
        recover(project, key)
        changed = bool(unlike(project, key, files))
        if changed:
            _replace(target, files)
    return Published(key, target, tuple(file.name for file in files), changed)


def recover(project: Project, key: ReportKey) -> None:
    """Clean up after a run that was killed: bring the old report back, drop what was built aside."""
    target = project.output_of(key)
    old = _old(target)
    if old.is_dir() and not target.exists():
        old.rename(target)
    if target.parent.is_dir():
        for left in (*target.parent.glob(f".{target.name}-new-*"), old):
            discard(left)


def unlike(project: Project, key: ReportKey, files: Sequence[ExportedFile]) -> list[str]:
    """The names of files that are not in the report's folder as they should be, or should not be there; sorted."""
    target = project.output_of(key)
    wanted = {file.name: file.content for file in files}
    names = {*wanted, *(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())}
    return sorted(name for name in names if not _holds(target / name, wanted.get(name)))


def _holds(path: Path, content: bytes | None) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _replace(target: Path, files: Sequence[ExportedFile]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-new-"))
    try:
        for file in files:
            path = aside / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as stream:
                stream.write(file.content)
                stream.flush()
                os.fsync(stream.fileno())
        aside.chmod(0o755)
        _swap(aside, target)
    finally:
        discard(aside)


def _swap(aside: Path, target: Path) -> None:
    """``aside`` takes the place of ``target``; afterwards ``aside`` is the old folder or nothing."""
    if not target.exists():
        aside.rename(target)
    elif not _exchanged(aside, target):
        # No exchange in one step here: recover mends a run that is killed between these two.
        old = _old(target)
        discard(old)
        target.rename(old)
        aside.rename(target)
        discard(old)


def _exchanged(one: Path, other: Path) -> bool:
    """Linux can exchange two folders in one step; False where that is not to be had."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)


def _old(target: Path) -> Path:
    return target.with_name(f".{target.name}-old")
