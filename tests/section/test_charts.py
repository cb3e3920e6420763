from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from nianbao.model import BLOCK_MIME
from nianbao.paths import Project
from nianbao.section import applicants_chart, bars_by_year, figure_display, open_section, results_chart
from nianbao.section.history import YearFigure


def test_charts_carry_text_as_text_and_an_alternative_text(project: Project) -> None:
    history = open_section("shili", 2023, "applications", project=project.root).history()
    for chart in (results_chart(history), applicants_chart(history)):
        assert chart is not None
        svg = chart.bundle["image/svg+xml"]
        assert svg.startswith("<svg")
        assert "</text>" in svg
        assert "2023年" in chart.bundle[BLOCK_MIME]["alt"]
    results = results_chart(history)
    assert results is not None
    assert "予以公开104件" in results.bundle[BLOCK_MIME]["alt"]


def test_cells_and_frames_give_the_same_chart(project: Project) -> None:
    section = open_section("shili", 2023, "applications", project=project.root)
    cells, history = section.cells(), section.history()
    assert pd.DataFrame(cells).equals(history)
    for chart in (results_chart, applicants_chart):
        from_cells, from_frame = chart(cells), chart(history)
        assert from_cells is not None
        assert from_frame is not None
        assert from_cells.bundle == from_frame.bundle


def test_counts_and_frames_give_the_same_chart(project: Project) -> None:
    section = open_section("shili", 2023, "proactive", project=project.root)
    counts, figures = section.counts(), section.figures()
    assert pd.DataFrame(counts).equals(figures)
    from_counts = bars_by_year(counts, "标题", "条")
    by_year = figures.pivot_table(index="label", columns="year", values="value", sort=False)
    from_frame = bars_by_year(by_year[sorted(by_year.columns)], "标题", "条")
    assert from_counts is not None
    assert from_frame is not None
    assert from_counts.bundle == from_frame.bundle


def test_the_counts_of_one_key_are_one_series_under_its_latest_label() -> None:
    counts = [
        YearFigure(2023, "site", "网站", 4.0, "条"),
        YearFigure(2022, "site", "网 站", 3.0, "条"),
        YearFigure(2023, "app", "客户端", 5.0, "条"),
        YearFigure(2021, "app", "客户端", float("nan"), "条"),
    ]
    chart = bars_by_year(counts, "标题", "条")
    assert chart is not None
    assert chart.bundle[BLOCK_MIME]["alt"] == "标题。2022年：网站3条；2023年：网站4条，客户端5条。"


def test_the_same_chart_has_the_same_bytes() -> None:
    table = pd.DataFrame({2022: [3, 0], 2023: [4, 1]}, index=["甲", "乙"])
    first, second = (bars_by_year(table, "标题", "件") for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.bundle == second.bundle
    assert len(first.bundle["image/svg+xml"]) < 40_000


def test_a_chart_of_zeros_is_no_chart() -> None:
    assert bars_by_year(pd.DataFrame({2022: [0, 0], 2023: [0, None]}, index=["甲", "乙"]), "标题", "件") is None


def test_a_series_of_zeros_is_left_out() -> None:
    chart = bars_by_year(pd.DataFrame({2023: [5, 0]}, index=["有数", "全零"]), "标题", "件")
    assert chart is not None
    assert "全零" not in chart.bundle["image/svg+xml"]


def test_a_figure_of_an_analysts_own_prints_chinese_in_the_houses_font() -> None:
    figure = Figure()
    figure.add_subplot(title="件数").barh(["2022年", "2023年"], [3, 4])
    svg = figure_display(figure, "件数").bundle["image/svg+xml"]
    assert "Noto Sans SC" in svg
    assert "DejaVu" not in svg
