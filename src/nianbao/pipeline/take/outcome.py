"""What an edited document comes to: changes of narratives, what cannot be taken back, proposals for cells.

Kinds, places and reasons are messages; tools get them in Chinese.
"""

from __future__ import annotations

import difflib
from dataclasses import asdict, dataclass
from typing import Any

from nianbao.errors.language import Message, told_in
from nianbao.model import ReportKey
from nianbao.pipeline.take.cells import BrokenBalance, CellChange

_AROUND = 8  # letters before and behind a difference


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a narrative: its kind, its file and line, the words before and after, and what to know of it."""

    kind: str
    path: str
    line: int
    before: str
    after: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit that is not taken back: where it stands, the words before and after, why, and what to do."""

    place: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Note:
    """A comment, a tracked change or a doubt about a picture: what it is, by whom, its words, and its place."""

    kind: str
    author: str
    words: str
    about: str
    place: str


@dataclass(frozen=True, slots=True)
class NewText:
    """A narrative file as it was and as it would be, line ends as newlines."""

    path: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The difference as patches show it."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"a/{self.path}",
            f"b/{self.path}",
        )
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


@dataclass(frozen=True)
class Taken:
    """All that an edited document comes to."""

    key: ReportKey
    file: str
    changes: tuple[Change, ...]
    refused: tuple[Refusal, ...]
    cells: tuple[CellChange, ...]
    broken: tuple[BrokenBalance, ...]
    tracked: tuple[Note, ...]
    comments: tuple[Note, ...]
    files: tuple[NewText, ...]
    doubts: tuple[Note, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every edit was brought into a narrative: nothing is left for a person to do."""
        return not (self.refused or self.cells)

    def to_json(self) -> dict[str, Any]:
        """The outcome for tools."""
        return {
            "office": self.key.office,
            "year": self.key.year,
            "file": self.file,
            "changes": [_told(change) for change in self.changes],
            "refused": [_told(refusal) for refusal in self.refused],
            "cells": [asdict(cell) | {"source": str(cell.source) if cell.source else None} for cell in self.cells],
            "broken": [asdict(one) | {"left": _plain(one.left), "right": _plain(one.right)} for one in self.broken],
            "tracked": [_told(note) for note in self.tracked],
            "comments": [_told(note) for note in self.comments],
            "doubts": [_told(note) for note in self.doubts],
            "files": [{"path": file.path, "diff": file.diff} for file in self.files],
        }


def _told(one: Change | Refusal | Note) -> dict[str, Any]:
    """Its fields for tools: in Chinese, whatever the terminal speaks."""
    fields = asdict(one)
    return {name: told_in("zh", value) if isinstance(value, Message) else value for name, value in fields.items()}


def _plain(number: Any) -> int | float:
    return int(number) if number == int(number) else float(number)


def differing(before: str, after: str) -> tuple[str, str]:
    """The stretch in which two texts differ, with some letters around it."""
    first = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    last = 0
    while last < min(len(before), len(after)) - first and before[-1 - last] == after[-1 - last]:
        last += 1
    begin, end = max(first - _AROUND, 0), max(last - _AROUND, 0)
    return tuple(
        f"{'…' if begin else ''}{text[begin : len(text) - end]}{'…' if end else ''}" for text in (before, after)
    )  # type: ignore[return-value]
