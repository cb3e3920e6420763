"""Find files, and read one: its limits, what kind it is by its content, its reader, and the reports that it holds."""

from __future__ import annotations

import codecs
import glob
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nianbao.errors import IngestError
from nianbao.errors.language import Message, why_refused
from nianbao.ingest.carrier import Carrier, has_too_many, with_digits_closed_up
from nianbao.ingest.interpret import interpret
from nianbao.ingest.result import Ingested

# A report with scanned annexes has 20 MB at most; a text or a page has a few hundred KB.
MAX_BYTES = 32 * 1024 * 1024
MAX_TEXT_BYTES = 8 * 1024 * 1024
# What a folder is searched for; files named one by one are read whatever they are called.
_TEXTS = (".txt", ".md", ".csv", ".htm", ".html", ".shtml", ".xhtml", ".mht", ".mhtml", ".pdf")
_DOCUMENTS = (".docx", ".docm", ".dotx", ".wps", ".doc", ".rtf", ".odt")
_SHEETS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
SUFFIXES = frozenset((*_TEXTS, *_DOCUMENTS, *_SHEETS, ".zip"))
_PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".svg", ".ico"))
_PEEK = 4096
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<div", b"<meta", b"<p>", b"<p ", b"<title")
_KNOWN = "readable are: text (UTF-8 or GB18030), CSV, HTML, PDF with text, DOCX, XLSX, ODT, ODS, zip archives of these"
# What a file begins with that is no report which can be read: what it is, and what to do.
_UNREADABLE = (
    (
        (b"\xd0\xcf\x11\xe0",),
        "is an old Office document (.doc, .xls, .wps, .et)",
        "open it and save it as .docx or .xlsx",
        "是旧版文档（.doc、.xls、.wps、.et），请打开后另存为.docx或.xlsx",
    ),
    (
        (b"{\\rtf",),
        "is a document in Rich Text Format (.rtf)",
        "open it and save it as .docx",
        "是RTF文档，请打开后另存为.docx",
    ),
    (
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*"),
        "is a picture",
        "give the document itself; pictures are not read",
        "是图片，不能读取，请提供原文档",
    ),
    ((b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf"), "is a packed archive", f"unpack it first; {_KNOWN}", "是压缩包，请先解压"),
    (
        (b"MIME-Version:", b"From: <Saved by"),
        "is a web archive (.mht)",
        "open it in a browser and save the page as .html",
        "是网页存档（.mht），请用浏览器打开后另存为.html",
    ),
)

# What came of one report of a file, or of one file of an archive.
Outcome = Ingested | IngestError
_Reader = Callable[[bytes, str], Carrier]


@dataclass(frozen=True)
class Files:
    """The files to be read, in order, and those of the folders that are not, each with the reason in Chinese."""

    wanted: tuple[Path, ...]
    passed: tuple[tuple[Path, str], ...] = ()


def find(paths: Iterable[str | Path]) -> Files:
    """The files that the arguments name, each once, in order; folders are searched for what may be a report."""
    wanted: dict[Path, None] = {}
    passed: dict[Path, str] = {}
    for given in paths:
        path = Path(given)
        if path.is_dir():
            files, refused = _files_in(path)
            passed |= refused
            for file in files:
                if file.suffix.lower() in SUFFIXES:
                    wanted[file] = None
                else:
                    picture = file.suffix.lower() in _PICTURES
                    passed[file] = Message("a picture") if picture else Message("not of a kind that is read")
        elif not path.exists() and glob.has_magic(str(given)):
            # Path.glob takes no absolute pattern.
            matching = glob.glob(str(given), recursive=True)  # noqa: PTH207
            wanted |= dict.fromkeys(sorted(path for path in map(Path, matching) if _is_shown(path)))
        else:
            wanted[path] = None
    return Files(tuple(wanted), tuple((path, why) for path, why in passed.items() if path not in wanted))


def _files_in(folder: Path) -> tuple[list[Path], dict[Path, str]]:
    """The files of a folder and of those below it, and the folders that cannot be listed, each with the reason."""
    refused: dict[Path, str] = {}

    def tell(error: OSError) -> None:
        refused[Path(error.filename)] = Message("the folder cannot be listed: {why}", why=why_refused(error))

    found = (Path(parent, name) for parent, _, names in os.walk(folder, onerror=tell) for name in names)
    return sorted(path for path in found if _is_shown(path)), refused


def _is_shown(path: Path) -> bool:
    """Whether a file is neither hidden nor the lock of an office program."""
    return not path.name.startswith((".", "~$")) and path.name not in {"Thumbs.db", "desktop.ini"}


def file_name(path: Path) -> str:
    """A file's name for people; bytes that are no UTF-8 (an archive of a Chinese system) are shown as escapes."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def file_stem(path: Path) -> str:
    """The name without its ending, in the same way."""
    return os.fsencode(path.stem).decode("utf-8", "backslashreplace")


def read(path: Path, *, year: int | None = None) -> Ingested:
    """Read a published report; ``year`` is used where the file itself names none.

    Raises IngestError for what is no report, is damaged, is a scan, or is beyond the limits, and for a file that holds
    several reports; what can be read only in part comes back with gaps.
    """
    found = read_all(path, year=year)
    if len(found) > 1:
        raise IngestError(
            f"holds {len(found)} reports",
            where=file_name(path),
            hint="read all of them, or give each a file of its own",
            zh=f"文件中有{len(found)}份报告，请分别提供",
        )
    if isinstance(found[0], IngestError):
        raise found[0]
    return found[0]


def read_all(path: Path, *, year: int | None = None) -> tuple[Outcome, ...]:
    """The reports of a file, in order, one or several; for an archive, of its files, with the errors of those.

    Raises IngestError for a file that cannot be read at all.
    """
    return tuple(read_each(path, year))


def read_each(path: Path, year: int | None = None) -> Iterator[Outcome]:
    """The same, one after the other: the files of an archive are read as they are asked for."""
    content = _content(path)
    if _is_archive(content):
        yield from _members(content, file_name(path), year)
    else:
        yield from read_bytes(content, file_name(path), year)


def read_bytes(content: bytes, name: str, year: int | None = None) -> tuple[Ingested, ...]:
    """The reports of a file that is no archive, in order; raises IngestError as ``read`` does."""
    try:
        return interpret(with_digits_closed_up(_carrier(content, name)), name, year)
    except IngestError as error:
        if error.where is not None:
            raise
        raise error.at(name) from error


def _content(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            hint, zh = "give a file, a folder or a pattern of files", "不是文件，请提供文件或文件夹"
            raise IngestError("is no file", where=file_name(path), hint=hint, zh=zh)
        if status.st_size > MAX_BYTES:
            raise IngestError(
                f"has {status.st_size >> 20} MB, more than the {MAX_BYTES >> 20} MB that any report has",
                where=file_name(path),
                hint="give the report alone, without annexes",
                zh=f"文件有{status.st_size >> 20} MB，超过{MAX_BYTES >> 20} MB，请只提供年报本身，不含附件",
            )
        return path.read_bytes()
    except OSError as error:
        hint, zh = "check its name and rights", "文件打不开，请检查文件名和权限"
        raise IngestError(f"cannot be read: {error.strerror}", where=file_name(path), hint=hint, zh=zh) from error


def _is_archive(content: bytes) -> bool:
    """Whether a file is a zip archive of other files, and no document of an office program."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    from nianbao.ingest.archive import Archive

    try:
        archive = Archive(content, "")
    except IngestError:
        return False
    return bool(archive.names) and not any(part in archive for part in _DOCUMENT_PARTS)


def _members(content: bytes, name: str, year: int | None) -> Iterator[Outcome]:
    """The reports of an archive's files; a file that cannot be read is an error among them."""
    from nianbao.ingest.archive import Archive

    found = False
    for shown, part in Archive(content, name).files():
        found = True
        if isinstance(part, IngestError):
            yield part
        elif _is_archive(part):
            yield IngestError(
                "is an archive within an archive",
                where=shown,
                hint="unpack it first",
                zh="压缩包内还有压缩包，请先解压",
            )
        else:
            try:
                yield from (replace(one, file=shown) for one in read_bytes(part, shown, year))
            except IngestError as error:
                yield error.at(shown)
    if not found:
        raise IngestError("is an archive without files", where=name, hint=_KNOWN, zh="压缩包内没有文件")


def _carrier(content: bytes, where: str) -> Carrier:
    """The lines of the file, by the reader for what it is; the suffix of its name is not trusted."""
    if not content.strip():
        raise IngestError("is empty", where=where, hint="get the file anew", zh="文件是空的，请重新获取")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_unmarked_utf_16(content):
        from nianbao.ingest.text import decoded

        content = decoded(content, where).encode()
    reader = _reader(content, where)
    try:
        return reader(content, where)
    except RecursionError as error:
        hint, zh = "save it anew from its program", "文件结构嵌套过深，请用原软件另存"
        raise IngestError("is nested too deeply", where=where, hint=hint, zh=zh) from error


def _is_unmarked_utf_16(content: bytes) -> bool:
    """Whether a file is a text in UTF-16 without its mark, which may be a page as well."""
    from nianbao.inputs.encodings import utf_16_without_mark

    start = content[:_PEEK]
    return b"\x00" in start and len(content) <= MAX_TEXT_BYTES and utf_16_without_mark(content) is not None


def _reader(content: bytes, where: str) -> _Reader:
    start = content[:_PEEK].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in content[:1024]:
        from nianbao.ingest.pdf import read_pdf

        return read_pdf
    if start.startswith(b"PK\x03\x04"):
        return _zipped(content, where)
    for signs, what, hint, zh in _UNREADABLE:
        if start.startswith(signs):
            raise IngestError(what, where=where, hint=hint, zh=zh)
    if b"<?mso-application" in content[:_PEEK]:
        what, hint = "is a document of Word or Excel in one XML file", "open it and save it as .docx or .xlsx"
        raise IngestError(what, where=where, hint=hint, zh="是XML格式的文档，请打开后另存为.docx或.xlsx")
    lowered = content[:_PEEK].lower()
    if any(mark in lowered for mark in _MARKUP) or b"<table" in content.lower():
        from nianbao.ingest.web import read_html

        return read_html
    if len(content) > MAX_TEXT_BYTES:
        raise has_too_many(f"{MAX_TEXT_BYTES >> 20} MB of text", where)
    from nianbao.ingest.text import read_csv, read_text

    # Commas stand in sentences too: here the name has to tell.
    return read_csv if where.lower().endswith(".csv") else read_text


_WORD, _BOOK, _OPEN = "word/document.xml", "xl/workbook.xml", "content.xml"
_DOCUMENT_PARTS = (_WORD, _BOOK, _OPEN)


def _zipped(content: bytes, where: str) -> _Reader:
    from nianbao.ingest import odf, sheet, word
    from nianbao.ingest.archive import Archive

    archive = Archive(content, where)
    readers = {_WORD: word.read_docx, _BOOK: sheet.read_xlsx, _OPEN: odf.read_odf}
    for part, zipped in readers.items():
        if part in archive:
            return zipped
    what, zh = "is a zip archive that holds no document of Word or Excel", "压缩包内没有Word或Excel文档"
    raise IngestError(what, where=where, hint=_KNOWN, zh=zh)
