"""What a cell can hold (number, blank, not applicable, text) and the way between print and value.

Knows no table; imports nothing of ours.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# What counts, amounts and their sums are: exact, so never a float.
Number = int | Decimal


class State(StrEnum):
    """The four things that a cell can be; they are never mixed (a blank is not a zero)."""

    NUMBER = "number"
    BLANK = "blank"
    NOT_APPLICABLE = "not_applicable"
    TEXT = "text"


class CellKind(StrEnum):
    """What the form asks for in a cell."""

    COUNT = "count"  # a whole number, not negative
    CHANGE = "change"  # a whole number with a sign: 增/减 of the 2019 edition
    MONEY = "money"  # 万元, a decimal kept exactly as given
    MONEY_ANY_UNIT = "money_any_unit"  # an amount whose unit the office chooses: 251000元, 240万元


@dataclass(frozen=True, slots=True)
class Value:
    """One cell's value: ``number`` is set for State.NUMBER alone; ``printed`` is what stands on the page."""

    state: State
    printed: str = ""
    number: Number | None = None

    @property
    def json(self) -> int | float | str | None:
        """The value as the JSON contracts write it: a number, null for a blank, "NA", or the text as found.

        An amount with a unit of its own (251000元) stays text, for its number alone would mislead.
        """
        if self.state is State.NUMBER:
            if self.printed.endswith("元"):
                return self.printed
            return float(self.number) if isinstance(self.number, Decimal) else self.number
        return {State.BLANK: None, State.NOT_APPLICABLE: "NA", State.TEXT: self.printed}[self.state]


def number(value: Number) -> Value:
    """A number with its plain print: digits, no grouping, a decimal exactly as given."""
    return Value(State.NUMBER, str(value), value)


BLANK = Value(State.BLANK)
NOT_APPLICABLE = Value(State.NOT_APPLICABLE, "/")

# Printed forms that state "does not apply" (form.md, "What a cell can hold").
NOT_APPLICABLE_FORMS = frozenset({"/", "-", "—", "－", "——", "--", "无", "不适用", "\\"})

# Marks of notes beside a number (12①, 12²): normalised, they would become digits of it.
_MARK = "⁰¹²³⁴-⁹₀-₉①-⑳⑴-⒇❶-❿"
NOTE_MARKS = re.compile(rf"(?<=[0-9０-９])[{_MARK}]+|[{_MARK}]+(?=[0-9０-９])")

_COUNT = re.compile(r"(?P<number>[+-]?\d{1,3}(?:,\d{3})+|[+-]?\d+)\s*(?:件|条|项|宗|起|个|次|份)?")
_DECIMAL = re.compile(r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+)\s*(?:件|条|项|宗|起|个|次|份)?")
_CHANGE = re.compile(
    r"(?P<sign>[+-]|增加|减少|增|减)?\s*(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?\s*(?:件|条|项|个)?"
)
_MONEY = re.compile(r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?:万元)?")
# Zero as a word or as its sign.
_ZERO_WORDS = frozenset({"零", "〇", "零件", "零条", "零项"})
_ZEROS = re.compile(r"\.0+(?=\D*$)")
_MONEY_ANY = re.compile(r"(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?P<unit>万元|亿元|元)?")


# More characters than any number of the form has: such a cell is text, whatever it holds.
_LONGEST = 60


def parse(text: str | None, kind: CellKind = CellKind.COUNT) -> Value:
    """Read one printed cell.

    Full-width digits, thousands separators, surrounding spaces and a trailing unit (12件) are read as the number they
    show, and so are 零 and a whole count that a program wrote with decimals (14.0); anything else that is neither blank
    nor a "does not apply" sign is kept as text.
    """
    found = "" if text is None else str(text)
    if len(found) > _LONGEST and len(found.strip()) > _LONGEST:
        return Value(State.TEXT, found.strip())
    if found.isdigit() and found.isascii():  # most cells: nothing to tidy
        return number(int(found))
    if NOTE_MARKS.search(found):
        return Value(State.TEXT, found.strip())
    plain = " ".join(unicodedata.normalize("NFKC", found.replace("\u3000", " ")).split()).replace("−", "-")
    if plain[:1] in {"'", "’", "‘"} and plain[1:2].isdigit():
        plain = plain[1:]  # spreadsheets mark numbers kept as text so
    plain = "0" if plain in _ZERO_WORDS else plain
    if not plain:
        return BLANK
    if plain in NOT_APPLICABLE_FORMS or found.strip() in NOT_APPLICABLE_FORMS:
        return Value(State.NOT_APPLICABLE, found.strip())
    return _parse_number(plain, kind) or Value(State.TEXT, found.strip())


def _parse_number(plain: str, kind: CellKind) -> Value | None:
    if kind is CellKind.CHANGE:
        if not (match := _CHANGE.fullmatch(plain)):
            return None
        whole = int(match["number"].replace(",", ""))
        # The office's own way of writing the sign (减4, +4) is what gets printed.
        return Value(State.NUMBER, _ZEROS.sub("", plain), -whole if match["sign"] in {"-", "减", "减少"} else whole)
    if kind is CellKind.MONEY_ANY_UNIT:
        if not (match := _MONEY_ANY.fullmatch(plain)):
            return None
        amount = _exact(match["number"])
        return Value(State.NUMBER, f"{amount}{match['unit'] or ''}", amount)
    pattern = _COUNT if kind is CellKind.COUNT else _MONEY
    if match := pattern.fullmatch(plain):
        return number(_exact(match["number"]))
    # A decimal where a count is due: whole as floats are written (14.0), or a number for the checks to refuse (14.5).
    match = _DECIMAL.fullmatch(plain) if kind is CellKind.COUNT else None
    return number(_whole(_exact(match["number"]))) if match else None


def _whole(amount: Number) -> Number:
    return int(amount) if amount == int(amount) else amount


def _exact(digits: str) -> Number:
    digits = digits.replace(",", "")
    return Decimal(digits) if "." in digits else int(digits)
