"""``nianbao take``: what it prints, writes and exits with."""

from __future__ import annotations

import json
from pathlib import Path

from command_line import nianbao
from nianbao.errors import ExitCode
from nianbao.export import export
from nianbao.model import Options
from nianbao.paths import Project
from nianbao.pipeline import printed_document
from word_desk import Desk

OTHER = "data/panzhihua/2023/narrative/06_other.md"


def _desk(project: Project, folder: Path) -> Desk:
    document = printed_document(project, project.key("panzhihua", 2023), Options(), lambda *_: None)
    return Desk(project, export(document, "docx")[0].content, folder)


def test_it_writes_only_when_asked_and_keeps_encoding_and_line_ends(project: Project, tmp_path: Path) -> None:
    path = project.root / OTHER
    old = "{{ year }}年，本机关未收取信息处理费。\r\n\r\n无其他事项。\r\n".encode("gb18030")
    path.write_bytes(old)
    desk = _desk(project, tmp_path)
    desk.replace("未收取信息处理费", "没有收取信息处理费")
    file = str(desk.saved())
    shown = nianbao(project, "take", "panzhihua", "2023", file)
    assert shown.returncode == ExitCode.DONE, shown.stderr
    assert "+{{ year }}年，本机关没有收取信息处理费。" in shown.stdout
    assert path.read_bytes() == old
    written = nianbao(project, "take", "panzhihua", "2023", file, "--write", "--format", "json")
    assert json.loads(written.stdout)["written"]
    assert path.read_bytes() == old.decode("gb18030").replace("未收取", "没有收取").encode("gb18030")


def test_what_is_left_to_do_exits_1_and_another_report_is_refused(project: Project, tmp_path: Path) -> None:
    desk = _desk(project, tmp_path)
    desk.replace("办结14件", "办结15件")
    file = str(desk.saved())
    left = nianbao(project, "take", "panzhihua", "2023", file)
    assert left.returncode == ExitCode.FINDINGS
    assert "applications.processed.total，请改 data/panzhihua/2023/applications.csv:" in left.stdout
    english = nianbao(project, "take", "panzhihua", "2023", file, "--lang", "en")
    assert "is written by a reference: applications.processed.total: change data/panzhihua" in english.stdout
    tools = [
        json.loads(nianbao(project, *words, "--format", "json").stdout) for words in (left.args[5:], english.args[5:])
    ]
    assert tools[0] == tools[1]
    other = nianbao(project, "take", "shili", "2023", file)
    assert other.returncode == ExitCode.USAGE
    assert "不是示例市人民政府办公室2023年的年度报告" in other.stderr
    (tmp_path / "x.docx").write_text("不是文档")
    none = nianbao(project, "take", "panzhihua", "2023", str(tmp_path / "x.docx"))
    assert (none.returncode, "不是 .docx 文件" in none.stderr) == (ExitCode.USAGE, True)
    (tmp_path / "x.docx").write_bytes(Path(file).read_bytes()[:2000])
    assert nianbao(project, "take", "panzhihua", "2023", str(tmp_path / "x.docx")).returncode == ExitCode.FINDINGS


def test_a_save_without_an_edit_says_so_and_writes_nothing(project: Project, tmp_path: Path) -> None:
    folder = project.narrative_of(project.key("panzhihua", 2023))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    desk = _desk(project, tmp_path)
    desk.word.sections[0].left_margin += 36000
    for paragraph in desk.word.paragraphs:
        paragraph.paragraph_format.space_after = 0
    shown = nianbao(project, "take", "panzhihua", "2023", str(desk.saved()), "--write")
    assert (shown.returncode, "没有改动" in shown.stdout) == (ExitCode.DONE, True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
