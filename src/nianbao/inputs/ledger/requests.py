"""One request of the register, and the register as a whole: frozen values without the words of applicants.

Imports nothing of ours. What applicants wrote (matter, note) is not kept here at all, so it cannot leave the office.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the register. Codes are the form's; a blank is None; ``place`` is file, sheet and row.

    ``applicant`` is the office's pseudonym: it joins the requests of one applicant and is never printed.
    """

    id: str
    place: str
    received: datetime.date
    applicant_kind: str
    channel: str = ""
    applicant: str = field(default="", repr=False)
    correction_asked: datetime.date | None = None
    correction_received: datetime.date | None = None
    third_party_asked: datetime.date | None = None
    third_party_answered: datetime.date | None = None
    joint_asked: datetime.date | None = None
    joint_answered: datetime.date | None = None
    extended: datetime.date | None = None
    fee_notice: datetime.date | None = None
    fee_paid: datetime.date | None = None
    pages: int | None = None
    fee: Decimal | None = None
    answered: datetime.date | None = None
    result: str = ""
    reconsidered: datetime.date | None = None
    reconsideration_outcome: str = ""
    sued: datetime.date | None = None
    suit_kind: str = ""
    suit_outcome: str = ""

    def open_on(self, day: datetime.date) -> bool:
        """Whether the request had come and was not answered at the end of ``day``."""
        return self.received <= day and (self.answered is None or self.answered > day)


@dataclass(frozen=True, slots=True)
class LedgerProblem:
    """Something in the register that cannot be taken as it stands: which rule, where, in both languages."""

    rule: str
    place: str
    column: str
    message: str
    message_en: str
    id: str = ""


@dataclass(frozen=True)
class RequestLedger:
    """The register of an office: its requests in the order of the file, and what could not be read of it."""

    path: str
    requests: tuple[Request, ...]
    problems: tuple[LedgerProblem, ...] = ()

    def __repr__(self) -> str:
        return f"RequestLedger({self.path}, {len(self.requests)} requests, {len(self.problems)} problems)"
