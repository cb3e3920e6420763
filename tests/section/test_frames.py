"""The frames that analysts work on hold what the statutory tables and the inputs hold."""

from __future__ import annotations

import math

import pytest

from nianbao.errors import UnknownNameError
from nianbao.form import TABLE_MIME
from nianbao.paths import Project
from nianbao.section import SectionView, open_section


def opened(project: Project, slug: str, office: str = "shili", year: int = 2023) -> SectionView:
    return open_section(office, year, slug, project=project.root)


@pytest.mark.parametrize("slug", ["proactive", "applications", "review"])
@pytest.mark.parametrize(("office", "year"), [("shili", 2023), ("shili", 2020), ("panzhihua", 2023)])
def test_a_frame_is_the_printed_table_cell_by_cell(project: Project, slug: str, office: str, year: int) -> None:
    section = opened(project, slug, office, year)
    printed = {
        cell["ref"]: cell["text"]
        for row in section.table().bundle[TABLE_MIME]["rows"]
        for cell in row["cells"]
        if cell.get("ref")
    }
    frame = section.frame()
    assert len(frame) == len(printed) > 0
    for cell in frame.itertuples():
        text = printed[f"{section._table}.{cell.row}.{cell.column}"]
        if math.isnan(cell.value):
            assert not text.replace(".", "").isdigit()
        else:
            assert float(text.removesuffix("万元").replace("减", "-")) == cell.value


def test_the_figures_are_those_of_the_file_in_the_order_asked_for(project: Project) -> None:
    figures = opened(project, "proactive").figures(["wechat", "website", "nowhere"], years=2)
    assert figures[["year", "key", "value"]].to_numpy().tolist() == [
        [2022, "wechat", 3312], [2023, "wechat", 3975], [2022, "website", 12765], [2023, "website", 14320],
    ]  # fmt: skip
    assert list(figures) == ["year", "key", "label", "value", "unit"]


def test_a_section_can_ask_for_the_table_of_another(project: Project) -> None:
    section = opened(project, "other")
    assert section.history(table="applications").equals(opened(project, "applications").history())
    with pytest.raises(UnknownNameError, match="applications"):
        section.history()
    with pytest.raises(UnknownNameError, match="did you mean 'review'"):
        section.history(table="reviews")
