"""Our writer of sheets and openpyxl's make the same parts."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from itertools import product

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.styles import Border, Side

from nianbao.sheets.saved import save
from nianbao.sheets.styles import BODY, BOX, CENTRE, HEAD_FILL, Wardrobe, dress
from nianbao.sheets.workbook import ListColumn, PrintedNumber, cell_at, put_text, write_list

DAY = dt.date(2024, 1, 10)
HEAVY = Border(top=Side("medium"), left=Side("double", color="FF0000"))
TEXTS = ["公开", "<b>&\"'", " 前后 ", "甲\n乙\r\n丙\t丁", "=1+1", "𠮷", "]]>", "\x85\u00a0", "&amp;", "#N/A"]


def filled() -> Workbook:
    """Cells of every kind, dressed and not, merged with borders and without, rows with heights alone."""
    workbook, wardrobe = Workbook(), Wardrobe()
    sheet = workbook.worksheets[0]
    numbers = [PrintedNumber("18.8710", "18.8710"), PrintedNumber("1200", "1,200"), 7, True, 10**20, None]
    write_list(sheet, [ListColumn("头", 9)] * 2, [(text, number) for text in TEXTS for number in numbers], wardrobe)
    other = workbook.create_sheet("他")
    for row, text in enumerate(TEXTS, start=1):
        put_text(cell_at(other, row, 2), text)
    cell_at(other, 1, 5).value = Decimal("-0.50")
    cell_at(other, 30, 3)
    other.row_dimensions[31].height = 20
    for row, border in ((12, BOX), (16, HEAVY), (20, Border())):
        first = cell_at(other, row, 2)
        dress(first, wardrobe.style(other, BODY, CENTRE, border, HEAD_FILL))
        wardrobe.merge(first, 2, 3)
    return workbook


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def saved_by_openpyxl(workbook: Workbook) -> dict[str, bytes]:
    stream = io.BytesIO()
    workbook.save(stream)
    return parts(stream.getvalue())


def test_the_parts_are_those_that_openpyxl_writes():
    ours = parts(save(filled(), title="题", author="某", day=DAY))
    theirs = saved_by_openpyxl(filled())
    assert ours.keys() == theirs.keys()
    assert [name for name, part in ours.items() if part != theirs[name]] == ["docProps/core.xml"]


@pytest.mark.parametrize("border", [BOX, HEAVY, Border()], ids=["box", "heavy", "none"])
def test_cells_are_merged_as_openpyxl_merges_them(border: Border):
    def merged(*, ours: bool) -> dict[str, bytes]:
        workbook, wardrobe = Workbook(), Wardrobe()
        sheet = workbook.worksheets[0]
        for place, (rows, columns) in enumerate(product(range(1, 5), range(2, 6))):
            row, column = 1 + 4 * place, 1 + place % 3
            first = cell_at(sheet, row, column)
            dress(first, wardrobe.style(sheet, BODY, CENTRE, border))
            if ours:
                wardrobe.merge(first, rows, columns)
            else:
                sheet.merge_cells(None, row, column, row + rows - 1, column + columns - 1)
        return saved_by_openpyxl(workbook)

    theirs = merged(ours=False)
    assert {name for name, part in merged(ours=True).items() if part != theirs[name]} <= {"docProps/core.xml"}


def test_a_workbook_knows_nothing_of_those_before_it():
    alone = save(filled(), title="题", author="某", day=DAY)
    other, wardrobe = Workbook(), Wardrobe()
    sheet = other.worksheets[0]
    for border in (HEAVY, Border(), BOX):
        dress(cell_at(sheet, 1, 1), wardrobe.style(sheet, BODY, CENTRE, border))
    save(other, title="", author="", day=DAY)
    assert save(filled(), title="题", author="某", day=DAY) == alone


def test_a_character_that_xml_cannot_hold_is_left_out():
    workbook = Workbook()
    put_text(cell_at(workbook.worksheets[0], 1, 1), "甲\ufffe乙\ud800丙\x00丁\uffff")
    made = openpyxl.load_workbook(io.BytesIO(save(workbook, title="\ufffe题", author="\x01", day=DAY)))
    assert made.worksheets[0]["A1"].value == "甲乙丙丁"
    assert made.properties.title == "题"
