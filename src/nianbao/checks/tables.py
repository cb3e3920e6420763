"""The rules on tables that are no sums: within table 2, the edition of the form, and across years."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.checks.finding_log import NOWHERE, TABLE_NAMES, Facts, FindingLog, Place, cell_name, place_of, row_name
from nianbao.checks.subject import Subject
from nianbao.form import CellRef, Edition, Table, edition_for
from nianbao.model import FindingState, Level, OfficeKind, ReportKey

_GOVERNMENT = frozenset({OfficeKind.GOVERNMENT, OfficeKind.GOVERNMENT_OFFICE})
# 立法法: local 规章 are made by governments of provinces and of cities with districts.
_MAKES_REGULATIONS = frozenset({Level.PROVINCE, Level.CITY})


def check_tables(subject: Subject, log: FindingLog) -> None:
    """Documents made but none in force; 规章 where none can be made; the edition of the year."""
    table = subject.report.edition.table("proactive")
    _check_in_force(subject, table, log)
    _check_authority(subject, table, log)
    _check_edition(subject, log)


def _check_in_force(subject: Subject, table: Table, log: FindingLog) -> None:
    for row in table.rows:
        refs = {code: CellRef(table.code, row, code) for code in ("made", "repealed", "in_force")}
        if not all(ref in table.cells for ref in refs.values()):
            continue
        made, repealed, in_force = (subject.report.value(ref).number for ref in refs.values())
        if made is None or in_force is None:
            continue
        cells = tuple(subject.evidence(ref) for ref in refs.values())
        facts = Facts((table.code, row, "in_force"), made - (repealed or 0), in_force, cells, source=cells[-1].source)
        if made > (repealed or 0) and in_force == 0:
            name = f"{TABLE_NAMES[table.code]}“{row_name(table.rows[row])}”"
            words = (
                f"{name}：本年制发{made}件、废止{repealed or 0}件，现行有效却为0",
                f"{table.code}.{row}: {made} made, {repealed or 0} repealed, yet none in force",
            )
            log.breach("T2-IN-FORCE", subject.key, words, facts)
        else:
            log.passed("T2-IN-FORCE", subject.key, 1, facts)


def _check_authority(subject: Subject, table: Table, log: FindingLog) -> None:
    """Whether an office reports 规章 that can make none: certain below the city, doubtful for a department."""
    office = subject.report.office
    if office.kind in _GOVERNMENT and office.level in _MAKES_REGULATIONS:
        return
    cells = tuple(
        cell
        for column in table.columns_of("regulations")
        if (cell := subject.evidence(CellRef(table.code, "regulations", column.code))).value.number
    )
    facts = Facts((table.code, "regulations", None), 0, None, cells, source=cells[0].source if cells else None)
    if not cells:
        log.passed("T2-AUTHORITY", subject.key, 1, facts)
        return
    known = office.kind is not OfficeKind.UNKNOWN
    certain = known and (office.kind is OfficeKind.TOWNSHIP or office.level not in _MAKES_REGULATIONS)
    shown = "、".join(f"{table.columns[cell.ref.column].label}{cell.value.printed}" for cell in cells)
    words = (
        f"表二“规章”填报{shown}：{office.name}没有规章制定权" + ("" if certain else "，请核实是否为代政府填报"),
        f"{table.code}.regulations holds counts, but an office of this kind and level makes no 规章",
    )
    doubt = FindingState.WARN if known else FindingState.UNCERTAIN
    log.add("T2-AUTHORITY", subject.key, FindingState.FAIL if certain else doubt, words, facts)


def _check_edition(subject: Subject, log: FindingLog) -> None:
    edition, due = subject.report.edition, edition_for(subject.key.year)
    if edition is due:
        log.passed("WORDS-EDITION", subject.key)
        return
    words = (
        f"{subject.key.year}年报告应使用{due.notice}规定的表格，实际使用{edition.notice}的表格",
        f"a report for {subject.key.year} uses the form of {due.code}, not that of {edition.code}",
    )
    log.breach("WORDS-EDITION", subject.key, words, Facts(expected=due.code, actual=edition.code))


_FOLD = 5
# Below this, a fivefold move says nothing (2 lawsuits after 0).
_SMALLEST_OF_NOTE = 10


def set_aside(key: ReportKey, rule: str, log: FindingLog, why: tuple[str, str] | None = None) -> None:
    """Say once that a rule across years cannot be assessed: last year is not there, or ``why``."""
    year = key.year - 1
    zh, en = why or (f"没有{year}年的数据", f"there are no inputs for {year}")
    words = (f"无法与上年核对：{zh}", f"cannot be compared with last year: {en}")
    log.add(rule, key, FindingState.NOT_ASSESSABLE, words, Facts(_TABLE_OF.get(rule, NOWHERE)))


_TABLE_OF: dict[str, Place] = {
    "T3-CARRY": ("applications", None, None),
    "T2-STOCK": ("proactive", None, None),
    "T4-PENDING": ("review", None, None),
}


def check_years(subject: Subject, log: FindingLog) -> None:
    """Last year's pending cases against this year's; large moves of the main counts; figures all as last year."""
    check_direct_suits(subject, log)
    if subject.previous is None:
        set_aside(subject.key, "T4-PENDING", log)
        set_aside(subject.key, "JUMP", log)
        set_aside(subject.key, "YEARS-SAME", log)
        return
    _check_pending(subject, log)
    _check_same(subject, log)
    for ref in _main_cells(subject.report.edition):
        if ref in subject.previous.edition.cells:
            _check_jump(subject, ref, log)


def _check_pending(subject: Subject, log: FindingLog) -> None:
    """A case pending last year is decided this year or pending still, so this year's total cannot be less."""
    table = subject.report.edition.table("review")
    for row in table.rows:
        last = subject.evidence(CellRef(table.code, row, "pending"), last=True)
        now = subject.evidence(CellRef(table.code, row, "total"))
        if last.value.number is None or now.value.number is None:
            continue
        facts = Facts((table.code, row, "total"), last.value.number, now.value.number, (now, last), source=now.source)
        if now.value.number >= last.value.number:
            log.passed("T4-PENDING", subject.key, 1, facts)
            continue
        name = f"{TABLE_NAMES[table.code]}“{row_name(table.rows[row])}”"
        words = (
            f"{name}：上年尚未审结{last.value.printed}件，本年各结果与尚未审结合计只有{now.value.printed}件",
            f"{table.code}.{row}: {last.value.printed} pending last year, only {now.value.printed} in all this year",
        )
        log.breach("T4-PENDING", subject.key, words, facts)


