"""Where each text of a document stands: its words, the style that prints them, and a place that people find."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nianbao.export.blocks import Block, Closing, Heading, ListBlock, Paragraph, Picture, TableBlock, Title
from nianbao.export.font_families import Role

# A heading of the second layer that stands within a paragraph: its numeral, then words up to the first full stop; a
# whole sentence of narrative is none. Source: GB/T 9704-2012, 7.3.3 (第二层用楷体).
_RUN_IN = re.compile(r"（[一二三四五六七八九十]{1,3}）[^。；！？\n]{1,30}。(?=.)")


def run_in_length(paragraph: str) -> int:
    """How many characters at the paragraph's beginning are a heading of the second layer; 0 for most."""
    found = _RUN_IN.match(paragraph)
    return found.end() if found else 0


class Text(NamedTuple):
    """Words with their style (None: heard or copied, never printed) and their place: 五、存在的主要问题, block 2."""

    words: str
    role: Role | None
    where: str


class Drawn(NamedTuple):
    """A picture with its place; the words in it are the picture's own."""

    picture: Picture
    where: str


def texts_of(blocks: Iterable[Block]) -> Iterator[Text | Drawn]:
    """Every text of the blocks, and every picture, in reading order."""
    place = "the title page"
    count = 0
    for block in blocks:
        count += 1
        if isinstance(block, Heading) and block.level == 1:
            place, count = block.text, 0
        yield from _of_block(block, place, count)


def _of_block(block: Block, place: str, count: int) -> Iterator[Text | Drawn]:
    where = f"{place}, block {count}" if count else place
    if isinstance(block, Title):
        yield from (Text(line, Role.TITLE, "the title") for line in block.lines)
    elif isinstance(block, Heading):
        role = {1: Role.HEADING1, 2: Role.HEADING2}.get(block.level, Role.BODY)
        yield Text(block.text, role, f"the heading {block.text!r}")
    elif isinstance(block, Paragraph):
        yield from _of_paragraph(block, where)
    elif isinstance(block, ListBlock):
        yield from _of_list(block, where)
    elif isinstance(block, Closing):
        yield from (Text(line, Role.BODY, "the closing") for line in block.lines)
    elif isinstance(block, TableBlock):
        for y, x, cell in block.grid.placed():
            yield Text(cell.text, Role.TABLE, f"{place}, table row {y + 1}, column {x + 1}")
        yield Text(block.grid.caption, Role.HEADING1, f"{place}, the table's caption")
    else:
        yield Text(block.caption, Role.FIGURE, f"{where}, the picture's caption")
        yield Text(block.alt, None, f"{where}, the picture's alternative text")
        yield Drawn(block, f"{where}, the picture")


def _of_list(block: ListBlock, where: str) -> Iterator[Text]:
    for number, item in enumerate(block.items, start=1):
        place = f"{where}, item {number}"
        for part in item:
            yield from _of_list(part, place) if isinstance(part, ListBlock) else _of_paragraph(part, place)


def _of_paragraph(paragraph: Paragraph, where: str) -> Iterator[Text]:
    plain = Role.HEADING1 if paragraph.role == "notice" else Role.BODY
    lead = run_in_length(paragraph.text) if paragraph.role == "body" else 0
    if lead:
        yield Text(paragraph.text[:lead], Role.HEADING2, where)
    for run in paragraph.runs:
        yield Text(run.text, Role.HEADING2 if run.italic else plain, where)
