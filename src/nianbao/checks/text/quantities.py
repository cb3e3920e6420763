"""Owns the quantities that a text can state and the tables hold: which cells each is the sum of.

May import: form, checks.subject, checks.labels. Cells are found by role and group, never by a second list of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from nianbao.checks.labels import TABLE_NAMES, cell_name, row_name
from nianbao.checks.subject import Subject
from nianbao.form import EDITIONS, CellRef, RowRole, Table
from nianbao.model import Evidence, Number


@dataclass(frozen=True)
class Quantity:
    """What a count is of: the cells whose sum it is, and its name for findings."""

    id: str
    name: str
    refs: tuple[CellRef, ...]


@dataclass(frozen=True)
class Held:
    """What the tables hold of a quantity: the sum, and the cells with their sources."""

    number: Number
    cells: tuple[Evidence, ...]


def held(subject: Subject, quantity: Quantity) -> Held | None:
    """The sum of the quantity's cells, or None where one of them is no number."""
    cells = tuple(subject.evidence(ref) for ref in quantity.refs)
    total: Number = 0
    for cell in cells:
        if cell.value.number is None:
            return None
        total += cell.value.number
    return Held(total, cells) if cells else None


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
            group = row.groups[1] if len(row.groups) > 1 else row.short_label
            groups.setdefault(group.split("）")[-1], []).append(code)
    return groups


def _applications(table: Table) -> list[Quantity]:
    name = TABLE_NAMES[table.code]
    new, carried_in = (code for code, row in table.rows.items() if row.role is RowRole.INTAKE)
    (processed,) = (code for code, row in table.rows.items() if row.role is RowRole.SUM)
    (carried_out,) = (code for code, row in table.rows.items() if row.role is RowRole.CARRIED)
    found = [
        _sum(table, id_, f"{name}“{'＋'.join(row_name(table.rows[row]) for row in rows)}”总计", rows)
        for id_, rows in {
            "new": (new,),
            "carried_in": (carried_in,),
            "intake": (new, carried_in),
            "processed": (processed,),
            "carried_out": (carried_out,),
        }.items()
    ]
    found += [_sum(table, group, f"{name}“{group}”总计", rows) for group, rows in result_groups(table).items()]
    found += [
        _sum(table, f"row.{code}", f"{name}“{row_name(row)}”总计", (code,))
        for code, row in table.rows.items()
        if row.role is RowRole.RESULT
    ]
    for column in list(table.columns)[:-1]:
        refs = (CellRef(table.code, new, column),)
        found.append(
            Quantity(f"new.{column}", f"{name}“{row_name(table.rows[new])}”{table.columns[column].label}", refs)
        )
    organisations = tuple(CellRef(table.code, new, column.code) for column in table.columns.values() if column.group)
    found.append(Quantity("new.organisations", f"{name}“{row_name(table.rows[new])}”法人或其他组织", organisations))
    return found


def _sum(table: Table, id_: str, name: str, rows: Sequence[str]) -> Quantity:
    return Quantity(id_, name.replace("总计”总计", "总计”"), tuple(CellRef(table.code, row, "total") for row in rows))


def _review(table: Table) -> list[Quantity]:
    name = TABLE_NAMES[table.code]
    direct = [code for code, row in table.rows.items() if not row.groups]
    litigation = [code for code, row in table.rows.items() if row.groups]
    found: list[Quantity] = []
    for column in table.columns.values():
        for id_, rows, label in (("reconsideration", direct, "行政复议"), ("litigation", litigation, "行政诉讼")):
            refs = tuple(CellRef(table.code, row, column.code) for row in rows)
            found.append(Quantity(f"{id_}.{column.code}", f"{name}“{label}”{column.label}", refs))
        both = tuple(CellRef(table.code, row, column.code) for row in (*direct, *litigation))
        found.append(Quantity(f"review.{column.code}", f"{name}“行政复议＋行政诉讼”{column.label}", both))
    return found


def row_meant(edition_code: str, group: str, words: str) -> Quantity | None:
    """The row of a group of results that the words single out (因本机关不掌握), or None where none or several are.

    A row is meant where it shares three characters in a row with the words, the group's name aside.
    """
    known = quantities(edition_code)
    if group not in known:
        return None
    rows = EDITIONS[edition_code].table("applications").rows
    bare = words.replace(group, "")
    pieces = {bare[index : index + 3] for index in range(len(bare) - 2)} - _COMMON
    meant = [ref.row for ref in known[group].refs if any(piece in rows[ref.row].label for piece in pieces)]
    return known[f"row.{meant[0]}"] if len(meant) == 1 else None


# What several rows' labels have in common singles none out.
_COMMON = frozenset({"政府信", "府信息", "申请人", "行政机", "政机关", "信息公", "本机关"})
