"""The rules on an area's units: its figures against their sum, who is missing, how the list changed, adjustments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from nianbao.checks.finding_log import Facts, FindingLog, cell_name, line_name, place_of
from nianbao.checks.subject import Subject
from nianbao.form import Axis, Balance, CellRef, Edition
from nianbao.inputs import Files
from nianbao.inputs.units import (
    CellSum,
    Rollup,
    Share,
    UnitList,
    figures_of,
    is_same,
    list_file,
    load_units,
    roll_up,
    tree_issues,
)
from nianbao.model import Cell, Evidence, Finding, FindingState, InputIssue, Number, OfficeYear, ReportKey, Source
from nianbao.paths import Project

_MOST_NAMES = 10


def listed(names: list[str]) -> str:
    """Names for a message: the first ten, and how many there are."""
    return "、".join(names[:_MOST_NAMES]) + (f"等{len(names)}家" if len(names) > _MOST_NAMES else "")


def list_change(files: Files, key: ReportKey, edition: Edition) -> ListChange | None:
    """What changed in the area's list of counted units since last year; None where there is none, or nothing did."""
    if list_file(files.project, key) is None:
        return None
    now, before = (load_units(files, year) for year in (key, key.previous))
    if now is None or before is None:
        return None
    change = ListChange(files, edition, now, before)
    return change if change.joined or change.left else None


class ListChange:
    """The units that joined the list, left it and stayed, with what each states for a line of a rule across the years.

    Identifiers are sorted; ``path`` is this year's list.
    """

    def __init__(self, files: Files, edition: Edition, now: UnitList, before: UnitList) -> None:
        ours, theirs = ({unit.office for unit in part.offices.values() if unit.counted} for part in (now, before))
        self.files, self.edition, self.key, self.path = files, edition, now.key, now.path
        self.joined, self.left, self.stayed = sorted(ours - theirs), sorted(theirs - ours), sorted(ours & theirs)
        self.names = {unit.office: unit.name or unit.office for part in (before, now) for unit in part.units}
        self._cells: dict[ReportKey, Mapping[CellRef, Cell]] = {}  # what was read of the units, each once

    @cached_property
    def words(self) -> str:
        """The change for people: 新增甲局、减少乙局."""
        parts = [("新增", self.joined), ("减少", self.left)]
        return "、".join(f"{word}{listed([self.names[one] for one in offices])}" for word, offices in parts if offices)

    def explained(self, balance: Balance, line: str) -> Number | None:
        """What those who joined and left add to the years' difference; None where a figure of theirs is missing."""
        total: Number = 0
        for _, word, own in self.shares(balance, line):
            if word and own is None:
                return None
            total += own or 0 if word else 0
        return total

    def told(self, balance: Balance, line: str, *, all_units: bool) -> str:
        """Whose the difference is: 甲局（新增）+3、乙局（减少）-1; with ``all_units``, those that stayed too."""
        shares = [(self.names[office], word, own) for office, word, own in self.shares(balance, line) if own]
        return "、".join(f"{name}（{word or '未变'}）{own:+}" for name, word, own in shares if word or all_units)

    def shares(self, balance: Balance, line: str) -> Iterator[tuple[str, str, Number | None]]:
        """Unit, 新增, 减少 or nothing, and its share; where it was not in the list, its figures are 0."""
        for offices, word, absent in ((self.joined, "新增", True), (self.left, "减少", False), (self.stayed, "", None)):
            for office in offices:

                def value(
                    ref: CellRef, previous: bool, office: str = office, absent: bool | None = absent
                ) -> Number | None:
                    return 0 if absent is previous else self._stated(office, ref, previous)

                yield office, word, off_by(balance, line, value)

    def _stated(self, office: str, ref: CellRef, previous: bool) -> Number | None:
        key = ReportKey(office, self.key.year - previous)
        if key not in self._cells:
            stated = figures_of(self.files, key)
            self._cells[key] = stated[1] if stated else {}
        cell = self._cells[key].get(ref)
        return None if cell is None else cell.value.number


def off_by(balance: Balance, line: str, number: Callable[[CellRef, bool], Number | None]) -> Number | None:
    """Left side less right side; None where a figure is missing. ``number`` as in ``Balance.sums``."""
    sums = balance.sums(line, number)
    return None if sums is None else sums[0] - sums[1]


def tell_change(
    change: ListChange, balance: Balance, line: str, off: Number, words: tuple[str, str], facts: Facts, log: FindingLog
) -> None:
    """A line of what the area states that is ``off`` from what follows from last year's, where its units changed.

    What the change explains is no breach of the rule: it is ROLLUP-LIST's, unless that has told of this line already.
    ``words`` and ``facts`` are the breach's own.
    """
    explained, whose = change.explained(balance, line), change.told(balance, line, all_units=False)
    said = f"{words[0]}；单位名单较上年{change.words}"
    if explained is None:
        shown = f"{said}，其数据不齐，不能断定", f"{words[1]}; the list changed, and figures of those units are missing"
        log.add(balance.id, change.key, FindingState.UNCERTAIN, shown, facts)
    elif explained != off:
        part = f"，只能解释{explained:+}（{whose}）" if explained else "，与此无关"
        log.breach(balance.id, change.key, (f"{said}{part}", f"{words[1]}; the list explains {explained:+}"), facts)
    else:
        log.passed(balance.id, change.key)
        told = [one for one in log.findings if one.rule == "ROLLUP-LIST" and one.key == change.key]
        if facts.place not in [(one.table, one.row, one.column) for one in told]:
            shown = f"{said}，相差{off:+}由此而来：{whose}", f"{words[1]}; the list explains {explained:+}"
            log.breach("ROLLUP-LIST", change.key, shown, replace(facts, scope=f"{balance.id} stated"))


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
        if list_file(files.project, rollup.key.previous) is not None:
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
                _judge_change(change, balance, line, off_by(balance, line, summed), log)


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
