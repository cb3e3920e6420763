"""The rules on inputs as they were read: what is wrong or odd about files, and characters that cannot be printed."""

from __future__ import annotations

import re
import traceback
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from nianbao.checks.finding_log import Facts, FindingLog
from nianbao.checks.subject import Subject
from nianbao.errors import InputError
from nianbao.form import TABLE_NAMES
from nianbao.model import FindingState, InputIssue, IssueKind, ReportKey, Source

_ISSUE_RULES = {
    IssueKind.UNREADABLE: "INPUT",
    IssueKind.UNKNOWN_CODE: "TABLE-CODE",
    IssueKind.WRONG_LABEL: "TABLE-LABEL",
    IssueKind.WRONG_SHAPE: "TABLE-SHAPE",
    IssueKind.DUPLICATE: "TABLE-DUPLICATE",
    IssueKind.STRAY: "INPUT-STRAY",
    IssueKind.TAKEN: "INPUT-TAKEN",
    IssueKind.REFERENCE: "TEXT-REFERENCE",
    IssueKind.MARKUP: "TEXT-MARKUP",
    IssueKind.CHARACTER: "TEXT-CHARACTER",
}
_ISSUE_WORDS = {
    IssueKind.UNKNOWN_CODE: ("代码“{found}”不识别", "unknown code {found!r}"),
    IssueKind.WRONG_LABEL: ("行名“{found}”与代码不符", "the label {found!r} does not belong to the code"),
    IssueKind.WRONG_SHAPE: ("行列数不符（{found}）", "wrong shape: {found}"),
    IssueKind.DUPLICATE: ("“{found}”重复", "{found!r} is given twice"),
}


# More references than these to what a table lacks are told once.
_FEW = 3


def check_issues(subject: Subject, log: FindingLog) -> None:
    """What was wrong or odd about the input files, and references that lead nowhere."""
    issues = _without_consequences(subject.issues) if subject.bound else subject.report.issues
    for issue in issues:
        _check_issue(subject, issue, log)
    for rule in set(_ISSUE_RULES.values()) - {_ISSUE_RULES[issue.kind] for issue in issues}:
        log.passed(rule, subject.key)


def _without_consequences(issues: Sequence[InputIssue]) -> list[InputIssue]:
    """Without references to what a file would give that could not be read: that one is to be mended first.

    The file's own finding blocks the report and no verdict waives it, so that no gap is ever published. A file that
    holds several tables and texts is told once, and so is what several references name.
    """
    unread = {issue.table for issue in issues if issue.kind is IssueKind.UNREADABLE} - {None}
    lacking = Counter(issue.table for issue in issues if issue.kind is IssueKind.REFERENCE and issue.table)
    alike: dict[object, list[InputIssue]] = {}
    for number, issue in enumerate(issues):
        if issue.kind is IssueKind.UNREADABLE:
            alike.setdefault((issue.source, issue.words), []).append(issue)
        elif issue.kind is not IssueKind.REFERENCE:
            alike[number] = [issue]
        elif issue.table not in unread:
            many = issue.table and lacking[issue.table] > _FEW
            alike.setdefault(issue.table if many else issue.words, []).append(issue)
    return [_of_all(several) for several in alike.values()]


def _of_all(issues: Sequence[InputIssue]) -> InputIssue:
    """The first of several references to the same, with the number of the others."""
    first, count = issues[0], len({issue.source for issue in issues})
    if first.words is None or count == 1:
        return first
    if any(issue.words != first.words for issue in issues):
        zh, english = f"（本表共有{count}处引用的数没有填写）", f" ({count} references to this table find nothing)"
        return replace(first, words=(f"{first.words[0]}{zh}", f"{first.words[1]}{english}"))
    return replace(first, words=(f"{first.words[0]}（共{count}处）", f"{first.words[1]} ({count} places)"))


