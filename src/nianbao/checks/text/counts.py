"""Owns the counts that a sentence states: digits, Chinese numerals, 万 and 亿, each with its unit and surroundings.

Imports nothing of ours but text.flat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from nianbao.checks.text.flat import Sentence

UNITS = (
    "件次|人次|万元|亿元|个百分点|件|宗|起|条|份|例|次|个|项|部|篇|期|场|名|人|张|元|%|家|处|批|封|则|幅|户|类|页|套|本"
)
_NUMBER = re.compile(
    rf"(?P<digits>(?<![\d.A-Za-z])\d+(?:\.\d+)?)(?P<scale>[万亿千百]?)(?P<more>余|多|来)?(?P<unit>{UNITS})"
    rf"|百分之(?P<hundredths>[〇零一二两三四五六七八九十百点]+)"
    rf"|(?<![第〇零一二两三四五六七八九十百千万亿])(?P<chinese>[〇零一二两三四五六七八九十百千万亿]+)(?P<more2>余|多|来)?"
    rf"(?P<unit2>件次|人次|万元|亿元|件|宗|起|条|份|例|项|元)"
)
_ABOUT = re.compile(r"(?:大约|约|近|将近|接近|超过|超|逾|不少于|不低于|至少|突破|不足|不到|达到?近)$")
_ABOUT_AFTER = re.compile(r"^(?:以上|左右|上下|以内|以下|之多)")
_DIGITS = {
    character: value
    for value, characters in enumerate(["〇零", "一", "二两", *"三四五六七八九"])
    for character in characters
}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_POWERS = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral (一百零三, 两, 三万五千), or None where it is none."""
    total = section = digit = 0
    if not text or (len(text) > 1 and all(character in _DIGITS for character in text)):
        return int("".join(str(_DIGITS[character]) for character in text)) if text else None
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _SCALES:
            section += (digit or 1) * _SCALES[character]
            digit = 0
        elif character in _POWERS:
            total = (total + section + digit) * _POWERS[character]
            section = digit = 0
        else:
            return None
    return total + section + digit


@dataclass(frozen=True)
class Count:
    """A number with a unit in a sentence: its value, whether it is exact, and the words on both sides.

    ``lead`` reaches back to the count before it at the same depth of brackets (or the sentence's start), with
    brackets left out; ``clause`` is its last part after a comma; ``tail`` are the words up to the next sign;
    ``step`` is the worth of the last printed place.
    """

    sentence: Sentence
    index: int
    start: int
    end: int
    value: Decimal
    unit: str
    exact: bool
    printed: str
    lead: str
    tail: str
    bracketed: bool
    step: Decimal

    @cached_property
    def clause(self) -> str:
        """The words since the last comma, colon or opening bracket."""
        return re.split(r"[，：（]", self.lead)[-1]

    @cached_property
    def before(self) -> str:
        """The sentence up to the count."""
        return self.sentence.text[: self.start]


def counts(sentence: Sentence) -> list[Count]:
    """The counts of a sentence in order."""
    text = sentence.text
    matches = [match for match in _NUMBER.finditer(text) if _value(match) is not None]
    depths = _depths(text)
    found: list[Count] = []
    last_end = {0: 0}
    for index, match in enumerate(matches):
        depth = depths[match.start()]
        opened = text.rfind("（", 0, match.start()) + 1 if depth else 0
        since = max(last_end.get(depth, 0), opened)
        last_end[depth] = match.end()
        lead = text[since : match.start()]
        found.append(_count(sentence, index, match, lead if depth else _outside(lead, depths[since : match.start()])))
    return found


def _count(sentence: Sentence, index: int, match: re.Match[str], lead: str) -> Count:
    after = sentence.text[match.end() :]
    value = _value(match)
    exact = not (match["more"] or match["more2"] or _ABOUT.search(lead) or _ABOUT_AFTER.match(after))
    return Count(
        sentence,
        index,
        match.start(),
        match.end(),
        value if value is not None else Decimal(0),
        "%" if match["hundredths"] else match["unit"] or match["unit2"],
        exact,
        match[0],
        lead,
        re.split(r"[，、：（）]", after, maxsplit=1)[0],
        _depths(sentence.text)[match.start()] > 0,
        _step(match),
    )


def _step(match: re.Match[str]) -> Decimal:
    """What one unit in the last printed place is worth: 0.1 for 97.5, 1000 for 1.2万 with one place."""
    if match["hundredths"]:
        return Decimal(1).scaleb(-len(match["hundredths"].partition("点")[2]))
    places = len((match["digits"] or "").partition(".")[2])
    return Decimal(1).scaleb(-places) * _POWERS[match["scale"] or ""]


def _value(match: re.Match[str]) -> Decimal | None:
    if match["digits"]:
        return Decimal(match["digits"]) * _POWERS[match["scale"]]
    if match["hundredths"]:
        whole, _, part = match["hundredths"].partition("点")
        number = chinese_number(whole)
        fraction = "".join(str(_DIGITS[character]) for character in part if character in _DIGITS)
        return None if number is None else Decimal(f"{number}.{fraction or 0}")
    number = chinese_number(match["chinese"])
    return None if number is None else Decimal(number)


def _depths(text: str) -> list[int]:
    depth = 0
    depths: list[int] = []
    for character in text:
        depth -= character == "）" and depth > 0
        depths.append(depth)
        depth += character == "（"
    return depths


def _outside(text: str, depths: list[int]) -> str:
    return "".join(
        character for character, depth in zip(text, depths, strict=True) if depth == 0 and character not in "（）"
    )
