"""Owns a text as sentences: spaces and marks of Markdown dropped, full-width signs made plain, offsets kept.

May import: form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nianbao.form import OVERVIEW_PARTS

# Full-width digits and signs have one plain sign each, so that offsets stay true.
_PLAIN = {
    ord(full): plain
    for full, plain in zip("０１２３４５６７８９％．：；！？()－～", "0123456789%.：；！？（）-~", strict=True)
}
_PLAIN |= {ord(":"): "：", ord(";"): "；", ord("!"): "！", ord("?"): "？", ord(","): "，"}
_DROPPED = frozenset(" \t\u3000\u00a0*_`\u200b\ufeff")
_NUMBER_COMMA = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_END = re.compile(r"[。；！？\n]")
_QUOTED = re.compile(r"《[^》]*》|〔[^〕]*〕")
_HEADING = re.compile(r"#+|[（(]?[一二三四五六七八九十]+[）)、]|[一二三四五六七八九十]+是|\d+[.、](?!\d)")
_ITEM = re.compile(r"\s*(?:[-*+]\s|\d+[.)、]\s*(?!\d)|[（(]?[一二三四五六七八九十]+[）)、]|#|\|)")


# How headings of the customary parts are worded in the wild; a heading may name two (监督保障和教育培训).
PART_WORDS = dict(
    zip(
        OVERVIEW_PARTS,
        map(re.compile, ("主动公开", "依申请", "信息(?:资源)?(?:规范)?管理", "平台", "监督|保障")),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch between full stops: its plain text, where it starts, the customary part and paragraph it is in.

    ``text`` has the names of documents (《…》) blanked out, for they hold words and numbers that state nothing.
    """

    text: str
    offsets: tuple[int, ...]
    part: str | None
    paragraph: int
    raw: str

    def offset(self, position: int) -> int:
        """The offset in the original text of a position in ``text``."""
        return self.offsets[min(position, len(self.offsets) - 1)]


def sentences(text: str) -> list[Sentence]:
    """The sentences of a Markdown text in order."""
    found: list[Sentence] = []
    part: str | None = None
    for number, (start, paragraph) in enumerate(_paragraphs(text)):
        part = _part(paragraph) or part
        plain, offsets = _flat(paragraph, start)
        position = 0
        for match in _END.finditer(plain + "\n"):
            end = match.start()
            if end > position:
                raw = plain[position:end]
                blanked = _QUOTED.sub(lambda quoted: "□" * len(quoted[0]), raw)
                found.append(Sentence(blanked, tuple(offsets[position:end]), part, number, raw))
            position = match.end()
    return found


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs with their offsets; a line that begins a heading or a list item begins one, others go on."""
    start = position = 0
    current: list[str] = []
    for line in text.splitlines(keepends=True):
        begins = not line.strip() or _ITEM.match(line) or (current and _ITEM.match(current[0]) and "#" in current[0])
        if begins and current:
            yield start, "".join(current)
            current = []
        if not current:
            start = position
        if line.strip():
            current.append(line)
        position += len(line)
    if current:
        yield start, "".join(current)


def _flat(paragraph: str, start: int) -> tuple[str, list[int]]:
    plain = paragraph.translate(_PLAIN)
    commas = {match.start() for match in _NUMBER_COMMA.finditer(plain)}
    kept = [
        index
        for index, character in enumerate(plain)
        if character not in _DROPPED and character not in "\r\n#" and index not in commas
    ]
    return "".join(plain[index] for index in kept), [start + index for index in kept]


def part_headings(text: str) -> list[str]:
    """The customary parts that headings (lines of their own) open, in order, each once."""
    heads = (paragraph for _, paragraph in _paragraphs(text) if len(paragraph.strip()) <= _LONGEST_HEADING)
    return list(dict.fromkeys(part for head in heads if (part := _part(head))))


_LONGEST_HEADING = 30


def _part(paragraph: str) -> str | None:
    """The customary part of section 1 that a heading, or a paragraph that begins with one, opens."""
    head = paragraph.lstrip()
    if not (match := _HEADING.match(head)):
        return None
    title = re.split(r"[。：:，,\n]", head[match.end() :].lstrip("# （(一二三四五六七八九十）)、"), maxsplit=1)[0]
    if len(title) > 24:
        return None
    return next((name for name, words in PART_WORDS.items() if words.search(title)), "")
