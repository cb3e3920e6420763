"""The preview as people see it, in a real browser: the page follows saves and keeps the reader's place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from running import running, soon

from browser import CHROMIUM, Browser
from nianbao.paths import Project

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium here"),
]
REPORT = "document.querySelector('iframe').contentDocument"
VIEW = "document.querySelector('iframe').contentWindow"


class Page:
    """A preview in the browser."""

    def __init__(self, project: Project, browser: Browser, address: str) -> None:
        self.project = project
        self.browser = browser
        self.address = address

    def run(self, script: str) -> Any:
        return self.browser.run(script)

    def soon(self, script: str, seconds: float = 60) -> Any:
        return soon(lambda: self.run(script), seconds)

    def settled(self) -> Any:
        """Wait until the last save is made and checked."""
        time.sleep(0.3)
        return self.soon("!document.querySelector('#status').classList.contains('busy')")

    def text(self, selector: str) -> str:
        return str(self.run(f"document.querySelector('{selector}').innerText"))


@pytest.fixture(scope="module")
def shown(stored_for: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One preview in one browser, for all tests."""
    folder = tmp_path_factory.mktemp("preview")
    project = stored_for(folder / "project")
    with running(project) as preview, Browser(folder / "browser") as browser:
        browser.look(width=1280, height=800)
        yield Page(project, browser, preview.address)
        assert preview.end().splitlines()[-1] == "预览已结束"


@pytest.fixture
def page(shown: Page) -> Iterator[Page]:
    """The preview opened anew; what a test changes is put back."""
    inputs = [path for folder in ("data", "notebooks") for path in (shown.project.root / folder).rglob("*.*")]
    before = {path: path.read_bytes() for path in inputs if path.is_file()}
    shown.browser.call("Page.navigate", url=shown.address)
    assert shown.soon("document.documentElement?.dataset.shown && document.querySelector('#findings li') !== null")
    assert shown.settled()
    yield shown
    for path, content in before.items():
        if path.read_bytes() != content:
            path.write_bytes(content)
    assert shown.settled()


def test_the_page_follows_a_save_and_keeps_the_place(page: Page) -> None:
    narrative = page.project.root / "data/shili/2023/narrative/01_overview.md"
    page.run(f"{VIEW}.scrollTo(0, {REPORT}.querySelectorAll('main table')[1].getBoundingClientRect().top)")
    place = "Math.round(document.querySelector('iframe').contentDocument.querySelectorAll('main table')[1].getBoundingClientRect().top)"
    before = page.run(place)
    narrative.write_text("新写在最前面的一段。\n\n" + narrative.read_text("utf-8"), "utf-8")
    assert page.soon(f"{REPORT}.body.textContent.includes('新写在最前面的一段。')")
    assert abs(page.run(place) - before) <= 1
    assert page.run(f"{VIEW}.scrollY") > 500


def test_a_traceback_stands_over_the_page_until_the_notebook_is_mended(page: Page) -> None:
    notebook = page.project.notebooks / "02_proactive.ipynb"
    good = notebook.read_text("utf-8")
    notebook.write_text(good.replace('"section.heading()"', '"section.heading()\\n", "wrong_name"'), "utf-8")
    assert page.soon("!document.querySelector('#error').hidden")
    assert "notebooks/02_proactive.ipynb，第5个单元格第2行" in page.text("#error")
    assert "----> 2 wrong_name" in page.text("#error pre")
    assert page.run(f"{REPORT}.querySelectorAll('main table').length") >= 3
    for width, dark in ((390, True), (1280, False)):  # axe would look at the report in its frame too: other tests do
        page.browser.look(width=width, dark=dark)
        assert page.browser.axe("{iframes: false}")[1] == []
        assert page.run("document.documentElement.scrollWidth") <= width
    notebook.write_text(good, "utf-8")
    assert page.soon("document.querySelector('#error').hidden")


def test_a_finding_leads_to_its_place(page: Page) -> None:
    table = page.project.root / "data/shili/2023/applications.csv"
    text = table.read_text("utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("processed,")]
    cells = line.split(",")
    table.write_text(text.replace(line, ",".join([*cells[:2], "7654", *cells[3:]])), "utf-8")
    assert page.soon("!document.querySelector('#ribbon').hidden")
    assert page.text("#ribbon").startswith("草稿：有")
    assert page.soon(f"{REPORT}.body.textContent.includes('7654')")
    assert page.settled()
    first = page.text("#findings li")
    assert "applications.csv:" in first
    assert page.run(f"{VIEW}.scrollY") == 0
    page.run("document.querySelector('#findings button').click()")
    column = f"[...{REPORT}.querySelectorAll('main table')[1].rows].map(row => row.cells[1].getBoundingClientRect())"
    assert page.soon(f"{column}.some(box => box.top > 0 && box.bottom < 700)", 10)


def test_tabs_show_the_pdf_and_the_workbook_and_follow_too(page: Page) -> None:
    page.run("document.querySelector('#tab-pdf').click()")
    assert page.soon("document.querySelector('#pdf img')?.naturalWidth > 1000")
    assert page.run("document.querySelectorAll('#pdf img').length") > 3
    first = page.run("document.querySelector('#pdf img').src")
    narrative = page.project.root / "data/shili/2023/narrative/01_overview.md"
    narrative.write_text("又一段。\n\n" + narrative.read_text("utf-8"), "utf-8")
    assert page.soon(f"document.querySelector('#pdf img').src !== '{first}'")
    page.run("document.querySelector('#tab-sheets').click()")
    assert page.soon("document.querySelectorAll('#sheets table').length >= 3")
    assert "行政规范性文件" in page.text("#sheets")


def test_a_link_of_the_report_to_another_format_opens_its_tab(page: Page) -> None:
    page.run(f"{REPORT}.querySelector('.formats a[href=\"report.pdf\"]').click()")
    assert page.run("!document.querySelector('#pdf').hidden")


def test_the_page_speaks_the_language_of_the_terminal_and_asks_nobody_else(page: Page) -> None:
    assert page.text("#tab-page") == "网页"
    assert page.text("#findings h2") == "检查结果"
    asked = page.run("performance.getEntriesByType('resource').map(entry => new URL(entry.name).host)")
    assert set(asked) <= {page.run("location.host")}
