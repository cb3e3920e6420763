"""Turn a section's lines into Markdown: paragraphs put together again, sub-headings on their own lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from nianbao.ingest.carrier import Line, legible
from nianbao.ingest.tokens import is_page_number

_SUB_HEADING = re.compile(r"[（(][一二三四五六七八九十]{1,2}[）)]")
_RUN_IN = re.compile(r"[（(][一二三四五六七八九十]{1,2}[）)][^。：:；，,]{2,30}[。：:]")
_STARTS_PARAGRAPH = re.compile(
    r"[（(][一二三四五六七八九十\d]{1,2}[）)]|[一二三四五六七八九十]{1,2}、|\d{1,2}[.、．](?!\d)|[•·●◆■] ?"
)
_BULLET = re.compile(r"^[•●◆■▪]\s*|^-\s+")
_ENDS = re.compile(r"[。！？：；…”〕】.!?:;]\s*$")
# Lines of prose count from this length on when telling wrapped text from one paragraph a line.
_PROSE = 12
# The share of prose lines that end like sentences, from which each line is a paragraph of its own.
_UNWRAPPED = 0.6
# A line shorter than this share of the widest ends its paragraph, if it ends a sentence.
_SHORT = 0.9
# Shorter than this share, it ends its paragraph whatever it ends with: a heading.
_LAST = 0.6
_HAN = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
_SPACE_AFTER = re.compile(rf"(?<=[{_HAN}]) +(?=\S)")
_SPACE_BEFORE = re.compile(rf"(?<=\S) +(?=[{_HAN}])")
_BETWEEN_WORDS = re.compile(r"([A-Za-z])\n(?=[A-Za-z])")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def is_wrapped(lines: Sequence[Line]) -> bool:
    """Whether the lines are those of a printed page, broken where the page ends, and not one paragraph each."""
    prose = [line.text.strip() for line in lines if not line.ruled and len(line.text.strip()) >= _PROSE]
    if len(prose) < 3:
        return False
    ended = sum(_ENDS.search(text) is not None for text in prose)
    return ended / len(prose) < _UNWRAPPED


def markdown_of(lines: Sequence[Line], *, wrapped: bool) -> str:
    """The lines as Markdown; the text keeps every character that is no break of a line or a page."""
    blocks: list[str] = []
    for paragraph in _paragraphs(lines, wrapped=wrapped):
        blocks += paragraph if isinstance(paragraph, list) else _blocks(paragraph)
    return _joined(blocks)


def _joined(blocks: list[str]) -> str:
    """The blocks with a blank line between, list items below each other."""
    text = ""
    for block in blocks:
        tight = block.startswith("- ") and text.rpartition("\n")[2].startswith("- ")
        text += ("\n" if tight else "\n\n") + block if text else block
    return text


def _blocks(text: str) -> list[str]:
    if _BULLET.match(text):
        return [f"- {_escaped(_BULLET.sub('', text))}"]
    if _SUB_HEADING.match(text):
        if match := _RUN_IN.match(text):
            rest = text[match.end() :].strip()
            return [f"## {_escaped(match[0])}", *([_escaped(rest)] if rest else [])]
        if len(text) <= 30 and not _ENDS.search(text):
            return [f"## {_escaped(text)}"]
    return [_escaped(text)]


def _escaped(text: str) -> str:
    """The text so that Markdown shows it as it is."""
    plain = _SPECIAL.sub(r"\\\1", legible(text))
    return re.sub(r"^(\d+)([.)])(?=\s)|^([+\-=~])", lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", plain)


def _paragraphs(lines: Sequence[Line], *, wrapped: bool) -> Iterator[str | list[str]]:
    """The paragraphs in order; a table of the office's own is a list of one block."""
    for is_table, members in groupby(lines, key=_is_row):
        part = list(members)
        if is_table:
            yield [_table(part)]
            continue
        texts = [" ".join(line.text.split()) for line in part]
        shown = [text for text in texts if text and not is_page_number(text)]
        yield from _unwrapped(shown) if wrapped else shown


def _is_row(line: Line) -> bool:
    return line.ruled and sum(bool(cell.strip()) for cell in line.cells) > 1


def _unwrapped(lines: Sequence[str]) -> Iterator[str]:
    """Printed lines put together into paragraphs."""
    widest = max(map(_width, lines), default=0)
    paragraph: list[str] = []
    for text in lines:
        if paragraph and not _goes_on(paragraph[-1], text):
            yield _glued(paragraph)
            paragraph = []
        paragraph.append(text)
        share = _width(text) / widest
        if (_ENDS.search(text) and share < _SHORT) or share < _LAST:
            yield _glued(paragraph)
            paragraph = []
    if paragraph:
        yield _glued(paragraph)


def _goes_on(before: str, text: str) -> bool:
    """Whether the text continues the paragraph: it doesn't, if it begins with a numeral after a sentence's end."""
    starts = _STARTS_PARAGRAPH.match(text) is not None
    return not (starts and _ENDS.search(before)) and not _BULLET.match(text)


def _glued(lines: Sequence[str]) -> str:
    """Lines as one: Chinese has no space there, and a printed page none that a number needs."""
    joined = _BETWEEN_WORDS.sub(r"\1 ", "\n".join(lines)).replace("\n", "")
    return _SPACE_BEFORE.sub("", _SPACE_AFTER.sub("", joined))


def _width(text: str) -> int:
    """The width of a line in half characters."""
    return sum(1 if character.isascii() else 2 for character in text.strip())


def _table(rows: Sequence[Line]) -> str:
    """A table of the office's own, as a Markdown table whose first row is the head."""
    width = max(len(row.cells) for row in rows)
    texts = [
        [_escaped(" ".join(cell.split())) for cell in (*row.cells, *[""] * (width - len(row.cells)))] for row in rows
    ]
    head, *body = [f"| {' | '.join(cells)} |" for cells in texts]
    return "\n".join([head, f"|{' --- |' * width}", *body])
