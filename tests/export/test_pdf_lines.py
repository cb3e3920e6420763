"""Lines and pages of the PDF, measured from where its glyphs stand. Sources: GB/T 9704-2012, 5.2.3 and 7.5."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from statistics import median
from typing import Any

import numpy as np
import pdfplumber
import pytest

import builders
from finished import Finished, Variant
from nianbao.export.typst_words import unparted
from nianbao.form import EDITIONS, layout, plain_grid
from nianbao.form.cells import number
from nianbao.section import display

MM = 72 / 25.4
TOP, BOTTOM = 37.0, 262.0  # of the text area, in millimetres from the head of the page
LINE, CHARACTER = 225 / 22, 156 * MM / 28
LONG = (
    "本机关围绕“一网通办”“一网公开”“一网协同”推进工作，全年公开信息17849条；按照《条例》（国务院令第711号）的要求，"
    "答复申请14件，办结率100%，“找不到”“看不懂”，群众少跑路。"
)
MARKS, NEIGHBOURS = "，。、；：！？", "“”‘’（）《》〈〉【】〔〕，。、；：！？"
MEASURES = "年月日件条次个"

Glyph = dict[str, Any]
Page = Any


def stress() -> bytes:
    """Much text, and table 3 again and again from another line of a page, with text under each."""
    table = layout(EDITIONS["2021"].table("applications"), lambda _: number(123456), "2021")
    parts = [(display.text("\n\n".join([LONG] * count)), display.table(table)) for count in (1, 2, 3, 5, 7)]
    return builders.made(builders.stitched_notebook(extra=tuple(itertools.chain(*parts))), "pdf")


@pytest.fixture(
    scope="module",
    params=["stress", Variant("panzhihua", 2023, "official"), Variant("shili", 2023, "illustrated")],
    ids=str,
)
def pages(request: pytest.FixtureRequest, finished: Finished) -> Iterator[list[Page]]:
    content = stress() if request.param == "stress" else finished.content(request.param, "report.pdf")
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        yield pdf.pages


def lines_of(page: Page) -> list[list[Glyph]]:
    """The lines of body text on a page, each from left to right."""
    lines: dict[float, list[Glyph]] = {}
    for glyph in page.chars:
        if abs(glyph["size"] - CHARACTER) < 0.05:
            lines.setdefault(round(glyph["matrix"][5], 1), []).append(glyph)
    return [sorted(lines[base], key=lambda glyph: glyph["x0"]) for base in sorted(lines, reverse=True)]


def full_lines(page: Page) -> Iterator[list[Glyph]]:
    """The lines that reach from edge to edge of the text area."""
    left = (28 if page.page_number % 2 else 26) * MM
    for line in lines_of(page):
        if line[0]["x0"] < left + 1 and line[-1]["x1"] > left + 156 * MM - CHARACTER * 0.6:
            yield line


def foot_of(page: Page) -> float:
    """The lowest ink within the text area, in millimetres from the head of the page."""
    inked = [glyph for glyph in page.chars if glyph["text"].strip() and glyph["size"] < 100]
    edges = [thing["bottom"] / MM for thing in (*inked, *page.rects, *page.lines, *page.curves)]
    return max((edge for edge in edges if edge <= BOTTOM + 1), default=TOP)


def test_no_mark_within_a_line_is_squeezed(pages: list[Page]) -> None:
    marks = [
        (one["text"], two["x0"] - one["x0"])
        for page in pages
        for line in lines_of(page)
        for one, two in itertools.pairwise(line)
        if one["text"] in MARKS and two["text"] not in NEIGHBOURS
    ]
    assert len(marks) > 20
    assert [mark for mark in marks if mark[1] < CHARACTER - 0.05] == []


def test_no_hole_stands_between_a_closing_quote_and_the_next_mark(pages: list[Page]) -> None:
    for page in pages:
        for line in lines_of(page):
            for one, two in itertools.pairwise(line):
                if one["text"] in "”）》" and two["text"] in "，。、；”）》":
                    assert two["x0"] - one["x0"] < CHARACTER * 0.75


def test_a_full_line_of_chinese_holds_28_characters(pages: list[Page]) -> None:
    counts = [
        len(line)
        for page in pages
        for line in full_lines(page)
        if all(glyph["text"] >= "\u3000" for glyph in line) and not {glyph["text"] for glyph in line} & set(NEIGHBOURS)
    ]
    # With marks a line may hold one more, where two of them share a place, or fewer, where none may begin the next.
    assert set(counts) <= {28}
    marked = [len(line) for page in pages for line in full_lines(page) if all(g["text"] >= "\u3000" for g in line)]
    assert not marked or median(marked) == 28


def test_no_number_is_parted_from_its_measure_word(pages: list[Page]) -> None:
    for page in pages:
        for one, two in itertools.pairwise(lines_of(page)):
            assert not (one[-1]["text"].isdigit() and two[0]["text"] in MEASURES)
        assert "\u2060" not in {glyph["text"] for glyph in page.chars}


def test_word_joiners_stand_between_numbers_and_measure_words_alone() -> None:
    assert (
        unparted("2023年共12件，3.5万元；A4纸、第1、2项")
        == "2023\u2060年共12\u2060件，3.5\u2060万元；A4纸、第1、2\u2060项"
    )


def test_text_stands_on_the_22_lines_of_the_page_before_and_after_tables(pages: list[Page]) -> None:
    offsets = [
        (TOP - (page.height - line[0]["matrix"][5]) / MM) / LINE % 1 for page in pages for line in lines_of(page)
    ]
    assert len(offsets) > 20
    assert max(offsets) - min(offsets) < 0.02


def test_a_page_number_stands_between_dashes_of_one_em_7_mm_under_the_text(pages: list[Page]) -> None:
    for page in pages[:2]:
        foot = page.crop((0, BOTTOM * MM, page.width, page.height))
        assert [glyph["text"] for glyph in foot.chars] == ["—", str(page.page_number), "—"]
        ink = np.asarray(foot.to_image(resolution=254).original.convert("L")) < 128  # ten dots to the millimetre
        first, last = np.flatnonzero(ink.any(axis=0))[[0, -1]] / 10
        dash = np.flatnonzero(ink[:, round(first * 10) + 10])
        assert dash[0] / 10 == pytest.approx(7.0, abs=0.3)
        breaks = np.flatnonzero(~ink.any(axis=0)[round(first * 10) :])
        assert breaks[0] / 10 == pytest.approx(14 / MM, rel=0.12)  # the ink of a dash of one em
        away = 184 - last if page.page_number == 1 else first - 26
        assert away == pytest.approx(14 / MM, abs=0.5)  # one character in from the edge of the text area


def test_no_page_before_a_table_or_picture_is_more_than_a_fifth_empty(pages: list[Page]) -> None:
    empty = []
    for page, following in itertools.pairwise(pages):
        first = min((glyph for glyph in following.chars if glyph["size"] < 100), key=lambda glyph: glyph["top"])
        if first["text"] == "附" or not (following.rects or following.lines or following.curves):
            continue  # a page that is begun on purpose, or one of text, which is kept with its heading or the closing
        empty.append((page.page_number, BOTTOM - foot_of(page)))
    # Table 3 without a table above it that can grow waits for room for its rows up to （三）: half a page.
    most = 113 if len(pages) > 12 else 45
    assert [gap for gap in empty if gap[1] > most] == []


def test_table_3_is_whole_wherever_a_page_begins_with_it(finished: Finished) -> None:
    for variant in (Variant("panzhihua", 2023, "official"), Variant("shili", 2023, "illustrated")):
        with pdfplumber.open(finished.folder(variant) / "report.pdf") as pdf:
            texts = ["".join(page.extract_text().split()) for page in pdf.pages]
        assert sum("二、上年结转" in text and "四、结转下年度" in text for text in texts) == 1


def test_an_address_breaks_anywhere_and_stays_within_its_column() -> None:
    address = (
        "https://www.example.invalid/zwgk/fdzdgknr/2023ndbg/index_2023_annualreport.html?id=1234567890&category=annual"
    )
    words = (
        f"登录政府信息公开专栏查询，网址为{address}，欢迎监督。\n\n| 单位 | 网址 |\n|---|---|\n| 教育局 | {address} |"
    )
    with pdfplumber.open(
        io.BytesIO(builders.made(builders.stitched_notebook(extra=(display.text(words),)), "pdf"))
    ) as pdf:
        glyphs = [glyph for page in pdf.pages for glyph in page.chars]
        text = "".join(glyph["text"] for glyph in glyphs)
    assert text.count(address) == 2
    right = max(glyph["x1"] for glyph in glyphs if glyph["text"].isascii())
    assert right <= (28 + 156) * MM + 1
    first = next(index for index in range(len(text)) if text.startswith("登录政府", index))
    steps = [glyphs[first + n + 1]["x0"] - glyphs[first + n]["x0"] for n in range(12)]
    assert max(steps) < CHARACTER * 1.2  # the line before it is not spread


@pytest.mark.parametrize("lines", range(2, 22, 3))
def test_a_table_of_ones_own_goes_over_the_page_rather_than_leave_much_of_it_white(lines: int) -> None:
    rows = [[f"{number}", f"{number * 7}", "教育局"] for number in range(1, 19)]
    table = display.table(plain_grid("", ["序号", "件数", "单位"], rows))
    content = builders.made(
        builders.stitched_notebook(overview="\n\n".join(["政策公开。"] * lines), extra=(table,)), "pdf"
    )
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        heads = [number for number, page in enumerate(pdf.pages) if "序号" in (page.extract_text() or "")]
        assert heads == list(range(heads[0], heads[-1] + 1))
        assert len(heads) <= 2
        for page in pdf.pages[max(heads[0] - 1, 0) : heads[-1]]:
            assert BOTTOM - foot_of(page) <= (BOTTOM - TOP) / 5 + 1
