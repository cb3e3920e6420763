"""The document: frozen blocks that every format is made of, read from a stitched notebook and nothing else.

Data flows notebook -> Document -> format; markup of the notebook's authors ends here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode

from nianbao.errors import ExportError, InputError
from nianbao.export import FORMATS, WORKBOOKS
from nianbao.export.blocks import Block, Closing, Heading, Paragraph, Picture, Run, TableBlock, Title
from nianbao.export.invisible import visible, visible_blocks
from nianbao.export.markdown import blocks_of_html_tables, blocks_of_markdown, blocks_of_plain
from nianbao.form import TABLE_MIME, Grid
from nianbao.model import BLOCK_MIME, Report

# nbconvert's customary tags for cells, and for what cells display, that stays out of the document.
HIDDEN_TAGS = frozenset({"remove-cell", "remove-output"})


@dataclass(frozen=True)
class Document:
    """A report ready to be set: who, when, in which edition and profile, and its blocks in reading order."""

    title: str
    office: str
    year: int
    edition: str
    published: str | None
    profile: str
    draft: bool
    fictional: bool
    version: str
    blocks: tuple[Block, ...]
    fonts: tuple[str, ...] | str = "open"
    formats: tuple[str, ...] = FORMATS

    @property
    def tables(self) -> tuple[Grid, ...]:
        """The statutory tables, in the order in which they are printed."""
        return tuple(block.grid for block in self.blocks if isinstance(block, TableBlock) and block.grid.code)

    def printed_in(self, form: str) -> Document:
        """The part of the document that a format prints: a workbook holds the tables alone."""
        if form in WORKBOOKS:
            return replace(self, blocks=tuple(block for block in self.blocks if isinstance(block, TableBlock)))
        return self

    def digest(self, form: str) -> str:
        """SHA-256, in hex, of what a format prints: the format's bytes change only where this does (or our code)."""
        text = json.dumps(self.printed_in(form), default=_plain, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value of the document as JSON can hold it: dataclasses by kind and fields, bytes by their digest."""
    if is_dataclass(value) and not isinstance(value, type):
        return {"kind": type(value).__name__, **{item.name: getattr(value, item.name) for item in fields(value)}}
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"a document cannot hold a {type(value).__name__}")


def document_of(report: Report) -> Document:
    """The document that a stitched report holds; raises as ``read_document`` does."""
    return read_document(nbformat.reads(report.notebook, as_version=4))


def read_document(notebook: NotebookNode) -> Document:
    """The document that a stitched notebook holds, without characters that nobody sees.

    ExportError where it is no report of ours, or holds a control character.
    """
    meta = notebook.metadata.get("nianbao")
    if not meta:
        raise ExportError(
            "the notebook holds no report: its metadata have no 'nianbao' entry",
            hint="export a report.ipynb that `nianbao report` made",
        )
    blocks = tuple(block for index, cell in enumerate(notebook.cells) for block in _blocks_of_cell(cell, index))
    return Document(
        title=visible(meta["title"], "the report's title"),
        office=visible(meta["office"]["name"], "the office's name"),
        year=int(meta["year"]),
        edition=meta["edition"],
        published=meta.get("published"),
        profile=meta.get("profile", "official"),
        draft=bool(meta.get("draft", False)),
        fictional=bool(meta["office"].get("fictional", False)),
        version=meta.get("version", ""),
        blocks=visible_blocks(blocks),
        fonts=_fonts(meta.get("fonts", "open")),
        formats=tuple(meta.get("formats", FORMATS)),
    )


def _fonts(declared: Any) -> tuple[str, ...] | str:
    return declared if isinstance(declared, str) else tuple(declared)


def _blocks_of_cell(cell: NotebookNode, index: int) -> Iterator[Block]:
    if HIDDEN_TAGS.intersection(cell.metadata.get("tags", ())):
        return
    if cell.cell_type == "markdown":
        yield from blocks_of_markdown(cell.source)
    elif cell.cell_type == "code":
        for output in cell.outputs:
            yield from _blocks_of_output(output, index)


def _blocks_of_output(output: NotebookNode, index: int) -> Iterator[Block]:
    if output.output_type == "error":
        raise ExportError(
            f"cell {index + 1} holds an error: {output.ename}: {output.evalue}",
            hint="mend the section's notebook and make the report again",
        )
    if output.output_type == "stream":
        # Warnings on standard error are for the analyst, not for the report's readers.
        if output.name == "stdout":
            yield from blocks_of_plain(output.text)
        return
    yield from _blocks_of_bundle(output.data, output.get("metadata", {}))


def _blocks_of_bundle(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[Block]:
    """The richest thing that we can set from a MIME bundle: ours first, then what others display."""
    if TABLE_MIME in data:
        yield TableBlock(Grid.from_json(data[TABLE_MIME]))
    elif BLOCK_MIME in data:
        yield from _blocks_of_ours(data[BLOCK_MIME], data)
    elif "text/markdown" in data:
        yield from blocks_of_markdown(data["text/markdown"])
    elif "image/svg+xml" in data or "image/png" in data:
        yield _figure(data, metadata.get("alt", ""), metadata.get("caption", ""))
    elif "text/html" in data and (tables := blocks_of_html_tables(data["text/html"])):
        yield from tables
    elif "text/plain" in data:
        yield from blocks_of_plain(data["text/plain"])


def _blocks_of_ours(block: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Block]:
    kind = block.get("kind")
    if kind == "title":
        yield Title(tuple(block["lines"]))
    elif kind == "heading":
        yield Heading(int(block["level"]), block["text"], block.get("anchor"), bool(block.get("new_page")))
    elif kind == "closing":
        yield Closing(tuple(block["lines"]))
    elif kind == "figure":
        yield _figure(data, block["alt"], block.get("caption", ""))
    elif kind == "text":
        role: Literal["body", "preamble", "note", "notice"] = block.get("role", "body")
        if role == "notice":
            yield Paragraph((Run(block["markdown"]),), role)
        else:
            yield from blocks_of_markdown(block["markdown"], role)
    else:
        raise InputError(
            f"a cell of the notebook displays an unknown kind of block: {kind!r}",
            hint="run the section again with this version of nianbao",
        )


def _figure(data: Mapping[str, Any], alt: str, caption: str) -> Picture:
    if "image/svg+xml" in data:
        source = data["image/svg+xml"]
        text = source if isinstance(source, str) else "".join(source)
        return Picture("svg", text.encode(), alt or caption or "图", caption)
    try:
        return Picture("png", base64.b64decode(data["image/png"]), alt or caption or "图", caption)
    except (binascii.Error, ValueError) as error:
        raise InputError("a figure in the notebook is no valid PNG", hint="run the section again") from error
