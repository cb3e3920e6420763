"""Folders and files of a project as people share them, their lists of digests, and what a disk that refuses says."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nianbao.errors import InputError, NianbaoError
from nianbao.errors.language import Message, why_refused
from nianbao.model import ExportedFile
from nianbao.paths import Project

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO}
_IN_THE_WAY = {errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENOTEMPTY}
_MOUNTED = {errno.EBUSY, errno.EXDEV}
_RENAME_EXCHANGE = 2  # linux/fs.h
_AT_FDCWD = -100
SUMS = "SHA256SUMS"
_SUM = re.compile(r"(?P<digest>[0-9a-f]{64}) [ *](?P<name>\S.*)")


@contextmanager
def disk_faults(project: Project, place: Path, what: str) -> Iterator[None]:
    """Turn what the disk refuses into one message: ``what`` cannot be done, at the file refused or at ``place``.

    Raises NianbaoError; other errors of the system pass as they are, for they are faults of ours.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL | _REFUSED | _IN_THE_WAY | _MOUNTED:
            raise
        raise NianbaoError(
            Message("{what}: {why}", what=what, why=why_refused(error)),
            where=_where(project, error, place),
            hint=Message("the last report is untouched; {advice}, then run again", advice=_advice(error.errno)),
        ) from error


def _where(project: Project, error: OSError, place: Path) -> str:
    refused = Path(error.filename) if isinstance(error.filename, str) else place
    if any(part.startswith(f".{place.name}-") for part in refused.parts):
        # What is built aside is gone by now, and its name says nothing: name the folder that it was to replace.
        refused = place
    return project.relative(refused)


def _advice(number: int | None) -> str:
    if number in _FULL:
        return Message("make room on the disk")
    if number in _IN_THE_WAY:
        return Message("move away what stands in the place of a folder")
    if number in _MOUNTED:
        return Message("no folder below outputs/ may be a mount point: mount outputs/ itself")
    return Message("check the rights of the folder")


def make_folder(folder: Path) -> None:
    """Make the folder and those above it that are missing; each gets the mode of the one above it.

    So what several people share stays shared, whatever the umask of whoever runs first.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(stat.S_IMODE(folder.parent.stat().st_mode))
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def file_mode(folder: Path) -> int:
    """The mode of a new file in the folder: that of the folder, without leave to run it; its owner may write it."""
    return stat.S_IMODE(folder.stat().st_mode) & 0o666 | 0o600


def discard(path: Path) -> None:
    """Remove a file, a link, or a folder with all that is in it, if it is there and can be."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, onerror=_once_more)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _once_more(remove: Callable[..., object], path: str, _error: object) -> None:
    """A folder without leave to write keeps what it holds: give the leave and try again."""
    with contextlib.suppress(OSError):
        for place in (Path(path).parent, Path(path)):
            if place.is_dir() and not place.is_symlink():
                place.chmod(0o700)
        remove(path)


def exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, as Linux can; False, with both as they were, where none can."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)


def with_sums(files: Sequence[ExportedFile]) -> list[ExportedFile]:
    """The files with the list of their digests, in the format of sha256sum, sorted by name."""
    ordered = sorted(files, key=lambda file: file.name)
    lines = [f"{hashlib.sha256(file.content).hexdigest()}  {file.name}\n" for file in ordered]
    return [*ordered, ExportedFile(SUMS, "".join(lines).encode())]


def read_sums(project: Project, folder: Path) -> dict[str, str]:
    """The digests of a report's files by name; InputError names the line that is none. Raises OSError."""
    sums: dict[str, str] = {}
    path = folder / SUMS
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        match = _SUM.fullmatch(line)
        if match is None:
            where = f"{project.relative(path)}:{number}"
            raise InputError("is no line of digests", where=where, hint="make the report again, or restore the file")
        sums[match["name"]] = match["digest"]
    return sums
