"""Owns who reports and for which year.

Imports nothing of ours.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum


class Profile(StrEnum):
    """How a report is furnished: the official one has no figures."""

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
