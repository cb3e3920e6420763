"""Tell which lines are which part of a report: what stands above, the six sections, the closing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from rapidfuzz import fuzz

from nianbao.form import EDITIONS, SECTIONS, Section
from nianbao.ingest.carrier import Carrier, Line
from nianbao.ingest.title import LONGEST_TITLE, SENTENCE, Stated, date_of, stated
from nianbao.ingest.words import bare, core, width_folded, words_of

_NUMERALS = "一二三四五六七八九"
# 1、总体情况 and （一）总体情况: numerals that also stand before other things, so that the title must be there.
_OTHER_NUMERAL = re.compile(r"\s*(?:([1-6])\s*[、.．](?!\d)|[(（]([一二三四五六])[)）])\s*")
_NUMERAL = re.compile(r"\s*(?:第?\s*([一二三四五六])\s*(?:部分)?\s*[、.,:，：．]|第\s*([一二三四五六])\s*部分)\s*")
# Lines that the pages of offices print below and around a report; the report ends before the first of them.
_FURNITURE = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|网站地图|主办单位|主办[:：]|承办[:：]|技术支持|打印本页|关闭窗口|^【?(打印|关闭|字体)|"
    r"^(上|下)一(篇|条)|^相关(链接|文档|附件|稿件|阅读|信息)|扫一扫|^分享(到)?[:：]?|责任编辑|^附件[:：]?|^联系我们|^返回(顶部|首页)"
)


_NONE = re.compile("[无没未]")
# A heading whose numeral is not telling must be as like to its title as this (0 to 100).
_LIKE = 85
_SURE = 95
# The score of a heading that has its numeral and its whole title.
_TITLED = 4.0
_PLAIN = 3.0


@dataclass
class Parts:
    """The lines of a report by part; ``sections`` holds the lines below each heading that was found."""

    head: list[Line] = field(default_factory=list)
    sections: dict[str, list[Line]] = field(default_factory=dict)
    headings: dict[str, Line] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    signature: list[str] = field(default_factory=list)
    stated: Stated = field(default_factory=Stated)


@dataclass(frozen=True)
class _Candidate:
    index: int
    section: Section
    score: float
    rest: str = ""


# A section, how sure it is that a line heads it, and what of its text stands in the same line.
_Heading = tuple[Section, float, str]


def parts_of(carrier: Carrier) -> Parts:
    """The report's parts; sections whose heading is not there have no entry."""
    lines = carrier.lines
    candidates = _candidates(lines)
    chain = _chain(lines, candidates)
    chain = sorted([*chain, *_elsewhere(lines, candidates, chain)], key=lambda candidate: candidate.index)
    found = Parts()
    first = chain[0].index if chain else len(lines)
    inside = _container(lines, chain)
    found.head = list(lines[:first])
    for candidate, after in zip(chain, [*chain, None][1:], strict=True):
        end = after.index if after else len(lines)
        body = [line for line in _below(lines, candidate, end) if line.group[: len(inside)] == inside]
        if candidate.rest:
            own = lines[candidate.index]
            body.insert(0, Line((candidate.rest,), own.places[:1], group=own.group))
        slug = candidate.section.slug
        found.sections[slug] = body
        found.headings[slug] = lines[candidate.index]
        found.starts[slug] = candidate.index
    _close(found, chain)
    opening = SECTIONS[0].slug
    overview = [found.headings[opening], *found.sections[opening]] if opening in found.headings else []
    found.stated = stated(found.head, carrier.title, overview, found.signature, sheet=carrier.kind == "xlsx")
    return found


def headings_in(lines: Sequence[Line]) -> set[int]:
    """The numbers of the parts whose headings, with numeral and title, stand among the lines."""
    return {candidate.section.number for candidate in _candidates(lines) if candidate.score >= _PLAIN}


def _below(lines: Sequence[Line], candidate: _Candidate, end: int) -> Sequence[Line]:
    """The lines below a heading; a sheet's own name, above the next heading, belongs to neither."""
    body = lines[candidate.index + 1 : end]
    return [line for line in body if line.place.cell is None or not line.place.cell.endswith("!")]


def _elsewhere(lines: Sequence[Line], candidates: list[_Candidate], chain: list[_Candidate]) -> Iterator[_Candidate]:
    """Headings of parts that stand out of their order (words on a sheet of their own), with something below them."""
    taken = {candidate.section.slug for candidate in chain}
    stops = {candidate.index for candidate in candidates if candidate.score >= _TITLED}
    for candidate in candidates:
        following = candidate.index + 1
        filled = following < len(lines) and lines[following].text and following not in stops
        if candidate.score >= _TITLED and candidate.section.slug not in taken and len(chain) > 1 and filled:
            taken.add(candidate.section.slug)
            yield candidate


@cache
def _table_labels() -> frozenset[str]:
    """Labels with a numeral like a section's (一、本年新收…): never headings."""
    tables = [table for edition in EDITIONS.values() for table in edition.tables]
    rows = {form for table in tables for row in words_of(table, foreign=True).rows for form in row.cores}
    return frozenset(rows | {group for table in tables for group in words_of(table).groups})


@cache
def _titles() -> tuple[tuple[Section, str], ...]:
    return tuple((section, core(text)) for section in SECTIONS for text in (section.title, *section.aliases))


def _candidates(lines: Sequence[Line]) -> list[_Candidate]:
    found: list[_Candidate] = []
    for index, line in enumerate(lines):
        filled = [cell for cell in line.cells if cell.strip()]
        if len(filled) != 1:
            continue
        text = width_folded(filled[0]).strip("# \t*\ufffd、").removeprefix("【").removesuffix("】")
        if not text or not ("\u3400" <= text[0] <= "\u9fff" or _OTHER_NUMERAL.match(text)):
            continue
        found += [_Candidate(index, *rest) for rest in _heading(text)]
    return found


