"""What reading a published report gives: its values and gaps; the same as JSON, as findings, as an OfficeYear."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from nianbao.errors import IngestError
from nianbao.form import EDITIONS, SECTIONS, CellRef, Edition, edition_for
from nianbao.form.cells import CellKind, State, Value
from nianbao.ingest.carrier import quoted
from nianbao.ingest.offices import office_of
from nianbao.model import (
    Cell,
    Evidence,
    Finding,
    FindingState,
    InputIssue,
    OfficeYear,
    Profile,
    ReportKey,
    Severity,
    Source,
    Text,
)

# The rule under which everything that could not be read is reported.
GAP_RULE = "INGEST-GAP"
_UNKNOWN_EDITION = "unknown"


class GapKind(StrEnum):
    """Why something is not there."""

    CUT = "cut"  # the document breaks off
    LETTERS = "letters"  # a letter can be seen and not be told: its font says nothing of it
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


def to_json(ingested: Ingested, key: ReportKey) -> dict[str, Any]:
    """The report as read, with the codes of the form.

    A number is a JSON number, a blank is null, a not-applicable is "NA", a cell that is not there has no key; an amount
    whose unit the office chooses is text, as printed. ``findings`` are the gaps.
    """
    edition = EDITIONS.get(ingested.edition or "")
    kinds = edition.cells if edition else {}
    tables: dict[str, dict[str, dict[str, Any]]] = {section.table: {} for section in SECTIONS if section.table}
    for ref in kinds:
        if ref in ingested.cells:
            value = ingested.cells[ref].value
            tables[ref.table].setdefault(ref.row, {})[ref.column] = _plain(value, kinds[ref])
    for ref, cell in ingested.others.items():
        tables[ref.table].setdefault(ref.row, {})[ref.column] = cell.value.json
    return {
        "office": key.office,
        "office_name": ingested.office_name,
        "year": key.year,
        "edition": ingested.edition or _UNKNOWN_EDITION,
        "file": ingested.file,
        "carrier": ingested.carrier,
        **tables,
        "narrative": {
            section.slug: ingested.sections.get(section.slug, "") for section in SECTIONS if not section.table
        },
        "notes": {slug: text for slug, text in ingested.sections.items() if slug in tables},
        "origin": {str(ref): str(ingested.cells[ref].source) for ref in kinds if ref in ingested.cells},
        "findings": [finding.to_json() for finding in findings_of(ingested, key)],
    }


def _plain(value: Value, kind: CellKind) -> int | float | str | None:
    if kind is CellKind.MONEY_ANY_UNIT and value.state is State.NUMBER:
        return value.printed
    return value.json


def findings_of(ingested: Ingested, key: ReportKey) -> tuple[Finding, ...]:
    """The gaps as findings (what could not be read cannot be assessed), and the office's own departures."""
    gaps = (_finding(gap, ingested, key, number) for number, gap in enumerate(ingested.gaps, start=1))
    faults = (_of_the_office(fault, ingested, key) for fault in ingested.faults)
    return (*gaps, *faults, *_sums_with_one_row(ingested, key))


def _sums_with_one_row(ingested: Ingested, key: ReportKey) -> Iterator[Finding]:
    """Balances that break where one row of the other edition stands in the place of several."""
    edition = EDITIONS.get(ingested.edition or "")
    if edition is None:
        return
    for ref, cell in ingested.others.items():
        label = next(
            row.label for one in EDITIONS.values() for code, row in one.table(ref.table).rows.items() if code == ref.row
        )
        members = {code for code, row in edition.table(ref.table).rows.items() if label in row.groups}
        for balance in edition.balances:
            codes = [term.code for term in balance.left]
            if balance.table != ref.table or members.isdisjoint(codes):
                continue
            left = _sum(
                [
                    cell,
                    *(
                        ingested.cells.get(CellRef(ref.table, code, ref.column))
                        for code in codes
                        if code not in members
                    ),
                ]
            )
            right = _sum([ingested.cells.get(balance.ref(term, ref.column)) for term in balance.right])
            if left is not None and right is not None and left != right:
                yield _broken(
                    balance.id,
                    ref,
                    f"各项之和{left}（“{label}”只有一行）≠ 总计{right}",
                    f"{left} != {right}",
                    ingested,
                    key,
                )


