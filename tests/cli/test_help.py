from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from nianbao.cli.commands import cli
from nianbao.cli.options import formats_named
from nianbao.errors import UnknownNameError
from nianbao.paths import Project
from nianbao.store import Store


def shown(*words: str, project: Path | None = None) -> str:
    place = ["--project", str(project)] if project else []
    result = CliRunner().invoke(cli, [*place, *words], standalone_mode=False, catch_exceptions=False)
    return result.output


def test_help_shows_a_page_or_a_commands_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert "clerks" in shown("help")
    assert shown("help", "analysts").startswith("# For those who make reports")
    assert "Usage: " in shown("help", "check")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert shown("help", "analysts").startswith("# 分析人员指南")
    with pytest.raises(UnknownNameError, match="是否指 'clerks'"):
        shown("help", "clrks")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell: str) -> None:
    assert "_NIANBAO_COMPLETE" in shown("completion", shell)


def test_the_doctor_says_what_to_do_about_each_thing(project: Project, tmp_path: Path) -> None:
    found = shown("doctor", project=project.root)
    for what in ("Python", "fonts", "LibreOffice", "Chromium", "free on the disk", "store", "versions", "packages"):
        assert what in found
    assert "✗" not in found
    assert "nianbao init" in shown("doctor", project=tmp_path.parent)


def test_the_store_is_pruned_to_the_size_asked_for(project: Project) -> None:
    shutil.rmtree(project.state / "store")
    entry = Store(project.state / "store").root / "steps" / "shili" / "2023" / "official" / "stitch"
    entry.parent.mkdir(parents=True)
    entry.write_bytes(b'{"format": 3}\n' + b"x" * 1000)
    assert shown("store", "prune", "--to", "1", project=project.root).startswith("0 results dropped")
    assert shown("store", "prune", project=project.root).startswith("1 results dropped")
    assert not entry.exists()


@pytest.mark.parametrize("given", ["html,pdf", "PDF,html", "html，pdf", "html、 pdf", "pdf;html"])
def test_formats_are_taken_in_capitals_and_with_the_marks_of_chinese(given: str) -> None:
    assert formats_named(given, ("html", "pdf", "docx"), ("docx",)) == ("html", "pdf")
