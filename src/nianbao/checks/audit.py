"""Audit published reports: read many files, check all that could be read at once; no file stops the others.

The rules come as a function, so that this module needs no engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nianbao.errors import NianbaoError, UsageError
from nianbao.errors.language import told_in
from nianbao.ingest import Ingested, Reader, file_name, file_stem, find, findings_of, to_office_year
from nianbao.ingest.offices import Named, offices_of
from nianbao.ingest.unread import no_year, with_proposals
from nianbao.model import CheckReport, Finding, FindingState, OfficeYear, ReportKey, Severity, Source

# The rule for a file that cannot be read at all, the one for cells that are blank, and the one across years.
_UNREADABLE = "INPUT"
_BLANK = "CELL-MISSING"
_CARRY = "T3-CARRY"
# Rules on parts that a report must have: they say nothing of a copy that breaks off before these.
_WHOLE = frozenset({"WORDS-SECTIONS", "WORDS-PROBLEMS", "WORDS-FEE"})
# Stands for the year of a file that names none.
_NO_YEAR = 0
# So many of the files of a folder that were passed over are named.
_NAMED = 10

Check = Callable[[Sequence[OfficeYear], Mapping[ReportKey, OfficeYear]], CheckReport]


@dataclass(frozen=True)
class Audited:
    """One report of a file: its key and how much of it could be read, or the error that was met."""

    file: str
    key: ReportKey
    cells: int = 0
    gaps: int = 0
    edition: str | None = None
    partial: bool = False
    error: NianbaoError | None = None


@dataclass(frozen=True)
class Audit:
    """What an audit found: the findings of all reports, gaps included, and each file's outcome in order."""

    report: CheckReport
    files: tuple[Audited, ...] = field(default=())

    @property
    def failed(self) -> tuple[Audited, ...]:
        """The files that could not be read at all."""
        return tuple(file for file in self.files if file.error is not None)


@dataclass(frozen=True)
class _Read:
    """One report that was read, or the error that stands in its place."""

    path: Path
    ingested: Ingested | None = None
    error: NianbaoError | None = None


def audit(paths: Iterable[str | Path], check: Check, *, year: int | None = None, known: Collection[str] = ()) -> Audit:
    """Read the files, check what was read, and tell what could not be.

    1. Find the files: folders and patterns are searched. 2. Read each in a process with limits; an error becomes a
    finding. 3. Tell which reports are of one office, and give each its key; a second file of the same report is named
    beside it. 4. Check all at once, last year's report beside this year's. 5. Put the gaps in the place of what the
    rules say of cells that were not read.

    ``check`` is ``nianbao.checks.check_values``; ``year`` is for files that name none; ``known`` are names of offices,
    proposed where letters of a report's name cannot be told. Raises UsageError where no file
    is found.
    """
    found = find(paths)
    if not found.wanted and not found.passed:
        raise UsageError("no file to audit", hint="give files, patterns or folders with published reports")
    read = _read_all(found.wanted, year, known)
    named = [_named(one) for one in read]
    offices = offices_of(named)
    reports: dict[ReportKey, OfficeYear] = {}
    findings: list[Finding] = [*_passed_over(found.passed), *_several(read)]
    outcomes: list[Audited] = []
    for one, name in zip(read, offices.names, strict=True):
        outcome, report, gaps = _one(one, name, reports)
        outcomes.append(outcome)
        findings += gaps
        if report is not None:
            reports[report.key] = report
    findings += _maybe_one(offices.alike, reports)
    checked = check(sorted(reports.values(), key=lambda report: report.key), reports) if reports else None
    return Audit(_merged(checked, reports, findings, outcomes), tuple(outcomes))


def _read_all(paths: Sequence[Path], year: int | None, known: Collection[str]) -> list[_Read]:
    found: list[_Read] = []
    with Reader() as reader:
        for path in paths:
            try:
                outcomes = reader.read(path, year)
            except NianbaoError as error:
                found.append(_Read(path, error=error))
                continue
            found += [
                _Read(path, ingested=with_proposals(one, known))
                if isinstance(one, Ingested)
                else _Read(path, error=one)
                for one in outcomes
            ]
    return found


def _named(one: _Read) -> Named:
    ingested = one.ingested
    name = (ingested.office_name if ingested else None) or file_stem(one.path)
    return Named(name, (ingested.year if ingested else None) or _NO_YEAR, one.path)


def _one(
    one: _Read, office: str, known: Mapping[ReportKey, OfficeYear]
) -> tuple[Audited, OfficeYear | None, tuple[Finding, ...]]:
    """One report's outcome, its values if it has any, and the findings about its reading."""
    file = file_name(one.path)
    fallback = ReportKey(office, _NO_YEAR)
    try:
        if one.error is not None:
            raise one.error
        ingested = one.ingested
        if ingested is None or ingested.year is None:
            raise no_year(file if ingested is None else ingested.file, () if ingested is None else ingested.gaps)
        key = _key(office, ingested.year, file, known)
        report = to_office_year(ingested, key)
    except NianbaoError as error:
        shown = error.where or file
        return Audited(shown, fallback, error=error), None, (_unreadable(error, fallback, shown),)
    outcome = Audited(ingested.file, key, len(ingested.cells), len(ingested.gaps), ingested.edition, ingested.partial)
    return outcome, report, findings_of(ingested, key)


def _key(office: str, year: int, file: str, known: Mapping[ReportKey, OfficeYear]) -> ReportKey:
    """The report's key: the office by its name as found; a second file of the same report bears its file's name."""
    key = ReportKey(office, year)
    if key in known:
        key = ReportKey(f"{office}（{file}）", year)
    count = 2
    while key in known:
        key = ReportKey(f"{office}（{file} {count}）", year)
        count += 1
    return key


