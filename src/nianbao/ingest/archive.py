"""Open zipped documents (DOCX, XLSX, ODF): sizes are bounded while unpacking, XML is parsed safely.

May import: errors.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from nianbao.errors import IngestError

# A report's document is below 1 MB unpacked; pictures apart, 64 MB is far beyond any.
MAX_PART = 64 * 1024 * 1024
# More entries than this are no document.
MAX_ENTRIES = 5_000
# What zipfile raises for broken archives, besides its own error: offsets and sizes that lead nowhere, foreign methods.
_BROKEN = (
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


_PROPERTIES = "docProps/core.xml"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


class Archive:
    """A zipped document; parts are read one by one and never beyond MAX_PART."""

    def __init__(self, content: bytes, where: str) -> None:
        self.where = where
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _BROKEN as error:
            raise self.damaged(str(error)) from error
        if len(self._zip.namelist()) > MAX_ENTRIES:
            raise IngestError(f"holds more than {MAX_ENTRIES} parts: no document does", where=where, hint=_HINT)

    def __contains__(self, name: str) -> bool:
        return name in self._zip.namelist()

    @property
    def names(self) -> list[str]:
        """The names of the files in it, as the archive keeps them."""
        return [entry.filename for entry in self._zip.infolist() if not entry.is_dir()]

    @property
    def title(self) -> str:
        """The title among the document's properties; empty where there is none, or none that can be read."""
        try:
            return self.tree(_PROPERTIES).findtext(_TITLE) or "" if _PROPERTIES in self else ""
        except IngestError:
            return ""

    def damaged(self, why: str) -> IngestError:
        """The error for a document that cannot be unpacked or understood."""
        return IngestError(
            f"is damaged: {why}", where=self.where, hint="get the file anew, or save it from its program"
        )

    def part(self, name: str) -> bytes:
        """The bytes of a part; IngestError where they are too many, encrypted or damaged."""
        try:
            if self._zip.getinfo(name).flag_bits & 1:
                raise IngestError("is protected by a password", where=self.where, hint="save it without one")
            with self._zip.open(name) as stream:
                # The size that the archive states may be a lie: what comes out is counted.
                content = stream.read(MAX_PART + 1)
        except KeyError as error:
            raise self.damaged(f"it has no part {name}") from error
        except _BROKEN as error:
            raise self.damaged(str(error)) from error
        if len(content) > MAX_PART:
            raise IngestError(f"unpacks to more than {MAX_PART >> 20} MB: no report does", where=self.where, hint=_HINT)
        return content

    def elements(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """The elements of a part with these tags, as they end; no entity is resolved and nothing is fetched."""
        source = io.BytesIO(self.part(name))
        try:
            for _, element in etree.iterparse(
                source, tag=tags, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
            ):
                yield element
        except etree.LxmlError as error:
            raise self.damaged(str(error)) from error

    def tree(self, name: str) -> etree._Element:
        """The root element of a small part."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
        try:
            return etree.fromstring(self.part(name), parser)
        except etree.LxmlError as error:
            raise self.damaged(str(error)) from error


_HINT = "give the report alone, as its own program saved it"
