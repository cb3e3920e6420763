"""Owns the binding of a narrative's numbers: counts that agree with a cell refer to it, others become figures.

May import: form, model. A number is bound to a cell only where the words leave one cell and the values agree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from nianbao.form import CellRef, Edition, RowRole
from nianbao.form.cells import State
from nianbao.model import Cell

_UNIT = "件次|人次|条|件|次|期|个|宗|起|份|人|名|篇|部|场|家|项|户|册|批|类|页|点|万元|元|%|％"
# Units in which requests and documents are counted.
_CASES = frozenset({"件", "宗", "起", "条", "份", "件次"})
_COUNT = re.compile(rf"(?<![\d.,，．A-Za-z第〔\[（(/-])(\d{{1,12}}(?:\.\d{{1,6}})?)(?=余?多?\s*({_UNIT}))")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?=年)")
# Names of documents and their numbers are quoted, not stated.
_QUOTED = re.compile(r"《[^《》]*》|〔[^〔〕]*〕\s*\d*\s*号?|https?://\S+")
_CLAUSE = re.compile(r"[，。；：、！？,;:!?\n（）()]")
# Braces of the text: each would be taken for a part of a reference, or join those of a number's.
_JINJA = re.compile(r"[{}]+")
# So many characters of the sentence before a number tell what it counts.
_CONTEXT = 24
_LABEL = 20
# What is said right before a number that counts a row's total; the first that fits decides. The words are those of
# published reports, the rows are found by their role in the form.
_INTAKE = re.compile(r"(?:收到|新收|受理|收办)[^，。；]{0,16}$")
_CARRIED_IN = re.compile(r"上一?年度?结转[^，。；]{0,8}$")
_CARRIED_OUT = re.compile(r"(?:结转|转)(?:至|到|入)?下(?:一)?年度?[^，。；]{0,10}$")
_PROCESSED = re.compile(r"(?:办结|答复|办理完?结)[^，。；]{0,8}$")
_SHARE = re.compile(r"办结率[为达到]{0,2}$")
_REQUESTS = re.compile(r"申请|信件|依申请")
_STOCK = re.compile(r"现行有效[^，。；]{0,16}$")


@dataclass(frozen=True, slots=True)
class NewFigure:
    """A count that no table holds, as a line of figures.csv."""

    key: str
    label: str
    value: str
    unit: str


class Binder:
    """Binds the numbers of one report's texts; ``figures`` collects the counts that no cell holds."""

    def __init__(self, edition: Edition, cells: Mapping[CellRef, Cell], year: int) -> None:
        self.edition = edition
        self.cells = cells
        self.year = year
        self.figures: list[NewFigure] = []
        self._total = list(edition.table("applications").columns)[-1]

    def bound(self, slug: str, text: str) -> str:
        """The text as a template: numbers as references, what Jinja would take for its own as it stands."""
        quoted = [match.span() for match in _QUOTED.finditer(text)]
        edits: list[tuple[int, int, str]] = [
            (match.start(), match.end(), f"{{{{ '{match[0]}' }}}}") for match in _JINJA.finditer(text)
        ]
        edits += [
            self._edit(slug, text, match)
            for match in _COUNT.finditer(text)
            if not any(start <= match.start(1) < end for start, end in quoted)
        ]
        for match in _YEAR.finditer(text):
            inside = any(start <= match.start() < end for start, end in quoted)
            if not inside and int(match[1]) == self.year:
                edits.append((match.start(1), match.end(1), "{{ year }}"))
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _edit(self, slug: str, text: str, match: re.Match[str]) -> tuple[int, int, str]:
        """What replaces a number: from where, to where, and the reference."""
        before = text[max(0, match.start() - _CONTEXT) : match.start()]
        number, unit = match[1], match[2]
        if unit in _CASES and (ref := self._cell(before, text, match)) is not None:
            return match.start(1), match.end(1), f"{{{{ {ref} }}}}"
        if unit == "%" and _SHARE.search(before) and (share := self._share(number)):
            return match.start(1), match.end(1) + len(unit), f"{{{{ {share} }}}}"
        if number != _canonical(number):
            # A figure prints its digits only: 007 would come back as 7.
            return match.start(1), match.end(1), number
        key = f"{slug}_{1 + sum(figure.key.startswith(f'{slug}_') for figure in self.figures)}"
        label = _CLAUSE.split(text[: match.start()])[-1].strip(" #*-")[-_LABEL:]
        # Enumerations say what they count behind the number: 18个主题.
        label = label or _CLAUSE.split(text[match.end(1) :])[0][:_LABEL] or key
        self.figures.append(NewFigure(key, label, number, unit))
        return match.start(1), match.end(1), f"{{{{ figures.{key} }}}}"

    def _share(self, number: str) -> str | None:
        """The share of requests that were dealt with, where the cells give the number that the text states."""
        rows = self._rows_by_role()
        refs = [CellRef("applications", rows[name], self._total) for name in ("processed", "new", "carried_in")]
        values = [self.cells[ref].value.number if ref in self.cells else None for ref in refs]
        done, new, carried = values
        if done is None or new is None or carried is None or new + carried == 0:
            return None
        if (Decimal(done) * 100 / (new + carried)).quantize(Decimal("0.01"), ROUND_HALF_UP) != Decimal(number):
            return None
        return f"percent({refs[0]}, {refs[1]} + {refs[2]})"

    def _cell(self, before: str, text: str, match: re.Match[str]) -> CellRef | None:
        """The cell that the words before a number name, if it holds that number."""
        for ref in self._named(before, text[: match.start()]):
            cell = self.cells.get(ref)
            if cell is None or cell.value.state is not State.NUMBER:
                continue
            return ref if cell.value.printed == match[1] else None
        return None

    def _named(self, before: str, whole: str) -> list[CellRef]:
        """The cell that the sentence speaks of, as far as its words are those of the form."""
        rows = self._rows_by_role()
        sentence = re.split("[。；\n]", whole)[-1]
        about_requests = _REQUESTS.search(sentence) is not None
        for pattern, row in (
            (_CARRIED_OUT, rows["carried_out"]),
            (_CARRIED_IN, rows["carried_in"]),
            (_PROCESSED, rows["processed"]),
            (_INTAKE, rows["new"]),
        ):
            if pattern.search(before):
                return [CellRef("applications", row, self._total)] if about_requests else []
        return self._stock(before)

    def _stock(self, before: str) -> list[CellRef]:
        """现行有效 of one kind of document: a cell of table 2, where the edition has that column."""
        table = self.edition.table("proactive")
        stock = [column.code for column in table.blocks[0].columns if column.label.startswith("现行有效")]
        if not stock or not _STOCK.search(before):
            return []
        for row in reversed(table.blocks[0].rows):
            if any(before.rstrip().endswith(label) for label in (row.label, *row.aliases)):
                return [CellRef(table.code, row.code, stock[0])]
        return []

    def _rows_by_role(self) -> dict[str, str]:
        table = self.edition.table("applications")
        by_role = {role: [code for code, row in table.rows.items() if row.role is role] for role in RowRole}
        return {
            "new": by_role[RowRole.INTAKE][0],
            "carried_in": by_role[RowRole.INTAKE][1],
            "processed": by_role[RowRole.SUM][0],
            "carried_out": by_role[RowRole.CARRIED][0],
        }


def _canonical(number: str) -> str:
    whole, dot, rest = number.partition(".")
    return f"{int(whole)}{dot}{rest}"
