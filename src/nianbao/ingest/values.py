"""Owns the way from a report as read to an OfficeYear, so that the rules for our own reports hold for it.

May import: form, model, ingest.result.
"""

from __future__ import annotations

from nianbao.errors import IngestError
from nianbao.form import EDITIONS, CellRef, Edition, edition_for
from nianbao.ingest.result import Ingested
from nianbao.model import Level, Office, OfficeKind, OfficeYear, Profile, ReportKey, Source, Text

# What an office's name says of its kind, the first that fits; and of its level.
_KINDS = (
    (("街道", "镇人民政府", "乡人民政府", "苏木"), OfficeKind.TOWNSHIP),
    (("人民政府办公厅", "人民政府办公室", "政府办公室", "政府办"), OfficeKind.GOVERNMENT_OFFICE),
    (("人民政府", "管理委员会", "管委会"), OfficeKind.GOVERNMENT),
)
# 宿迁市 is how a city's government signs; a department's name says what body it is.
_ENDINGS = (
    (("镇", "乡"), OfficeKind.TOWNSHIP),
    (("省", "自治区", "市", "州", "盟", "县", "区", "旗"), OfficeKind.GOVERNMENT),
    ((*tuple("局委厅办会院处队站所署部"), "中心", "办公室", "分局"), OfficeKind.DEPARTMENT),
)
_LEVELS = (
    (("县", "区", "旗"), Level.COUNTY),
    (("市", "州", "盟"), Level.CITY),
    (("省", "自治区", "国务院"), Level.PROVINCE),
)


def to_office_year(ingested: Ingested, key: ReportKey) -> OfficeYear:
    """The values of a report as read; cells that could not be read are absent, texts are plain Markdown.

    Raises IngestError where not even the edition of its form can be told.
    """
    edition = edition_of(ingested, key)
    return OfficeYear(
        key=key,
        office=office_of(ingested, key.office),
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
        )
    return edition_for(key.year)


def office_of(ingested: Ingested, identifier: str) -> Office:
    """The office as its name tells it; kind and level are what the name suggests."""
    name = ingested.office_name or identifier
    return Office(identifier, name, name, kind_of(name), level_of(name))


def kind_of(name: str) -> OfficeKind:
    """What a name says of an office's kind; unknown where it says nothing."""
    for words, kind in _KINDS:
        if any(word in name for word in words):
            return kind
    return next((kind for ends, kind in _ENDINGS if name.endswith(ends)), OfficeKind.UNKNOWN)


def level_of(name: str) -> Level:
    """The lowest level of government that a name names; a county's where it names none."""
    if kind_of(name) is OfficeKind.TOWNSHIP:
        return Level.TOWNSHIP
    for words, level in _LEVELS:
        if any(word in name[1:] for word in words):
            return level
    return Level.COUNTY


def absent(ingested: Ingested, edition: Edition) -> frozenset[CellRef]:
    """The cells of the form that were not read."""
    return frozenset(ref for ref in edition.cells if ref not in ingested.cells)
