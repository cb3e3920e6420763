"""The document: frozen blocks that every format is made of, read from a stitched notebook and nothing else.

Data flows notebook -> Document -> format; markup of the notebook's authors ends here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import nbformat
from nbformat import NotebookNode

from nianbao.errors import ExportError
from nianbao.errors.language import Message
from nianbao.export import FORMATS, WORKBOOKS
from nianbao.export.blocks import Block, Paragraph, Picture, Run, TableBlock
from nianbao.export.outputs import MOST_LINES, blocks_of_cell, place_of, printed_lines
from nianbao.export.texts import visible, visible_blocks
from nianbao.form import Grid
from nianbao.model import Report, WordTemplate

DRAFT = "草稿"
DRAFT_NOTICE = f"{DRAFT}　尚未审定，请勿公开或引用。"


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
    template: WordTemplate | None = None

    @property
    def mark(self) -> str:
        """What stands before the title of a draft; nothing before that of a finished report."""
        return f"【{DRAFT}】" if self.draft else ""

    @property
    def full_title(self) -> str:
        """The title for metadata: 【草稿】示例市人民政府办公室2023年政府信息公开工作年度报告."""
        return f"{self.mark}{self.office}{self.title}"

    @property
    def keywords(self) -> tuple[str, ...]:
        """Words by which the report is found."""
        return ("政府信息公开", "年度报告", self.office, str(self.year), *([DRAFT] if self.draft else []))

    @property
    def page_blocks(self) -> tuple[Block, ...]:
        """The blocks as they stand on pages: those of a draft under a notice that it is one."""
        notice = Paragraph((Run(DRAFT_NOTICE),), "notice")
        return (notice, *self.blocks) if self.draft else self.blocks

    @property
    def tables(self) -> tuple[Grid, ...]:
        """The statutory tables, in the order in which they are printed."""
        return tuple(block.grid for block in self.blocks if isinstance(block, TableBlock) and block.grid.code)

    @property
    def bare_pictures(self) -> tuple[str, ...]:
        """Notebook and cell of each picture for which nobody wrote an alternative text, in reading order."""
        return tuple(block.place for block in self.blocks if isinstance(block, Picture) and block.bare)

    def printed_in(self, form: str) -> Document:
        """The part of the document that a format prints: a workbook holds the tables alone, a DOCX has a template."""
        if form in WORKBOOKS:
            tables = tuple(block for block in self.blocks if isinstance(block, TableBlock))
            return replace(self, blocks=tables, template=None)
        return self if form == "docx" or self.template is None else replace(self, template=None)

    def digest(self, form: str) -> str:
        """SHA-256, in hex, of what a format prints: the format's bytes change only where this does (or our code)."""
        text = json.dumps(self.printed_in(form), default=_plain, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value of the document as JSON can hold it: dataclasses by kind and fields, bytes by their digest."""
    if is_dataclass(value) and not isinstance(value, type):
        printed = {item.name: getattr(value, item.name) for item in fields(value) if item.compare}
        return {"kind": type(value).__name__, **printed}
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"a document cannot hold a {type(value).__name__}")


# Reads the Word template of a name that a report's metadata has.
ReadTemplate = Callable[[str], WordTemplate]


def document_of(report: Report, template: ReadTemplate | None = None) -> Document:
    """The document that a stitched report holds; raises as ``read_document`` does."""
    return read_document(nbformat.reads(report.notebook, as_version=4), template)


def read_document(notebook: NotebookNode, template: ReadTemplate | None = None) -> Document:
    """The document that a stitched notebook holds, without characters that nobody sees.

    ``template`` reads the office's Word template where it names one; without it, ours serves. ExportError where it is
    no report of ours, or holds a control character.
    """
    meta = notebook.metadata.get("nianbao", {})
    if "title" not in meta:
        raise ExportError(
            "the notebook holds no report: its metadata have no 'nianbao' entry",
            hint="export a report.ipynb that `nianbao report` made, or a section's notebook that has run",
        )
    blocks = tuple(_blocks(notebook))
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
        template=template(meta["template"]) if template and "template" in meta else None,
    )


def _fonts(declared: Any) -> tuple[str, ...] | str:
    return declared if isinstance(declared, str) else tuple(declared)


def _blocks(notebook: NotebookNode) -> Iterator[Block]:
    """What the cells show, in order; ExportError where a section prints more than readers would read."""
    lines: dict[str, int] = {}
    for index, cell in enumerate(notebook.cells):
        where = place_of(cell, index)
        section = cell.metadata.get("nianbao", {}).get("section", "")
        lines[section] = lines.get(section, 0) + printed_lines(cell)
        if lines[section] > MOST_LINES:
            raise ExportError(
                Message(
                    "the section prints {count} lines up to here: at most {most} fit into a report",
                    count=lines[section],
                    most=MOST_LINES,
                ),
                where=where,
                hint="print less, show a table, or tag the cell remove-output",
            )
        yield from blocks_of_cell(cell, where)
