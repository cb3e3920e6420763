"""Which font has which character: fallback by character, and where one is missing.

Looked at for the whole document before any format is made.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nianbao.errors import ExportError
from nianbao.errors.language import Message
from nianbao.export.document import Document, document_of
from nianbao.export.fonts import Face, FontSet, Role, resolve
from nianbao.export.pictures import SVG, clean_svg
from nianbao.export.texts import Drawn, texts_of
from nianbao.model import Report

# Inkless characters: no font needs a glyph for them, for they are spaces and line ends.
_INKLESS = {"Cc", "Zs"}


@dataclass(frozen=True, slots=True)
class Fallback:
    """A character that the face wanted for its style lacks, the face that serves instead, and where it first stands."""

    char: str
    role: Role
    wanted: str
    used: str
    where: str

    @property
    def words(self) -> Message:
        """What happened to it."""
        about = {"where": self.where, "char": named(self.char), "wanted": self.wanted, "used": self.used}
        return Message("{where}: {char} is not in {wanted}; {used} is used", **about)


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
    for text, role, where in _printed(document):
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
    for text, role, _ in _printed(document):
        used.setdefault(role, set()).update(text)
    lacking = {}
    for role, chars in used.items():
        covered = coverage(fonts.choice(role).faces[0])
        if found := {char for char in chars if ord(char) not in covered and _has_ink(char)}:
            lacking[role] = found
    return lacking


def _has_ink(char: str) -> bool:
    return unicodedata.category(char) not in _INKLESS


class MissingGlyphError(ExportError):
    """No font has these characters of the document (``chars``)."""

    chars: tuple[str, ...] = ()


def with_marks(report: Report, font_dir: Path | None) -> Report:
    """The report with a mark in the place of each character that no font has: a draft is set whatever it holds."""
    document = document_of(report)
    try:
        check_glyphs(document, resolve(document.fonts, font_dir))
    except MissingGlyphError as error:
        notebook = report.notebook
        for char in error.chars:
            mark = f"【缺字：U+{ord(char):04X}】"
            for written in (char, json.dumps(char)[1:-1]):
                notebook = notebook.replace(written, mark)
        return Report(report.key, notebook)
    return report


def _missing(homeless: dict[str, str]) -> MissingGlyphError:
    (char, where), *others = homeless.items()
    more = "".join(f"; {named(other)}: {place}" for other, place in others)
    error = MissingGlyphError(
        Message("no font has the character {char}{more}", char=named(char), more=more),
        where=where,
        hint="write it with another character, or put a font that has it into FONT_DIR",
    )
    error.chars = tuple(homeless)
    return error


def _printed(document: Document) -> Iterator[tuple[str, Role, str]]:
    """Every printed text of the document with its role and its place, in reading order."""
    for text in texts_of(document.blocks):
        if isinstance(text, Drawn):
            if text.picture.format == "svg":
                yield from ((words, Role.FIGURE, text.where) for words in _svg_words(text.picture.data))
        elif text.role:
            yield text.words, text.role, text.where


def _svg_words(data: bytes) -> Iterator[str]:
    """The words of a picture whose text is text."""
    from lxml import etree

    for node in etree.fromstring(clean_svg(data)).iter(f"{{{SVG}}}text"):
        yield "".join(map(str, node.itertext()))