@lru_cache(maxsize=1024)
def _heading(text: str) -> tuple[_Heading, ...]:
    """The sections whose heading a line may be; the same lines are asked about several times."""
    whole, text = text, text.rstrip("。:：")
    match = _NUMERAL.match(text)
    number = _NUMERALS.index(match[1] or match[2]) + 1 if match else None
    other = None if match else _OTHER_NUMERAL.match(text)
    if other:
        number = int(other[1]) if other[1] else _NUMERALS.index(other[2]) + 1
        like, score = (_LIKE, 3.0) if other[1] else (_SURE, 2.5)
        return tuple(
            (section, score, "")
            for section, title in _titles()
            if section.number == number and fuzz.ratio(bare(text[other.end() :]), title) >= like
        )
    if match and len(text) > 4 and (merged := _with_rest(whole[match.end() :], number)):
        return (merged,)
    if len(text) > LONGEST_TITLE or SENTENCE.search(text):
        return ()
    words = bare(text[match.end() :] if match else text)
    if not words or (_is_label(words) and not (number == len(SECTIONS) and SECTIONS[-1].title.startswith(words))):
        return ()
    found: list[_Heading] = []
    for section in SECTIONS:
        score = max(_score(words, title, section.number, number) for known, title in _titles() if known is section)
        if score:
            # 六、无其他需要报告的事项。: the heading is the whole section.
            said = section is SECTIONS[-1] and section.title in words and _NONE.search(words)
            found.append((section, score, whole[match.end() :] if said and match else ""))
    return tuple(found)


def _is_label(words: str) -> bool:
    return words in _table_labels() or any(len(words) > 7 and label.startswith(words) for label in _table_labels())


def _score(words: str, title: str, own: int, number: int | None) -> float:
    """How sure it is that the words head the section ``own``; 0 where they don't."""
    if words == title:
        return 4.0 if number == own else 3.0
    like = fuzz.ratio(words, title)
    if number == own:
        if like >= 60 or (len(words) > 3 and words in title):
            return 3.0
        return 1.0 if len(words) <= 20 else 0.0
    return 1.5 if number is None and like >= 85 else 0.0


def _with_rest(text: str, number: int | None) -> _Heading | None:
    """A heading that goes on with its section's first words in the same line."""
    for section in SECTIONS:
        if section.number != number:
            continue
        for title in (section.title, *section.aliases):
            pattern = r"\s*".join(map(re.escape, width_folded(title).replace(",", "")))
            if (match := re.match(pattern + r"[\s。:：]+(?=\S)", text)) and len(text) > match.end():
                return section, 3.0, text[match.end() :]
    return None


def _chain(lines: Sequence[Line], candidates: list[_Candidate]) -> list[_Candidate]:
    """The headings in rising order with most text between them: a table of contents has none."""
    weights = [0]
    for line in lines:
        weights.append(weights[-1] + min(sum(map(len, line.cells)), 40))
    best: dict[int, tuple[float, list[_Candidate]]] = {}
    for candidate in candidates:
        number = candidate.section.number
        options = [(candidate.score, [candidate])]
        for earlier, (score, chain) in best.items():
            if earlier < number:
                between = weights[candidate.index] - weights[chain[-1].index + 1]
                # Of chains that are alike the shortest: neither the contents above nor a menu below belong to it.
                far = min((candidate.index - chain[-1].index) / 10_000, 1)
                options.append((score + candidate.score + min(between, 20) / 10 - far, [*chain, candidate]))
        top = max(options, key=lambda option: option[0])
        if number not in best or top[0] >= best[number][0]:
            best[number] = top
    ends = ((score + min(weights[-1] - weights[chain[-1].index + 1], 20) / 10, chain) for score, chain in best.values())
    chosen = max(ends, key=lambda option: option[0], default=(0.0, []))[1]
    # A numeral and nothing else known is a heading only among headings.
    return chosen if any(candidate.score >= 1.5 for candidate in chosen) else []


def _container(lines: Sequence[Line], chain: list[_Candidate]) -> tuple[int, ...]:
    """The innermost element that holds all headings: what is outside of it is not the report."""
    if len(chain) < 3:
        return ()
    groups = [lines[candidate.index].group for candidate in chain]
    common: list[int] = []
    for level in zip(*groups, strict=False):
        if len(set(level)) > 1:
            break
        common.append(level[0])
    return tuple(common)


def _close(found: Parts, chain: list[_Candidate]) -> None:
    """Take the office's name, the date and what a web page prints below them from the last section."""
    if not chain:
        return
    slug = max((candidate.section for candidate in chain), key=lambda section: section.number).slug
    body = found.sections[slug]
    end = next((index for index, line in enumerate(body) if _FURNITURE.search(line.text.strip())), len(body))
    for index, line in enumerate(body[:end]):
        if date_of(line.text) is not None:
            start = index
            while start and (not body[start - 1].text.strip() or _is_signature(body[start - 1].text)):
                start -= 1
            last = index + 1
            if start == index and last < len(body) and _is_signature(body[last].text):
                last += 1
            found.signature = [one.text.strip() for one in body[start:last]]
            end = start
            break
    found.sections[slug] = body[:end]


def _is_signature(text: str) -> bool:
    return (
        len(text) <= 40
        and not re.search(r"[。；：:！？，]|^\s*[（(]?[一二三四五六七八九十]+[)）、]|^\s*[本我无没未暂]|事项", text)
        and len(core(text)) > 2
    )
