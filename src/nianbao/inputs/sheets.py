"""An XLSX file as sheets of texts: what a person sees in each cell, its address, and which cells are merged.

Only the parts that hold cells are unpacked, within bounds; no formula is worked out and no entity resolved. A number
whose format shows another (a date, a percentage, thousands cut off) is text: it was not typed so.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from nianbao.errors import InputError

_MAX_PART = 16 * 1024 * 1024
_MAX_CELLS = 100_000
_MAX_ROW, _MAX_COLUMN = 5_000, 200
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError, OSError)
# Formats of the standard that show dates and times (ECMA-376, 18.8.30), percentages.
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENT = {9, 10}
_MARKS = str.maketrans("()，．,:;\"'", "（）,.,：；””")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass
class Sheet:
    """One sheet: its name, its texts by row and column (from 1), and its merged ranges (first row, column, last …)."""

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    @cached_property
    def rows(self) -> list[tuple[int, list[tuple[int, str]]]]:
        """Each row that holds anything: its number, and its columns with their texts, from left to right."""
        return _by_row(self.cells)

    @cached_property
    def labels(self) -> list[tuple[int, list[tuple[int, str]]]]:
        """The same rows with the texts as labels are compared: ``folded``."""
        return [(row, [(column, folded(text)) for column, text in cells]) for row, cells in self.rows]

    @cached_property
    def label_set(self) -> frozenset[str]:
        """All that stands in the sheet, ``folded``."""
        return frozenset(text for _, cells in self.labels for _, text in cells)


def _by_row(cells: Mapping[tuple[int, int], str]) -> list[tuple[int, list[tuple[int, str]]]]:
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in sorted(cells.items()):
        by_row.setdefault(row, []).append((column, text))
    return list(by_row.items())


def folded(text: str) -> str:
    """A label without blanks, in one kind of marks: typing habits are no other label."""
    return "".join(text.split()).translate(_MARKS)


def address(row: int, column: int) -> str:
    """The name of a cell: C7."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def read_sheets(content: bytes, where: str) -> list[Sheet]:
    """The workbook's sheets in order; InputError where it is no workbook that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return list(_sheets(archive))
    except (*_BROKEN, SyntaxError) as error:
        zh = "不是可以读取的 .xlsx 工作簿（已损坏、加密或为旧格式），请用 Excel 或 WPS 另存为 .xlsx"
        raise InputError(f"is no workbook that can be read: {error}", where=where, zh=zh) from error


def _sheets(archive: zipfile.ZipFile) -> Iterator[Sheet]:
    shared = _shared(archive)
    formats = odd_formats(_root(archive, "xl/styles.xml")) if "xl/styles.xml" in archive.namelist() else {}
    targets = {
        element.get("Id"): str(element.get("Target"))
        for element in _root(archive, "xl/_rels/workbook.xml.rels").iter("{*}Relationship")
    }
    for element in _root(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = targets.get(element.get(_RELATIONS), "")
        name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if name in archive.namelist() and "worksheet" in name:
            yield _sheet(_root(archive, name), str(element.get("name")), shared, formats)


def _root(archive: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    with archive.open(name) as stream:
        content = stream.read(_MAX_PART + 1)
    if len(content) > _MAX_PART:
        raise ValueError(f"{name} is too large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    return etree.fromstring(content, parser)


def _sheet(root: Any, name: str, shared: list[str], formats: Mapping[str, str]) -> Sheet:
    sheet = Sheet(name)
    for cell in root.iter(f"{_MAIN}c"):
        match = _ADDRESS.fullmatch(str(cell.get("r", "")))
        if match is None:
            continue
        row, column = int(match[2]), column_number(match[1])
        text = _text(cell, shared, formats)
        if text and row <= _MAX_ROW and column <= _MAX_COLUMN:
            sheet.cells[row, column] = text
        if len(sheet.cells) > _MAX_CELLS:
            raise ValueError("it holds too many cells")
    for merge in root.iter(f"{_MAIN}mergeCell"):
        first, _, last = str(merge.get("ref", "")).partition(":")
        one, two = _ADDRESS.fullmatch(first), _ADDRESS.fullmatch(last)
        if one and two:
            sheet.merged.append((int(one[2]), column_number(one[1]), int(two[2]), column_number(two[1])))
    return sheet


def column_number(letters: str) -> int:
    """The number of a column by its letters: 3 for C."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index


