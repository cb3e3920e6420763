"""Rules on what a report rests on: the years in the text, the period of the figures, notices, publication day."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from nianbao.checks.finding_log import Facts, FindingLog
from nianbao.checks.subject import Subject
from nianbao.checks.text.sentences import Sentence
from nianbao.checks.text.text_log import TextLog
from nianbao.model import FindingState, OfficeKind, lawful_deadline

# A year that says of when the sentence is: it begins a clause and stands for the whole year.
_YEAR = re.compile(
    r"(?:^|(?<=[，。；：（]))(?:在|于)?(?P<year>(?:19|20)\d\d)年(?P<rest>度)?(?=，|、|是|全年|我|本|全[市县区省镇乡局]|[市县区镇乡]|共|办公室|街道|各|累计|主动|[一-鿿]{2,8}(?:局|委|办|镇|乡|政府|单位)|年|(?:新收|收到|受理|办结)[^，。]{0,16}\d)"
)
# The report itself by another year's name.
_OWN_TITLE = re.compile(r"(?P<year>20\d\d)年度?(?:政府|政务)?信息公开(?:工作)?(?:年度)?(?:工作)?(?:年度)?报告")
_REPORT_OF = re.compile(r"(?:编制|公布|形成)(?:了)?(?P<year>20\d\d)年度?(?:工作)?(?:年度)?(?:工作)?报告")
# 现将宁远县人民政府2020年政府信息公开工作情况公布如下
_STATE_OF = re.compile(r"(?P<year>20\d\d)年度?(?:政府|政务)?信息公开(?:工作)?(?:的)?(?:有关)?情况")
_ABOUT_OTHERS = re.compile(
    r"上年|去年|同比|相比|比较|对比|较20|比20|与20|结转|历年|近.{1,2}年|以来|增长|增加|减少|下降|上升|末|年底|持平|升至|降至|到20|至20|评估|考核|测评|考评|排名|表彰|年报|决算"
)
_AHEAD = re.compile(r"下一步|今后|将|计划|明年|来年|继续|进一步|下一年|打算|力争|拟|目标|要|结转|转入|办理")
_PERIOD = re.compile(
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:起|开始)?，?(?:至|到|—+|-+|~|─+|－|–)+"
    r"(?:(?P<year2>\d{4})年)?(?P<month2>\d{1,2})月(?P<day2>\d{1,2})日"
)
_ABOUT_PERIOD = re.compile(r"统计|数据|期限|报告期|时限|时间范围|所列|本报告|年度报告|期间")


def check_years_named(text: TextLog, found: Sequence[Sentence]) -> None:
    """WORDS-YEAR: a sentence that is said of another year, without comparing, carrying over or planning."""
    bound = {binding.start for binding in text.prose.rendered.bindings}
    for sentence in found:
        patterns = (_YEAR, _OWN_TITLE, _REPORT_OF, _STATE_OF) if text.slug == "preamble" else (_YEAR,)
        for pattern in patterns:
            for match in pattern.finditer(sentence.text):
                if sentence.offset(match.start("year")) not in bound and _stray(text, sentence, match):
                    _say_stray(text, sentence, match)
        for match in _of_other_years(text, sentence):
            if sentence.offset(match.start("year")) not in bound:
                _say_stray(text, sentence, match)
    text.passed("WORDS-YEAR")


def _of_other_years(text: TextLog, sentence: Sentence) -> Iterator[re.Match[str]]:
    """Ends of a year that is not the report's; what is handed on, or still to be done, not later than the report."""
    words = sentence.text
    for match in _UNTIL.finditer(words):
        other = int(match["year"]) != text.year and text.slug != "problems"
        if other and not _ABOUT_OTHERS.search(_without(words, match)):
            yield match
    for match in _CARRIED_TO.finditer(words):
        if int(match["year"]) <= text.year and not re.search(
            rf"上一?年|去年|{text.year - 1}年", words[: match.start()]
        ):
            yield match
    yield from (match for match in _NAMED_NEXT.finditer(words) if int(match["year"]) != text.year + 1)
    yield from (match for match in _NAMED_THIS.finditer(words) if int(match["year"]) != text.year)
    yield from _later_dates(words, text.year)
    for match in _PLANNED.finditer(words):
        if int(match["year"]) <= text.year and not _TOLD_THEN.search(words[: match.start("year")]):
            yield match


def _later_dates(words: str, year: int) -> Iterator[re.Match[str]]:
    """Dates after the last day on which a report for the year is made, of what is not still ahead."""
    for match in _LATER_DATE.finditer(words):
        reported = (year + 1, _LAST_MONTH_OF_REPORTING)
        if (int(match["year"]), int(match["month"])) > reported and not _AHEAD.search(words):
            yield match


