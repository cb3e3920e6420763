"""The step that settles fonts: before any format, and the same for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import builders
from made_fonts import make_font
from nianbao.errors import ExportError
from nianbao.export.document import Document, read_document
from nianbao.model import Options
from nianbao.section import display
from pipeline.looking import values_of


def stitched(words: str, fonts: str = "open") -> Document:
    notebook = builders.stitched_notebook(extra=(display.text(words),))
    notebook.metadata["nianbao"]["fonts"] = fonts
    return read_document(notebook)


def settled(
    folder: Path, document: Document, *more: str, font_dir: Path | None = None, told: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The values of the steps that settle fonts; what was told of each goes into ``told``."""
    told = {} if told is None else told
    options = Options(("pdf",), font_dir=font_dir)
    return values_of(folder, options, document, told.__setitem__, "fonts", "glyphs", *more)


def test_rare_characters_of_names_are_in_the_open_fonts(tmp_path: Path) -> None:
    values = settled(tmp_path, stitched("朱镕、刘燊、龚䶮"))
    assert values["glyphs"] == []
    files = {entry["file"] for entry in values["fonts"]["files"]}
    assert files == {"NotoSansSC-Regular.otf", "NotoSerifSC-Regular.otf"}


@pytest.mark.parametrize("character", ["😀", "\ue000", "𠮷"])
def test_a_character_that_no_font_has_ends_the_run_before_any_format(tmp_path: Path, character: str) -> None:
    with pytest.raises(ExportError, match=rf"{character} \(U\+{ord(character):04X}\)") as caught:
        settled(tmp_path, stitched(f"公开{character}信息"), "export pdf")
    assert caught.value.where == "六、其他需要报告的事项, block 2"


def test_the_next_run_recalls_what_was_settled(tmp_path: Path) -> None:
    first = settled(tmp_path, stitched("朱镕"))
    told: dict[str, Any] = {}
    assert settled(tmp_path, stitched("朱镕"), told=told) == first
    assert told == {"document": (), "fonts": (), "glyphs": ()}


def test_a_fallback_is_found_and_names_no_folder(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    make_font(own, "Some Rare Face", "𠮷")
    values = settled(tmp_path, stitched("刘𠮷"), font_dir=own)
    (words,) = values["glyphs"]
    assert words.endswith("𠮷 (U+20BB7) is not in Noto Serif SC; Some Rare Face is used")
    assert str(tmp_path) not in str(values["fonts"])


def test_another_font_in_the_offices_folder_sets_the_pdf_again(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    make_font(own, "FangSong_GB2312", "文字")
    settled(tmp_path, stitched("文字"), "export pdf", font_dir=own)
    make_font(own, "FangSong_GB2312", "文")
    told: dict[str, Any] = {}
    settled(tmp_path, stitched("文字"), "export pdf", font_dir=own, told=told)
    assert told["export pdf"] == ("changed: font FangSong_GB2312 (FangSong_GB2312.ttf)",)
