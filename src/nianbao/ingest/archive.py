"""Open zip archives, of a document's parts or of files: sizes are bounded while unpacking, XML is parsed safely."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from nianbao.errors import IngestError
from nianbao.ingest.carrier import has_too_many, is_locked

# A report's document is below 1 MB unpacked; 64 MB is far beyond any, as are 96 MB for all parts that are read.
MAX_PART = 64 * 1024 * 1024
MAX_READ = 96 * 1024 * 1024
# Signs that begin a tag: a report's document has some 50,000, a compilation of thirty a million and a half.
MAX_TAGS = 2_500_000
# Files of an archive: a county has some hundred units.
MAX_MEMBERS = 500
MAX_BYTES = 32 * 1024 * 1024
# More entries than this are no document.
MAX_ENTRIES = 5_000
# What zipfile raises for broken archives, besides its own error: offsets and sizes that lead nowhere, foreign methods.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
)
_UTF_8 = 0x800  # the flag of an entry whose name is in UTF-8
_HINT = "give the report alone, as its own program saved it"
_HINT_ZH = "请只提供年报本身，用原软件另存"
_PROPERTIES = "docProps/core.xml"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"

# The names by which office programs know the elements of documents saved in the strict form of the standard
# (ISO/IEC 29500), and the usual ones.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}


class Archive:
    """A zipped document; parts are read one by one and never beyond MAX_PART."""

    def __init__(self, content: bytes, where: str) -> None:
        self.where = where
        self._left = MAX_READ
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except BROKEN as error:
            raise self.damaged(str(error)) from error
        if len(self._zip.namelist()) > MAX_ENTRIES:
            what = f"holds more than {MAX_ENTRIES} parts: no document does"
            raise IngestError(
                what, where=where, hint=_HINT, zh=f"内含文件超过{MAX_ENTRIES}个，不是年报文件。{_HINT_ZH}"
            )

    def __contains__(self, name: str) -> bool:
        return name in self._zip.namelist()

    @property
    def names(self) -> list[str]:
        """The names of the files in it, as the archive keeps them."""
        return [entry.filename for entry in self._zip.infolist() if not entry.is_dir()]

    def files(self) -> Iterator[tuple[str, bytes | IngestError]]:
        """The name and the bytes of each file that is shown, or the error in their place; no more than MAX_BYTES."""
        names = [entry for entry in self.names if not is_hidden(entry)]
        if len(names) > MAX_MEMBERS:
            what = f"holds more than {MAX_MEMBERS} files"
            zh = f"压缩包内超过{MAX_MEMBERS}个文件，请解压后分批读取"
            raise IngestError(what, where=self.where, hint="unpack it, and give fewer at once", zh=zh)
        left = MAX_BYTES
        for entry in names:
            shown = f"{self.where}/{shown_name(self._zip.getinfo(entry))}"
            try:
                content = self.part(entry)
            except IngestError as error:
                yield shown, error.at(shown)
                continue
            left -= len(content)
            if left < 0:
                what = f"unpacks to more than {MAX_BYTES >> 20} MB: {shown} and what follows it was not read"
                zh = f"解压后超过{MAX_BYTES >> 20} MB，{shown}及其后的文件没有读取，请解压后分批读取"
                yield shown, IngestError(what, where=self.where, hint="unpack it, and give fewer at once", zh=zh)
                return
            yield shown, content

    @property
    def title(self) -> str:
        """The title among the document's properties; empty where there is none, or none that can be read."""
        try:
            return self.tree(_PROPERTIES).findtext(_TITLE) or "" if _PROPERTIES in self else ""
        except IngestError:
            return ""

    def damaged(self, why: str) -> IngestError:
        """The error for a document that cannot be unpacked or understood."""
        hint, zh = "get the file anew, or save it from its program", "文件已损坏，请重新获取，或用原软件另存后再读取"
        return IngestError(f"is damaged: {why}", where=self.where, hint=hint, zh=zh)

    def part(self, name: str) -> bytes:
        """The bytes of a part; IngestError where they are too many, encrypted or damaged."""
        try:
            if self._zip.getinfo(name).flag_bits & 1:
                raise is_locked(self.where)
            with self._zip.open(name) as stream:
                # The size that the archive states may be a lie: what comes out is counted.
                content = stream.read(MAX_PART + 1)
        except KeyError as error:
            raise self.damaged(f"it has no part {name}") from error
        except BROKEN as error:
            raise self.damaged(str(error)) from error
        self._left -= len(content)
        if len(content) > MAX_PART or self._left < 0:
            what = f"unpacks to more than {MAX_PART >> 20} MB: no report does"
            raise IngestError(
                what, where=self.where, hint=_HINT, zh=f"解压后超过{MAX_PART >> 20} MB，不是年报文件。{_HINT_ZH}"
            )
        return content

    def _markup(self, name: str) -> bytes:
        content = self.part(name)
        if content.count(b"<") > MAX_TAGS:
            raise has_too_many(f"{MAX_TAGS:,} tags", self.where)
        for strict, usual in _STRICT.items():
            content = content.replace(strict, usual)
        return content

    def elements(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """The elements of a part with these tags, as they end, each for so long as it is looked at.

        No entity is resolved and nothing is fetched.
        """
        source = io.BytesIO(self._markup(name))
        try:
            for _, element in etree.iterparse(
                source, tag=tags, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
            ):
                yield element
                parent = element.getparent()
                element.clear()
                while parent is not None and len(parent) > 1:
                    del parent[0]
        except etree.LxmlError as error:
            raise self.damaged(str(error)) from error

    def tree(self, name: str) -> etree._Element:
        """The root element of a small part."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
        try:
            return etree.fromstring(self._markup(name), parser)
        except etree.LxmlError as error:
            raise self.damaged(str(error)) from error


def is_hidden(entry: str) -> bool:
    """Whether a system or a program put the file beside those that were packed."""
    name = entry.rpartition("/")[2]
    return name.startswith((".", "~$")) or entry.startswith("__MACOSX/") or name == "Thumbs.db"


def shown_name(entry: zipfile.ZipInfo) -> str:
    """A file's name as a Chinese system wrote it; zip archives name no encoding for what is not UTF-8."""
    if entry.flag_bits & _UTF_8:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):  # Unix tools write the first without saying so, Chinese Windows the second
        try:
            return entry.filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return entry.filename
