"""The portal's pages: from its entries to HTML, each page by its path.

May import: export (names of files), site.collect; Jinja.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from nianbao.export import FILE_NAMES
from nianbao.site.collect import SHOWN_CELLS, Entry, Portal
from nianbao.site.compare import compared

STYLE = "style.css"
_FORMAT_WORDS = {"html": "网页", "pdf": "PDF", "docx": "Word", "xlsx": "Excel 数据表"}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("nianbao.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"shown_cells": SHOWN_CELLS, "format_words": _FORMAT_WORDS}
    environment.filters["quoted"] = quote
    return environment


def style() -> bytes:
    """The portal's style sheet."""
    return (files("nianbao.site") / "templates" / STYLE).read_bytes()


def pages(portal: Portal) -> Iterator[tuple[str, bytes]]:
    """Every page but the reports themselves, with its path from the portal's root."""
    yield "index.html", _page("start", "政府信息公开工作年度报告", "", portal)
    for office, name in portal.offices.items():
        yield f"offices/{office}/index.html", _page("office", name, "../../", portal, office=office)
        reports = portal.of_office(office)
        if len(reports) > 1:
            tables, title = tuple(compared(reports)), f"{name}：历年数据对比"
            yield (
                f"offices/{office}/compare.html",
                _page("compare", title, "../../", portal, office=office, tables=tables),
            )
    for year in portal.years:
        title = f"{year}年政府信息公开工作年度报告"
        yield f"years/{year}/index.html", _page("year", title, "../../", portal, year=year)
    for entry in portal.entries:
        yield f"{folder_of(entry)}index.html", _page("report", entry.full_title, "../../../", portal, entry=entry)


def folder_of(entry: Entry) -> str:
    """The folder of a report and its files, from the portal's root."""
    return f"reports/{entry.office}/{entry.year}/"


def _page(template: str, title: str, root: str, portal: Portal, **values: object) -> bytes:
    found = _environment().get_template(f"{template}.html.j2")
    return found.render(title=title, root=root, portal=portal, **values).encode()


def report_page(entry: Entry, content: bytes) -> bytes:
    """The report's own page, with its links to the other formats under their names on the portal."""
    for form in entry.formats:
        if form != "html":
            for mark in ('href="{}"', '"contentUrl": "{}"'):
                own, shown = mark.format(FILE_NAMES[form]), mark.format(quote(entry.file_name(form)))
                content = content.replace(own.encode(), shown.encode())
    return content
