"""What commands share: the formats asked for, the folder of the office's own fonts, how reasons are shown.

May import: errors. The one place that reads the environment (FONT_DIR, and of the terminal its language and screen).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from nianbao.errors import UnknownNameError, UsageError


def font_dir() -> Path | None:
    """The folder of the office's own fonts (FONT_DIR), or None where that is not set or empty."""
    named = os.environ.get("FONT_DIR", "")
    return Path(named).expanduser().absolute() if named else None


def language() -> str:
    """The language of the terminal: "zh" where it is Chinese, else "en"."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if named.startswith("zh") else "en"


def has_screen() -> bool:
    """Whether a browser's window can be opened here; on Linux a browser may do without, inside the terminal."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return not sys.platform.startswith("linux") or any(map(os.environ.get, screens))


def formats_named(given: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """The formats in ``html,pdf``, in the order of ``known``; all where nothing is given.

    UnknownNameError for one that is not known, UsageError where none is named.
    """
    if given is None:
        return known
    names = tuple(name.strip() for name in given.split(",") if name.strip())
    if not names:
        raise UsageError("--to names no format", hint=f"known: {', '.join(known)}; leave it out for all of them")
    for name in names:
        if name not in known:
            raise UnknownNameError("format", name, known)
    return tuple(form for form in known if form in names)


def shortened(reasons: Sequence[str], most: int = 4) -> str:
    """The first few reasons, and how many more there are."""
    more = f" and {len(reasons) - most} more" if len(reasons) > most else ""
    return ", ".join(reasons[:most]) + more


def write_file(target: Path, content: bytes, said: str = "wrote") -> None:
    """Write a file where the caller asked for it, and say so on standard error; UsageError where that cannot be."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", where=str(target)) from error
    click.echo(f"{said} {target}", err=True)


def put(target: Path | None, content: bytes | str) -> None:
    """Write what was made into the file, and say so; to standard output where none is named."""
    if target is None:
        click.echo(content)
    else:
        write_file(target, content if isinstance(content, bytes) else f"{content}\n".encode(), "已写入")
