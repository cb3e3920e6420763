"""A notebook's matplotlib figures become pictures: house style, Chinese, words as words, the same bytes, shown once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations, pairwise

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from lxml import etree
from matplotlib.colors import to_hex, to_rgb

from nianbao.errors import UsageError
from nianbao.model import BLOCK_MIME
from nianbao.paths import Project
from nianbao.section import SectionView, open_section
from nianbao.section.view import STYLE_FILE

SVG = "{http://www.w3.org/2000/svg}"

# What colour-blind readers see of linear red, green and blue (Machado, Oliveira and Fernandes 2009, severity 1.0).
SIGHTS = {
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


@pytest.fixture
def section(project: Project) -> Iterator[SectionView]:
    yield open_section("shili", 2023, "applications", project=project.root)
    plt.close("all")
    matplotlib.rcdefaults()


def words_of(svg: str) -> list[str]:
    return ["".join(map(str, node.itertext())) for node in etree.fromstring(svg.encode()).iter(f"{SVG}text")]


def luminance(colour: str, sight: str | None = None) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    if sight:
        rows = SIGHTS[sight]
        linear = [min(1, max(0, sum(f * p for f, p in zip(row, linear, strict=True)))) for row in rows]
    return sum(f * p for f, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str, sight: str | None = None) -> float:
    low, high = sorted((luminance(one, sight), luminance(other, sight)))
    return (high + 0.05) / (low + 0.05)


def palette() -> list[str]:
    return [to_hex(colour) for colour in matplotlib.rcParams["axes.prop_cycle"].by_key()["color"]]


def test_a_figure_is_a_picture_with_words_caption_and_alternative_text(section: SectionView) -> None:
    fig, ax = plt.subplots()
    ax.bar(["2022年", "2023年"], [3, 4])
    ax.set_title("新收申请（件）")
    bundle = section.figure(fig, "图题", alt="两年的件数。").bundle
    assert bundle[BLOCK_MIME] == {"kind": "figure", "alt": "两年的件数。", "caption": "图题"}
    assert {"2022年", "2023年", "新收申请（件）"} <= {*words_of(bundle["image/svg+xml"])}
    assert "Noto Sans SC" in bundle["image/svg+xml"]


@pytest.mark.parametrize("alt", [None, "", "  "])
def test_a_figure_without_an_alternative_text_is_refused(section: SectionView, alt: str | None) -> None:
    with pytest.raises(UsageError, match="alternative text"):
        section.figure(plt.figure(), "图题", alt)


def test_axes_bars_and_arrays_of_axes_stand_for_their_figure(section: SectionView) -> None:
    for draw in (
        lambda: plt.subplots()[1],
        lambda: plt.subplots(1, 2)[1],
        lambda: plt.bar([1, 2], [3, 4]),
        lambda: plt.plot([1, 2]),
    ):
        assert section.figure(draw(), alt="图").bundle["image/svg+xml"].startswith("<svg")
    with pytest.raises(UsageError, match="not DataFrame"):
        section.figure(pd.DataFrame(), alt="图")


def test_a_figure_is_closed_once_it_is_shown(section: SectionView) -> None:
    fig, _ = plt.subplots()
    section.figure(fig, alt="图")
    assert not plt.get_fignums()


def test_whatever_style_it_was_drawn_in_its_chinese_is_set_in_the_houses_font(section: SectionView) -> None:
    with plt.style.context(["default", "ggplot"]):
        _, ax = plt.subplots()
        ax.bar(["甲", "乙"], [3, 4], label="丙")
        ax.legend()
        svg = section.figure(ax, alt="图").bundle["image/svg+xml"]
    assert "DejaVu" not in svg
    assert {"甲", "乙", "丙"} <= {*words_of(svg)}


def test_the_style_can_be_had_by_name_and_overridden(section: SectionView) -> None:
    house = palette()
    plt.style.use("default")
    assert palette() != house
    plt.style.use("nianbao")
    assert palette() == house
    plt.rcParams["font.size"] = 20
    _, ax = plt.subplots()
    ax.set_title("大", fontsize="medium")
    assert "20px" in section.figure(ax, alt="图").bundle["image/svg+xml"]


def test_a_dollar_is_a_dollar_and_markup_stays_words(section: SectionView) -> None:
    _, ax = plt.subplots()
    ax.bar(["a$b$", "</text><script>&amp;"], [3, 4])
    svg = section.figure(ax, alt="图").bundle["image/svg+xml"]
    assert {"a$b$", "</text><script>&amp;"} <= {*words_of(svg)}
    assert "<script" not in svg


def test_a_box_in_place_of_a_character_is_an_error(section: SectionView) -> None:
    _, ax = plt.subplots()
    ax.set_title("中文", fontfamily="DejaVu Sans")
    with pytest.raises(UserWarning, match="missing from font"):
        ax.figure.canvas.draw()


def test_matplotlib_has_the_style_too_where_it_is_imported_after_the_section_was_opened(project: Project) -> None:
    code = (
        "import sys; from nianbao.section import open_section; "
        f"section = open_section('shili', 2023, 'review', profile='official', project={str(project.root)!r}); "
        "assert 'matplotlib' not in sys.modules; import matplotlib.pyplot as plt; _, ax = plt.subplots(); "
        "ax.bar(['甲', '乙'], [3, 4]); print(section.figure(ax, alt='图').bundle['image/svg+xml'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    with plt.style.context(str(STYLE_FILE)):
        assert palette()[0] in done.stdout
    assert "DejaVu" not in done.stdout
    assert "甲" in words_of(done.stdout)


DRAWING = """
import matplotlib.pyplot as plt
from nianbao.section import open_section
section = open_section("shili", 2023, "proactive", project={root!r}, profile="illustrated")
channels = section.figures(["website", "wechat", "weibo"])
ax = channels.pivot_table(index="year", columns="label", values="value").plot.bar(stacked=True, hatch="//")
print(section.figure(ax, alt="图").bundle["image/svg+xml"])
"""


@pytest.mark.slow
def test_a_figure_has_the_same_bytes_whatever_the_seed_the_zone_and_the_users_settings(project: Project) -> None:
    def drawn(**environment: str) -> str:
        code = DRAWING.format(root=str(project.root))
        called = [sys.executable, "-c", code]
        return subprocess.run(
            called, capture_output=True, text=True, check=True, env={**os.environ, **environment}
        ).stdout

    first = drawn(PYTHONHASHSEED="1", TZ="Asia/Shanghai")
    assert "</svg>" in first
    assert drawn(PYTHONHASHSEED="2", TZ="America/New_York") == first


def test_a_frame_is_described_row_by_row_and_a_series_in_one_line(section: SectionView) -> None:
    frame = pd.DataFrame({"网站": [3.0, 4.5], "微信": [5, None]}, index=pd.Index([2022, 2023], name="year"))
    assert section.describe(frame, "条") == "2022年：网站3条，微信5条；2023年：网站4.5条。"
    assert section.describe(frame["网站"], "条") == "2022年3条，2023年4.5条。"
    assert section.describe(pd.Series({"甲": 1234567890.0}), "件") == "甲1234567890件。"


def test_shares_have_two_decimals_rounded_as_in_the_texts(section: SectionView) -> None:
    assert [section.percent(41, 297), section.percent(234, 301), section.percent(1, 800)] == [
        "13.80%",
        "77.74%",
        "0.13%",
    ]


@pytest.mark.parametrize("sight", SIGHTS)
def test_all_colours_differ_in_lightness_and_neighbours_clearly(section: SectionView, sight: str) -> None:
    assert min(contrast(one, other, sight) for one, other in combinations(palette(), 2)) > 1.2
    assert min(contrast(one, other, sight) for one, other in pairwise(palette())) > 1.5


def test_words_can_be_read_on_their_ground(section: SectionView) -> None:
    dark, light = palette()[::2], palette()[1::2]
    assert min(contrast("white", colour) for colour in dark) > 4.5
    assert min(contrast("black", colour) for colour in light) > 4.5
    assert min(contrast(colour, "#f0f4f8") for colour in ("#262626", "#55585e", palette()[0])) > 4.5