# 我区将在2022年加强…: what is still to be done is of a year after the report's.
_PLANNED = re.compile(
    r"(?:(?:我[一-鿿]{1,3}|我们|下一步|今后|接下来|问题|不足)，?(?:将|计划|拟)(?:在|于)|(?:下一步|今后|接下来)，在?)"
    r"(?P<year>20\d\d)年(?!\d{1,2}月)"
)
# 下一年度（2025年）
_NAMED_THIS = re.compile(r"(?:本年度?|报告年度|报告期)（(?:即)?(?P<year>20\d\d)年度?）")
_NAMED_NEXT = re.compile(r"(?:下一?年度?|明年|来年)（(?P<year>20\d\d)年度?）")
# 2024年11月20日，镇政府召开了…: later than any report of the year before is made (the regulation, articles 49, 50).
_LATER_DATE = re.compile(r"(?P<year>20\d\d)年(?P<month>1[0-2]|[1-9])月")
_LAST_MONTH_OF_REPORTING = 3
# 上年报告提出将在2023年…: a plan told of later.
_TOLD_THEN = re.compile(r"20\d\d年|上年|去年|年初|此前|曾|提出|承诺|计划(?!在|于)|方案|当时|原")


# 截至2024年12月31日 in a report for 2025.
_UNTIL = re.compile(r"截[至止](?P<year>20\d\d)年(?:底|末|年末|年底|12月(?:31日|底|末)?)")


