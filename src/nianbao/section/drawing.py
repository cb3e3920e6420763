"""Owns drawings written as SVG by hand: words as words, boxes, lines; the same calls make the same bytes.

May import: section.palette.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape
from typing import Literal

from nianbao.section.palette import FONT_FAMILY, INK

Anchor = Literal["start", "middle", "end"]

# The widths of a character in em: an ideograph fills its square, a digit of our face is little more than half of it.
_WIDE, _NARROW = 1.0, 0.58
LEAST = 7.0  # points: below this nothing is legible on paper

# What a line does not break within: a word of narrow characters; brackets and marks stay with their neighbour.
_PIECES = re.compile(r"[（《“〔]*(?:[!-~]+|[^（《“〔])[）》”〕，。、；：！？]* ?|.")


class Drawing:
    """A drawing of some width in points; y grows downwards, words stand on their base line."""

    def __init__(self, width: float) -> None:
        self.width = width
        self._parts: list[str] = []

    def __repr__(self) -> str:
        return f"Drawing({self.width}, {len(self._parts)} parts)"

    def words(
        self, at: tuple[float, float], words: str, size: float = 9.5, *, fill: str = INK, anchor: Anchor = "start"
    ) -> None:
        """Words at a place, never read as markup."""
        side = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._parts.append(f"{_text(at, size, fill, side)}{escape(words)}</text>")

    def strong(self, at: tuple[float, float], words: str, size: float, fill: str, *, unit: str = "") -> None:
        """Words darkened with a thin outline, for the face has no bold; a small ``unit`` follows them."""
        outline = f' stroke="{fill}" stroke-width="{_plain(size * 0.025)}"'
        after = f'<tspan dx="3" font-size="10" fill="{INK}" stroke="none">{escape(unit)}</tspan>' if unit else ""
        self._parts.append(f"{_text(at, size, fill, outline)}{escape(words)}{after}</text>")

    def box(self, at: tuple[float, float], width: float, height: float, fill: str, *, radius: float = 0) -> None:
        """A filled box; ``at`` is its top left corner."""
        rounded = f' rx="{_plain(radius)}"' if radius else ""
        self._parts.append(
            f'<rect x="{_plain(at[0])}" y="{_plain(at[1])}" width="{_plain(width)}" height="{_plain(height)}"'
            f'{rounded} fill="{fill}"/>'
        )

    def line(self, start: tuple[float, float], end: tuple[float, float], stroke: str, width: float = 0.6) -> None:
        """A straight line."""
        (x1, y1), (x2, y2) = ((_plain(x), _plain(y)) for x, y in (start, end))
        self._parts.append(
            f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}" stroke-width="{_plain(width)}"/>'
        )

    def svg(self, height: float) -> str:
        """The drawing as an SVG element."""
        width, tall = _plain(self.width), _plain(height)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{tall}pt" viewBox="0 0 {width} {tall}"'
            f' font-family="{FONT_FAMILY}">'
        )
        return "\n".join([head, *self._parts, "</svg>\n"])


def _text(at: tuple[float, float], size: float, fill: str, more: str) -> str:
    return f'<text x="{_plain(at[0])}" y="{_plain(at[1])}" font-size="{_plain(size)}" fill="{fill}"{more}>'


def length(words: str, size: float) -> float:
    """About how wide the words are, in points."""
    return size * sum(_WIDE if unicodedata.east_asian_width(char) in "WFA" else _NARROW for char in words)


def fitting(words: str, size: float, room: float) -> float:
    """The size in which the words fit into the room: ``size``, or as much less as it takes, but never illegible."""
    wanted = length(words, size)
    return size if wanted <= room else max(LEAST, size * room / wanted)


def broken(words: str, size: float, room: float) -> list[str]:
    """The words in lines that fit into the room (points); a line breaks at a space, or between ideographs."""
    lines, line = [], ""
    for piece in _PIECES.findall(" ".join(words.split())):
        if line and length(line + piece.rstrip(), size) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while length(line, size) > room and len(line) > 1:  # a word longer than a line
            some = next(count for count in range(len(line), 0, -1) if count == 1 or length(line[:count], size) <= room)
            lines.append(line[:some])
            line = line[some:]
    return [*lines, line.rstrip()]


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
