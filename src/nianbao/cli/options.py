"""What commands share: the options of those that make reports, how reasons are shown, how a file is written.

The one place that reads the environment (FONT_DIR and the screen).
"""

from __future__ import annotations

import datetime
import glob
import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import click

from nianbao.errors import UnknownNameError, UsageError
from nianbao.errors.language import Message, listed, tr, why_refused
from nianbao.export import FORMATS, KNOWN_FORMATS
from nianbao.model import Options, Profile

# Where results go that do not go into the project.
outputs_option = click.option(
    "--outputs",
    type=click.Path(path_type=Path, file_okay=False),
    help="Reports, store and locks go into this folder, not into the project's outputs/ and .nianbao/.",
)

_FEW = 4  # reasons told of a step


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of commands that make reports, which get ``options``, ``outputs``, ``log_json`` and ``quiet``."""

    @click.option("--to", "formats", help="Formats, joined by commas: html,pdf,docx,xlsx (default: these), fragment.")
    @click.option(
        "--profile",
        type=click.Choice([profile.value for profile in Profile]),
        help="With figures or without (default: as each year's parameters say).",
    )
    @click.option("--draft", is_flag=True, help="Make it although findings block it, marked 草稿 on every page.")
    @click.option("--no-store", is_flag=True, help="Run everything again, whatever was stored.")
    @outputs_option
    @click.option("--log-json", is_flag=True, help="Print events as lines of JSON.")
    @click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
    @wraps(command)
    def with_options(
        *arguments: Any, formats: str | None, profile: str | None, draft: bool, no_store: bool, **others: Any
    ) -> Any:
        chosen = Profile(profile) if profile else None
        options = Options(formats_named(formats, KNOWN_FORMATS, FORMATS), chosen, draft, not no_store, font_dir())
        return command(*arguments, options=options, **others)

    return with_options


def font_dir() -> Path | None:
    """The folder of the office's own fonts (FONT_DIR), or None where that is not set or empty."""
    named = os.environ.get("FONT_DIR", "")
    return Path(named).expanduser().absolute() if named else None


def has_screen() -> bool:
    """Whether a browser's window can be opened here; on Linux a browser may do without, inside the terminal."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return not sys.platform.startswith("linux") or any(map(os.environ.get, screens))


def formats_named(given: str | None, known: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...]:
    """The formats in ``html,pdf`` (or ``PDF、html``), in the order of ``known``; the ``usual`` ones without any given.

    UnknownNameError for one that is not known, UsageError where none is named.
    """
    if given is None:
        return usual
    names = tuple(name.strip().lower() for name in re.split("[,，、;；]", given) if name.strip())
    if not names:
        known_ones = Message("known: {known}; leave it out for {usual}", known=known, usual=usual)
        raise UsageError("--to names no format", hint=known_ones)
    for name in names:
        if name not in known:
            raise UnknownNameError("format", name, known)
    return tuple(form for form in known if form in names)


def first_few(reasons: Sequence[str]) -> str:
    """The first few reasons, and how many more there are."""
    if len(reasons) > _FEW:
        return tr("{reasons} and {count} more", reasons=reasons[:_FEW], count=len(reasons) - _FEW)
    return listed(reasons)


def write_file(target: Path, content: bytes) -> None:
    """Write a file where the caller asked for it, and say so on standard error; UsageError where that cannot be."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        raise UsageError(Message("cannot be written: {why}", why=why_refused(error)), where=str(target)) from error
    click.echo(tr("wrote {path}", path=target), err=True)


def put(target: Path | None, content: bytes | str) -> None:
    """Write what was made into the file, and say so; to standard output where none is named."""
    if target is None:
        click.echo(content)
    else:
        write_file(target, content if isinstance(content, bytes) else f"{content}\n".encode())


def day_named(text: str | None, default: datetime.date) -> datetime.date:
    """The day of ``--as-of``: ``today``, or a date in any customary writing; UsageError for anything else."""
    if text is None:
        return default
    if text == "today":
        return today()
    from nianbao.inputs.yaml_file import SettingError, date

    try:
        return date(text)
    except SettingError:
        raise UsageError(Message("{text!r} is no date", text=text), hint="write today or 2024-01-10") from None


def today() -> datetime.date:
    """The day that it is here."""
    return datetime.datetime.now().astimezone().date()


def require_files(names: Sequence[str]) -> None:
    """UsageError where none of these names is that of a file or a folder, or a pattern."""
    # os.path, for no name is too long or too odd for it
    if not any(os.path.exists(name) or glob.has_magic(name) for name in names):  # noqa: PTH110
        raise UsageError(
            Message("no such file: {names}", names=names),
            hint="give files, folders or patterns ('reports/*.docx')",
        )
