"""What the portal shows: the finished reports of a project, and who has none.

May import: errors, form, model, paths, inputs, export, pipeline.publish. Whatever is shown of a report is read from the
report itself (``report.ipynb``), not from inputs that may have changed since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from nianbao.errors import InputError
from nianbao.export import FILE_NAMES
from nianbao.inputs import Files
from nianbao.inputs.settings import load_settings
from nianbao.inputs.units import list_file, load_units
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline.publish import read_sums

NOTEBOOK = "report.ipynb"
# How a reader finds a number: the cell, and its short head.
SHOWN_CELLS = {
    "applications.new.total": "新收申请",
    "applications.carried_in.total": "上年结转",
    "applications.processed.total": "办理总计",
    "applications.carried_out.total": "结转下年",
    "review.reconsideration.total": "行政复议",
    "review.litigation_direct.total": "直接起诉",
    "review.litigation_after_reconsideration.total": "复议后起诉",
}


@dataclass(frozen=True)
class Entry:
    """One report of the portal: who, when, what it is called, its cells as printed, its files with their digests."""

    office: str
    year: int
    name: str
    title: str
    published: str
    edition: str
    fictional: bool
    cells: Mapping[str, str]
    sources: Mapping[str, str]

    @property
    def key(self) -> str:
        """``office/year``, by which the portal keeps it."""
        return f"{self.office}/{self.year}"

    @property
    def full_title(self) -> str:
        """The title with the office's name, as it stands over the report and in the names of its files."""
        return f"{self.name}{self.title}"

    def file_name(self, form: str) -> str:
        """What the file of a format is called on the portal: as a person would call it; the page keeps its name."""
        return FILE_NAMES[form] if form == "html" else f"{self.full_title}.{form}"

    @property
    def formats(self) -> list[str]:
        """The formats that the report was made in, the page first."""
        return [form for form, name in FILE_NAMES.items() if name in self.sources]

    def to_json(self) -> dict[str, Any]:
        """As the portal's record keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class Portal:
    """All entries, by office and year; ``missing`` are the office-years that were to be there, with the names."""

    entries: tuple[Entry, ...]
    missing: Mapping[tuple[str, int], str]

    @cached_property
    def years(self) -> list[int]:
        """Every year with a report, or in which one is missing, the latest first."""
        return sorted({entry.year for entry in self.entries} | {year for _, year in self.missing}, reverse=True)

    @cached_property
    def offices(self) -> dict[str, str]:
        """Every office with a report or without, with its name, as its latest report has it."""
        names = {office: name for (office, _), name in self.missing.items()}
        names |= {entry.office: entry.name for entry in sorted(self.entries, key=lambda each: each.year)}
        return dict(sorted(names.items()))

    @cached_property
    def by_key(self) -> dict[tuple[str, int], Entry]:
        """Every entry by office and year."""
        return {(entry.office, entry.year): entry for entry in self.entries}

    def of_office(self, office: str) -> list[Entry]:
        """The office's reports, the latest first."""
        return [entry for entry in reversed(self.entries) if entry.office == office]

    def of_year(self, year: int) -> list[Entry]:
        """The year's reports, by office."""
        return [entry for entry in self.entries if entry.year == year]


def collect(project: Project, keys: Sequence[ReportKey], known: Mapping[str, Entry]) -> Portal:
    """The portal of these office-years; ``known`` entries are taken where no file of their report has changed.

    Drafts are no reports. Missing are the office-years with inputs and no report, and in the years of the reports, the
    units that an area's list names.
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
    portal = Portal(tuple(entries), missing)
    missing |= _missing_units(project, portal, {key.office for key in keys})
    return Portal(tuple(entries), missing)


def _sources(project: Project, key: ReportKey) -> dict[str, str]:
    """The report's files that the portal needs, with the digests that were recorded; empty where there is no report."""
    folder = project.output_of(key)
    try:
        digests = read_sums(project, folder)
    except OSError:
        return {}
    wanted = [NOTEBOOK, *FILE_NAMES.values()]
    there = {name: digests[name] for name in wanted if name in digests and (folder / name).is_file()}
    return there if {NOTEBOOK, FILE_NAMES["html"]} <= there.keys() else {}


def _read(project: Project, key: ReportKey, sources: Mapping[str, str]) -> Entry:
    import nbformat

    from nianbao.errors import ExportError
    from nianbao.export.document import read_document

    path = project.output_of(key) / NOTEBOOK
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        document = read_document(notebook)
    except (ExportError, OSError, ValueError) as error:
        again = f"make the report again: nianbao report {key.office} {key.year}"
        raise InputError(f"cannot be read: {error}", where=project.relative(path), hint=again) from error
    printed = {
        str(cell.ref): cell.text for table in document.tables for row in table.rows for cell in row.cells if cell.ref
    }
    return Entry(
        office=key.office,
        year=key.year,
        name=document.office,
        title=document.title.removeprefix(document.office),
        published=document.published or "",
        edition=document.edition,
        fictional=document.fictional,
        cells=printed,
        sources=dict(sources),
    )


def _missing_units(project: Project, portal: Portal, chosen: Collection[str]) -> dict[tuple[str, int], str]:
    """The units that a list names for a year of the portal, and that have no report for it."""
    found: dict[tuple[str, int], str] = {}
    files = Files(project)
    for area in chosen:
        for year in portal.years:
            key = ReportKey(area, year)
            listed = load_units(files, key) if list_file(project, key) else None
            for unit in listed.units if listed else ():
                if (unit.office, year) not in portal.by_key:
                    found[unit.office, year] = unit.name
    return found
