"""The web page: one accessible file that needs no script, made from a Document."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from nianbao.export import FILE_NAMES, file_name
from nianbao.export.blocks import Attachment, Block, Closing, Heading, Picture, TableBlock, Title
from nianbao.export.document import Document
from nianbao.export.html_table import TableView, table_view
from nianbao.export.page import closing_insets
from nianbao.export.page_parts import OTHER_FORMATS, OtherFormat, page_templates
from nianbao.export.pictures import clean_svg

_ANCHOR = re.compile(r"[A-Za-z][\w-]*")
_DEEPEST_HEADING = 6


def write(document: Document, font_dir: Path | None = None) -> bytes:  # noqa: ARG001 -- as for each format
    """The report as one HTML file; ExportError where a figure is no valid picture."""
    text = _template().render(
        document=document,
        title_lines=_title_lines(document),
        sections=_sections(document),
        attachments=any(isinstance(block, Attachment) for block in document.blocks),
        formats=_others(document),
        metadata=_metadata(document),
    )
    return text.encode()


def _others(document: Document) -> tuple[OtherFormat, ...]:
    others = (other for other in OTHER_FORMATS if other.form in document.formats)
    return tuple(
        replace(
            other,
            file=file_name(other.form, draft=document.draft),
            name=f"{document.full_title}.{FILE_NAMES[other.form].rpartition('.')[2]}",
        )
        for other in others
    )


@cache
def _template() -> jinja2.Template:
    environment = page_templates("nianbao.export")
    environment.globals["stylesheet"] = Markup(environment.get_template("report.css").render())  # noqa: S704 - ours
    return environment.get_template("report.html.j2")


@dataclass(frozen=True, slots=True)
class View:
    """A block with what the template needs besides; ``kind`` chooses the macro.

    ``number`` is a heading's level in HTML (2 to 6), else the running number of a table or a picture; ``markup``
    is the table's view, the picture's address, or how far a closing's lines stand in, in characters.
    """

    kind: str
    block: Block
    id: str = ""
    number: int = 0
    markup: TableView | str | tuple[str, ...] = ""


@dataclass
class SectionView:
    """One of the six sections, or (without heading) what stands before or after them."""

    heading: View | None
    views: list[View]


def _title_lines(document: Document) -> tuple[str, ...]:
    for block in document.blocks:
        if isinstance(block, Title):
            return block.lines
    return (document.office, document.title)


def _sections(document: Document) -> list[SectionView]:
    sections = [SectionView(None, [])]
    for view in views(document.blocks):
        if view.kind == "Attachment" or (view.kind == "Heading" and view.number == 2):
            sections.append(SectionView(view, []))
        elif view.kind == "Closing" and sections[-1].heading:
            sections.append(SectionView(None, [view]))
        else:
            sections[-1].views.append(view)
    return [section for section in sections if section.heading or section.views]


def views(blocks: tuple[Block, ...]) -> Iterator[View]:
    """The blocks below the title; headings never skip a level, ids are unique on the page."""
    level, tables, pictures = 1, 0, 0
    anchors = {"content", "contents", "formats", *(block.anchor for block in blocks if isinstance(block, Attachment))}
    for block in blocks:
        kind = type(block).__name__
        if isinstance(block, Heading):
            level = min(block.level + 1, level + 1, _DEEPEST_HEADING)
            yield View(kind, block, _anchor(block, anchors), level)
        elif isinstance(block, Attachment):
            level = 2
            yield View(kind, block, block.anchor, level)
        elif isinstance(block, TableBlock):
            tables += 1
            yield View(kind, block, f"t{tables}", tables, table_view(block, f"t{tables}"))
        elif isinstance(block, Picture):
            pictures += 1
            yield View(kind, block, f"figure{pictures}", pictures, _picture(block))
        elif isinstance(block, Closing):
            insets = tuple(f"{inset:.2f}" for inset in closing_insets(block.lines, sealed=block.sealed))
            yield View(kind, block, markup=insets)
        elif not isinstance(block, Title):
            yield View(kind, block)


def _anchor(heading: Heading, taken: set[str]) -> str:
    """A link target for the heading that nothing else on the page has; empty for lower headings without one."""
    if heading.level > 1 and not heading.anchor:
        return ""
    wanted = heading.anchor if heading.anchor and _ANCHOR.fullmatch(heading.anchor) else "section"
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    taken.add(name)
    return name


def _picture(picture: Picture) -> str:
    """The picture as an address, so that readers without pictures meet its alternative text and not its parts."""
    svg = picture.format == "svg"
    data = clean_svg(picture.data) if svg else picture.data
    return f"data:image/{'svg+xml' if svg else picture.format};base64,{base64.b64encode(data).decode()}"


def _metadata(document: Document) -> dict[str, Any]:
    """What search engines and archives read: a schema.org Report."""
    office = {"@type": "GovernmentOrganization", "name": document.office}
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": document.full_title,
        "inLanguage": "zh-CN",
        "author": office,
        "publisher": office,
        **({"datePublished": document.published} if document.published else {}),
        "temporalCoverage": f"{document.year}-01-01/{document.year}-12-31",
        "creativeWorkStatus": "Draft" if document.draft else "Published",
        "isAccessibleForFree": True,
        "encoding": [
            {"@type": "MediaObject", "encodingFormat": other.media_type, "contentUrl": other.file}
            for other in _others(document)
        ],
    }
