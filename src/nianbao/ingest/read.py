"""Owns the reading of one file: what kind it is by its content, its limits, its reader, and then the interpreter.

May import: errors and the other modules of ingest.
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from nianbao.errors import IngestError
from nianbao.ingest.carrier import Carrier
from nianbao.ingest.interpret import interpret
from nianbao.ingest.result import Ingested

# A report with scanned annexes has 20 MB at most; a text or a page has a few hundred KB.
MAX_BYTES = 32 * 1024 * 1024
MAX_TEXT_BYTES = 8 * 1024 * 1024
_PEEK = 4096
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<div", b"<meta", b"<p>", b"<p ", b"<title")
_KNOWN = "readable are: text (UTF-8 or GB18030), HTML, PDF with text, DOCX, XLSX"


def read(path: Path, *, year: int | None = None) -> Ingested:
    """Read a published report; ``year`` is used where the file itself names none.

    Raises IngestError for what is no report, is damaged, is a scan, or is beyond the limits; what can be read only in
    part comes back with gaps.
    """
    content = _content(path)
    try:
        return interpret(_carrier(content, path.name), path.name, year)
    except IngestError as error:
        if error.where is not None:
            raise
        raise IngestError(error.what, where=path.name, hint=error.hint) from error


def _content(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise IngestError("is no file", where=path.name, hint="give a file, a folder or a pattern of files")
        if status.st_size > MAX_BYTES:
            raise IngestError(
                f"has {status.st_size >> 20} MB, more than the {MAX_BYTES >> 20} MB that any report has",
                where=path.name,
                hint="give the report alone, without annexes",
            )
        return path.read_bytes()
    except OSError as error:
        raise IngestError(
            f"cannot be read: {error.strerror}", where=path.name, hint="check its name and rights"
        ) from error


def _carrier(content: bytes, where: str) -> Carrier:
    """The lines of the file, by the reader for what it is; the suffix of its name is not trusted."""
    if not content.strip():
        raise IngestError("is empty", where=where, hint="get the file anew")
    reader = _reader(content, where)
    try:
        return reader(content, where)
    except RecursionError as error:
        raise IngestError("is nested too deeply", where=where, hint="save it anew from its program") from error


def _reader(content: bytes, where: str) -> Callable[[bytes, str], Carrier]:
    start = content[:_PEEK].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in content[:1024]:
        from nianbao.ingest.pdf import read_pdf

        return read_pdf
    if start.startswith(b"PK\x03\x04"):
        return _zipped(content, where)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise IngestError(
            "is an old Office document (.doc, .xls)", where=where, hint="open it and save it as .docx or .xlsx"
        )
    if start.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")):
        raise IngestError("is a picture", where=where, hint="give the document itself; pictures are not read")
    if start.startswith((b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
        raise IngestError("is a packed archive", where=where, hint=f"unpack it first; {_KNOWN}")
    lowered = content[:_PEEK].lower()
    if any(mark in lowered for mark in _MARKUP):
        from nianbao.ingest.web import read_html

        return read_html
    if len(content) > MAX_TEXT_BYTES:
        raise IngestError(
            f"is a text of more than {MAX_TEXT_BYTES >> 20} MB", where=where, hint="is it the right file?"
        )
    from nianbao.ingest.text import read_text

    return read_text


def _zipped(content: bytes, where: str) -> Callable[[bytes, str], Carrier]:
    from nianbao.ingest import sheet, word
    from nianbao.ingest.archive import Archive

    archive = Archive(content, where)
    if word.DOCUMENT in archive:
        return word.read_docx
    if sheet.WORKBOOK in archive:
        return sheet.read_xlsx
    raise IngestError("is a zip archive that holds no document of Word or Excel", where=where, hint=_KNOWN)
