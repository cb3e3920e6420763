"""Owns the blocks of a document: what can be set on a page, as frozen values.

May import: form. Knows no notebook and no format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nianbao.form import Grid


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style; ``href`` is an http, https or mailto address, or None."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """The report's title in its customary lines: the office's name, then the year and kind of report."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 for the six sections (一、), 2 for （一）, 3 for 1.; ``anchor`` is its link target.

    ``new_page`` begins a page with it, in formats that have pages.
    """

    level: int
    text: str
    anchor: str | None = None
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``role`` tells body text from the preamble, a note under a table, or a plain notice."""

    runs: tuple[Run, ...]
    role: Literal["body", "preamble", "note", "notice"] = "body"

    @property
    def text(self) -> str:
        """The paragraph's text without its styles."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; each item is a paragraph (nested lists are flattened)."""

    ordered: bool
    items: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table, statutory (``grid.code`` is set) or the analyst's own."""

    grid: Grid


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its alternative text; ``caption`` may be empty."""

    format: Literal["svg", "png"]
    data: bytes
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """The office's name and the date, right-aligned under the report."""

    lines: tuple[str, ...]


Block = Title | Heading | Paragraph | ListBlock | TableBlock | Picture | Closing
