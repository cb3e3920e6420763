"""Which cells the quantities are that a text can state, and what the tables hold of them.

Cells are found by role and group of the form's rows, never by a second list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from nianbao.checks.finding_log import TABLE_NAMES, cell_name, row_name
from nianbao.checks.subject import Subject
from nianbao.checks.text import vocabulary as vocab
from nianbao.form import EDITIONS, CellRef, RowRole, Table
from nianbao.model import Evidence, Number

# The totals of table 3 that a sentence may give parts of, in other words too (答复7件，不予受理4件).
WHOLES = ("new", "intake", "processed")


@dataclass(frozen=True)
class Quantity:
    """What a count is of: the cells whose sum it is (those of ``less`` taken away), and its name for findings."""

    id: str
    name: str
    refs: tuple[CellRef, ...]
    less: tuple[CellRef, ...] = ()


@dataclass(frozen=True)
class Held:
    """What the tables hold of a quantity: its value, and the cells with their sources."""

    quantity: Quantity
    number: Number
    cells: tuple[Evidence, ...]


def all_held(subject: Subject, expressions: Iterable[str]) -> list[Held]:
    """The values of those of the quantities that the tables hold, in order; as ``held`` has them, of this year."""
    return [found for expression in expressions if (found := held(subject, expression))]


def held(subject: Subject, expression: str, *, last: bool = False) -> Held | None:
    """The value of a quantity or of a sum of several (``予以公开+部分公开``, ``processed-carried_in``).

    None where a name is not known or one of the cells is no number. ``last``: in last year's report.
    """
    report = subject.previous if last else subject.report
    quantity = None if report is None else find(report.edition.code, expression)
    if quantity is None:
        return None
    cells = tuple(subject.evidence(ref, last=last) for ref in quantity.refs)
    less = tuple(subject.evidence(ref, last=last) for ref in quantity.less)
    numbers = [cell.value.number for cell in (*cells, *less)]
    if not cells or any(number is None for number in numbers):
        return None
    total: Number = 0
    for index, number in enumerate(numbers):
        total += (number or 0) if index < len(cells) else -(number or 0)
    return Held(quantity, total, (*cells, *less))


@cache
def find(edition_code: str, expression: str) -> Quantity | None:
    """The quantity of that name, or the sum of those named."""
    known = quantities(edition_code)
    if expression in known:
        return known[expression]
    signs = re.findall(r"(?:^|[+-])[^+-]+", expression)
    if len(signs) < 2 or any(part.lstrip("+-") not in known for part in signs):
        return None
    plus = [known[part.lstrip("+")] for part in signs if part[0] != "-"]
    minus = [known[part[1:]] for part in signs if part[0] == "-"]
    name = "＋".join(part.name for part in plus) + "".join(f"－{part.name}" for part in minus)
    return Quantity(
        expression,
        name,
        tuple(ref for part in plus for ref in part.refs),
        tuple(ref for part in minus for ref in part.refs),
    )


@cache
def quantities(edition_code: str) -> dict[str, Quantity]:
    """All quantities of an edition by id: new, carried_in, 予以公开 …, reconsideration, regulations.made …."""
    edition = EDITIONS[edition_code]
    found = [*_applications(edition.table("applications")), *_review(edition.table("review"))]
    for row in edition.table("proactive").rows:
        for column in edition.table("proactive").columns_of(row):
            ref = CellRef("proactive", row, column.code)
            found.append(Quantity(f"{row}.{column.code}", cell_name(edition, ref), (ref,)))
    return {quantity.id: quantity for quantity in found}


def result_groups(table: Table) -> dict[str, list[str]]:
    """The rows of table 3 by the result that they are part of: 予以公开, 部分公开, 不予公开 …"""
    groups: dict[str, list[str]] = {}
    for code, row in table.rows.items():
        if row.role is RowRole.RESULT:
            groups.setdefault(row.group, []).append(code)
    return groups


def _applications(table: Table) -> list[Quantity]:
    name = TABLE_NAMES[table.code]
    new, carried_in = (code for code, row in table.rows.items() if row.role is RowRole.INTAKE)
    (processed,) = (code for code, row in table.rows.items() if row.role is RowRole.SUM)
    (carried_out,) = (code for code, row in table.rows.items() if row.role is RowRole.CARRIED)
    wholes = {
        "new": (new,),
        "carried_in": (carried_in,),
        "intake": (new, carried_in),
        "processed": (processed,),
        "carried_out": (carried_out,),
    }
    found = [_sum(table, id_, f"{name}“{_rows_named(table, rows)}”总计", rows) for id_, rows in wholes.items()]
    groups = result_groups(table)
    found += [_sum(table, group, f"{name}“{group}”总计", rows) for group, rows in groups.items()]
    answered = [row for group in list(groups)[:4] for row in groups[group]]
    found.append(_sum(table, "answered", f"{name}“{'＋'.join(list(groups)[:4])}”总计", answered))
    for code, row in table.rows.items():
        if row.role is RowRole.RESULT:
            found.append(_sum(table, f"row.{code}", f"{name}“{row_name(row)}”总计", (code,)))
    organisations = [column.code for column in table.columns.values() if column.group]
    named = {id_: (_rows_named(table, rows), rows) for id_, rows in wholes.items()}
    named |= {group: (group, tuple(rows)) for group, rows in groups.items()}
    named |= {f"row.{code}": (row_name(row), (code,)) for code, row in table.rows.items() if row.role is RowRole.RESULT}
    for id_, (label, members) in named.items():
        for column in list(table.columns)[:-1]:
            label_of = f"{name}“{label}”{table.columns[column].label}"
            found.append(Quantity(f"{id_}.{column}", label_of, _refs(table, members, [column])))
        refs = _refs(table, members, organisations)
        found.append(Quantity(f"{id_}.organisations", f"{name}“{label}”法人或其他组织", refs))
    return found


def _rows_named(table: Table, rows: Sequence[str]) -> str:
    return "＋".join(row_name(table.rows[row]) for row in rows)


def _refs(table: Table, rows: Sequence[str], columns: Sequence[str]) -> tuple[CellRef, ...]:
    return tuple(CellRef(table.code, row, column) for row in rows for column in columns)


def _sum(table: Table, id_: str, name: str, rows: Sequence[str]) -> Quantity:
    return Quantity(id_, name.replace("总计”总计", "总计”"), _refs(table, rows, ["total"]))


def _review(table: Table) -> list[Quantity]:
    name = TABLE_NAMES[table.code]
    direct = [code for code, row in table.rows.items() if not row.groups]
    suits = [code for code, row in table.rows.items() if row.groups]
    kinds: list[tuple[str, list[str], str]] = [
        ("reconsideration", direct, "行政复议"),
        ("litigation", suits, "行政诉讼"),
        ("review", [*direct, *suits], "行政复议＋行政诉讼"),
    ]
    kinds += [(code, [code], table.rows[code].label) for code in suits]
    return [
        Quantity(f"{id_}.{column.code}", f"{name}“{label}”{column.label}", _refs(table, rows, [column.code]))
        for column in table.columns.values()
        for id_, rows, label in kinds
    ]


@lru_cache(maxsize=4096)
def rows_meant(group: str, words: str) -> tuple[str, ...]:
    """The rows of a group of results (of all where ``group`` is empty) that the words single out."""
    groups = result_groups(EDITIONS["2021"].table("applications"))
    rows = groups.get(group) or [row for members in groups.values() for row in members]
    bare = words.replace(group, "")
    return tuple(row for row in rows if row in vocab.ROW_WORDS and re.search(vocab.ROW_WORDS[row], bare))
