"""Build the portal aside and let it take the place of the old one; what has not changed is taken over."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from nianbao.errors import InputError, UsageError
from nianbao.errors.language import Message
from nianbao.export import FILE_NAMES
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.site import opendata, search
from nianbao.site.collect import collect
from nianbao.site.entries import Entry, Made, Portal
from nianbao.site.pages import pages, report_page, scripts_and_style
from nianbao.site.record import RECORD, Before, digest_of, read_record, record_of, short_digest
from nianbao.store.disk import exchanged


@dataclass(frozen=True)
class Built:
    """What a build did: the portal, and each path that it wrote anew, took away or renamed, with why."""

    folder: Path
    portal: Portal
    changes: tuple[tuple[str, str], ...]


def build_site(
    project: Project,
    keys: Sequence[ReportKey],
    into: Path,
    areas: Collection[str] | None = None,
    base: str = "",
) -> Built:
    """Build the portal of these office-years in the folder ``into``; the same inputs give the same bytes.

    ``areas`` are the offices whose lists of units say who should have a report (not given: those of ``keys``). ``base``
    is the address at which the portal will stand; the feed and the site map are made only where it is given, for they
    must name whole addresses. UsageError where ``into`` holds something else than a portal; InputError where a report's
    files are not as recorded. Until the portal is whole, the old one stays as it is.
    """
    before = read_record(into)
    portal = collect(project, keys, before.reports, areas)
    if not portal.entries:
        raise UsageError("there is no finished report", hint="make one: nianbao report OFFICE YEAR")
    portal = replace(portal, base=f"{base.rstrip('/')}/" if base else "")
    into.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=into.parent, prefix=f".{into.name}-new-"))
    try:
        aside.chmod(0o755)
        builder = _Builder(project, into, aside, before)
        builder.build(portal)
        changes = builder.changes
        _swap(aside, into)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Built(into, portal, tuple(changes))


class _Builder:
    """Writes one portal aside; files of the old one that are still right are linked or copied over."""

    def __init__(self, project: Project, old: Path, new: Path, before: Before) -> None:
        self._project = project
        self._old = old
        self._new = new
        self._before = before
        self._files: dict[str, str] = {}
        self._parts: dict[str, str] = {}
        self._folders: set[str] = set()  # those that are there
        self.changes: list[tuple[str, str]] = []

    def build(self, portal: Portal) -> None:
        """Write everything, and the record last."""
        for entry in portal.entries:
            self._report(entry, self._before.reports.get(entry.key), portal.base)
        for made in scripts_and_style():
            self._make(made, Message("another version of nianbao"))
        for made in chain(search.index(portal), opendata.files(portal), pages(portal)):
            self._make(made, Message("what it shows changed"))
        self._keep_others()
        gone = sorted(set(self._before.files) - set(self._files))
        self.changes += [(path, Message("gone")) for path in gone]
        (self._new / RECORD).write_bytes(record_of(portal, self._files, self._parts))

    def _make(self, made: Made, why: str) -> None:
        """Make a file; where nothing that it depends on has changed, the old one is right."""
        self._parts[made.path] = digest_of(made.of)
        if self._parts[made.path] != self._before.parts.get(made.path) or not self._take_over(made.path):
            self._put(made.path, made.make(), why)

    def _report(self, entry: Entry, before: Entry | None, base: str) -> None:
        folder = self._project.output_of(ReportKey(entry.office, entry.year))
        for form in entry.formats:
            own = FILE_NAMES[form]
            path = entry.folder + entry.file_name(form)
            if form == "html":
                self._parts[path] = digest_of(base)  # the page names the portal's address
            same = before is not None and before.sources.get(own) == entry.sources[own]
            same = same and self._before.parts.get(path) == self._parts.get(path)
            if same and before is not None and before.full_title == entry.full_title and self._take_over(path):
                continue
            content = (folder / own).read_bytes()
            if short_digest(content) != entry.sources[own]:
                again = Message(
                    "make the report again: nianbao report {office} {year}", office=entry.office, year=entry.year
                )
                raise InputError("is not as SHA256SUMS says", where=self._project.relative(folder / own), hint=again)
            why = Message("changed: {name}", name=self._project.relative(folder / own)) if before else Message("new")
            self._put(path, report_page(entry, content, base) if form == "html" else content, why)

    def _keep_others(self) -> None:
        """Take over what people have put into the portal: no build has made it, and none takes it away."""
        for folder, _, names in os.walk(self._old):
            below = Path(folder).relative_to(self._old)
            for name in sorted(names):
                path = (below / name).as_posix()
                if path not in self._before.files and path != RECORD and not (self._new / path).exists():
                    shutil.copy2(self._old / path, self._target(path))

    def _take_over(self, path: str) -> bool:
        """Whether the old portal's file could be taken over."""
        digest = self._before.files.get(path)
        if digest is None:
            return False
        old, target = self._old / path, self._target(path)
        try:
            os.link(old, target)
        except FileNotFoundError:  # somebody has deleted it
            return False
        except OSError:  # a file system without links
            shutil.copyfile(old, target)
        self._files[path] = digest
        return True

    def _put(self, path: str, content: bytes, why: str) -> None:
        if path == opendata.ROBOTS and path not in self._before.files and (self._old / path).is_file():
            return  # a robots.txt of somebody else's stays
        digest = short_digest(content)
        if self._before.files.get(path) == digest and self._take_over(path):
            return
        self._target(path).write_bytes(content)
        self._files[path] = digest
        self.changes.append((path, why if path in self._before.files else Message("new")))

    def _target(self, path: str) -> Path:
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (self._new / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        return self._new / path


def _swap(ready: Path, into: Path) -> None:
    """The new portal takes the place of the old one."""
    if not into.exists():
        ready.rename(into)
        return
    if exchanged(ready, into):
        return
    old = Path(tempfile.mkdtemp(dir=into.parent, prefix=f".{into.name}-old-"))
    into.rename(old / into.name)
    try:
        ready.rename(into)
    except OSError:
        (old / into.name).rename(into)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
