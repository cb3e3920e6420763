from __future__ import annotations

import ast
import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import messages
from messages import HAN, PROSE
from nianbao.cli.commands import cli
from nianbao.cli.translated import translated
from nianbao.errors import NianbaoError
from nianbao.errors.language import Message, tr
from nianbao.paths import Project

# Terms that English help names in Chinese: what is printed, a file's name, the words of the form.
TERMS = ("政府信息公开工作年度报告", "问题清单", "草稿", "汇总", "勾稽", "本级", "另存", "整改情况", "整改", "示例市")


@pytest.fixture
def project(stored_for: Callable[[Path], Project], tmp_path: Path) -> Project:
    """Inputs without a report, whose checks are known: what goes wrong here does so before there is one."""
    return stored_for(tmp_path / "project")


def run(language: str, *words: str) -> str:
    call = [sys.executable, "-m", "nianbao", *words]
    done = subprocess.run(call, capture_output=True, text=True, check=False, env={**os.environ, "LANGUAGE": language})
    return done.stdout + done.stderr


def test_every_message_has_its_chinese_and_the_catalogue_is_compiled() -> None:
    catalog = messages.catalogue()
    told = {each.id for each in catalog if each.id}
    advice = "run `make messages` (python tests/messages.py) and give the Chinese in nianbao.po, then run it again"
    assert messages.messages() - told == set(), advice
    assert told - messages.messages() == set(), advice
    assert messages.untold(catalog) == [], advice
    assert messages.MO.read_bytes() == messages.compiled(catalog), advice


def test_a_message_names_the_same_values_in_both_languages() -> None:
    ours = messages.messages() - messages.of_click()
    for each in messages.catalogue():
        if each.id in ours:
            one, many, chinese = each.id, each.id, each.string
            if each.pluralizable:
                (one, many), (chinese,) = each.id, each.string
            assert messages.places(one) <= messages.places(many) == messages.places(chinese), each.id


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_is_in_one_language(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    for name, command in messages.commands().items():
        shown = translated(command)
        told = shown.get_help(click.Context(shown, info_name=f"nianbao {name}".strip()))
        # Click keeps a command's --help as it was first made, here by other tests.
        prose = re.sub(
            r"(?m)^ *(Example|示例).*|nianbao( [a-z]+)+|Show this message and exit|显示此帮助后退出", "", told
        )
        if language == "zh":
            assert not PROSE.search(prose), prose
        else:
            assert not HAN.search(re.sub("|".join(TERMS), "", prose)), prose


def test_lang_may_stand_anywhere_and_says_the_rest_in_that_language() -> None:
    for words in (["--lang", "zh", "report", "-h"], ["report", "--lang=zh", "-h"], ["report", "-h", "--lang", "zh"]):
        assert "生成 OFFICE 单位 YEAR 年的报告" in run("en", *words)
    assert "没有命令 'reprot'" in run("en", "reprot", "--lang", "zh")
    assert "No such command 'reprot'" in run("zh", "reprot", "--lang", "en")
    assert "Invalid value for '--lang'" in run("en", "check", "--lang", "fr")


def test_a_message_is_its_english_and_knows_its_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    message = Message("Missing parameter: {param_name}", param_name=Message("file"))
    assert message == "Missing parameter: file"
    monkeypatch.setenv("LANGUAGE", "zh")
    assert tr(message) == "缺少参数：文件"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_usual_errors_are_in_one_language(
    language: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    (project.notebooks / "04_review.ipynb").unlink()
    (project.params / "shili" / "office.yaml").write_text("name: {", encoding="utf-8")
    (tmp_path / "empty.docx").write_bytes(b"")
    calls = [
        ["report", "panzhihau", "2023"],
        ["report", "panzhihua", "2019"],
        ["report", "panzhihua", "2017"],
        ["report", "panzhihua", "2023", "--to", "pfd"],
        ["report", "panzhihua", "2023", "--to", "html"],
        ["trace", "panzhihua", "2023", "applications.nwe.total"],
        ["check", "Bad Name"],
        ["compare", "panzhihua", "2023", "2023"],
        ["verify", "shili", "2022"],
        ["ledger", "panzhihua", "2023"],
        ["status", "panzhihua", "2023"],
        ["audit", "nobody.docx"],
        ["ingest", str(tmp_path / "empty.docx")],
        ["site"],
        ["new", "panzhihua", "soon"],
        ["help", "nothing"],
        ["site", "--base-url", "nowhere"],
        ["report", "panzhihua", "2023", "--outputs", str(tmp_path / "a-file" / "x")],
    ]
    (tmp_path / "a-file").write_text("", encoding="utf-8")
    for words in calls:
        with pytest.raises((NianbaoError, click.ClickException)) as caught:
            CliRunner().invoke(
                cli, ["--project", str(project.root), *words], standalone_mode=False, catch_exceptions=False
            )
        told = caught.value.format_message() if isinstance(caught.value, click.ClickException) else str(caught.value)
        prose = re.sub(r"known: .*|已有：.*|nianbao( [a-z]+)+|'[^']*'", "", told)
        assert not (PROSE if language == "zh" else HAN).search(prose), (words, told)


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def loose_words(node: ast.expr | None) -> Iterator[str]:
    """The words of an expression that no catalogue can know: those of f-strings, of what is chosen or joined."""
    if isinstance(node, ast.JoinedStr):
        yield from (words for value in node.values for words in (messages.words(value),) if words)
    elif isinstance(node, ast.IfExp | ast.BinOp):
        parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node.left, node.right]
        yield from (words for part in parts for words in (messages.words(part), *loose_words(part)) if words)


def test_no_error_is_put_together_where_the_catalogue_cannot_see_it() -> None:
    for path in sorted(messages.SOURCES.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        imports = [
            each for each in nodes if isinstance(each, ast.ImportFrom) and (each.module or "").startswith("IPython")
        ]
        theirs = {name.name for each in imports for name in each.names}
        for node in nodes:
            if not isinstance(node, ast.Call) or called(node) not in {*messages.ERRORS, "BadParameter"} - theirs:
                continue
            said = {keyword.arg: keyword.value for keyword in node.keywords}
            if "zh" not in said:
                parts = [*node.args[:1], said.get("hint"), said.get("where")]
                loose = [words for part in parts for words in loose_words(part) if PROSE.search(words)]
                assert not loose, f"{path}:{node.lineno}: {loose}: make a Message of it"


def test_several_names_are_listed_as_the_language_lists_them(monkeypatch: pytest.MonkeyPatch) -> None:
    message = Message("known: {listed}", listed=["shili", Message("(none)")])
    assert message == "known: shili, (none)"
    assert pickle.loads(pickle.dumps(message)).values == message.values  # noqa: S301 -- our own
    assert Message.from_json(json.loads(json.dumps(message.to_json()))).values == message.values
    monkeypatch.setenv("LANGUAGE", "zh")
    assert tr(message) == "已有：shili、（无）"