def _without(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + text[match.end() :]


# 结转至2024年继续办理: the year after the report's.
_CARRIED_TO = re.compile(r"(?:结转|转|延)(?:至|到|入)(?P<year>20\d\d)年")


def _stray(text: TextLog, sentence: Sentence, match: re.Match[str]) -> bool:
    named, year, slug = int(match["year"]), text.year, text.slug
    if named == year or slug == "problems" or (f"{year}年" in sentence.text and slug != "preamble"):
        return False
    if named > year:
        # Of years further on only what was counted is out of place: 2035年基本建成 is a plan in other words.
        counted = named == year + 1 or re.search(r"\d", sentence.text[match.end() :]) is not None
        return counted and not _AHEAD.search(sentence.text)
    return slug == "preamble" or not _ABOUT_OTHERS.search(sentence.text)


def _say_stray(text: TextLog, sentence: Sentence, match: re.Match[str]) -> None:
    around = sentence.text[max(0, match.start() - 8) : match.end() + 10]
    words = (
        f"“{around}”出现{match['year']}年，本报告为{text.year}年报告，请核实",
        f"the year {match['year']} in a report for {text.year}",
    )
    at, named = (sentence, match.start()), match["year"]
    text.found("WORDS-YEAR", words, at, named, expected=text.year, actual=int(named))


def check_period(text: TextLog, found: Sequence[Sentence]) -> None:
    """WORDS-PERIOD: a stated period of the figures is 1 January to 31 December of the year."""
    for sentence in found:
        if not _ABOUT_PERIOD.search(sentence.text):
            continue
        for match in _PERIOD.finditer(sentence.text):
            first = (int(match["year"]), int(match["month"]), int(match["day"]))
            last = (int(match["year2"] or match["year"]), int(match["month2"]), int(match["day2"]))
            year = text.year
            if (first, last) == ((year, 1, 1), (year, 12, 31)):
                text.passed("WORDS-PERIOD")
                continue
            words = (
                f"统计期限写为“{match[0]}”，应为{year}年1月1日至{year}年12月31日",
                f"the period is stated as {match[0]}, not as the whole year {year}",
            )
            sure = re.search(r"统计|数据|所列", sentence.text) is not None
            state = FindingState.FAIL if sure else FindingState.UNCERTAIN
            right = f"{year}-01-01/{year}-12-31"
            text.found("WORDS-PERIOD", words, (sentence, match.start()), "", state, expected=right, actual=match[0])


_DATE = re.compile(r"(?:(?P<year>20\d\d)年)?(?<!\d)(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?")


# 2024年5月12日（星期三）.
_WEEKDAY = re.compile(
    r"(?:(?P<year>20\d\d)年)?(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})日（?(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])"
)


def _check_weekday(text: TextLog, sentence: Sentence, match: re.Match[str]) -> None:
    try:
        day = datetime.date(int(match["year"] or text.year), int(match["month"]), int(match["day"]))
    except ValueError:
        return
    right = "一二三四五六日"[day.weekday()]
    if match["weekday"].replace("天", "日") != right:
        words = (f"“{match[0]}”应为星期{right}，请核实", f"{day} is no {match['weekday']}, but {day:%A}")
        text.found("WORDS-DATE", words, (sentence, match.start()), "weekday", FindingState.UNCERTAIN)


# 5月18日开班，5月12日结业: what ends does not end before it begins, unless in another year.
_DAY = r"(?:(?P<year{0}>20\d\d)年)?(?<!\d)(?P<month{0}>\d{{1,2}})月(?P<day{0}>\d{{1,2}})日"
_BEGINS = "开班|开训|开课|开幕|开工|开始|启动|收到|受理|受理登记|立项|征求意见|公开征求|发出|提出|提交"
_ENDS = "结业|结训|结课|闭幕|竣工|结束|完成|办结|答复|作出答复|送达|反馈|收官"
_COURSE = re.compile(
    rf"{_DAY.format('')}(?:起|上午|下午)?[^，；。\d]{{0,8}}?(?:{_BEGINS})[^，；。\d]{{0,16}}[，、][^，；。\d年]{{0,6}}"
    rf"{_DAY.format(2)}(?:前|上午|下午)?[^，；。\d]{{0,8}}?(?:{_ENDS})"
    rf"|{_DAY.format(3)}(?:至|到|—+|-|~)(?:(?P<month4>\d{{1,2}})月)?(?P<day4>\d{{1,2}})日"
)


_MONTHS = re.compile(r"(?P<year>20\d\d)年(?P<month>\d{1,2})月(?:至|到|—+|-|~)(?P<year2>20\d\d)年(?P<month2>\d{1,2})月")


def check_dates(text: TextLog, found: Sequence[Sentence]) -> None:
    """WORDS-DATE: every date in the text is in the calendar (no 30 February, no 13th month)."""
    for sentence in found:
        for match in _DATE.finditer(sentence.text):
            try:
                # 29 February of a year that is not said may be.
                datetime.date(int(match["year"] or 2000), int(match["month"]), int(match["day"] or 1))
            except ValueError:
                words = (f"日期“{match[0]}”不存在，请核实", f"there is no date {match[0]}")
                text.found("WORDS-DATE", words, (sentence, match.start()), "", actual=match[0])
            else:
                text.passed("WORDS-DATE")
        for match in _WEEKDAY.finditer(sentence.text):
            _check_weekday(text, sentence, match)
        for match in _COURSE.finditer(sentence.text):
            if _turned(match):
                words = (f"“{match[0]}”先后颠倒，请核实", f"{match[0]} ends before it begins")
                text.found("WORDS-DATE", words, (sentence, match.start()), "course", actual=match[0])
        for match in _MONTHS.finditer(sentence.text):
            if (int(match["year"]), int(match["month"])) > (int(match["year2"]), int(match["month2"])):
                words = (f"“{match[0]}”起止时间颠倒，请核实", f"{match[0]} ends before it begins")
                text.found("WORDS-DATE", words, (sentence, match.start()), "", actual=match[0])


# 12月28日收到，1月15日答复: so many months before can only be of the next year.
_NEXT_YEAR = 6


def _turned(match: re.Match[str]) -> bool:
    """Whether the second day is before the first, in one year; of two days joined by 至, in one month."""
    if match["month3"]:
        same = match["month4"] in {None, match["month3"]}
        return same and int(match["day4"]) < int(match["day3"])
    if match["year2"] and match["year2"] != match["year"]:
        return False
    begins, ends = (int(match["month"]), int(match["day"])), (int(match["month2"]), int(match["day2"]))
    return ends < begins and begins[0] - ends[0] < _NEXT_YEAR


def check_deadline(subject: Subject, log: FindingLog) -> None:
    """WORDS-DEADLINE: after the year has ended, and by 31 January (31 March for a government's whole area).

    ``deadline`` in office.yaml or <year>.yaml is an earlier day that a local notice sets.
    """
    report, year = subject.report, subject.key.year + 1
    # A published report does not say whether it covers an area; a government's may have until March.
    area = report.office.covers_area or (not subject.bound and report.office.kind is OfficeKind.GOVERNMENT)
    lawful = lawful_deadline(year, area=area)
    due = min(report.rules.deadline_in(year) or lawful, lawful)
    published = report.published
    if published is None:
        words = ("公布日期未知，无法核对期限", "the date of publication is not known")
        log.add("WORDS-DEADLINE", subject.key, FindingState.NOT_ASSESSABLE, words)
        return
    if datetime.date(year, 1, 1) <= published <= due:
        log.passed("WORDS-DEADLINE", subject.key)
        return
    late = published > due
    kind = ("法定期限", "the lawful date") if due == lawful else ("规定的期限", "the local date")
    words = (
        f"公布日期{published.isoformat()}{f'晚于{kind[0]}{due.isoformat()}' if late else f'早于{year - 1}年度结束'}",
        f"published on {published}, {f'after {kind[1]} {due}' if late else 'before the year was over'}",
    )
    facts = Facts(expected=due.isoformat(), actual=published.isoformat())
    log.breach("WORDS-DEADLINE", subject.key, words, facts)
