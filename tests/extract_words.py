"""Reads the words of finished reports back, paragraph by paragraph, and what their pictures say; tables left out.

Independent of the exporters. Words are compared bare: without white space and without the marks of Markdown.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import docx
import nbformat
import pdfplumber
import pypdf
from lxml import etree, html

from extract import bare
from nianbao.form import TABLE_MIME
from nianbao.model import BLOCK_MIME

_SVG = "{http://www.w3.org/2000/svg}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_PAGE_NUMBER = re.compile(r"— ?\d+ ?—")
_MARKUP = re.compile(r"\*\*|^#+ |^- |^\d+\. ", re.MULTILINE)


class Piece(NamedTuple):
    """A paragraph's words, or the place of a table or a picture."""

    kind: str
    words: str = ""


def _bundles(notebook: str) -> Iterator[dict[str, Any]]:
    for cell in nbformat.reads(notebook, as_version=4).cells:
        for output in cell.get("outputs", ()):
            yield output.get("data", {})


def notebook_flow(notebook: str) -> list[Piece]:
    """What the notebook displays, in its order."""
    flow: list[Piece] = []
    for data in _bundles(notebook):
        block = data.get(BLOCK_MIME, {})
        if TABLE_MIME in data:
            flow.append(Piece("table"))
        elif block.get("kind") in {"title", "closing"}:
            flow.append(Piece("words", bare("".join(block["lines"]))))
        elif block.get("kind") == "heading":
            flow.append(Piece("words", bare(block["text"])))
        elif block.get("kind") == "text":
            parts = re.split(r"\n\s*\n|\n(?=- |\d+\. )", block["markdown"])
            flow += [Piece("words", bare(_MARKUP.sub("", part))) for part in parts if part.strip()]
        elif block.get("kind") == "figure":
            flow += [Piece("picture"), Piece("words", bare(block["caption"]))]
    return [piece for piece in flow if piece.kind != "words" or piece.words]


def notebook_words(notebook: str) -> list[str]:
    return [piece.words for piece in notebook_flow(notebook) if piece.kind == "words"]


def notebook_alternatives(notebook: str) -> list[str]:
    blocks = (data.get(BLOCK_MIME, {}) for data in _bundles(notebook))
    return [block["alt"] for block in blocks if block.get("kind") == "figure"]


def notebook_pictures(notebook: str) -> list[bytes]:
    return [data["image/svg+xml"].encode() for data in _bundles(notebook) if "image/svg+xml" in data]


def html_words(content: bytes) -> list[str]:
    root = html.fromstring(content.decode())
    blocks = root.xpath(
        "//h1 | //main//*[self::p or self::li or self::figcaption or self::h2 or self::h3 or self::h4 or self::h5]"
    )
    return [bare(str(block.text_content())) for block in blocks]


def html_alternatives(content: bytes) -> list[str]:
    return [str(words) for words in html.fromstring(content.decode()).xpath("//figure//img/@alt")]


def html_pictures(content: bytes) -> list[bytes]:
    found = re.finditer(r'src="data:image/svg\+xml;base64,([^"]*)"', content.decode())
    return [base64.b64decode(match[1]) for match in found]


def docx_words(content: bytes) -> list[str]:
    found: list[tuple[str, str]] = []
    for paragraph in docx.Document(io.BytesIO(content)).element.body.iterchildren(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle").get(f"{_W}val")
        words = bare("".join(node.text or "" for node in paragraph.iter(f"{_W}t")))
        if style == "ClosingCN" and found and found[-1][0] == style:
            found[-1] = (style, found[-1][1] + words)  # the closing is a paragraph a line
        elif words:
            found.append((style, words))
    return [words for _, words in found]


def docx_alternatives(content: bytes) -> list[str]:
    body = docx.Document(io.BytesIO(content)).element.body
    return [str(node.get("descr")) for node in body.iter(f"{_WP}docPr")]


def pdf_pages(content: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return [page.extract_text() for page in document.pages]


def pdf_faults(content: bytes, flow: list[Piece]) -> list[str]:
    """What of the flow is not in the PDF at its place, and what is there besides: nothing, where all is well.

    Between two paragraphs only a table or a picture may bring words of its own.
    """
    lines = [line for page in pdf_pages(content) for line in page.splitlines() if not _PAGE_NUMBER.fullmatch(line)]
    text = bare("".join(lines))
    faults, at, other = [], 0, False
    for piece in flow:
        if piece.kind != "words":
            other = True
            continue
        if (found := text.find(piece.words, at)) < 0:
            faults.append(f"missing: {piece.words}")
            continue
        if not other and text[at:found].strip("•1234567890."):
            faults.append(f"besides: {text[at:found]}")
        at, other = found + len(piece.words), False
    if not other and at < len(text):
        faults.append(f"after the end: {text[at:]}")
    return faults


def pdf_alternatives(content: bytes) -> list[str]:
    return _alternatives(pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]


def _alternatives(element: Any) -> list[str]:
    element = element.get_object()
    if not isinstance(element, pypdf.generic.DictionaryObject):
        return []
    own = [str(element["/Alt"])] if element.get("/S") == "/Figure" else []
    kids = element.get("/K", [])
    return own + [words for kid in (kids if isinstance(kids, list) else [kids]) for words in _alternatives(kid)]


def svg_words(pictures: list[bytes]) -> list[str]:
    roots = (etree.fromstring(picture) for picture in pictures)
    return ["".join(map(str, node.itertext())) for root in roots for node in root.iter(f"{_SVG}text")]
