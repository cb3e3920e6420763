from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise

import pytest
from lxml import etree

from nianbao.export.svg import clean_svg
from nianbao.model import BLOCK_MIME
from nianbao.paths import Project
from nianbao.section import infographic_page, open_section
from nianbao.section.facts import Count, facts_of
from nianbao.section.palette import GROUND, HATCHES, INK, PALETTE, SOFT

KEYS = ["website", "policy_documents", "nowhere"]
CHANNELS = ["website", "wechat", "new_media", "client"]
SVG = "{http://www.w3.org/2000/svg}"

# What colour-blind readers see of linear red, green and blue (Machado, Oliveira and Fernandes 2009, severity 1.0).
SIGHTS = {
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def page(project: Project, office: str = "shili", year: int = 2023) -> tuple[str, str]:
    """The picture and its alternative text."""
    _, shown = infographic_page(open_section(office, year, "other", project=project.root), KEYS, CHANNELS)
    return shown.bundle["image/svg+xml"], shown.bundle[BLOCK_MIME]["alt"]


def words(svg: str) -> list[str]:
    return ["".join(map(str, node.itertext())) for node in etree.fromstring(svg.encode()).iter(f"{SVG}text")]


def luminance(colour: str, sight: str | None = None) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    if sight:
        rows = SIGHTS[sight]
        linear = [min(1, max(0, sum(f * p for f, p in zip(row, linear, strict=True)))) for row in rows]
    return sum(f * p for f, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str, sight: str | None = None) -> float:
    low, high = sorted((luminance(one, sight), luminance(other, sight)))
    return (high + 0.05) / (low + 0.05)


def test_the_page_shows_key_counts_results_applicants_channels_and_years(project: Project) -> None:
    shown = words(page(project)[0])
    assert "14320条" in shown
    assert "比上年增长12.18%" in shown
    assert {"申请办理结果", "104（35.02%）", "申请人构成", "234（77.74%）"} <= {*shown}
    assert {"各渠道公开政府信息", "门户网站", "12765", "历年申请", "2020年"} <= {*shown}


def test_what_the_page_shows_is_said_in_its_alternative_text(project: Project) -> None:
    svg, alt = page(project)
    numbers = {number for text in words(svg) for number in re.findall(r"\d+(?:\.\d+)?%?", text)}
    # Last year's channels are said as changes.
    assert {number for number in numbers if number not in alt} <= {"12765", "3312"}
    assert alt.startswith("2023年政府信息公开工作图解。主要数据：新收政府信息公开申请301件（比上年增长24.38%）")


def test_an_office_without_earlier_years_has_no_comparison(project: Project) -> None:
    shown = words(page(project, "panzhihua")[0])
    assert "政务新媒体" in shown
    assert "历年申请" not in shown
    assert not [text for text in shown if "上年" in text]


def test_the_2019_edition_has_its_page_too(project: Project) -> None:
    assert "其他处理" in words(page(project, "shili", 2020)[0])


def test_no_bar_is_drawn_for_a_zero(project: Project) -> None:
    facts = facts_of(open_section("panzhihua", 2023, "other", project=project.root).reports(), KEYS, CHANNELS)
    counts = (*facts.keys, *facts.results, *facts.applicants, *facts.channels)
    assert [count.label for count in facts.applicants] == ["自然人"]
    assert all(count.number for count in counts)


def test_a_year_without_numbers_has_no_page(project: Project) -> None:
    path = project.data / "panzhihua" / "2023" / "applications.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    blank = [",".join([*row.rsplit(",", 7)[0].split(","), *[""] * 7]) for row in rows]
    path.write_text("\n".join([head, *blank]) + "\n", "utf-8")
    section = open_section("panzhihua", 2023, "other", project=project.root)
    assert infographic_page(section, [], []) == ()


@pytest.mark.parametrize(
    ("number", "before", "words"),
    [(110, 100, "比上年增长10%"), (95, 100, "比上年下降5%"), (7, 7, "与上年持平"), (7, 0, ""), (7, None, "")],
)
def test_a_change_is_said_where_it_can_be(number: int, before: int | None, words: str) -> None:
    assert Count("甲", number, "件", before).change == words


def test_a_label_like_markup_stays_words(project: Project) -> None:
    path = project.data / "shili" / "2023" / "figures.csv"
    path.write_text(path.read_text("utf-8").replace("公开政策文件", "</text><script>&amp;"), "utf-8")
    svg, _ = page(project)
    assert "</text><script>&amp;" in words(svg)
    assert "<script" not in svg


def test_words_stay_inside_the_picture_and_keep_a_legible_size(project: Project) -> None:
    for office in ("shili", "panzhihua"):
        root = etree.fromstring(page(project, office)[0].encode())
        width, height = (float(root.get("viewBox", "").split()[index]) for index in (2, 3))
        assert height <= 0.9 * 225 / 25.4 * 72
        for node in root.iter(f"{SVG}text"):
            size, x = float(node.get("font-size", "0")), float(node.get("x", "0"))
            shown = "".join(map(str, node.itertext()))
            wide = size * sum(0.56 if char.isascii() else 1 for char in shown)
            start = x - {None: 0.0, "middle": wide / 2, "end": wide}[node.get("text-anchor")]
            assert size >= 7
            assert start > -2
            assert start + wide <= width + 2, shown


def test_the_same_year_gives_the_same_bytes_and_they_pass_the_cleaner(project: Project) -> None:
    svg, _ = page(project)
    assert page(project)[0] == svg
    assert len(clean_svg(svg.encode())) > 0.9 * len(svg)


def test_neither_pandas_nor_matplotlib_is_needed(project: Project) -> None:
    code = (
        "import sys; from nianbao.section import infographic_page, open_section\n"
        f"assert infographic_page(open_section('shili', 2023, 'other', project={str(project.root)!r}), ['website'])\n"
        "print(sorted({'pandas', 'matplotlib', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_side_by_side_differ_in_lightness_or_in_hatching(sight: str) -> None:
    assert contrast(PALETTE[0], PALETTE[2], sight) > 3
    for (one, hatch), (other, next_hatch) in pairwise(zip(PALETTE, HATCHES, strict=True)):
        assert contrast(one, other, sight) > 1.5 or hatch != next_hatch


def test_words_contrast_with_what_they_stand_on() -> None:
    for ground in ("#ffffff", GROUND):
        assert min(contrast(colour, ground) for colour in (INK, SOFT, PALETTE[0])) > 4.5
