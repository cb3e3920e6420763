"""What one report is made from: cells, counts, texts, each with its source."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from nianbao.form import SECTIONS, CellRef, Edition
from nianbao.form.cells import BLANK, Number, Value
from nianbao.model.reports import NO_LOCAL_RULES, LocalRules, Office, Profile, ReportKey

# How the readers of published files name places in them.
_PLACES = (
    (re.compile(r"\bpage (\d+)"), r"第\1页"),
    (re.compile(r"\btable (\d+) row (\d+) cell (\d+)"), r"第\1个表格第\2行第\3格"),
    (re.compile(r"(?:\bline|!row) (\d+)"), r"第\1行"),
    (re.compile(r"(?<=[页行格]),? (?=第)"), ""),
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was read: a path relative to the project (or a published file's name) and a line from 1.

    ``column`` names the column of a table file; ``place`` is free for other carriers (a page, a sheet's cell).
    """

    path: str
    line: int | None = None
    column: str | None = None
    place: str | None = None

    def __str__(self) -> str:
        parts = [self.path, str(self.line) if self.line else None, self.column, self.place]
        return ":".join(part for part in parts if part)

    @property
    def in_chinese(self) -> str:
        """The same with the place within a carrier in Chinese: 来稿.docx:第1个表格第2行第2格."""
        if not self.place:
            return str(self)
        place = {section.slug: section.title for section in SECTIONS}.get(self.place, self.place)
        for english, chinese in _PLACES:
            place = english.sub(chinese, place)
        return str(replace(self, place=place))


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with the place where it was read."""

    value: Value
    source: Source


@dataclass(frozen=True, slots=True)
class Figure:
    """A count that the narrative states and no table holds, with its unit (条, 件, 期)."""

    key: str
    label: str
    value: Value
    unit: str
    note: str
    source: Source

    @property
    def number(self) -> Number | None:
        """The count, or None where the value is no number."""
        return self.value.number


@dataclass(frozen=True, slots=True)
class Text:
    """One narrative file: its Markdown template as written, and where it is."""

    slug: str
    template: str
    source: Source


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment to the report: its mark (附件1, or 附件 for the only one), its title and its text.

    Both are templates whose lines are those of the one file; the line of the title is blank in the text.
    """

    mark: str
    title: Text
    text: Text


class IssueKind(StrEnum):
    """What can be wrong with the input files; each kind belongs to one rule of the checks."""

    UNREADABLE = "unreadable"  # a file, a setting or a figure that cannot be taken
    UNKNOWN_CODE = "unknown_code"
    WRONG_LABEL = "wrong_label"
    WRONG_SHAPE = "wrong_shape"
    DUPLICATE = "duplicate"
    STRAY = "stray"  # a file that nothing reads, though it looks meant
    REFERENCE = "reference"  # a reference or template in a narrative that cannot be filled in
    MARKUP = "markup"  # what is left of markup in the words
    CHARACTER = "character"  # a character that cannot be printed
    TAKEN = "taken"  # an unusual way of writing that was understood


@dataclass(frozen=True, slots=True)
class InputIssue:
    """Something wrong in an input file that the loader met and kept for the checks to report.

    ``found`` is what stands there, ``near`` what was probably meant. ``words`` say it in Chinese and in English, where
    the kind alone does not. ``doubtful`` weighs it as a warning.
    """

    kind: IssueKind
    source: Source
    table: str | None = None
    found: str = ""
    row: str | None = None
    column: str | None = None
    near: str | None = None
    words: tuple[str, str] | None = None
    doubtful: bool = False


@dataclass(frozen=True)
class OfficeYear:
    """All that one report is made from: who, when, which edition, cells, figures, narrative templates.

    ``ledger`` holds what the office's register of requests yields for the words, by key (received, on_time_rate,
    by_month.m3); without a register, or for a published report, nothing.
    ``attachments`` are those of the report by their marks, in their order.
    ``unread`` are the sections whose words an issue says to be in a file that cannot be read, or that no section reads.
    ``preamble`` is what a published report says above section 1; our own is made from the form.
    ``sealed``: the closing leaves room for a seal. ``template`` is the office's Word template, relative to the project.
    """

    key: ReportKey
    office: Office
    edition: Edition
    published: datetime.date | None
    profile: Profile
    fonts: str | tuple[str, ...]
    cells: Mapping[CellRef, Cell]
    figures: Mapping[str, Figure]
    texts: Mapping[str, Text]
    issues: tuple[InputIssue, ...] = ()
    files: tuple[str, ...] = ()
    rules: LocalRules = NO_LOCAL_RULES
    preamble: Text | None = None
    sealed: bool = True
    template: str | None = None
    ledger: Mapping[str, Figure] = field(default_factory=dict)
    attachments: Mapping[str, Attachment] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name in ("cells", "figures", "texts", "ledger", "attachments"):
            # Mappings that read files as they are asked stay as they are: a copy would read everything.
            if isinstance(given := getattr(self, name), dict):
                object.__setattr__(self, name, MappingProxyType(dict(given)))

    def __repr__(self) -> str:
        return f"OfficeYear({self.key}, edition {self.edition.code})"

    def __reduce__(self) -> tuple[Any, ...]:
        # Mapping proxies cannot be pickled; the plain dicts behind them can.
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain = {key: dict(value) if isinstance(value, Mapping) else value for key, value in fields.items()}
        return (_office_year, (plain,))

    @property
    def written(self) -> tuple[Text, ...]:
        """All that people wrote in words: the sections' texts, then titles and texts of the attachments."""
        attached = (each for one in self.attachments.values() for each in (one.title, one.text))
        return (*self.texts.values(), *attached)

    def value(self, ref: CellRef) -> Value:
        """The cell's value; BLANK where nothing was given."""
        cell = self.cells.get(ref)
        return BLANK if cell is None else cell.value

    @property
    def title(self) -> str:
        """The report's title without the office: 2023年政府信息公开工作年度报告."""
        return f"{self.key.year}年政府信息公开工作年度报告"


def _office_year(fields: dict[str, Any]) -> OfficeYear:
    return OfficeYear(**fields)
