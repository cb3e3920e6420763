"""The page that takes a report apart: its snippets run, in order, and print what stands under them."""

from __future__ import annotations

import contextlib
import io
import os
from itertools import pairwise
from pathlib import Path

from nianbao.paths import Project
from pages import ROOT, fences

PAGE = ROOT / "docs" / "one-report.md"


def run_snippets(page: Path, folder: Path) -> list[tuple[str, str, str]]:
    """Each snippet with what it printed and what the page says it prints; all of them share their names."""
    names: dict[str, object] = {"__name__": "snippets"}
    found = []
    before = Path.cwd()
    os.chdir(folder)
    try:
        for block, after in pairwise(fences(page)):
            if block.language != "python":
                continue
            assert after.language == "text", block.content
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(block.content, str(page), "exec"), names)  # noqa: S102 -- the page's own snippets
            found.append((block.content, printed.getvalue(), after.content))
    finally:
        os.chdir(before)
    return found


def test_each_snippet_prints_what_stands_under_it(project: Project) -> None:
    for snippet, printed, said in run_snippets(PAGE, project.root):
        assert printed == said, snippet
