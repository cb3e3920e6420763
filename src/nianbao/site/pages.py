"""The portal's pages: from its entries to HTML, each page by its path.

Search engines and archives read schema.org's Report and Dataset in them: addresses are whole where the portal's is
known, else relative to the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment

from nianbao.export import FILE_NAMES
from nianbao.export.page_parts import OTHER_FORMATS, page_templates
from nianbao.form import EDITIONS, known_cells, place_name
from nianbao.site.comparison.history import over_years
from nianbao.site.comparison.multiples import panels
from nianbao.site.comparison.page import style
from nianbao.site.comparison.told import fate_word
from nianbao.site.comparison.values import Fate
from nianbao.site.entries import SHOWN_CELLS, Entry, Made, Portal, address
from nianbao.site.opendata import CELLS_PACKED, OFFICE_DATA, PACKAGE, REPORTS

_FORMAT_WORDS = {"html": "网页", "pdf": "PDF", "docx": "Word", "xlsx": "Excel 数据表"}
_CONTEXT = "https://schema.org"
_MEDIA = {"html": "text/html", **{other.form: other.media_type for other in OTHER_FORMATS}}
_SCRIPTS = ("search.js", "sort.js")


@cache
def _environment() -> Environment:
    environment = page_templates("nianbao.site")
    environment.globals |= {"shown_cells": SHOWN_CELLS, "format_words": _FORMAT_WORDS}
    environment.globals |= {"dataset": _dataset, "report": _report}
    environment.globals |= {"Fate": Fate, "fate_word": fate_word, "multiples": panels}
    environment.policies["json.dumps_kwargs"] |= {"separators": (",", ":")}
    environment.filters["quoted"] = address
    return environment


def scripts_and_style() -> Iterator[Made]:
    """The portal's own files; they depend on our code alone."""
    yield Made("style.css", (), lambda: style().encode())
    for name in _SCRIPTS:
        yield Made(name, (), files("nianbao.site").joinpath(f"templates/{name}").read_bytes)


def pages(portal: Portal) -> Iterator[Made]:
    """Every page but the reports themselves."""
    title = "政府信息公开工作年度报告"
    of: object
    yield _page("start", "index.html", title, portal, portal.of)
    yield _page("search", "search.html", "检索年度报告", portal, portal.of)
    yield _page("data", "data/index.html", "年度报告数据下载", portal, portal.of, codes=_codes)
    years = {office: [entry.year for entry in portal.of_office(office)] for office in portal.offices}
    for office, name in portal.offices.items():
        reports = portal.of_office(office)
        of = (name, [entry.of for entry in reports], [year for one, year in portal.missing if one == office])
        yield _page("office", f"offices/{office}/index.html", name, portal, of, office=office)
        if len(reports) > 1:
            path, over = f"offices/{office}/compare.html", partial(over_years, reports)
            yield _page("compare", path, f"{name}：历年对比", portal, of, office=office, found=over)
    for year in portal.years:
        of = (portal.years, [entry.of for entry in portal.of_year(year)], list(portal.missing_in(year).items()))
        yield _page("year", f"years/{year}/index.html", f"{year}年{title}", portal, of, year=year)
    for entry in portal.entries:
        of = (entry.of, years[entry.office])
        yield _page("report", f"{entry.folder}{entry.page}", entry.full_title, portal, of, entry=entry)


def _page(template: str, path: str, title: str, portal: Portal, of: object, **values: object) -> Made:
    """A page; of the ``values`` those that are functions are called when it is made."""

    def make() -> bytes:
        found = {name: value() if callable(value) else value for name, value in values.items()}
        root = "../" * path.count("/")
        page = _environment().get_template(f"{template}.html.j2")
        return _lean(page.render(title=title, path=path, root=root, portal=portal, **found)).encode()

    return Made(path, (title, portal.base, portal.has_feed, of), make)


def _lean(page: str) -> str:
    """The page without end tags that HTML does without (https://html.spec.whatwg.org/#optional-tags)."""
    return re.sub("</(?:td|th|tr|li|dt|dd)>", "", page)


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


def report_page(entry: Entry, content: bytes, base: str) -> bytes:
    """The report's own page, its address (the portal's is ``base``) and the other formats' names filled in."""
    if base:
        own = f'<meta name="Url" content="{base}{entry.folder}{address(entry.file_name("html"))}">'
        content = content.replace(b'<meta name="Url" content="">', own.encode(), 1)
    for form in entry.formats:
        if form != "html":
            for mark in ('href="{}"', '"contentUrl": "{}"'):
                own, shown = mark.format(FILE_NAMES[form]), mark.format(address(entry.file_name(form)))
                content = content.replace(own.encode(), shown.encode())
    return content


def _report(portal: Portal, entry: Entry) -> dict[str, Any]:
    """The report of a page, with its files."""
    office = {"@type": "GovernmentOrganization", "name": entry.name}
    at = f"{portal.base}{entry.folder}" if portal.base else ""
    files = [
        {"@type": "MediaObject", "encodingFormat": _MEDIA[form], "contentUrl": at + address(entry.file_name(form))}
        for form in entry.formats
    ]
    return {
        "@context": _CONTEXT,
        "@type": "Report",
        "name": entry.full_title,
        "inLanguage": "zh-CN",
        "publisher": office,
        **({"datePublished": entry.published} if entry.published else {}),
        "temporalCoverage": f"{entry.year}-01-01/{entry.year}-12-31",
        "isAccessibleForFree": True,
        "encoding": files,
    }


def _dataset(portal: Portal, office: str = "") -> dict[str, Any]:
    """The figures of all reports, or of one office's."""
    entries = portal.of_office(office) if office else portal.entries
    years = [entry.year for entry in entries]
    whose = portal.offices[office] if office else "各单位"
    at = f"{portal.base}offices/{office}/" if office else f"{portal.base}data/"
    if not portal.base:
        at = ""
    names = (
        {OFFICE_DATA: "application/zip"}
        if office
        else {CELLS_PACKED: "application/zip", REPORTS: "application/json", PACKAGE: "application/json"}
    )
    creators = {entry.name: None for entry in entries}
    span = f"{min(years)}年至{max(years)}年" if len(set(years)) > 1 else f"{years[0]}年"
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": f"{whose}政府信息公开工作年度报告数据",
        "description": f"{whose}{span}政府信息公开工作年度报告三张法定表格的全部数据，共{len(entries)}份报告。",
        "inLanguage": "zh-CN",
        "isAccessibleForFree": True,
        "temporalCoverage": f"{min(years)}-01-01/{max(years)}-12-31",
        **({"dateModified": newest} if (newest := max(entry.published for entry in entries)) else {}),
        **(
            {"creator": {"@type": "GovernmentOrganization", "name": next(iter(creators))}} if len(creators) == 1 else {}
        ),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": media, "contentUrl": at + name} for name, media in names.items()
        ],
    }
