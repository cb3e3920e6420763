"""Owns what reading a published report gives: cells with their origin, sections, and what could not be read.

May import: form, model.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from nianbao.form import CellRef
from nianbao.model import Cell, InputIssue


class GapKind(StrEnum):
    """Why something is not there."""

    CUT = "cut"  # the document breaks off
    GLUED = "glued"  # digits without a border between them
    LOST = "lost"  # a label, a value or a whole table that the form has and the file has not
    PICTURE = "picture"  # shown as a picture
    UNCLEAR = "unclear"  # it can be seen, and allows more than one reading


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be read: what, where, the cells it concerns, in words for both readers."""

    what: GapKind
    place: str
    message: str
    message_en: str
    table: str | None = None
    row: str | None = None
    cells: tuple[CellRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in which the report itself departs from the form, seen while it was read: of the office, no gap."""

    rule: str
    place: str
    message: str
    message_en: str
    table: str
    row: str | None = None


@dataclass(frozen=True)
class Ingested:
    """A published report as read; what is not certain is absent from ``cells`` and named in ``gaps``.

    ``office_name`` and ``year`` are None where the file doesn't say; ``edition`` is None where nothing tells it.
    ``sections`` holds Markdown by the section's slug: narratives, and notes under tables. ``published`` is the date
    under the report or on its page. ``preamble`` is what stands above section 1, ``issues`` what is wrong in the report
    itself, ``faults`` where its tables depart from the form; ``others`` are cells of a row that only the other edition
    has (（六）其他处理 in one row).
    """

    file: str
    carrier: str
    office_name: str | None
    year: int | None
    edition: str | None
    cells: Mapping[CellRef, Cell]
    sections: Mapping[str, str]
    gaps: tuple[Gap, ...] = ()
    published: datetime.date | None = None
    headings: tuple[str, ...] = field(default=())
    preamble: str = ""
    issues: tuple[InputIssue, ...] = ()
    faults: tuple[Fault, ...] = ()
    others: Mapping[CellRef, Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", MappingProxyType(dict(self.cells)))
        object.__setattr__(self, "others", MappingProxyType(dict(self.others)))
        object.__setattr__(self, "sections", MappingProxyType(dict(self.sections)))

    def __repr__(self) -> str:
        return f"Ingested({self.file}, edition {self.edition}, {len(self.cells)} cells, {len(self.gaps)} gaps)"

    @property
    def partial(self) -> bool:
        """Whether parts of the report may be missing from the file alone: it breaks off, or holds tables only."""
        return not self.headings or any(gap.what is GapKind.CUT for gap in self.gaps)

    def __reduce__(self) -> tuple[object, ...]:
        # Mapping proxies cannot be pickled; the plain dicts behind them can.
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain = {key: dict(value) if isinstance(value, MappingProxyType) else value for key, value in fields.items()}
        return (_ingested, (plain,))


def _ingested(fields: dict[str, object]) -> Ingested:
    return Ingested(**fields)  # type: ignore[arg-type]
