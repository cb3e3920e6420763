"""Owns which lines are which part of a report: its title, the six sections, the closing.

May import: form, ingest.carrier, ingest.words.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import fuzz

from nianbao.form import EDITIONS, SECTIONS, Section
from nianbao.ingest.carrier import Carrier, Line
from nianbao.ingest.words import bare, core, width_folded, words_of

_NUMERALS = "一二三四五六七八九"
_NUMERAL = re.compile(r"\s*(?:第?\s*([一二三四五六])\s*(?:部分)?\s*[、.,:，：．]|第\s*([一二三四五六])\s*部分)\s*")
# A heading is short; a line longer than this is a sentence.
_LONGEST_HEADING = 60
_TITLE = re.compile(
    r"(?P<office>.*?)(?P<year>[12]\d{3}|[一二][〇○零O0一二三四五六七八九]{3})\s*年\s*度?\s*(?:政府|政务)?信息公开(?:工作)?(?:年度)?(?:工作)?(?:年度)?(?:报告|年报)"
)
_PERIOD = re.compile(r"(20\d\d)\s*年\s*1\s*月\s*1\s*日?\s*(?:起|至|到|-|—|~|～)")
_FILE_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_DATE = re.compile(r"([12]\d{3})年(\d{1,2})月(\d{1,2})日")
_CHINESE_DATE = re.compile(
    r"([二〇○零O一三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_CHINESE_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | dict.fromkeys(
    "○零O0", "0"
)
_OFFICE = re.compile(r"[\u4e00-\u9fff（）()、·〇\s]{3,40}")
_SENTENCE = re.compile("[。；！？，]")
# Lines that the pages of offices print below and around a report; the report ends before the first of them.
_FURNITURE = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|网站地图|主办单位|主办[:：]|承办[:：]|技术支持|打印本页|关闭窗口|^【?(打印|关闭|字体)|"
    r"^(上|下)一(篇|条)|^相关(链接|文档|附件|稿件|阅读|信息)|扫一扫|^分享(到)?[:：]?|责任编辑|^附件[:：]?|^联系我们|^返回(顶部|首页)"
)


@dataclass
class Parts:
    """The lines of a report by part; ``sections`` holds the lines below each heading that was found."""

    head: list[Line] = field(default_factory=list)
    sections: dict[str, list[Line]] = field(default_factory=dict)
    headings: dict[str, Line] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    office: str | None = None
    year: int | None = None
    published: datetime.date | None = None


@dataclass(frozen=True)
class _Candidate:
    index: int
    section: Section
    score: float
    rest: str = ""


def parts_of(carrier: Carrier) -> Parts:
    """The report's parts; sections whose heading is not there have no entry."""
    lines = carrier.lines
    chain = _chain(lines, _candidates(lines))
    found = Parts()
    first = chain[0].index if chain else len(lines)
    inside = _container(lines, chain)
    found.head = list(lines[:first])
    for candidate, after in zip(chain, [*chain, None][1:], strict=True):
        end = after.index if after else len(lines)
        body = [line for line in lines[candidate.index + 1 : end] if line.group[: len(inside)] == inside]
        if candidate.rest:
            own = lines[candidate.index]
            body.insert(0, Line((candidate.rest,), own.places[:1], group=own.group))
        slug = candidate.section.slug
        found.sections[slug] = body
        found.headings[slug] = lines[candidate.index]
        found.starts[slug] = candidate.index
    _close(found, chain)
    _title(found, carrier)
    return found


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
        text = width_folded(filled[0]).strip()
        if not text or not "\u3400" <= text[0] <= "\u9fff":
            continue
        found += _heading(index, text)
    return found


def _heading(index: int, text: str) -> list[_Candidate]:
    match = _NUMERAL.match(text)
    number = _NUMERALS.index(match[1] or match[2]) + 1 if match else None
    if match and len(text) > 4 and (merged := _with_rest(index, text[match.end() :], number)):
        return [merged]
    if len(text) > _LONGEST_HEADING or _SENTENCE.search(text):
        return []
    words = bare(text[match.end() :] if match else text)
    if not words or _is_label(words):
        return []
    found = []
    for section in SECTIONS:
        score = max(_score(words, title, section.number, number) for known, title in _titles() if known is section)
        if score:
            found.append(_Candidate(index, section, score))
    return found


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


