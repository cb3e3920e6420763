"""Read XLSX: the rows of all sheets, merged cells once, numbers as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lxml import etree

from nianbao.ingest.archive import Archive
from nianbao.ingest.carrier import MAX_CELLS, MAX_CHARACTERS, NO_RESULT, Carrier, Line, Place, bounded, has_too_many
from nianbao.ingest.text import is_mark
from nianbao.inputs.sheets import address, column_number, odd_formats, shown_number

_WORKBOOK = "xl/workbook.xml"
_STYLES = "xl/styles.xml"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
# Characters of all shared texts, and of all cells that refer to them: one long text may be referred to by many cells.
_MOST_SHARED = 4 * MAX_CHARACTERS
# A statutory table has ten to fifteen columns; a cell far to the right is a stray one.
_WIDEST = 64


def read_xlsx(content: bytes, where: str) -> Carrier:
    """The rows of a workbook's visible sheets, each sheet under a line with its name."""
    archive = Archive(content, where)
    lines = bounded(_lines(archive, _Book(_shared_strings(archive), *_styles(archive))), where)
    return Carrier("xlsx", lines, title=archive.title)


def _lines(archive: Archive, book: _Book) -> Iterator[Line]:
    for number, (name, part) in enumerate(_sheets(archive), start=1):
        # A number in the sheet's name is none of its table's.
        if not any(character.isdigit() for character in name):
            yield Line((name,), (Place(cell=f"{name}!"),), group=(number,))
        for line in _rows(archive, part, name, book):
            yield replace(line, group=(number,))


