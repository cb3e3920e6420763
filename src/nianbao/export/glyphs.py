"""Owns the question which font has which character: falls back by character, and says where one is missing.

May import: errors, export.blocks, export.document, export.fonts, export.headings, export.svg. Every
format asks it before anything is published.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nianbao.errors import ExportError
from nianbao.export.blocks import Block, Closing, Heading, ListBlock, Paragraph, Picture, TableBlock, Title
from nianbao.export.document import Document
from nianbao.export.font_families import Role
from nianbao.export.fonts import Face, FontSet
from nianbao.export.headings import run_in_length
from nianbao.export.svg import SVG, clean_svg

# Inkless characters: no font needs a glyph for them, for the exporters leave them out or set them as space.
_INKLESS = {"Cc", "Cf", "Zl", "Zp", "Zs"}


@dataclass(frozen=True, slots=True)
class Fallback:
    """A character that the face wanted for its style lacks, the face that serves instead, and where it first stands."""

    char: str
    role: Role
    wanted: str
    used: str
    where: str

    def __str__(self) -> str:
        return f"{self.where}: {named(self.char)} is not in {self.wanted}; {self.used} is used"


def named(char: str) -> str:
    """The character with its number, for it may be one that the reader's own font lacks: 镕 (U+9555)."""
    return f"{char} (U+{ord(char):04X})"


def check_glyphs(document: Document, fonts: FontSet) -> tuple[Fallback, ...]:
    """The characters that fall back to another face, each once for a style, in reading order.

    Raises ExportError that names each character which no font has, and where it stands.
    """
    lacking = _lacking(document, fonts)
    if not lacking:
        return ()
    fallbacks: dict[tuple[str, Role], Fallback] = {}
    homeless: dict[str, str] = {}
    for text, role, where in _texts(document):
        for char in text:
            if char not in lacking.get(role, ()) or (char, role) in fallbacks:
                continue
            faces = fonts.choice(role).faces
            used = next((face for face in faces if ord(char) in coverage(face)), None)
            if used is None:
                homeless.setdefault(char, where)
            else:
                fallbacks[char, role] = Fallback(char, role, faces[0].name, used.name, where)
    if homeless:
        raise _missing(homeless)
    return tuple(fallbacks.values())


def coverage(face: Face) -> frozenset[int]:
    """The code points for which the face has a glyph; read once for each state of the file."""
    status = face.path.stat()
    return _coverage(face.path, face.index, status.st_size, status.st_mtime_ns)


@cache
def _coverage(path: Path, index: int, _size: int, _changed: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True, fontNumber=index) as font:
        return frozenset(font.getBestCmap() or ())


def _lacking(document: Document, fonts: FontSet) -> dict[Role, set[str]]:
    """By role, the document's characters that the first face lacks; quick where there are none."""
    used: dict[Role, set[str]] = {}
    for text, role, _ in _texts(document):
        used.setdefault(role, set()).update(text)
    return {
        role: lacking
        for role, chars in used.items()
        if (lacking := {c for c in chars if _has_ink(c) and ord(c) not in coverage(fonts.choice(role).faces[0])})
    }


def _has_ink(char: str) -> bool:
    return unicodedata.category(char) not in _INKLESS


def _missing(homeless: dict[str, str]) -> ExportError:
    (char, where), *others = homeless.items()
    more = "".join(f"; {named(other)} in {place}" for other, place in others)
    return ExportError(
        f"no font has the character {named(char)}{more}",
        where=where,
        hint="write it with another character, or put a font that has it into FONT_DIR",
    )


def _texts(document: Document) -> Iterator[tuple[str, Role, str]]:
    """Every text of the document with its role and its place, in reading order."""
    place = "the title page"
    count = 0
    for block in document.blocks:
        count += 1
        if isinstance(block, Heading) and block.level == 1:
            place, count = block.text, 0
        yield from _block_texts(block, place, count)


def _block_texts(block: Block, place: str, count: int) -> Iterator[tuple[str, Role, str]]:
    where = f"{place}, block {count}" if count else place
    if isinstance(block, Title):
        yield from ((line, Role.TITLE, "the title") for line in block.lines)
    elif isinstance(block, Heading):
        role = {1: Role.HEADING1, 2: Role.HEADING2}.get(block.level, Role.BODY)
        yield block.text, role, f"the heading {block.text!r}"
    elif isinstance(block, Paragraph):
        yield from _paragraph_texts(block, where)
    elif isinstance(block, ListBlock):
        for number, item in enumerate(block.items, start=1):
            yield from _paragraph_texts(item, f"{where}, item {number}")
    elif isinstance(block, Closing):
        yield from ((line, Role.BODY, "the closing") for line in block.lines)
    elif isinstance(block, TableBlock):
        for y, x, cell in block.grid.placed():
            yield cell.text, Role.TABLE, f"{place}, table row {y + 1}, column {x + 1}"
        yield block.grid.caption, Role.HEADING1, f"{place}, the table's caption"
    else:
        yield from _picture_texts(block, where)


def _paragraph_texts(paragraph: Paragraph, where: str) -> Iterator[tuple[str, Role, str]]:
    plain = Role.HEADING1 if paragraph.role == "notice" else Role.BODY
    lead = run_in_length(paragraph.text) if paragraph.role == "body" else 0
    yield paragraph.text[:lead], Role.HEADING2, where
    for run in paragraph.runs:
        yield run.text, Role.HEADING2 if run.italic else plain, where


def _picture_texts(picture: Picture, where: str) -> Iterable[tuple[str, Role, str]]:
    yield picture.caption, Role.FIGURE, f"{where}, the picture's caption"
    if picture.format == "svg":
        yield from ((word, Role.FIGURE, f"{where}, the picture") for word in _svg_words(picture.data))


def _svg_words(data: bytes) -> Iterator[str]:
    """The words of a picture whose text is text."""
    from lxml import etree

    for node in etree.fromstring(clean_svg(data)).iter(f"{{{SVG}}}text"):
        yield "".join(map(str, node.itertext()))
