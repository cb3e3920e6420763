"""The last step: a finished report is built aside and swapped in whole; what people left in its folder is kept."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import itertools
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nianbao.errors import InputError
from nianbao.errors.language import Message
from nianbao.model import ExportedFile, Published, ReportKey
from nianbao.paths import Project
from nianbao.store.disk import SUMS, discard, disk_faults, exchanged, file_mode, make_folder, read_sums


def publish(project: Project, key: ReportKey, files: Sequence[ExportedFile], *, draft: bool = False) -> Published:
    """Put the finished report in its place; where it stands there already, byte for byte, nothing is touched.

    The files are written into a folder beside the old one, and the two change places in one step. Whatever the old one
    holds that no run has made is moved into a folder of its own (``kept``). Raises NianbaoError where the disk is full
    or may not be written; the last good report is then as it was.
    """
    target = project.output_of(key, draft=draft)
    kept: list[str] = []
    with disk_faults(project, target, Message("the report cannot be written")):
        recover(project, key, draft=draft)
        changed = bool(unlike(project, target, files))
        if changed:
            kept = _replace(project, key, target, files)
    return Published(key, target, tuple(file.name for file in files), changed, tuple(kept))


def unlike(project: Project, target: Path, files: Sequence[ExportedFile]) -> list[str]:
    """The names of the report's files that are not in its folder as they should be, or of former ones; sorted."""
    wanted = {file.name: file.content for file in files}
    names = {*wanted, *(name for name in _sums_of(project, target) if (target / name).exists())}
    return sorted(name for name in names if not _holds(target / name, wanted.get(name)))


def recover(project: Project, key: ReportKey, *, draft: bool = False) -> list[str]:
    """Clean up after a run that was killed: bring the old report back, drop what was built aside; what was kept."""
    target = project.output_of(key, draft=draft)
    old = _old(target)
    kept = []
    if old.is_dir() and not target.exists():
        old.rename(target)
    if target.parent.is_dir():
        for left in target.parent.glob(f".{target.name}-new-*"):
            discard(left)
        for left in target.parent.glob(f".{target.name}-old*"):
            kept += _discard_report(project, key, left, ())
    return kept


def _replace(project: Project, key: ReportKey, target: Path, files: Sequence[ExportedFile]) -> list[str]:
    make_folder(target.parent)
    aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-new-"))
    # Whole, and so of this name: in what a killed run leaves, that tells a report from one that was being written.
    ready = aside.with_name(aside.name.replace("-new-", "-old-"))
    kept = []
    try:
        _write(aside, files)
        aside.rename(ready)
        kept += _swap(project, key, ready, target)
    finally:
        discard(aside)
        kept += _discard_report(project, key, ready, files)
    return kept


def _write(folder: Path, files: Sequence[ExportedFile]) -> None:
    folder.chmod(folder.parent.stat().st_mode & 0o7777)
    mode = file_mode(folder)
    for file in files:
        path = folder / file.name
        make_folder(path.parent)
        with path.open("wb") as stream:
            stream.write(file.content)
            stream.flush()
            os.fsync(stream.fileno())
        path.chmod(mode)


def _swap(project: Project, key: ReportKey, ready: Path, target: Path) -> list[str]:
    """``ready`` takes the place of ``target``; afterwards ``ready`` is the old folder or nothing. What was kept."""
    kept = []
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        kept = _keep(project, key, target.parent, [target])
    if not target.exists():
        ready.rename(target)
    elif not exchanged(ready, target):
        # No exchange in one step here: recover mends a run that is killed between these two.
        old = _old(target)
        target.rename(old)
        ready.rename(target)
        old.rename(ready)
    return kept


def _discard_report(project: Project, key: ReportKey, folder: Path, made: Sequence[ExportedFile]) -> list[str]:
    """Drop a former report, but for what no run has made; the names of what was kept."""
    if not folder.is_dir():
        return []
    sums, now = _sums_of(project, folder), {file.name: file.content for file in made}
    foreign = [path for path in _entries(folder) if not _is_ours(path, path.relative_to(folder).as_posix(), sums, now)]
    kept = _keep(project, key, folder, foreign)
    discard(folder)
    return kept


def _is_ours(path: Path, name: str, sums: Mapping[str, str], now: Mapping[str, bytes]) -> bool:
    if name == SUMS:
        return True
    if path.is_symlink() or not path.is_file():
        return False
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return hashlib.sha256(content).hexdigest() == sums.get(name) or now.get(name) == content


def _entries(folder: Path) -> Iterator[Path]:
    """All that is below the folder but folders; links are not followed."""
    for place, folders, names in os.walk(folder):
        with contextlib.suppress(OSError):
            Path(place).chmod(0o700)  # it is about to go; without leave to write, nothing could be moved out of it
        links = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in (*names, *links))


def _keep(project: Project, key: ReportKey, folder: Path, paths: Sequence[Path]) -> list[str]:
    """Move these into a folder of its own, named by the time; their names there."""
    if not paths:
        return []
    base = project.kept_of(key)
    now = f"{datetime.datetime.now(datetime.UTC).astimezone():%Y-%m-%d-%H%M%S}"
    names = (f"{now}{f'-{number}' if number else ''}" for number in itertools.count())
    into = next(base / name for name in names if not (base / name).exists())
    kept = []
    for path in paths:
        place = into / path.relative_to(folder)
        make_folder(place.parent)
        path.rename(place)
        kept.append(project.relative(place))
    return kept


def published_names(project: Project, folder: Path) -> set[str]:
    """The files of the report that are in the folder, as far as its list of digests names them."""
    return {name for name in _sums_of(project, folder) if (folder / name).is_file()}


def _sums_of(project: Project, folder: Path) -> Mapping[str, str]:
    """The digests that the folder's list names; none where there is no list that can be read."""
    try:
        return read_sums(project, folder)
    except (OSError, InputError):
        return {}


def _holds(path: Path, content: bytes | None) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _old(target: Path) -> Path:
    return target.with_name(f".{target.name}-old")
