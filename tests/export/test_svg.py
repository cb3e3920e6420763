import re

import pytest
from lxml import etree

from nianbao.errors import ExportError
from nianbao.export.pictures import clean_svg

HOSTILE = """<?xml version="1.0"?>
<!DOCTYPE svg [<!ENTITY boom "bang"><!ENTITY file SYSTEM "file:///etc/hostname">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200pt" height="100pt"
     onload="alert(1)" xml:base="https://evil.invalid/">
  <script>alert(2)</script><SCRIPT>alert(3)</SCRIPT>
  <foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="alert(4)"/></body></foreignObject>
  <style>@import url(https://evil.invalid/a.css); * {stroke-linecap: butt} .a, #bar {fill: #123; behavior: url(x)}
    @font-face {font-family: x; src: url(https://evil.invalid/f)} .b {fill: url(https://evil.invalid/p)}</style>
  <a xlink:href="javascript:alert(5)"><rect id="bar" class="a" width="5" height="5" style="fill: red; position: fixed;
     background: url(https://evil.invalid/t); clip-path: url(#cut)" ONCLICK="alert(6)"/></a>
  <set attributeName="href" to="javascript:alert(7)"/><animate attributeName="x" onbegin="alert(8)"/>
  <use xlink:href="https://evil.invalid/sprite.svg#x"/><use href="#bar"/>
  <image href="data:image/svg+xml;base64,PHN2Zz4="/>
  <image href="data:image/png;base64,iVBORw0KGgo="/><clipPath id="cut"><rect width="1" height="1"/></clipPath>
  <circle r="3" fill="url(https://evil.invalid/paint)" stroke="u\\72l(https://evil.invalid/x)"/>
  <text x="1" y="2">收到申请 &lt;b&gt; &boom;&file;</text>
</svg>""".encode()


@pytest.fixture(scope="module")
def cleaned() -> str:
    return clean_svg(HOSTILE).decode()


@pytest.mark.parametrize(
    "trace",
    ["script", "alert", "evil", "foreignObject", "javascript", "onload", "onclick", "<a", "<set", "<animate", "@",
     "svg+xml", "position", "behavior", "DOCTYPE", "ENTITY", "bang", "xml:base"],
)  # fmt: skip
def test_nothing_that_could_run_or_fetch_passes(cleaned: str, trace: str):
    assert trace.lower() not in cleaned.lower()


def test_what_is_drawn_stays(cleaned: str):
    assert "收到申请 &lt;b&gt;" in cleaned
    assert "data:image/png;base64,iVBORw0KGgo=" in cleaned
    assert "stroke-linecap: butt" in cleaned
    assert cleaned.count("<rect") == 2


def test_ids_and_their_references_are_the_pictures_own(cleaned: str):
    ids = re.findall(r'\bid="([^"]+)"', cleaned)
    own = ids[0].removesuffix("root")
    assert len(set(ids)) == len(ids) == 3
    assert all(name.startswith(own) for name in ids)
    assert f'href="#{own}bar"' in cleaned
    assert f"clip-path: url(#{own}cut)" in cleaned


def test_a_style_sheet_reaches_no_further_than_its_picture(cleaned: str):
    sheet = re.search(r"<style>(.*?)</style>", cleaned, re.DOTALL)
    assert sheet
    for rule in sheet[1].splitlines():
        assert all(re.match(r"#s[0-9a-f]{8}-root ", selector.strip()) for selector in rule.split("{")[0].split(","))


def test_a_prefix_is_used_as_given_and_without_one_the_content_makes_it():
    assert b'id="fig1-bar"' in clean_svg(HOSTILE, "fig1-")
    other = HOSTILE.replace("收到".encode(), "办理".encode())
    assert clean_svg(HOSTILE).split(b"root")[0] != clean_svg(other).split(b"root")[0]


def test_the_same_picture_is_cleaned_to_the_same_bytes_and_cleaning_again_is_safe():
    once = clean_svg(HOSTILE, "a-")
    assert once == clean_svg(HOSTILE, "a-")
    assert etree.fromstring(clean_svg(once, "b-")).tag == "{http://www.w3.org/2000/svg}svg"


def test_a_picture_without_a_view_box_gets_one_from_its_size(cleaned: str):
    assert 'viewBox="0 0 200 100"' in cleaned


def test_an_svg_without_its_namespace_is_read_as_svg():
    assert clean_svg(b'<svg><rect width="1" height="1"/></svg>', "a-") == (
        b'<svg xmlns="http://www.w3.org/2000/svg" id="a-root"><rect width="1" height="1"/></svg>'
    )


@pytest.mark.parametrize("data", [b"", b"no markup", b"<svg", b"<html><body/></html>"])
def test_what_is_no_svg_is_an_error_that_says_so(data: bytes):
    with pytest.raises(ExportError, match=r"no (valid )?SVG"):
        clean_svg(data)
