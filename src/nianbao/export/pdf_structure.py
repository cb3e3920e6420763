"""Owns what Typst cannot say yet of a tagged PDF: heads of rows, tables' summaries, content in reading order.

May import: form, export.pdf_objects. Typst has ``pdf.header-cell`` and ``pdf.table-summary`` behind a feature that
its Python binding does not offer; and it draws a merged cell after the rows that it spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nianbao.export.pdf_objects import PdfObjects
from nianbao.form import Grid, GridCell

_ELEMENT = re.compile(rb"<</Type/StructElem/S/(\w+)")
_KID = re.compile(rb"<<[^>]*>>|\d+ 0 R|\d+")
_PAGE = re.compile(rb"/Pg (\d+) 0 R")
_MARKED = re.compile(rb"/\w+<<(?P<entries>.*?)>>BDC\nq.*\nQ\Z", re.DOTALL)
_MCID = re.compile(rb"/MCID (\d+)")
_SPANS = {name: re.compile(rb"/" + name + rb" (\d+)") for name in (b"RowSpan", b"ColSpan")}
_HEADERS = re.compile(rb"/Headers\[(.*?)\]", re.DOTALL)


def completed(content: bytes, grids: Sequence[Grid]) -> bytes:
    """The PDF with its tables' row heads and summaries, and with each page's content in reading order.

    ``grids`` are the document's tables in its order; a file without a structure tree comes back as it is.
    """
    pdf = PdfObjects.read(content)
    tree = _Tree(pdf)
    if tree.root is None:
        return content
    for number, (table, grid) in enumerate(zip(tree.elements(b"Table"), grids, strict=True), start=1):
        _complete_table(tree, table, grid, number)
    _put_in_order(pdf, tree)
    return pdf.write()


@dataclass(frozen=True)
class _Placed:
    """One cell of a tagged table: its object, and its place in the grid."""

    number: int
    y: int
    x: int


class _Tree:
    """The structure tree of a file: elements by object number, walked in reading order."""

    def __init__(self, pdf: PdfObjects) -> None:
        self.pdf = pdf
        roots = [number for number, body in pdf.bodies.items() if body.startswith(b"<</Type/StructTreeRoot")]
        self.root = roots[0] if roots else None

    def kind(self, number: int) -> bytes:
        found = _ELEMENT.match(self.pdf.bodies[number])
        return found[1] if found else b""

    def kids(self, number: int) -> list[bytes]:
        """The element's children as they are written. The list comes after all words of the document in the entry."""
        body = self.pdf.bodies[number]
        start = body.rfind(b"/K[")
        return _KID.findall(body[start + 3 : body.index(b"]", start)]) if start >= 0 else []

    def children(self, number: int) -> Iterator[int]:
        """The children that are elements themselves."""
        return (int(kid.split()[0]) for kid in self.kids(number) if kid.endswith(b" R"))

    def elements(self, kind: bytes) -> Iterator[int]:
        """The elements of a kind, in reading order."""
        assert self.root is not None  # noqa: S101  # the caller has asked
        stack = list(self._top())
        while stack:
            number = stack.pop()
            if self.kind(number) == kind:
                yield number
            stack += reversed(list(self.children(number)))

    def marks(self) -> Iterator[tuple[int, int]]:
        """Page and number of each marked content, in reading order."""
        stack: list[tuple[int, bytes]] = [(number, b"") for number in self._top()]
        while stack:
            number, kid = stack.pop()
            if kid:
                yield self._mark(number, kid)
                continue
            for child in reversed(self.kids(number)):
                if child.endswith(b" R"):
                    stack.append((int(child.split()[0]), b""))
                elif b"/OBJR" not in child:
                    stack.append((number, child))

    def _top(self) -> list[int]:
        assert self.root is not None  # noqa: S101
        body = self.pdf.bodies[self.root]
        found = re.search(rb"/K\[([^\]]*)\]", body)
        return [int(kid.split()[0]) for kid in reversed(_KID.findall(found[1]))] if found else []

    def _mark(self, number: int, kid: bytes) -> tuple[int, int]:
        inside = _MCID.search(kid)
        body = self.pdf.bodies[number]
        page = _PAGE.search(kid) or _PAGE.search(body, body.rfind(b"]"))
        return int(page[1]) if page else 0, int(inside[1]) if inside else int(kid)


