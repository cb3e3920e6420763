"""The reports look as the kept pictures do (tests/pictures/).

After a change that is meant, look at the new ones and keep them:
``PYTHONPATH=src:tests python tests/test_pictures.py --renew``
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from browser import CHROMIUM, Browser
from finished import VARIANTS, Finished, Variant
from looks import apart, by_libreoffice, ink, needs_soffice, pages_of, screen_of, sheet_of
from nianbao.paths import Project

pytestmark = pytest.mark.slow

KEPT = Path(__file__).parent / "pictures"
# Windows of the web page in pixels: a desktop's for each report, a phone's for the one with the most in it.
WINDOWS = [*((variant, 1280) for variant in VARIANTS), (Variant("shili", 2023, "illustrated"), 390)]
RENEW = "if the change is meant: PYTHONPATH=src:tests python tests/test_pictures.py --renew"


def kept(name: str) -> Image.Image:
    path = KEPT / f"{name}.png"
    assert path.is_file(), f"no picture {path.name} is kept; {RENEW}"
    return Image.open(path)


def compare(found: Image.Image, name: str, *, whole: float, worst: float, folder: Path) -> None:
    """Fail where the pictures differ by more than another version of a renderer would make them."""
    wanted = kept(name)
    found.save(folder / f"{name}.png")
    assert abs(found.height - wanted.height) <= wanted.height * 0.01, (
        f"{name} is {found.size}, not {wanted.size}; {RENEW}"
    )
    mean, most = apart(found.resize(wanted.size), wanted)
    assert mean <= whole and most <= worst, f"{name} differs ({mean:.2f}, {most:.1f}): see {folder}; {RENEW}"  # noqa: PT018


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def test_each_page_of_the_pdf_looks_as_it_did(finished: Finished, variant: Variant, tmp_path: Path) -> None:
    found = sheet_of(finished.content(variant, "report.pdf"))
    compare(found, f"{variant}-pdf", whole=1.5, worst=40, folder=tmp_path)


@pytest.mark.parametrize(("variant", "window"), WINDOWS, ids=str)
def test_the_web_page_looks_as_it_did(
    finished: Finished, chromium: Browser, variant: Variant, window: int, tmp_path: Path
) -> None:
    found = screen_of(chromium, finished.folder(variant) / "report.html", window)
    compare(found, f"{variant}-{window}", whole=4, worst=90, folder=tmp_path)


@needs_soffice
def test_the_docx_has_the_pages_of_the_pdf_in_libreoffice(finished: Finished, tmp_path: Path) -> None:
    variants = [variant for variant in VARIANTS if variant.office == "shili" or variant.profile == "official"]
    documents = [shutil.copy(finished.folder(one) / "report.docx", tmp_path / f"{one}.docx") for one in variants]
    for variant, printed in zip(variants, by_libreoffice(tmp_path, *documents), strict=True):
        word = pages_of(printed.read_bytes(), 90)
        pdf = pages_of(finished.content(variant, "report.pdf"), 90)
        # Another version breaks a line here and there; the pages and what stands on them stay.
        assert abs(len(word) - len(pdf)) <= 1, variant
        if len(word) == len(pdf):
            differing = [np.abs(ink(one) - ink(other)).mean() for one, other in zip(word, pdf, strict=True)]
            assert np.mean(differing) < 0.03, (variant, differing)
            assert max(differing) < 0.12, (variant, differing)


def test_another_picture_is_not_taken_for_the_same(tmp_path: Path) -> None:
    name = f"{VARIANTS[0]}-pdf"
    changed = kept(name).copy()
    changed.paste(0, (40, 60, 70, 80))
    with pytest.raises(AssertionError, match="differs"):
        compare(changed, name, whole=1.5, worst=40, folder=tmp_path)


def test_the_kept_pictures_are_small_and_each_is_looked_at() -> None:
    names = {f"{variant}-pdf" for variant in VARIANTS} | {f"{variant}-{window}" for variant, window in WINDOWS}
    assert {path.stem for path in KEPT.iterdir()} == names
    assert sum(path.stat().st_size for path in KEPT.iterdir()) < 1_500_000


def renew() -> None:
    """Make the reports and keep what they look like now."""
    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        finished = Finished(Path(scratch) / "finished")
        finished.make(Project(Path(__file__).resolve().parent.parent))
        for variant in VARIANTS:
            sheet_of(finished.content(variant, "report.pdf")).save(KEPT / f"{variant}-pdf.png", optimize=True)
        with Browser(Path(scratch) / "profile") as browser:
            for variant, window in WINDOWS:
                page = finished.folder(variant) / "report.html"
                screen_of(browser, page, window).save(KEPT / f"{variant}-{window}.png", optimize=True)


if __name__ == "__main__":
    if sys.argv[1:] != ["--renew"]:
        sys.exit(__doc__)
    renew()