def _main_cells(edition: Edition) -> Iterator[CellRef]:
    """The counts worth comparing: all of table 2, the main rows' totals of table 3, the totals of table 4."""
    for ref in edition.cells:
        row = edition.table(ref.table).rows[ref.row]
        if ref.table == "proactive" or (ref.column == "total" and len(row.groups) < 2):
            yield ref


def _check_jump(subject: Subject, ref: CellRef, log: FindingLog) -> None:
    now, last = subject.evidence(ref), subject.evidence(ref, last=True)
    if now.value.number is None or last.value.number is None or min(now.value.number, last.value.number) < 0:
        return
    low, high = sorted((now.value.number, last.value.number))
    facts = Facts(place_of(ref), last.value.number, now.value.number, (now, last), source=now.source)
    if high < _SMALLEST_OF_NOTE or high <= _FOLD * low:
        log.passed("JUMP", subject.key, 1, facts)
        return
    name = cell_name(subject.report.edition, ref)
    words = (
        f"{name}：上年{last.value.printed}，本年{now.value.printed}，变动超过五倍，请核实",
        f"{ref}: {last.value.printed} last year, {now.value.printed} this year",
    )
    log.breach("JUMP", subject.key, words, facts)


# With fewer figures than this that are not zero, the same figures again say nothing.
_FEWEST = 8
_SAME = 0.9


def _check_same(subject: Subject, log: FindingLog) -> None:
    """YEARS-SAME: nine tenths of the figures that are not zero are last year's."""
    if subject.previous is None or subject.previous.edition is not subject.report.edition:
        return
    pairs = [
        (subject.report.value(ref).number, subject.previous.value(ref).number) for ref in subject.report.edition.cells
    ]
    counted = [(now, last) for now, last in pairs if now is not None and last is not None and (now or last)]
    same = sum(now == last for now, last in counted)
    if len(counted) < _FEWEST or same < _SAME * len(counted):
        log.passed("YEARS-SAME", subject.key)
        return
    words = (
        f"不为0的{len(counted)}个数据中有{same}个与上年完全相同，请核实",
        f"{same} of {len(counted)} figures that are not zero are last year's",
    )
    log.breach("YEARS-SAME", subject.key, words, Facts(expected=len(counted), actual=same))


# 行政复议法 as revised in 2023 came into force with this year.
_REVIEW_FIRST = 2024


def check_direct_suits(subject: Subject, log: FindingLog) -> None:
    """T4-DIRECT: a lawsuit on disclosure without review before it, since review must come first."""
    suit = subject.evidence(CellRef("review", "litigation_direct", "total"))
    if subject.key.year < _REVIEW_FIRST or not suit.value.number:
        log.passed("T4-DIRECT", subject.key)
        return
    words = (
        f"未经复议直接起诉{suit.value.printed}件：2024年起政府信息公开争议一般应先申请复议，请核实",
        f"{suit.value.printed} direct lawsuits, where review comes first since 2024",
    )
    facts = Facts(("review", "litigation_direct", "total"), 0, suit.value.number, (suit,), source=suit.source)
    log.breach("T4-DIRECT", subject.key, words, facts)
