"""A report with lists, emphasis and references, its DOCX, and edits of that through python-docx."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nianbao.export import export
from nianbao.model import Options
from nianbao.paths import Project
from nianbao.pipeline import printed_document
from word_desk import PROBLEMS, Desk

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project before any edit; its sections have run once."""
    root = tmp_path_factory.mktemp("take")
    for folder in ("params", "data", "notebooks", "expectations"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / "data/panzhihua/2023/narrative/05_problems.md").write_text(PROBLEMS, encoding="utf-8")
    return Project(root)


@pytest.fixture(scope="module")
def report(original: Project) -> bytes:
    """The report's DOCX."""
    document = printed_document(original, original.key("panzhihua", 2023), Options(), lambda *_: None)
    return export(document, "docx")[0].content


@pytest.fixture
def desk(original: Project, report: bytes, tmp_path: Path) -> Desk:
    """The report open in Word."""
    return Desk(original, report, tmp_path)


@pytest.fixture
def copied(original: Project, tmp_path: Path) -> Callable[[], Project]:
    """A copy of the project that may be written."""

    def copy() -> Project:
        root = tmp_path / "project"
        shutil.copytree(original.root, root)
        return Project(root)

    return copy
