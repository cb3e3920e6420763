"""``nianbao ledger``: what is due, both tables with their cases, and not one word of an applicant."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Sequence

import openpyxl
import pytest

from inputs.ledger.build import as_csv
from nianbao.form import edition_for
from nianbao.inputs import load
from nianbao.model import ReportKey
from nianbao.paths import Project

SHILI = ReportKey("shili", 2023)
TABLES = ("applications", "review")


def nianbao(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user calls it."""
    command = [sys.executable, "-m", "nianbao", "--project", str(project.root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=project.root)


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
    assert "已生成 data/shili/2023/ledger.xlsx" in nianbao(project, "new", "shili", "2023", "--ledger").stdout
    assert "已有台账" in nianbao(project, "new", "shili", "2023", "--ledger").stdout
    assert looked(project)["counts"]["received"] == 0  # type: ignore[index]


@pytest.mark.slow
def test_no_word_of_an_applicant_is_in_any_byte_that_the_commands_leave_behind(project: Project) -> None:
    marked = "某某甲乙丙丁戊己"
    path = project.ledger_files(SHILI)[1]
    lines = path.read_text("utf-8").splitlines()
    heads = lines[0].split(",")
    changed = [lines[0]]
    for line in lines[1:]:
        cells = line.split(",")
        for head in ("事项", "备注", "申请人代号"):
            cells[heads.index(head)] = marked + cells[heads.index(head)]
        changed.append(",".join(cells))
    path.write_text("\n".join(changed) + "\n", "utf-8")
    shown = ""
    for arguments in (("report", "shili", "2023"), ("check", "shili", "2023", "--all"), ("ledger", "shili", "2023")):
        done = nianbao(project, *arguments)
        shown += done.stdout + done.stderr
    looked_at = project.root / "look"
    for form in ("xlsx", "ics", "json"):
        nianbao(project, "ledger", "shili", "2023", "--format", form, "--output", f"{looked_at}.{form}")
    assert marked not in shown
    for file in project.root.rglob("*"):
        if file.is_file() and file != path:
            assert marked.encode() not in file.read_bytes(), file
