"""``nianbao ledger``: what is due, both tables with their cases, and not one word of an applicant."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import openpyxl

from command_line import nianbao
from inputs.ledger.build import as_csv
from nianbao.form import edition_for
from nianbao.inputs import load
from nianbao.model import ReportKey
from nianbao.paths import Project

SHILI = ReportKey("shili", 2023)
TABLES = ("applications", "review")


def looked(project: Project, *more: str) -> dict[str, object]:
    done = nianbao(project, "ledger", "shili", "2023", "--format", "json", *more)
    assert done.returncode in (0, 1), done.stderr
    return dict(json.loads(done.stdout))


def write_ledger(project: Project, lines: Sequence[dict[str, object]]) -> None:
    project.ledger_files(SHILI)[1].write_bytes(as_csv(lines))


def test_the_made_up_offices_register_yields_its_tables_cell_by_cell(project: Project) -> None:
    found, report = looked(project), load(project, SHILI)
    cells = [ref for ref in edition_for(2023).cells if ref.table in TABLES]
    assert len(cells) == 175 + 15
    for ref in cells:
        assert found[ref.table][ref.row][ref.column] == report.value(ref).number, str(ref)  # type: ignore[index]
    assert found["differences"] == found["findings"] == []


def test_the_made_up_register_has_every_kind_of_case(project: Project) -> None:
    found = looked(project)
    counts = found["counts"]
    assert isinstance(counts, dict)
    for name in ("carried_in", "open", "extended", "corrections", "third_party", "joint", "fee_cases"):
        assert counts[name] > 0, name
    assert counts["fees"] == load(project, SHILI).figures["processing_fee"].number


def test_a_stated_cell_that_the_register_does_not_bear_out_is_named_with_its_cases(project: Project) -> None:
    path = project.table_file(SHILI, "applications")
    path.write_text(path.read_text("utf-8").replace("“三安全一稳定”,1,", "“三安全一稳定”,2,"), "utf-8")
    (difference,) = looked(project)["differences"]  # type: ignore[misc]
    assert difference["cell"] == "applications.denied_security_stability.natural_person"
    assert (difference["stated"], difference["ledger"], len(difference["cases"])) == ("2", 1, 1)


def test_tables_are_written_where_there_are_none_and_never_over_others(project: Project) -> None:
    before = load(project, SHILI)
    for table in TABLES:
        project.table_file(SHILI, table).unlink()
    assert nianbao(project, "ledger", "shili", "2023", "--write").returncode == 0
    after = load(project, SHILI)
    for ref in edition_for(2023).cells:
        assert before.value(ref).number == after.value(ref).number
    path = project.table_file(SHILI, "review")
    changed = path.read_text("utf-8").replace(",7,", ",8,", 1)
    path.write_text(changed, "utf-8")
    refused = nianbao(project, "ledger", "shili", "2023", "--write")
    assert refused.returncode == 2
    assert "没有写入" in refused.stderr
    assert path.read_text("utf-8") == changed


def test_the_weekly_look_says_what_is_due_late_and_waiting(project: Project) -> None:
    write_ledger(
        project,
        [
            {"id": "A1", "received": "2023-03-01", "applicant_kind": "自然人"},
            {"id": "A2", "received": "2023-03-10", "applicant_kind": "自然人"},
            {"id": "A3", "received": "2023-03-10", "applicant_kind": "自然人", "correction_asked": "2023-03-14"},
        ],
    )
    shown = nianbao(project, "ledger", "shili", "2023", "--as-of", "2023-04-04")
    assert "已逾期（1）：\n  A1" in shown.stdout
    assert "5个工作日内到期（1）：\n  A2" in shown.stdout
    assert "待补正" in shown.stdout
    calendar = project.root / "due.ics"
    nianbao(project, "ledger", "shili", "2023", "--as-of", "2023-04-04", "--format", "ics", "--output", str(calendar))
    text = calendar.read_bytes().decode()
    assert text.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20230329" in text


def test_lines_that_cannot_be_taken_exit_1_and_are_named(project: Project) -> None:
    write_ledger(
        project,
        [
            {
                "id": "B1",
                "received": "2023-03-01",
                "applicant_kind": "自然人",
                "answered": "2023-02-01",
                "result": "予以公开",
            },
            {
                "id": "B2",
                "received": "2023-03-01",
                "applicant_kind": "自然人",
                "answered": "2023-03-09",
                "result": "另案",
            },
            {"id": "B3", "received": "2023-03-01", "applicant_kind": "自然人", "extended": "2023-05-09"},
            {"id": "B4", "received": "2023-03-01", "applicant_kind": "自然人", "correction_asked": "2023-03-27"},
            {
                "id": "B5",
                "received": "2023-03-01",
                "applicant_kind": "自然人",
                "pages": "40",
                "fee": "90",
                "fee_notice": "2023-03-03",
            },
        ],
    )
    done = nianbao(project, "ledger", "shili", "2023", "--format", "json", "--as-of", "2023-06-30")
    assert done.returncode == 1
    found = {(item["rule"], item["id"]) for item in json.loads(done.stdout)["findings"]}
    assert {
        ("LEDGER-ORDER", "B1"),
        ("LEDGER-RESULT", "B2"),
        ("LEDGER-EXTENSION", "B3"),
        ("LEDGER-CORRECTION", "B4"),
        ("LEDGER-FEE", "B5"),
        ("LEDGER-LATE", "B3"),
    } <= found


def test_the_workbook_opens_and_lists_the_cases_behind_each_cell(project: Project) -> None:
    target = project.root / "look.xlsx"
    nianbao(project, "ledger", "shili", "2023", "--format", "xlsx", "--output", str(target))
    book = openpyxl.load_workbook(io.BytesIO(target.read_bytes()))
    assert book.sheetnames == ["在办", "表三表四", "需更正", "不一致"]
    rows = {row[0]: row[1:] for row in book["表三表四"].iter_rows(values_only=True)}
    assert rows["表三 · 新收 · 其他"][0] == 4


def test_a_blank_register_is_written_once(project: Project) -> None:
    project.ledger_files(SHILI)[1].unlink()
    assert "没有台账" in nianbao(project, "ledger", "shili", "2023").stderr
    assert "已写入 data/shili/2023/ledger.xlsx" in nianbao(project, "new", "shili", "2023", "--ledger").stdout
    assert "已有台账" in nianbao(project, "new", "shili", "2023", "--ledger").stdout
    assert looked(project)["counts"]["received"] == 0  # type: ignore[index]


def test_the_calendar_keeps_to_its_standard_and_is_the_same_each_time(project: Project) -> None:
    long_id = "某某县教育局依申请公开登记第2023号之一（网上；平台）"
    write_ledger(project, [{"id": long_id, "received": "2023-03-01", "applicant_kind": "自然人"}])
    target = project.root / "due.ics"
    command = ("ledger", "shili", "2023", "--as-of", "2023-03-10", "--format", "ics", "--output", str(target))
    nianbao(project, *command)
    content = target.read_bytes()
    nianbao(project, *command)
    assert target.read_bytes() == content
    lines = content.split(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no character is cut in two
    whole = content.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:依申请公开 某某县教育局依申请公开登记第2023号之一(网上\\;平台) 答复期限\r\n" in whole
    assert "DTSTAMP:20230310T000000Z" in whole
    assert whole.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")


def test_blank_tables_and_fees_are_filled_and_what_is_stated_stays(project: Project) -> None:
    path = project.table_file(SHILI, "figures")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("processing_fee")]
    path.write_text("".join([*kept, "processing_fee,信息处理费,,元,虚构\n"]), "utf-8")
    before = project.table_file(SHILI, "applications").read_bytes()
    assert "已写入 data/shili/2023/figures.csv" in nianbao(project, "ledger", "shili", "2023", "--write").stderr
    figures = load(project, SHILI).figures
    assert (figures["processing_fee"].number, figures["processing_fee_cases"].number) == (1560, 9)
    assert figures["processing_fee"].note == "虚构"
    assert figures["website"].number == 14320
    assert project.table_file(SHILI, "applications").read_bytes() == before
    assert "无空白可填" in nianbao(project, "ledger", "shili", "2023", "--write").stderr


def test_what_waits_for_whom_is_said_with_the_day_by_which_they_answer(project: Project) -> None:
    usual = {"received": "2023-03-01", "applicant_kind": "自然人"}
    write_ledger(
        project,
        [
            {**usual, "id": "C1", "third_party_asked": "2023-03-06"},
            {**usual, "id": "C2", "joint_asked": "2023-03-06"},
            {**usual, "id": "C3", "fee_notice": "2023-03-06"},
            {**usual, "id": "C4", "correction_asked": "2023-03-06"},
        ],
    )
    shown = nianbao(project, "ledger", "shili", "2023", "--as-of", "2023-03-10").stdout
    assert "等待第三方意见（1）：\n  C1  待第三方意见  收到2023-03-01，应于2023-04-20前答复" in shown
    assert "2023-03-06发出，对方应于2023-03-27前回复" in shown
    for title, case in (("等待会同机关意见", "C2"), ("等待申请人缴费", "C3"), ("等待申请人补正", "C4")):
        assert f"{title}（1）：\n  {case}" in shown
