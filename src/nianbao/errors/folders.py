"""List folders so that one that refuses is an error, never an empty one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
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
        raise _refused(error, where) from error


def files_below(folder: Path, name: Callable[[Path], str]) -> Iterator[Path]:
    """The files of the folder and of all folders below it, in no order; links to folders are not followed.

    InputError, with what ``name`` calls the folder as its place, if one refuses to be listed.
    """

    def tell(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            raise _refused(error, f"{name(Path(error.filename))}/") from error

    for place, _, names in os.walk(folder, onerror=tell):
        yield from (path for path in (Path(place, each) for each in names) if path.is_file())


def _refused(error: OSError, where: str) -> InputError:
    return InputError(
        f"cannot be listed: {error.strerror}",
        where=where,
        hint="check the folder's rights",
        zh=f"文件夹无法列出（{told_in('zh', why_refused(error))}），请检查文件夹权限",
    )
