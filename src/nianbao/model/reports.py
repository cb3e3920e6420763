"""Who reports for which year, what kind of report is wanted, and what its steps make."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from nianbao.form import Section


class Profile(StrEnum):
    """Whether a report has charts: the official one has none."""

    OFFICIAL = "official"
    ILLUSTRATED = "illustrated"


class OfficeKind(StrEnum):
    """What an office is; only a government of a province or a city with districts makes 规章."""

    GOVERNMENT = "government"
    GOVERNMENT_OFFICE = "government_office"
    DEPARTMENT = "department"
    TOWNSHIP = "township"
    UNKNOWN = "unknown"  # a published report that does not say who made it


class Level(StrEnum):
    """The level of government to which an office belongs."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"


@dataclass(frozen=True, slots=True)
class LocalRules:
    """What a local notice asks beyond the law; ``deadline`` is a month and a day of the next year.

    ``overview_limit``: characters of section 1 at most. ``counts``: words beside which section 1 must state a count.
    """

    deadline: tuple[int, int] | None = None
    overview_limit: int = 1000
    counts: tuple[str, ...] = ()

    def deadline_in(self, year: int) -> datetime.date | None:
        """The local deadline as a day of that year; None where there is none."""
        return None if self.deadline is None else datetime.date(year, *self.deadline)


NO_LOCAL_RULES = LocalRules()


def lawful_deadline(year: int, *, area: bool) -> datetime.date:
    """The last day in ``year`` on which the report of the year before may be published.

    31 January; 31 March for a government's report on its whole ``area`` (国务院令第711号, article 49).
    """
    return datetime.date(year, 3 if area else 1, 31)


@dataclass(frozen=True, slots=True, order=True)
class ReportKey:
    """Which report: office and year."""

    office: str
    year: int

    def __str__(self) -> str:
        return f"{self.office} {self.year}"

    @property
    def named(self) -> str:
        """The key for people: a file that names no year has the year 0, which is not shown."""
        return str(self) if self.year else self.office

    @property
    def previous(self) -> ReportKey:
        """Last year's report of the same office."""
        return ReportKey(self.office, self.year - 1)


@dataclass(frozen=True, slots=True)
class Office:
    """Who reports. ``covers_area``: the report covers a whole area and is due on 31 March, not 31 January."""

    id: str
    name: str
    short_name: str
    kind: OfficeKind
    level: Level
    parent: str | None = None
    covers_area: bool = False
    fictional: bool = False


# What is made where no format is named.
FORMATS = ("html", "pdf", "docx", "xlsx")


@dataclass(frozen=True)
class Options:
    """What kind of report is wanted: formats, profile (None: as the year's parameters say), draft, store or not.

    ``font_dir`` is the folder of the office's own fonts.
    """

    formats: tuple[str, ...] = FORMATS
    profile: Profile | None = None
    draft: bool = False
    store: bool = True
    font_dir: Path | None = None

    @property
    def variant(self) -> str:
        """Keeps results of different kinds of the same report apart."""
        return f"{self.profile.value if self.profile else 'default'}{'-draft' if self.draft else ''}"


# The MIME type of what a section displays besides tables: titles, headings, texts, figures, closings.
BLOCK_MIME = "application/vnd.nianbao.block+json"


@dataclass(frozen=True)
class SectionRun:
    """One executed section: which section, the notebook file it came from, and the executed notebook (JSON text).

    ``reads`` are the project files that the section read, by their names relative to the project: the SHA-256 of what
    it read, "absent" where there was no such file; a folder's listing has a name that ends with "/".
    """

    section: Section
    notebook: str
    executed: str
    reads: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"SectionRun({self.section.stem}, {self.notebook})"


@dataclass(frozen=True)
class Report:
    """A stitched report: its key and the notebook (JSON text) from which every exporter draws."""

    key: ReportKey
    notebook: str

    def __repr__(self) -> str:
        return f"Report({self.key})"


@dataclass(frozen=True, slots=True)
class WordTemplate:
    """An office's own template of the DOCX: its name for messages, relative to the project, and its bytes."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of the finished report: its name in the report's folder and its bytes."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Published:
    """Where a finished report lies; ``changed`` is False where it stood there already, byte for byte.

    ``kept`` are files of people that were in its folder, by the names that they have now, relative to the project.
    """

    key: ReportKey
    folder: Path
    files: tuple[str, ...]
    changed: bool = True
    kept: tuple[str, ...] = ()
