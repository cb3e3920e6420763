"""Read numbers that are told in turn: years, halves, names or counts in a row, and as many numbers behind them.

予以公开、部分公开分别为9件、3件; 2021年、2022年分别收到270件、300件; 2021年270件，2022年300件; 一至四季度分别为…;
行政许可80件、行政处罚6件，较上年分别增加5件、减少1件.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import Count, chinese_number
from nianbao.checks.text.statements import Turn

_GOES_ON = re.compile(r"(?:[、和及与，]|以及|而)+(?:同比)?(?:[增减升降加少长下上多]{1,2}了?|提[高升]|降低)?")
_SAYS = re.compile(r"(?:分别|依次)(?:同比)?(?P<deed>[^，；：、\d]{0,24})$")
_YEAR = re.compile(r"(20\d\d)(?:年度?)?")
_YEARS = re.compile(
    r"20\d\d(?:年度?)?(?:(?P<range>至|到|—|-|~)|[、和与及])(?:20\d\d(?:年度?)?[、和与及]?)+(?:三年|两年|这?[两三四]年)?"
)
_NEAR_YEARS = re.compile(r"(?:近|最近|过去)([两二三四五])年(?:来|间)?(?:的)?")
_QUARTERS = re.compile(r"(?:第?[一1](?:季度)?(?:至|到|、|-|—|~)(?:第?[二三]季?度?、)*第?[四4]|四个|各)季度(?:的)?")
_HALVES = re.compile(r"上(?:半年)?[、和及]?下半年(?:的)?")
# 2021年270件，2022年300件: a year is all that stands before each.
_OF_A_YEAR = re.compile(r"[，、；：（]*(?:而|其中)?(20\d\d)年度?(?:的)?(?:为|是|有|共|达|新?收到|新收|受理|收)*(?=$)")
# What a sentence says of numbers before it gives them: 逐年上升.
TREND = re.compile(
    r"(?:总体|整体|呈|呈现|保持|逐年|稳步|持续|连续|明显|大幅|小幅|有所|近[两三四五]年|[两三四五]年|出?现?)*"
    r"(?:[上升下降增长加减少回落提高]{2,4})?(?:趋势|态势|情况|如下|来看|对比|变化)*[，：；]*$"
)
_NAMED = re.compile(
    "|".join(
        [vocab.ANY_RESULT, *vocab.APPLICANTS.values(), *vocab.OUTCOMES.values(), "^公开$", "^行政(?:许可|处罚|强制)$"]
    )
)


def turns(found: Sequence[Count], year: int) -> list[Turn]:
    """The turns of a sentence, given its counts and the year of the report."""
    told: list[Turn] = []
    for count in found:
        says = _SAYS.search(count.clause)
        run = _run(found, count) if says else []
        if says and len(run) > 1:
            before = re.split("[，；：]", count.lead.removesuffix(count.clause).rstrip("，"))[-1]
            told.append(_told(run, count.clause[: says.start()] or before, says["deed"], year))
    return told or _by_year(found)


def _run(found: Sequence[Count], first: Count) -> list[Count]:
    run = [first]
    for other in found[first.index + 1 :]:
        if other.unit != first.unit or not _GOES_ON.fullmatch(other.lead):
            break
        run.append(other)
    return run


def _told(run: Sequence[Count], words: str, deed: str, year: int) -> Turn:
    """The turn of the counts, by the words before 分别 and between it and the first number."""
    counts, number = tuple(run), len(run)
    years: tuple[int, ...] = ()
    if match := _YEARS.search(words):
        named = [int(one) for one in _YEAR.findall(match[0])]
        spanned = match["range"] and len(named) == 2
        years = tuple(range(named[0], named[1] + 1)) if spanned else tuple(named)
    elif match := _NEAR_YEARS.search(words):
        several = chinese_number(match[1]) or 0
        years = tuple(range(year - several + 1, year + 1))
    if match and len(years) == number:
        topic = words[: match.start()] + words[match.end() :] + deed
        return Turn(counts, (topic,) * number, years)
    for pattern, several in ((_QUARTERS, 4), (_HALVES, 2)):
        if (match := pattern.search(words)) and number == several:
            topic = words[: match.start()] + words[match.end() :] + deed
            return Turn(counts, (topic,) * number, parts_of_year=True)
    bare = _without_noun(vocab.AGAINST.split(words, maxsplit=1)[0].removesuffix("同比"))
    # 自然人与商业企业分别为: here 与 joins, and compares with nothing.
    for signs, joined in (("、", bare), ("[、和及与]", bare), ("[、和及与]", _without_noun(words))):
        names = re.split(signs, joined)
        if len(names) == number and all(_NAMED.search(name) for name in names):
            return Turn(counts, tuple(re.sub("^公开$", "予以公开", name) for name in names))
    return Turn(counts)


def _without_noun(words: str) -> str:
    return re.sub(r"(?:的)?(?:申请|案件)?$", "", words)


def _by_year(found: Sequence[Count]) -> list[Turn]:
    """新收申请逐年上升，2021年270件，2022年300件."""
    run: list[Count] = []
    for count in found:
        if _OF_A_YEAR.fullmatch(count.clause) and not (run and run[-1].unit != count.unit):
            run.append(count)
    if len(run) < 2 or [count.index for count in run] != list(range(run[0].index, run[0].index + len(run))):
        return []
    named = [_OF_A_YEAR.fullmatch(count.clause) for count in run]
    before = re.split(r"[；。]", run[0].sentence.text[: run[0].start - len(run[0].clause)])[-1]
    topic = re.split(r"[，：]", TREND.sub("", before))[-1]
    return [Turn(tuple(run), (topic,) * len(run), tuple(int(match[1]) for match in named if match))] if topic else []
