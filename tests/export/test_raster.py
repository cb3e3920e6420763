from __future__ import annotations

import struct

import pytest

from nianbao.errors import ExportError
from nianbao.export.docx_xml import png_of_svg


def drawing(inner: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="96" height="48" viewBox="0 0 96 48">{inner}</svg>'.encode()


def test_a_figure_has_150_pixels_an_inch_and_always_the_same_bytes():
    svg = drawing('<rect width="30" height="20" fill="#336699"/>')
    image = png_of_svg(svg, alt="柱")
    assert struct.unpack(">II", image[16:24]) == (150, 75)
    assert image == png_of_svg(svg, alt="柱")


@pytest.mark.parametrize("family", ["sans-serif", "DejaVu Sans", "Noto Sans SC", "'No Such Face', serif"])
def test_chinese_words_are_drawn_whatever_face_the_figure_asks_for(family):
    words = f'<text x="2" y="20" font-size="16" font-family="{family}">办结</text>'
    assert png_of_svg(drawing(words), alt="字") != png_of_svg(drawing(""), alt="字")


def test_a_figure_that_cannot_be_drawn_is_named():
    with pytest.raises(ExportError, match="各年度柱状图"):
        png_of_svg(b"<svg", alt="各年度柱状图")
