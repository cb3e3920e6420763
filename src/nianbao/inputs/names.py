"""The names that a narrative may refer to, and numbers that remember where they came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import total_ordering
from typing import Any

from nianbao.errors import InputError, known_names, nearest
from nianbao.form import TABLE_NAMES, CellRef, Table, row_name
from nianbao.form.cells import Number, State, Value
from nianbao.model import Office, OfficeYear

# What a template may build: far beyond any sentence, far below what would fill the memory.
_LONGEST = 2000  # characters
_MOST_PARTS = 200


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A number with the expression it came from; sums and differences of bound numbers are bound too."""

    number: Number
    expression: str
    printed: str

    def __add__(self, other: Bound | Number) -> Bound:
        return self._combined(other, "+", self.number + _plain(other))

    def __sub__(self, other: Bound | Number) -> Bound:
        return self._combined(other, "-", self.number - _plain(other))

    def __radd__(self, other: Number) -> Bound:
        return self.__add__(other)

    def __rsub__(self, other: Number) -> Bound:
        return Bound(other, str(other), str(other)).__sub__(self)

    def _combined(self, other: Bound | Number, sign: str, number: Number) -> Bound:
        right = other.expression if isinstance(other, Bound) else str(other)
        if len(self.expression) + len(right) > _LONGEST:
            raise InputError("a sum has too many terms", zh="算式过长，请分成几步")
        return Bound(number, f"{self.expression}{sign}{right}", str(number))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bound | int | Decimal) and self.number == _plain(other)

    def __lt__(self, other: Bound | Number) -> bool:
        return self.number < _plain(other)

    def __hash__(self) -> int:
        return hash(self.number)

    def __bool__(self) -> bool:
        return bool(self.number)

    def __str__(self) -> str:
        return self.printed


def _plain(value: Bound | Number) -> Number:
    return value.number if isinstance(value, Bound) else value


class Unknown(Exception):  # noqa: N818 -- a verdict on a name, told to its author, not a failure
    """A name that is not there: the path as far as it goes wrong, and the names known at that level."""

    def __init__(self, path: str, known: Mapping[str, str], why: tuple[str, str] | None = None) -> None:
        super().__init__(path)
        self.path = path
        self.known = known
        self.why = why

    @property
    def words(self) -> tuple[str, str]:
        """What is wrong and what to write, in Chinese and in English."""
        if self.why:
            return f"“{self.path}”：{self.why[0]}", f"{self.path!r}: {self.why[1]}"
        name = self.path.rpartition(".")[2]
        by_label = {label: key for key, label in self.known.items() if label}
        near = nearest(name, [*self.known, *by_label])
        near = by_label.get(near, near) if near else None
        shown = "、".join(f"{key}（{label}）" if label else key for key, label in list(self.known.items())[:20])
        guess = f"是否为“{near}”？" if near else ""
        zh = f"没有“{self.path}”。{guess}可用的有：{shown or '（无）'}{'…' if len(self.known) > 20 else ''}"
        return zh, f"refers to {self.path!r}, which is not there; {known_names(name, self.known)}"


class Names:
    """A level of names (applications, then new, then total): what is known there, and how to look it up.

    Nothing is looked up before it is asked for, so that a narrative reads only what it names. ``known`` gives the keys
    with their Chinese labels: a label that only one key has is as good as the key.
    """

    __slots__ = ("_known", "look_up", "path", "why")

    def __init__(
        self,
        path: str,
        known: Callable[[], Mapping[str, str]],
        look_up: Callable[[str], Any],
        why: tuple[str, str] | None = None,
    ) -> None:
        self.path = path
        self.why = why
        self._known = known
        self.look_up = look_up

    def __repr__(self) -> str:
        return f"Names({self.path})"

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def resolve(self, path: Sequence[str]) -> Any:
        """What the dotted name leads to; Unknown where it leads nowhere, InputError where a cell holds no number."""
        known = self._known()
        name = path[0] if path[0] in known else _labelled(path[0], known)
        full = f"{self.path}.{path[0]}" if self.path else path[0]
        if name is None and not self.path:  # a figure may be called by its label alone
            figures = self.look_up("figures")
            return figures.at_label(path[0], full, known)
        if name is None:
            raise Unknown(full, known, self.why)
        found = self.look_up(name)
        if isinstance(found, Names):
            return found.resolve(path[1:]) if len(path) > 1 else found
        if len(path) > 1:
            raise Unknown(".".join([full, *path[1:]]), {})
        return _bound(found, f"{self.path}.{name}") if isinstance(found, Value) else found

    def at_label(self, label: str, full: str, instead: Mapping[str, str]) -> Any:
        """What the one key of that label leads to; Unknown, with the names known instead, where there is none."""
        if (name := _labelled(label, self._known())) is None:
            known = {**{f"figures.{key}": its for key, its in self._known().items()}, **instead}
            raise Unknown(full, known)
        return self.resolve([name])


def _labelled(label: str, known: Mapping[str, str]) -> str | None:
    keys = [key for key, its in known.items() if its and _bare(its) == _bare(label)]
    return keys[0] if len(keys) == 1 else None


def _bare(label: str) -> str:
    """A label as it can be written as a name: without blanks and marks."""
    return "".join(char for char in label if char.isalnum() or char == "_")


