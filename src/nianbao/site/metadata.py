"""What search engines and archives read of a page: schema.org's Report and Dataset.

Addresses are whole where the portal's is known, else relative to the page.
"""

from __future__ import annotations

from typing import Any

from nianbao.export.page_parts import OTHER_FORMATS
from nianbao.site.entries import Entry, Portal, address
from nianbao.site.opendata import CELLS_PACKED, OFFICE_DATA, PACKAGE, REPORTS

_CONTEXT = "https://schema.org"
_MEDIA = {"html": "text/html", **{other.form: other.media_type for other in OTHER_FORMATS}}


def report(portal: Portal, entry: Entry) -> dict[str, Any]:
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


def dataset(portal: Portal, office: str = "") -> dict[str, Any]:
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
