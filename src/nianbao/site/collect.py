"""Reads the finished reports of a project, and who has none.

Whatever is shown of a report is read from the report itself (``report.ipynb``), not from inputs that may have changed
since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from nianbao.errors import ExportError, InputError
from nianbao.errors.language import Message
from nianbao.export import FILE_NAMES
from nianbao.export.blocks import Heading
from nianbao.form import EDITIONS, SECTIONS
from nianbao.inputs import Files
from nianbao.inputs.settings import load_office, load_settings
from nianbao.inputs.units import list_file, load_units
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.site.comparison.words import sentences_of
from nianbao.site.entries import DIGITS, Entry, Portal
from nianbao.store.disk import read_sums

if TYPE_CHECKING:
    from nianbao.export.document import Document

NOTEBOOK = "report.ipynb"


def collect(
    project: Project, keys: Sequence[ReportKey], known: Mapping[str, Entry], areas: Collection[str] | None = None
) -> Portal:
    """The portal of these office-years; ``known`` entries are taken where no file of their report has changed.

    Drafts are no reports. Missing are the office-years with inputs and no report, and in the years of the reports, the
    units without one that the lists of the ``areas`` name (not given: of those offices of ``keys`` that have a list).
    """
    entries: list[Entry] = []
    missing: dict[tuple[str, int], str] = {}
    files = Files(project)
    for key in sorted(set(keys)):
        sources = _sources(project, key)
        if not sources:
            office, _, _ = load_settings(files, key)
            missing[key.office, key.year] = office.name
            continue
        before = known.get(f"{key.office}/{key.year}")
        entries.append(before if before and before.sources == sources else _read(project, key, sources))
    years = {entry.year for entry in entries} | {year for _, year in missing}
    named: dict[str, str] = {}
    for area in sorted({key.office for key in keys} if areas is None else set(areas)):
        if project.unit_lists(area):
            missing |= _units_without_report(files, area, years)
            named[area] = load_office(files, area)[0].name
    return Portal(tuple(entries), missing, named)


def _units_without_report(files: Files, area: str, years: Collection[int]) -> Iterator[tuple[tuple[str, int], str]]:
    """The units that the area's list names for these years and that have no report: office and year, and the name."""
    lists = {year: list_file(files.project, ReportKey(area, year)) for year in sorted(years)}
    read = {path: load_units(files, ReportKey(area, year)) for year, path in lists.items() if path}
    for year, path in lists.items():
        listed = read[path] if path else None
        for unit in listed.units if listed else ():
            if not _sources(files.project, ReportKey(unit.office, year)):
                yield (unit.office, year), unit.name


def _sources(project: Project, key: ReportKey) -> dict[str, str]:
    """The report's files that the portal needs, with the digests that were recorded; empty where there is no report."""
    folder = project.output_of(key)
    try:
        digests = read_sums(project, folder)
    except OSError:
        return {}
    wanted = [NOTEBOOK, *FILE_NAMES.values()]
    there = {name: digests[name][:DIGITS] for name in wanted if name in digests and (folder / name).is_file()}
    return there if {NOTEBOOK, FILE_NAMES["html"]} <= there.keys() else {}


def _read(project: Project, key: ReportKey, sources: Mapping[str, str]) -> Entry:
    # Imported here: a portal none of whose reports has changed reads no notebook; nbformat takes as long as the rest.
    import nbformat

    from nianbao.export.document import read_document

    path = project.output_of(key) / NOTEBOOK
    try:
        document = read_document(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4))
        form = EDITIONS[document.edition]
    except (ExportError, OSError, KeyError, ValueError) as error:
        again = Message("make the report again: nianbao report {office} {year}", office=key.office, year=key.year)
        raise InputError(
            Message("cannot be read: {error}", error=error), where=project.relative(path), hint=again
        ) from error
    printed = {cell.ref: cell.text for table in document.tables for row in table.rows for cell in row.cells if cell.ref}
    return Entry(
        office=key.office,
        year=key.year,
        name=document.office,
        title=document.title.removeprefix(document.office),
        published=document.published or "",
        edition=document.edition,
        fictional=document.fictional,
        cells={str(ref): printed.get(str(ref), "") for ref in form.cells},
        texts=tuple((slug, "\n".join(lines)) for slug, lines in _sections(document).items() if lines),
        sources=dict(sources),
    )


def _sections(document: Document) -> dict[str, list[str]]:
    """The sentences of each section, in reading order; what stands before the first section is under no slug."""
    slugs = {section.slug for section in SECTIONS}
    found: dict[str, list[str]] = {"": []}
    at = ""
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            at = block.anchor if block.anchor in slugs else at
            found.setdefault(at, [])
        else:
            found[at] += sentences_of([block])
    return found
