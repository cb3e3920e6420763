"""How an area's list of units changed since last year, and what of a gap between the years that explains.

May import: errors, form, inputs.units, model, paths, and of checks the log of findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

from nianbao.checks.finding_log import Facts, FindingLog
from nianbao.form import Balance, CellRef, Edition
from nianbao.inputs import Files
from nianbao.inputs.units import UnitList, figures_of, list_file, load_units
from nianbao.model import FindingState, Number, ReportKey

_MOST_NAMES = 10
# The number in a cell, of last year's report or of this year's; None where there is none.
Values = Callable[[CellRef, bool], Number | None]


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

    @cached_property
    def words(self) -> str:
        """The change for people: 新增甲局、减少乙局."""
        parts = [("新增", self.joined), ("减少", self.left)]
        return "、".join(f"{word}{listed([self.names[one] for one in offices])}" for word, offices in parts if offices)

    def explained(self, balance: Balance, line: str) -> Number | None:
        """What those who joined and left add to the gap between the years; None where a figure of theirs is missing."""
        total: Number = 0
        for _, word, own in self.shares(balance, line):
            if word and own is None:
                return None
            total += own or 0 if word else 0
        return total

    def told(self, balance: Balance, line: str, *, all_units: bool) -> str:
        """Whose the gap is: 甲局（新增）+3、乙局（减少）-1; with ``all_units``, those that stayed too."""
        shares = [(self.names[office], word, own) for office, word, own in self.shares(balance, line) if own]
        return "、".join(f"{name}（{word or '未变'}）{own:+}" for name, word, own in shares if word or all_units)

    def shares(self, balance: Balance, line: str) -> Iterator[tuple[str, str, Number | None]]:
        """Unit, 新增, 减少 or nothing, and its share in the gap; where it was not in the list, its figures are 0."""
        for offices, word, absent in ((self.joined, "新增", True), (self.left, "减少", False), (self.stayed, "", None)):
            for office in offices:

                def value(
                    ref: CellRef, previous: bool, office: str = office, absent: bool | None = absent
                ) -> Number | None:
                    return 0 if absent is previous else self._stated(office, ref, previous)

                yield office, word, gap(balance, line, value)

    def _stated(self, office: str, ref: CellRef, previous: bool) -> Number | None:
        stated = figures_of(self.files, ReportKey(office, self.key.year - previous))
        cell = stated[1].get(ref) if stated else None
        return None if cell is None else cell.value.number


def gap(balance: Balance, line: str, value: Values) -> Number | None:
    """Left side less right side; None where a figure is missing."""
    total: Number = 0
    for side, terms in ((1, balance.left), (-1, balance.right)):
        for term in terms:
            found = value(balance.ref(term, line), term.previous)
            if found is None:
                return None
            total += side * term.sign * found
    return total


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
