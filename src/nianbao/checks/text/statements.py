"""What a reading of a sentence gives for each count: of what, whose, of which span, how it relates to the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import Count
from nianbao.checks.text.sentences import Sentence


class Whose(StrEnum):
    """Whose cases or documents a count is of."""

    UNSAID = "unsaid"
    OWN = "own"
    BELOW = "below"  # bodies below the office, or parts of it
    AREA = "area"  # 全市, 全区
    OTHER = "other"  # a body that is named


class Span(StrEnum):
    """The time that a count covers."""

    UNSAID = "unsaid"
    YEAR = "year"
    PART = "part"  # a half, a quarter, a month, until a date
    LAST = "last"  # last year or another one
    BEYOND = "beyond"  # several years, a plan, an average


# The spans of what the tables count: the whole year.
OF_THE_YEAR = frozenset({Span.UNSAID, Span.YEAR})


class Relation(StrEnum):
    """How a count relates to what the sentence states."""

    PLAIN = "plain"
    DIFFERENCE = "difference"  # 增加6件
    COMPARED = "compared"  # 较上年的120件
    AVERAGE = "average"  # 月均12件


DOUBT = "文字所指是否为该项需人工确认"


@dataclass(frozen=True)
class Reading:
    """What the words around a count allow: quantities of the tables, the likeliest first.

    ``share``: only a part of the quantity is meant (one channel, one matter, what was due); ``sure``: the words leave
    no doubt; ``doubt`` says in Chinese what they leave. ``of_area``: it is of the office's whole field (全县公安机关),
    which the tables may hold or not. ``if_alike``: the words may mean more or less (公示行政处罚902件), so that it is
    the quantity only where the numbers are alike.
    """

    quantities: tuple[str, ...]
    sure: bool = True
    share: bool = False
    doubt: str = ""
    of_area: bool = False
    if_alike: bool = False


@dataclass(frozen=True)
class Statement:
    """A count as read."""

    count: Count
    matter: str
    whose: Whose
    span: Span
    relation: Relation
    reading: Reading | None = None
    in_turn: bool = False  # one of several that are told in the order of names or counts before them

    @property
    def quantities(self) -> tuple[str, ...]:
        """The quantities of the tables that it may state."""
        return self.reading.quantities if self.reading else ()

    @property
    def kind(self) -> str:
        """What it is a part by: applicant, result, row (of a result) or channel; empty where it is none."""
        name = self.quantities[0].split("+")[0] if self.quantities else ""
        if name.rpartition(".")[2] in vocab.APPLICANTS:
            return "applicant"
        if name in vocab.RESULTS or name.startswith("row."):
            return "result" if name in vocab.RESULTS else "row"
        return "channel" if vocab.CHANNEL.search(self.count.clause) else ""


@dataclass(frozen=True)
class Turn:
    """Numbers told in turn: ``counts``, each of what stands at its place in ``names``.

    ``names`` are empty where the numbers are of the counts right before them; ``years`` are those that each is of;
    ``parts_of_year``: they are of the halves or quarters of a year.
    """

    counts: tuple[Count, ...]
    names: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    parts_of_year: bool = False


@dataclass(frozen=True)
class Setting:
    """Where a sentence stands: section, year, whose report, and what the paragraph was about before it.

    ``area_is_ours``: what is said of the whole area, and of bodies below the office, is said of the tables.
    ``reviews_others``: the office may decide on reviews of others' acts.
    """

    slug: str
    year: int
    area_is_ours: bool = False
    reviews_others: bool = True
    own_names: tuple[str, ...] = ()
    matter: str = ""
    about_disclosure: bool = False


@dataclass
class Context:
    """What the words read so far in a sentence say; each count takes it as it stands."""

    matter: str
    whose: Whose = Whose.UNSAID
    span: Span = Span.UNSAID
    mentioned: bool = False
    group: str = ""  # the result named last
    document: str = ""  # the row of table 2 named last
    action: str = ""
    deed: str = ""


# 以上均与信息公开无关.
_OF_ALL = re.compile("以上|上述|均|都|全部|这些|前述")


@dataclass
class State:
    """How far a sentence has been read: the statements so far, the context, and what is known from its place.

    ``placed``: it stands under a heading on applications; ``disclosure``: the words so far, or the place, speak of
    disclosure; ``turns``: what it tells in turn.
    """

    sentence: Sentence
    setting: Setting
    counts: list[Count]
    context: Context
    placed: bool = False
    disclosure: bool = False
    statements: list[Statement] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)

    def unrelated_at(self, position: int) -> bool:
        """Whether reviews told at that place are of other acts: said between its semicolons, or of all that is told."""
        text = self.sentence.text
        if not vocab.UNRELATED.search(text):
            return False
        begin, end = text.rfind("；", 0, position) + 1, text.find("；", position)
        own = text[begin : end if end >= 0 else len(text)]
        rest = re.split("；", text)
        return bool(vocab.UNRELATED.search(own)) or any(
            vocab.UNRELATED.search(part) and _OF_ALL.search(part) for part in rest
        )


def listed_last(before: Sequence[Statement]) -> int:
    """How many statements the last list has: those that 、 or 和 join; 1 where the last one stands alone."""
    several = 1
    while several < len(before) and before[-several].count.lead.startswith(("、", "和", "及", "与")):
        several += 1
    return several
