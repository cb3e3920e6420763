import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from builders import made, stitched_notebook
from looks import converted, needs_soffice
from nianbao.errors import ExportError
from nianbao.export.worksheets import Book
from nianbao.form import EDITIONS, CellRef, plain_grid
from nianbao.form.cells import BLANK, NOT_APPLICABLE, State, Value, number
from nianbao.form.declaration import RowRole
from nianbao.section import display

SPECIAL = {
    "proactive.fees.amount": number(Decimal("18.8710")),
    "applications.new.natural_person": BLANK,
    "applications.new.commercial": NOT_APPLICABLE,
    "applications.new.research": Value(State.TEXT, "=1+1"),
    "applications.new.social": Value(State.TEXT, "#N/A"),
    "applications.new.total": number(1808595),
    "applications.carried_in.total": number(-4),
    "applications.carried_out.total": number(12345678901234567),
}


def special(ref: CellRef) -> Value:
    return SPECIAL.get(str(ref), number(7))


def content(notebook: nbformat.NotebookNode) -> bytes:
    return made(notebook, "xlsx")


def book(**parts: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content(stitched_notebook(**parts))))


def details(workbook: openpyxl.Workbook) -> dict[str, tuple[Any, ...]]:
    sheet = workbook["明细"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    return {f"{row[3]}.{row[4]}.{row[6]}": row for row in rows}


def found(sheet: Worksheet, value: object) -> str:
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == value]
    return str(cell.coordinate)


@pytest.fixture(scope="module")
def workbook() -> openpyxl.Workbook:
    return book(value_of=special)


def test_the_same_notebook_gives_the_same_bytes():
    assert content(stitched_notebook()) == content(stitched_notebook())


def test_there_is_a_sheet_for_every_table_then_the_cells_and_nothing_internal(workbook: openpyxl.Workbook):
    assert workbook.sheetnames == ["表2 主动公开", "表3 依申请公开", "表4 复议诉讼", "勾稽", "明细"]


def test_the_properties_come_from_the_report_and_not_from_the_clock(workbook: openpyxl.Workbook):
    properties = workbook.properties
    assert properties.creator == "示例市人民政府办公室"
    assert properties.created == properties.modified == dt.datetime(2024, 1, 10)  # noqa: DTZ001 - as openpyxl reads it
    unpublished = stitched_notebook()
    unpublished.metadata["nianbao"]["published"] = None
    made = openpyxl.load_workbook(io.BytesIO(content(unpublished)))
    assert made.properties.modified == dt.datetime(2023, 12, 31)  # noqa: DTZ001


def test_numbers_are_numbers_with_the_decimals_that_are_printed(workbook: openpyxl.Workbook):
    sheet = workbook["表2 主动公开"]
    amount = sheet[found(sheet, 18.871)]
    assert (amount.data_type, amount.number_format) == ("n", "0.0000")
    sheet = workbook["表3 依申请公开"]
    assert sheet[found(sheet, 1808595)].number_format == "0"
    assert sheet[found(sheet, -4)].data_type == "n"


def test_a_blank_stays_empty_and_what_does_not_apply_keeps_its_sign(workbook: openpyxl.Workbook):
    cells = details(workbook)
    assert cells["applications.new.natural_person"][-2:] == (None, "空白")
    assert cells["applications.new.commercial"][-2:] == ("/", "不适用")
    sheet = workbook["表3 依申请公开"]
    assert sheet[found(sheet, "/")].data_type == "s"


def test_a_number_that_a_spreadsheet_would_round_stays_text(workbook: openpyxl.Workbook):
    assert details(workbook)["applications.carried_out.total"][-2:] == ("12345678901234567", "数值")


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x.invalid")', "+1+1", "-1+1", "@SUM(1)", "\t=1", "#REF!", "https://x.invalid"]
)
def test_a_text_never_becomes_a_formula_an_error_or_a_link(text: str):
    hostile = display.table(plain_grid(text, [text, "件数"], [[text, text]]))
    notebook = stitched_notebook(office=text, value_of=lambda _: Value(State.TEXT, text), extra=(hostile,))
    made = content(notebook)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        for name in parts.namelist():
            source = parts.read(name).decode()
            assert not re.search(r"<(f|hyperlink|externalReference)[ >]", source), name
            assert "TargetMode" not in source, name
    for sheet in openpyxl.load_workbook(io.BytesIO(made)).worksheets:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "n"}


def test_a_text_that_begins_like_a_formula_stays_text_when_it_is_edited(workbook: openpyxl.Workbook):
    sheet = workbook["表3 依申请公开"]
    assert sheet[found(sheet, "=1+1")].quotePrefix
    assert not sheet[found(sheet, "#N/A")].quotePrefix


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_every_cell_of_the_form_is_a_row_of_the_tidy_sheet(edition: str):
    form = EDITIONS[edition]
    cells = details(book(edition=edition, year=int(edition) + 1))
    assert list(cells) == [str(ref) for ref in form.cells]
    row = cells["applications.denied_state_secret.natural_person"]
    assert row[:3] == ("示例市人民政府办公室", int(edition) + 1, edition)
    assert (row[5], row[7]) == ("三、本年度办理结果（三）不予公开1.属于国家秘密", "自然人")
    assert [cells[str(ref)][-2] for ref in form.cells] == list(range(1, len(form.cells) + 1))


