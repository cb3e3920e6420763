"""Owns the reading of DOCX: paragraphs and tables in reading order, straight from the document's XML.

May import: errors, ingest.archive, ingest.carrier.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from nianbao.errors import IngestError
from nianbao.ingest.archive import Archive
from nianbao.ingest.carrier import Carrier, Line, Place, bounded

DOCUMENT = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What a reader of the printed page doesn't see: deleted text, field codes, alternative contents.
_UNSEEN = frozenset({f"{_W}del", f"{_W}instrText", f"{_W}delText", f"{_W}moveFrom"})
_PICTURES = (f"{_W}drawing", f"{_W}pict")
_DEEPEST = 100


def read_docx(content: bytes, where: str) -> Carrier:
    """The lines of a Word document; the rows of its tables are ruled, merged cells count once."""
    root = Archive(content, where).tree(DOCUMENT)
    body = root.find(f"{_W}body")
    reader = _Reader()
    lines = bounded(reader.blocks(body, 0), where) if body is not None else ()
    if not any(line.text for line in lines):
        raise IngestError("holds no text", where=where, hint="are its pages pictures? give the original document")
    return Carrier("docx", lines, tuple(reader.pictures))


class _Reader:
    def __init__(self) -> None:
        self.pictures: list[tuple[int, Place]] = []
        self._lines = 0
        self._tables = 0

    def blocks(self, parent: etree._Element, depth: int) -> Iterator[Line]:
        """The lines of a body, a cell or a text box."""
        if depth > _DEEPEST:
            return
        for child in parent:
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child, depth)
            elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"}:
                yield from self.blocks(child, depth + 1)

    def _paragraph(self, element: etree._Element) -> Iterator[Line]:
        if next(element.iter(*_PICTURES), None) is not None:
            self.pictures.append((self._lines, Place(line=self._lines + 1)))
        listed = element.find(f"{_W}pPr/{_W}numPr") is not None
        for text in _text(element).split("\n"):
            if text.strip():
                self._lines += 1
                shown = f"• {text.strip()}" if listed else text.strip()
                yield Line((shown,), (Place(line=self._lines),))

    def _table(self, table: etree._Element, depth: int) -> Iterator[Line]:
        rows = table.findall(f"{_W}tr")
        if len(rows) == 1 and len(rows[0].findall(f"{_W}tc")) == 1:
            # A frame around text, not a table.
            yield from self.blocks(rows[0].findall(f"{_W}tc")[0], depth + 1)
            return
        self._tables += 1
        number = self._tables
        for index, row in enumerate(rows, start=1):
            texts: list[str] = []
            places: list[Place] = []
            self._lines += 1
            for position, cell in enumerate(_cells(row), start=1):
                if _continues(cell):
                    continue
                if next(cell.iter(*_PICTURES), None) is not None:
                    self.pictures.append((self._lines - 1, Place(line=self._lines)))
                texts.append(" ".join(" ".join(_text(p) for p in cell.iter(f"{_W}p")).split()))
                places.append(Place(cell=f"table {number} row {index} cell {position}"))
            if texts:
                yield Line(tuple(texts), tuple(places), ruled=True)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag == f"{_W}sdt":
            yield from child.iter(f"{_W}tc")


def _continues(cell: etree._Element) -> bool:
    """Whether a cell is the lower part of one that is merged downwards."""
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _text(element: etree._Element) -> str:
    """The visible text of a paragraph, with its line breaks."""
    parts: list[str] = []
    for node in element.iter():
        if node.tag == f"{_W}t" and not any(parent.tag in _UNSEEN for parent in node.iterancestors()):
            parts.append(node.text or "")
        elif node.tag in {f"{_W}br", f"{_W}cr"}:
            parts.append("\n")
        elif node.tag == f"{_W}tab":
            parts.append(" ")
    return "".join(parts)
