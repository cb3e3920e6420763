"""What is added to the file that Typst makes."""

from __future__ import annotations

import pytest

from nianbao.errors import ExportError
from nianbao.export.pdf_objects import PdfObjects
from nianbao.export.pdf_structure import completed

PLAIN = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n2 0 obj\n<</Length 2>>\nstream\nhi\nendstream\nendobj\n"


def plain_file() -> bytes:
    offsets = [PLAIN.index(b"1 0 obj"), PLAIN.index(b"2 0 obj")]
    lines = b"".join(b"%010d 00000 n\r\n" % offset for offset in offsets)
    table = b"xref\n0 3\n0000000000 65535 f\r\n" + lines + b"trailer\n<</Size 3/Root 1 0 R>>\n"
    return PLAIN + table + b"startxref\n%d\n%%%%EOF" % len(PLAIN)


def test_a_file_that_is_not_changed_is_written_as_it_was_read() -> None:
    assert PdfObjects.read(plain_file()).write() == plain_file()


def test_a_changed_object_moves_the_ones_after_it() -> None:
    pdf = PdfObjects.read(plain_file())
    pdf.bodies[1] = b"<</Type/Catalog/Lang(zh-CN)>>"
    again = PdfObjects.read(pdf.write())
    assert again.bodies[1] == b"<</Type/Catalog/Lang(zh-CN)>>"
    assert again.stream(2) == b"hi"


def test_a_packed_stream_is_unpacked() -> None:
    pdf = PdfObjects.read(plain_file())
    pdf.put_stream(2, b"other words")
    assert PdfObjects.read(pdf.write()).stream(2) == b"other words"


def test_a_file_without_a_table_is_refused() -> None:
    with pytest.raises(ExportError, match="another kind of table"):
        PdfObjects.read(plain_file().replace(b"xref\n0 3", b"yref\n0 3"))


def test_a_file_without_tags_stays_as_it_is() -> None:
    assert completed(plain_file(), []) == plain_file()
