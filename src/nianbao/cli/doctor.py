"""``nianbao doctor`` and ``nianbao store``: what this machine has and lacks, and how large the store may be."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from nianbao import __version__
from nianbao.cli.fonts import STYLES
from nianbao.cli.options import font_dir
from nianbao.errors import ExitCode, NianbaoError
from nianbao.errors.language import Message, listed, tr
from nianbao.paths import Project, find_project

_VERSIONS, _PACKAGES = Message("versions"), Message("packages")
_LOW_SPACE = 500 << 20  # bytes: below, a batch may not end
_PROGRAMS = (
    (
        "LibreOffice",
        ("soffice", "libreoffice"),
        Message("for looking and tests alone: {command}", command="apt install libreoffice-writer libreoffice-calc"),
    ),
    (
        "Chromium",
        ("chromium", "chromium-browser", "google-chrome"),
        Message("for tests of web pages alone: {command}", command="apt install chromium"),
    ),
    ("git", ("git",), Message("recommended, to keep every change: {command}", command="apt install git")),
)


@dataclass(frozen=True)
class Sign:
    """One thing looked at: its name, how it stands, what to do; ``grave``: no report can be made until it is done."""

    what: str
    stands: str
    advice: str = ""
    grave: bool = False


@click.command("doctor", epilog="Example: nianbao doctor")
@click.pass_obj
def doctor(start: Path) -> int:
    """Say what this machine and project have and lack, and what to do about it; exit 1 where no report can be made."""
    try:
        project = find_project(start)
    except NianbaoError:
        project = None
    found = [*_of_machine(), *(_of_project(project) if project else [_no_project(start)])]
    for sign in found:
        mark = "✗" if sign.grave else "!" if sign.advice else "✓"
        click.echo(f"{mark} " + tr("{what}: {stands}", what=tr(sign.what), stands=tr(sign.stands)))
        if sign.advice:
            click.echo(f"    {tr(sign.advice)}")
    return ExitCode.FINDINGS if any(sign.grave for sign in found) else ExitCode.DONE


def _no_project(start: Path) -> Sign:
    stands = Message("neither {folder} nor a folder above it is one", folder=start.resolve())
    return Sign(Message("project"), stands, Message("make one: nianbao init FOLDER"), grave=True)


def _of_machine() -> Iterator[Sign]:
    version = platform.python_version()
    old = sys.version_info < (3, 11)
    yield Sign("nianbao", __version__)
    yield Sign("Python", version, Message("3.11 or newer is needed") if old else "", grave=old)
    yield from _fonts()
    for name, commands, advice in _PROGRAMS:
        place = next(filter(None, map(shutil.which, commands)), None)
        yield Sign(name, place or Message("not there"), "" if place else advice)


def _fonts() -> Iterator[Sign]:
    """The faces of each style, for both declarations that an office can make."""
    from nianbao.export.fonts import OFFICIAL_FACES, OPEN, resolve

    for declared, name in ((OPEN, "open"), (OFFICIAL_FACES, "official")):
        try:
            fonts = resolve(declared, font_dir())
        except NianbaoError as error:
            yield Sign(
                Message("fonts ({name})", name=name),
                str(error),
                Message("install nianbao again"),
                grave=name == "open",
            )
            continue
        styles = listed(f"{tr(STYLES[choice.role.value])} {choice.faces[0].family.name}" for choice in fonts.choices)
        missing = Message(
            "{fonts} are missing, others serve for them; get them: make fonts, or name their folder with FONT_DIR",
            fonts=fonts.missing,
        )
        yield Sign(Message("fonts ({name})", name=name), styles, missing if fonts.missing else "")


def _of_project(project: Project) -> Iterator[Sign]:
    yield Sign(Message("project"), str(project.root))
    for folder in (project.outputs, project.state):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        writable = os.access(there, os.W_OK)
        advice = "" if writable else Message("check its rights, or put the results elsewhere with --outputs")
        stands = Message("possible") if writable else Message("not possible")
        yield Sign(Message("writing to {folder}/", folder=folder.name), stands, advice, grave=not writable)
    free = shutil.disk_usage(project.root).free
    yield Sign(Message("free on the disk"), _size(free), Message("little: make room") if free < _LOW_SPACE else "")
    from nianbao.pipeline import project_store

    store = project_store(project)
    size, limit = _size(store.size()), _size(store.limit)
    yield Sign(Message("store"), Message("{size} of {limit} (nianbao store prune makes room)", size=size, limit=limit))
    yield _git(project)
    yield _lock(project)


def _git(project: Project) -> Sign:
    call = ["git", "-C", str(project.root), "status", "--porcelain", "--", "."]
    try:
        done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return Sign(_VERSIONS, Message("no git"))
    if done.returncode:
        return Sign(_VERSIONS, Message("not under git"), Message("recommended: git init && git add -A && git commit"))
    changed = len(done.stdout.splitlines())
    return Sign(
        _VERSIONS,
        Message("{count} files changed since the last commit", count=changed) if changed else Message("all committed"),
    )


def _lock(project: Project) -> Sign:
    """Whether the installed packages are those of the project's lock, where it has one."""
    from nianbao.store import package_version

    path = project.root / "requirements.lock"
    if not path.is_file():
        return Sign(_PACKAGES, Message("no requirements.lock: the versions are those installed"))
    pinned: dict[str, set[str]] = {}  # a name has several versions where these are for different Pythons
    for name, version in re.findall(r"^([a-z0-9._-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE):
        pinned.setdefault(name, set()).add(version)
    found = {name: package_version(name) for name in pinned}
    odd = [name for name, versions in pinned.items() if found[name] not in {*versions, "absent"}]
    if not odd:
        return Sign(_PACKAGES, Message("as in requirements.lock"))
    shown = [f"{name} {found[name]}" for name in odd[:5]] + ["…"] * (len(odd) > 5)
    stands = Message("{count} are not as in requirements.lock: {shown}", count=len(odd), shown=shown)
    return Sign(_PACKAGES, stands, Message("install them again: make setup"))


def _size(count: int) -> str:
    return f"{count / (1 << 30):.1f} GB" if count >= 1 << 30 else f"{count / (1 << 20):.0f} MB"


@click.group("store", epilog="Example: nianbao store prune --to 500")
def store() -> None:
    """The store of step results in .nianbao/store; it may be deleted at any time."""


@store.command("prune", epilog="Example: nianbao store prune --to 500")
@click.option("--to", "megabytes", type=click.IntRange(min=0), default=0, show_default=True, help="Keep so many MB.")
@click.pass_obj
def prune(start: Path, megabytes: int) -> None:
    """Drop the results that were used longest ago until the store is no larger than so many megabytes."""
    from nianbao.pipeline import project_store
    from nianbao.store import Store

    there = project_store(find_project(start))
    before = there.size()
    dropped = Store(there.root, limit=megabytes << 20).tidy()
    click.echo(
        tr(
            "{count} results dropped: {before} before, {now} now",
            count=dropped,
            before=_size(before),
            now=_size(there.size()),
        )
    )
