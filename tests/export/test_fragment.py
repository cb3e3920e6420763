"""The fragment for content management systems: what of it stays when they have stripped what they strip."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from lxml import html
from nbconvert.exporters import get_exporter
from PIL import Image
from test_html import CHART

from browser import CHROMIUM, Browser
from builders import stitched_notebook
from nianbao.export import export
from nianbao.export.document import read_document

NOTEBOOK = stitched_notebook(profile="illustrated", svg=CHART)
PAGE = '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body style="width:820px">{}</body></html>'


def stripped(source: str, *, styles: bool) -> str:
    """What a content management system keeps; with ``styles`` it keeps inline styles too."""
    source = re.sub(r"(?s)<(style|svg|script)\b.*?</\1>", "", source)
    return re.sub(r' (?:class|id)="[^"]*"' if styles else r' (?:class|id|style)="[^"]*"', "", source)


def test_a_fragment_holds_nothing_that_systems_strip_and_its_pictures_are_beside_it() -> None:
    page, picture = export(read_document(NOTEBOOK), "fragment")
    source = page.content.decode()
    assert stripped(source, styles=True) == source
    root = html.fromstring(f"<div>{source}</div>")
    (image,) = root.iter("img")
    assert (image.get("src"), image.get("alt")) == (picture.name, "各年度申请办理结果柱状图")
    assert Image.open(io.BytesIO(picture.content)).format == "PNG"
    assert [heading.text for heading in root.iter("h2")][1] == "二、主动公开政府信息情况"
    assert "一、本年新收政府信息公开申请数量" in root.text_content()
    content, resources = get_exporter("nianbao-fragment")().from_notebook_node(NOTEBOOK)
    assert (content, resources["outputs"]) == (page.content, {picture.name: picture.content})
    assert resources["output_extension"] == ".fragment.html"


LOOKS = """[...document.querySelectorAll("table")].map(table => {
  const value = [...table.rows].at(-1).cells, last = value[value.length - 1], label = table.querySelector("th[scope=row]");
  const style = getComputedStyle(last), mid = getComputedStyle(label || last);
  return [style.borderTopWidth, style.borderTopStyle, style.textAlign.replace("-webkit-", ""),
    mid.textAlign.replace("-webkit-", ""), getComputedStyle(table).borderCollapse,
    Math.round(table.getBoundingClientRect().width), last.getBoundingClientRect().width > 15];
})"""


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("styles", [True, False], ids=["styles kept", "styles stripped"])
def test_what_is_pasted_has_borders_alignment_and_widths_in_a_browser(tmp_path: Path, styles: bool) -> None:
    for file in export(read_document(NOTEBOOK), "fragment"):
        (tmp_path / file.name).write_bytes(file.content)
    fragment = (tmp_path / "report.fragment.html").read_text("utf-8")
    (tmp_path / "pasted.html").write_text(PAGE.format(stripped(fragment, styles=styles)), "utf-8")
    with Browser(tmp_path / "profile") as chromium:
        chromium.open(tmp_path / "pasted.html")
        looks = chromium.run(LOOKS)
        assert len(looks) == 3
        for look in looks:
            assert look[0:3] == ["1px", "solid", "center"]
            assert look[4:] == ["collapse", 820, True]
        assert looks[1][3] == "left"
        loaded = "[...document.images].map(image => [image.naturalWidth > 100, image.width <= 760])"
        assert chromium.run(loaded) == [[True, True]]
        picture = Image.open(io.BytesIO(chromium.screenshot())).convert("L")
    # In the picture too: lines that are dark all along the width of the tables.
    rows = [picture.crop((8, y, 820, y + 1)) for y in range(picture.height)]
    assert sum(sum(row.histogram()[:140]) > 700 for row in rows) > 20
