from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

import builders
from made_fonts import make_font
from nianbao.cli.fonts import command
from nianbao.paths import Project
from nianbao.section import display


def told(project: Project, *words: str) -> str:
    done = CliRunner().invoke(command, list(words), obj=project.root, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_without_an_office_it_tells_of_the_open_and_the_official_faces(project: Project) -> None:
    found = json.loads(told(project, "--format", "json"))
    assert [entry["declared"] for entry in found["fonts"]] == ["open", "official"]
    assert found["fonts"][0]["styles"]["body"]["faces"][0]["family"] == "Noto Serif SC"


def test_it_says_which_face_serves_which_style_and_why(project: Project) -> None:
    shown = told(project, "shili")
    assert shown.startswith("shili 2023, fonts: open")
    assert "text: Noto Serif SC (NotoSerifSC-Regular.otf)\n            the open package" in shown
    assert "make the report first: nianbao report shili 2023" in shown


def test_font_dir_names_the_offices_own_folder(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    make_font(folder, "仿宋_GB2312", "文")
    monkeypatch.setenv("FONT_DIR", str(folder))
    shown = told(project, "shili", "2023")
    assert "text: 仿宋_GB2312 (仿宋_GB2312.ttf)\n            the office's licensed face" in shown


def test_it_lists_the_characters_of_the_report_that_fall_back(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    make_font(folder, "Some Rare Face", "𠮷")
    monkeypatch.setenv("FONT_DIR", str(folder))
    made = project.outputs / "shili" / "2023" / "report.ipynb"
    made.parent.mkdir(parents=True)
    made.write_text(nbformat.writes(builders.stitched_notebook(extra=(display.text("刘𠮷"),))), "utf-8")
    (entry,) = json.loads(told(project, "shili", "2023", "--format", "json"))["fonts"]
    assert [(item["code"], item["style"], item["used"]) for item in entry["fallbacks"]] == [
        ("U+20BB7", "body", "Some Rare Face")
    ]
