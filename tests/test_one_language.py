"""What commands say while they work, and what notebooks raise, is in the language of the terminal alone."""

from __future__ import annotations

import json
import re

import nbformat
import pytest
from click.testing import CliRunner

from messages import HAN, PROSE
from nianbao.cli.commands import cli
from nianbao.errors import NotebookError
from nianbao.form import SECTIONS
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.runs.run import run_section

KEY = ReportKey("shili", 2023)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_error_within_a_notebook_is_in_one_language(
    language: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    path = project.notebooks / "05_problems.ipynb"
    good = path.read_text(encoding="utf-8")
    wrong = (
        "section.history(5, 'aplications')",
        "section.path('../x')",
        "section.read_csv('data/none.csv')",
        "section.figure(3, 'x', alt='y')",
        "section.units(['a.b.c'])",
        "print('x' * 30_000_000)",
        "import os; os.kill(os.getpid(), 9)",
    )
    for call in wrong:
        path.write_text(good.replace('"section.heading()"', json.dumps(f"section.heading(); {call}")), encoding="utf-8")
        with pytest.raises(NotebookError) as caught:
            run_section(project, KEY, SECTIONS[4])
        told = str(caught.value).replace(call, "")
        shown = nbformat.read(project.evidence_of(KEY) / path.name, as_version=4)
        told += "".join(
            output.evalue for cell in shown.cells for output in cell.get("outputs", ()) if "evalue" in output
        )
        assert not (PROSE if language == "zh" else HAN).search(re.sub("'[^']*'", "", told)), told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_commands_tell_of_their_work_is_in_one_language(
    language: str, stored: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    project = stored
    published = project.output_of(KEY)
    published.mkdir(parents=True)
    (published / "notes.txt").write_text("mine", encoding="utf-8")
    notebook = project.notebooks / "06_other.ipynb"
    notebook.write_text(notebook.read_text("utf-8").replace("section.heading()", "section.heading()  # 标题"), "utf-8")
    for words in (
        ["batch", "--dry-run", "--office", "shili"],
        ["report", "shili", "2023", "--to", "html"],
        ["site", "--office", "shili"],
        ["check", "shili", "2023"],
        ["compare", "shili", "2020", "2023"],
        ["fonts", "shili", "2023"],
        ["doctor"],
        ["lint"],
        ["store", "prune"],
    ):
        done = CliRunner().invoke(cli, ["--project", str(project.root), *words], catch_exceptions=False)
        told = re.sub(r"/\S+|[“'][^”']*[”']|nianbao( [a-z]+)+", "", done.output)
        if language == "zh":
            assert not PROSE.search(told), (words, told)
            assert not re.search(f"{HAN.pattern}: |{HAN.pattern}, ", told), (words, told)
        elif words[0] not in {"compare", "doctor"}:  # which show words of reports, and names of faces
            names = re.sub("示例市人民政府办公室|单位间|全称", "", told)
            assert not HAN.search(names), (words, names)
