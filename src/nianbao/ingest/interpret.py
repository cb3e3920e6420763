"""Turn what a carrier gave into a report: parts, edition, tables, narratives, gaps; the same for every carrier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nianbao.errors import IngestError
from nianbao.form import EDITIONS, FIRST_YEAR, SECTIONS, CellRef, Edition, Section, edition_for
from nianbao.ingest.carrier import Carrier, Line, Place
from nianbao.ingest.found import Region, TableFound
from nianbao.ingest.narrative import is_wrapped, markdown_of
from nianbao.ingest.parts import Parts, parts_of
from nianbao.ingest.result import Gap, GapKind, Ingested
from nianbao.ingest.split import reports_in
from nianbao.ingest.tables import read_table
from nianbao.ingest.title import year_of_name
from nianbao.ingest.unread import of_lines, of_name
from nianbao.ingest.words import core, is_legible, is_traditional, marks_of, simplified, words_of
from nianbao.model import Cell, InputIssue, IssueKind, Source

# Names of picture files, which are all that is left of a table in a page's text: digits, hashes, camera names.
_PICTURE_NAME = re.compile(r"(?:[0-9a-fA-F]{12,}|\d{9,}|[\w-]+\.(?:png|jpe?g|gif|bmp))\s*")

# A preamble is a paragraph or two; a page's menus above it are not read to the end.
_LONGEST_PREAMBLE = 20_000


def interpret(carrier: Carrier, file: str, year: int | None = None) -> tuple[Ingested, ...]:
    """The reports that a carrier holds, in order; ``year`` is used for those that name none.

    Raises IngestError for one from before the statutory form.
    """
    foreign = is_traditional("".join(line.text for line in carrier.lines[:2000]))
    if foreign:
        carrier = _simplified(carrier)
    return tuple(_interpret(part, file, year, foreign=foreign) for part in reports_in(carrier))


def _interpret(carrier: Carrier, file: str, year: int | None, *, foreign: bool) -> Ingested:
    parts = parts_of(carrier)
    found_year = parts.stated.year or year or year_of_name(file)
    if found_year is not None and found_year < FIRST_YEAR:
        raise IngestError(
            f"is a report for {found_year}, which has no statutory form",
            where=file,
            hint=f"the form was laid down for {FIRST_YEAR} and later years",
            zh=f"是{found_year}年的报告，当年没有统一格式；统一格式自{FIRST_YEAR}年起",
        )
    regions = {section.slug: _region(carrier, parts, section) for section in SECTIONS if section.table}
    edition, tables = _tables(regions, file, found_year, foreign=foreign)
    cells: dict[CellRef, Cell] = {}
    gaps: list[Gap] = []
    taken = {place for table in tables.values() for place in table.taken}
    for section in SECTIONS:
        if section.table:
            cells |= tables[section.slug].cells
            gaps += tables[section.slug].gaps
            if tables[section.slug].rows:
                gaps += [gap for place, gap in tables[section.slug].strays if place not in taken]
            gaps += _absent(section, tables[section.slug], regions, carrier, file)
    if not cells and not parts.headings and not gaps:
        gaps.append(_nothing(file))
    office = parts.stated.office or None
    prose = {slug: _prose(slug, lines, tables) for slug, lines in parts.sections.items()}
    if office and not is_legible(office):
        gaps += [of_name(office, file), *of_lines([], prose, file)]
    else:
        gaps += of_lines(parts.head, prose, file)
    gaps += [_unsure(place, text, file) for _, place, text in carrier.unsure]
    return Ingested(
        file=file,
        carrier=carrier.kind,
        office_name=office,
        year=found_year,
        edition=edition.code if edition else None,
        cells=cells,
        sections=_narratives(prose, tables),
        gaps=tuple(gaps),
        published=parts.stated.published,
        faults=tuple(fault for table in tables.values() for fault in table.faults),
        others={ref: cell for table in tables.values() for ref, cell in table.others.items()},
        headings=tuple(line.text.strip() for line in parts.headings.values()),
        preamble=_preamble_of(parts.head),
        issues=tuple(_foreign_labels(edition, regions["proactive"].lines, file)) if edition else (),
    )


def _simplified(carrier: Carrier) -> Carrier:
    """The carrier with all texts in simplified characters, converted in one go."""
    cells = [cell for line in carrier.lines for cell in line.cells]
    # Line breaks survive the conversion; texts hold none of this separator of their own.
    texts = iter(simplified("\x1f".join(cells)).split("\x1f")) if cells else iter(())
    lines = tuple(replace(line, cells=tuple(next(texts) for _ in line.cells)) for line in carrier.lines)
    return replace(carrier, lines=lines, title=simplified(carrier.title))


def _region(carrier: Carrier, parts: Parts, section: Section) -> Region:
    """The lines below the table's heading; without one, those between the headings that are there."""
    if section.slug in parts.starts:
        start = parts.starts[section.slug] + 1
        after = [other for other in parts.starts.values() if other >= start]
        lines = tuple(parts.sections[section.slug])
        return Region(lines, start, min(after, default=len(carrier.lines)), not after, headed=True)
    slugs = [candidate.slug for candidate in SECTIONS]
    position = slugs.index(section.slug)
    after = [parts.starts[slug] for slug in slugs[position + 1 :] if slug in parts.starts]
    before = [parts.starts[slug] for slug in slugs[:position] if slug in parts.starts]
    start, end = max(before, default=-1) + 1, min(after, default=len(carrier.lines))
    if start > end:
        start, end = 0, len(carrier.lines)
    return Region(carrier.lines[start:end], start, end, not after, headed=False)


