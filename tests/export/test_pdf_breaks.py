"""Where the pages of the PDF break before pictures and in tables of one's own, measured from what stands on them."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pdfplumber
import pikepdf
import pytest
import typst

import builders
from long_reports import long_report, own_table, picture
from nianbao.export import pdf
from nianbao.export.document import read_document
from nianbao.section import display
from nianbao.section.display import Display

MM = 72 / 25.4
TOP, BOTTOM = 37.0, 262.0  # of the text area, in millimetres from the head of the page
LINE = 225 / 22
FIFTH = 45.0
CHARACTER = 156 * MM / 28

Page = Any


@contextmanager
def pages_of(*shown: Display) -> Iterator[list[Page]]:
    with pdfplumber.open(io.BytesIO(builders.made(builders.notebook_of(shown), "pdf"))) as file:
        yield file.pages


def begun(lines: int) -> tuple[Display, ...]:
    """A section that has filled so many lines of its first page, the heading's among them."""
    return (display.heading("一、总体情况", 1), *(display.text("政策公开。") for _ in range(lines - 1)))


def empty(page: Page) -> float:
    """Millimetres of white at the foot of a page."""
    things = [glyph for glyph in page.chars if glyph["text"].strip()] + page.rects + page.lines + page.curves
    edges = [thing["bottom"] / MM for thing in things]
    return BOTTOM - max((edge for edge in edges if edge <= BOTTOM + 1), default=TOP)


def place(pages: list[Page], words: str) -> tuple[int, float]:
    """The page and the height on it, in millimetres from its head, of the first glyph of some words."""
    for page in pages:
        for line in page.extract_text_lines(return_chars=True):
            if words in line["text"].replace(" ", ""):
                return page.page_number, line["top"] / MM
    raise AssertionError(f"{words} is on no page")


FOLLOWING = "图后文字继续说明情况。" * 40


@pytest.mark.parametrize("lines", range(8, 22, 2))
def test_text_comes_up_before_a_picture_that_the_page_cannot_hold(lines: int) -> None:
    with pages_of(*begun(lines), picture(74), display.text(FOLLOWING)) as pages:
        assert empty(pages[0]) < LINE + 6  # a line may be left, lest the last of a paragraph stand alone
        shown, text = place(pages, "件数"), place(pages, "图后文字")
        fits = (22 - lines) * LINE > 82
        assert (shown[0], shown < text) == ((1, True) if fits else (2, lines == 21))
        if shown[0] == 2:
            assert shown[1] < TOP + 20  # at the head of the page


def test_words_on_the_picture_above_stay_under_it() -> None:
    for words in ("上图说明，", "从上面两张图看，", "以上各图中，"):
        with pages_of(*begun(16), picture(74), display.text(words + FOLLOWING)) as pages:
            assert place(pages, "件数") < place(pages, "图后文字")


def test_a_picture_never_leaves_its_section() -> None:
    with pages_of(*begun(12), picture(110), display.text("短。"), display.heading("二、主动公开", 1)) as pages:
        assert place(pages, "件数") < place(pages, "二、主动公开")


def test_pictures_keep_their_order() -> None:
    texts = [display.text(f"第{word}段。" + FOLLOWING[:120]) for word in "甲乙丙"]
    shown = itertools.chain(*((picture(66 - 10 * n, f"图{n}　情况"), text) for n, text in enumerate(texts, start=1)))
    with pages_of(*begun(17), *shown) as pages:
        places = [place(pages, f"图{n}") for n in (1, 2, 3)]
        assert places == sorted(places)


@pytest.mark.parametrize("lines", range(9, 18))
def test_a_picture_under_which_its_section_ends_is_set_smaller_where_that_is_enough(lines: int) -> None:
    with pages_of(*begun(lines), picture(84), display.heading("二、主动公开", 1), display.text("文字。")) as pages:
        number, _ = place(pages, "件数")
        sizes = [glyph["size"] for page in pages for glyph in page.chars if glyph["text"] == "数"]
        needed = 84 + 9.5  # the caption's line and its distance
        left = (22 - lines) * LINE
        assert min(sizes) >= 9 * 0.85 - 0.01
        assert (number == 1) == (left > needed - 84 * 0.15)
        assert (min(sizes) < 8.99) == (needed > left > needed - 84 * 0.15)


