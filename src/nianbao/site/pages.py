"""The portal's pages: from its entries to HTML, each page by its path.

May import: export (names of files, templates), form, and the values of this room; Jinja.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from nianbao.export import FILE_NAMES
from nianbao.export.html import page_templates
from nianbao.form import EDITIONS, known_cells, place_name
from nianbao.site import metadata
from nianbao.site.compare import compared
from nianbao.site.entries import SHOWN_CELLS, Entry, Portal

_FORMAT_WORDS = {"html": "网页", "pdf": "PDF", "docx": "Word", "xlsx": "Excel 数据表"}
_SCRIPTS = ("search.js", "sort.js")


@cache
def _environment() -> Environment:
    environment = page_templates("nianbao.site")
    environment.globals |= {"shown_cells": SHOWN_CELLS, "format_words": _FORMAT_WORDS}
    environment.globals |= {"dataset": metadata.dataset, "report": metadata.report}
    environment.filters["quoted"] = quote
    return environment


def style() -> str:
    """The portal's style sheet; its palettes are those of the report's page."""
    report = files("nianbao.export").joinpath("templates/report.css").read_text("utf-8")
    light, dark, printed = (Markup(found) for found in re.findall(r"^ *:root \{[^}]*\}", report, re.MULTILINE))  # noqa: S704 -- ours
    return _environment().get_template("style.css").render(light=light, dark=dark, printed=printed)


def scripts_and_style() -> Iterator[tuple[str, bytes]]:
    """The portal's own files, with their paths from its root."""
    yield "style.css", style().encode()
    for name in _SCRIPTS:
        yield name, files("nianbao.site").joinpath(f"templates/{name}").read_bytes()


def pages(portal: Portal) -> Iterator[tuple[str, bytes]]:
    """Every page but the reports themselves, with its path from the portal's root."""
    title = "政府信息公开工作年度报告"
    yield _page("start", "index.html", title, portal)
    yield _page("search", "search.html", "检索年度报告", portal)
    yield _page("data", "data/index.html", "年度报告数据下载", portal, codes=_codes())
    for office, name in portal.offices.items():
        yield _page("office", f"offices/{office}/index.html", name, portal, office=office)
        reports = portal.of_office(office)
        if len(reports) > 1:
            tables, path = tuple(compared(reports)), f"offices/{office}/compare.html"
            yield _page("compare", path, f"{name}：历年数据对比", portal, office=office, tables=tables)
    for year in portal.years:
        yield _page("year", f"years/{year}/index.html", f"{year}年{title}", portal, year=year)
    for entry in portal.entries:
        yield _page("report", f"{entry.folder}index.html", entry.full_title, portal, entry=entry)


def _page(template: str, path: str, title: str, portal: Portal, **values: object) -> tuple[str, bytes]:
    found = _environment().get_template(f"{template}.html.j2")
    root = "../" * path.count("/")
    return path, found.render(title=title, path=path, root=root, portal=portal, **values).encode()


def _codes() -> list[tuple[str, str, list[str]]]:
    """Every cell's name, code and editions."""
    return [
        (
            place_name(ref.table, ref.row, ref.column),
            str(ref),
            [code for code, form in EDITIONS.items() if ref in form.cells],
        )
        for ref in known_cells()
    ]


def report_page(entry: Entry, content: bytes) -> bytes:
    """The report's own page, with its links to the other formats under their names on the portal."""
    for form in entry.formats:
        if form != "html":
            for mark in ('href="{}"', '"contentUrl": "{}"'):
                own, shown = mark.format(FILE_NAMES[form]), mark.format(quote(entry.file_name(form)))
                content = content.replace(own.encode(), shown.encode())
    return content