def _tables(
    regions: dict[str, Region], file: str, year: int | None, *, foreign: bool
) -> tuple[Edition | None, dict[str, TableFound]]:
    """The edition whose own labels the tables bear, and the tables read by it."""
    read = {
        edition.code: _read(edition, regions, file, foreign=foreign)
        for edition in _candidates(regions, foreign=foreign)
    }
    if len(read) == 1:
        ((code, tables),) = read.items()
        return (
            EDITIONS[code]
            if any(table.rows for table in tables.values()) or _marks(EDITIONS[code], regions, foreign=foreign)
            else None
        ), tables
    # Without a telling label the counts of the cells decide, and then the year.
    counts = {code: sum(len(table.cells) for table in tables.values()) for code, tables in read.items()}
    if not any(counts.values()):
        return None, next(iter(read.values()))
    best = max(counts.values())
    leading = [code for code, count in counts.items() if count == best]
    usual = edition_for(year).code if year else None
    code = leading[0] if len(leading) == 1 else (usual if usual in leading else leading[-1])
    return EDITIONS[code], read[code]


def _read(edition: Edition, regions: dict[str, Region], file: str, *, foreign: bool) -> dict[str, TableFound]:
    """The tables by section, read by one edition; what one shows of the file's losses holds for the next."""
    found: dict[str, TableFound] = {}
    vanishing = False
    for section in SECTIONS:
        if section.table:
            table = edition.table(section.table)
            region = regions[section.slug]
            found[section.slug] = read_table(table, region, file, foreign=foreign, vanishing=vanishing)
            vanishing = found[section.slug].vanishing
    return found


def _marks(edition: Edition, regions: dict[str, Region], *, foreign: bool) -> int:
    """How many of the labels that only this edition has stand in the tables."""
    # The texts of a table are the same in the words of either edition: one grouping serves both.
    telling = list(EDITIONS.values())[-1]
    found = (region.grouped(words_of(telling.table(slug), foreign=foreign)) for slug, region in regions.items())
    texts = ["|".join(map(core, grouped.texts)) for grouped in found]
    return sum(mark in text for text in texts for mark in marks_of(edition))