def test_pictures_in_a_row_are_set_smaller_together() -> None:
    row = (picture(80), picture(60), picture(62))
    with pages_of(*begun(2), *row, display.heading("二、主动公开", 1), display.text("文字。")) as pages:
        assert {round(glyph["size"], 2) for glyph in pages[0].chars if glyph["text"] == "数"} == {7.65}


def test_a_picture_that_waits_is_read_where_it_was_written() -> None:
    content = builders.made(builders.notebook_of((*begun(18), picture(74), display.text(FOLLOWING))), "pdf")
    with pikepdf.open(io.BytesIO(content)) as file:
        kinds = [str(part.S) for part in file.Root.StructTreeRoot.K[0].K]
    assert kinds == ["/H1", *["/P"] * 17, "/Div", "/P"]


@pytest.mark.parametrize("lines", range(2, 22))
@pytest.mark.parametrize("rows", [3, 4, 9, 18])
def test_two_rows_of_a_table_of_ones_own_stand_on_a_page_at_least(lines: int, rows: int) -> None:
    with pages_of(*begun(lines), own_table(rows), display.text("表后。")) as pages:
        counts = [sum(line["text"].split()[1:2] == ["教育局"] for line in page.extract_text_lines()) for page in pages]
        heads = ["序号" in page.extract_text() for page in pages]
        assert sum(counts) == rows
        assert min(count for count in counts if count) >= 2
        assert [count > 0 for count in counts] == heads  # repeated on each page
        assert all(empty(page) <= FIFTH for page, count in zip(pages, counts[1:], strict=False) if count)


def test_the_last_rows_of_a_table_are_tagged_as_its_body() -> None:
    with pikepdf.open(io.BytesIO(builders.made(builders.notebook_of((*begun(2), own_table(9))), "pdf"))) as file:
        kinds = [str(item.S) for item in file.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item]
    assert kinds.count("/TR") == 10
    assert "/TBody" in kinds
    assert "/TFoot" not in kinds


@pytest.mark.parametrize(("seed", "sections"), [(1, 4), (2, 6), (3, 8), (5, 10), (6, 12)])
def test_no_page_of_a_long_report_is_more_than_a_fifth_empty(seed: int, sections: int) -> None:
    with pdfplumber.open(io.BytesIO(builders.made(long_report(seed, sections), "pdf"))) as file:
        gaps = []
        for page, following in itertools.pairwise(file.pages):
            words = following.extract_text_lines()[0]["text"]
            # Section 三 begins where its table has room up to （三）.
            if empty(page) > FIFTH and not words.startswith("三"):
                gaps.append((page.page_number, empty(page)))
        assert gaps == []
        bases = [
            glyph["matrix"][5] / MM / LINE % 1
            for page in file.pages
            for glyph in page.chars
            if abs(glyph["size"] - CHARACTER) < 0.05
        ]
        assert max(bases) - min(bases) < 0.02  # all text on the page's 22 lines, after tables and pictures, too


def test_typst_says_when_pages_do_not_settle() -> None:
    restless = b"#context { let n = query(<a>).len(); range(n + 1).map(_ => [#metadata(0)<a>]).join() }"
    _, warnings = typst.Compiler(ignore_system_fonts=True).compile_with_warnings(restless, format="pdf")
    assert any("converge" in warning.message for warning in warnings)


def test_pages_that_do_not_settle_are_set_again_with_pictures_in_full_size(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Restless:
        """Typst that never settles as long as pictures may be set smaller."""

        def compile_with_warnings(self, *_: Any, sys_inputs: dict[str, str], **__: Any) -> tuple[bytes, list[Any]]:
            asked.append(json.loads(sys_inputs["document"])["shrink"])
            warning = SimpleNamespace(message="document did not converge within five attempts")
            return b"%PDF", [warning] if asked[-1] else []

    monkeypatch.setattr(pdf, "_compiler", lambda _folders: Restless())
    monkeypatch.setattr(pdf, "completed", lambda content, _grids: content)
    assert pdf.write(read_document(builders.notebook_of(begun(2)))) == b"%PDF"
    assert asked == [True, False]
