"""Leave out what numbers the rows and columns of a table: a column 行次 or 序号, a line 栏次."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nianbao.ingest.carrier import Line
from nianbao.ingest.words import core

_COLUMN_HEADS = frozenset({"行次", "序号", "行号"})
_LINE_LABELS = frozenset({"", "栏次", "栏号", "列次", "行次", "甲", "乙", "丙", "甲乙"})
# So many rows in a row, counted from 1, are no values.
_FEWEST_ROWS = 3
_FEWEST_COLUMNS = 4


def without_row_numbers(lines: Sequence[Line]) -> list[Line]:
    """The lines without the column that counts the rows before their values, and without lines that count columns.

    A column counts the rows where a head of its own says so and each row's first number is the next one.
    """
    kept = [line for line in lines if not _counts_columns(line)]
    head = next((index for index, line in enumerate(kept) if _head_of(line) is not None), None)
    if head is None:
        return kept
    places: dict[int, int] = {}
    rows = 0
    for index, line in enumerate(kept[head:], start=head):
        if not line.ruled:
            continue
        place = _head_of(line)
        if place is None and (place := _first_number(line)) is not None:
            if _count(line.cells[place]) != rows + 1:
                # The table has ended, or the column counts something else.
                break
            rows += 1
        if place is not None:
            places[index] = place
    if rows < _FEWEST_ROWS:
        return kept
    return [_without(line, places[index]) if index in places else line for index, line in enumerate(kept)]


def _first_number(line: Line) -> int | None:
    return next((at for at, cell in enumerate(line.cells) if _is_count(cell)), None)


def _head_of(line: Line) -> int | None:
    """Where a line of heads says that its column counts the rows."""
    if not line.ruled or any(map(_is_count, line.cells)):
        return None
    return next((at for at, cell in enumerate(line.cells) if core(cell) in _COLUMN_HEADS), None)


def _counts_columns(line: Line) -> bool:
    """Whether a line of heads counts the columns from 1."""
    counts = [_count(cell) for cell in line.cells if _is_count(cell)]
    if not line.ruled or len(counts) < _FEWEST_COLUMNS or counts != list(range(1, len(counts) + 1)):
        return False
    return all(core(cell) in _LINE_LABELS for cell in line.cells if not _is_count(cell))


def _is_count(cell: str) -> bool:
    return cell.strip().isdecimal()


def _count(cell: str) -> int | None:
    plain = cell.strip()
    return int(plain) if len(plain) < 4 else None


def _without(line: Line, place: int) -> Line:
    cells = (*line.cells[:place], *line.cells[place + 1 :])
    places = line.places if len(line.places) < 2 else (*line.places[:place], *line.places[place + 1 :])
    return replace(line, cells=cells, places=places) if cells else line
