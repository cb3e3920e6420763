"""The rules on an area's units: its figures against their sum, who is missing, how the list changed, what was adjusted.

May import: errors, form, inputs.units, model, paths, and of checks the log, the subject and unit_list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nianbao.checks.finding_log import Facts, FindingLog, cell_name, line_name, place_of
from nianbao.checks.subject import Subject
from nianbao.checks.unit_list import ListChange, gap, list_change, listed
from nianbao.form import Axis, Balance, CellRef
from nianbao.inputs import Files
from nianbao.inputs.units import (
    CellSum,
    Rollup,
    Share,
    is_same,
    list_file,
    roll_up,
    tree_issues,
)
from nianbao.model import Evidence, Finding, FindingState, InputIssue, Number, OfficeYear, ReportKey, Source
from nianbao.paths import Project


def check_rollup(subject: Subject, project: Project, log: FindingLog) -> None:
    """Check an area's report against its units; an office without a list of units has none."""
    if list_file(project, subject.key) is None:
        return
    files = Files(project)
    rollup = roll_up(project, subject.key, files=files)
    _judge(rollup, files, log, subject.report)


def judged_rollup(rollup: Rollup, files: Files, report: OfficeYear | None = None) -> tuple[Finding, ...]:
    """All findings on a roll-up; ``report`` is what the area itself states, where it states anything."""
    log = FindingLog()
    _judge(rollup, files, log, report)
    return log.distinct()


def _judge(rollup: Rollup, files: Files, log: FindingLog, report: OfficeYear | None = None) -> None:
    for issue in (*rollup.issues, *tree_issues(files, rollup.key)):
        _issue(issue, rollup.key, log)
    names = dict(_names(rollup.shares))
    _missing(rollup, names, log)
    _adjusted(rollup, log)
    _changed_list(rollup, files, log)
    if report is None:
        return
    if not rollup.complete:
        shown = listed([names.get(office, office) for office in rollup.missing]) or "没有列入汇总的单位"
        words = (
            f"汇总数无法与各单位之和核对：数据不齐（{shown}）",
            f"the sum cannot be assessed: figures are missing ({', '.join(rollup.missing) or 'no units'})",
        )
        log.add("ROLLUP-SUM", rollup.key, FindingState.NOT_ASSESSABLE, words)
    for ref, found in rollup.cells.items():
        if found.given and not found.missing:
            _compare(report, ref, found, log)


def _issue(issue: InputIssue, key: ReportKey, log: FindingLog) -> None:
    zh, en = issue.words or (issue.found, issue.found)
    facts = Facts(scope=f"units:{issue.source}:{issue.found}", source=issue.source)
    log.breach("INPUT", key, (f"{issue.source}：{zh}", f"{issue.source}: {en}"), facts)


def _names(shares: Iterable[Share]) -> Iterable[tuple[str, str]]:
    for share in shares:
        yield share.unit.office, share.name
        if share.below is not None:
            yield from _names(share.below.shares)


def _missing(rollup: Rollup, names: Mapping[str, str], log: FindingLog) -> None:
    gaps: dict[str, list[CellRef]] = {}
    for ref, found in rollup.cells.items():
        for office in found.missing:
            gaps.setdefault(office, []).append(ref)
    for office, refs in gaps.items():
        name, whole = names.get(office, office), len(refs) == len(rollup.cells)
        first = cell_name(rollup.edition, refs[0])
        words = (
            f"{name}（{office}）{rollup.key.year}年"
            + ("未报送，不能当作0" if whole else f"有{len(refs)}格缺数（{first}等），不能当作0"),
            f"{office}: "
            + ("handed nothing in" if whole else f"{len(refs)} cells are no numbers ({refs[0]} …)")
            + "; this is not 0",
        )
        source = next((share.unit.source for share in rollup.shares if share.unit.office == office), None)
        log.breach("ROLLUP-MISSING", rollup.key, words, Facts(scope=office, source=source))
    log.passed("ROLLUP-MISSING", rollup.key, max(len(rollup.counted) - len(gaps), 0))