def _candidates(regions: dict[str, Region], *, foreign: bool) -> list[Edition]:
    marks = {code: _marks(edition, regions, foreign=foreign) for code, edition in EDITIONS.items()}
    best = max(marks.values())
    return [EDITIONS[code] for code, count in marks.items() if count == best]


def _absent(section: Section, found: TableFound, regions: dict[str, Region], carrier: Carrier, file: str) -> list[Gap]:
    """What is to say of a table of which no row was found: a picture, or not there."""
    if found.rows:
        return []
    region = regions[section.slug]
    picture = next((place for index, place in carrier.pictures if region.start <= index <= region.end), None)
    name = next((line for line in region.lines if _PICTURE_NAME.fullmatch(line.text.strip())), None)
    refs = tuple(found.table.cells)
    if region.headed and (picture is not None or name is not None):
        place = picture or (name.place if name else None)
        return [
            Gap(
                GapKind.PICTURE,
                f"{file} {place}",
                f"{section.title}：表格是图片，无法读取",
                f"{found.table.code}: the table is a picture",
                found.table.code,
                cells=refs,
            )
        ]
    kind = GapKind.CUT if region.at_end else GapKind.LOST
    return [
        Gap(
            kind,
            file,
            f"{section.title}：没有读到这张表",
            f"{found.table.code}: the table was not found",
            found.table.code,
            cells=refs,
        )
    ]


def _unsure(place: Place, text: str, file: str) -> Gap:
    """Text that was left out as a watermark and may be none."""
    return Gap(
        GapKind.UNCLEAR,
        f"{file} {place}",
        f"第{place.page}页：浅色大字“{text}”像是水印，没有读取；如果是报告内容，请改成深色后另存",
        f'page {place.page}: large pale text "{text}" looks like a watermark and was not read; '
        "if it is part of the report, set it in a dark colour and save the file anew",
    )


def _nothing(file: str) -> Gap:
    return Gap(GapKind.LOST, file, "没有找到年度报告的任何部分", "no part of an annual report was found")


def _narratives(bodies: dict[str, Sequence[Line]], tables: dict[str, TableFound]) -> dict[str, str]:
    """The Markdown of each section: all of a narrative section, the sentences beside a table of the others."""
    prose = [line for slug, lines in bodies.items() if slug not in tables for line in lines]
    wrapped = is_wrapped(prose)
    texts = {slug: markdown_of(lines, wrapped=wrapped) for slug, lines in bodies.items()}
    return {slug: text for slug, text in texts.items() if text and not _PICTURE_NAME.fullmatch(text)}


def _prose(slug: str, lines: Sequence[Line], tables: dict[str, TableFound]) -> Sequence[Line]:
    """The words of a section: those beside its table, or all of them where the form has none there."""
    return tables[slug].prose if slug in tables else lines


def _preamble_of(head: Sequence[Line]) -> str:
    """The lines above section 1, without what stands in grids."""
    texts = [line.text.strip() for line in head if line.stands_alone and line.text.strip()]
    return "\n".join(texts)[-_LONGEST_PREAMBLE:]


def _foreign_labels(edition: Edition, lines: Iterable[Line], file: str) -> Iterator[InputIssue]:
    """Rows of table 2 that bear the label of another edition (规范性文件 in the form of 2021)."""
    table = edition.table("proactive")
    others = {
        row.label: code
        for other in EDITIONS.values()
        if other is not edition
        for code, row in other.table(table.code).rows.items()
        if code in table.rows and row.label != table.rows[code].label
    }
    for line in lines:
        label = line.cells[0].strip() if line.cells else ""
        code = others.get(label)
        if code is not None and any(character.isdigit() for cell in line.cells[1:] for character in cell):
            source = Source(file, place=str(line.place))
            yield InputIssue(IssueKind.WRONG_LABEL, source, table.code, label, row=code, near=table.rows[code].label)
