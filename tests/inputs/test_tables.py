from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nianbao.form import EDITIONS, CellRef
from nianbao.form.cells import State
from nianbao.inputs import Files, load
from nianbao.inputs.figures import load_figures
from nianbao.inputs.tables import TableFile, load_table
from nianbao.model import InputIssue, IssueKind, ReportKey
from nianbao.paths import Project

KEY = ReportKey("panzhihua", 2023)


def edited(project: Project, table: str, old: str, new: str) -> list[InputIssue]:
    path = project.table_file(KEY, table)
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_table(Files(project), KEY, EDITIONS["2021"].table(table)).issues


def test_each_cell_knows_its_file_line_and_column(project: Project) -> None:
    report = load(project, KEY)
    cell = report.cells[CellRef("applications", "granted", "natural_person")]
    assert str(cell.source) == "data/panzhihua/2023/applications.csv:4:natural_person"
    assert cell.value.number == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_are_read_as_spreadsheets_save_them(project: Project, encoding: str) -> None:
    path = project.table_file(KEY, "applications")
    text = path.read_text(encoding="utf-8-sig")
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    found = load_table(Files(project), KEY, EDITIONS["2021"].table("applications"))
    assert len(found.cells) == 175
    assert not found.issues


def test_an_unknown_row_is_an_issue_with_the_nearest_code(project: Project) -> None:
    (issue,) = edited(project, "applications", "\ngranted,", "\ngrantd,")
    assert (issue.kind, issue.found, issue.near) == (IssueKind.UNKNOWN_CODE, "grantd", "granted")


def test_a_label_that_belongs_to_another_row_is_an_issue(project: Project) -> None:
    (issue,) = edited(project, "applications", "（一）予以公开", "2.重复申请")
    assert issue.kind is IssueKind.WRONG_LABEL
    assert issue.row == "granted"


def test_labels_typed_with_spaces_and_half_width_marks_are_no_issue(project: Project) -> None:
    assert edited(project, "applications", "（一）予以公开", "(一) 予以公开") == []


def test_a_row_given_twice_is_an_issue_and_the_first_one_counts(project: Project) -> None:
    issues = edited(
        project, "applications", "\npartially_granted,", "\ngranted,（一）予以公开,9,9,9,9,9,9,9\npartially_granted,"
    )
    assert [issue.kind for issue in issues] == [IssueKind.DUPLICATE]
    report = load(project, KEY)
    assert report.value(CellRef("applications", "granted", "total")).number == 2


def test_cells_too_many_and_too_few_are_issues(project: Project) -> None:
    issues = edited(project, "applications", "予以公开,2,0,0,0,0,0,2", "予以公开,2,0,0,0,0,0,2,5")
    assert [issue.kind for issue in issues] == [IssueKind.WRONG_SHAPE]
    issues = edited(project, "applications", "予以公开,2,0,0,0,0,0,2,5", "予以公开,2,0")
    assert [issue.kind for issue in issues] == [IssueKind.WRONG_SHAPE]


def test_text_where_a_number_is_due_is_kept_for_the_checks(project: Project) -> None:
    edited(project, "applications", "予以公开,2,", "予以公开,两件,")
    value = load(project, KEY).value(CellRef("applications", "granted", "natural_person"))
    assert (value.state, value.printed) == (State.TEXT, "两件")


def inputs_issues(project: Project) -> list[str]:
    """Kind, place and Chinese words of all issues of the office-year."""
    return [
        f"{issue.kind} {issue.source} {issue.words[0] if issue.words else ''}" for issue in load(project, KEY).issues
    ]


def test_a_missing_file_says_how_to_make_it(project: Project) -> None:
    project.table_file(KEY, "review").unlink()
    (found,) = inputs_issues(project)
    assert found.startswith("unreadable data/panzhihua/2023/review.csv 缺少此文件")
    assert "nianbao new panzhihua 2023" in found


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00\x00\x81", "不是 UTF-8"),
        (b"", "是空文件"),
        (b"a,b\n1,2\n", "没有找到表头，第一行应为：row,label,"),
        (b"PK\x03\x04rest", "实际是Excel"),
        (b'row,label,total\n"a', "引号不成对"),
        (b"row," * 200 + b"\n", "超过"),
    ],
)
def test_a_file_that_is_no_table_is_an_issue(project: Project, content: bytes, words: str) -> None:
    project.table_file(KEY, "applications").write_bytes(content)
    (found,) = inputs_issues(project)
    assert words in found


def test_a_figure_given_twice_or_under_no_name_is_told_with_its_line_and_the_rest_is_read(project: Project) -> None:
    path = project.table_file(KEY, "figures")
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "website,再来,1,条,\nweb site,带空格,2,条,\nlast_one,末行,3,条,\n", encoding="utf-8")
    found = load_figures(Files(project), KEY)
    twice, spaced = found.issues
    count = len(text.splitlines())
    assert (twice.source.line, spaced.source.line) == (count + 1, count + 2)
    assert "重复" in (twice.words or ("",))[0]
    assert "web_site" in (spaced.words or ("",))[0]
    assert found.figures["last_one"].number == 3


def rewritten(project: Project, change: Callable[[str], str | bytes], table: str = "applications") -> TableFile:
    """The table read after its file's text was changed."""
    path = project.table_file(KEY, table)
    changed = change(path.read_text(encoding="utf-8-sig"))
    path.write_bytes(changed if isinstance(changed, bytes) else changed.encode())
    return load_table(Files(project), KEY, EDITIONS["2021"].table(table))


