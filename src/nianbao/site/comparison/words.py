"""The words of two reports, sentence by sentence: what is kept, moved, changed (and in which words), new or gone.

rapidfuzz says how alike two sentences are; difflib which words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from nianbao.export.blocks import Attachment, Block, Heading, ListBlock, Paragraph, TableBlock
from nianbao.form import SECTIONS
from nianbao.site.comparison.values import ComparedWords, Fate, Piece, ReportSide, SentencePair

_SENTENCE = re.compile(r"[^。！？\n]*[。！？]+[”’」』）)]*|[^。！？\n]+")
# A sentence that shares less than this of its characters is another one, not the same one changed.
_CHANGED_FROM = 0.6
# Words of which a changed sentence is compared: numbers and Latin words whole, Chinese character by character.
_WORD = re.compile(r"\d[\d,]*(?:\.\d+)?%?|[A-Za-z]+|\s+|.", re.DOTALL)
# One more stretch of kept characters between two changes reads worse than one change.
_SHORTEST_KEPT = 2


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a paragraph's plain words, each with its full stop."""
    found = (" ".join(match[0].split()) for match in _SENTENCE.finditer(text))
    return tuple(sentence for sentence in found if sentence)


def sentences_of(blocks: Iterable[Block]) -> Iterator[str]:
    """The sentences of these blocks, in reading order: of texts, headings, items and the rows of free tables.

    Titles, statutory tables and pictures have none.
    """
    for block in blocks:
        if isinstance(block, Attachment | Heading | Paragraph):
            yield from split_sentences(block.text)
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from sentences_of(item)
        elif isinstance(block, TableBlock) and not block.grid.code:
            for row in block.grid.rows:
                yield from split_sentences("　".join(cell.text for cell in row.cells if cell.text))


def compared_words(before: ReportSide, after: ReportSide) -> tuple[ComparedWords, ...]:
    """Each section that has words in one of the reports, in the form's order."""
    sections = []
    for section in SECTIONS:
        pairs = compare_sentences(before.sentences.get(section.slug, ()), after.sentences.get(section.slug, ()))
        if pairs:
            sections.append(ComparedWords(section.slug, section.heading, pairs))
    return tuple(sections)


def compare_sentences(before: Sequence[str], after: Sequence[str]) -> tuple[SentencePair, ...]:
    """Every sentence of both texts once, in the order of ``after``; what is gone stands where it stood.

    Kept sentences are paired first, the longest common run at a time; then those that only moved; then, of the rest,
    the most alike, as long as they share three fifths of their characters.
    """
    partner = dict(_kept(before, after))
    kept = set(partner)
    _pair_moved(before, after, partner)
    same = set(partner)
    _pair_changed(before, after, partner)
    in_order = _in_order(partner, kept)
    return tuple(_ordered(before, after, partner, same, in_order))


def _kept(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places in ``after`` with the place in ``before`` of the same sentence, in order."""
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        yield from ((block.b + step, block.a + step) for step in range(block.size))


def _pair_moved(before: Sequence[str], after: Sequence[str], partner: dict[int, int]) -> None:
    taken = set(partner.values())
    places: dict[str, list[int]] = {}
    for index, sentence in enumerate(before):
        if index not in taken:
            places.setdefault(sentence, []).append(index)
    for index, sentence in enumerate(after):
        if index not in partner and places.get(sentence):
            partner[index] = places[sentence].pop(0)


def _pair_changed(before: Sequence[str], after: Sequence[str], partner: dict[int, int]) -> None:
    old = [index for index in range(len(before)) if index not in set(partner.values())]
    new = [index for index in range(len(after)) if index not in partner]
    if not old or not new:
        return
    from rapidfuzz.distance.Indel import normalized_similarity

    scored = (
        (normalized_similarity(before[one], after[other], score_cutoff=_CHANGED_FROM), one, other)
        for one in old
        for other in new
    )
    ranked = sorted((-score, abs(one - other), one, other) for score, one, other in scored if score)
    taken: set[int] = set()
    for _, _, one, other in ranked:
        if one not in taken and other not in partner:
            partner[other] = one
            taken.add(one)


def _in_order(partner: dict[int, int], kept: set[int]) -> set[int]:
    """The kept places, and those others that stand between the same kept ones in both texts."""
    found, last = set(kept), -1
    bounds = sorted(kept)
    for place in sorted(partner):
        at = bisect_left(bounds, place)
        low = partner[bounds[at - 1]] if at else -1
        high = partner[bounds[at]] if at < len(bounds) else 1 << 60
        if place in kept:
            last = partner[place]
        elif max(low, last) < partner[place] < high:
            found.add(place)
            last = partner[place]
    return found


def _ordered(
    before: Sequence[str], after: Sequence[str], partner: dict[int, int], same: set[int], in_order: set[int]
) -> Iterator[SentencePair]:
    paired, told = set(partner.values()), 0
    for place, sentence in enumerate(after):
        if place not in partner:
            yield SentencePair(Fate.NEW, after=sentence)
            continue
        origin = partner[place]
        if place in in_order:
            yield from (SentencePair(Fate.GONE, before[gone]) for gone in range(told, origin) if gone not in paired)
            told = origin + 1
        if place in same:
            yield SentencePair(Fate.KEPT if place in in_order else Fate.MOVED, before[origin], sentence)
        else:
            pieces = tuple(changed_words(before[origin], sentence))
            yield SentencePair(Fate.CHANGED, before[origin], sentence, pieces)
    yield from (SentencePair(Fate.GONE, before[gone]) for gone in range(told, len(before)) if gone not in paired)


def changed_words(before: str, after: str) -> Iterator[Piece]:
    """The sentence with its words marked; the KEPT and GONE pieces make up ``before``, the KEPT and NEW ``after``."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    pending = ["", ""]  # gone, new
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, fresh = "".join(old[i:j]), "".join(new[k:m])
        if tag == "equal" and (len(gone) >= _SHORTEST_KEPT or not any(pending) or j == len(old)):
            yield from _pieces(pending)
            pending = ["", ""]
            yield Piece(Fate.KEPT, gone)
        else:
            pending = [pending[0] + gone, pending[1] + fresh]
    yield from _pieces(pending)


def _pieces(pending: Sequence[str]) -> Iterator[Piece]:
    for fate, text in zip((Fate.GONE, Fate.NEW), pending, strict=True):
        if text:
            yield Piece(fate, text)
