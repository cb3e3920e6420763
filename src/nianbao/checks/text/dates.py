"""Rules on dates: years in the text, the period of the figures, the day of publication.

May import: form, model, checks.ledger, checks.subject, checks.text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.quoting import where
from nianbao.checks.text.sentences import Sentence
from nianbao.model import FindingState, OfficeKind

# A year that says of when the sentence is: it begins a clause and stands for the whole year.
_YEAR = re.compile(
    r"(?:^|(?<=[，。；：（]))(?:在|于)?(?P<year>(?:19|20)\d\d)年(?P<rest>度)?(?=，|、|全年|我|本|全[市县区省镇乡局]|[市县区镇乡]|共|办公室|街道|各|累计|主动|[一-鿿]{2,8}(?:局|委|办|镇|乡|政府|单位)|年)"
)
# The report itself by another year's name.
_OWN_TITLE = re.compile(r"(?P<year>20\d\d)年度?(?:政府|政务)?信息公开(?:工作)?(?:年度)?(?:工作)?(?:年度)?报告")
_ABOUT_OTHERS = re.compile(
    r"上年|去年|同比|相比|比较|对比|较20|比20|与20|结转|历年|近.{1,2}年|以来|增长|增加|减少|下降|上升|末|年底|持平|升至|降至|到20|至20"
)
_AHEAD = re.compile(r"下一步|今后|将|计划|明年|来年|继续|进一步|下一年|打算|力争|拟|目标|要|结转|转入|办理")
_PERIOD = re.compile(
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:起|开始)?(?:至|到|—+|-+|~|─+|－|–)+"
    r"(?:(?P<year2>\d{4})年)?(?P<month2>\d{1,2})月(?P<day2>\d{1,2})日"
)
_ABOUT_PERIOD = re.compile(r"统计|数据|期限|报告期|时限|时间范围|所列|本报告|年度报告|期间")


def check_years_named(subject: Subject, prose: Prose, found: Sequence[Sentence], ledger: Ledger) -> None:
    """WORDS-YEAR: a sentence that is said of another year, without comparing, carrying over or planning."""
    bound = {binding.start for binding in prose.rendered.bindings}
    for sentence in found:
        patterns = (_YEAR, _OWN_TITLE) if prose.slug == "preamble" else (_YEAR,)
        for pattern in patterns:
            for match in pattern.finditer(sentence.text):
                if sentence.offset(match.start("year")) not in bound and _stray(
                    subject.key.year, prose.slug, sentence, match
                ):
                    _say_stray(subject, prose, sentence, match, ledger)
    ledger.passed("WORDS-YEAR", subject.key)


def _stray(year: int, slug: str, sentence: Sentence, match: re.Match[str]) -> bool:
    named = int(match["year"])
    if named == year or slug == "problems":
        return False
    text = sentence.text
    if f"{year}年" in text and slug != "preamble":
        return False
    if named > year:
        return named == year + 1 and not _AHEAD.search(text)
    return slug == "preamble" or not _ABOUT_OTHERS.search(text)


def _say_stray(subject: Subject, prose: Prose, sentence: Sentence, match: re.Match[str], ledger: Ledger) -> None:
    around = sentence.text[max(0, match.start() - 8) : match.end() + 10]
    words = (
        f"{where(prose)}“{around}”出现{match['year']}年，本报告为{subject.key.year}年报告，请核实",
        f"{prose.slug}: the year {match['year']} in a report for {subject.key.year}",
    )
    source = prose.source_at(sentence.offset(match.start()))
    facts = Facts(
        expected=subject.key.year, actual=int(match["year"]), scope=f"{prose.slug}:{match['year']}", source=source
    )
    ledger.breach("WORDS-YEAR", subject.key, words, facts)


def check_period(subject: Subject, prose: Prose, found: Sequence[Sentence], ledger: Ledger) -> None:
    """WORDS-PERIOD: a stated period of the figures is 1 January to 31 December of the year."""
    for sentence in found:
        if not _ABOUT_PERIOD.search(sentence.text):
            continue
        for match in _PERIOD.finditer(sentence.text):
            first = (int(match["year"]), int(match["month"]), int(match["day"]))
            last = (int(match["year2"] or match["year"]), int(match["month2"]), int(match["day2"]))
            year = subject.key.year
            if (first, last) == ((year, 1, 1), (year, 12, 31)):
                ledger.passed("WORDS-PERIOD", subject.key)
                continue
            words = (
                f"{where(prose)}统计期限写为“{match[0]}”，应为{year}年1月1日至{year}年12月31日",
                f"{prose.slug}: the period is stated as {match[0]}, not as the whole year {year}",
            )
            source = prose.source_at(sentence.offset(match.start()))
            facts = Facts(expected=f"{year}-01-01/{year}-12-31", actual=match[0], scope=prose.slug, source=source)
            sure = re.search(r"统计|数据|所列", sentence.text) is not None
            state = FindingState.FAIL if sure else FindingState.UNCERTAIN
            ledger.add("WORDS-PERIOD", subject.key, state, words, facts)


def check_deadline(subject: Subject, ledger: Ledger) -> None:
    """WORDS-DEADLINE: after the year has ended, and by 31 January (31 March for a government's whole area).

    ``deadline`` in office.yaml or <year>.yaml is an earlier day that a local notice sets.
    """
    report, year = subject.report, subject.key.year + 1
    # A published report does not say whether it covers an area; a government's may have until March.
    area = report.office.covers_area or (not subject.bound and report.office.kind is OfficeKind.GOVERNMENT)
    lawful = datetime.date(year, 3, 31) if area else datetime.date(year, 1, 31)
    due = min(report.rules.deadline_in(year) or lawful, lawful)
    published = report.published
    if published is None:
        words = ("公布日期未知，无法核对期限", "the date of publication is not known")
        ledger.add("WORDS-DEADLINE", subject.key, FindingState.NOT_ASSESSABLE, words)
        return
    if datetime.date(year, 1, 1) <= published <= due:
        ledger.passed("WORDS-DEADLINE", subject.key)
        return
    late = published > due
    kind = ("法定期限", "the lawful date") if due == lawful else ("规定的期限", "the local date")
    words = (
        f"公布日期{published.isoformat()}{f'晚于{kind[0]}{due.isoformat()}' if late else f'早于{year - 1}年度结束'}",
        f"published on {published}, {f'after {kind[1]} {due}' if late else 'before the year was over'}",
    )
    facts = Facts(expected=due.isoformat(), actual=published.isoformat())
    ledger.breach("WORDS-DEADLINE", subject.key, words, facts)
