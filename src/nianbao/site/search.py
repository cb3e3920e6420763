"""The index that the search page asks: what the form's cells are called, and for each year what its reports say.

Each file is a script that hands one JSON value over: a page that was opened from a folder may load scripts, but no
JSON. The value is packed (zlib, in base64), for the words of all reports are long, and browsers can unpack it. The
files of the years are also where a later build finds what reports say that have not changed (``kept``).
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from nianbao.export.zipped import packed_stream
from nianbao.form import EDITIONS, SECTIONS, CellRef, Table, place_name, row_name
from nianbao.form.cells import CellKind, State, parse
from nianbao.site.entries import SHOWN_CELLS, Entry, Made, Portal

FORM = "search/form.js"
# What people call rows that the form words otherwise.
_SPOKEN = {"applications.new": ("收到申请", "新收到申请", "received"), "applications.carried_out": ("结转下一年",)}
_HEAD, _TAIL = b'nianbao.unpack("', b'");\n'


def year_file(year: int) -> str:
    """Where the reports of a year stand in the index."""
    return f"search/{year}.js"


def index(portal: Portal) -> Iterator[Made]:
    """Every file of the index."""
    yield Made(FORM, (), lambda: _script(_form()))
    for year in portal.years:
        reports = portal.of_year(year)
        yield Made(year_file(year), [entry.of for entry in reports], partial(_of_year, year, reports))


def _of_year(year: int, reports: Sequence[Entry]) -> bytes:
    return _script({"year": year, "reports": [_report(each) for each in reports]})


def kept(content: bytes) -> Iterator[tuple[str, dict[str, str], tuple[tuple[str, str], ...]]]:
    """Of each report in a file of the index: its key, its cells as printed, and its texts."""
    packed = content.removeprefix(_HEAD).removesuffix(_TAIL)
    found = json.loads(zlib.decompress(base64.b64decode(packed)))
    for report in found["reports"]:
        refs = _refs(report["edition"])
        cells = {ref: "" if value is None else str(value) for ref, value in zip(refs, report["cells"], strict=True)}
        texts = tuple((slug, text) for slug, text in report["texts"])
        yield f"{report['office']}/{found['year']}", cells, texts


@cache
def _refs(edition: str) -> list[str]:
    return [str(ref) for ref in EDITIONS[edition].cells]


def _script(value: Mapping[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _HEAD + base64.b64encode(packed_stream(text.encode())) + _TAIL


def _report(entry: Entry) -> dict[str, Any]:
    return {
        "office": entry.office,
        "name": entry.name,
        "edition": entry.edition,
        "cells": [plain(text) for text in entry.cells.values()],
        "texts": entry.texts,
    }


def plain(printed: str) -> int | str | None:
    """A printed cell: a whole number as such, a blank as None, anything else as it stands."""
    if not printed:
        return None
    if printed.isdigit() and printed.isascii() and (printed[0] != "0" or printed == "0"):
        return int(printed)  # most cells
    value = parse(printed, CellKind.COUNT)
    whole = value.number if value.state is State.NUMBER and isinstance(value.number, int) else None
    return whole if whole is not None and str(whole) == printed else printed


def _form() -> dict[str, Any]:
    return {
        "editions": {code: _refs(code) for code in EDITIONS},
        "sections": {section.slug: section.heading for section in SECTIONS},
        "tables": {section.table: section.slug for section in SECTIONS if section.table},
        "cells": {
            str(ref): _names(table, ref) for form in EDITIONS.values() for table in form.tables for ref in table.cells
        },
    }


def _names(table: Table, ref: CellRef) -> dict[str, Any]:
    """What a cell is called, and by what its row and its column are found; ``usual``: meant if no column is named."""
    row, column = table.rows[ref.row], next(each for each in table.columns_of(ref.row) if each.code == ref.column)
    spoken = (*_SPOKEN.get(f"{ref.table}.{ref.row}", ()), SHOWN_CELLS.get(f"{ref.table}.{ref.row}.total", ""))
    names = (row_name(row), row.short_label, row.full_label, row.code.replace("_", " "), *row.aliases, *spoken)
    codes = [each.code for each in table.columns_of(ref.row)]
    return {
        "name": place_name(ref.table, ref.row, ref.column),
        "row": list(dict.fromkeys(name for name in names if name)),
        "column": [column.label, column.code.replace("_", " "), *([column.group] if column.group else [])],
        "usual": ref.column == "total" or "total" not in codes,
    }
