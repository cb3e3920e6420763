"""Find the reports that one file holds: a compilation's are told apart by their titles, a workbook's by its sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nianbao.ingest.carrier import Carrier, Line
from nianbao.ingest.parts import headings_in
from nianbao.ingest.title import Stated, date_of, office_name, title_of
from nianbao.ingest.words import core

# A report has at least so many of its six headings, and so many characters: a table of contents has less.
_HEADINGS_LEAST = 2
_CHARACTERS_LEAST = 200
# Without a title at least so many of the six tell a report; its title and preamble take so many lines.
_WHOLE = 5
_PREAMBLE_LINES = 12


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
        spans = _bodies(carrier.lines)
    if len(spans) < 2:
        return (carrier,)
    return tuple(_part(carrier, span) for span in spans)


def _titled(lines: Sequence[Line]) -> list[_Span]:
    """From each title of a report to the next; what stands below a title without a report goes to the one before."""
    titles = list(_titles_in(lines))
    spans: list[_Span] = []
    for (start, said), (end, _) in pairwise([*titles, (len(lines), Stated())]):
        above = start - 1 if start and said.office is None and office_name(lines[start - 1].text) else start
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


def _bodies(lines: Sequence[Line]) -> list[_Span]:
    """Reports whose titles are not there, each from its first heading; what stands above it begins below a date."""
    starts = [index for index, line in enumerate(lines) if headings_in([line]) == {1}]
    spans = [_Span(start, end, Stated()) for start, end in pairwise([*starts, len(lines)])]
    whole = [span for span in spans if _is_report(lines[span.start : span.end], _WHOLE)]
    if len(whole) < 2:
        return []
    begins = [0, *(_begin(lines, before.start, span.start) for before, span in pairwise(whole))]
    return [_Span(start, end, Stated()) for start, end in pairwise([*begins, len(lines)])]


def _begin(lines: Sequence[Line], earliest: int, heading: int) -> int:
    """Where a report begins whose first heading is there: below the last date above, if one is near."""
    near = range(heading - 1, max(earliest, heading - _PREAMBLE_LINES), -1)
    return next((index + 1 for index in near if date_of(lines[index].text)), heading)


def _sheet_of(line: Line) -> str:
    cell = line.place.cell or ""
    return cell.rpartition("!")[0] if "!" in cell else ""


def _is_report(lines: Sequence[Line], least: int = _HEADINGS_LEAST) -> bool:
    """Whether so many of the six headings stand among the lines, and enough text: a table of contents has none."""
    return sum(len(line.text) for line in lines) >= _CHARACTERS_LEAST and len(headings_in(lines)) >= least


def _part(carrier: Carrier, span: _Span) -> Carrier:
    lines = carrier.lines[span.start : span.end]
    pictures = tuple((index - span.start, place) for index, place in carrier.pictures if _is_inside(index, span))
    unsure = tuple(
        (index - span.start, place, text) for index, place, text in carrier.unsure if _is_inside(index, span)
    )
    # The file's own title is that of the first report at most.
    title = _sheet_of(lines[0]) or (carrier.title if span.start == 0 else "")
    return replace(carrier, lines=lines, pictures=pictures, title=title, unsure=unsure)


def _is_inside(index: int, span: _Span) -> bool:
    return span.start <= index <= span.end


def _titles_in(lines: Sequence[Line]) -> Iterator[tuple[int, Stated]]:
    """The lines that are titles of annual reports, those over two lines at their first."""
    texts = [line.text.strip() if not line.ruled or len(line.cells) == 1 else "" for line in lines]
    previous = -1
    for index, text in enumerate(texts):
        joined = " ".join(texts[index : index + 2])
        if not text or index <= previous or "信息" not in joined or len(core(text)) < 2:
            continue
        found = title_of(text)
        end = index
        following = texts[index + 1] if index + 1 < len(texts) else ""
        if found is None and title_of(following) is None and (found := title_of(joined)) is not None:
            end = index + 1
        if found is not None:
            previous = end
            yield index, found
