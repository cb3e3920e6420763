"""The PDF: set by Typst after GB/T 9704-2012, as PDF/A-2a and PDF/UA-1; its tags completed with pikepdf.

Typst has ``pdf.header-cell`` and ``pdf.table-summary`` behind a feature that its Python binding does not offer, and it
draws a merged cell after the rows that it spans. Source: ISO 32000-1, 14.7 and 14.8.5.7 (attributes of tables).
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Operator, Page, Pdf, String

from nianbao.errors import ExportError
from nianbao.errors.language import Message
from nianbao.export.blocks import TableBlock
from nianbao.export.document import Document
from nianbao.export.fonts import resolve, typst_fonts
from nianbao.export.glyphs import check_glyphs
from nianbao.export.typst_data import typst_data
from nianbao.export.zipped import packed_stream
from nianbao.form import Grid, GridCell

if TYPE_CHECKING:
    import typst

STANDARDS: tuple[Literal["a-2a"], Literal["ua-1"]] = ("a-2a", "ua-1")


def write(document: Document, font_dir: Path | None = None) -> bytes:
    """The report as PDF; ExportError where a character has no glyph or a picture cannot be read."""
    fonts = resolve(document.fonts, font_dir)
    check_glyphs(document, fonts)
    data = typst_data(document, fonts)
    content = _compiled(data, fonts.folders, _timestamp(document))
    return completed(content, [block.grid for block in document.blocks if isinstance(block, TableBlock)])


def _compiled(data: dict[str, object], folders: tuple[str, ...], timestamp: dt.datetime) -> bytes:
    content, settled = _set(data, folders, timestamp)
    if not settled:
        # Whether a page holds a picture in a smaller size depends on the pages before it; left out, all pages settle.
        content, _ = _set({**data, "shrink": False}, folders, timestamp)
    return content


def _set(data: dict[str, object], folders: tuple[str, ...], timestamp: dt.datetime) -> tuple[bytes, bool]:
    """The PDF as Typst sets it, and whether its pages settled: Typst lays them out five times at most."""
    import typst

    inputs = {"document": json.dumps(data, ensure_ascii=False)}
    try:
        content, warnings = _compiler(folders).compile_with_warnings(
            _template(), format="pdf", sys_inputs=inputs, pdf_standards=[*STANDARDS], timestamp=timestamp
        )
    except typst.TypstError as error:
        raise ExportError(
            Message("Typst cannot set the report: {message}", message=error.message),
            hint="; ".join(error.hints) or None,
        ) from error
    if not isinstance(content, bytes):
        raise ExportError("Typst made no PDF of the report")
    return content, not any("converge" in warning.message for warning in warnings)


@cache
def _compiler(folders: tuple[str, ...]) -> typst.Compiler:
    import typst

    return typst.Compiler(font_paths=typst_fonts(folders), ignore_system_fonts=True)


@cache
def _template() -> bytes:
    return files("nianbao.export").joinpath("report.typ").read_bytes()


def _timestamp(document: Document) -> dt.datetime:
    """The day of publication, or the last day of the year reported: never the time of the run."""
    day = document.published or f"{document.year}-12-31"
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), dt.UTC)


_STARTS, _END = (Operator("BDC"), Operator("BMC")), Operator("EMC")
_SAVE, _RESTORE = Operator("q"), Operator("Q")


def completed(content: bytes, grids: Sequence[Grid]) -> bytes:
    """The PDF with its tables' row heads and summaries, and with each page's content in reading order.

    ``grids`` are the document's tables in its order; a file without a structure tree comes back as it is.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        tree = pdf.Root.get(Name.StructTreeRoot)
        if tree is None:
            return content
        tables = [element for element in _elements(tree) if element.get(Name.S) == Name.Table]
        for number, (table, grid) in enumerate(zip(tables, grids, strict=True), start=1):
            _complete(table, grid, number, tree)
        orders = _reading_order(tree)
        for page in pdf.pages:
            _put_in_order(pdf, page, orders.get(page.obj.objgen, {}))
        stream = io.BytesIO()
        # One classic table of objects, as Typst writes it; ids made of the content, not of the time.
        pdf.save(
            stream,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return stream.getvalue()


def _kids(element: Object) -> list[Any]:
    kids = element.get(Name.K)
    return [] if kids is None else list(kids) if isinstance(kids, Array) else [kids]


def _elements(element: Object) -> Iterator[Object]:
    """All elements below one, in reading order."""
    for kid in _kids(element):
        if isinstance(kid, Dictionary) and Name.S in kid:
            yield kid
            yield from _elements(kid)


def _complete(table: Object, grid: Grid, count: int, tree: Object) -> None:
    """Make heads of the cells that the grid has as labels, and name them in the cells to their right."""
    cover: dict[tuple[int, int], GridCell] = {
        (y + i, x + j): cell for y, x, cell in grid.placed() for i in range(cell.rowspan) for j in range(cell.colspan)
    }
    if Name.IDTree not in tree:
        tree.IDTree = Dictionary(Names=Array())
    heads: dict[int, list[tuple[int, String]]] = {}  # by row: column and name of its heads
    for part in _kids(table):
        if Name.TFoot == part.S:
            part.S = Name.TBody  # last rows that stand together (report.typ), and no sums
    for y, x, cell in _placed(table):
        if cell.S != Name.TD:
            continue
        own, attributes = cover.get((y, x)), _table_attributes(cell)
        attributes.Headers = Array(
            [*attributes.get(Name.Headers, ()), *(name for column, name in heads.get(y, ()) if column < x)]
        )
        if own is not None and own.role == "label":
            name = String(f"V{count}x{x}y{y}")
            cell.S, cell.ID, attributes.Scope = Name.TH, name, Name.Row
            # Names must stay sorted: V comes after Typst's U, and the cells come by row.
            tree.IDTree.Names.extend([name, cell])
            for row in range(y, y + int(attributes.get(Name.RowSpan, 1))):
                heads.setdefault(row, []).append((x, name))
    _sort_names(tree)
    if grid.caption:
        summary = Dictionary(O=Name.Table, Summary=String(grid.caption))
        table.A = Array([summary, *table.get(Name.A, ())])


def _table_attributes(cell: Object) -> Object:
    for attributes in cell.get(Name.A, ()):
        if attributes.get(Name.O) == Name.Table:
            return attributes
    attributes = Dictionary(O=Name.Table)
    cell.A = Array([attributes, *cell.get(Name.A, ())])
    found: Object = cell.A[0]
    return found


def _sort_names(tree: Object) -> None:
    names = list(tree.IDTree.Names)
    pairs = sorted(zip(names[::2], names[1::2], strict=True), key=lambda pair: bytes(pair[0]))
    tree.IDTree.Names = Array([item for pair in pairs for item in pair])


def _placed(table: Object) -> Iterator[tuple[int, int, Object]]:
    """The cells of a tagged table with row and column, spans taken into account."""
    rows = [row for kid in _kids(table) for row in ([kid] if kid.S == Name.TR else _kids(kid))]
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        x = 0
        for cell in _kids(row):
            while (y, x) in taken:
                x += 1
            attributes = _table_attributes(cell)
            height, width = (int(attributes.get(name, 1)) for name in (Name.RowSpan, Name.ColSpan))
            taken.update((y + i, x + j) for i in range(height) for j in range(width))
            yield y, x, cell
            x += width


def _reading_order(tree: Object) -> dict[tuple[int, int], dict[int, int]]:
    """By page: the marked pieces by number, and the place at which the tags read each."""
    orders: dict[tuple[int, int], dict[int, int]] = {}

    def note(page: Object | None, mark: int) -> None:
        if page is not None:
            order = orders.setdefault(page.objgen, {})
            order.setdefault(mark, len(order))

    def walk(element: Object) -> None:
        for kid in _kids(element):
            if isinstance(kid, int):
                note(element.get(Name.Pg), kid)
            elif Name.S in kid:
                walk(kid)
            elif Name.MCID in kid:
                note(kid.get(Name.Pg, element.get(Name.Pg)), int(kid.MCID))

    walk(tree)
    return orders


def _put_in_order(pdf: Pdf, page: Page, order: dict[int, int]) -> None:
    """Let the page's content stand in the file as it is read: text copied out of the file comes in this order.

    What is no part of the text stays where it is. A page that is not a plain row of marked pieces, each complete in
    itself, is left alone.
    """
    if list(order) == sorted(order):
        return  # Typst numbers the pieces as it draws them
    pieces = _pieces(page)
    if pieces is None:
        return
    marks = {index: mark for index, piece in enumerate(pieces) if (mark := _mark(piece[0])) is not None}
    sources = sorted(marks, key=lambda index: order.get(marks[index], len(order)))
    if sources == list(marks):
        return
    ordered = list(pieces)
    for target, source in zip(marks, sources, strict=True):
        ordered[target] = pieces[source]
    content = pikepdf.unparse_content_stream([instruction for piece in ordered for instruction in piece])
    page.Contents = pdf.make_stream(packed_stream(content), Filter=Name.FlateDecode)


def _pieces(page: Page) -> list[list[Any]] | None:
    """The page's instructions by marked piece; None where one stands between pieces or a piece is not q … Q."""
    pieces: list[list[Any]] = []
    piece: list[Any] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator = instruction.operator
        if (operator in _STARTS) != (not piece):
            return None
        piece.append(instruction)
        if operator == _END:
            if (piece[1].operator, piece[-2].operator) != (_SAVE, _RESTORE):
                return None
            pieces.append(piece)
            piece = []
    return None if piece else pieces


def _mark(start: Any) -> int | None:
    properties = start.operands[-1]
    return int(properties.MCID) if isinstance(properties, Dictionary) and Name.MCID in properties else None
