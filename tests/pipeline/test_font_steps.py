"""The step that settles fonts: before any format, and the same for all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import builders
from made_fonts import make_font
from nianbao.errors import ExportError
from nianbao.export.document import Document, read_document
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline.options import Options
from nianbao.pipeline.runlog import RunLog
from nianbao.pipeline.steps import Steps
from nianbao.section import display
from nianbao.store import Store

KEY = ReportKey("shili", 2023)


def stitched(words: str, fonts: str = "open") -> Document:
    notebook = builders.stitched_notebook(extra=(display.text(words),))
    notebook.metadata["nianbao"]["fonts"] = fonts
    return read_document(notebook)


def steps(folder: Path, told: list[tuple[str, tuple[str, ...]]], font_dir: Path | None = None) -> Steps:
    options = Options(("html",), font_dir=font_dir)
    store = Store(folder / "store")
    return Steps(Project(folder), KEY, options, store, lambda name, why: told.append((name, why)), RunLog(KEY))


def test_rare_characters_of_names_are_in_the_open_fonts(tmp_path: Path) -> None:
    made = steps(tmp_path, [])
    fonts = made.fonts(stitched("朱镕、刘燊、龚䶮"))
    assert made.fallbacks(stitched("朱镕、刘燊、龚䶮"), fonts) == []
    assert {entry["file"] for entry in fonts["files"]} == {"NotoSansSC-Regular.otf", "NotoSerifSC-Regular.otf"}


@pytest.mark.parametrize("character", ["😀", "\ue000", "𠮷"])
def test_a_character_that_no_font_has_ends_the_run_before_any_format(tmp_path: Path, character: str) -> None:
    made = steps(tmp_path, [])
    report = stitched(f"公开{character}信息")
    fonts = made.fonts(report)
    with pytest.raises(ExportError, match=rf"{character} \(U\+{ord(character):04X}\)") as caught:
        made.fallbacks(report, fonts)
    assert caught.value.where == "六、其他需要报告的事项, block 2"


def test_the_next_run_recalls_what_was_settled(tmp_path: Path) -> None:
    told: list[tuple[str, tuple[str, ...]]] = []
    report = stitched("朱镕")

    def settled() -> tuple[object, object]:
        made = steps(tmp_path, told)
        fonts = made.fonts(report)
        return fonts, made.fallbacks(report, fonts)

    first = settled()
    told.clear()
    assert settled() == first
    assert [why for _, why in told] == [(), (), ()]


def test_a_fallback_is_told_and_kept_for_the_manifest(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    make_font(own, "Some Rare Face", "𠮷")
    told: list[tuple[str, tuple[str, ...]]] = []
    made = steps(tmp_path, told, own)
    fonts = made.fonts(stitched("刘𠮷"))
    (words,) = made.fallbacks(stitched("刘𠮷"), fonts)
    assert words.endswith("𠮷 (U+20BB7) is not in Noto Serif SC; Some Rare Face is used")
    assert ("font fallback", (words,)) in told
    assert str(tmp_path) not in str(fonts)


def test_another_font_in_the_offices_folder_sets_the_pdf_again(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    make_font(own, "FangSong_GB2312", "文字")
    told: list[tuple[str, tuple[str, ...]]] = []
    made = steps(tmp_path, told, own)
    report = stitched("文字")
    made.exported(report, "pdf", made.fonts(report))
    make_font(own, "FangSong_GB2312", "文")
    told.clear()
    made.exported(report, "pdf", made.fonts(report))
    why = dict(told)["export pdf"]
    assert why == ("changed: font FangSong_GB2312 (FangSong_GB2312.ttf)",)
