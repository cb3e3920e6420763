"""Names are written longer and shorter, and two offices share one."""

from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.ingest.offices import Named, offices_of
from nianbao.ingest.read import read_bytes


def found(one: tuple[str, str], two: tuple[str, str]) -> str:
    """Whether two reports (name, file) are joined, proposed as one office's, or kept apart."""
    reports = [Named(name, 2022 + index, Path(file)) for index, (name, file) in enumerate((one, two))]
    offices = offices_of(reports)
    return "one" if len(set(offices.names)) == 1 else "perhaps" if offices.alike else "two"


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        ("虚构县丁山镇", "虚构县丁山镇人民政府", "one"),
        ("虚构县东街街道办", "虚构县东街街道办事处", "one"),
        ("虚构县政府办公室", "虚构县人民政府办公室", "one"),
        ("虚构开发区管委会", "虚构开发区管理委员会", "one"),
        ("虚构县林业局(绿化办)", "虚构县林业局（绿化办）", "one"),
        ("虚构县林业局", "虚构县林业局（县绿化办）", "perhaps"),
        ("林业局", "虚构县林业局", "perhaps"),
        ("国家税务总局虚构县税务局", "虚构县税务局", "perhaps"),
        ("虚构县教体局", "虚构县教育和体育局", "perhaps"),
        ("虚构县卫健委", "虚构县卫生健康委员会", "perhaps"),
        ("虚构县林业局", "虚构县农业局", "two"),
        ("虚构县丁山镇", "虚构县丁山镇中心小学", "two"),
        ("虚构县公安局", "虚构县公安局交警大队", "two"),
        ("甲县林业局", "乙县林业局", "two"),
    ],
)
def test_longer_and_shorter_names_are_joined_or_proposed(one: str, two: str, said: str) -> None:
    assert found((one, "年报/2022.txt"), (two, "年报/2023.txt")) == said


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        ("年报/2022/教育局.docx", "年报/2023/教育局.docx", "one"),
        ("甲县/2022/a.txt", "乙县/2023/a.txt", "two"),
        ("甲县/年报/2022.txt", "乙县/年报/2023.txt", "two"),
        ("甲县教育局2022.txt", "乙县教育局2023.txt", "two"),
        ("来件一/2022.txt", "来件二/2023.txt", "perhaps"),
    ],
)
def test_one_name_in_two_places_is_two_offices(one: str, two: str, said: str) -> None:
    assert found(("教育局", one), ("教育局", two)) == said


def test_a_title_with_a_blank_between_all_characters_is_a_title() -> None:
    lines = [
        "示 例 县 林 草 中 心",
        "２ ０ ２ ２ 年 政 府 信 息 公 开 工 作 年 度 报 告",
        "一、总体情况",
        "按规定公开。",
    ]
    (read,) = read_bytes("\n".join(lines).encode(), "来稿.txt")
    assert (read.office_name, read.year) == ("示例县林草中心", 2022)
