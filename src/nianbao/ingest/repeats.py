"""Count merged cells once where a program wrote their text into each of the cells that they cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from nianbao.ingest.carrier import Line

# The cells of a line from the left: how many of them are one merged cell.
_Spans = tuple[int, ...]


def without_repeats(lines: Sequence[Line]) -> list[Line]:
    """The lines, of which heads and the values below them stand once where both are repeated in the same cells.

    本年处理决定数量 three times above 5, 5, 5 is one column; a head that is repeated above different values is left.
    """
    kept: list[Line] = []
    spans: _Spans = ()
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        if line.ruled and not _has_numbers(line):
            own = _spans(line.cells)
            spans = own if following is not None and _has_numbers(following) and _fits(following, own) else ()
        kept.append(_once(line, spans) if spans and _fits(line, spans) else line)
    return kept


def _has_numbers(line: Line) -> bool:
    return line.ruled and any(cell.strip().isdecimal() for cell in line.cells)


def _spans(cells: Sequence[str]) -> _Spans:
    """The runs of equal cells up to the last filled one; nothing where no run behind the first is longer than one."""
    filled = [(text, len(list(run))) for text, run in groupby(cells)]
    while filled and not filled[-1][0]:
        filled.pop()
    runs = [length for _, length in filled] if all(text for text, _ in filled) else []
    return tuple(runs) if len(runs) > 1 and max(runs[1:]) > 1 else ()


def _fits(line: Line, spans: _Spans) -> bool:
    """Whether a row of a grid has the same text in all cells of each span."""
    if not spans or not line.ruled or len(line.cells) < sum(spans) or any(line.cells[sum(spans) :]):
        return False
    return all(len({*line.cells[start : start + length]}) == 1 for start, length in _placed(spans))


def _once(line: Line, spans: _Spans) -> Line:
    starts = [start for start, _ in _placed(spans)]
    places = tuple(line.places[start] for start in starts) if len(line.places) > 1 else line.places
    return replace(line, cells=tuple(line.cells[start] for start in starts), places=places)


def _placed(spans: _Spans) -> list[tuple[int, int]]:
    return [(sum(spans[:index]), length) for index, length in enumerate(spans)]
