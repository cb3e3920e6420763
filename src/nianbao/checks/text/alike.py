"""Texts that offices have copied from each other: the share of their clauses alike, and the passages.

A clause is what stands between two signs (，。；：); numbers, references, signs and the office's own names are no part
of it, so that a copy with other figures is a copy still.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, groupby, pairwise
from zlib import crc32

from nianbao.checks.finding_log import Facts, FindingLog
from nianbao.checks.text.names import own_names
from nianbao.model import FindingState, OfficeYear, ReportKey

_CLAUSE = re.compile(r"[^，。；：！？\n]+")
_REFERENCE = re.compile(r"\{\{[^{}]{0,300}\}\}|\{%[^{}]{0,300}%\}")
_NO_WORDS = re.compile(r"[\d\s\W_]+")
_COUNT = re.compile(r"\d|\{\{")
# Shorter clauses are turns of phrase that anybody may use; so are longer ones with a count (收到政府信息公开申请17件).
_SHORTEST, _SHORTEST_COUNTING = 8, 16
# Headings, and what law, form and party lay down or everybody quotes; nobody can say these things in words of his own.
_LAID_DOWN = re.compile(
    r"^\s*[#|]|《|条例|国办|国务院|办公厅|[条款项]规定|(?:规定|要求)编制|统计期限|第一项加第二项"
    r"|习近平|党的二十|党的十九|党中央|全会精神|以人民为中心|决策部署|常态.{0,4}例外|公开尽公开|谁.{1,4}谁负责"
    r"|先审.{0,2}后公开|信息处理费|收费|其[他它](?:需要)?报告|需要报告|电子版|联系(?:电话|我|本)|地址|邮政?编码"
    r"|行政复议|行政诉讼|予以公开|部分公开|无法提供|不予处理|其他处理|结转下年"
)
# So many characters alike, and such a part of all that is the office's own: from the first on they may have been
# copied, from the second on reviewers say so.
_LEAST = 200
_MAYBE, _COPIED = 0.5, 0.7
# What more than half of at least so many offices say comes from above (a pattern of the superior office).
_ENOUGH_OFFICES = 8
# Where less than this part of a text is left without that, there is nothing of one's own, and all of it counts.
_OWN = 1 / 3
# A clause of more offices is looked at between neighbours only: all pairs of a thousand offices are half a million.
_FEW = 40
_WORTH_A_LOOK = 5  # clauses
# In so many reports of a year passages are looked up and quoted; who mends them sees the rest.
_QUOTED = 50
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a clause that counts stands in its text, a number for its words, and how many characters these are."""

    start: int
    end: int
    code: int
    size: int


def clauses(text: str, *names: str) -> Iterator[Clause]:
    """The clauses of a text that are long enough and not laid down; ``names`` are those of its own office."""
    own = re.compile("|".join(map(re.escape, own_names(*names))) or r"(?!)")
    for match in _CLAUSE.finditer(text):
        if _LAID_DOWN.search(match[0]):
            continue
        words = _NO_WORDS.sub("", own.sub("", _REFERENCE.sub("", match[0])))
        if len(words) >= (_SHORTEST_COUNTING if _COUNT.search(match[0]) else _SHORTEST):
            yield Clause(match.start(), match.end(), crc32(words.encode()), len(words))


