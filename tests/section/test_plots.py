from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from itertools import combinations

import matplotlib
import pandas as pd
import pytest
from lxml import etree
from matplotlib.ft2font import FT2Font

from nianbao.section import applicants_chart, bars_by_year
from nianbao.section.display import Display
from nianbao.section.drawing import broken, length
from nianbao.section.palette import look

SHORT = ["予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理", "转结下年", "撤回", "补正"]
LONG = [
    "门户网站主动公开政府信息数量（含规范性文件、政策解读、会议公开等各类栏目）",
    "通过政务新媒体公开政府信息",
    "各类媒体客户端推送的政策解读与政务动态信息，按推送条目计算而非按阅读次数计算的数量，含转载，不含重复推送",
    "APP and other mobile applications of the Office",
    *SHORT[4:],
]
LARGEST = 10**7

Table = Callable[[int, int], float]
SPREADS: dict[str, Table] = {
    "mixed": lambda row, column: (row * 7919 + column * 104729 + 13) % 9973,
    "largest": lambda row, column: LARGEST - (row + column),
    "far apart": lambda row, column: (3, 0, LARGEST)[(row + column) % 3],
    "one": lambda _row, _column: 1,
    "falling": lambda row, column: (row - 1) * 7 - column,
}

Place = tuple[float, float, float, float]  # left, top, right, bottom


def _frame(labels: list[str], years: int, spread: Table) -> pd.DataFrame:
    columns = {2023 - years + 1 + at: [spread(row, at) for row in range(len(labels))] for at in range(years)}
    return pd.DataFrame(columns, index=labels)


@cache
def _font() -> FT2Font:
    font = FT2Font(str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"))
    font.set_size(100, 72)
    return font


def _width(words: str, size: float) -> float:
    """How wide the face really sets them, in points."""
    _font().set_text(words)
    return float(_font().get_width_height()[0]) / 64 / 100 * size


def _svg(chart: Display | None) -> etree._Element:
    assert chart is not None
    return etree.fromstring(chart.bundle["image/svg+xml"])


def _places(svg: etree._Element) -> list[tuple[str, Place]]:
    """All words of a chart and where they stand."""
    found = []
    for element in svg.iter("{http://www.w3.org/2000/svg}text"):
        style, words = element.get("style", ""), element.text or ""
        size = float(re.findall(r"font-size: ([\d.]+)px", style)[0])
        x, y, width = float(element.get("x", "")), float(element.get("y", "")), _width(words, size)
        anchor = re.findall(r"text-anchor: (\w+)", style)[0]
        before = {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        if "rotate(-90" in element.get("transform", ""):
            found.append((words, (x - 0.75 * size, y - width, x, y)))
        else:
            found.append((words, (x - before, y - 0.75 * size, x - before + width, y)))
    return found


def _assert_in_order(chart: Display | None) -> None:
    svg = _svg(chart)
    _, _, width, height = map(float, svg.get("viewBox", "").split())
    places = _places(svg)
    for words, (left, top, right, bottom) in places:
        assert left >= 0, words
        assert top >= 0, words
        assert right <= width, words
        assert bottom <= height, words
    for (one, a), (other, b) in combinations(places, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (one, other)


@pytest.mark.parametrize("stacked", [False, True])
@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("labels", [SHORT, LONG], ids=["short", "long"])
def test_no_words_lie_outside_the_picture_or_on_others(labels: list[str], spread: str, stacked: bool) -> None:
    for count in (1, 2, 3, 6, 9):
        for years in (1, 3, 5):
            table = _frame(labels[:count], years, SPREADS[spread])
            _assert_in_order(bars_by_year(table, "标题", "件", stacked=stacked))


@pytest.mark.parametrize("values", [[5], [1], [LARGEST, 300, 20, 1, 5_000_000, 7], [LARGEST] * 6, [0, 0, 3]])
def test_the_applicants_words_have_room(values: list[int]) -> None:
    kinds = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"][: len(values)]
    frame = pd.DataFrame({"year": 2023, "row": "new", "column": kinds, "column_label": kinds, "value": values})
    _assert_in_order(applicants_chart(frame))


def test_every_value_of_a_crowded_chart_is_there() -> None:
    table = _frame(SHORT, 5, SPREADS["largest"])
    words = [words for words, _ in _places(_svg(bars_by_year(table, "标题", "件")))]
    assert set(map(str, table.to_numpy().ravel())) <= set(words)


def test_no_label_is_shortened() -> None:
    words = "".join(words for words, _ in _places(_svg(bars_by_year(_frame(LONG, 2, lambda *_: 3), "标题", "件"))))
    for label in LONG:
        assert label.replace(" ", "") in words.replace(" ", "")


def test_many_columns_have_as_many_names_as_there_is_room_for() -> None:
    _assert_in_order(bars_by_year(_frame(SHORT[:1], 40, lambda *_: 3), "标题", "件"))


def test_a_chart_depends_neither_on_settings_nor_on_what_was_drawn_before() -> None:
    table = _frame(SHORT, 3, SPREADS["mixed"])
    before = bars_by_year(table, "标题", "件")
    strange = {"font.size": 30, "figure.dpi": 200, "patch.linewidth": 5, "hatch.linewidth": 3, "text.color": "red"}
    with matplotlib.rc_context(strange):
        bars_by_year(_frame(LONG, 5, SPREADS["largest"]), "标题", "件", stacked=True)
        after = bars_by_year(table, "标题", "件")
    assert before is not None
    assert after is not None
    assert before.bundle == after.bundle


def test_words_are_never_read_as_formulas() -> None:
    words = [words for words, _ in _places(_svg(bars_by_year(_frame(["a$b$"], 1, lambda *_: 3), "标题", "件")))]
    assert "a$b$" in words


def test_an_infinite_value_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="乙"):
        bars_by_year(pd.DataFrame({2023: [1, float("inf")]}, index=["甲", "乙"]), "标题", "件")


def test_twelve_series_can_be_told_apart() -> None:
    assert len({look(index) for index in range(12)}) == 12


@pytest.mark.parametrize("words", [*LONG, "a" * 90, "（（（", "", "一，"])
@pytest.mark.parametrize("room", [60.0, 120.0])
def test_words_are_broken_into_lines_that_fit(words: str, room: float) -> None:
    lines = broken(words, 9.5, room)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(length(line, 9.5) <= room for line in lines)
    assert not any(line.startswith(("，", "、", "）")) for line in lines)