def _adjusted(rollup: Rollup, log: FindingLog) -> None:
    for ref, found in rollup.cells.items():
        for entry in found.adjustments:
            name = cell_name(rollup.edition, ref)
            words = (
                f"{name}：各单位之和调整{entry.amount:+}，{entry.reason}",
                f"{ref}: the units' sum is adjusted by {entry.amount:+}: {entry.reason}",
            )
            facts = Facts(place_of(ref), None, entry.amount, scope=str(entry.source), source=entry.source)
            log.breach("ROLLUP-ADJUSTED", rollup.key, words, facts)


def _compare(report: OfficeYear, ref: CellRef, found: CellSum, log: FindingLog) -> None:
    cell = report.cells.get(ref)
    stated = report.value(ref)
    if cell is None or not stated.printed:
        return  # blank: a finding of the cells
    evidence = Evidence(ref, stated, cell.source)
    facts = Facts(place_of(ref), found.value, stated.number, (evidence,), source=cell.source)
    if is_same(stated, found):
        log.passed("ROLLUP-SUM", report.key, 1, facts)
        return
    name, sum_ = cell_name(report.edition, ref), found.shown.printed
    adjusted = (
        (f"（含调整{found.adjusted:+}）", f" (adjusted by {found.adjusted:+})") if found.adjustments else ("", "")
    )
    words = (
        f"{name}：本级填报{stated.printed} ≠ {len(found.given)}家单位之和{sum_}{adjusted[0]}",
        f"{ref}: {stated.printed} stated, the sum of {len(found.given)} units is {sum_}{adjusted[1]}",
    )
    log.breach("ROLLUP-SUM", report.key, words, facts)


def _changed_list(rollup: Rollup, files: Files, log: FindingLog) -> None:
    """ROLLUP-LIST: where the units changed, the rules across years for the sum, with the change written out."""
    change = list_change(files, rollup.key, rollup.edition)
    if change is None:
        log.passed("ROLLUP-LIST", rollup.key)
        return
    last = roll_up(files.project, rollup.key.previous, files=files)

    def summed(ref: CellRef, previous: bool) -> Number | None:
        found = (last if previous else rollup).cells.get(ref)
        return None if found is None or found.missing else found.value

    for balance in rollup.edition.balances:
        if balance.across_years:
            lines = list(rollup.edition.lines(balance))
            # Of a rule that holds for each kind of applicant, the total says enough.
            for line in lines[-1:] if balance.axis is Axis.ROWS else lines:
                _judge_change(change, balance, line, gap(balance, line, summed), log)


def _judge_change(change: ListChange, balance: Balance, line: str, difference: Number | None, log: FindingLog) -> None:
    """One line of a rule across the years, for the units' sums of both."""
    name, source = line_name(change.edition, balance, line), Source(change.path)
    if difference is None:
        words = (
            f"单位名单较上年{change.words}；{name}数据不齐，无法核对",
            f"the list changed; {line}: figures are missing",
        )
        facts = Facts((balance.table, None, None), scope=f"{balance.id}:{line}", source=source)
        log.add("ROLLUP-LIST", change.key, FindingState.NOT_ASSESSABLE, words, facts)
        return
    if not difference:
        log.passed("ROLLUP-LIST", change.key)
        return
    parts = change.told(balance, line, all_units=True)
    row, column = (None, line) if balance.axis is Axis.ROWS else (line, None)
    words = (
        f"单位名单较上年{change.words}；{name}上下年衔接相差{difference:+}，其中{parts or '无法分到各单位'}",
        f"the list changed (joined {change.joined}, left {change.left}); {balance.id} {line} is off by {difference:+}",
    )
    facts = Facts((balance.table, row, column), 0, difference, scope=balance.id, source=source)
    log.breach("ROLLUP-LIST", change.key, words, facts)
