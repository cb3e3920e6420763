"""The portal in a real browser: axe-core's verdict, phone and desktop, light and dark, from a folder."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from test_site import finish

from browser import CHROMIUM, Browser
from nianbao.paths import Project, select
from nianbao.site import build_site
from nianbao.site.comparison.compare import compare_offices, compare_years
from nianbao.site.comparison.page import as_page

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]


def words_of(pdf: bytes) -> str:
    """The text of a PDF."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


PAGES = (
    "index.html",
    "search.html?q=公开",
    "data/index.html",
    "offices/shili/index.html",
    "offices/shili/compare.html",
    "years/2023/index.html",
    "offices/shili/2023.html",
    "offices/shili/2023-report.html",
    "compared.html",
    "offices.html",
)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def folder(project: Project) -> Path:
    """The portal of two reports, one in each edition."""
    for year in (2020, 2023):
        finish(project, year)
    return build_site(project, select(project), project.root / "portal").folder


def test_axe_finds_nothing_on_any_kind_of_page_and_no_page_is_wider_than_a_phone(
    chromium: Browser, folder: Path, repository: Project
) -> None:
    (folder / "compared.html").write_bytes(as_page(compare_years(repository, "shili", 2020, 2023)))
    (folder / "offices.html").write_bytes(as_page(compare_offices(repository, 2023, ["shili", "panzhihua"])))
    for name in PAGES:
        for width, dark in ((1280, False), (390, True)):
            chromium.open(f"{folder.as_uri()}/{name}", width=width, dark=dark)
            assert chromium.run("document.documentElement.scrollWidth <= window.innerWidth"), name
            chromium.leave_two_of_each_row()
            _, wrong = chromium.axe()
            assert wrong == [], name


def test_a_reader_comes_from_the_start_page_to_a_report_by_links_alone(chromium: Browser, project: Project) -> None:
    finish(project, 2023)
    folder = build_site(project, select(project), project.root / "portal").folder
    chromium.open(folder / "index.html")
    target = chromium.run("[...document.querySelectorAll('td a')].map(a => a.href)[0]")
    assert target.endswith("/offices/shili/2023.html")
    chromium.open(folder / "offices/shili/2023.html")
    assert chromium.run("getComputedStyle(document.querySelector('main')).borderTopStyle") == "solid"
    assert chromium.run("[...document.querySelectorAll('.formats a')].length") == 2


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder below a path of a server on this machine; the address ends with a slash."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder.parent))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{folder.name}/"
        server.shutdown()


TYPE = """(text => new Promise(done => {{
  const box = document.getElementById("q");
  box.value = text;
  box.dispatchEvent(new KeyboardEvent("keydown", {{ bubbles: true }}));
  box.dispatchEvent(new InputEvent("input", {{ bubbles: true }}));
  const look = () => /^(找到|没有)/.test(document.getElementById("status").textContent)
    ? done([document.getElementById("status").textContent, document.getElementById("found").innerText]) : setTimeout(look, 10);
  setTimeout(look, 50);
}}))({text})"""


def typed(chromium: Browser, text: str) -> list[str]:
    """What is said and shown once somebody has typed this."""
    found: list[str] = chromium.run(TYPE.format(text=json.dumps(text)))
    return found


def comes(chromium: Browser, expression: str) -> bool:
    """Whether it comes true on the page that is shown. A page out of the browser's cache tells no end of its loading."""
    for _ in range(500):
        with suppress(AssertionError):  # the page that was asked has just gone
            if chromium.run(expression):
                return True
        time.sleep(0.02)
    return False


