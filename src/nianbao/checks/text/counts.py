"""The counts of a sentence: numbers with their measures (digits, Chinese numerals, 万 and 亿) and the words beside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from nianbao.checks.text.sentences import Sentence

MEASURES = (
    "件次|人次|万元|亿元|个百分点|百分点|件|宗|起|条|份|例|次|个|项|部|篇|期|场|名|人|张|元|%|家|处|批|封|则|幅|户|"
    "类|页|套|本|册|款|倍|所(?![示述列需涉])|余"
)
PERCENT, MONEY = "%", frozenset({"元", "万元", "亿元"})
# What is measured so is no case or document.
NO_COUNTS = frozenset({"%", "个百分点", "百分点", "元", "万元", "亿元", "人次", "倍", "余"})
_CHINESE = "〇零一二两三四五六七八九十百千万亿"
_NUMBER = re.compile(
    rf"(?<![\d.A-Za-z第])(?P<digits>\d++(?:\.\d++)?)(?P<scale>[万亿千百]?)(?P<more>余|多|来)?(?P<unit>{MEASURES}|(?<=[万亿])(?=[，、；。）]|$))"
    rf"|百分之(?P<hundredths>[{_CHINESE}点]++)|(?<![{_CHINESE}第])(?P<tenths>[一二两三四五六七八九])成(?P<half>[半一二三四五六七八九])?(?=以上|左右|，|。|；|、|$)"
    rf"|(?<![第前后唯{_CHINESE}])(?<!没有)(?<!任何)(?<!无)(?P<chinese>[{_CHINESE}]++)(?P<more2>余|多|来)?"
    rf"(?P<unit2>件次|人次|万元|亿元|件|宗|起|条|份|例|项|元)(?!是|方面|流程|起来|相加|合起|合计|共计|总计|分别|之和|占|均|都|共(?=\d)|累计)"
)
# A sentence with more numbers is a list or a table; it is read no further.
MOST_COUNTS = 60
# Words that leave a number open, before it and behind it; a range (3至5件) is no one number.
_ABOUT = re.compile(
    r"(?:(?P<around>大?约|大概)|(?P<below>近|将近|接近)|(?P<under>不足|不到|不超过)|(?P<above>(?<!不)超过?|逾|不少于|不低于|至少|突破|多达)|\d[-~—至])$"
)
_ABOUT_AFTER = re.compile(r"^(?:(?P<above>以上|之多)|(?P<around>左右|上下)|(?P<under>以内|以下))")
# How far from a number about so many may be.
_TENTH, _QUARTER = Decimal("0.1"), Decimal("0.25")
# 20个工作日, 3个月, 2个以上部门 count time or state a condition.
_TIME = re.compile(r"^(?:[、和至到或][\d.]+个)?(?:工作日|自然日|小时|月|以上|及以上|百分点|年)")
_DIGITS = {
    character: value
    for value, characters in enumerate(["〇零", "一", "二两", *"三四五六七八九"])
    for character in characters
}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_POWERS = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
# How far words before and behind a number are looked at.
_REACH = 80


_BRACKETS_BEFORE = re.compile(r"（([^（）]{1,40})）(?:的|申请|案件|数量|共计?|合计|为|计)*$")


@dataclass(frozen=True)
class Count:
    """A number with its measure: value, whether it is exact, and the words on both sides.

    ``lead`` reaches back to the count before it at the same depth of brackets (or to the sentence's start), brackets
    left out; ``clause`` is its last part after a comma, colon, semicolon or bracket; ``tail`` are the words up to the
    next sign; ``outer`` is what stands before the bracket that holds the count; ``step`` is the worth of the last
    printed place; ``bounds`` the least and the most that words like 余, 近 or 约 allow.
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
    clause: str
    tail: str
    outer: str
    depth: int
    step: Decimal
    bounds: tuple[Decimal, Decimal] | None = None

    @property
    def counted(self) -> bool:
        """Whether it counts things (and is no percentage, money or heads)."""
        return self.unit not in NO_COUNTS

    @property
    def least(self) -> Decimal:
        """The least that it may stand for, by its words and by the places printed."""
        return self.bounds[0] if self.bounds else self.value - (self.step / 2 if self.step > 1 else 0)

    @property
    def most(self) -> Decimal:
        """The most that it may stand for."""
        return self.bounds[1] if self.bounds else self.value + (self.step / 2 if self.step > 1 else 0)

    @property
    def proviso(self) -> str:
        """The words in brackets right before the number, empty where there are none: 予以公开（含部分公开）63件."""
        match = _BRACKETS_BEFORE.search(self.sentence.text[max(0, self.start - _REACH) : self.start])
        return match[1] if match else ""

    @property
    def own_words(self) -> str:
        """The words before it that are its own where others have theirs behind them: 4件维持、2件被纠正."""
        return re.split("[、和及与]", self.clause)[-1]

    @property
    def after(self) -> str:
        """The words behind the count, signs included, as far as they matter."""
        return self.sentence.text[self.end : self.end + _REACH]


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


def number_of(printed: str) -> int:
    """The value of a whole number in digits or Chinese numerals; 0 where it is none."""
    return int(printed) if printed.isdigit() else chinese_number(printed) or 0


def counts(sentence: Sentence) -> list[Count]:
    """The counts of a sentence in order, at most ``MOST_COUNTS``."""
    text = sentence.text
    found: list[Count] = []
    last_end = {0: 0}
    for match in _NUMBER.finditer(text):
        value = _value(match)
        if value is None or len(found) >= MOST_COUNTS:
            continue
        depth = sentence.depths[match.start()]
        opened = text.rfind("（", 0, match.start()) + 1 if depth else 0
        since = max(last_end.get(depth, 0), opened, match.start() - LONGEST_LEAD)
        last_end[depth] = match.end()
        lead = text[since : match.start()]
        if not depth:
            lead = _outside(lead, sentence.depths[since : match.start()])
        lead = lead.removesuffix("（")[-_REACH:]
        after = text[match.end() : match.end() + _REACH]
        before, behind = _ABOUT.search(lead), _ABOUT_AFTER.match(after)
        more = match["more"] or match["more2"]
        exact = not (more or before or behind or _TIME.match(after))
        bounds = None if exact or _TIME.match(after) else _bounds(value, more, before, behind)
        unit = PERCENT if match["hundredths"] or match["tenths"] else match["unit"] or match["unit2"] or ""
        if bounds and before and unit != PERCENT:
            lead = lead[: before.start()]
        found.append(
            Count(
                sentence,
                len(found),
                match.start(),
                match.end(),
                value,
                unit,
                exact,
                match[0],
                lead,
                re.split(r"[，：；（）]", lead)[-1],
                re.split(r"[，、：；（）]|\d", after, maxsplit=1)[0],
                text[max(0, opened - 1 - _REACH) : opened - 1] if depth else "",
                depth,
                _step(match),
                bounds,
            )
        )
    return found


LONGEST_LEAD = 2 * _REACH


def _outside(text: str, depths: tuple[int, ...]) -> str:
    return "".join(
        character for character, depth in zip(text, depths, strict=True) if depth == 0 and character not in "（）"
    )


def _step(match: re.Match[str]) -> Decimal:
    """What one unit in the last printed place is worth: 0.1 for 97.5, 1000 for 1.2万 with one place."""
    if match["tenths"]:
        return Decimal(10 if not match["half"] else 5 if match["half"] in "半五" else 1)
    if match["hundredths"]:
        return Decimal(1).scaleb(-len(match["hundredths"].partition("点")[2]))
    places = len((match["digits"] or "").partition(".")[2])
    return Decimal(1).scaleb(-places) * _POWERS[match["scale"] or ""]


def _bounds(
    value: Decimal, more: str | None, before: re.Match[str] | None, behind: re.Match[str] | None
) -> tuple[Decimal, Decimal] | None:
    """The least and the most that a number with such words may stand for: 1.2万余 is 12000 to 13000."""
    words = {name for match in (before, behind) if match for name, word in match.groupdict().items() if word}
    place = Decimal(1).scaleb(len(str(int(value))) - len(str(int(value)).rstrip("0")))
    if more and not words:
        return value, value + place
    if words == {"above"}:
        return value, value + max(place, value * _QUARTER)
    if words == {"below"}:
        return value - value * _TENTH, value
    if words == {"around"}:
        return value - value * _TENTH, value + value * _TENTH
    return (Decimal(0), value) if words == {"under"} else None


def _value(match: re.Match[str]) -> Decimal | None:
    if match["digits"]:
        # Digits run together are no count, and too long for exact arithmetic.
        return Decimal(match["digits"]) * _POWERS[match["scale"]] if len(match["digits"]) < 20 else None
    if match["tenths"]:
        return Decimal(10 * _DIGITS[match["tenths"]] + _DIGITS.get((match["half"] or "〇").replace("半", "五"), 0))
    if match["hundredths"]:
        whole, _, part = match["hundredths"].partition("点")
        number = chinese_number(whole[:12])
        fraction = "".join(str(_DIGITS[character]) for character in part[:6] if character in _DIGITS)
        return None if number is None else Decimal(f"{number}.{fraction or 0}")
    number = chinese_number(match["chinese"][:12])
    return None if number is None else Decimal(number)


_DIRECTION = re.compile(r"(?P<up>[增升多涨扩]|提[高升])|[减降少缩]|下滑|回落")


def rises(count: Count) -> bool | None:
    """Whether a difference is told as a rise, by the last such word before it; None where there is none."""
    found = list(_DIRECTION.finditer(count.sentence.text[max(0, count.start - _REACH) : count.start]))
    return found[-1]["up"] is not None if found else None


def signed(count: Count) -> Decimal:
    """A difference with its sign, by the words before it: 减少6件 is -6, as are 6件 and 5件 in 分别减少6件、5件."""
    return count.value if rises(count) else -count.value
