"""Edits of a file's text: what they are, and the text with them made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.pipeline.take.marks import join_links


@dataclass(frozen=True, slots=True)
class Edit:
    """Words to be put in the place of a stretch of a file's text."""

    begin: int
    end: int
    words: str


def apply(content: str, edits: Sequence[Edit], offset: int = 0) -> str:
    """The text with the edits made; ``offset`` is where the text begins in that which the edits count in."""
    parts: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.begin, edit.end)):
        begin, end = max(edit.begin - offset, position), max(edit.end - offset, position)
        parts += [content[position:begin], edit.words]
        position = end
    return "".join([*parts, content[position:]])


def links_joined(content: str, edits: Sequence[Edit]) -> list[Edit]:
    """The edits, or one in their place that leaves no two links of one address beside each other."""
    if not any("](" in edit.words for edit in edits):
        return list(edits)
    begin = content.rfind("\n", 0, min(edit.begin for edit in edits)) + 1
    end = content.find("\n", max(edit.end for edit in edits))
    end = len(content) if end < 0 else end
    line = apply(content[begin:end], edits, begin)
    joined = join_links(line)
    return list(edits) if joined == line else [Edit(begin, end, joined)]
