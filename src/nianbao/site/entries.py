"""The values that the portal is made of: its reports, by office and year, and who has none.

Knows no file and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from nianbao.export import FILE_NAMES

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


# Hexadecimal digits that the portal keeps of a SHA-256: enough to tell any two versions of a file apart.
DIGITS = 16


@dataclass(frozen=True)
class Entry:
    """One report of the portal: who, when, what it is called, what it says, its files with their digests.

    ``cells`` holds every cell of its edition as printed, in the form's order; ``texts`` its sections by their slugs
    (the empty one for what stands before the first), each a string with one sentence a line.
    """

    office: str
    year: int
    name: str
    title: str
    published: str
    edition: str
    fictional: bool
    cells: Mapping[str, str]
    texts: tuple[tuple[str, str], ...]
    sources: Mapping[str, str]

    @property
    def key(self) -> str:
        """``office/year``, by which the portal keeps it."""
        return f"{self.office}/{self.year}"

    @property
    def of(self) -> tuple[str, str, list[str]]:
        """What whatever is made of the entry depends on: the report's content, and the formats that there are."""
        return (self.key, self.sources["report.ipynb"], self.formats)

    @property
    def folder(self) -> str:
        """The folder of the office's pages and of all its reports' files, from the portal's root."""
        return f"offices/{self.office}/"

    @property
    def page(self) -> str:
        """The page about the report, in its folder."""
        return f"{self.year}.html"

    @property
    def full_title(self) -> str:
        """The title with the office's name, as it stands over the report and in the names of its files."""
        return f"{self.name}{self.title}"

    def file_name(self, form: str) -> str:
        """What the file of a format is called in its folder: as a person would call it, but for the report's page."""
        if form == "html":
            return f"{self.year}-report.html"
        year = "" if str(self.year) in self.full_title else f"{self.year}年"  # each year's files stand in one folder
        return f"{self.full_title}{year}.{form}"

    @property
    def formats(self) -> list[str]:
        """The formats that the report was made in, the page first."""
        return [form for form, name in FILE_NAMES.items() if name in self.sources]


@dataclass(frozen=True)
class Made:
    """One file of the portal: its path from the root, what it depends on (as JSON can hold it), and how it is made."""

    path: str
    of: object
    make: Callable[[], bytes]


def address(name: str) -> str:
    """A file's name as it stands in a link: letters of any script stay as they are, as addresses may have them."""
    return "".join(sign if sign.isalnum() else quote(sign) for sign in name)


@dataclass(frozen=True)
class Portal:
    """All entries, by office and year; ``missing`` are the office-years that were to be there, with the names.

    ``areas`` are the offices with a list of units, with the names; ``base`` is the address of the portal, with a slash
    at its end, or empty where it is not known.
    """

    entries: tuple[Entry, ...]
    missing: Mapping[tuple[str, int], str]
    areas: Mapping[str, str]
    base: str = ""

    @cached_property
    def of(self) -> tuple[object, ...]:
        """What depends on all of the portal depends on this."""
        return (
            [entry.of for entry in self.entries],
            sorted((*key, name) for key, name in self.missing.items()),
            self.areas,
        )

    @cached_property
    def has_feed(self) -> bool:
        """Whether there is a feed: it must name whole addresses, and the day on which something was published."""
        return bool(self.base) and any(entry.published for entry in self.entries)

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

    @cached_property
    def _by_office(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in sorted(self.entries, key=lambda each: -each.year):
            found.setdefault(entry.office, []).append(entry)
        return found

    @cached_property
    def _by_year(self) -> dict[int, list[Entry]]:
        found: dict[int, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.year, []).append(entry)
        return found

    def of_office(self, office: str) -> list[Entry]:
        """The office's reports, the latest first."""
        return self._by_office.get(office, [])

    def of_year(self, year: int) -> list[Entry]:
        """The year's reports, by office."""
        return self._by_year.get(year, [])

    def missing_in(self, year: int) -> dict[str, str]:
        """The offices without a report for the year, with their names."""
        return {office: name for (office, of), name in sorted(self.missing.items()) if of == year}
