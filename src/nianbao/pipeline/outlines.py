"""What a file of a report holds, place by place, in the words of its format."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nianbao.errors.language import Message
from nianbao.form import TABLE_MIME
from nianbao.model import BLOCK_MIME

_DIGEST = re.compile(r"[0-9a-f]{64}")
# What names an entry of a list, in this order.
_NAMES = ("path", "@id", "fingerprint", "section", "id", "name", "file")
_METADATA = Message("metadata")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a file holds. A place without a ``kind`` is an address; others are numbered and may move."""

    place: str
    text: str
    kind: str = ""

    @property
    def fixed(self) -> bool:
        """Whether the place names the thing itself."""
        return not self.kind


def outline(name: str, content: bytes) -> list[Line]:
    """What a reader of the file sees, place by place; lines of text where its kind is not known."""
    suffix = name.rsplit(".", 1)[-1]
    return list(_OUTLINES.get(suffix, _of_text)(content))


def parts(name: str, content: bytes) -> list[Line]:
    """What the file is made of: the parts of a zip, the looks of a PDF's pages, the lines of a text."""
    suffix = name.rsplit(".", 1)[-1]
    return list({"docx": _of_zip, "xlsx": _of_zip, "pdf": _looks}.get(suffix, _of_text)(content))


def _of_text(content: bytes) -> Iterator[Line]:
    lines = content.decode("utf-8", "backslashreplace").splitlines()
    return (Line(Message("line {number}", number=number), text, "line") for number, text in enumerate(lines, start=1))


def _of_json(content: bytes) -> Iterator[Line]:
    return _of_value("", json.loads(content))


