"""``nianbao doctor`` and ``nianbao store``: what this machine has and lacks, and how large the store may be.

May import: errors, paths; export and the pipeline inside the commands.
"""

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
from nianbao.cli.options import font_dir
from nianbao.errors import ExitCode, NianbaoError
from nianbao.paths import Project, find_project

_LOW_SPACE = 500 << 20  # bytes: below, a batch may not end
_PROGRAMS = (
    (
        "LibreOffice",
        ("soffice", "libreoffice"),
        "只用于查看和测试：apt install libreoffice-writer libreoffice-calc",
    ),
    ("Chromium", ("chromium", "chromium-browser", "google-chrome"), "只用于测试网页：apt install chromium"),
    ("git", ("git",), "建议安装，以便保留每次改动：apt install git"),
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
        click.echo(f"{mark} {sign.what}：{sign.stands}")
        if sign.advice:
            click.echo(f"    {sign.advice}")
    return ExitCode.FINDINGS if any(sign.grave for sign in found) else ExitCode.DONE


def _no_project(start: Path) -> Sign:
    return Sign("项目", f"{start.resolve()} 及其上级文件夹都不是项目", "建立一个：nianbao init FOLDER", grave=True)


def _of_machine() -> Iterator[Sign]:
    version = platform.python_version()
    old = sys.version_info < (3, 11)
    yield Sign("nianbao", __version__)
    yield Sign("Python", version, "需要 3.11 或更新的版本" if old else "", grave=old)
    yield from _fonts()
    for name, commands, advice in _PROGRAMS:
        place = next(filter(None, map(shutil.which, commands)), None)
        yield Sign(name, place or "没有", "" if place else advice)


def _fonts() -> Iterator[Sign]:
    """The faces of each style, for both declarations that an office can make."""
    from nianbao.export.fonts import OFFICIAL_FACES, OPEN, resolve

    for declared, name in ((OPEN, "open"), (OFFICIAL_FACES, "official")):
        try:
            fonts = resolve(declared, font_dir())
        except NianbaoError as error:
            yield Sign(f"字体（fonts: {name}）", error.told(), "重新安装 nianbao", grave=name == "open")
            continue
        styles = "，".join(f"{choice.role.value} {choice.faces[0].family.name}" for choice in fonts.choices)
        advice = f"缺少 {'、'.join(fonts.missing)}，已用其他字体代替；取得：make fonts，或用 FONT_DIR 指明文件夹"
        advice = advice if fonts.missing else ""
        yield Sign(f"字体（fonts: {name}）", styles, advice)


def _of_project(project: Project) -> Iterator[Sign]:
    yield Sign("项目", str(project.root))
    for folder in (project.outputs, project.state):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        writable = os.access(there, os.W_OK)
        advice = "" if writable else "不能写入：检查权限，或用 --outputs 把结果放到别处"
        yield Sign(f"写入 {folder.name}/", "可以" if writable else "不可以", advice, grave=not writable)
    free = shutil.disk_usage(project.root).free
    yield Sign("磁盘剩余", _size(free), "空间不多，请清理磁盘" if free < _LOW_SPACE else "")
    from nianbao.pipeline import project_store

    store = project_store(project)
    yield Sign("存档", f"{_size(store.size())}，上限 {_size(store.limit)}（nianbao store prune 可清理）")
    yield _git(project)
    yield _lock(project)


def _git(project: Project) -> Sign:
    call = ["git", "-C", str(project.root), "status", "--porcelain", "--", "."]
    try:
        done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return Sign("版本管理", "没有 git")
    if done.returncode:
        return Sign("版本管理", "此文件夹没有用 git 管理", "建议：git init && git add -A && git commit")
    changed = len(done.stdout.splitlines())
    return Sign("版本管理", f"{changed}个文件有未提交的改动" if changed else "没有未提交的改动")


def _lock(project: Project) -> Sign:
    """Whether the installed packages are those of the project's lock, where it has one."""
    from nianbao.store import package_version

    path = project.root / "requirements.lock"
    if not path.is_file():
        return Sign("软件包", "没有 requirements.lock，版本以安装的为准")
    pinned: dict[str, set[str]] = {}  # a name has several versions where these are for different Pythons
    for name, version in re.findall(r"^([a-z0-9._-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE):
        pinned.setdefault(name, set()).add(version)
    found = {name: package_version(name) for name in pinned}
    odd = [name for name, versions in pinned.items() if found[name] not in {*versions, "absent"}]
    if not odd:
        return Sign("软件包", "与 requirements.lock 一致")
    shown = "、".join(f"{name} {found[name]}" for name in odd[:5]) + ("等" if len(odd) > 5 else "")
    return Sign("软件包", f"{len(odd)}个与 requirements.lock 不同：{shown}", "重新安装：make setup")


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
    click.echo(f"{dropped} results dropped: {_size(before)} before, {_size(there.size())} now")
