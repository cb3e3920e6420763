"""Workbooks as offices have them: heads in two lines, several sheets, sums, formulas, copies; one finding a line."""

from __future__ import annotations

import datetime
import io
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inputs.ledger.build import as_csv, day
from looks import converted, needs_soffice
from nianbao.errors import InputError
from nianbao.inputs.ledger import CaseState, RequestLedger, deadline, due_date, read_ledger
from nianbao.inputs.ledger.requests import COLUMNS
from nianbao.inputs.ledger.workbook import SHEET, blank_ledger

HEADS = ["编号", "收到日期", "申请人类型"]
Rows = Sequence[Sequence[Any]]


def read(sheets: dict[str, Rows], merged: dict[str, str] | None = None, hidden: Sequence[str] = ()) -> RequestLedger:
    """The workbook of these sheets as the reader takes it."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in (merged or {}).get(name, "").split():
            sheet.merge_cells(cells)
        if name in hidden:
            sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return read_ledger(stream.getvalue(), "ledger.xlsx")


def test_heads_may_stand_in_two_lines_of_merged_cells() -> None:
    rows = [
        ["某某县依申请公开台账"],
        ["编号", "收到日期", "申请人", None, "补正", None, "答复", None],
        [None, None, "类型", "代号", "告知日期", "收到日期", "日期", "结果"],
        [
            "1",
            datetime.date(2023, 3, 1),
            "自然人",
            "甲",
            "2023年3月6日",
            "2023.3.9",
            "2023/4/3",
            "不予公开-属于国家秘密",
        ],
    ]
    found = read({"台账": rows}, {"台账": "A1:H1 A2:A3 B2:B3 C2:D2 E2:F2 G2:H2"})
    assert not found.problems
    (one,) = found.requests
    assert (one.correction_asked, one.correction_received) == (day("2023-03-06"), day("2023-03-09"))
    assert (one.answered, one.result) == (day("2023-04-03"), "denied_state_secret")


def test_every_visible_sheet_with_the_heads_is_read_and_said() -> None:
    first = [HEADS, ["1", "2022-03-01", "自然人"]]
    second = [HEADS, ["2", "2023-03-01", "商业企业"]]
    found = read({"说明": [["填表说明"]], "2022": first, "2023": second, "草稿": second}, hidden=["草稿"])
    assert [one.place for one in found.requests] == ["ledger.xlsx:2022:2", "ledger.xlsx:2023:2"]
    assert found.sheets == ("ledger.xlsx:2022", "ledger.xlsx:2023")


def test_a_sheet_that_repeats_another_one_is_told_once() -> None:
    rows = [HEADS, *([str(number), "2023-03-01", "自然人"] for number in range(9))]
    found = read({"台账": rows, "台账 (2)": rows})
    assert len(found.requests) == 9
    (problem,) = found.problems
    assert (problem.rule, problem.place) == ("LEDGER-DUPLICATE", "ledger.xlsx:台账 (2)")
    assert "副本" in problem.message


def test_sums_notes_and_numbers_written_in_advance_are_no_requests() -> None:
    rows = [
        HEADS,
        ["1", "2023-03-01", "自然人"],
        ["2", None, None],
        ["合计", None, 1],
        ["填表说明：每件一行", None, None],
    ]
    found = read({"台账": rows})
    assert (len(found.requests), found.problems) == (1, ())


def test_a_line_with_several_faults_is_one_finding_with_the_gravest_first() -> None:
    heads = [*HEADS, "收费（元）", "备注"]
    found = read({"台账": [heads, ["1", "三月", "外星人", "若干", "电话139 1234 5678"]]})
    (problem,) = found.problems
    assert (problem.rule, problem.column, problem.place) == ("LEDGER-PRIVACY", "note", "ledger.xlsx:台账:2")
    for head in ("收到日期", "申请人类型", "收费（元）"):
        assert f"“{head}”" in problem.message
    assert "外星人" not in problem.message
    assert "1234" not in problem.message


def test_a_formula_without_a_saved_result_says_what_to_do() -> None:
    (problem,) = read({"台账": [HEADS, ["1", "=TODAY()", "自然人"]]}).problems
    assert (problem.rule, problem.column) == ("LEDGER-CELL", "received")
    assert "打开并保存" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "2023年3月1号",
        "2023-03-01 09:30",
        "2023/3/1 上午9:30:00",
        "2023年3月1日（星期三）",
        44986,
        "2023-03-01T00:00:00",
    ],
)
def test_dates_come_with_times_and_weekdays_too(text: object) -> None:
    (one,) = read({"台账": [HEADS, ["1", text, "自然人"]]}).requests
    assert one.received == day("2023-03-01")


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("网上提交", "online"),
        ("EMS", "post"),
        ("信函", "post"),
        ("来访", "in_person"),
        ("甲某转交", "other"),
        ("in_person", "in_person"),
    ],
)
def test_channels_are_known_by_what_offices_call_them_and_nothing_else_is_kept(word: str, code: str) -> None:
    (one,) = read({"台账": [[*HEADS, "申请渠道"], ["1", "2023-03-01", "自然人", word]]}).requests
    assert one.channel == code


def test_a_csv_may_be_separated_by_tabs_or_saved_in_utf_16() -> None:
    line = {"id": "1", "received": "2023-03-01", "applicant_kind": "自然人"}
    text = as_csv([line]).decode().replace(",", "\t")
    for content in (text.encode(), text.encode("utf-16")):
        assert len(read_ledger(content, "ledger.csv").requests) == 1


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError, match=r"两次|twice"):
        read({"台账": [[*HEADS, "收到日期"], ["1", "2023-03-01", "自然人", "2023-03-02"]]})


def _random_lines(number: int) -> list[dict[str, Any]]:
    draw = random.Random(number)  # noqa: S311 -- dates to try, no secret

    def later(start: datetime.date, least: int, most: int) -> datetime.date:
        return start + datetime.timedelta(days=draw.randint(least, most))

    lines = []
    for index in range(number):
        received = later(datetime.date(2022, 12, 1), 0, 390)
        line: dict[str, Any] = {"id": f"S{index}", "received": received, "applicant_kind": "自然人"}
        kind = index % 8
        if kind in {1, 6}:
            line["extended"] = later(received, 5, 40)
        if kind in {2, 6}:
            line["correction_asked"] = later(received, 1, 7)
            line["correction_received"] = later(line["correction_asked"], 1, 20)
        if kind in {3, 6}:
            line["third_party_asked"] = later(received, 1, 15)
        if kind == 3 and index % 3:
            line["third_party_answered"] = later(line["third_party_asked"], 1, 40)
        if kind in {4, 6}:
            line["joint_asked"] = later(received, 1, 15)
            line["joint_answered"] = later(line["joint_asked"], 1, 25)
        if kind == 5:
            line["fee_notice"] = later(received, 1, 10)
            line["fee_paid"] = later(line["fee_notice"], 1, 10)
        if kind == 7 and index % 2:
            line["correction_asked"] = later(received, 1, 7)
        lines.append(line)
    return lines


@pytest.mark.slow
@needs_soffice
def test_the_formulas_of_the_blank_workbook_give_the_same_due_dates(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_ledger("某某县教育局", 2023)))
    sheet = book[SHEET]
    for row, line in enumerate(_random_lines(96), start=3):
        for index, column in enumerate(COLUMNS, start=1):
            sheet.cell(row, index).value = line.get(column.code)
    book.save(tmp_path / "ledger.xlsx")
    (path,) = converted(tmp_path, "xlsx", tmp_path / "ledger.xlsx")
    saved = path.read_bytes()
    found = read_ledger(saved, "ledger.xlsx")  # as LibreOffice saves it
    assert (len(found.requests), found.problems) == (96, ())
    shown = openpyxl.load_workbook(io.BytesIO(saved), data_only=True)[SHEET]
    for one in found.requests:
        cell = shown.cell(int(one.place.rpartition(":")[2]), len(COLUMNS) + 1).value
        waits = deadline(one, datetime.date(2024, 12, 31)).state is CaseState.WAITING_CORRECTION
        expected = "待补正" if waits else due_date(one)
        assert (cell.date() if isinstance(cell, datetime.datetime) else cell) == expected, one