def test_readers_search_by_words_and_by_figures_from_a_folder_and_from_a_server(
    chromium: Browser, folder: Path
) -> None:
    with served(folder) as address:
        for root in (f"{folder.as_uri()}/", address):
            chromium.open(f"{root}search.html")
            # The index is loaded when somebody types.
            assert chromium.run("document.querySelectorAll('script[src*=\"search/\"]').length") == 0
            said, shown = typed(chromium, "收到申请 > 16")
            assert said == "找到2份报告。"
            assert "2023年年度报告" in shown
            assert "17" in shown
            assert typed(chromium, "新收 自然人 >= 1000")[0].startswith("没有找到")
            assert typed(chromium, "没有这一栏 > 3")[0].startswith("没有名为")
            said, shown = typed(chromium, "2020 政府信息")
            assert said == "找到1份报告。"
            assert chromium.run("document.querySelectorAll('#found mark').length") > 0
            assert "q=" in chromium.run("location.hash")
        # Somebody goes on to a report and comes back.
        asked = chromium.run("location.href")
        chromium.run("document.querySelector('#found a').click()")
        assert comes(chromium, "location.href.includes('/offices/shili/2020.html')")
        chromium.run("history.back()")
        assert comes(chromium, f"location.href === {json.dumps(asked)}")
        assert comes(chromium, "document.getElementById('q')?.value === '2020 政府信息'")


def test_tables_are_sorted_by_their_heads_and_read_without_scripts(chromium: Browser, project: Project) -> None:
    for year in (2020, 2022, 2023):
        finish(project, year)
    folder = build_site(project, select(project), project.root / "portal").folder
    first = "document.querySelector('table.sortable').tBodies[0].rows[0].cells[0].textContent.trim()"
    chromium.open(folder / "index.html")
    assert chromium.run(first) == "2023年"
    chromium.run("document.querySelector('table.sortable button.sort').click()")
    chromium.run("document.querySelector('table.sortable button.sort').click()")
    orders = {chromium.run(first)}
    chromium.run("document.querySelector('table.sortable button.sort').click()")
    orders.add(chromium.run(first))
    assert orders == {"2020年", "2023年"}
    chromium.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.open(folder / "index.html")
        assert chromium.run(first) == "2023年"
        assert chromium.run("document.querySelectorAll('button.sort').length") == 0
        chromium.open(folder / "search.html")
        assert chromium.run("document.querySelector('noscript') !== null")
    finally:
        chromium.call("Emulation.setScriptExecutionDisabled", value=False)


def test_print_has_the_heads_of_sorted_tables_and_no_controls(chromium: Browser, folder: Path) -> None:
    chromium.open(folder / "offices/shili/index.html")
    printed = words_of(chromium.pdf())
    assert "公布日期" in printed
    assert "↕" not in printed
    chromium.open(folder / "search.html")
    assert "全部年度" not in words_of(chromium.pdf())


def test_the_page_of_an_offices_years_has_two_pictures_a_line_on_a_phone_and_a_name_for_each(
    chromium: Browser, folder: Path
) -> None:
    chromium.open(folder / "offices/shili/compare.html", width=390)
    tops = chromium.run("[...document.querySelectorAll('.panels svg')].map(one => one.getBoundingClientRect().top)")
    assert len(tops) == 12
    assert tops[0] == tops[1] < tops[2]
    assert chromium.run(
        "[...document.querySelectorAll('.panels svg')].every(one => /2020年.*2023年/.test(one.ariaLabel))"
    )


def test_the_pictures_of_an_offices_years_name_each_year_and_their_words_are_no_larger_than_the_pages(
    chromium: Browser, folder: Path
) -> None:
    chromium.open(folder / "offices/shili/compare.html")
    words = "[...document.querySelectorAll('.panels text, .panels use')]"
    tallest = chromium.run(f"Math.max(...{words}.map(one => one.getBoundingClientRect().height))")
    assert 9 < tallest < 21
    years = words_of(chromium.pdf()).count("2023")
    assert years >= 12


def test_a_reader_with_a_keyboard_reaches_the_text_the_heads_and_the_search(chromium: Browser, folder: Path) -> None:
    chromium.open(folder / "index.html")
    reached = []
    for _ in range(12):
        for kind in ("keyDown", "keyUp"):
            chromium.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        reached.append(chromium.run("document.activeElement.className || document.activeElement.tagName"))
    assert reached[0] == "skip"
    assert {"INPUT", "BUTTON", "frame", "sort"} <= set(reached)
