"""Owns the plain PDF file that Typst writes, as numbered objects: taken apart by its table, put together again.

May import: errors, zipped. Knows classic cross-reference tables only, which is what Typst makes for PDF/A-2.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from nianbao.errors import ExportError
from nianbao.zipped import packed_stream

_OBJECT = re.compile(rb"\d+ 0 obj\n(.*?)\nendobj\s*\Z", re.DOTALL)
_STREAM = re.compile(rb"<<(?P<entries>.*?)>>\s*stream\r?\n(?P<data>.*)\r?\nendstream\s*\Z", re.DOTALL)
_TABLE = re.compile(rb"xref\r?\n0 (\d+)\r?\n")
_ENTRY = 20  # bytes of one line of the table


@dataclass
class PdfObjects:
    """The objects by number (their bytes between ``obj`` and ``endobj``), what stands before and after them."""

    head: bytes
    bodies: dict[int, bytes]
    trailer: bytes

    @classmethod
    def read(cls, content: bytes) -> PdfObjects:
        """The file's objects; ExportError where it is no file of the kind that Typst writes."""
        start = int(content[content.rindex(b"startxref") + 9 :].split()[0])
        table = _TABLE.match(content, start)
        if table is None:
            raise ExportError("Typst wrote the PDF with another kind of table than this version can read")
        count, first = int(table[1]), table.end()
        lines = [content[first + _ENTRY * n : first + _ENTRY * (n + 1)] for n in range(count)]
        offsets = {number: int(line[:10]) for number, line in enumerate(lines) if line[17:18] == b"n"}
        ends = dict(zip(sorted(offsets.values()), [*sorted(offsets.values())[1:], start], strict=True))
        bodies = {}
        for number, offset in offsets.items():
            found = _OBJECT.match(content[offset : ends[offset]])
            if found is None:
                raise ExportError(f"object {number} of the PDF that Typst wrote cannot be read")
            bodies[number] = found[1]
        trailer = content[first + _ENTRY * count : content.rindex(b"startxref")]
        return cls(content[: min(ends)], bodies, trailer)

    def write(self) -> bytes:
        """The file with the objects as they are now; the table counts anew where each begins."""
        parts = [self.head]
        position = len(self.head)
        lines = [b"0000000000 65535 f\r\n"]
        for number in range(1, max(self.bodies) + 1):
            body = b"%d 0 obj\n%s\nendobj\n" % (number, self.bodies[number])
            lines.append(b"%010d 00000 n\r\n" % position)
            parts.append(body)
            position += len(body)
        table = b"xref\n0 %d\n" % len(lines)
        return b"".join([*parts, table, *lines, self.trailer, b"startxref\n%d\n%%%%EOF" % position])

    def stream(self, number: int) -> bytes | None:
        """A stream's content, unpacked; None where the object is no stream or is packed in another way."""
        found = _STREAM.match(self.bodies[number])
        if found is None:
            return None
        if b"/Filter" not in found["entries"]:
            return found["data"]
        return zlib.decompress(found["data"]) if b"/Filter/FlateDecode" in found["entries"] else None

    def put_stream(self, number: int, content: bytes) -> None:
        """Put a content stream in the place of another, packed."""
        packed = packed_stream(content)
        self.bodies[number] = b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed)
