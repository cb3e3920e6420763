"""Find the reports that one file holds: a compilation's are told apart by their titles, a workbook's by its sheets.

May import: form, ingest.carrier, ingest.parts, ingest.title.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nianbao.ingest.carrier import Carrier, Line, Place
from nianbao.ingest.parts import headings_in
from nianbao.ingest.title import Stated, office_name, titles_in

# A report has at least so many of its six headings, and so many characters: a table of contents has less.
_HEADINGS_LEAST = 2
_CHARACTERS_LEAST = 200


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    stated: Stated


def reports_in(carrier: Carrier) -> tuple[Carrier, ...]:
    """The carrier's reports, each as a carrier of its own; the carrier itself where it holds one at most."""
    spans = _titled(carrier.lines)
    if len(spans) < 2:
        spans = _sheets(carrier.lines)
    if len(spans) < 2:
        return (carrier,)
    return tuple(_part(carrier, span) for span in spans)


def _titled(lines: Sequence[Line]) -> list[_Span]:
    """From each title of a report to the next; what stands below a title without a report goes to the one before."""
    titles = list(titles_in(lines))
    spans: list[_Span] = []
    for (start, said), (end, _) in pairwise([*titles, (len(lines), Stated())]):
        above = start - 1 if start and not said.office and office_name(lines[start - 1].text) else start
        if not _is_report(lines[start:end]):
            # A title that is printed twice, a list of links, a table of contents.
            if spans:
                spans[-1] = replace(spans[-1], end=end)
            continue
        office = said.office or (office_name(lines[above].text) if above < start else None)
        span = _Span(above, end, replace(said, office=office))
        if spans and (spans[-1].stated.office, spans[-1].stated.year) == (office, said.year):
            spans[-1] = replace(spans[-1], end=end)
        else:
            if spans:
                spans[-1] = replace(spans[-1], end=above)
            spans.append(span)
    if spans:
        spans[0] = replace(spans[0], start=0)
    return spans


def _sheets(lines: Sequence[Line]) -> list[_Span]:
    """The sheets of a workbook of which several hold a whole report."""
    starts = [
        index
        for index, line in enumerate(lines)
        if _sheet_of(line) and (index == 0 or _sheet_of(lines[index - 1]) != _sheet_of(line))
    ]
    spans = [_Span(start, end, Stated()) for start, end in pairwise([*starts, len(lines)])]
    whole = [span for span in spans if _is_report(lines[span.start : span.end])]
    tables = [span for span in whole if len(headings_in(lines[span.start : span.end]) & {2, 3, 4}) > 1]
    return whole if len(tables) > 1 else []


def _sheet_of(line: Line) -> str:
    cell = line.place.cell or ""
    return cell.rpartition("!")[0] if "!" in cell else ""


def _is_report(lines: Sequence[Line]) -> bool:
    if sum(len(line.text) for line in lines) < _CHARACTERS_LEAST:
        return False
    return len(headings_in(lines)) >= _HEADINGS_LEAST


def _part(carrier: Carrier, span: _Span) -> Carrier:
    lines = carrier.lines[span.start : span.end]
    pictures = tuple(_inside(carrier.pictures, span))
    # The file's own title is that of the first report at most.
    title = carrier.title if span.start == 0 else _sheet_of(lines[0])
    return replace(carrier, lines=lines, pictures=pictures, title=title)


def _inside(pictures: Sequence[tuple[int, Place]], span: _Span) -> Iterator[tuple[int, Place]]:
    return ((index - span.start, place) for index, place in pictures if span.start <= index <= span.end)
