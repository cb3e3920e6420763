"""What a comparison is: frozen values that every renderer reads.

A ``Comparison`` has ``reports`` (n of them). Of each statutory table it has a ``Line`` for each cell that one of the
reports' editions has, with n values and n - 1 differences; of the words, for each report but the first, every sentence
of the two with its ``Fate``; of one office's years a ``History``. Amounts are exact (int or Decimal), rates percent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from nianbao.errors.language import Message
from nianbao.form import CellRef
from nianbao.form.cells import Value
from nianbao.model import Figure, Number, ReportKey

ABSENT = "—"  # nothing is stated: a blank, a rate from zero, a difference that cannot be told
NO_SUCH_CELL = "无此栏"  # the report's edition of the form has no such cell
SUMMED = "＊"  # a sum of rows that the other edition prints as one


@dataclass(frozen=True)
class ReportSide:
    """What one report states.

    ``cells``: every cell of its edition, those left blank too; ``sentences``: by the section's slug, in reading order,
    references filled in; ``figures``: the counts of figures.csv by key. ``office`` is the name, ``edition`` the code.
    """

    key: ReportKey
    office: str
    edition: str
    cells: Mapping[CellRef, Value]
    sentences: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, Figure]

    def __repr__(self) -> str:
        return f"ReportSide({self.key})"


class Kind(StrEnum):
    """What two values of one cell are to each other."""

    SAME = "same"
    CHANGED = "changed"
    UNKNOWN = "unknown"  # one of them is no number: they differ, and there is no difference to tell
    NOT_IN_FORM = "not_in_form"  # one of the editions has no such cell


@dataclass(frozen=True)
class Difference:
    """How a value differs from the first report's.

    ``amount``: this value less the first one, in ``unit`` (money alone has one); None where one of them is no number.
    ``rate``: the amount in percent of the first value, two decimals; None from zero, from below zero and of 增/减.
    """

    kind: Kind
    amount: Number | None = None
    rate: Decimal | None = None
    unit: str = ""

    @property
    def shown(self) -> str:
        """The amount with its sign, 0 for none, — where there is none to tell."""
        if self.amount is None:
            return ABSENT
        return f"{Decimal(self.amount):+f}{self.unit}" if self.amount else "0"

    @property
    def shown_rate(self) -> str:
        """The rate with its sign and two decimals; — from zero or from what is no count."""
        return ABSENT if self.rate is None else f"{self.rate:+.2f}%" if self.rate else "0%"


def rate_of(before: Number, amount: Number) -> Decimal | None:
    """By how much percent ``amount`` changes ``before``, rounded half up; None from zero and from a negative number."""
    if before <= 0:
        return None
    return (Decimal(amount) * 100 / Decimal(before)).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Stated:
    """What one report states in a cell: None where its edition of the form has no such cell.

    ``sums`` has the codes of the rows that were added up where the other edition prints them as one.
    """

    value: Value | None
    sums: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """As it is printed; — for a blank, a word where the edition has no such cell."""
        if self.value is None:
            return NO_SUCH_CELL
        return f"{self.value.printed}{SUMMED if self.sums else ''}" if self.value.printed else ABSENT

    @property
    def state(self) -> str:
        """number, blank, not_applicable, text or not_in_form."""
        return Kind.NOT_IN_FORM.value if self.value is None else self.value.state.value


@dataclass(frozen=True)
class Line:
    """One cell, or one count of the narrative, in every report.

    ``code`` is the cell's (``applications.new.total``) or the count's key; ``row`` and ``column`` are labels, of a
    count the label and the unit. ``values`` has one for each report, ``differences`` one for each but the first.
    """

    code: str
    row: str
    column: str
    values: tuple[Stated, ...]
    differences: tuple[Difference, ...]

    @property
    def label(self) -> str:
        """The words for row and column."""
        return f"{self.row} · {self.column}" if self.column else self.row

    @property
    def differs(self) -> bool:
        """Whether some report states something else than the first."""
        return any(found.kind in {Kind.CHANGED, Kind.UNKNOWN} for found in self.differences)


@dataclass(frozen=True)
class ComparedTable:
    """One statutory table, or the counts of the narrative, with a line for each cell in the form's order.

    ``notes`` say what the editions' different forms do not let compare.
    """

    code: str
    caption: str
    lines: tuple[Line, ...]
    notes: tuple[Message, ...] = ()

    @property
    def differing(self) -> tuple[Line, ...]:
        """The lines in which some report differs from the first."""
        return tuple(line for line in self.lines if line.differs)


class Fate(StrEnum):
    """What became of a sentence."""

    KEPT = "kept"
    MOVED = "moved"  # word for word, at another place
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Piece:
    """A stretch of a changed sentence: KEPT stands in both, GONE in the old one alone, NEW in the new one alone."""

    fate: Fate
    text: str


@dataclass(frozen=True)
class SentencePair:
    """A sentence of one report or of both.

    ``before`` is empty for a NEW one and ``after`` for one that is GONE; only a CHANGED one has ``pieces``, in reading
    order: KEPT and GONE make up ``before``, KEPT and NEW ``after``.
    """

    fate: Fate
    before: str = ""
    after: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class ComparedWords:
    """One section's sentences in the order of the new text; those that are gone stand where they stood."""

    slug: str
    heading: str
    pairs: tuple[SentencePair, ...]

    def count(self, *fates: Fate) -> int:
        """How many sentences met one of these fates."""
        return sum(pair.fate in fates for pair in self.pairs)


@dataclass(frozen=True)
class WordsOfTwo:
    """The words of the first report and those of ``other``, section by section in the form's order."""

    other: ReportKey
    sections: tuple[ComparedWords, ...]


@dataclass(frozen=True)
class Row:
    """One count over the years of a History, in ``unit``; None for a year that does not state it in that unit."""

    label: str
    values: tuple[Number | None, ...]
    unit: str = "件"


@dataclass(frozen=True)
class History:
    """One office over all its years: results of applications, kinds of applicants, counts of the narrative."""

    years: tuple[int, ...]
    results: tuple[Row, ...]
    applicants: tuple[Row, ...]
    figures: tuple[Row, ...]

    @property
    def applications(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """What became of applications, and whose they are, each by its name; they are counted in 件."""
        return ("办理结果", self.results), ("新收申请的申请人", self.applicants)

    @property
    def kinds(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """All rows by the name of their kind."""
        return (*self.applications, ("文字中的数据", self.figures))


@dataclass(frozen=True)
class Alike:
    """Two offices' texts of one year: ``share`` percent of the words of ``office`` are those of ``other`` too.

    ``passages``: the longest that they share, as ``office`` words them, the longest first.
    """

    office: str
    other: str
    other_name: str
    share: Decimal
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Reports side by side; differences are always from the first one.

    ``by`` is "years" (one office, the earlier year first) or "offices" (one year). ``history`` is there for years.
    Pages and workbooks are Chinese, as what is published; the terminal's text follows its language.
    """

    by: str
    title: str
    reports: tuple[ReportSide, ...]
    tables: tuple[ComparedTable, ...]
    figures: ComparedTable
    words: tuple[WordsOfTwo, ...]
    history: History | None = None
    alike: tuple[Alike, ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def heads(self) -> tuple[str, ...]:
        """What stands over each report's column."""
        return tuple(f"{side.key.year}年" if self.by == "years" else side.office for side in self.reports)
