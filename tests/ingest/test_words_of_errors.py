"""Whoever sends a file that cannot be read is told so, and what to do, in Chinese."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import nianbao.ingest
from ingest.test_hostile import saved
from nianbao.checks.audit import audit
from nianbao.model import CheckReport


def test_every_error_of_reading_has_its_words_in_chinese() -> None:
    for module in Path(nianbao.ingest.__file__).parent.glob("*.py"):
        calls = [node for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Call)]
        raised = [call for call in calls if getattr(call.func, "id", "") == "IngestError"]
        assert all(any(keyword.arg == "zh" for keyword in call.keywords) for call in raised), module.name


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n", b"%PDF-1.7\n", b"Rar!\x1a\x07\x00", b"PK\x03\x04x", "一、总体情况\n照常。".encode()],
)
def test_the_finding_on_a_file_is_chinese_and_english(tmp_path: Path, content: bytes) -> None:
    saved(tmp_path, "来稿.pdf", content)
    found = audit([tmp_path], lambda *_: CheckReport((), {})).report.findings
    assert [finding.rule for finding in found] == ["INPUT"]
    words = found[0].message.partition("来稿.pdf：")[2]
    assert not re.search(r"[a-z]{3,}", words.replace("--year", "").replace("docx", "").replace("xlsx", ""))
    assert re.fullmatch(r"[ -~]+", found[0].message_en.replace("来稿", ""))
