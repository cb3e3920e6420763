"""One file cannot hold up, fill or end the reading of the others."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.damage import chance_of, report
from ingest.test_hostile import docx, saved, xlsx, zipped
from nianbao.errors import IngestError
from nianbao.ingest import Ingested, Reader

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def good(folder: Path) -> Path:
    return saved(folder, "good.txt", report(chance_of("good"), "tabs", "2021", blanks=False).content.encode())


def test_a_file_that_takes_too_long_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    lines = "".join(f"{number}局2023年政府信息公开工作年度报告\n" for number in range(19_000))
    with Reader(processor_seconds=1) as reader:
        with pytest.raises(IngestError, match="cannot be read within 1 seconds of processor time") as error:
            reader.read(saved(tmp_path, "titles.txt", lines.encode()))
        assert error.value.where == "titles.txt"
        (found,) = reader.read(good(tmp_path))
    assert isinstance(found, Ingested)
    assert len(found.cells) == 200


def test_a_file_that_takes_too_much_memory_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    # A page of this size stands in memory many times over.
    page = b"<html><table><tr>" + b"<td>1</td>" * 1_200_000 + b"</tr></table></html>"
    with Reader(memory=32 << 20) as reader:
        with pytest.raises(IngestError):
            reader.read(saved(tmp_path, "cells.html", page))
        (found,) = reader.read(good(tmp_path))
    assert isinstance(found, Ingested)


def test_errors_come_back_as_they_are(tmp_path: Path) -> None:
    with Reader() as reader, pytest.raises(IngestError, match="is empty") as error:
        reader.read(saved(tmp_path, "empty.txt", b""))
    assert (error.value.where, error.value.hint) == ("empty.txt", "get the file anew")


def test_an_archive_that_ends_the_reader_gives_what_was_read_before(tmp_path: Path) -> None:
    lines = "".join(f"{number}局2023年政府信息公开工作年度报告\n" for number in range(19_000))
    files = {"1.txt": good(tmp_path).read_bytes(), "2.txt": lines.encode()}
    with Reader(processor_seconds=1) as reader:
        found = reader.read(saved(tmp_path, "units.zip", zipped(files)))
    assert isinstance(found[0], Ingested)
    assert "cannot be read within 1 seconds" in str(found[1])


def pdf(content: bytes, forms: list[bytes], pages: int = 1) -> bytes:
    """A PDF whose pages draw the content, which may draw the forms F0, F1 …"""
    first = 5 + len(forms)
    drawn = b" ".join(b"/F%d %d 0 R" % (number, 5 + number) for number in range(len(forms)))
    resources = b"/Resources << /Font << /F 3 0 R >> /XObject << " + drawn + b" >> >>"
    kids = b" ".join(b"%d 0 R" % (first + number) for number in range(pages))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids)]
    objects += [b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", stream(content)]
    objects += [stream(form, b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] " + resources) for form in forms]
    objects += [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R %s >>" % resources] * pages
    body, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def stream(content: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), entries, packed)


def hostile() -> Iterator[tuple[str, bytes]]:
    """Small files that cost a reader without limits minutes or gigabytes."""
    text = b"BT /F 8 Tf (a) Tj ET"
    yield "attributes.html", b"<html><body><p " + b" ".join(b"a%d" % number for number in range(100_000)) + b">x</p>"
    yield "cells.html", b"<html><body><table><tr>" + b"<td>1" * 1_000_000 + b"</table>"
    yield "breaks.html", b"<html><body>" + b"<br>" * 7_000_000
    yield (
        "rows.xlsx",
        xlsx(f'<worksheet xmlns="{SHEET}"><sheetData>{"<row/>" * 2_400_000}</sheetData></worksheet>'.encode()),
    )
    merged = "<mergeCell ref='A1:A2'/>" * 1_000_000
    yield "merges.xlsx", xlsx(f'<worksheet xmlns="{SHEET}"><mergeCells>{merged}</mergeCells></worksheet>'.encode())
    yield "paragraphs.docx", docx("<w:p/>" * 2_400_000)
    yield (
        "characters.pdf",
        pdf(b"BT /F 8 Tf " + b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj " * 1000 + b"ET", [], 200),
    )
    yield (
        "strokes.pdf",
        pdf(b"".join(b"%d %d m %d %d l S\n" % (n % 500, n % 700, n % 500 + 9, n % 700) for n in range(19_999)), [], 50),
    )
    yield "operators.pdf", pdf(b"BT /F 8 Tf " + b"(a) Tj\n" * 10_000_000 + b"ET", [])
    yield "itself.pdf", pdf(b"/F0 Do " * 10, [b"/F0 Do " * 10])
    yield "forms.pdf", pdf(b"/F0 Do", [*(b"/F%d Do " % number * 10 for number in range(1, 11)), text])


@pytest.mark.slow
def test_small_files_that_cost_much_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    with Reader() as reader:
        for name, content in hostile():
            with pytest.raises(IngestError) as error:
                reader.read(saved(tmp_path, name, content))
            assert error.value.where in {None, name}
            assert isinstance(reader.read(good(tmp_path))[0], Ingested)
