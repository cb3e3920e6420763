"""What is added to the file that Typst makes."""

from __future__ import annotations

import io

import pikepdf
import pytest

from builders import made, stitched_notebook
from nianbao.export.pdf import completed
from nianbao.section import display

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><rect width="90" height="40"/></svg>'


def page_of(content: bytes) -> bytes:
    """A file of one page without tags."""
    pdf = pikepdf.new()
    pdf.add_blank_page().Contents = pdf.make_stream(content)
    stream = io.BytesIO()
    pdf.save(stream)
    return stream.getvalue()


def test_a_file_without_tags_stays_as_it_is() -> None:
    plain = page_of(b"q Q")
    assert completed(plain, []) == plain


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_the_file_has_no_fault_of_syntax(edition: str) -> None:
    content = made(stitched_notebook(edition, draft=True, svg=SVG, extra=(display.text("1. 甲\n2. 乙"),)), "pdf")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert pdf.get_warnings() == []


def test_the_file_does_not_say_when_it_was_made() -> None:
    first, second = (made(stitched_notebook(), "pdf") for _ in range(2))
    assert first == second


def test_every_row_head_is_named_once_and_the_cells_to_its_right_name_it() -> None:
    with pikepdf.open(io.BytesIO(made(stitched_notebook(), "pdf"))) as pdf:
        tree = pdf.Root.StructTreeRoot
        names = [bytes(name) for name in list(tree.IDTree.Names)[::2]]
        assert names == sorted(set(names))
        cells = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/TD"]
        heads = {bytes(name) for cell in cells for part in cell.A for name in part.get("/Headers", ())}
        assert cells
        assert heads <= set(names)
        assert any(name.startswith(b"V") for name in heads)


def test_every_table_with_a_caption_has_it_for_a_summary() -> None:
    with pikepdf.open(io.BytesIO(made(stitched_notebook(), "pdf"))) as pdf:
        tables = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Table"]
        assert [str(table.A[0].Summary) for table in tables] == [
            "主动公开政府信息情况",
            "收到和处理政府信息公开申请情况",
            "政府信息公开行政复议、行政诉讼情况",
        ]
