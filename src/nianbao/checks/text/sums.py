"""Owns the sums inside a sentence: parts after 其中 against their whole, and a total against what it sums up.

May import: model, checks.ledger, checks.subject, checks.text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.claims import Claim
from nianbao.checks.text.compare import quoted, where
from nianbao.checks.text.counts import Count
from nianbao.checks.text.quantities import result_groups
from nianbao.form import EDITIONS
from nianbao.model import FindingState

# What begins a count of its own after the parts: the enumeration ends there.
_NEW_TOPIC = re.compile(
    r"另|同时|此外|还有|以及|共|累计|结转|全年|本年|较|比|增|减|采纳|整改|办结|答复|完成|满意|阅读|点击|覆盖|召开|举办|组织(?:开展|召开|举办|培训|实施)"
)
_WHOLES = frozenset({"new", "carried_in", "intake", "processed", "carried_out"})
_NO_PARTS = frozenset({"%", "个百分点", "元", "万元", "亿元", "次", "人次"})
# Parts that leave nothing out: people and organisations; suggestions and proposals.
_COMPLETE = (
    (re.compile("自然人|公民"), re.compile("法人|组织|企业")),
    (re.compile("建议"), re.compile("提案")),
    (re.compile("规章"), re.compile("规范性文件")),
)
_NEARLY = Decimal("0.9")


@dataclass(frozen=True)
class Enumeration:
    """A whole with the parts that a sentence gives for it."""

    whole: Count
    parts: tuple[Count, ...]
    complete: bool


def enumerations(counts: Sequence[Count], claims: Sequence[Claim]) -> list[Enumeration]:
    """The wholes with parts in one sentence: N件，其中A件、B件; N件（A件，B件）; N件：A件，B件."""
    quantity = {claim.count.index: claim.quantity for claim in claims}
    found: list[Enumeration] = []
    for position, count in enumerate(counts):
        if count.unit in _NO_PARTS or not count.exact or quantity.get(count.index) == "intake":
            continue
        between = _opening(count)
        if between is None:
            continue
        parts = _parts(counts[position + 1 :], count, quantity, bracketed=between.startswith("（"))
        if len(parts) > 1 or (parts and parts[0].value > count.value):
            found.append(Enumeration(count, tuple(parts), _complete(parts, quantity)))
    return found


def _opening(count: Count) -> str | None:
    """The sign that opens an enumeration after the count, or None."""
    after = count.sentence.text[count.end :]
    match = re.match(r"(?:[^，；：（）\d]{0,12})(（其中：?|，其中：?|：其中|：|（(?=[^）]{0,16}\d))", after)
    return match[1] if match else None


def _parts(following: Sequence[Count], whole: Count, quantity: dict[int, str], *, bracketed: bool) -> list[Count]:
    parts: list[Count] = []
    for count in following:
        if bracketed and not count.bracketed:
            break
        if count.bracketed and not (bracketed or whole.bracketed):
            continue
        lead = count.lead.removeprefix("，").removeprefix("其中")
        ends = _NEW_TOPIC.search(lead) if parts or quantity.get(count.index) in _WHOLES else None
        if ends or quantity.get(count.index) in _WHOLES or (parts and "其中" in count.lead):
            break
        if count.unit != whole.unit or not count.exact:
            break
        parts.append(count)
    return parts


def _complete(parts: Sequence[Count], quantity: dict[int, str]) -> bool:
    if {quantity.get(part.index) for part in parts} >= set(result_groups(EDITIONS["2021"].table("applications"))):
        return True
    leads = [part.lead for part in parts]
    return len(parts) == 2 and any(
        (one.search(leads[0]) and other.search(leads[1])) or (one.search(leads[1]) and other.search(leads[0]))
        for one, other in _COMPLETE
    )


def check_sums(
    subject: Subject, prose: Prose, counts: Sequence[Count], claims: Sequence[Claim], ledger: Ledger
) -> None:
    """TEXT-SUM: parts beyond their whole fail, as do complete parts that fall short; near misses are uncertain."""
    for entry in enumerations(counts, claims):
        total = sum((part.value for part in entry.parts), Decimal(0))
        whole = entry.whole.value
        if total == whole:
            ledger.passed("TEXT-SUM", subject.key)
            continue
        overlapping = re.search(
            r"以上|包括|重点|同时", entry.whole.sentence.text[entry.whole.end : entry.parts[-1].end]
        )
        certain = entry.complete or (total > whole and not overlapping)
        if not certain and not whole * _NEARLY <= total < whole:
            continue
        _differs(subject, prose, entry, total, certain, ledger)
    for whole_count, parts in totals(counts):
        total = sum((part.value for part in parts), Decimal(0))
        if total == whole_count.value:
            ledger.passed("TEXT-SUM", subject.key)
        else:
            _differs(subject, prose, Enumeration(whole_count, tuple(parts), complete=False), total, False, ledger)


def totals(counts: Sequence[Count]) -> list[tuple[Count, Sequence[Count]]]:
    """Totals after their parts (A件，B件，合计N件), where exactly the two or more counts before share the unit."""
    found: list[tuple[Count, Sequence[Count]]] = []
    for position, count in enumerate(counts):
        if not re.search(r"^，?(?:以上)?(?:合计|总计|两项合计|共计)(?:为|达)?$", count.lead) or count.bracketed:
            continue
        before = [other for other in counts[:position] if not other.bracketed]
        parts = [other for other in before if other.unit == count.unit and other.exact]
        if len(parts) < 2 or len(parts) != len(before):
            continue
        suffixes = [parts[start:] for start in range(len(parts) - 1)]
        fitting = [suffix for suffix in suffixes if sum(part.value for part in suffix) == count.value]
        found.append((count, fitting[0] if fitting else parts))
    return found


def _differs(subject: Subject, prose: Prose, entry: Enumeration, total: Decimal, certain: bool, ledger: Ledger) -> None:
    written = " + ".join(str(part.value) for part in entry.parts)
    words = (
        f"{where(prose)}“{quoted(entry.whole)}”的分项{written} = {total} ≠ {entry.whole.value}"
        + ("" if certain else "（分项是否列全需人工确认）"),
        f"{prose.slug}: the parts {written} = {total}, the whole is {entry.whole.value}",
    )
    source = prose.source_at(entry.whole.sentence.offset(entry.whole.start))
    scope = f"{prose.slug}:{re.sub(r'[0-9.]+', '#', quoted(entry.whole))}"
    facts = Facts(expected=entry.whole.value, actual=total, scope=scope, source=source)
    state = FindingState.FAIL if certain else FindingState.UNCERTAIN
    ledger.add("TEXT-SUM", subject.key, state, words, facts)