def _text(cell: Any, shared: list[str], formats: Mapping[str, str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        held = cell.find(f"{_MAIN}is")
        return "" if held is None else _rich(held)
    value = cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        return shared[int(value)] if value.isdecimal() and int(value) < len(shared) else ""
    if kind != "n":
        return str(value).strip()
    if not value.strip():
        return ""  # a formula that was never worked out: its parts are there
    shown = shown_number(value.strip())
    odd = formats.get(cell.get("s", "0"))
    return f"{shown}（单元格格式为{odd}）" if odd else shown


def shown_number(text: str) -> str:
    """A stored number as a person sees it: 12 for 12.0, 59237.2449 for 59237.244899999998."""
    try:
        exact = Decimal(text)
        # Spreadsheets keep binary fractions; the shortest decimal that names one is what was typed.
        shown = Decimal(repr(float(text))) if "." in text or "E" in text.upper() else exact
    except (InvalidOperation, ValueError, OverflowError):
        return text
    if not shown.is_finite() or abs(shown.adjusted()) > 30:
        return text
    return f"{int(shown)}" if shown == shown.to_integral_value() else f"{shown:f}"


def _shared(archive: zipfile.ZipFile) -> list[str]:
    name = next((name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"), None)
    return [_rich(item) for item in _root(archive, name).iter(f"{_MAIN}si")] if name else []


def _rich(item: Any) -> str:
    """The text of a string with its runs, furigana aside; what is struck out or raised is marked, for 12² is no 122."""
    parts = []
    for element in item:
        if element.tag == f"{_MAIN}t":
            parts.append(element.text or "")
        elif element.tag == f"{_MAIN}r":
            text = element.findtext(f"{_MAIN}t") or ""
            style = element.find(f"{_MAIN}rPr")
            parts.append(f"〔{text}〕" if text.strip() and style is not None and _is_mark(style) else text)
    return "".join(parts).replace("\r\n", "\n").replace("_x000D_", "").strip()


def _is_mark(style: Any) -> bool:
    struck, raised = style.find(f"{_MAIN}strike"), style.find(f"{_MAIN}vertAlign")
    is_struck = struck is not None and struck.get("val", "1") not in {"0", "false"}
    return is_struck or (raised is not None and raised.get("val", "baseline") != "baseline")


def odd_formats(root: Any) -> dict[str, str]:
    """By the index of a cell's style, what its format makes of a number, where that is another number.

    ``root`` is the workbook's part of styles; what is said is Chinese (日期, 百分比, 以千为单位).
    """
    codes = {element.get("numFmtId"): str(element.get("formatCode", "")) for element in root.iter(f"{_MAIN}numFmt")}
    found = {}
    styles = root.find(f"{_MAIN}cellXfs")
    for index, style in enumerate(styles if styles is not None else ()):
        number = style.get("numFmtId", "0")
        if odd := _odd(int(number) if number.isdecimal() else 0, codes.get(number, "")):
            found[str(index)] = odd
    return found


def _odd(number: int, code: str) -> str | None:
    bare = _QUOTED.sub("", code).lower()
    if number in _DATES or (bare != "general" and re.search(r"[ymdhs年月日]", bare)):
        return "日期"
    if number in _PERCENT or "%" in bare:
        return "百分比"
    if re.search(r"[0#],+(?![0#,])", bare):
        return "以千为单位"
    return None
