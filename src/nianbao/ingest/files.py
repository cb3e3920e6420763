"""Find the files that arguments name, in folders and by patterns, and tell of those that are passed over.

May import: nothing of ours.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# What a folder is searched for; files named one by one are read whatever they are called.
_TEXTS = (".txt", ".md", ".csv", ".htm", ".html", ".shtml", ".xhtml", ".mht", ".mhtml", ".pdf")
_DOCUMENTS = (".docx", ".docm", ".dotx", ".wps", ".doc", ".rtf", ".odt")
_SHEETS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
SUFFIXES = frozenset((*_TEXTS, *_DOCUMENTS, *_SHEETS, ".zip"))
_PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".svg", ".ico"))


@dataclass(frozen=True)
class Files:
    """The files to be read, in order, and those of the folders that are not, each with the reason in Chinese."""

    wanted: tuple[Path, ...]
    passed: tuple[tuple[Path, str], ...] = ()


def find(paths: Iterable[str | Path]) -> Files:
    """The files that the arguments name, each once, in order; folders are searched for what may be a report."""
    wanted: dict[Path, None] = {}
    passed: dict[Path, str] = {}
    for given in paths:
        path = Path(given)
        if path.is_dir():
            for file in _inside(path):
                if file.suffix.lower() in SUFFIXES:
                    wanted[file] = None
                else:
                    passed[file] = "图片" if file.suffix.lower() in _PICTURES else "不是可以读取的类型"
        elif not path.exists() and glob.has_magic(str(given)):
            # Path.glob takes no absolute pattern.
            matching = glob.glob(str(given), recursive=True)  # noqa: PTH207
            wanted |= dict.fromkeys(sorted(path for path in map(Path, matching) if _is_shown(path)))
        else:
            wanted[path] = None
    return Files(tuple(wanted), tuple((path, why) for path, why in passed.items() if path not in wanted))


def _inside(folder: Path) -> Iterator[Path]:
    found = (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return iter(sorted(path for path in found if _is_shown(path)))


def _is_shown(path: Path) -> bool:
    """Whether a file is neither hidden nor the lock of an office program."""
    return not path.name.startswith((".", "~$")) and path.name not in {"Thumbs.db", "desktop.ini"}


def file_name(path: Path) -> str:
    """A file's name for people; bytes that are no UTF-8 (an archive of a Chinese system) are shown as escapes."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def file_stem(path: Path) -> str:
    """The name without its ending, in the same way."""
    return os.fsencode(path.stem).decode("utf-8", "backslashreplace")
