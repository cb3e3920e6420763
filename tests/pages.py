"""How the tests read the pages for people: fenced blocks, tables, what stands between."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
PAGES = [*READMES, *sorted((ROOT / "docs").glob("*.md"))]
GUIDES = [ROOT / "docs" / "analysts.md", ROOT / "docs" / "analysts.zh-CN.md"]
ANALYSTS, DEVELOPERS, DEPENDENCIES = (
    ROOT / "docs" / f"{name}.md" for name in ("analysts", "developers", "dependencies")
)


class Fence(NamedTuple):
    """A fenced block: its language, the words after it, and what it holds."""

    language: str
    words: tuple[str, ...]
    content: str


def fences(page: Path) -> list[Fence]:
    found = re.findall(r"^```(\S*) *(.*)\n((?:.*\n)*?)```$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [Fence(language, tuple(words.split()), content) for language, words, content in found]


def prose(page: Path) -> str:
    return re.sub(r"^```.*\n(?:.*\n)*?```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)


def tables(page: Path) -> list[list[list[str]]]:
    """The page's tables as rows of cells, the heads first."""
    blocks = re.findall(r"(?:^\|.*\|\n)+", prose(page), re.MULTILINE)
    rows = [[re.split(r"(?<!\\)\|", line)[1:-1] for line in block.splitlines()] for block in blocks]
    return [[[cell.strip() for cell in row] for row in table if set("".join(row)) - set("-: ")] for table in rows]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def anchor(heading: str) -> str:
    """The anchor that a heading gets where these pages are shown."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
