"""Bring the changed words of a paragraph into its line of the narrative, and keep the references that still stand."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from nianbao.pipeline.take.marks import EMPHASIS, relinked, style_of, widened, written
from nianbao.pipeline.take.narratives import Reference
from nianbao.pipeline.take.printed import Printed
from nianbao.pipeline.take.text_edits import Edit, links_joined
from nianbao.pipeline.take.word_blocks import Letter, WordParagraph

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*[%％万亿]?|[A-Za-z]+|.", re.DOTALL)
# A number in figures, or in Chinese numerals before what they count.
_NUMERAL = re.compile(
    r"\d|百分之[一二两三四五六七八九十百]|[〇零一二两三四五六七八九十百千万亿]+(?=[余多几]?[件条次个期篇份项人场家部宗起名元成倍])"
)
_DIGITS = re.compile(r"\d")
_BREAK = "\n"


@dataclass(frozen=True, slots=True)
class Kept:
    """A change that cannot be made, for it is of what references print: these, and the words before and after."""

    references: tuple[Reference, ...]
    before: str
    after: str


@dataclass
class Merged:
    """What a changed paragraph comes to.

    ``edits`` of the file's text, ``kept`` the changes that were not made, ``dropped`` the references that went with
    their words, ``target`` the letters that the paragraph must print then.
    """

    edits: list[Edit] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    target: list[Letter] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Old:
    """The printed letters with the place of each in the file, one after the other for paragraphs that were joined."""

    letters: list[Letter]
    spans: list[tuple[int, int]]
    references: list[Reference]


def merge(
    old: Sequence[Printed],
    new: Sequence[WordParagraph],
    content: str,
    prefix: Callable[[WordParagraph], str] = lambda _: "",
    *,
    escape: bool,
    looks: bool,
) -> Merged:
    """The edits that make the paragraphs ``old`` print what ``new`` says; several of either are parted by a break.

    ``prefix``: what a paragraph that is parted off begins with. ``escape``: signs of Markdown in new words are written
    as such; ``looks``: emphasis and links are brought over too.
    """
    before = _joined(old)
    after = [letter for index, block in enumerate(new) for letter in (*[Letter(_BREAK)] * (index > 0), *block.letters)]
    return _Merger(before, after, (new, prefix), content, escape, looks).merged()


def _joined(old: Sequence[Printed]) -> _Old:
    joined = _Old([], [], [])
    for one in old:
        spot, block = one.spot, one.block
        if spot is None or not isinstance(block, WordParagraph):
            raise ValueError("only paragraphs of narratives can be merged")
        if joined.letters:
            joined.letters.append(Letter(_BREAK))
            joined.spans.append((joined.spans[-1][1], spot.spans[0][0]))
        base = len(joined.letters)
        joined.letters.extend(block.letters)
        joined.spans.extend(spot.spans)
        joined.references.extend(replace(r, start=r.start + base, end=r.end + base) for r in spot.references)
    return joined


class _Merger:
    def __init__(
        self,
        old: _Old,
        new: Sequence[Letter],
        shapes: tuple[Sequence[WordParagraph], Callable[[WordParagraph], str]],
        content: str,
        escape: bool,
        looks: bool,
    ) -> None:
        self._old = old
        self._new = list(new)
        self._shapes, self._prefix = shapes
        self._content = content
        self._escape = escape
        self._looks = looks
        self._result = Merged()
        self._breaks = 0
        self._moved: dict[int, Reference] = {}

    def merged(self) -> Merged:
        """Walk over what differs, stretch by stretch."""
        old, new = _tokens(self._old.letters), _tokens(self._new)
        matcher = difflib.SequenceMatcher(None, [one[0] for one in old], [one[0] for one in new], autojunk=False)
        stretches = [
            (name, _at(old, i1), _at(old, i2), _at(new, j1), _at(new, j2))
            for name, i1, i2, j1, j2 in matcher.get_opcodes()
        ]
        self._find_moved(stretches)
        for name, a, b, c, d in stretches:
            if name == "equal":
                self._stays(a, b, c)
                continue
            for part in self._parts(a, b, c, d):
                self._change(*part)
        self._result.edits = links_joined(self._content, self._result.edits)
        return self._result

    def _find_moved(self, stretches: Sequence[tuple[str, int, int, int, int]]) -> None:
        """New numbers that are those of references taken away elsewhere: the same, after and before the same words."""
        gone = [r for name, a, b, _, _ in stretches if name != "equal" for r in self._touched(a, b)]
        for name, _, _, c, d in stretches:
            if name == "equal":
                continue
            for begin, end in self._numbers(c, d):
                around = _plain(self._new[max(begin - 2, 0) : end + 1])
                for reference in gone:
                    if _plain(self._old.letters[max(reference.start - 2, 0) : reference.end + 1]) == around:
                        self._moved[begin] = reference
                        gone.remove(reference)
                        break

    def _numbers(self, c: int, d: int) -> list[tuple[int, int]]:
        words = _plain(self._new[c:d])
        return [(c + m.start(), c + m.end()) for m in _TOKEN.finditer(words) if _DIGITS.match(m[0])]

    def _stays(self, a: int, b: int, c: int) -> None:
        self._result.target += self._new[c : c + b - a]
        self._breaks += sum(letter.char == _BREAK for letter in self._new[c : c + b - a])
        if self._looks:
            self._result.edits += _emphasis(self._old, self._new, (a, b, c), self._content)

    def _parts(self, a: int, b: int, c: int, d: int) -> Iterator[tuple[int, int, int, int]]:
        """A stretch of changed words, parted at its references and the numbers that stand in their places."""
        references, numbers = self._touched(a, b), self._numbers(c, d)
        whole = all(a <= r.start and r.end <= b and _DIGITS.search(self._text(r)) for r in references)
        if references and whole and len(references) == len(numbers):
            for reference, (begin, end) in zip(references, numbers, strict=True):
                yield a, reference.start, c, begin
                yield reference.start, reference.end, begin, end
                a, c = reference.end, end
        yield a, b, c, d

    def _change(self, a: int, b: int, c: int, d: int) -> None:
        if a == b and c == d:
            return
        touched = [r for r in self._touched(a, b) if r not in self._moved.values()]
        before, after = _plain(self._old.letters[a:b]), _plain(self._new[c:d])
        cut = any(not (a <= r.start and r.end <= b) for r in self._touched(a, b))
        numeric = all(_DIGITS.search(self._text(r)) for r in touched)
        follows = _plain(self._new[d : d + 1])
        if cut or (touched and after and (not numeric or _NUMERAL.search(after + follows))):
            self._result.kept.append(Kept(tuple(self._touched(a, b)), before, after))
            self._result.target += self._old.letters[a:b]
            return
        self._result.dropped += [r.tag for r in touched]
        self._result.target += self._new[c:d]
        words = self._words(a, b, c, d)
        begin, end = self._place(a, b, c)
        if not words:
            begin, end = widened(self._content, begin, end)
        self._result.edits.append(Edit(begin, end, words))

    def _place(self, a: int, b: int, c: int) -> tuple[int, int]:
        """The stretch of the file that the letters stand in; new ones go to the neighbour that looks like them."""
        spans = self._old.spans
        if a < b:
            return spans[a][0], spans[b - 1][1]
        like_next = a < len(spans) and (a == 0 or style_of(self._old.letters[a - 1]) != style_of(self._new[c]))
        at = (
            spans[a][0]
            if like_next and (a == 0 or style_of(self._old.letters[a]) == style_of(self._new[c]))
            else spans[a - 1][1]
        )
        return at, at

    def _words(self, a: int, b: int, c: int, d: int) -> str:
        """The new letters as the file writes them, with a break's lines and the references that moved here."""
        near = self._old.letters[a:b] or self._old.letters[max(a - 1, 0) : a + 1]
        looks = self._looks and any(style_of(new) not in set(map(style_of, near)) for new in self._new[c:d])
        parts: list[str] = []
        letters: list[Letter] = []
        index = c
        while index < d:
            letter = self._new[index]
            if index in self._moved or letter.char == _BREAK:
                parts += [written(letters, escape=self._escape, looks=looks)]
                letters = []
            if index in self._moved:
                parts.append(self._moved[index].tag)
                index += len(self._text(self._moved[index]))
                continue
            if letter.char == _BREAK:
                self._breaks += 1
                shape = self._shapes[min(self._breaks, len(self._shapes) - 1)]
                parts.append(("\n" if shape.listed else "\n\n") + self._prefix(shape))
            else:
                letters.append(letter)
            index += 1
        return "".join([*parts, written(letters, escape=self._escape, looks=looks)])

    def _touched(self, a: int, b: int) -> list[Reference]:
        return [r for r in self._old.references if r.start < b and a < r.end and r.start < r.end]

    def _text(self, reference: Reference) -> str:
        return _plain(self._old.letters[reference.start : reference.end])


