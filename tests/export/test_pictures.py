"""What may stand in a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.errors import ExportError
from nianbao.export.pictures import safe_svg, svg_words

SPACE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


@pytest.mark.parametrize(
    ("inside", "gone"),
    [
        ("<script>alert(1)</script>", "alert"),
        ('<rect onclick="alert(1)"/>', "alert"),
        ('<image href="file.png"/>', "file.png"),
        ('<image xlink:href="https://example.invalid/x.png"/>', "example.invalid"),
        ('<a href="javascript:alert(1)"><text>字</text></a>', "javascript"),
        ("<foreignObject><b>x</b></foreignObject>", "foreignObject"),
        ('<use href="other.svg#x"/>', "other.svg"),
        ('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>', "svg+xml"),
    ],
)
def test_what_runs_or_comes_from_elsewhere_goes(inside: str, gone: str) -> None:
    assert gone not in safe_svg(f"<svg {SPACE}>{inside}</svg>".encode())


def test_shapes_words_and_embedded_pictures_stay() -> None:
    kept = safe_svg(
        f'<svg {SPACE}><defs><path id="p"/></defs><use xlink:href="#p"/><a href="x"><text>字</text></a>'
        '<image href="data:image/png;base64,AAAA"/></svg>'.encode()
    )
    assert all(part in kept for part in ('href="#p"', "<text>字</text>", "data:image/png;base64,AAAA"))


@pytest.mark.parametrize("broken", [b"<svg", b"", b"<html/>"])
def test_what_is_no_svg_is_refused(broken: bytes) -> None:
    with pytest.raises(ExportError, match="SVG"):
        safe_svg(broken)


def test_an_entity_is_not_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("机密", encoding="utf-8")
    entity = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    evil = f"{entity}<svg {SPACE}><text>&x;字</text></svg>".encode()
    assert "机密" not in safe_svg(evil)
    assert "机密" not in "".join(svg_words(evil))