def _unreadable(error: NianbaoError, key: ReportKey, file: str) -> Finding:
    zh, en = error.in_both
    return Finding(
        rule=_UNREADABLE,
        state=FindingState.FAIL,
        severity=Severity.ERROR,
        key=key,
        message=f"文件无法读取：{file}：{zh}",
        message_en=f"cannot be read: {file}: {en}",
        scope=file,
        source=Source(file),
    )


def _noticed(key: ReportKey, scope: str, message: str, english: str, severity: Severity) -> Finding:
    return Finding(_UNREADABLE, FindingState.WARN, severity, key, message, english, scope=scope, source=Source(scope))


def _passed_over(passed: Sequence[tuple[Path, str]]) -> Iterable[Finding]:
    """One finding a folder for its files that are not read."""
    folders: dict[Path, list[tuple[str, str]]] = {}
    for path, why in passed:
        folders.setdefault(path.parent, []).append((file_name(path), why))
    for folder, files in folders.items():
        name = file_name(folder) or "."
        shown = "、".join(f"{file}（{told_in('zh', why)}）" for file, why in files[:_NAMED])
        message = f"文件夹“{name}”中有{len(files)}个文件没有读取：{shown}{'等' if len(files) > _NAMED else ''}"
        names = ", ".join(f"{file} ({why})" for file, why in files[:_NAMED])
        english = f"{len(files)} files of the folder {name} were passed over: {names}"
        yield _noticed(
            ReportKey(name, _NO_YEAR),
            str(folder).encode("utf-8", "replace").decode(),
            message,
            english,
            Severity.WARNING,
        )


def _several(read: Sequence[_Read]) -> Iterable[Finding]:
    """A note for each file that holds several reports."""
    counts = Counter(one.path for one in read)
    for path, count in counts.items():
        first = next((one.ingested for one in read if one.path == path and one.ingested), None)
        if count > 1 and first is not None:
            key = ReportKey(first.office_name or file_stem(path), first.year or _NO_YEAR)
            name = file_name(path)
            message = f"文件{name}中有{count}份报告，已分别读取"
            yield _noticed(key, name, message, f"{name} holds {count} reports; each was read", Severity.NOTE)


def _maybe_one(alike: Sequence[tuple[str, str]], reports: Mapping[ReportKey, OfficeYear]) -> Iterable[Finding]:
    """Where last year's report may be there under another name of the office: a word, for the rules don't join them."""
    for names in alike:
        for key in reports:
            other = next((name for name in names if name != key.office), None)
            if key.office not in names or other is None or key.previous in reports:
                continue
            if ReportKey(other, key.year - 1) in reports:
                yield Finding(
                    _CARRY,
                    FindingState.UNCERTAIN,
                    Severity.WARNING,
                    key,
                    f"“{other}”{key.year - 1}年的报告可能出自同一机关，名称不同，未作跨年核对",
                    f"the report of {other!r} for {key.year - 1} may be of the same office; years were not compared",
                    scope=other,
                )


def _merged(
    checked: CheckReport | None,
    reports: Mapping[ReportKey, OfficeYear],
    gaps: Sequence[Finding],
    outcomes: Sequence[Audited],
) -> CheckReport:
    """The rules' findings without those on cells that were not read, and the findings about reading."""
    evaluated = Counter({outcome.key: 1 if outcome.error else 0 for outcome in outcomes})
    partial = {outcome.key for outcome in outcomes if outcome.partial}
    kept: list[Finding] = list(gaps)
    if checked is not None:
        evaluated.update(checked.evaluated)
        for finding in checked.findings:
            unseen = finding.rule in _WHOLE and finding.key in partial
            if unseen or _about_unread(finding, reports[finding.key]):
                evaluated[finding.key] -= 1
            else:
                kept.append(finding)
    return CheckReport(tuple(_distinct(kept)), dict(sorted(evaluated.items())))


def _about_unread(finding: Finding, report: OfficeYear) -> bool:
    """Whether a finding calls cells blank that could not be read: a gap already says so."""
    if finding.rule != _BLANK:
        return False
    refs = [evidence.ref for evidence in finding.cells]
    if not refs and finding.table:
        refs = list(report.edition.table(finding.table).cells)
    return any(ref not in report.cells for ref in refs)


def _distinct(findings: Iterable[Finding]) -> Iterable[Finding]:
    """The findings with fingerprints of their own, in an order that depends on nothing but themselves."""
    seen: Counter[str] = Counter()
    for finding in sorted(findings, key=lambda one: (one.key, one.rule, one.fingerprint, one.scope)):
        seen[finding.fingerprint] += 1
        count = seen[finding.fingerprint]
        yield finding if count == 1 else replace(finding, scope=f"{finding.scope}#{count}")


def tallies(audited: Audit) -> dict[str, Any]:
    """Counts for the summary: of files, by rule and by office, the worst first; passes are not counted here."""
    live = [finding for finding in audited.report.findings if finding.state is not FindingState.PASS]
    return {
        "files": len(audited.files),
        "unreadable": len(audited.failed),
        "by_rule": _ranked(live, lambda finding: finding.rule),
        "by_office": _ranked(live, lambda finding: finding.key.office),
    }


def _ranked(findings: Sequence[Finding], name_of: Callable[[Finding], str]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for finding in findings:
        weight = "not_assessable" if finding.state is FindingState.NOT_ASSESSABLE else f"{finding.severity}s"
        counts.setdefault(name_of(finding), Counter())[weight] += 1
    names = ("errors", "warnings", "notes", "not_assessable")
    ranked = sorted(counts.items(), key=lambda item: ([-item[1][name] for name in names], item[0]))
    return {name: {weight: count[weight] for weight in names} for name, count in ranked}