def _tokens(letters: Sequence[Letter]) -> list[tuple[str, int, int]]:
    return [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(_plain(letters))]


def _at(tokens: Sequence[tuple[str, int, int]], index: int) -> int:
    if index < len(tokens):
        return tokens[index][1]
    return tokens[-1][2] if tokens else 0


def _plain(letters: Sequence[Letter]) -> str:
    return "".join(letter.char for letter in letters)


def _emphasis(old: _Old, new: Sequence[Letter], at: tuple[int, int, int], content: str) -> Iterator[Edit]:
    """The marks to be set or taken away around letters that stay and look otherwise now."""
    a, b, c = at
    for name, mark in EMPHASIS.items():
        index = a
        while index < b:
            wanted = getattr(new[c + index - a], name)
            if wanted == getattr(old.letters[index], name):
                index += 1
                continue
            first = index
            while index < b and getattr(new[c + index - a], name) == wanted != getattr(old.letters[index], name):
                index += 1
            begin, end = old.spans[first][0], old.spans[index - 1][1]
            if wanted:
                yield Edit(begin, begin, mark)
                yield Edit(end, end, mark)
            elif content[begin - len(mark) : begin] == mark == content[end : end + len(mark)]:
                yield Edit(begin - len(mark), begin, "")
                yield Edit(end, end + len(mark), "")
    for linked, group in groupby(range(a, b), key=lambda index: (old.letters[index].href, new[c + index - a].href)):
        if linked[0] != linked[1]:
            stretch = list(group)
            begin, end = old.spans[stretch[0]][0], old.spans[stretch[-1]][1]
            for edit in relinked(content, begin, end, *linked):
                yield Edit(*edit)
