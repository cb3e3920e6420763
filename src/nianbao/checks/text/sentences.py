"""Split a narrative into paragraphs and sentences, with the offset of every character in the written text.

Marks of Markdown and spaces are dropped and full-width signs made plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nianbao.form import OVERVIEW_PARTS

# A clause of an official text is far shorter; text without full stops is cut here, so that reading stays linear.
LONGEST_SENTENCE = 500
# No annual report's section is longer; what follows is not read and a finding says so.
LONGEST_TEXT = 50_000
_SIGNS = dict(zip("０１２３４５６７８９％．：；！？()－～:;!?,", "0123456789%.：；！？（）-~：；！？，", strict=True))
_PLAIN = {ord(sign): plain for sign, plain in _SIGNS.items()}
_KEPT = re.compile("[^ \\t\\u3000\\u00a0*_`\\\\\\u200b\\ufeff\\r\\n#]")
_NUMBER_COMMA = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_END = re.compile(r"[。！？\n]")
_QUOTED = re.compile(r"《[^》]{0,120}》|〔[^〕]{0,20}〕")
_HEADING = re.compile(r"#+|[（(]?[一二三四五六七八九十]{1,3}[）)、]|[一二三四五六七八九十]+是|\d{1,2}[.、](?!\d)")
_ITEM = re.compile(
    r"\s*(?:[-*+]\s|\d{1,2}[.)、]\s*(?!\d)|[（(]?[一二三四五六七八九十]{1,3}[）)、]|#|\||[一二三四五六七八九十]是)"
)
_LONGEST_HEADING = 30
# A letter of a published report that no program can tell.
_UNTOLD = "\ufffd"
# How headings of the customary parts are worded in the wild; a heading may name two (监督保障和教育培训).
PART_WORDS = dict(
    zip(
        OVERVIEW_PARTS,
        map(re.compile, ("主动公开", "依申请", "信息(?:资源)?(?:规范)?管理", "平台", "监督|保障")),
        strict=True,
    )
)


@dataclass(frozen=True)
class Sentence:
    """A stretch between full stops: plain text, offsets, the customary part and the number of the paragraph it is in.

    ``text`` has the names of documents (《…》) blanked out, for they hold words and numbers that state nothing.
    """

    text: str
    offsets: tuple[int, ...]
    part: str | None
    paragraph: int
    raw: str

    def offset(self, position: int) -> int:
        """The offset in the written text of a position in ``text``."""
        return self.offsets[min(position, len(self.offsets) - 1)]

    @cached_property
    def depths(self) -> tuple[int, ...]:
        """How many brackets are open at each character."""
        depth = 0
        depths: list[int] = []
        for character in self.text:
            depth -= character == "）" and depth > 0
            depths.append(depth)
            depth += character == "（"
        return tuple(depths)


def sentences(text: str) -> list[Sentence]:
    """The sentences of a Markdown text in order, without those of which a letter cannot be told.

    At most ``LONGEST_TEXT`` characters are read.
    """
    found: list[Sentence] = []
    part: str | None = None
    for number, (start, paragraph) in enumerate(_paragraphs(text[:LONGEST_TEXT])):
        part = _part(paragraph) or part
        plain, offsets = _flat(paragraph, start)
        for begin, end in _spans(plain):
            raw = plain[begin:end]
            if _UNTOLD in raw:
                # The letter may be a digit of a number, or the word that turns the sentence: 1�3件, �收到.
                continue
            blanked = _QUOTED.sub(lambda quoted: "□" * len(quoted[0]), raw)
            found.append(Sentence(blanked, tuple(offsets[begin:end]), part, number, raw))
    return found


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    """The sentences of a paragraph; one that is too long is cut behind a comma or semicolon where there is one."""
    position = 0
    for match in _END.finditer(plain + "\n"):
        end = match.start()
        while end - position > LONGEST_SENTENCE:
            limit = position + LONGEST_SENTENCE
            cut = max(plain.rfind(sign, position + LONGEST_SENTENCE // 2, limit) for sign in "；，、") + 1 or limit
            yield position, cut
            position = cut
        if end > position:
            yield position, end
        position = match.end()


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs with their offsets: a heading, a list item or a blank line begins one.

    A line that breaks off inside a sentence goes on after a blank line too (copies of printed pages).
    """
    start = position = 0
    current: list[str] = []
    for line in text.splitlines(keepends=True):
        begins = _ITEM.match(line) or (current and _ITEM.match(current[0]) and "#" in current[0])
        if current and (begins or (line.strip() and not current[-1].strip() and not _breaks_off(current))):
            yield start, "".join(current)
            current = []
        if not current:
            start = position
        if line.strip() or current:
            current.append(line)
        position += len(line)
    if current:
        yield start, "".join(current)


def _breaks_off(lines: list[str]) -> bool:
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return last.endswith(("，", "、", "：", ",")) or (
        len(last) > _LONGEST_HEADING and last[-1] not in "。；！？：”）.…|"
    )


def _flat(paragraph: str, start: int) -> tuple[str, list[int]]:
    """The paragraph's plain characters and their offsets."""
    plain = paragraph.translate(_PLAIN)
    commas = {match.start() for match in _NUMBER_COMMA.finditer(plain)}
    kept = [match.start() for match in _KEPT.finditer(plain)]
    if commas:
        kept = [index for index in kept if index not in commas]
    return "".join([plain[index] for index in kept]), [start + index for index in kept]


def part_headings(text: str) -> list[str]:
    """The customary parts that headings (lines of their own) open, in order, each once."""
    heads = (
        paragraph for _, paragraph in _paragraphs(text[:LONGEST_TEXT]) if len(paragraph.strip()) <= _LONGEST_HEADING
    )
    return list(dict.fromkeys(part for head in heads if (part := _part(head))))


def _part(paragraph: str) -> str | None:
    """The customary part of section 1 that a heading, or a paragraph that begins with one, opens."""
    head = paragraph.lstrip()
    if not (match := _HEADING.match(head)):
        return None
    title = re.split(
        r"[。：:，,\n]", head[match.end() : match.end() + 60].lstrip("# （(一二三四五六七八九十）)、"), maxsplit=1
    )[0]
    if len(title) > 24:
        return None
    return next((name for name, words in PART_WORDS.items() if words.search(title)), "")
