from __future__ import annotations

import pytest

from nianbao.cells import State
from nianbao.errors import InputError
from nianbao.form import EDITIONS, CellRef
from nianbao.inputs import Files, load
from nianbao.inputs.tables import load_figures, load_table
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


def test_a_missing_file_says_how_to_make_it(project: Project) -> None:
    project.table_file(KEY, "review").unlink()
    with pytest.raises(InputError, match="nianbao new panzhihua 2023") as caught:
        load(project, KEY)
    assert caught.value.where == "data/panzhihua/2023/review.csv"


@pytest.mark.parametrize(
    ("content", "words"), [(b"\xff\xfe\x00\x00\x81", "no text"), (b"", "is empty"), (b"a,b\n1,2\n", "no column 'row'")]
)
def test_a_file_that_is_no_table_is_refused(project: Project, content: bytes, words: str) -> None:
    project.table_file(KEY, "applications").write_bytes(content)
    with pytest.raises(InputError, match=words):
        load(project, KEY)


def test_a_figure_given_twice_is_refused_with_its_line(project: Project) -> None:
    path = project.table_file(KEY, "figures")
    path.write_text(path.read_text(encoding="utf-8") + "website,再来,1,条,\n", encoding="utf-8")
    with pytest.raises(InputError, match="given twice"):
        load_figures(Files(project), KEY)
