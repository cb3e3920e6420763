"""The page's content for an office's content management system, made from a Document: pasted, it must look right.

Such systems strip style sheets, classes, scripts and inline SVG, some of them inline styles too. So everything stands
in attributes, and what matters (borders, alignment, widths) in HTML's old ones besides: border, rules, align, width.
Pictures are PNG or JPEG files beside the fragment. The title is left out: it has a field of its own there.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2

from nianbao.export import file_name
from nianbao.export.blocks import Attachment, Heading, Picture, Run, TableBlock
from nianbao.export.document import Document
from nianbao.export.html import views
from nianbao.export.page_parts import page_templates
from nianbao.form import Grid, GridCell
from nianbao.model import ExportedFile

_CSS_PIXELS_PER_INCH = 96
_WIDEST = 760  # pixels: the columns of common portals have 800 to 1,000
_LINE = "1px solid #333333"


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell: element (th, td), attributes, and its words."""

    tag: str
    attributes: dict[str, str | int]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture's file, and the width in CSS pixels at which it is shown."""

    file: ExportedFile
    width: int


def files(document: Document, font_dir: Path | None = None) -> tuple[ExportedFile, ...]:
    """The fragment (UTF-8) and its pictures in their order; ExportError where one cannot be drawn."""
    shown = tuple(_pictures(document, font_dir))
    heading, found = "", []
    for view in views(document.page_blocks):
        if isinstance(view.block, Attachment) or (isinstance(view.block, Heading) and view.block.level == 1):
            heading = view.block.text
        found.append((view, heading))
    content = _template().render(views=found, shown=shown, rows=_rows, widths=_widths).encode()
    return (ExportedFile(file_name("fragment", draft=document.draft), content), *(each.file for each in shown))


def _pictures(document: Document, font_dir: Path | None) -> Iterator[Shown]:
    from PIL import Image

    from nianbao.export.docx_xml import PIXELS_PER_INCH, png_of_svg
    from nianbao.export.fonts import resolve

    stem = file_name("fragment", draft=document.draft).removesuffix(".html")
    found = [block for block in document.blocks if isinstance(block, Picture)]
    for number, picture in enumerate(found, start=1):
        content, dots = picture.data, _CSS_PIXELS_PER_INCH
        if picture.format == "svg":
            content = png_of_svg(content, alt=picture.alt, fonts=resolve(document.fonts, font_dir))
            dots = PIXELS_PER_INCH
        with Image.open(io.BytesIO(content)) as image:
            width = round(image.width * _CSS_PIXELS_PER_INCH / dots)
        name = f"{stem}-{number}.{'jpg' if picture.format == 'jpeg' else 'png'}"
        yield Shown(ExportedFile(name, content), min(width, _WIDEST))


@cache
def _template() -> jinja2.Template:
    return page_templates("nianbao.export").get_template("fragment.html.j2")


def _widths(grid: Grid) -> list[str]:
    """The columns' widths in percent."""
    return [_percent(width) for _, width in grid.columns]


def _percent(width: float) -> str:
    return f"{100 * width:.1f}".removesuffix(".0") + "%"


def _rows(block: TableBlock) -> list[list[Cell]]:
    """The table's rows. Each cell says its width: some systems strip the columns' element."""
    rows: defaultdict[int, list[Cell]] = defaultdict(list)
    runs, sides = block.runs, block.cell_sides
    for y, x, cell in block.grid.placed():
        side = sides[y, x] or _side(cell)
        attributes: dict[str, str | int] = {"scope": cell.scope} if cell.is_head and cell.scope else {}
        if cell.rowspan > 1:
            attributes["rowspan"] = cell.rowspan
        if (colspan := block.grid.spanned(x, cell)) > 1:
            attributes["colspan"] = colspan
        if block.grid.code is not None:
            attributes["width"] = _percent(sum(block.grid.widths[x : x + cell.colspan]))
        attributes |= {"align": side, "valign": "middle"}
        weight = "bold" if cell.role == "head" else "normal"
        attributes["style"] = f"border:{_LINE};padding:4px;text-align:{side};font-weight:{weight}"
        rows[y].append(Cell("th" if cell.is_head else "td", attributes, runs.get((y, x), (Run(cell.text),))))
    return [rows[y] for y in range(len(block.grid.rows))]


def _side(cell: GridCell) -> str:
    """The side to which the page sets such a cell of the form, or a head, too."""
    return "left" if cell.role in {"label", "note"} and cell.scope != "rowgroup" else "center"
