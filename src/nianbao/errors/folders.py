"""List folders so that one that refuses is an error, never an empty one."""

from __future__ import annotations

from pathlib import Path

from nianbao.errors import InputError
from nianbao.errors.language import told_in, why_refused


def listing(folder: Path, where: str) -> list[Path]:
    """What lies in the folder, sorted by name; nothing where there is no such folder.

    InputError, with ``where`` as its place, if the folder refuses to be listed: what lies in it would be lost in
    silence.
    """
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise InputError(
            f"cannot be listed: {error.strerror}",
            where=where,
            hint="check the folder's rights",
            zh=f"文件夹无法列出（{told_in('zh', why_refused(error))}），请检查文件夹权限",
        ) from error
