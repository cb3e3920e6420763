"""A narrative's file as it was typed, and where in it each printed letter stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it import MarkdownIt

from nianbao.errors.language import Message
from nianbao.form import Section
from nianbao.pipeline.take.word_blocks import WordParagraph, WordTable

BY_STATEMENT = Message("a statement, {statement}, writes this paragraph: change the file", statement="{% … %}")
Role = Literal["body", "note"]
_TAG = re.compile(r"[{｛]\s*[{｛].*?[}｝]\s*[}｝]")
_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
_PREFIX = re.compile(r"[ \t\u3000]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)*(?:#{1,6}[ \t]*)?[ \t\u3000]*")
_STATEMENT = re.compile(r"\{%-?\s*(\w+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in a line: which letters of the paragraph it printed, how it is written, and of what numbers."""

    start: int
    end: int
    tag: str
    numbers: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a printed paragraph stands in its narrative.

    ``spans`` gives each letter's place in the file's text (offsets; all letters of a reference have the whole tag's),
    ``begin`` and ``end`` those of its lines. ``locked`` says why nothing can be changed there, if so.
    """

    slug: str
    path: str
    line: int
    begin: int
    end: int
    spans: tuple[tuple[int, int], ...] = ()
    references: tuple[Reference, ...] = ()
    locked: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section or an attachment: its slug, the heading with which it begins, and titles that its file may repeat.

    ``role`` is that of its paragraphs; an attachment (``attached``) has its title in its own file.
    """

    slug: str
    heading: str
    titles: frozenset[str] = frozenset()
    role: Role = "body"
    attached: bool = False


def part_of(section: Section) -> Part:
    """A section as a part of the report."""
    return Part(section.slug, section.heading, section.titles, "note" if section.table else "body")


@dataclass(frozen=True)
class Narrative:
    """The file of a section or an attachment: its text with newlines as line ends ("" where there is no file)."""

    part: Part
    path: str
    content: str


def spots_of(
    narrative: Narrative,
    blocks: Sequence[WordParagraph | WordTable],
    lines: Sequence[tuple[str, int]],
    wrote: Mapping[int, Sequence[tuple[str, str]]],
) -> Iterator[Spot]:
    """The place of each block that the narrative prints.

    ``lines``: what it prints as lines of Markdown, each with the file's line (from 1) that it comes from; ``wrote``: by
    line what its references wrote, and of what numbers.
    """
    ranges = list(_ranges("\n".join(line for line, _ in lines)))
    content = narrative.content
    offsets = [0, *(match.end() for match in re.finditer("\n", content)), len(content) + 1]
    locked = _locked_lines(content)
    if len(ranges) != len(blocks):
        lost = Message("its line in the file cannot be found")
        yield from (Spot(narrative.part.slug, narrative.path, 1, 0, 0, locked=lost) for _ in blocks)
        return
    numbers = [(lines[first][1], lines[end - 1][1]) for first, end in ranges]
    for block, (first, last) in zip(blocks, numbers, strict=True):
        spot = Spot(narrative.part.slug, narrative.path, first, offsets[first - 1], offsets[last] - 1)
        if isinstance(block, WordTable):
            yield replace(spot, locked=Message("a table among the words: change the file"))
        elif locked & set(range(first, last + 1)):
            yield replace(spot, locked=BY_STATEMENT)
        elif sum(one <= last and first <= other for one, other in numbers) > 1:
            yield replace(spot, locked=Message("its line prints several paragraphs: change the file"))
        else:
            words = [part for number in range(first, last + 1) for part in wrote.get(number, [])]
            yield _mapped(spot, content, block.text, words)


def prefix_length(line: str) -> int:
    """How many characters of a narrative's line are signs of Markdown before its words."""
    found = _PREFIX.match(line)
    return found.end() if found else 0


def _ranges(markdown: str) -> Iterator[tuple[int, int]]:
    """The lines (from, up to) of each block that prints, in order."""
    depth = 0
    for token in MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown):
        if token.type == "table_open" and token.map:
            yield token.map[0], token.map[1]
        depth += {"table_open": 1, "table_close": -1}.get(token.type, 0)
        if token.map and not depth and token.type == "inline" and token.content:
            yield token.map[0], token.map[1]
        if token.map and token.type in {"fence", "code_block"}:
            for index, line in enumerate(token.content.splitlines()):
                if line.strip():
                    yield token.map[0] + index, token.map[0] + index + 1


def _locked_lines(content: str) -> set[int]:
    """The lines of statements that print a part once, often or never, from the first to the last."""
    locked: set[int] = set()
    depth = 0
    for number, line in enumerate(content.split("\n"), start=1):
        names = _STATEMENT.findall(line)
        if depth or names:
            locked.add(number)
        depth += sum(name in {"if", "for"} for name in names) - sum(name in {"endif", "endfor"} for name in names)
    return locked


def _mapped(spot: Spot, content: str, printed: str, wrote: Sequence[tuple[str, str]]) -> Spot:
    """The spot with the place of each printed letter; locked where the line cannot be followed."""
    start = spot.begin
    source = content[start : spot.end]
    position = prefix_length(source)
    hidden = {at for match in _COMMENT.finditer(source) for at in range(*match.span())}
    tags = {match.start(): match for match in _TAG.finditer(source)}
    if len(tags) != len(wrote):
        return replace(spot, locked=Message("its references in the file cannot be found"))
    left = list(wrote)
    spans: list[tuple[int, int]] = []
    references: list[Reference] = []
    while position < len(source):
        if (tag := tags.get(position)) is not None:
            text, numbers = left.pop(0)
            if printed[len(spans) : len(spans) + len(text)] != text:
                return replace(spot, locked=Message("its references in the file cannot be found"))
            references.append(Reference(len(spans), len(spans) + len(text), tag[0], numbers))
            spans += [(start + tag.start(), start + tag.end())] * len(text)
            position = tag.end()
            continue
        same = len(spans) < len(printed) and _same(source[position], printed[len(spans)])
        if same and position not in hidden:
            spans.append((start + position, start + position + 1))
        position += 1
    if len(spans) != len(printed):
        return replace(spot, locked=Message("its words in the file cannot be followed letter by letter"))
    return replace(spot, spans=tuple(spans), references=tuple(references))


def _same(typed: str, printed: str) -> bool:
    return typed == printed or (typed.isspace() and printed == " " and typed != "\n")
