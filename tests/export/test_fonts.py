"""Which font serves which style, and what happens where one lacks a character."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import builders
from made_fonts import make_font
from nianbao.errors import ExportError, UsageError
from nianbao.export.document import Document, read_document
from nianbao.export.fonts import OFFICIAL, Role, resolve
from nianbao.export.glyphs import check_glyphs, coverage
from nianbao.section import display

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20">{}</text></svg>'
OPEN_FILES = {"NotoSansSC-Regular.otf", "NotoSerifSC-Regular.otf"}


def document(*extra: display.Display, fonts: object = "open") -> Document:
    notebook = builders.stitched_notebook(extra=extra)
    notebook.metadata["nianbao"]["fonts"] = fonts
    return read_document(notebook)


def test_by_default_the_open_package_serves_and_nothing_else() -> None:
    fonts = resolve(document().fonts)
    assert {face.path.name for choice in fonts.choices for face in choice.faces} == OPEN_FILES
    assert fonts.missing == ()
    assert fonts.choice(Role.HEADING1).faces[0].name == "Noto Sans SC"
    assert fonts.choice(Role.BODY).faces[0].name == "Noto Serif SC"


def test_every_role_has_a_choice_that_ends_with_the_open_package(tmp_path: Path) -> None:
    make_font(tmp_path, "FangSong_GB2312", "文")
    for choice in resolve("official", tmp_path).choices:
        assert {face.path.name for face in choice.faces[-2:]} == OPEN_FILES


def test_an_offices_licensed_face_serves_before_the_systems(tmp_path: Path) -> None:
    make_font(tmp_path, "FangSong", "文")
    make_font(tmp_path, "FangSong_GB2312", "文")
    names = [face.name for face in resolve("official", tmp_path).choice(Role.BODY).faces]
    assert names[:2] == ["FangSong_GB2312", "FangSong"]


def test_the_reason_names_the_faces_that_are_not_installed(tmp_path: Path) -> None:
    make_font(tmp_path, "FangSong", "文")
    fonts = resolve("official", tmp_path)
    assert fonts.choice(Role.BODY).reason == "comes with the system; not installed: 仿宋_GB2312"
    assert "仿宋_GB2312" in fonts.missing


def test_a_folder_of_fonts_alone_asks_for_the_official_faces(tmp_path: Path) -> None:
    make_font(tmp_path, "KaiTi_GB2312", "文")
    fonts = resolve("open", tmp_path)
    assert fonts.choice(Role.HEADING2).faces[0].name == "KaiTi_GB2312"


def test_a_list_puts_its_families_first_and_says_so(tmp_path: Path) -> None:
    make_font(tmp_path, "FangSong_GB2312", "文")
    make_font(tmp_path, "Our Own Song", "文")
    fonts = resolve(("Our Own Song",), tmp_path)
    assert fonts.choice(Role.BODY).faces[0].name == "Our Own Song"
    assert fonts.choice(Role.BODY).faces[1].name == "FangSong_GB2312"
    assert fonts.choice(Role.BODY).reason == "named in the parameters"


def test_a_family_of_the_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    fonts = resolve(("No Such Family",), tmp_path)
    assert fonts.missing[0] == "No Such Family"
    assert "No Such Family" in fonts.missing


def test_a_folder_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        resolve("official", tmp_path / "none")


def test_the_manifest_has_digests_and_no_paths(tmp_path: Path) -> None:
    path = make_font(tmp_path, "FangSong_GB2312", "文")
    value = resolve("official", tmp_path).to_json()
    (first, *_) = value["roles"]["body"]
    assert first["file"] == path.name
    assert len(first["sha256"]) == 64
    assert str(tmp_path) not in str(value)


def test_a_changed_font_file_changes_the_manifest(tmp_path: Path) -> None:
    make_font(tmp_path, "FangSong_GB2312", "文")
    fonts = resolve("official", tmp_path)
    before = fonts.to_json()
    make_font(tmp_path, "FangSong_GB2312", "文字")
    assert fonts.to_json() != before


@pytest.mark.parametrize("chars", ["文字A", "文字A\U00020000", "\U00020000"])
def test_the_characters_of_a_face_are_those_that_fonttools_finds(tmp_path: Path, chars: str) -> None:
    make_font(tmp_path, "FangSong_GB2312", chars)
    face = resolve("official", tmp_path).choice(Role.BODY).faces[0]
    assert face.name == "FangSong_GB2312"
    assert coverage(face) == {ord(char) for char in chars}


def test_the_characters_of_the_open_faces_are_those_that_fonttools_finds() -> None:
    for role in (Role.BODY, Role.FIGURE):
        face = resolve("open").choice(role).faces[0]
        with TTFont(face.path) as font:
            assert coverage(face) == set(font.getBestCmap())


def test_a_character_that_the_face_lacks_falls_back_and_is_reported_once(tmp_path: Path) -> None:
    covered = coverage(resolve("open").choice(Role.BODY).faces[0])
    make_font(tmp_path, "FangSong_GB2312", "".join(chr(code) for code in sorted(covered) if chr(code) not in "镕燊"))
    asked = document(display.text("局长朱镕、刘燊；朱镕。"), fonts="official")
    found = check_glyphs(asked, resolve(asked.fonts, tmp_path))
    assert [(item.char, item.wanted, item.used) for item in found if item.role is Role.BODY] == [
        ("镕", "FangSong_GB2312", "Noto Serif SC"),
        ("燊", "FangSong_GB2312", "Noto Serif SC"),
    ]
    assert (
        found[0].words
        == "六、其他需要报告的事项, block 2: 镕 (U+9555) is not in FangSong_GB2312; Noto Serif SC is used"
    )


def test_names_with_rare_characters_need_no_fallback_by_default() -> None:
    asked = document(display.text("朱镕、刘燊、䶮"))
    assert check_glyphs(asked, resolve(asked.fonts)) == ()


@pytest.mark.parametrize(
    ("shown", "where"),
    [
        (display.text("甲\ue000"), "六、其他需要报告的事项, block 2"),
        (display.heading("（一）\ue000", 2), "the heading '（一）\\ue000'"),
        (display.closing("\ue000"), "the closing"),
        (display.text("- 甲\n- \ue000"), "六、其他需要报告的事项, block 2, item 2"),
        (display.text("|甲|乙|\n|-|-|\n|1|\ue000|"), "六、其他需要报告的事项, table row 2, column 2"),
        (
            display.picture('<svg xmlns="http://www.w3.org/2000/svg"><text>\ue000</text></svg>', "图"),
            "cell 15, the picture “图”",
        ),
    ],
)
def test_a_character_that_no_font_has_is_named_with_its_place(shown: display.Display, where: str) -> None:
    asked = document(shown)
    with pytest.raises(ExportError, match=r"\(U\+E000\)") as caught:
        check_glyphs(asked, resolve(asked.fonts))
    assert caught.value.where == where


def test_any_font_in_the_offices_folder_serves_a_character_that_nothing_else_has(tmp_path: Path) -> None:
    make_font(tmp_path, "Some Rare Face", "𠮷")
    asked = document(display.text("刘𠮷"))
    (found,) = check_glyphs(asked, resolve(asked.fonts, tmp_path))
    assert (found.char, found.wanted, found.used) == ("𠮷", "Noto Serif SC", "Some Rare Face")
    picture = display.picture(SVG.format("刘𠮷"), "图")
    notebook = builders.stitched_notebook(extra=(display.text("刘𠮷"), picture))
    assert b"SomeRareFace" in builders.made(notebook, "pdf", tmp_path)
    assert builders.made(notebook, "docx", tmp_path)


def test_the_exporter_sets_with_the_offices_folder(tmp_path: Path) -> None:
    make_font(tmp_path, "FangSong_GB2312", "适时更新政府信息公开指南。")
    notebook = builders.stitched_notebook()
    assert b"FangSong_GB2312" in builders.made(notebook, "pdf", tmp_path)
    assert b"FangSong_GB2312" not in builders.made(notebook, "pdf")


def test_no_family_is_listed_twice() -> None:
    names = [name for family in OFFICIAL for name in (family.name, *family.names)]
    assert len(names) == len(set(names))