def passages(text: str, mine: Sequence[Clause], theirs: Container[int]) -> list[str]:
    """The stretches of the text's paragraphs whose clauses are all of ``theirs``, each once, the longest first."""
    found: dict[str, None] = {}
    breaks = [match.start() for match in re.finditer("\n", text)]

    def is_shared(clause: Clause) -> tuple[bool, int]:
        return clause.code in theirs, bisect_left(breaks, clause.start)

    for (shared, _), members in groupby(mine, key=is_shared):
        run = list(members)
        if shared:
            found[" ".join(_REFERENCE.sub("…", text[run[0].start : run[-1].end]).split())] = None
    return sorted(found, key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of an office-year's words: its clauses as numbers, each once, with their sizes."""

    name: str
    codes: array[int]
    sizes: array[int]

    @property
    def clauses(self) -> dict[int, int]:
        """The sizes of the clauses by their numbers."""
        return dict(zip(self.codes, self.sizes, strict=True))


def sketch_of(report: OfficeYear) -> Sketch:
    """The sketch of an office-year's texts; the preamble, which the form words, is no part of them."""
    sizes = {clause.code: clause.size for clause in clauses(_text(report), *_names(report))}
    return Sketch(report.office.name, array("I", sizes), array("I", sizes.values()))


def _text(report: OfficeYear) -> str:
    return "\n".join(text.template for text in report.texts.values())


def _names(report: OfficeYear) -> tuple[str, str]:
    return report.office.name, report.office.short_name


def check_alike(
    sketches: Mapping[ReportKey, Sketch], report_of: Callable[[ReportKey], OfficeYear], log: FindingLog
) -> None:
    """WORDS-ALIKE: half or more of an office's own words stand in another one's report of the same year.

    Each office is told the one that it is most like, and how many others there are. ``report_of`` gives the office-year
    whose passages are to be quoted.
    """
    for year in sorted({key.year for key in sketches}):
        words = {key: sketch.clauses for key, sketch in sorted(sketches.items()) if key.year == year}
        holders = Counter(chain.from_iterable(words.values()))
        own = _own_words(words, holders)
        quoted = 0
        for key, likes in _likes(own, holders).items():
            if likes:
                share, like = likes[0]
                quote = _quoted(report_of(key), own[key].keys() & own[like].keys()) if quoted < _QUOTED else ""
                quoted += 1
                _tell(key, share, (like, sketches[like].name), len(likes) - 1, quote, log)
            elif words[key]:
                log.passed("WORDS-ALIKE", key)


def _tell(key: ReportKey, share: float, like: tuple[ReportKey, str], others: int, quote: str, log: FindingLog) -> None:
    (other, name), more = like, f"，另有{others}个单位也雷同" if others else ""
    words = (
        f"文字约{share:.0%}与{name}的报告相同{more}，{'疑为套用' if share >= _COPIED else '请核实是否套用'}{quote}",
        f"about {share:.0%} of the words are those of {other.office}{f' (and {others} others)' if others else ''}",
    )
    facts = Facts(expected=f"<{_MAYBE:.0%}", actual=f"{share:.0%}", scope=other.office)
    state = FindingState.WARN if share >= _COPIED else FindingState.UNCERTAIN
    log.add("WORDS-ALIKE", key, state, words, facts)


def _quoted(report: OfficeYear, shared: Container[int]) -> str:
    text = _text(report)
    found = passages(text, list(clauses(text, *_names(report))), shared)[:2]
    cut = (f"“{one[:_LONGEST_QUOTE]}{'…' if len(one) > _LONGEST_QUOTE else ''}”" for one in found)
    return f"，如{'、'.join(cut)}"


def _own_words(
    words: Mapping[ReportKey, dict[int, int]], holders: Mapping[int, int]
) -> dict[ReportKey, dict[int, int]]:
    """Of each office's clauses those that are its own, without what most offices of the year say."""
    common = {code for code, count in holders.items() if 2 * count > len(words) >= _ENOUGH_OFFICES}
    found = {}
    for key, each in words.items():
        own = {code: size for code, size in each.items() if code not in common}
        found[key] = own if sum(own.values()) >= _OWN * sum(each.values()) else each
    return found


def _likes(
    own: Mapping[ReportKey, dict[int, int]], holders: Mapping[int, int]
) -> dict[ReportKey, list[tuple[float, ReportKey]]]:
    """For each office the others that have half or more of its words, with the share, the most alike first."""
    keys_of: defaultdict[int, list[ReportKey]] = defaultdict(list)
    for key, each in own.items():
        for code in each:
            if holders[code] > 1:
                keys_of[code].append(key)
    pairs: Counter[tuple[ReportKey, ReportKey]] = Counter()  # clauses in common, but for those of many offices
    for keys in keys_of.values():
        pairs.update(combinations(keys, 2) if len(keys) <= _FEW else pairwise(keys))
    totals = {key: sum(each.values()) for key, each in own.items()}
    found: dict[ReportKey, list[tuple[float, ReportKey]]] = {key: [] for key in own}
    for one, other in (pair for pair, count in pairs.items() if count >= _WORTH_A_LOOK):
        shared = sum(size for code, size in own[one].items() if code in own[other])
        for key, like in ((one, other), (other, one)):
            share = shared / totals[key]
            if shared >= _LEAST and share >= _MAYBE:
                found[key].append((share, like))
    return {key: sorted(likes, key=lambda each: (-each[0], each[1])) for key, likes in found.items()}