def _check_issue(subject: Subject, issue: InputIssue, log: FindingLog) -> None:
    rule = _ISSUE_RULES[issue.kind]
    zh, en = issue.words or tuple(form.format(found=issue.found) for form in _ISSUE_WORDS[issue.kind])
    if not issue.words and issue.near:
        zh, en = f"{zh}，应为“{issue.near}”", f"{en}; expected {issue.near!r}"
    if rule == "INPUT":
        zh = f"资料无法读取：{issue.source.in_chinese}：{zh}"
    else:
        name = "" if rule == "TEXT-REFERENCE" else TABLE_NAMES.get(issue.table or "", "")
        zh = f"{name}（{issue.source.in_chinese}）{zh}" if name else f"{issue.source.in_chinese}：{zh}"
    words = (zh, f"{issue.source}: {en}")
    scope = (
        f"{issue.kind.value}:{issue.found}" if issue.table else f"{issue.kind.value}:{issue.source.path}:{issue.found}"
    )
    facts = Facts((issue.table, issue.row, issue.column), issue.near, issue.found or None, (), scope, issue.source)
    if issue.doubtful:
        log.add(rule, subject.key, FindingState.WARN, words, facts)
    else:
        log.breach(rule, subject.key, words, facts)


def tell_unreadable(key: ReportKey, error: Exception, log: FindingLog) -> None:
    """An office-year that could not be read or judged, for whatever reason, as a finding of its own."""
    if isinstance(error, InputError):
        zh, en = error.placed_in_both
        words = (f"资料无法读取：{zh}", en)
        scope = error.where or ""
    else:
        kind = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)
        at = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        words = (
            f"资料无法读取：处理时出错（{kind}：{str(error)[:80]}），请检查本单位的资料文件",
            f"could not be read or judged: {kind}: {str(error)[:200]} ({at})",
        )
        scope = kind
    log.breach("INPUT", key, words, Facts(scope=scope))


# ASCII, the marks and Han characters of GBK: every Chinese font has them, so nothing needs to be looked up.
_RARE = re.compile("[^\\n\\t\\u2028 -~\u3000-\u3002\u3007-\u3011\u3014-\u3017\u4e00-\u9fa5\uff01-\uff5e‘’“”…—·×％]")
# Spaces, and what only steers how others are shown: the exporters drop these.
_INKLESS = frozenset({"Zs", "Zl", "Zp", "Cf"})
_VARIANTS = range(0xFE00, 0xFE10)
_SHOWN = 10  # characters


def check_characters(subject: Subject, log: FindingLog) -> None:
    """A finding for each character of the texts and labels that cannot be printed, where it first stands."""
    found: dict[str, Source] = {}
    for words, sources in _words(subject):
        for match in _RARE.finditer(words):
            if match[0] not in found and not _printable(match[0]):
                found[match[0]] = sources(match.start())
    for char, source in list(found.items())[:_SHOWN]:
        _tell(subject, char, source, log)
    if not found:
        log.passed("TEXT-CHARACTER", subject.key)


def _words(subject: Subject) -> Iterator[tuple[str, Callable[[int], Source]]]:
    for prose in (*subject.texts.values(), *subject.attachments):
        yield prose.text, prose.source_at
    for figure in subject.report.figures.values():
        yield figure.label + figure.unit, partial(_always, figure.source)
    office = Source(f"params/{subject.key.office}/office.yaml")
    yield subject.report.office.name + subject.report.office.short_name, partial(_always, office)


def _always(source: Source, _position: int) -> Source:
    return source


def _printable(char: str) -> bool:
    return unicodedata.category(char) in _INKLESS or ord(char) in _VARIANTS or ord(char) in _repertoire()


@cache
def _repertoire() -> frozenset[int]:
    """The code points that the two pinned fonts have."""
    import pylopdf_fonts_zh_cn as fonts
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    for path in (fonts.serif_path(), fonts.sans_path()):
        with TTFont(path, lazy=True) as font:
            found |= font.getBestCmap().keys()
    return frozenset(found)


def _tell(subject: Subject, char: str, source: Source, log: FindingLog) -> None:
    code = f"U+{ord(char):04X}"
    printed = char if char.isprintable() else "□"
    # An office's own fonts may have a rare Han character; a picture sign (emoji) or a control is in none of them.
    doubtful = unicodedata.category(char) == "Lo"
    words = (
        f"{source}：字符“{printed}”（{code}）字体中没有，不能印出，请改用其他字符",
        f"{source}: no font has the character {printed} ({code}): write it with another",
    )
    facts = Facts(scope=f"{source.path}:{code}", source=source)
    state = FindingState.UNCERTAIN if doubtful else FindingState.FAIL
    log.add("TEXT-CHARACTER", subject.key, state, words, facts)
