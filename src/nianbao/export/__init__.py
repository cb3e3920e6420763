"""The formats: a document goes in, the bytes of one format come out.

``read_document`` (export.document) reads a stitched notebook into a frozen ``Document``; ``export`` writes it. Reads
neither params/ nor data/. The writers are imported when a format is made: Typst, python-docx and XlsxWriter take time.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import UnknownNameError
from nianbao.model import ExportedFile

if TYPE_CHECKING:
    from nianbao.export.document import Document

# Format -> the file that it is published as. Each has a module of its name here, with a function ``write`` from a
# Document and the folder of the office's own fonts to bytes: the same ones each time.
FILE_NAMES = {"html": "report.html", "pdf": "report.pdf", "docx": "report.docx", "xlsx": "tables.xlsx"}
FORMATS = tuple(FILE_NAMES)
# Made only where it is asked for: the page's content for an office's own content management system.
ON_REQUEST = {"fragment": "report.fragment.html"}
KNOWN_FORMATS = (*FORMATS, *ON_REQUEST)

# The formats that hold nothing but the tables.
WORKBOOKS = frozenset({"xlsx"})


def file_name(form: str, *, draft: bool = False) -> str:
    """The file that a format is published as; a draft's has a name of its own."""
    stem, _, suffix = (FILE_NAMES | ON_REQUEST)[form].partition(".")
    return f"{stem}{'-草稿' if draft else ''}.{suffix}"


def export(document: Document, form: str, *, font_dir: Path | None = None) -> tuple[ExportedFile, ...]:
    """One format of a document, and the files that belong beside it; ``font_dir`` holds the office's own fonts.

    Raises UnknownNameError for a format that is not ours, ExportError where the content cannot be set.
    """
    if form not in KNOWN_FORMATS:
        raise UnknownNameError("format", form, KNOWN_FORMATS)
    if form == "fragment":
        from nianbao.export.fragment import files

        return files(document, font_dir)
    content = import_module(f"nianbao.export.{form}").write(document.printed_in(form), font_dir)
    return (ExportedFile(file_name(form, draft=document.draft), content),)
