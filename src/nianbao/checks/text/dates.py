"""Owns the dates in and on a report: years in the text, the period of the figures, the day of publication.

May import: form, model, checks.ledger, checks.subject, checks.text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.compare import where
from nianbao.checks.text.flat import Sentence
from nianbao.model import FindingState

_YEAR = re.compile(r"(?<![\d-])((?:19|20)\d\d)(?:年|-(?=(?:19|20)\d\d年))")
# Words that make another year deliberate: since when, compared with what, which edition of a law.
_DELIBERATE_BEFORE = re.compile(r"(?:自|从|于|截至|截止|截止到|比|较|与|同|对比|距|早在|始于|成立于|以|至|到|—|-|年)$")
_DELIBERATE_AFTER = re.compile(
    r"^(?:度|\d{1,2}月(?:\d{1,2}日)?)?(?:以来|起|施行|实施|修订|修正|印发|发布|出台|成立|改革|至今|以前|之前|前|届|版|"
    r"新修订|末|底|相比|同期|结转|年度报告|报告|至|到|—|-)"
)
_COMPARING = re.compile(
    r"上年|去年|同比|相比|比较|结转|历年|近.年|以来|增长|增加|减少|下降|上升|由.*(?:到|至|为)|年末|年底|从.*到|升至|降至"
)
_AHEAD = re.compile(r"下一步|今后|将|计划|明年|来年|继续|进一步|下一年|打算|力争|\d{1,2}月")
_PERIOD = re.compile(
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:起|开始)?(?:至|到|—+|-+|~|──|－)+"
    r"(?:(?P<year2>\d{4})年)?(?P<month2>\d{1,2})月(?P<day2>\d{1,2})日"
)
_ABOUT_PERIOD = re.compile(r"统计|数据|期限|报告期|时限|时间范围|所列")


def check_years_named(subject: Subject, prose: Prose, found: Sequence[Sentence], ledger: Ledger) -> None:
    """WORDS-YEAR: years in the text that are neither this one nor a deliberate other."""
    bound = {binding.start: binding.expression for binding in prose.rendered.bindings}
    for sentence in found:
        for match in _YEAR.finditer(sentence.text):
            if sentence.offset(match.start()) in bound:
                continue
            stray = _stray(subject.key.year, prose.slug, sentence, match)
            if stray:
                _say_stray(subject, prose, sentence, match, ledger)
    ledger.passed("WORDS-YEAR", subject.key)


def _stray(year: int, slug: str, sentence: Sentence, match: re.Match[str]) -> bool:
    named = int(match[1])
    before, after = sentence.text[: match.start()], sentence.text[match.end() :]
    if named == year or _DELIBERATE_BEFORE.search(before) or _DELIBERATE_AFTER.match(after):
        return False
    if named == year + 1:
        return not (_AHEAD.search(sentence.text) or slug == "problems")
    return not _COMPARING.search(sentence.text)


def _say_stray(subject: Subject, prose: Prose, sentence: Sentence, match: re.Match[str], ledger: Ledger) -> None:
    around = sentence.text[max(0, match.start() - 8) : match.end() + 10]
    words = (
        f"{where(prose)}“{around}”出现{match[1]}年，本报告为{subject.key.year}年报告，请核实",
        f"{prose.slug}: the year {match[1]} in a report for {subject.key.year}",
    )
    source = prose.source_at(sentence.offset(match.start()))
    facts = Facts(expected=subject.key.year, actual=int(match[1]), scope=f"{prose.slug}:{match[1]}", source=source)
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
            ledger.breach("WORDS-PERIOD", subject.key, words, facts)


def check_deadline(subject: Subject, ledger: Ledger) -> None:
    """WORDS-DEADLINE: after the year has ended, and by 31 January (31 March for a government's whole area)."""
    published, year = subject.report.published, subject.key.year + 1
    due = datetime.date(year, 3, 31) if subject.report.office.covers_area else datetime.date(year, 1, 31)
    if published is None:
        words = ("公布日期未知，无法核对期限", "the date of publication is not known")
        ledger.add("WORDS-DEADLINE", subject.key, FindingState.NOT_ASSESSABLE, words)
        return
    if datetime.date(year, 1, 1) <= published <= due:
        ledger.passed("WORDS-DEADLINE", subject.key)
        return
    late = published > due
    words = (
        f"公布日期{published.isoformat()}{f'晚于法定期限{due.isoformat()}' if late else f'早于{year - 1}年度结束'}",
        f"published on {published.isoformat()}, {f'after {due.isoformat()}' if late else 'before the year was over'}",
    )
    facts = Facts(expected=due.isoformat(), actual=published.isoformat())
    ledger.breach("WORDS-DEADLINE", subject.key, words, facts)