def _sheets(archive: Archive) -> Iterator[tuple[str, str]]:
    """The visible sheets in order: name, and the part that holds it, each part once."""
    seen: set[str] = set()
    relations = {
        str(relation.get("Id")): str(relation.get("Target"))
        for relation in archive.tree("xl/_rels/workbook.xml.rels")
        if relation.get("Target")
    }
    for sheet in archive.tree(_WORKBOOK).iter(f"{_MAIN}sheet"):
        target = relations.get(str(sheet.get(_REL)), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if (
            sheet.get("state", "visible") == "visible"
            and "worksheets/" in part
            and part in archive
            and part not in seen
        ):
            seen.add(part)
            yield str(sheet.get("name", "")), part


def _shared_strings(archive: Archive) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in archive:
        return []
    found: list[str] = []
    length = 0
    for item in archive.elements(name, f"{_MAIN}si"):
        found.append(" ".join(_rich(item).split()))  # once, however many cells refer to it
        length += len(found[-1])
        if len(found) > MAX_CELLS or length > _MOST_SHARED:
            raise has_too_many(f"{MAX_CELLS:,} texts", archive.where)
    return found


def _rich(item: etree._Element) -> str:
    """The text of a cell without phonetic guides, and without parts that are crossed out or raised."""
    runs = item.findall(f"{_MAIN}r")
    texts = [
        run.findtext(f"{_MAIN}t") or ""
        for run in runs
        if not _is_on(look := run.find(f"{_MAIN}rPr"), "strike")
        and not (len(runs) > 1 and _is_on(look, "vertAlign") and is_mark(run.findtext(f"{_MAIN}t") or ""))
    ]
    return "".join([item.findtext(f"{_MAIN}t") or "", *texts])


def _is_on(properties: etree._Element | None, name: str) -> bool:
    """Whether letters have a property: strike, or vertAlign other than on the line."""
    mark = None if properties is None else properties.find(f"{_MAIN}{name}")
    return mark is not None and mark.get("val", "1") not in {"0", "false", "baseline"}


@dataclass(frozen=True)
class _Book:
    """What the sheets of a workbook share: texts, and the numbers of cell styles in which nothing or another is seen.

    ``odd`` are those that show a number as another (a date, a percentage), with what they make of it.
    """

    shared: list[str]
    unseen: frozenset[str]
    odd: Mapping[str, str]


def _styles(archive: Archive) -> tuple[frozenset[str], Mapping[str, str]]:
    """The cell styles in which nothing is seen, and the odd ones.

    Nothing is seen of text that is crossed out or white on white, nor in a format that shows nothing (;;;).
    """
    if _STYLES not in archive:
        return frozenset(), {}
    root = archive.tree(_STYLES)
    fonts = list(root.iterfind(f"{_MAIN}fonts/{_MAIN}font"))
    struck = {str(number) for number, font in enumerate(fonts) if _is_on(font, "strike")}
    white = {str(number) for number, font in enumerate(fonts) if _is_white(font)}
    formats = root.iter(f"{_MAIN}numFmt")
    empty = {one.get("numFmtId") for one in formats if set(one.get("formatCode", "0")) == {";"}}
    unseen = frozenset(
        str(number)
        for number, style in enumerate(root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf"))
        if style.get("fontId") in struck
        or style.get("numFmtId") in empty
        or (style.get("fontId") in white and style.get("fillId", "0") == "0")
    )
    return unseen, odd_formats(root)


def _is_white(font: etree._Element) -> bool:
    """Whether letters have the colour of an empty sheet: white, or the first of its theme."""
    color = font.find(f"{_MAIN}color")
    return color is not None and (color.get("rgb", "").upper() in {"FFFFFFFF", "00FFFFFF"} or color.get("theme") == "0")


def _is_true(flag: str | None) -> bool:
    return flag in {"1", "true"}


def _rows(archive: Archive, part: str, sheet: str, book: _Book) -> Iterator[Line]:
    rows: list[list[tuple[int, str, str]]] = []
    hidden: set[int] = set()
    covered: set[str] = set()
    count = 0
    for element in archive.elements(part, f"{_MAIN}col", f"{_MAIN}row", f"{_MAIN}mergeCell"):
        count += 1 + len(element)
        if count > MAX_CELLS:
            raise has_too_many(f"{MAX_CELLS:,} cells", archive.where)
        if element.tag == f"{_MAIN}col":
            hidden |= _hidden_columns(element)
        elif element.tag == f"{_MAIN}mergeCell":
            covered |= _covered(element, MAX_CELLS - len(covered), archive.where)
        else:
            cells = [found for cell in element.iter(f"{_MAIN}c") if (found := _cell(cell, book)) is not None]
            if not _is_true(element.get("hidden")) and any(text for _, _, text in cells):
                rows.append(cells)
    shown = [[cell for cell in row if cell[1] not in covered and cell[0] not in hidden] for row in rows]
    width = max((column for row in shown for column, _, text in row if text), default=0)
    for row in shown:
        texts = tuple(text for column, _, text in row if column <= width)
        places = tuple(Place(cell=f"{sheet}!{address}") for column, address, _ in row if column <= width)
        if sum(map(bool, texts)) == 1 and len(texts) == 1:
            yield Line(texts, places)
        elif texts:
            yield Line(texts, places, ruled=True)


def _hidden_columns(columns: etree._Element) -> set[int]:
    """The numbers of the columns that an element hides, as far as tables reach."""
    low, high = str(columns.get("min", "")), str(columns.get("max", ""))
    if (
        not _is_true(columns.get("hidden"))
        or not (low + high).isdecimal()
        or len(low + high) > 11
        or not (low and high)
    ):
        return set()
    return {*range(int(low), min(int(high), _WIDEST) + 1)}


def _cell(cell: etree._Element, book: _Book) -> tuple[int, str, str] | None:
    """Column, address and text of a cell; None for what lies outside of every table."""
    address = str(cell.get("r", ""))
    match = _CELL.fullmatch(address)
    if match is None:
        return None
    column = column_number(match[1])
    return (column, address, _value(cell, book)) if column <= _WIDEST else None


def _value(cell: etree._Element, book: _Book) -> str:
    if cell.get("s") in book.unseen:
        return ""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        held = cell.find(f"{_MAIN}is")
        return "" if held is None else " ".join(_rich(held).split())
    text = (cell.findtext(f"{_MAIN}v") or "").strip().removeprefix("'")
    if kind == "s":
        index = int(text) if len(text) < 9 and text.isdecimal() else -1
        return book.shared[index] if 0 <= index < len(book.shared) else ""
    if not text and cell.find(f"{_MAIN}f") is not None:
        # A formula may give an empty text; one that was never worked out has none.
        return "" if kind == "str" and cell.find(f"{_MAIN}v") is not None else NO_RESULT
    if kind != "n" or not text:
        return " ".join(text.split())
    odd = book.odd.get(str(cell.get("s", "0")))
    return f"{shown_number(text)}〔单元格格式为{odd}〕" if odd else shown_number(text)


def _covered(merge: etree._Element, left: int, where: str) -> set[str]:
    """The addresses that a merged cell covers besides its first one; IngestError for more than ``left``."""
    first, _, last = str(merge.get("ref", "")).partition(":")
    one, two = _CELL.fullmatch(first), _CELL.fullmatch(last)
    if one is None or two is None:
        return set()
    columns = range(column_number(one[1]), min(column_number(two[1]), _WIDEST) + 1)
    rows = range(int(one[2]), int(two[2]) + 1)
    if len(columns) * len(rows) > left:
        raise has_too_many(f"{MAX_CELLS:,} merged cells", where)
    return {address(row, column) for column in columns for row in rows} - {first}
