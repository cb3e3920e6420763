"""The texts of a document: where each stands, and which of their characters nobody sees.

One rule for every format, where the document is read: control characters are refused, format characters left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple, TypeVar

from nianbao.errors import ExportError
from nianbao.errors.language import Message
from nianbao.export.blocks import (
    Attachment,
    AttachmentList,
    Block,
    Closing,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    TableBlock,
    Title,
)
from nianbao.export.fonts import Role

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
    place: str = Message("the title page")
    count = 0
    for block in blocks:
        count += 1
        if isinstance(block, Attachment) or (isinstance(block, Heading) and block.level == 1):
            place, count = block.text, 0
        yield from _of_block(block, place, count)


def _of_block(block: Block, place: str, count: int) -> Iterator[Text | Drawn]:
    where = Message("{place}, block {count}", place=place, count=count) if count else place
    if isinstance(block, Title):
        yield from (Text(line, Role.TITLE, Message("the title")) for line in block.lines)
    elif isinstance(block, Heading):
        role = {1: Role.HEADING1, 2: Role.HEADING2}.get(block.level, Role.BODY)
        yield Text(block.text, role, Message("the heading {text!r}", text=block.text))
    elif isinstance(block, Paragraph):
        yield from _of_paragraph(block, where)
    elif isinstance(block, ListBlock):
        yield from _of_list(block, where)
    elif isinstance(block, AttachmentList):
        where = Message("the list of attachments")
        yield from (Text("".join(parts), Role.BODY, where) for parts in block.lines)
    elif isinstance(block, Attachment):
        yield Text(block.mark, Role.HEADING1, place)
        yield Text(block.title, Role.TITLE, place)
    elif isinstance(block, Closing):
        yield from (Text(line, Role.BODY, Message("the closing")) for line in block.lines)
    elif isinstance(block, TableBlock):
        for y, x, cell in block.grid.placed():
            yield Text(
                cell.text,
                Role.TABLE,
                Message("{place}, table row {row}, column {column}", place=place, row=y + 1, column=x + 1),
            )
        yield Text(block.grid.caption, Role.HEADING1, Message("{place}, the table's caption", place=place))
    else:
        where = block.place or where
        yield Text(block.caption, Role.FIGURE, Message("{place}, the picture's caption", place=where))
        yield Text(block.alt, None, Message("{place}, the picture's alternative text", place=where))
        yield Drawn(block, Message("{place}, the picture “{name}”", place=where, name=block.caption or block.alt))


def _of_list(block: ListBlock, where: str) -> Iterator[Text]:
    for number, item in enumerate(block.items, start=1):
        place = Message("{place}, item {number}", place=where, number=number)
        for part in item:
            yield from _of_list(part, place) if isinstance(part, ListBlock) else _of_paragraph(part, place)


def _of_paragraph(paragraph: Paragraph, where: str) -> Iterator[Text]:
    plain = Role.HEADING1 if paragraph.role == "notice" else Role.BODY
    lead = run_in_length(paragraph.text) if paragraph.role == "body" else 0
    if lead:
        yield Text(paragraph.text[:lead], Role.HEADING2, where)
    for run in paragraph.runs:
        yield Text(run.text, Role.HEADING2 if run.italic else plain, where)


T = TypeVar("T")

# All but the characters of XML 1.0 (https://www.w3.org/TR/xml/#charsets). Written the other way round, by those that
# may stand, it would take fifty times as long to compile.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What no document can hold: controls (C0 and C1, but for tab and line ends), halves of characters, code points that
# are no characters, and the sign that stands for a misread one. XML 1.0 forbids most of them
# (https://www.w3.org/TR/xml/#charsets); the rest says that a file was read in the wrong encoding.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]")
# What only steers how others are shown: soft hyphens, zero-width and joining marks, marks of direction (they can
# make words read in another order than they are written), byte order marks, tags and variation selectors.
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Line ends of other systems: all of them are one.
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SUSPECT = re.compile(f"{_FORBIDDEN.pattern}|{_UNSEEN.pattern}|{_LINE_END.pattern}")


def visible(words: str, where: str) -> str:
    """The words without the characters that nobody sees; ExportError names a control character and its place."""
    if not _SUSPECT.search(words):
        return words
    if found := _FORBIDDEN.search(words):
        around = _SUSPECT.sub("□", words[max(0, found.start() - 12) : found.end() + 12])
        raise ExportError(
            Message(
                "no document can hold U+{code:04X} (a control, or a misread character), found in “{around}”",
                code=ord(found[0]),
                around=around,
            ),
            where=where,
            hint="delete the invisible character in the narrative or the table: type the words around it anew",
        )
    return _UNSEEN.sub("", _LINE_END.sub("\n", words))


def visible_blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks without the characters that nobody sees; ExportError names a control character and its place."""
    suspect = False
    for text in texts_of(blocks):
        words = _source(text.picture) if isinstance(text, Drawn) else text.words
        suspect |= visible(words, text.where) != words  # each is looked at: the first bad character is named
    return _cleaned(blocks) if suspect else blocks


def _source(picture: Picture) -> str:
    return picture.data.decode(errors="replace") if picture.format == "svg" else ""


def _cleaned(value: T) -> T:
    """The value with every text in it cleaned, however deep it lies; the value itself where nothing changes."""
    new: Any = value
    if isinstance(value, str):
        new = visible(value, "the report")
    elif isinstance(value, tuple):
        new = tuple(map(_cleaned, value))
    elif isinstance(value, Picture):
        data = visible(_source(value), "the picture").encode() if value.format == "svg" else value.data
        new = replace(value, data=data, alt=_cleaned(value.alt), caption=_cleaned(value.caption))
    elif is_dataclass(value) and not isinstance(value, type):
        changed = _changed({field.name: getattr(value, field.name) for field in fields(value)}.items())
        new = replace(value, **changed) if changed else value
    return new  # type: ignore[no-any-return]  # the same kind of value as was given


def _changed(parts: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    cleaned = ((name, part, _cleaned(part)) for name, part in parts)
    return {name: new for name, part, new in cleaned if new is not part and new != part}