def _sum(cells: Iterable[Cell | None]) -> int | Decimal | None:
    """The sum of the cells; None where one is not there or no number."""
    numbers = [None if cell is None else cell.value.number for cell in cells]
    return None if None in numbers else sum(number for number in numbers if number is not None)


def _broken(rule: str, ref: CellRef, words: str, english: str, ingested: Ingested, key: ReportKey) -> Finding:
    table = EDITIONS[str(ingested.edition)].table(ref.table)
    return Finding(
        rule=rule,
        state=FindingState.FAIL,
        severity=Severity.ERROR,
        key=key,
        message=f"{table.caption}“{table.columns[ref.column].label}”列：{words}",
        message_en=f"{ref.table}.{ref.column}: {english}",
        table=ref.table,
        column=ref.column,
        source=Source(ingested.file),
    )


def _of_the_office(fault: Fault, ingested: Ingested, key: ReportKey) -> Finding:
    return Finding(
        rule=fault.rule,
        state=FindingState.WARN,
        severity=Severity.WARNING,
        key=key,
        message=fault.message,
        message_en=fault.message_en,
        table=fault.table,
        row=fault.row,
        scope=fault.message_en,
        source=Source(ingested.file, place=fault.place.removeprefix(ingested.file).strip() or None),
    )


def _finding(gap: Gap, ingested: Ingested, key: ReportKey, number: int) -> Finding:
    blank = Value(State.BLANK)
    single = gap.cells[0] if len(gap.cells) == 1 else None
    return Finding(
        rule=GAP_RULE,
        state=FindingState.UNCERTAIN if gap.what is GapKind.LETTERS and not gap.cells else FindingState.NOT_ASSESSABLE,
        severity=Severity.WARNING,
        key=key,
        message=gap.message,
        message_en=gap.message_en,
        table=gap.table,
        row=gap.row,
        column=single.column if single else None,
        cells=tuple(Evidence(ref, blank) for ref in _named(gap)),
        scope=f"{gap.what}#{number}",
        source=Source(ingested.file, place=gap.place.removeprefix(ingested.file).strip() or None),
    )


def _named(gap: Gap) -> tuple[CellRef, ...]:
    """The cells that a gap names one by one; those of a whole missing table are named by it."""
    return gap.cells if gap.row else ()


def to_office_year(ingested: Ingested, key: ReportKey) -> OfficeYear:
    """The values of a report as read; cells that could not be read are absent, texts are plain Markdown.

    Raises IngestError where not even the edition of its form can be told.
    """
    edition = edition_of(ingested, key)
    return OfficeYear(
        key=key,
        office=office_of(key.office, quoted(ingested.office_name or key.office)),
        edition=edition,
        published=ingested.published,
        profile=Profile.OFFICIAL,
        fonts="open",
        cells=ingested.cells,
        figures={},
        texts={slug: Text(slug, text, Source(ingested.file, place=slug)) for slug, text in ingested.sections.items()},
        files=(ingested.file,),
        issues=ingested.issues,
        preamble=Text("preamble", ingested.preamble, Source(ingested.file)) if ingested.preamble else None,
    )


def edition_of(ingested: Ingested, key: ReportKey) -> Edition:
    """The edition that the tables show; without any readable table the year's, if there is a text to go by."""
    if ingested.edition:
        return EDITIONS[ingested.edition]
    if not ingested.sections:
        raise IngestError(
            "holds no table and no section of an annual report that could be read",
            where=ingested.file,
            hint="is it the right file? tables given as pictures are not read",
            zh="没有找到年报的任何表格和部分，请核对是否选对了文件；图片中的表格不能读取",
        )
    return edition_for(key.year)