def _complete_table(tree: _Tree, table: int, grid: Grid, count: int) -> None:
    bodies = tree.pdf.bodies
    cover: dict[tuple[int, int], GridCell] = {
        (y + i, x + j): cell for y, x, cell in grid.placed() for i in range(cell.rowspan) for j in range(cell.colspan)
    }
    names: dict[int, list[tuple[int, bytes]]] = {}  # by row: column and name of its heads
    named: list[tuple[bytes, int]] = []
    for cell in _cells(tree, table):
        own = cover.get((cell.y, cell.x))
        body = bodies[cell.number]
        if not body.startswith(b"<</Type/StructElem/S/TD"):
            continue
        heads = b"".join(name for x, name in names.get(cell.y, ()) if x < cell.x)
        body = _HEADERS.sub(rb"/Headers[\1%s]" % heads, body, count=1)
        if own is not None and own.role == "label":
            name = b"(V%dx%dy%d)" % (count, cell.x, cell.y)
            body = body.replace(b"/S/TD", b"/S/TH", 1).replace(b"/O/Table", b"/O/Table/Scope/Row", 1)
            body = body.replace(b"/A[", b"/ID%s/A[" % name, 1)
            named.append((name, cell.number))
            for row in range(cell.y, cell.y + _span(body, b"RowSpan")):
                names.setdefault(row, []).append((cell.x, name))
        bodies[cell.number] = body
    _register(tree, named)
    bodies[table] = _with_summary(bodies[table], grid.caption)


def _cells(tree: _Tree, table: int) -> Iterator[_Placed]:
    """The cells of a tagged table with their places, spans taken into account."""
    rows = [
        row
        for child in tree.children(table)
        for row in ([child] if tree.kind(child) == b"TR" else tree.children(child))
    ]
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        x = 0
        for number in tree.children(row):
            while (y, x) in taken:
                x += 1
            body = tree.pdf.bodies[number]
            height, width = _span(body, b"RowSpan"), _span(body, b"ColSpan")
            taken.update((y + i, x + j) for i in range(height) for j in range(width))
            yield _Placed(number, y, x)
            x += width


def _span(body: bytes, name: bytes) -> int:
    found = _SPANS[name].search(body)
    return int(found[1]) if found else 1


def _register(tree: _Tree, named: list[tuple[bytes, int]]) -> None:
    """Enter the new names into the file's tree of names, which must stay sorted (V comes after Typst's U)."""
    assert tree.root is not None  # noqa: S101
    body = tree.pdf.bodies[tree.root]
    start = body.find(b"/IDTree<</Names[")
    if start < 0 or not named:
        return
    end = body.index(b"]", start)
    entries = b"".join(b"%s%d 0 R" % entry for entry in sorted(named))
    tree.pdf.bodies[tree.root] = body[:end] + entries + body[end:]


def _with_summary(body: bytes, summary: str) -> bytes:
    if not summary:
        return body
    words = b"<</O/Table/Summary<FEFF%s>>>" % summary.encode("utf-16-be").hex().upper().encode()
    if b"/A[" in body:
        return body.replace(b"/A[", b"/A[" + words, 1)
    start = body.rfind(b"/K[")
    return body[:start] + b"/A[" + words + b"]" + body[start:]


def _put_in_order(pdf: PdfObjects, tree: _Tree) -> None:
    """Let each page's content stand in the file as it is read: text copied out of the file comes in this order."""
    orders: dict[int, dict[int, int]] = {}
    for place, (page, mark) in enumerate(tree.marks()):
        orders.setdefault(page, {}).setdefault(mark, place)
    for page, order in orders.items():
        found = re.search(rb"/Contents (\d+) 0 R", pdf.bodies.get(page, b""))
        if found is None or (content := pdf.stream(int(found[1]))) is None:
            continue
        ordered = _ordered(content, order)
        if ordered != content:
            pdf.put_stream(int(found[1]), ordered)


def _ordered(content: bytes, order: dict[int, int]) -> bytes:
    """The page's marked pieces by reading order; what is no part of the text stays where it is.

    A page that is not a plain row of marked pieces, each complete in itself, is left alone.
    """
    *pieces, rest = content.split(b"\nEMC")
    places = []
    for index, piece in enumerate(pieces):
        found = _MARKED.match(piece)
        if found is None or piece.count(b">>BDC\n") != 1:
            return content
        if mark := _MCID.search(found["entries"]):
            places.append((index, order.get(int(mark[1]), len(content))))
    sources = [index for index, _ in sorted(places, key=lambda place: place[1])]
    ordered = list(pieces)
    for (target, _), source in zip(places, sources, strict=True):
        ordered[target] = pieces[source]
    return b"\nEMC".join([*ordered, rest])
