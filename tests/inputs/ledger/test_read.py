"""What offices write into a register, and how what cannot be taken is named."""

from __future__ import annotations

import io

import openpyxl
import pytest

from inputs.ledger.build import as_csv, ledger_of, request_of
from nianbao.errors import InputError
from nianbao.inputs.ledger import read_ledger
from nianbao.inputs.ledger.workbook import SHEET, blank_ledger


def with_check_character(body: str) -> str:
    """An identity number of these 17 digits."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


@pytest.mark.parametrize(
    "text", ["2023-03-01", "2023年3月1日", "2023/3/1", "2023.3.1", "20230301", "２０２３－０３－０１"]
)
def test_dates_are_read_in_every_customary_way(text: str) -> None:
    assert request_of(received=text).received.isoformat() == "2023-03-01"


@pytest.mark.parametrize("word", ["granted", "予以公开", "（一）予以公开", "三、本年度办理结果（一）予以公开"])
def test_results_are_known_by_code_and_label(word: str) -> None:
    assert request_of(answered="2023-03-09", result=word).result == "granted"


def test_heads_may_be_codes_stand_below_a_title_and_be_saved_in_gb18030() -> None:
    line = {"id": "1", "received": "2023-03-01", "applicant_kind": "商业企业"}
    title = "某某县依申请公开台账,,,\n"
    for content in (as_csv([line], chinese=False), (title + as_csv([line]).decode()).encode("gb18030")):
        (found,) = read_ledger(content, "ledger.csv").requests
        assert found.applicant_kind == "commercial"


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        ({"result": "另案处理", "answered": "2023-03-09"}, "LEDGER-RESULT", "result"),
        ({"result": "other", "answered": "2023-03-09"}, "LEDGER-RESULT", "result"),
        ({"received": "三月"}, "LEDGER-CELL", "received"),
        ({"received": "2023-02-30"}, "LEDGER-CELL", "received"),
        ({"applicant_kind": "外国人"}, "LEDGER-CELL", "applicant_kind"),
        ({"id": ""}, "LEDGER-CELL", "id"),
        ({"fee": "若干"}, "LEDGER-CELL", "fee"),
        ({"applicant": "13912345678"}, "LEDGER-PRIVACY", "applicant"),
        ({"matter": f"身份证{with_check_character('11010119000101001')}"}, "LEDGER-PRIVACY", "matter"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named_by_rule_row_and_column(
    line: dict[str, str], rule: str, column: str
) -> None:
    found = ledger_of(line)
    assert not found.requests
    (problem,) = found.problems
    assert (problem.rule, problem.column, problem.place) == (rule, column, "ledger.csv:2")
    assert not any(word and word in problem.message + problem.message_en for word in line.values() if len(word) > 8)


def test_an_id_given_twice_is_taken_once() -> None:
    found = ledger_of({"id": "A1"}, {"id": "A1"})
    assert len(found.requests) == 1
    assert found.problems[0].rule == "LEDGER-DUPLICATE"


def test_words_of_applicants_are_not_kept() -> None:
    found = ledger_of({"matter": "某小区规划图", "note": "来电询问", "applicant": "甲"})
    assert "规划图" not in str([getattr(found.requests[0], name) for name in found.requests[0].__slots__])
    assert "甲" not in repr(found.requests[0])


def test_what_is_no_register_is_refused() -> None:
    with pytest.raises(InputError, match="no line of heads"):
        read_ledger("甲,乙\n1,2\n".encode(), "ledger.csv")
    with pytest.raises(InputError, match="is no workbook"):
        read_ledger(b"no workbook", "ledger.xlsx")


def test_the_blank_workbook_is_read_back_when_it_is_filled_in() -> None:
    content = blank_ledger("某某县教育局", 2023)
    assert content == blank_ledger("某某县教育局", 2023)
    assert not read_ledger(content, "ledger.xlsx").requests
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[SHEET]
    sheet["A3"], sheet["B3"], sheet["D3"] = 7, 44986, "自然人"
    stream = io.BytesIO()
    book.save(stream)
    (found,) = read_ledger(stream.getvalue(), "ledger.xlsx").requests
    assert (found.id, found.received.isoformat()) == ("7", "2023-03-01")
    assert found.place == f"ledger.xlsx:{SHEET}:3"
