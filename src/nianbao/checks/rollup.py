"""The rules on an area's units: its figures against their sum, who is missing, how the list changed, what was adjusted.

May import: errors, form, inputs.units, model, paths, and of checks the log of findings and the subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from nianbao.checks.finding_log import Facts, FindingLog, cell_name, line_name, place_of
from nianbao.checks.subject import Subject
from nianbao.form import Axis, Balance, CellRef
from nianbao.inputs import Files
from nianbao.inputs.units import (
    CellSum,
    Rollup,
    Share,
    figures_of,
    is_same,
    list_file,
    load_units,
    roll_up,
    tree_issues,
)
from nianbao.model import Evidence, Finding, FindingState, InputIssue, Number, OfficeYear, ReportKey, Source
from nianbao.paths import Project

_MOST_NAMES = 10
# The number in a cell, of last year's report or of this year's; None where there is none.
_Values = Callable[[CellRef, bool], Number | None]


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
        shown = _listed([names.get(office, office) for office in rollup.missing]) or "没有列入汇总的单位"
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


def _listed(names: list[str]) -> str:
    return "、".join(names[:_MOST_NAMES]) + (f"等{len(names)}家" if len(names) > _MOST_NAMES else "")


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
    now, before = (load_units(files, key) for key in (rollup.key, rollup.key.previous))
    if now is None or before is None:
        return
    ours, theirs = ({unit.office for unit in part.offices.values() if unit.counted} for part in (now, before))
    if ours == theirs:
        log.passed("ROLLUP-LIST", rollup.key)
        return
    last = roll_up(files.project, rollup.key.previous, files=files)
    names = {unit.office: unit.name or unit.office for part in (before, now) for unit in part.units}
    change = _Change(rollup, last, files, sorted(ours - theirs), sorted(theirs - ours), sorted(ours & theirs), names)
    for balance in rollup.edition.balances:
        if balance.across_years:
            lines = list(rollup.edition.lines(balance))
            # Of a rule that holds for each kind of applicant, the total says enough.
            for line in lines[-1:] if balance.axis is Axis.ROWS else lines:
                change.judge(balance, line, log, now.path)


class _Change:
    """The units of this year and last, and what they state for one line of a rule across the years."""

    def __init__(
        self,
        now: Rollup,
        last: Rollup,
        files: Files,
        joined: list[str],
        left: list[str],
        stayed: list[str],
        names: Mapping[str, str],
    ) -> None:
        self.now, self.last, self.files = now, last, files
        self.joined, self.left, self.stayed, self.names = joined, left, stayed, names

    def judge(self, balance: Balance, line: str, log: FindingLog, path: str) -> None:
        """Compare both years' sums; where they do not follow, say what those who joined, left and stayed have in it."""
        gap = self._gap(balance, line, self._summed)
        name = line_name(self.now.edition, balance, line)
        change = "、".join(
            [f"新增{_listed([self.names[office] for office in self.joined])}"] * bool(self.joined)
            + [f"减少{_listed([self.names[office] for office in self.left])}"] * bool(self.left)
        )
        if gap is None:
            words = (
                f"单位名单较上年{change}；{name}数据不齐，无法核对",
                f"the list changed; {line}: figures are missing",
            )
            facts = Facts((balance.table, None, None), scope=f"{balance.id}:{line}", source=Source(path))
            log.add("ROLLUP-LIST", self.now.key, FindingState.NOT_ASSESSABLE, words, facts)
            return
        if not gap:
            log.passed("ROLLUP-LIST", self.now.key)
            return
        parts = [f"{self.names[office]}（{word}）{own:+}" for office, word, own in self._own_gaps(balance, line) if own]
        row, column = (None, line) if balance.axis is Axis.ROWS else (line, None)
        words = (
            f"单位名单较上年{change}；{name}上下年衔接相差{gap:+}，其中{'、'.join(parts) or '无法分到各单位'}",
            f"the list changed (joined {self.joined}, left {self.left}); {balance.id} {line} is off by {gap:+}",
        )
        facts = Facts((balance.table, row, column), 0, gap, scope=balance.id, source=Source(path))
        log.breach("ROLLUP-LIST", self.now.key, words, facts)

    def _summed(self, ref: CellRef, previous: bool) -> Number | None:
        found = (self.last if previous else self.now).cells.get(ref)
        return None if found is None or found.missing else found.value

    def _gap(self, balance: Balance, line: str, value: _Values) -> Number | None:
        """Left side less right side; None where a figure is missing."""
        gap: Number = 0
        for side, terms in ((1, balance.left), (-1, balance.right)):
            for term in terms:
                found = value(balance.ref(term, line), term.previous)
                if found is None:
                    return None
                gap += side * term.sign * found
        return gap

    def _own_gaps(self, balance: Balance, line: str) -> Iterable[tuple[str, str, Number]]:
        """Unit, word and share in the gap; a unit has no figures in a year in which it was not in the list."""
        for offices, word, absent in (
            (self.joined, "新增", True),
            (self.left, "减少", False),
            (self.stayed, "未变", None),
        ):
            for office in offices:

                def value(
                    ref: CellRef, previous: bool, office: str = office, absent: bool | None = absent
                ) -> Number | None:
                    return 0 if absent is previous else self._stated(office, ref, previous)

                if own := self._gap(balance, line, value):
                    yield office, word, own

    def _stated(self, office: str, ref: CellRef, previous: bool) -> Number | None:
        key = ReportKey(office, self.now.key.year - previous)
        stated = figures_of(self.files, key)
        cell = stated[1].get(ref) if stated else None
        return None if cell is None else cell.value.number