CHINESE_HEADS = "代码,名称,自然人,商业企业,科研机构,社会公益组织,法律服务机构,其他,总计"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "某某县政府信息公开情况,,,,,,,,\n" + text,
        lambda text: CHINESE_HEADS + text[text.index("\n") :],
        lambda text: text.replace("\n", "\n" + CHINESE_HEADS + "\n", 1),
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t").encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.replace(",", "\t").encode("utf-16-be"),
        lambda text: text.replace("\n", ",\n"),
        lambda text: text.replace("granted,", "Granted,").replace("row,label", "Row,Label"),
        lambda text: text + ",,,,,,,,\n\n",
    ],
    ids=[
        "title above",
        "Chinese heads",
        "both heads",
        "semicolons",
        "UTF-16 tabs",
        "UTF-16 without a mark",
        "UTF-16 tabs without a mark",
        "empty column",
        "capitals",
        "blank lines",
    ],
)
def test_what_spreadsheets_and_people_make_of_a_table_is_read(
    project: Project, change: Callable[[str], str | bytes]
) -> None:
    found = rewritten(project, change)
    assert found.issues == []
    assert len(found.cells) == 175


def test_a_file_with_an_ending_in_capitals_is_read(project: Project) -> None:
    path = project.table_file(KEY, "applications")
    path.rename(path.with_name("Applications.CSV"))
    report = load(project, KEY)
    assert report.issues == ()
    assert report.cells[CellRef("applications", "new", "total")].source.path.endswith("Applications.CSV")


def test_a_whole_number_that_a_program_wrote_with_decimals_is_that_number(project: Project) -> None:
    plain = load(project, KEY).cells
    found = rewritten(project, lambda text: re.sub(r"(?<=,)(\d+)(?=[,\n])", r"\1.0", text))
    assert found.issues == []
    assert {ref: cell.value for ref, cell in found.cells.items()} == {
        ref: cell.value for ref, cell in plain.items() if ref.table == "applications"
    }


def test_an_added_column_of_remarks_is_passed_over_and_said(project: Project) -> None:
    found = rewritten(project, lambda text: text.replace("\n", ",请核\n").replace(",请核", ",备注", 1))
    (issue,) = found.issues
    assert issue.kind is IssueKind.TAKEN
    assert "备注" in (issue.words or ("",))[0]
    assert len(found.cells) == 175


def test_a_row_that_was_deleted_is_named_with_its_place(project: Project) -> None:
    found = rewritten(project, lambda text: re.sub(r"\ngranted,.*", "", text))
    (issue,) = found.issues
    assert issue.words
    assert "缺少“予以公开”" in issue.words[0]
    assert "第3行之后" in issue.words[0]
    lost = rewritten(project, lambda text: re.sub(r"\nregulations,规章,repealed.*", "", text), "proactive")
    (issue,) = lost.issues
    assert "本年废止件数" in (issue.words or ("",))[0]


def test_blank_totals_are_worked_out_and_typed_ones_are_left(project: Project) -> None:
    def without_totals(text: str) -> str:
        lines = text.replace("\r", "").strip().split("\n")
        emptied = [line.rsplit(",", 1)[0] + "," for line in lines[1:]]
        kept = [re.sub(r",\d*", ",", line) if line.startswith("processed,") else line for line in emptied]
        return "\n".join([lines[0], *kept, ""])

    before = {ref: cell.value for ref, cell in load(project, KEY).cells.items() if ref.table == "applications"}
    found = rewritten(project, without_totals)
    assert {ref: cell.value for ref, cell in found.cells.items()} == before
    (note,) = found.issues
    assert note.kind is IssueKind.TAKEN
    assert "总计已按各项之和计算" in (note.words or ("",))[0]
    wrong = rewritten(project, lambda text: re.sub(r"(\ngranted,（一）予以公开,2,0,0,0,0,0),", r"\1,9", text))
    assert wrong.cells[CellRef("applications", "granted", "total")].value.number == 9


@pytest.mark.parametrize("sign", ["\u2028", "\x1c", "\x0b", "\x85"])
def test_an_odd_line_end_inside_a_label_splits_no_row(project: Project, sign: str) -> None:
    found = rewritten(project, lambda text: text.replace("予以公开", f"予以{sign}公开", 1))
    assert len(found.cells) == 175


def test_a_cell_of_thousands_of_digits_is_text(project: Project) -> None:
    found = rewritten(project, lambda text: text.replace("予以公开,2,", "予以公开," + "9" * 5000 + ",", 1))
    assert found.cells[CellRef("applications", "granted", "natural_person")].value.state is State.TEXT


def test_a_pipe_a_device_and_a_link_that_leads_out_are_no_inputs(project: Project, tmp_path: Path) -> None:
    os.mkfifo(project.table_file(KEY, "figures").with_suffix(".fifo"))
    project.table_file(KEY, "figures").with_suffix(".fifo").replace(project.table_file(KEY, "figures"))
    outside = tmp_path / "elsewhere.md"
    outside.write_text("外面的文字", encoding="utf-8")
    other = project.text_file(KEY, EDITIONS["2021"].section("other"))
    other.unlink()
    other.symlink_to(outside)
    review = project.table_file(KEY, "review")
    review.unlink()
    review.symlink_to("/dev/zero")
    found = inputs_issues(project)
    assert [line.split()[1].rsplit("/", 1)[-1] for line in found] == ["review.csv", "figures.csv", "06_other.md"]
    assert "指向项目之外" in found[0]
    assert "不是普通文件" in found[1]
    assert "other" not in load(project, KEY).texts
