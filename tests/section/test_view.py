from __future__ import annotations

import pytest

from nianbao.errors import UnknownNameError
from nianbao.form import TABLE_MIME
from nianbao.model import BLOCK_MIME
from nianbao.paths import Project
from nianbao.section import SectionView, open_section


def opened(project: Project, slug: str, office: str = "shili", year: int = 2023, profile: str = "") -> SectionView:
    return open_section(office, year, slug, profile=profile, project=project.root)


def test_the_preamble_names_basis_parts_and_period(project: Project) -> None:
    text = opened(project, "overview", "panzhihua").preamble().bundle[BLOCK_MIME]["markdown"]
    for words in (
        "国务院令第711号",
        "国办公开办函〔2021〕30号",
        "总体情况",
        "其他需要报告的事项等六部分",
        "2023年1月1日至2023年12月31日",
    ):
        assert words in text


def test_the_2019_edition_cites_its_own_notice(project: Project) -> None:
    text = opened(project, "overview", year=2020).preamble().bundle[BLOCK_MIME]["markdown"]
    assert "国办公开办函〔2019〕60号" in text
    assert "2021" not in text


def test_a_made_up_office_says_so_and_a_real_one_does_not(project: Project) -> None:
    notice = opened(project, "overview").notice()
    assert notice is not None
    assert "虚构" in notice.bundle[BLOCK_MIME]["markdown"]
    assert opened(project, "overview", "panzhihua").notice() is None


def test_a_statutory_table_is_one_value_with_html_and_structure(project: Project) -> None:
    bundle = opened(project, "applications").table().bundle
    assert bundle[TABLE_MIME]["table"] == "applications"
    assert "<table" in bundle["text/html"]
    assert 'rowspan="22"' in bundle["text/html"]


def test_text_under_a_table_is_a_note_and_a_missing_one_is_nothing(project: Project) -> None:
    note = opened(project, "applications").text()
    assert note is not None
    assert note.bundle[BLOCK_MIME]["role"] == "note"
    assert opened(project, "applications", "panzhihua").text() is None


def test_the_closing_carries_office_and_date(project: Project) -> None:
    assert opened(project, "other", "panzhihua").closing().bundle[BLOCK_MIME]["lines"] == [
        "攀枝花市人民政府办公室",
        "2024年1月10日",
    ]


def test_a_wrong_section_names_the_known_ones(project: Project) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'overview'"):
        opened(project, "overvew")


def test_the_history_covers_the_years_that_have_inputs(project: Project) -> None:
    history = opened(project, "applications").history()
    assert sorted(history["year"].unique()) == [2020, 2021, 2022, 2023]
    latest = history[(history["year"] == 2023) & (history["row"] == "new") & (history["column"] == "total")]
    assert latest["value"].tolist() == [301]


def test_the_profile_follows_the_parameters_unless_overridden(project: Project) -> None:
    assert opened(project, "overview").illustrated
    assert not opened(project, "overview", profile="official").illustrated
    assert not opened(project, "overview", "panzhihua").illustrated


def test_reads_are_exact(project: Project) -> None:
    view = opened(project, "review", "panzhihua")
    view.table()
    reads = view._files.read
    assert "data/panzhihua/2023/review.csv" in reads
    assert "data/panzhihua/2023/applications.csv" not in reads
