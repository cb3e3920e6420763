"""The portal in a real browser: axe-core's verdict, phone and desktop, light and dark, from a folder."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_site import finish

from browser import CHROMIUM, Browser
from nianbao.paths import Project, select
from nianbao.site import build_site

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

PAGES = (
    "index.html",
    "offices/shili/index.html",
    "offices/shili/compare.html",
    "years/2023/index.html",
    "reports/shili/2023/index.html",
)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def axe() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or not found.submodule_search_locations:
        pytest.skip("axe-core is not installed (package axe-playwright-python)")
    return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8")


def test_axe_finds_nothing_on_any_kind_of_page_and_no_page_is_wider_than_a_phone(
    chromium: Browser, axe: str, project: Project
) -> None:
    for year in (2020, 2023):
        finish(project, year)
    folder = build_site(project, select(project), project.root / "portal").folder
    for name in PAGES:
        for width, dark in ((1280, False), (390, True)):
            chromium.open(folder / name, width=width, dark=dark)
            assert chromium.run("document.documentElement.scrollWidth <= window.innerWidth"), name
            chromium.run(f"{axe};0")
            wrong = chromium.run("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")
            assert wrong == [], name


def test_a_reader_comes_from_the_start_page_to_a_report_by_links_alone(chromium: Browser, project: Project) -> None:
    finish(project, 2023)
    folder = build_site(project, select(project), project.root / "portal").folder
    chromium.open(folder / "index.html")
    target = chromium.run("[...document.querySelectorAll('td a')].map(a => a.href)[0]")
    assert target.endswith("/reports/shili/2023/index.html")
    chromium.open(folder / "reports/shili/2023/index.html")
    assert chromium.run("getComputedStyle(document.querySelector('main')).borderTopStyle") == "solid"
    assert chromium.run("[...document.querySelectorAll('.formats a')].length") == 2
