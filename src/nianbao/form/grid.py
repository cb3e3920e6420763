"""The printed table: rows of cells with spans and roles, and its JSON (application/vnd.nianbao.table+json).

Every exporter draws its merged cells from this value and from nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Literal

from nianbao.errors import InputError
from nianbao.errors.language import Message
from nianbao.form.cells import State, Value

TABLE_MIME = "application/vnd.nianbao.table+json"
GRID_VERSION = 1

_DIGITS = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?")

Role = Literal["head", "label", "value", "note"]
Scope = Literal["col", "colgroup", "row", "rowgroup"]


@dataclass(frozen=True, slots=True)
class GridCell:
    """One printed cell.

    ``role``: a column head, a row label, a value, or a note; ``scope`` is what a head or label governs (HTML's
    words). ``ref`` is the statutory address (applications.new.total) of a value, ``state`` what it holds and
    ``number`` its digits as a string (so that 18.8710 keeps its zero). ``upright`` asks for vertical setting.
    """

    text: str
    role: Role = "value"
    scope: Scope | None = None
    rowspan: int = 1
    colspan: int = 1
    upright: bool = False
    ref: str | None = None
    state: str | None = None
    number: str | None = None

    @property
    def is_head(self) -> bool:
        """Whether it governs other cells: an empty one does not, a screen reader would announce no words."""
        return self.role in {"head", "label"} and bool(self.text.strip())

    def filled(self, value: Value) -> GridCell:
        """The cell with a value in it."""
        digits = str(value.number) if value.state is State.NUMBER else None
        return replace(self, text=value.printed, state=value.state.value, number=digits)


@dataclass(frozen=True, slots=True)
class GridRow:
    """One printed row; ``head`` rows hold column heads, ``block`` counts the parts of a stacked table."""

    cells: tuple[GridCell, ...]
    head: bool = False
    block: int = 0


@dataclass(frozen=True)
class Grid:
    """A printed table.

    ``widths`` are the relative widths of its columns (they sum to 1); the leading head rows are repeated on the
    next page; ``code`` is the statutory table's (None for a table of the analyst's own).
    """

    caption: str
    widths: tuple[float, ...]
    rows: tuple[GridRow, ...]
    code: str | None = None
    edition: str | None = None

    @property
    def head_rows(self) -> int:
        """How many leading rows are heads, repeated on each page: 0 for a stacked table."""
        if any(row.block for row in self.rows):
            return 0
        count = 0
        for row in self.rows:
            if not row.head:
                break
            count += 1
        return count

    def with_widths(self, widths: tuple[float, ...]) -> Grid:
        """The same table with other relative widths, one a column."""
        return replace(self, widths=widths)

    def placed(self) -> Iterator[tuple[int, int, GridCell]]:
        """Each cell with the row and column (from 0) of its top left corner, spans taken into account."""
        return iter(self._places)

    @cached_property
    def columns(self) -> tuple[tuple[int, float], ...]:
        """The columns in which a cell begins, each with its width up to the next: HTML has no others (HTML, 4.9.12)."""
        starts = sorted({x for _, x, _ in self._places})
        ends = [*starts[1:], len(self.widths)]
        return tuple((start, sum(self.widths[start:end])) for start, end in zip(starts, ends, strict=True))

    def spanned(self, x: int, cell: GridCell) -> int:
        """How many of ``columns`` the cell spans that begins in column ``x``."""
        return sum(x <= start < x + cell.colspan for start, _ in self.columns)

    @cached_property
    def _places(self) -> tuple[tuple[int, int, GridCell], ...]:
        places = []
        taken: set[tuple[int, int]] = set()
        for y, row in enumerate(self.rows):
            x = 0
            for cell in row.cells:
                while (y, x) in taken:
                    x += 1
                taken.update((y + i, x + j) for i in range(cell.rowspan) for j in range(cell.colspan))
                places.append((y, x, cell))
                x += cell.colspan
        return tuple(places)

    def to_json(self) -> dict[str, Any]:
        """The MIME bundle's value; defaults are left out to keep notebooks small."""
        rows = [
            {
                **({"head": True} if row.head else {}),
                **({"block": row.block} if row.block else {}),
                "cells": [_compact(cell) for cell in row.cells],
            }
            for row in self.rows
        ]
        return {
            "version": GRID_VERSION,
            "table": self.code,
            "edition": self.edition,
            "caption": self.caption,
            "widths": list(self.widths),
            "rows": rows,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Grid:
        """The table that ``to_json`` wrote; InputError for another version or a broken value."""
        if data.get("version") != GRID_VERSION:
            raise InputError(
                Message(
                    "a table of version {version!r} cannot be read (known: {known})",
                    version=data.get("version"),
                    known=GRID_VERSION,
                ),
                hint="run the section again with this version of nianbao",
            )
        try:
            rows = tuple(
                GridRow(
                    tuple(GridCell(**cell) for cell in row["cells"]), bool(row.get("head", False)), row.get("block", 0)
                )
                for row in data["rows"]
            )
            return cls(data["caption"], tuple(data["widths"]), rows, data.get("table"), data.get("edition"))
        except (KeyError, TypeError) as error:
            raise InputError(
                Message("a table in the notebook is broken: {error}", error=error), hint="run the section again"
            ) from error


_DEFAULTS = asdict(GridCell(""))


def _compact(cell: GridCell) -> dict[str, Any]:
    # Not asdict, which copies each value: there are a thousand cells to a report.
    return {
        name: value
        for name, default in _DEFAULTS.items()
        if (value := getattr(cell, name)) != default or name == "text"
    }


def plain_grid(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Grid:
    """An ordinary table: one line of heads, then rows whose first cell is their label.

    Cells that read as numbers are marked so, that exporters align and type them.
    """
    width = max(1, len(heads), *(len(row) for row in rows))
    head = GridRow(tuple(GridCell(text, "head", "col") for text in _padded(heads, width)), head=True)
    body = tuple(
        GridRow(
            tuple(
                GridCell(text, "label", "row") if index == 0 else _plain_cell(text)
                for index, text in enumerate(_padded(row, width))
            )
        )
        for row in rows
    )
    return Grid(caption, (1 / width,) * width, (head, *body))


def _padded(texts: Sequence[str], width: int) -> list[str]:
    return [*texts, *[""] * (width - len(texts))]


def _plain_cell(text: str) -> GridCell:
    # Digits alone: float() takes "nan", "1_000" and "1e5" too, which no exporter can print as a number.
    if not _DIGITS.fullmatch(text):
        return GridCell(text, state=State.TEXT.value if text else State.BLANK.value)
    return GridCell(text, state=State.NUMBER.value, number=text.replace(",", ""))