def _bound(value: Value, expression: str) -> Bound:
    if value.state is not State.NUMBER or value.number is None:
        stands = {
            State.BLANK: ("尚未填写", "is blank"),
            State.NOT_APPLICABLE: ("填的是“不适用”", "is marked as not applicable"),
        }
        held = " ".join(value.printed.split())[:30]
        zh, en = stands.get(value.state, (f"填的是文字“{held}”", f"holds the text {held!r}"))
        raise InputError(
            f"{expression} {en}: a sentence cannot state it as a number",
            where=expression,
            hint="fill the cell or change the sentence",
            zh=f"{expression} {zh}，不能在文中引用，请填写数字或改写此句",
        )
    return Bound(value.number, expression, value.printed)


def names_of(report: OfficeYear, previous: Callable[[], OfficeYear | None]) -> Names:
    """What a narrative may name: year, last_year, office, figures, ledger, the tables, percent, change, last.

    ``previous`` gives last year's inputs when they are asked for.
    """
    year = report.key.year
    plain = {
        "year": Bound(year, "year", str(year)),
        "last_year": Bound(year - 1, "last_year", str(year - 1)),
        "office": _office_names(report.office),
        "percent": percent,
    }
    tables = _report_names("", report)

    def look_up(name: str) -> Any:
        if name == "last":
            last = previous()
            gone = f"没有{year - 1}年的资料", f"there are no inputs for {report.key.previous}"
            return _report_names("last", last) if last else Names("last", dict, lambda _: None, gone)
        if name == "change":
            return lambda *arguments: _change(whole, *arguments)
        return plain[name] if name in plain else tables.look_up(name)

    labels = dict.fromkeys((*plain, "change", *tables, "last"), "")
    whole = Names("", lambda: labels, look_up)
    return whole


def _office_names(office: Office) -> Names:
    labels = {"name": "机关全称", "short_name": "机关简称"}
    return Names("office", lambda: labels, {name: getattr(office, name) for name in labels}.__getitem__)


def _report_names(path: str, report: OfficeYear) -> Names:
    prefix = f"{path}." if path else ""
    figures = Names(
        f"{prefix}figures",
        lambda: {key: figure.label for key, figure in report.figures.items()},
        lambda key: report.figures[key].value,
    )
    tables = {table.code: TABLE_NAMES[table.code] for table in report.edition.tables}

    def look_up(name: str) -> Names:
        if name == "ledger":
            from nianbao.inputs.ledger.stated import ledger_names

            return ledger_names(prefix, report)
        return figures if name == "figures" else _table_names(prefix, report, report.edition.table(name))

    return Names(path, lambda: {"figures": "", "ledger": "台账", **tables}, look_up)


def _table_names(prefix: str, report: OfficeYear, table: Table) -> Names:
    def row_names(row: str) -> Names:
        columns = {column.code: column.label for column in table.columns_of(row)}
        path = f"{prefix}{table.code}.{row}"
        return Names(path, lambda: columns, lambda column: report.value(CellRef(table.code, row, column)))

    rows = {code: row_name(row) for code, row in table.rows.items()}
    return Names(f"{prefix}{table.code}", lambda: rows, row_names)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and bound numbers in turn; ``drops_unit``: a unit typed after it would have nothing to count."""

    parts: tuple[Any, ...]
    drops_unit: bool = False

    @staticmethod
    def of(values: Sequence[Any]) -> Phrase:
        """The values one after the other; InputError where that grows beyond a sentence."""
        parts = tuple(part for value in values for part in (value.parts if isinstance(value, Phrase) else (value,)))
        if len(parts) > _MOST_PARTS or sum(len(str(part)) for part in parts) > _LONGEST:
            raise InputError("the words joined by ~ are too long", zh="用 ~ 连接的内容过长")
        return Phrase(parts)


def _change(names: Names, now: Any, *rest: Any) -> Phrase:
    """Against last year's: 增加3, 减少3 or 持平; with a unit (``change(figures.trainings, "期")``) 增加3期.

    ``change(now, before)`` compares with another number.
    """
    if not isinstance(now, Bound):
        raise TypeError(now)
    before = next((value for value in rest if isinstance(value, Bound)), None)
    unit = next((value for value in rest if isinstance(value, str)), "")
    if before is None:
        before = names.resolve(["last", *now.expression.split(".")])
    more = now - before
    if not more:
        return Phrase(("持平",), drops_unit=True)
    word = "增加" if more > 0 else "减少"
    return Phrase((word, more if more > 0 else before - now, unit))


def percent(part: Bound | Number, whole: Bound | Number) -> Bound:
    """``part`` of ``whole`` as a percentage, rounded half up to two decimals, without trailing zeros: 97.5%."""
    part, whole = map(as_bound, (part, whole))
    if not whole:
        raise InputError(
            f"{whole.expression} is 0: there is no percentage of it",
            where=whole.expression,
            hint="state the counts instead",
            zh=f"{whole.expression} 为0，不能计算百分比，请改写此句",
        )
    share, shown = percentage(part.number, whole.number)
    return Bound(share, f"percent({part.expression},{whole.expression})", shown)


def percentage(part: Number, whole: Number) -> tuple[Decimal, str]:
    """The share of ``part`` in ``whole`` (not 0) as texts and pictures print it, and its number: 97.5%."""
    rounded = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return rounded, f"{rounded:f}".rstrip("0").rstrip(".") + "%"


def as_bound(value: Any) -> Bound:
    """A number as a bound one; TypeError for what is no number."""
    if isinstance(value, Bound):
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(value)
    return Bound(value, str(value), str(value))
