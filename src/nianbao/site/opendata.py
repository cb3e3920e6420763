"""The reports' figures for programs: tables with a schema, for all reports and for each office; feed and site map.

Dates are those of the reports' publication: no clock is asked. Tables are described as a data package
(https://specs.frictionlessdata.io/data-package/).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache, partial
from html import escape
from itertools import groupby
from typing import Any

from nianbao.export.zipped import packed_files
from nianbao.form import known_cells, place_name
from nianbao.site.entries import Entry, Made, Portal
from nianbao.site.search import plain

CELLS, CELLS_PACKED, REPORTS, PACKAGE = "cells.csv", "cells.csv.zip", "reports.json", "datapackage.json"
OFFICE_DATA = "data.zip"  # an office's data package, in one file
FEED, SITE_MAP, ROBOTS = "feed.xml", "sitemap.xml", "robots.txt"
_NEWEST = 50  # entries of the feed
_SPECIAL = re.compile(r"[,\"\r\n]")
_REPORT_COLUMNS = {
    "office": "单位代码",
    "name": "单位名称",
    "year": "年度",
    "edition": "格式版本",
    "published": "公布日期",
}
_CELL_COLUMNS = {
    "office": "单位代码",
    "name": "单位名称",
    "year": "年度",
    "table": "表",
    "row": "行",
    "column": "列",
    "label": "表、行、列的名称",
    "value": "数值（报告中原样；空白即报告中空白）",
}


def files(portal: Portal) -> Iterator[Made]:
    """Every file for programs."""
    entries = portal.entries
    of: object = [entry.of for entry in entries]
    yield Made(f"data/{CELLS_PACKED}", of, lambda: packed_files({CELLS: cells_csv(entries)}))
    yield Made(f"data/{REPORTS}", of, lambda: reports_json(entries))
    yield Made(f"data/{PACKAGE}", (), lambda: _package("nianbao", "政府信息公开工作年度报告数据", packed=True))
    for office, name in portal.offices.items():
        if own := portal.of_office(office):
            of = (name, [entry.of for entry in own])
            yield Made(f"offices/{office}/{OFFICE_DATA}", of, partial(_office_data, office, name, own))
    if portal.base:
        of = (portal.base, portal.of)
        if portal.has_feed:
            yield Made(FEED, of, lambda: _feed(portal))
        yield Made(SITE_MAP, of, lambda: _site_map(portal))
        yield Made(ROBOTS, portal.base, lambda: _robots(portal.base))


def _office_data(office: str, name: str, entries: Sequence[Entry]) -> bytes:
    package = _package(f"nianbao-{office}", f"{name}政府信息公开工作年度报告数据", packed=False)
    return packed_files({CELLS: cells_csv(entries), REPORTS: reports_json(entries), PACKAGE: package})


def _robots(base: str) -> bytes:
    return f"User-agent: *\nAllow: /\nSitemap: {base}{SITE_MAP}\n".encode()


def cells_csv(entries: Sequence[Entry]) -> bytes:
    """One line for each cell of each report: by office, in the form's order, a cell's years one below the other.

    With a byte order mark: without one, Excel and WPS take UTF-8 for GBK; pandas and R pass over it.
    """
    lines = [_csv_fields(*_CELL_COLUMNS)]
    for _, own in groupby(entries, key=lambda entry: entry.office):
        by_year = [
            (_csv_fields(entry.office, entry.name, str(entry.year)), entry.cells)
            for entry in sorted(own, key=lambda entry: entry.year)
        ]
        for ref, place in _places().items():
            lines += [f"{about},{place},{_csv_fields(cells[ref])}" for about, cells in by_year if ref in cells]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


@cache
def _places() -> dict[str, str]:
    """Table, row and column of every cell, and their names in one, as they stand in the CSV."""
    return {
        str(ref): _csv_fields(ref.table, ref.row, ref.column, place_name(ref.table, ref.row, ref.column))
        for ref in known_cells()
    }


@cache
def _csv_fields(*texts: str) -> str:
    """Fields of a line of CSV (RFC 4180); most come again and again, and the csv module would write each anew."""
    return ",".join(f'"{text.replace(chr(34), chr(34) * 2)}"' if _SPECIAL.search(text) else text for text in texts)


def reports_json(entries: Sequence[Entry]) -> bytes:
    """One row for each report, with a column for each cell of either edition; the first row names the columns.

    A whole number is a number, a blank or a cell that the edition does not have is null, all else the printed text.
    """
    refs = list(_places())
    rows: list[list[Any]] = [[*_REPORT_COLUMNS, *refs]]
    for entry in entries:
        about = [getattr(entry, column) or None for column in _REPORT_COLUMNS]
        rows.append([*about, *(plain(entry.cells.get(ref, "")) for ref in refs)])
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f"[{lines}]\n".encode()


def _package(name: str, title: str, *, packed: bool) -> bytes:
    cells = {"path": CELLS_PACKED, "compression": "zip", "innerpath": CELLS} if packed else {"path": CELLS}
    resources = [
        {
            "name": "cells",
            "title": "各报告的每一个单元格，每格一行",
            **cells,
            "format": "csv",
            "encoding": "utf-8-sig",
            "schema": {
                "fields": [
                    _field(*each, kind="integer" if each[0] == "year" else "string") for each in _CELL_COLUMNS.items()
                ],
                "primaryKey": ["office", "year", "table", "row", "column"],
                "foreignKeys": [
                    {"fields": ["office", "year"], "reference": {"resource": "reports", "fields": ["office", "year"]}}
                ],
                "missingValues": [""],
            },
        },
        {
            "name": "reports",
            "title": "每份报告一行，每格一列",
            "path": REPORTS,
            "format": "json",
            "encoding": "utf-8",
            "dialect": {"keyed": False},
            "schema": {"fields": _report_fields(), "primaryKey": ["office", "year"]},
        },
    ]
    package = {"name": name, "title": title, "profile": "tabular-data-package", "resources": resources}
    return f"{json.dumps(package, ensure_ascii=False, indent=1)}\n".encode()


def _field(name: str, title: str, kind: str = "string") -> dict[str, str]:
    return {"name": name, "type": kind, "title": title}


def _report_fields() -> list[dict[str, str]]:
    kinds = {"year": "integer", "published": "date"}
    about = [_field(name, title, kinds.get(name, "string")) for name, title in _REPORT_COLUMNS.items()]
    # "any": a cell may hold a number, or what an office has written in its place ("/", 251000元).
    # What a cell is called stands in the first table, and on the portal's data page.
    return [*about, *({"name": str(ref), "type": "any"} for ref in known_cells())]


def _feed(portal: Portal) -> bytes:
    """The newest reports as an Atom feed (RFC 4287); reports without a date of publication have no place in it."""
    dated = sorted(
        (entry for entry in portal.entries if entry.published), key=lambda each: each.published, reverse=True
    )
    newest = dated[:_NEWEST]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
        "<title>政府信息公开工作年度报告</title>",
        f"<id>{escape(portal.base)}</id>",
        f'<link rel="self" href="{escape(portal.base)}{FEED}"/>',
        f'<link href="{escape(portal.base)}"/>',
        f"<updated>{_moment(newest[0].published)}</updated>",
        *(_feed_entry(portal.base, entry) for entry in newest),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _feed_entry(base: str, entry: Entry) -> str:
    address = f"{escape(base)}{entry.folder}{entry.page}"
    return (
        f'<entry><title>{escape(entry.full_title)}</title><id>{address}</id><link href="{address}"/>'
        f"<updated>{_moment(entry.published)}</updated><author><name>{escape(entry.name)}</name></author></entry>"
    )


def _moment(day: str) -> str:
    return f"{day}T00:00:00+08:00"


def _site_map(portal: Portal) -> bytes:
    """All pages (https://www.sitemaps.org/protocol.html), those of reports with their dates of publication."""
    pages = ["index.html", "search.html", "data/index.html"]
    pages += [f"offices/{office}/index.html" for office in portal.offices]
    pages += [f"years/{year}/index.html" for year in portal.years]
    lines = [f"<url><loc>{escape(portal.base + page)}</loc></url>" for page in pages]
    for entry in portal.entries:
        changed = f"<lastmod>{entry.published}</lastmod>" if entry.published else ""
        lines += [
            f"<url><loc>{escape(portal.base + entry.folder + page)}</loc>{changed}</url>"
            for page in (entry.page, entry.file_name("html"))
        ]
    head = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (head + "\n".join(lines) + "\n</urlset>\n").encode()
