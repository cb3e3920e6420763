"""What finished reports look like: small grey pictures of their pages, and how far two of them are apart."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from browser import Browser, pinned_fonts

SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")

_PAGE_WIDTH = 150  # pixels of a page on a sheet
_SCREEN_WIDTH = 300  # pixels of a web page, however wide its window
_ACROSS = 5  # pages beside each other
_GREYS = 17  # every 17th grey is kept: small files, and nothing of note is lost
_BLOCK = 10  # pixels


def pages_of(pdf: bytes, width: int = _PAGE_WIDTH) -> list[Image.Image]:
    """The pages of a PDF as small grey pictures."""
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        drawn = page.render(scale=3 * width / page.get_width(), grayscale=True).to_pil().convert("L")
        pages.append(drawn.resize((width, round(width * drawn.height / drawn.width)), Image.Resampling.LANCZOS))
    document.close()
    return pages


def sheet_of(pdf: bytes) -> Image.Image:
    """All pages of a PDF on one picture."""
    pages = pages_of(pdf)
    width, height = pages[0].size
    rows = -(-len(pages) // _ACROSS)
    sheet = Image.new("L", (min(len(pages), _ACROSS) * (width + 2), rows * (height + 2)), 119)
    for index, page in enumerate(pages):
        sheet.paste(page, (index % _ACROSS * (width + 2), index // _ACROSS * (height + 2)))
    return plain(sheet)


def screen_of(browser: Browser, page: Path, window: int) -> Image.Image:
    """A web page in a window of that width, from top to bottom."""
    browser.open(page, width=window)
    drawn = Image.open(io.BytesIO(browser.screenshot())).convert("L")
    return plain(drawn.resize((_SCREEN_WIDTH, round(_SCREEN_WIDTH * drawn.height / drawn.width))))


def plain(picture: Image.Image) -> Image.Image:
    """The picture in few greys, as it is kept."""
    return Image.fromarray((np.asarray(picture) // _GREYS * _GREYS).astype(np.uint8))


def apart(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """How far two pictures of one size are apart, of 255: on the whole, and where they differ most."""
    difference = np.abs(np.asarray(one, dtype=float) - np.asarray(other, dtype=float))
    rows, columns = (side // _BLOCK * _BLOCK for side in difference.shape)
    blocks = difference[:rows, :columns].reshape(rows // _BLOCK, _BLOCK, columns // _BLOCK, _BLOCK).mean(axis=(1, 3))
    return float(difference.mean()), float(blocks.max())


def ink(page: Image.Image, rows: int = 6, columns: int = 3) -> np.ndarray:
    """The share of ink in each part of a page: its coarse layout, whatever program drew it."""
    dark = 1 - np.asarray(page.resize((columns * 20, rows * 20)), dtype=float) / 255
    shares: np.ndarray = dark.reshape(rows, 20, columns, 20).mean(axis=(1, 3))
    return shares


def by_libreoffice(folder: Path, *documents: Path) -> list[Path]:
    """Documents as LibreOffice prints them, with the pinned fonts and no others; their names must differ."""
    return converted(folder, "pdf", *documents, FONTCONFIG_FILE=str(pinned_fonts(folder / "fonts")))


def converted(folder: Path, kind: str, *documents: Path, **environment: str) -> list[Path]:
    """Documents as LibreOffice, started once, saves them in another kind (pdf, xlsx …); their names must differ."""
    out = folder / "converted"
    call = [
        str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
        "--convert-to", kind, "--outdir", str(out), *map(str, documents),
    ]  # fmt: skip
    assert all(document.is_file() for document in documents)  # LibreOffice says nothing of what is not there
    subprocess.run(call, check=True, capture_output=True, timeout=180, env={**os.environ, **environment})
    return [out / f"{document.stem}.{kind.partition(':')[0]}" for document in documents]
