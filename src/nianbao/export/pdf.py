"""The PDF: the document set by Typst after GB/T 9704-2012, as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nianbao.errors import ExportError
from nianbao.export.blocks import TableBlock
from nianbao.export.document import Document
from nianbao.export.fonts import document_fonts, typst_fonts
from nianbao.export.glyphs import check_glyphs
from nianbao.export.pdf_tags import completed
from nianbao.export.typst_data import typst_data

if TYPE_CHECKING:
    import typst

STANDARDS: tuple[Literal["a-2a"], Literal["ua-1"]] = ("a-2a", "ua-1")


def write(document: Document, font_dir: Path | None = None) -> bytes:
    """The report as PDF; ExportError where a character has no glyph or a picture cannot be read."""
    fonts = document_fonts(document, font_dir)
    check_glyphs(document, fonts)
    data = typst_data(document, fonts)
    content = _compiled(data, fonts.folders, _timestamp(document))
    return completed(content, [block.grid for block in document.blocks if isinstance(block, TableBlock)])


def _compiled(data: dict[str, object], folders: tuple[str, ...], timestamp: dt.datetime) -> bytes:
    import typst

    inputs = {"document": json.dumps(data, ensure_ascii=False)}
    try:
        content = _compiler(folders).compile(
            _template(), format="pdf", sys_inputs=inputs, pdf_standards=[*STANDARDS], timestamp=timestamp
        )
    except typst.TypstError as error:
        raise ExportError(
            f"Typst cannot set the report: {error.message}", hint="; ".join(error.hints) or None
        ) from error
    if not isinstance(content, bytes):
        raise ExportError("Typst made no PDF of the report")
    return content


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