def test_the_tables_are_merged_as_the_form_prints_them(workbook: openpyxl.Workbook):
    sheet = workbook["表3 依申请公开"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:J1", "A2:C4", "D2:J2", "E3:I3"} <= merged
    upright = sheet[found(sheet, "三、本年度办理结果")]
    assert upright.alignment.textRotation == 255
    (area,) = [area for area in sheet.merged_cells.ranges if upright.coordinate in area]
    rows = [row for row in EDITIONS["2021"].table("applications").rows.values() if row.groups]
    assert area.size == {"columns": 1, "rows": len(rows)}


@pytest.mark.parametrize(
    ("tab", "frozen", "repeated", "orientation"),
    [
        ("表2 主动公开", "B2", "$1:$1", "portrait"),
        ("表3 依申请公开", "D5", "$1:$4", "portrait"),
        ("表4 复议诉讼", "A5", "$1:$4", "landscape"),
        ("明细", "A2", "$1:$1", "landscape"),
    ],
)
def test_heads_are_frozen_and_repeated_on_an_a4_page(
    workbook: openpyxl.Workbook, tab: str, frozen: str, repeated: str, orientation: str
):
    sheet = workbook[tab]
    setup = sheet.page_setup
    assert (sheet.freeze_panes, sheet.print_title_rows, setup.orientation) == (frozen, repeated, orientation)
    assert (int(setup.paperSize), setup.fitToWidth or 1, setup.fitToHeight) == (9, 1, 0)  # 1 unless it is said
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_area.endswith(f"${sheet.max_row}")


def test_columns_are_wide_enough_for_their_numbers(workbook: openpyxl.Workbook):
    sheet = workbook["表3 依申请公开"]
    for cell in (cell for row in sheet.iter_rows(min_row=5) for cell in row if isinstance(cell.value, int)):
        assert sheet.column_dimensions[cell.column_letter].width > len(str(cell.value)) + 1


def test_rows_are_high_enough_for_wrapped_labels(workbook: openpyxl.Workbook):
    sheet = workbook["表3 依申请公开"]
    short, long = (
        sheet.row_dimensions[sheet[found(sheet, label)].row].height
        for label in ("3.其他", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请")
    )
    assert long >= short + 2 * 14


def test_a_table_of_the_analysts_own_gets_a_sheet_whose_name_is_valid():
    rows = [["东区", "1,200"], ["西区", "nan"]]
    captions = ("各区/办理[情况]*" + "长" * 40, "", "")
    made = book(extra=tuple(display.table(plain_grid(caption, ["区", "件数"], rows)) for caption in captions))
    names = made.sheetnames[3:-2]
    assert names == ["附表1 各区 办理 情况 " + "长" * 18, "附表2", "附表3"]
    sheet = made[names[1]]
    assert (sheet["B3"].value, sheet["B3"].number_format, sheet["B4"].value) == (1200, "#,##0", "nan")


def test_an_amount_keeps_its_unit_and_is_still_a_number():
    amount = Value(State.NUMBER, "251000元", 251000)
    made = book(edition="2019", year=2020, value_of=lambda _: amount)
    sheet = made["明细"]
    assert (sheet["I2"].value, sheet["I2"].number_format) == (251000, '0"元"')


def test_a_draft_and_an_invented_office_say_so(workbook: openpyxl.Workbook):
    assert book(draft=True).worksheets[0]["A1"].value == "【草稿】示例市人民政府办公室2023年主动公开政府信息情况"
    assert workbook.worksheets[0]["A1"].value == "示例市人民政府办公室2023年主动公开政府信息情况"
    footer = workbook.worksheets[0].oddFooter
    assert (footer.left.text, footer.center.text) == ("示例报告：机构和数据均为虚构", "第 &P 页，共 &N 页")


def test_a_cell_that_the_form_does_not_have_is_an_error():
    notebook = stitched_notebook()
    source = nbformat.writes(notebook).replace("applications.new.total", "applications.newest.total")
    with pytest.raises(ExportError, match=r"applications\.newest\.total"):
        content(nbformat.reads(source, as_version=4))


def test_an_unknown_edition_is_an_error():
    source = nbformat.writes(stitched_notebook()).replace('"edition": "2021"', '"edition": "2018"')
    with pytest.raises(ExportError, match="2018"):
        content(nbformat.reads(source, as_version=4))


@pytest.mark.slow
@needs_soffice
def test_libreoffice_prints_every_table_on_one_sheet_of_a4(tmp_path: Path):
    pypdf = pytest.importorskip("pypdf")
    workbook = tmp_path / "tables.xlsx"
    workbook.write_bytes(content(stitched_notebook()))
    sheets = pypdf.PdfReader(*converted(tmp_path, "pdf", workbook)).pages
    sizes = [(round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) for sheet in sheets]
    assert sizes[:4] == [(595, 842), (595, 842), (842, 595), (842, 595)]
    assert set(sizes) == {(595, 842), (842, 595)}


def test_a_workbook_knows_nothing_of_those_before_it():
    alone = content(stitched_notebook())
    content(stitched_notebook(edition="2019", year=2020, value_of=special))
    assert content(stitched_notebook()) == alone


def test_a_character_that_xml_cannot_hold_is_left_out():
    book = Book(title="\ufffe题", author="\x01", day=dt.date(2024, 1, 10))
    book.put_text(book.add_sheet("甲"), 0, 0, "甲\ufffe乙\ud800丙\x00丁\uffff", {})
    made = openpyxl.load_workbook(io.BytesIO(book.content()))
    assert made.worksheets[0]["A1"].value == "甲乙丙丁"
    assert made.properties.title == "题"


@pytest.mark.parametrize("text", ["<b>&\"'", " 前后 ", "甲\n乙\t丁", "𠮷", "]]>", "\x85\u00a0", "&amp;", "_x0041_"])
def test_a_text_is_read_back_as_it_was_written(text: str):
    book = Book(title="题", author="某", day=dt.date(2024, 1, 10))
    book.put_text(book.add_sheet("甲"), 0, 0, text, {})
    assert openpyxl.load_workbook(io.BytesIO(book.content())).worksheets[0]["A1"].value == text


def summed(ref: CellRef) -> Value:
    """Numbers that fit together: each result of each kind of applicant once, all of them new."""
    table = EDITIONS["2021"].table("applications")
    results = sum(1 for row in table.rows.values() if row.role is RowRole.RESULT)
    role = table.rows[ref.row].role if ref.table == "applications" else RowRole.PLAIN
    number = {RowRole.RESULT: 1, RowRole.SUM: results}.get(role, 0)
    number = results if ref.row == "new" else number
    number *= len(table.columns) - 1 if ref.table == "applications" and ref.column == "total" else 1
    return Value(State.NUMBER, str(number), number)


def test_totals_are_formulas_that_keep_the_printed_number():
    made = content(stitched_notebook(value_of=summed))
    sheet = openpyxl.load_workbook(io.BytesIO(made))["表3 依申请公开"]
    values = openpyxl.load_workbook(io.BytesIO(made), data_only=True)["表3 依申请公开"]
    assert sheet["J5"].value == "=SUM(D5:I5)"
    assert values["J5"].value == values["D5"].value * 6
    assert sheet["D28"].value == "=SUM(D7:D27)"
    assert values["D28"].value == values["D5"].value


def test_a_total_that_is_not_the_sum_stays_the_number_that_is_printed(workbook: openpyxl.Workbook):
    assert not any(str(cell.value).startswith("=SUM") for row in workbook["表3 依申请公开"].iter_rows() for cell in row)


def test_each_balance_stands_with_both_sides_and_their_difference():
    made = content(stitched_notebook(value_of=summed))
    shown = openpyxl.load_workbook(io.BytesIO(made), data_only=True)["勾稽"]
    rows = list(shown.iter_rows(min_row=2, values_only=True))
    table = EDITIONS["2021"].table("applications")
    review = EDITIONS["2021"].table("review")
    assert len(rows) == 2 * len(table.columns) + len(table.rows) + len(review.rows)
    assert {row[5] for row in rows} == {0}
    assert rows[0][:3] == ("表3 依申请公开", "SUM(D5:D6)", "SUM(D28:D29)")
    assert rows[0][3] == rows[0][4] > 0
    assert openpyxl.load_workbook(io.BytesIO(made))["勾稽"]["F2"].value == "=D2-E2"


def test_a_line_with_a_blank_has_no_balance():
    def with_blank(ref: CellRef) -> Value:
        return Value(State.BLANK, "") if ref.column in {"natural_person", "upheld"} else summed(ref)

    shown = book(value_of=with_blank)["勾稽"]
    rows = list(shown.iter_rows(min_row=2, values_only=True))
    assert rows
    assert not [row for row in rows if "D" in row[1]]
    assert {row[0] for row in rows} == {"表3 依申请公开"}


def test_the_tidy_sheet_is_a_table_of_the_spreadsheet(workbook: openpyxl.Workbook):
    sheet = workbook["明细"]
    assert sheet.tables["明细"].ref == f"A1:J{sheet.max_row}"


def test_a_draft_says_so_in_its_properties(workbook: openpyxl.Workbook):
    properties = book(draft=True).properties
    assert properties.title.startswith("【草稿】")
    assert properties.contentStatus == "草稿"
    assert workbook.properties.contentStatus is None
