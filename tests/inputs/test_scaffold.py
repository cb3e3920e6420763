from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.errors import UsageError
from nianbao.form import CellRef, edition_for
from nianbao.inputs import load
from nianbao.inputs.scaffold import blanks, fill_zeros, scaffold
from nianbao.model import ReportKey
from nianbao.paths import Project


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    (tmp_path / "params").mkdir()
    (tmp_path / "notebooks").mkdir()
    return Project(tmp_path)


def filled(project: Project, key: ReportKey) -> None:
    office = project.office_file(key.office)
    text = office.read_text(encoding="utf-8")
    office.write_text(
        text.replace("name:  #", "name: 某县某局 #", 1)
        .replace("kind:  #", "kind: 部门 #")
        .replace("level:  #", "level: 县级 #"),
        encoding="utf-8",
    )
    year = project.year_file(key)
    year.write_text(year.read_text(encoding="utf-8").replace("published:", "published: 2024-01-20"), encoding="utf-8")
    for path in project.data_of(key).rglob("*.md"):
        path.write_text(path.read_text(encoding="utf-8").replace("【待填", "【已填"), encoding="utf-8")
    figures = project.table_file(key, "figures")
    figures.write_text(figures.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8")
    fill_zeros(project, key)


@pytest.mark.parametrize("year", [2020, 2023])
def test_new_inputs_load_and_say_what_is_blank(empty: Project, year: int) -> None:
    key = ReportKey("mouju", year)
    written = scaffold(empty, key)
    assert f"data/mouju/{year}/applications.csv" in written
    left = [f"{blank.place}: {blank.what}" for blank in blanks(empty, key)]
    assert "params/mouju/office.yaml:2: name is still blank" in left
    assert any("表三" in text and "blank cells" in text for text in left)
    assert any("【待填：监督保障】" in text for text in left)
    filled(empty, key)
    assert blanks(empty, key) == []
    report = load(empty, key)
    assert not report.issues
    assert len(report.cells) == len(report.edition.cells)


def test_last_years_open_cases_are_carried_over(project: Project) -> None:
    key = ReportKey("shili", 2024)
    scaffold(project, key, ReportKey("shili", 2023))
    path = project.year_file(key)
    path.write_text("published: 2025-01-20\n", encoding="utf-8")
    report, last = load(project, key), load(project, ReportKey("shili", 2023))
    for column in report.edition.table("applications").columns:
        now = report.value(CellRef("applications", "carried_in", column))
        assert now.number == last.value(CellRef("applications", "carried_out", column)).number
    assert list(report.figures) == list(last.figures)


def test_last_years_words_come_along_as_comments(project: Project) -> None:
    key = ReportKey("shili", 2024)
    scaffold(project, key, ReportKey("shili", 2023))
    text = project.text_file(key, edition_for(2024).section("overview")).read_text(encoding="utf-8")
    part = text[text.index("## （一）主动公开") : text.index("## （二）依申请公开")]
    assert "{{ figures.website }}" in part
    printed = load(project, key).texts["overview"].template
    assert "{{" not in printed
    assert printed.count("【待填") == 6


def test_zeros_go_only_where_nothing_was_typed_and_sums_follow(empty: Project) -> None:
    key = ReportKey("mouju", 2023)
    scaffold(empty, key)
    path = empty.table_file(key, "applications")
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(
        text.replace("数量,,,,,,,", "数量,3,1,,,,,", 1).replace("（一）予以公开,,,,,,,", "（一）予以公开,3,1,,,,,"),
        encoding="utf-8",
    )
    changed = fill_zeros(empty, key)
    assert [name.rsplit("/", 1)[-1] for name in changed] == ["proactive.csv", "applications.csv", "review.csv"]
    report = load(empty, key)
    assert not report.issues or {issue.source.path.split("/")[0] for issue in report.issues} == {"params"}
    values = {str(ref): report.value(ref).number for ref in report.edition.cells}
    assert values["applications.new.total"] == values["applications.processed.total"] == 4
    assert values["applications.granted.social"] == values["review.reconsideration.total"] == 0
    assert fill_zeros(empty, key) == []


def test_what_is_there_is_never_changed(project: Project) -> None:
    before = {path: path.read_bytes() for path in project.data.rglob("*") if path.is_file()}
    assert scaffold(project, ReportKey("shili", 2023)) == []
    assert {path: path.read_bytes() for path in project.data.rglob("*") if path.is_file()} == before


def test_a_bad_identifier_and_a_year_without_a_form_are_refused(empty: Project) -> None:
    with pytest.raises(UsageError):
        scaffold(empty, ReportKey("../up", 2023))
    with pytest.raises(UsageError):
        scaffold(empty, ReportKey("mouju", 2015))