def _with_rest(index: int, text: str, number: int | None) -> _Candidate | None:
    """A heading that goes on with its section's first words in the same line."""
    for section in SECTIONS:
        if section.number != number:
            continue
        for title in (section.title, *section.aliases):
            pattern = r"\s*".join(map(re.escape, width_folded(title).replace(",", "")))
            if (match := re.match(pattern + r"[\s。:：]+(?=\S)", text)) and len(text) > match.end():
                return _Candidate(index, section, 3.0, text[match.end() :])
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
    body = found.sections[chain[-1].section.slug]
    end = next((index for index, line in enumerate(body) if _FURNITURE.search(line.text.strip())), len(body))
    for index, line in enumerate(body[:end]):
        if (date := _date(line.text)) is not None:
            found.published = date
            end = index
            while end and (not body[end - 1].text.strip() or _is_signature(body[end - 1].text)):
                end -= 1
            break
    found.sections[chain[-1].section.slug] = body[:end]


def _is_signature(text: str) -> bool:
    return (
        len(text) <= 40
        and not re.search(r"[。；：:！？，]|^\s*[（(]?[一二三四五六七八九十]+[)）、]", text)
        and len(core(text)) > 2
    )


def _date(text: str) -> datetime.date | None:
    plain = "".join(width_folded(text).split())
    if match := _DATE.search(plain):
        parts = [int(part) for part in match.groups()]
    elif match := _CHINESE_DATE.search(plain):
        parts = [int(_digits(match[1])), *(_chinese_number(part) for part in match.groups()[1:])]
    else:
        return None
    signature = plain[: match.start()]
    if plain[match.end() :].strip(")）") or len(signature) > 40 or _SENTENCE.search(signature):
        return None
    try:
        return datetime.date(*parts)
    except ValueError:
        return None


def _digits(text: str) -> str:
    return "".join(_CHINESE_DIGITS.get(character, "0") for character in text)


def _chinese_number(text: str) -> int:
    tens, found, ones = text.rpartition("十")
    values = {"": 0, **{digit: value for value, digit in enumerate(_NUMERALS, start=1)}}
    return values.get(ones, 0) + (10 * (values.get(tens, 0) or 1) if found else 0)


def _title(found: Parts, carrier: Carrier) -> None:
    """Office and year from the title nearest above the report; the year else from the period of its figures."""
    head = [line.text.strip() for line in found.head if line.text.strip() and not line.ruled]
    for index in range(len(head) - 1, -1, -1):
        for count in (1, 2, 3):
            text = " ".join(head[index : index + count])
            if (match := _titled(text)) is None:
                continue
            above = head[index - 1] if index else ""
            found.office = _office(match["office"]) or _office(above)
            found.year = int(_digits(match["year"])) if not match["year"].isdigit() else int(match["year"])
            return
    if match := _titled(carrier.title):
        found.office = _office(match["office"])
        found.year = int(match["year"]) if match["year"].isdigit() else int(_digits(match["year"]))
    elif match := _PERIOD.search(width_folded("".join(head))):
        found.year = int(match[1])


def _titled(text: str) -> re.Match[str] | None:
    plain = width_folded(text)
    if len(plain) > 2 * _LONGEST_HEADING:
        return None
    plain = re.sub(r"(?<=[\u4e00-\u9fff\d])\s+(?=[\u4e00-\u9fff\d])", "", plain)
    match = _TITLE.match(plain)
    if match is None or _SENTENCE.search(match["office"].replace(",", "，")) or "《" in match["office"]:
        return None
    return match


def _office(text: str) -> str | None:
    plain = "".join(text.split()).removeprefix("关于").strip("《》“”:：-—_|")
    if not _OFFICE.fullmatch(plain) or _titled(plain) or plain.startswith(("目录", "首页")):
        return None
    return plain


def year_of_name(name: str) -> int | None:
    """The year in a file's name, where there is exactly one."""
    found = set(_FILE_YEAR.findall(name))
    return int(found.pop()) if len(found) == 1 else None