def _of_value(place: str, value: Any, path: str = "") -> Iterator[Line]:
    """All that is within the value, each by its ``path`` from the place on."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _of_value(place, item, f"{path}.{key}" if place or path else str(key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _of_value(place, item, f"{path}[{_name(item, number)}]")
    else:
        text = value if isinstance(value, str) else json.dumps(value)
        # A digest is told by its beginning: that it differs is all that it says.
        at = Message("{place}{path}", place=place, path=path)
        yield Line(at, f"{text[:12]}…" if _DIGEST.fullmatch(text) else text)


def _name(item: Any, number: int) -> str:
    """Entries are named by what names them, so that a new one in their midst is one difference."""
    if isinstance(item, Mapping):
        return next((str(item[key]) for key in _NAMES if key in item), str(number))
    return item if isinstance(item, str) and len(item) < 80 else str(number)


def _of_notebook(content: bytes) -> Iterator[Line]:
    notebook = json.loads(content)
    for number, cell in enumerate(notebook["cells"], start=1):
        place = Message("cell {number} ({id})", number=number, id=cell["id"])
        yield Line(Message("{place}, source", place=place), "".join(cell["source"]))
        yield from _of_value(_within(place, _METADATA), cell["metadata"])
        for count, output in enumerate(cell.get("outputs", ()), start=1):
            yield from _of_output(_within(place, Message("output {count}", count=count)), output)
    yield from _of_value(_METADATA, notebook["metadata"])


def _within(place: str, what: str) -> Message:
    return Message("{place}, {what}", place=place, what=what)


def _of_output(place: str, output: Mapping[str, Any]) -> Iterator[Line]:
    data = output.get("data", {})
    if TABLE_MIME in data:
        cells = (cell for row in data[TABLE_MIME]["rows"] for cell in row["cells"])
        for number, cell in enumerate(cells, start=1):
            numbered = Message("table cell {number}", number=number)
            yield Line(_within(place, cell.get("ref") or numbered), cell["text"])
        data = {kind: item for kind, item in data.items() if kind not in {TABLE_MIME, "text/html"}}
    elif BLOCK_MIME in data:
        # The block says all that its Markdown and its plain text say.
        data = {kind: item for kind, item in data.items() if kind not in {"text/markdown", "text/plain"}}
    for kind, item in data.items():
        yield from _of_value(_within(place, kind), "".join(item) if _is_text(item) else item)
    yield from _of_value(place, {key: item for key, item in output.items() if key != "data"})


def _is_text(item: Any) -> bool:
    return isinstance(item, list) and all(isinstance(part, str) for part in item)


def _of_html(content: bytes) -> Iterator[Line]:
    from lxml import html

    numbers: dict[str, int] = {}
    page = html.fromstring(content)
    for node in page.iter("h1", "h2", "h3", "h4", "p", "li", "table", "figure", "title"):
        tag = str(node.tag)
        if tag == "table":
            numbers["table"] = numbers.get("table", 0) + 1
            yield from _of_html_table(numbers["table"], node)
        elif node.getparent() is not None and node.xpath("ancestor::table"):
            continue
        else:
            kind = _KINDS.get(tag, _KINDS["h"])
            numbers[kind] = numbers.get(kind, 0) + 1
            yield Line(Message("{kind} {number}", kind=kind, number=numbers[kind]), _words(node), kind)


_KINDS = {
    "p": Message("paragraph"),
    "li": Message("item"),
    "h": Message("heading"),
    "figure": Message("figure"),
    "title": Message("title"),
}


def _of_html_table(number: int, table: Any) -> Iterator[Line]:
    for y, row in enumerate(table.iter("tr"), start=1):
        for x, cell in enumerate(row.iter("th", "td"), start=1):
            yield Line(_cell(number, y, x), _words(cell))


def _cell(table: int, row: int, cell: int) -> Message:
    return Message("table {table}, row {row}, cell {cell}", table=table, row=row, cell=cell)


def _words(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def _of_xlsx(content: bytes) -> Iterator[Line]:
    import openpyxl

    for sheet in openpyxl.load_workbook(io.BytesIO(content), data_only=True):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    place = Message("sheet {sheet}, cell {cell}", sheet=sheet.title, cell=cell.coordinate)
                    yield Line(place, str(cell.value))


def _of_docx(content: bytes) -> Iterator[Line]:
    import docx
    from docx.oxml.ns import qn

    paragraphs = tables = 0
    # By the XML: the library's own grid of merged cells takes a second for a large table.
    for item in docx.Document(io.BytesIO(content)).element.body:
        if item.tag == qn("w:tbl"):
            tables += 1
            for y, row in enumerate(item.iterchildren(qn("w:tr")), start=1):
                for x, cell in enumerate(row.iterchildren(qn("w:tc")), start=1):
                    words = "".join(node.text or "" for node in cell.iter(qn("w:t")))
                    yield Line(_cell(tables, y, x), words)
        elif item.tag == qn("w:p"):
            paragraphs += 1
            yield Line(Message("{kind} {number}", kind=_KINDS["p"], number=paragraphs), item.text, "paragraph")


def _of_zip(content: bytes) -> Iterator[Line]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            text = archive.read(entry).decode("utf-8", "backslashreplace")
            yield Line(Message("part {name}", name=entry.filename), text)
            looks = f"{entry.date_time} {entry.compress_type} {entry.external_attr:#x}"
            yield Line(Message("entry {name}", name=entry.filename), looks)


def _of_pdf(content: bytes) -> Iterator[Line]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        for number, page in enumerate(document, start=1):
            yield Line(Message("page {number}", number=number), " ".join(page.get_textpage().get_text_range().split()))
        yield from _of_value(_METADATA, document.get_metadata_dict())
    finally:
        document.close()


def _looks(content: bytes) -> Iterator[Line]:
    """The pages as pictures, in strips, for differences that are no words: a line, a figure, a place."""
    import hashlib

    import pypdfium2

    strips = 10
    document = pypdfium2.PdfDocument(content)
    try:
        for number, page in enumerate(document, start=1):
            picture = page.render(scale=1.5, grayscale=True)
            pixels, height = bytes(picture.buffer), picture.height
            for strip in range(strips):
                rows = slice(height * strip // strips * picture.stride, height * (strip + 1) // strips * picture.stride)
                digest = hashlib.sha256(pixels[rows]).hexdigest()[:12]
                place = Message(
                    "the looks of page {page}, {top} to {end}% from its top",
                    page=number,
                    top=strip * 10,
                    end=strip * 10 + 10,
                )
                yield Line(place, digest)
    finally:
        document.close()


_OUTLINES: dict[str, Callable[[bytes], Iterator[Line]]] = {
    "ipynb": _of_notebook,
    "json": _of_json,
    "html": _of_html,
    "xlsx": _of_xlsx,
    "docx": _of_docx,
    "pdf": _of_pdf,
}
