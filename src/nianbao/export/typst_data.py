"""The document as data for the Typst template; strings stay strings."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from nianbao.export import page
from nianbao.export.blocks import (
    Attachment,
    AttachmentList,
    Block,
    Closing,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Run,
    TableBlock,
    Title,
)
from nianbao.export.document import DRAFT, Document
from nianbao.export.fonts import FontSet
from nianbao.export.page import title_lines
from nianbao.export.pictures import clean_svg
from nianbao.export.texts import run_in_length
from nianbao.export.typst_tables import table_data
from nianbao.export.typst_words import printable, runs_of

# The words that the template prints besides the document's own.
BULLET = "•"

_PAGE = {
    "width": page.WIDTH,
    "height": page.HEIGHT,
    "head": page.HEAD,
    "foot": page.FOOT,
    "binding-edge": page.BINDING_EDGE,
    "fore-edge": page.FORE_EDGE,
    "area-width": page.AREA_WIDTH,
    "area-height": page.AREA_HEIGHT,
    "lines": page.LINES,
    "characters": page.CHARACTERS,
    "number-below": page.NUMBER_BELOW,
    "title-size": page.TITLE_SIZE,
}
# The name of the office under the report leaves room on both sides.
_CLOSING_WIDTH = 22
# A paragraph of up to four lines goes along with the closing, so that no page holds the closing alone.
_KEPT_CHARACTERS = 4 * page.CHARACTERS
# So many lines after a picture fill what it leaves of a page, but for a fifth.
_MUCH = 6
# 上图, 上面两张图, 以上各图: words that are true under the picture alone.
_PICTURE_ABOVE = re.compile("[上前](?:[述面列]的?)?[一二两三四几各]?[张幅个]?图")


def typst_data(document: Document, fonts: FontSet) -> dict[str, Any]:
    """The document as JSON for report.typ: plain values, in reading order."""
    return {
        "title": printable(document.full_title),
        "office": printable(document.office),
        "keywords": list(map(printable, document.keywords)),
        "draft": document.draft,
        "shrink": True,  # pictures that the rest of a page can hold in a smaller size
        "page": _PAGE,
        "words": {"draft": DRAFT, "bullet": BULLET},
        "faces": {choice.role.value: [face.name for face in choice.faces] for choice in fonts.choices},
        "embolden": [choice.role.value for choice in fonts.choices if choice.darkened],
        "blocks": list(_with_what_follows(list(_blocks(document.page_blocks)))),
    }


def _with_what_follows(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The items, but pictures in a row as one, with what follows them: it may come up before a picture that must wait.

    That ends with its section, at the next picture or statutory table, and where words speak of the picture above.
    """
    start = 0
    while start < len(items):
        end = _end_of(items, start, lambda item: item["kind"] == "picture")
        if end == start:
            yield items[start]
            start += 1
            continue
        last = _end_of(items, end, _may_come_up)
        while items[last - 1]["kind"] == "heading":
            last -= 1  # it goes along with what it heads
        after = items[end:last]
        headed = start > 0 and items[start - 1]["kind"] in {"heading", "attachment"}
        shrink = not headed and sum(map(_lines_of, after)) < _MUCH
        yield {"kind": "pictures", "pictures": items[start:end], "after": after, "shrink": shrink}
        start = last


def _end_of(items: list[dict[str, Any]], start: int, belongs: Callable[[dict[str, Any]], bool]) -> int:
    return next((place for place in range(start, len(items)) if not belongs(items[place])), len(items))


def _may_come_up(item: dict[str, Any]) -> bool:
    if item["kind"] == "heading":
        return item["level"] > 1 and not item["page"]
    if item["kind"] == "paragraph":
        return item["role"] == "body" and not item["keep"] and not _PICTURE_ABOVE.search(_words(item))
    return item["kind"] == "list" or (item["kind"] == "table" and not item["statutory"])


def _words(paragraph: dict[str, Any]) -> str:
    return "".join(run["text"] for run in (*paragraph["lead"], *paragraph["runs"]))


def _lines_of(item: dict[str, Any]) -> int:
    """About how many lines of the page a block takes."""
    if item["kind"] == "paragraph":
        return math.ceil(page.text_width(_words(item)) / page.CHARACTERS)
    if item["kind"] == "table":
        return sum(len(part["rows"]) for part in item["parts"])
    return len(item["items"]) if item["kind"] == "list" else 1


def _blocks(blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    level = 0
    heading = ""
    # An empty heading prints nothing, and PDF/UA-1 allows none.
    shown = [block for block in blocks if not (isinstance(block, Heading) and not printable(block.text).strip())]
    number = 0
    headings = 0  # right before a block
    for block, following in pairwise([*shown, None]):
        if isinstance(block, Heading):
            # PDF/UA-1 wants no level left out, whatever the narrative's Markdown does.
            level = min(block.level, level + 1)
            heading = block.text
            yield {"kind": "heading", "level": level, "text": printable(block.text), "page": block.new_page}
        elif isinstance(block, Paragraph):
            keep = isinstance(following, Closing | AttachmentList) and len(block.text) <= _KEPT_CHARACTERS
            lead = run_in_length(block.text) if block.role == "body" else 0
            yield {
                "kind": "paragraph",
                "role": block.role,
                "lead": runs_of(_stretch(block.runs, 0, lead)),
                "runs": runs_of(_stretch(block.runs, lead, len(block.text))),
                "keep": keep,
            }
        elif isinstance(block, TableBlock):
            yield table_data(block, heading, headings, number)
            number += 1
        elif isinstance(block, Attachment):
            level, heading = 1, block.title
            lines = title_lines(printable(block.title), page.TITLE_CHARACTERS)
            yield {"kind": "attachment", "mark": printable(block.mark), "lines": lines}
        elif block is not None:
            yield _simple(block)
        headings = headings + 1 if isinstance(block, Heading) else 0


def _simple(block: Title | ListBlock | Picture | Closing | AttachmentList) -> dict[str, Any]:
    if isinstance(block, Title):
        lines = [part for line in block.lines for part in title_lines(printable(line), page.TITLE_CHARACTERS)]
        return {"kind": "title", "lines": lines}
    if isinstance(block, ListBlock):
        return _list(block)
    if isinstance(block, AttachmentList):
        parts = [{"lead": lead, "number": number, "title": printable(title)} for lead, number, title in block.lines]
        return {"kind": "attachments", "lines": parts}
    if isinstance(block, Closing):
        lines = [part for line in block.lines for part in title_lines(printable(line), _CLOSING_WIDTH)]
        return {"kind": "closing", "lines": lines, "sealed": block.sealed}
    return {
        "kind": "picture",
        "format": {"jpeg": "jpg"}.get(block.format, block.format),
        # SVG goes as text; the bytes of pixels go as numbers, for JSON has no bytes.
        "data": clean_svg(block.data).decode() if block.format == "svg" else list(block.data),
        "alt": printable(block.alt),
        "caption": printable(block.caption),
    }


def _list(block: ListBlock) -> dict[str, Any]:
    items = [[_part(part) for part in item] for item in block.items]
    return {"kind": "list", "ordered": block.ordered, "start": block.start, "items": items}


def _part(part: Paragraph | ListBlock) -> dict[str, Any]:
    return _list(part) if isinstance(part, ListBlock) else {"kind": "paragraph", "runs": runs_of(part.runs)}


def _stretch(runs: Iterable[Run], start: int, end: int) -> Iterator[Run]:
    """The runs between two places of their joined text."""
    position = 0
    for run in runs:
        if text := run.text[max(0, start - position) : max(0, end - position)]:
            yield replace(run, text=text)
        position += len(run.text)
