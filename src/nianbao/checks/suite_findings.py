"""The findings of the form's suites: its balances, each run once over all office-years."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nianbao.checks.engine import Engine
from nianbao.checks.finding_log import TABLE_NAMES, Facts, FindingLog, line_name, shown, term_name
from nianbao.checks.reading import Reading, is_sane, line_frame
from nianbao.checks.rollup import ListChange, list_change, tell_change
from nianbao.checks.subject import Subject
from nianbao.checks.suites import SuiteForm, column_of, suite_forms
from nianbao.checks.tables import set_aside
from nianbao.errors import NianbaoError
from nianbao.errors.language import Message
from nianbao.form import Axis, Balance, CellRef, Term
from nianbao.form.cells import State
from nianbao.inputs import Files
from nianbao.model import Evidence, FindingState, Number, ReportKey
from nianbao.paths import Project

Suites = Mapping[str, Mapping[str, Any]]


def check_balances(readings: Sequence[Reading], suites: Suites, engine: Engine, log: FindingLog) -> None:
    """Run the suites of one edition (by name) over its office-years; every line is passed, failed or set aside."""
    edition = readings[0].edition
    for form in suite_forms(edition.code):
        frame = line_frame(form, readings)
        verdicts = {verdict.kwargs["rule"]: verdict for verdict in engine.validate(dict(suites[form.name]), frame)}
        for balance in form.balances:
            verdict = verdicts[balance.id]
            if verdict.problem or verdict.rows is None:
                raise NianbaoError(
                    Message("could not be evaluated: {why}", why=verdict.problem), where=f"{form.name}: {balance.id}"
                )
            _report(form, balance, frame, verdict.rows, _BalanceFindings(readings, log, balance))


def _report(form: SuiteForm, balance: Balance, frame: Any, broken: Sequence[int], findings: _BalanceFindings) -> None:
    """Write the lines that break, those that cannot be assessed, and count the rest as passed."""
    import numpy as np

    columns = list(dict.fromkeys(column_of(term) for term in (*balance.left, *balance.right)))
    held = set(form.edition.lines(balance))
    ours = np.array([line in held for line in form.lines])
    lines = len(form.lines)
    known = frame[columns].notna().all(axis=1).to_numpy().reshape(-1, lines)
    state = np.where(known, 0, 2)
    state.reshape(-1)[list(broken)] = 1
    state[:, ~ours] = 3
    passed = (state == 0).sum(axis=1)
    for number, reading in enumerate(findings.readings):
        row = state[number]
        if passed[number]:
            findings.passed(reading, int(passed[number]), [form.lines[index] for index in np.flatnonzero(row == 0)])
        if passed[number] == len(held) or (balance.across_years and findings.set_aside(reading)):
            continue
        for index in np.flatnonzero(row == 1):
            findings.broken(reading.subject, form.lines[index], reading.project)
        unknown = [form.lines[index] for index in np.flatnonzero(row == 2)]
        findings.unknown(reading.subject, unknown, whole=len(unknown) == len(held))


# What a note under table 2 speaks of when it explains the stock: 另有3件经清理…
_EXPLAINS = re.compile(r"规章|规范性文件|现行有效|清理|统计口径")


def _explained(subject: Subject, table: str) -> bool:
    """Whether a note under the table explains what a tolerated rule would warn of."""
    section = next(section for section in subject.report.edition.sections if section.table == table)
    note = subject.texts.get(section.slug)
    return note is not None and _EXPLAINS.search(note.text) is not None


# With more lines than this that cannot be assessed, one finding tells of all.
_FEW = 3


class _BalanceFindings:
    """Writes the findings of one balance."""

    def __init__(self, readings: Sequence[Reading], log: FindingLog, balance: Balance) -> None:
        self.readings = readings
        self.log = log
        self.balance = balance
        self._changes: dict[ReportKey, ListChange | None] = {}  # of areas whose lines break: their lists read once

    def passed(self, reading: Reading, count: int, lines: Sequence[str]) -> None:
        """The lines on which the balance holds."""
        if not self.log.passes:
            self.log.passed(self.balance.id, reading.key, count)
            return
        for line in lines:
            self.log.passed(self.balance.id, reading.key, 1, self._facts(reading.subject, line))

    def set_aside(self, reading: Reading) -> bool:
        """Whether last year is not there as the rule needs it; says so once, not for every line."""
        last = reading.last_edition
        terms = [term for term in (*self.balance.left, *self.balance.right) if term.previous]
        needed = {self.balance.ref(term, line) for term in terms for line in reading.edition.lines(self.balance)}
        if last is not None and any(ref in last.cells for ref in needed):
            return False
        year = reading.key.year - 1
        gone = (f"{year}年报告的表格没有相应栏目", f"the form of {year} has no such cells")
        set_aside(reading.key, self.balance.id, self.log, None if last is None else gone)
        return True

    def broken(self, subject: Subject, line: str, project: Project | None) -> None:
        """A line whose sums differ, though every cell is known."""
        if self._silent_side(subject, line):
            self._not_assessable(subject, line, "一侧全部标为“不适用”", "one side does not apply throughout")
            return
        if self.balance.tolerated and _explained(subject, self.balance.table):
            self.log.passed(self.balance.id, subject.key, 1, self._facts(subject, line))
            return
        name, sums = line_name(subject.report.edition, self.balance, line), self.written(subject, line, "≠")
        sums_en = self.written(subject, line, "!=", codes=True)
        words, facts = (f"{name}：{sums}", f"{self.balance.table}.{line}: {sums_en}"), self._facts(subject, line)
        if project and self.balance.across_years:
            if subject.key not in self._changes:
                self._changes[subject.key] = list_change(Files(project), subject.key, subject.report.edition)
            change = self._changes[subject.key]
            if change is not None:
                (left, _), (right, _) = self._known_sums(subject, line)
                tell_change(change, self.balance, line, left - right, words, facts, self.log)
                return
        self.log.breach(self.balance.id, subject.key, words, facts)

    def unknown(self, subject: Subject, lines: Sequence[str], *, whole: bool) -> None:
        """Lines with a cell that is blank or no number: a breach that is certain all the same fails."""
        open_lines = [line for line in lines if not self._broken_all_the_same(subject, line)]
        throughout = whole and len(open_lines) == len(lines) > 1
        if throughout or len(open_lines) > _FEW:
            table = self.balance.table
            names = "、".join(line_name(subject.report.edition, self.balance, line) for line in open_lines[:_FEW])
            where = f"{TABLE_NAMES[table]}各行各列均" if throughout else f"{names}等{len(open_lines)}处"
            words = (
                f"{where}有空白或未读到的单元格，无法核对",
                f"{table}: {len(open_lines)} lines have a cell that is blank or was not read; cannot be assessed",
            )
            facts = Facts((table, None, None))
            self.log.add(self.balance.id, subject.key, FindingState.NOT_ASSESSABLE, words, facts)
            return
        for line in open_lines:
            self._not_assessable(subject, line, "有空白或非数字的单元格", "a cell is blank or no number")

    def _broken_all_the_same(self, subject: Subject, line: str) -> bool:
        """Whether no count in the blanks could make the sums equal; says so where it is so."""
        (left, gaps_left), (right, gaps_right) = self._known_sums(subject, line)
        positive = all(term.sign > 0 for term in (*self.balance.left, *self.balance.right))
        over = (left > right and not gaps_right) or (right > left and not gaps_left)
        if not positive or not over or self._silent_side(subject, line):
            return False
        name = line_name(subject.report.edition, self.balance, line)
        words = (
            f"{name}：{self.written(subject, line, '≠')}（空白处无论填何数均不能平衡）",
            f"{self.balance.table}.{line}: {self.written(subject, line, '!=', codes=True)}, whatever the blanks hold",
        )
        self.log.breach(self.balance.id, subject.key, words, self._facts(subject, line))
        return True

    def _not_assessable(self, subject: Subject, line: str, why: str, why_en: str) -> None:
        name = line_name(subject.report.edition, self.balance, line)
        words = (f"{name}：{why}，无法核对", f"{self.balance.table}.{line}: {why_en}; cannot be assessed")
        self.log.add(self.balance.id, subject.key, FindingState.NOT_ASSESSABLE, words, self._facts(subject, line))

    def _silent_side(self, subject: Subject, line: str) -> bool:
        return any(
            all(self._evidence(subject, term, line).value.state is State.NOT_APPLICABLE for term in side)
            for side in (self.balance.left, self.balance.right)
        )

    def _evidence(self, subject: Subject, term: Term, line: str) -> Evidence:
        return subject.evidence(self.balance.ref(term, line), last=term.previous)

    def _known_sums(self, subject: Subject, line: str) -> tuple[tuple[Number, int], tuple[Number, int]]:
        """As of ``Balance.known_sums``: what does not apply adds nothing, what no report can state is not known."""

        def number(ref: CellRef, last: bool) -> Number | None:
            value = subject.evidence(ref, last=last).value
            if value.state is State.NOT_APPLICABLE:
                return 0
            return value.number if value.number is not None and is_sane(value.number) else None

        return self.balance.known_sums(line, number)

    def _facts(self, subject: Subject, line: str) -> Facts:
        balance = self.balance
        cells = tuple(self._evidence(subject, term, line) for term in (*balance.left, *balance.right))
        (expected, _), (actual, _) = self._known_sums(subject, line)
        if balance.across_years:  # this year's cell is the one to blame; it stands on the left
            expected, actual = actual, expected
        row, column = (None, line) if balance.axis is Axis.ROWS else (line, None)
        return Facts((balance.table, row, column), expected, actual, cells, source=cells[0].source)

    def written(self, subject: Subject, line: str, sign: str, *, codes: bool = False) -> str:
        """The sums written out: 新收14 + 上年结转0 = 14 ≠ 办理总计13 + 结转下年度0 = 13."""
        (left, _), (right, _) = self._known_sums(subject, line)
        sides = ((self.balance.left, left), (self.balance.right, right))
        return f" {sign} ".join(self._side(subject, terms, line, total, codes=codes) for terms, total in sides)

    def _side(self, subject: Subject, terms: Sequence[Term], line: str, total: Number, *, codes: bool) -> str:
        parts: list[str] = []
        hidden = 0
        for term in terms:
            value = self._evidence(subject, term, line).value
            if len(terms) > 4 and value.number == 0:
                hidden += 1
                continue
            name = term.code if codes else term_name(subject.report.edition, self.balance, term.code)
            last = (f"{subject.key.year - 1}." if codes else "上年报告的") if term.previous else ""
            joint = (" - " if term.sign < 0 else " + ") if parts else ""
            printed = ("(blank)" if value.state is State.BLANK else value.printed) if codes else shown(value)
            parts.append(f"{joint}{last}{name}{' ' if codes else ''}{printed}")
        rest = (" (others 0)" if codes else "（其余为0）") if hidden and parts else ""
        if len(terms) == 1:
            return "".join(parts)
        return f"{''.join(parts) or ('all 0' if codes else '各项均为0')}{rest} = {total}"
