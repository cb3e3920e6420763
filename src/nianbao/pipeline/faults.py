"""Owns what is said when the disk refuses: full, read-only, or something else in the place of a folder.

May import: errors, paths.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nianbao.errors import NianbaoError
from nianbao.paths import Project

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO}
_IN_THE_WAY = {errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENOTEMPTY}


@contextmanager
def disk_faults(project: Project, place: Path, what: str) -> Iterator[None]:
    """Turn what the disk refuses into one message: ``what`` cannot be done, at the file refused or at ``place``.

    Raises NianbaoError; other errors of the system pass as they are, for they are faults of ours.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL | _REFUSED | _IN_THE_WAY:
            raise
        raise NianbaoError(
            f"{what}: {error.strerror}",
            where=_where(project, error, place),
            hint=f"the last report is untouched; {_advice(error.errno)}, then run again",
        ) from error


def _where(project: Project, error: OSError, place: Path) -> str:
    refused = Path(error.filename) if isinstance(error.filename, str) else place
    if any(part.startswith(f".{place.name}-") for part in refused.parts):
        # What is built aside is gone by now, and its name says nothing: name the folder that it was to replace.
        refused = place
    try:
        return project.relative(refused)
    except ValueError:
        return str(refused)


def _advice(number: int | None) -> str:
    if number in _FULL:
        return "make room on the disk"
    if number in _IN_THE_WAY:
        return "move away what stands in the place of a folder"
    return "check the rights of the folder"
