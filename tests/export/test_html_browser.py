"""What only a browser can tell of the page: axe-core's verdict, what scrolls, what is printed."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_html import CHART

from browser import CHROMIUM, Browser
from builders import made, notebook_of, stitched_notebook
from long_reports import own_table, picture
from nianbao.export import page
from nianbao.form import plain_grid
from nianbao.form.cells import number
from nianbao.section import display, heading, open_section
from nu import needs_nu, nu_errors

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

WIDE = display.table(plain_grid("各部门情况", [f"第{index}栏" for index in range(12)], [["部门", *["1234567"] * 11]]))
ROOT = Path(__file__).resolve().parents[2]


def year_page() -> tuple[display.Display, ...]:
    """A heading and a matplotlib figure, as the 图解 page is made of."""
    section = open_section("shili", 2023, "other", project=ROOT)
    axes = section.figures(["website", "wechat"]).pivot(index="year", columns="label", values="value").plot.barh()
    return heading("附：图解", anchor="infographic", new_page=True), section.figure(axes, alt="两个渠道四年的数量。")


PAGES = {
    "official": {},
    "illustrated": {"profile": "illustrated", "svg": CHART, "extra": year_page()},
    "edition2019": {"edition": "2019", "year": 2020},
    "draft": {
        "draft": True,
        "extra": (WIDE, display.text("说明", "notice"), display.text("注", "note")),
        "value_of": lambda _: number(59237244912),
    },
}


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    for name, parts in PAGES.items():
        content = made(stitched_notebook(**parts), "html")
        (folder / f"{name}.html").write_bytes(content)
    return {name: folder / f"{name}.html" for name in PAGES}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(chromium: Browser, pages: dict[str, Path], name: str, width: int, dark: bool):
    chromium.open(pages[name], width=width, dark=dark)
    chromium.leave_two_of_each_row()
    passed, wrong = chromium.axe()
    assert wrong == []
    assert passed > 30


@needs_nu
def test_the_nu_checker_finds_no_error(pages: dict[str, Path]):
    assert nu_errors(*pages.values()) == []


@pytest.mark.parametrize("width", [320, 390, 820, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_the_page_never_scrolls_sideways(chromium: Browser, pages: dict[str, Path], name: str, width: int):
    chromium.open(pages[name], width=width)
    assert chromium.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_wide_table_scrolls_in_its_frame_on_a_phone(chromium: Browser, pages: dict[str, Path]):
    chromium.open(pages["official"], width=390)
    frames = "[...document.querySelectorAll('.frame')].map(f => f.scrollWidth > f.clientWidth)"
    assert chromium.run(frames) == [False, True, True]
    # The labels of table 3 stand still beside the numbers, and leave room for three of these.
    edges = chromium.run("""(() => {
      const frame = document.querySelectorAll('.frame')[1];
      frame.scrollLeft = 150;
      const labels = [...frame.querySelectorAll('[class*=beside-]')].map(cell => cell.getBoundingClientRect());
      const left = frame.getBoundingClientRect().left;
      return [Math.min(...labels.map(cell => cell.left)) - left, Math.max(...labels.map(cell => cell.right)) - left];
    })()""")
    assert edges[0] >= 0
    assert edges[1] <= 390 - 3 * 40


def test_no_value_breaks_in_two_lines(chromium: Browser, pages: dict[str, Path]):
    chromium.open(pages["draft"], width=390)
    lines = "[...document.querySelectorAll('td[headers]')].map(c => {const r = document.createRange();"
    assert set(chromium.run(f"{lines} r.selectNodeContents(c); return r.getClientRects().length}})")) == {1}
    assert chromium.run("[...document.querySelectorAll('td[headers]')].every(c => c.scrollWidth <= c.clientWidth)")


def test_the_page_needs_nothing_from_elsewhere(chromium: Browser, pages: dict[str, Path]):
    chromium.open(pages["illustrated"])
    assert chromium.run("performance.getEntriesByType('resource').map(e => e.name)") == []


def test_the_skip_link_appears_when_it_is_reached_by_keyboard(chromium: Browser, pages: dict[str, Path]):
    chromium.open(pages["official"])
    place = "document.querySelector('.skip').getBoundingClientRect().left"
    assert chromium.run(place) < 0
    for kind in ("keyDown", "keyUp"):
        chromium.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert chromium.run(place) >= 0


def test_it_prints_on_a4_with_the_watermark_of_a_draft_on_every_page(chromium: Browser, pages: dict[str, Path]):
    pypdf = pytest.importorskip("pypdf")
    chromium.open(pages["draft"], dark=True)
    printed = pypdf.PdfReader(io.BytesIO(chromium.pdf())).pages
    assert {(round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) for sheet in printed} == {
        (595, 842)
    }
    texts = ["".join(sheet.extract_text().split()) for sheet in printed]
    assert all("草稿" in text for text in texts)
    assert [f"—{number}—" in text for number, text in enumerate(texts, start=1)] == [True] * len(texts)
    assert "跳到正文" not in "".join(texts)


def test_it_prints_with_the_binding_edge_at_the_left_of_page_1_and_at_the_right_of_page_2(
    chromium: Browser, pages: dict[str, Path]
) -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    chromium.open(pages["official"])
    with pdfplumber.open(io.BytesIO(chromium.pdf())) as printed:
        inked = [[char["x0"] for char in sheet.chars if char["text"].strip()] for sheet in printed.pages[:2]]
    # Numbers of pages stand a character in: the outermost ink is that of the text.
    assert [min(places) * 25.4 / 72 for places in inked] == pytest.approx([page.BINDING_EDGE, page.FORE_EDGE], abs=0.5)


def printed_pages(chromium: Browser, page: Path, *shown: display.Display) -> list[str]:
    pypdf = pytest.importorskip("pypdf")
    page.write_bytes(made(notebook_of(shown), "html"))
    chromium.open(page)
    sheets = pypdf.PdfReader(io.BytesIO(chromium.pdf())).pages
    return ["".join(sheet.extract_text().split()) for sheet in sheets]


def test_a_printed_table_of_ones_own_goes_over_the_page_with_two_rows_on_each_side(
    chromium: Browser, tmp_path: Path
) -> None:
    shown = []
    for lines in range(3, 18, 2):
        shown += [display.heading("一、总体情况", new_page=True), *[display.text("政策公开。")] * lines, own_table(18)]
    _, *texts = printed_pages(chromium, tmp_path / "report.html", *shown)  # the title's page aside
    assert len(texts) > 12
    assert min(text.count("教育局") for text in texts) >= 2
    assert all("序号" in text for text in texts)


@pytest.mark.parametrize("height", range(140, 200, 10))
def test_the_closing_is_printed_whole_under_a_figure(chromium: Browser, tmp_path: Path, height: int) -> None:
    shown = (display.heading("一、总体情况"), picture(height), display.closing("示例市人民政府办公室", "2024年1月10日"))
    last = printed_pages(chromium, tmp_path / "report.html", *shown)[-1]
    assert "办公室" in last
    assert "2024年" in last
