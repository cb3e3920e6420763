"""Owns the audit of published reports: many files, one check of all that could be read, nothing stopped by one of them.

May import: errors, form, model, ingest. The rules come as a function, so that this module needs no engine.
"""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nianbao.errors import NianbaoError, UsageError
from nianbao.ingest import Ingested, findings_of, read, to_office_year
from nianbao.model import CheckReport, Finding, FindingState, OfficeYear, ReportKey, Severity, Source

# What a folder is searched for; files named one by one are read whatever they are called.
SUFFIXES = frozenset({".txt", ".htm", ".html", ".shtml", ".xhtml", ".pdf", ".docx", ".xlsx", ".doc", ".xls"})
# The rule for a file that cannot be read at all, and the one for cells that are blank.
_UNREADABLE = "INPUT"
_BLANK = "CELL-MISSING"
# Rules on parts that a report must have: they say nothing of a copy that breaks off before these.
_WHOLE = frozenset({"WORDS-SECTIONS", "WORDS-PROBLEMS", "WORDS-FEE"})
# Stands for the year of a file that names none.
_NO_YEAR = 0

Check = Callable[[Sequence[OfficeYear], Mapping[ReportKey, OfficeYear]], CheckReport]


@dataclass(frozen=True)
class Audited:
    """One file: the report that it holds and how much of it could be read, or the error that it met."""

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


def audit(paths: Iterable[str | Path], check: Check, *, year: int | None = None) -> Audit:
    """Read the files, check what was read, and tell what could not be.

    1. Find the files: folders and patterns are searched. 2. Read each; an error becomes a finding. 3. Give each report
    its key; a second file of the same report is named beside it. 4. Check all at once, last year's report beside this
    year's. 5. Put the gaps in the place of what the rules say of cells that were not read.

    ``check`` is ``nianbao.checks.check_values``; ``year`` is for files that name none. Raises UsageError where no file
    is found.
    """
    found = expand(paths)
    if not found:
        raise UsageError("no file to audit", hint=f"give files, patterns or folders with {', '.join(sorted(SUFFIXES))}")
    reports: dict[ReportKey, OfficeYear] = {}
    findings: list[Finding] = []
    outcomes: list[Audited] = []
    for path in found:
        outcome, report, gaps = _one(path, year, reports)
        outcomes.append(outcome)
        findings += gaps
        if report is not None:
            reports[report.key] = report
    checked = check(sorted(reports.values(), key=lambda report: report.key), reports) if reports else None
    return Audit(_merged(checked, reports, findings, outcomes), tuple(outcomes))


def expand(paths: Iterable[str | Path]) -> list[Path]:
    """The files that the arguments name, each once, in order; folders are searched for what may be a report."""
    found: dict[Path, None] = {}
    for given in paths:
        path = Path(given)
        if path.is_dir():
            inside = (file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
            found |= _shown(inside)
        elif not path.exists() and glob.has_magic(str(given)):
            # Path.glob takes no absolute pattern.
            matching = glob.glob(str(given), recursive=True)  # noqa: PTH207
            found |= _shown(map(Path, matching))
        else:
            found[path] = None
    return list(found)


def _shown(files: Iterable[Path]) -> dict[Path, None]:
    """The files in order, without hidden ones and the locks of office programs."""
    return dict.fromkeys(sorted(file for file in files if not file.name.startswith((".", "~$"))))


def _one(
    path: Path, year: int | None, known: Mapping[ReportKey, OfficeYear]
) -> tuple[Audited, OfficeYear | None, tuple[Finding, ...]]:
    """One file's outcome, its values if it has any, and the findings about its reading."""
    fallback = ReportKey(path.stem, year or _NO_YEAR)
    try:
        ingested = read(path, year=year)
        key = _key(ingested, path, known)
        if key.year == _NO_YEAR:
            raise UsageError("names no year", where=path.name, hint="say which year it reports on with --year")
        report = to_office_year(ingested, key)
    except NianbaoError as error:
        return Audited(path.name, fallback, error=error), None, (_unreadable(error, fallback, path),)
    outcome = Audited(path.name, key, len(ingested.cells), len(ingested.gaps), ingested.edition, ingested.partial)
    return outcome, report, findings_of(ingested, key)


def _key(ingested: Ingested, path: Path, known: Mapping[ReportKey, OfficeYear]) -> ReportKey:
    """The report's key: the office by its name as found; a second file of the same report bears its file's name."""
    key = ReportKey(ingested.office_name or path.stem, ingested.year or _NO_YEAR)
    if key in known:
        key = ReportKey(f"{key.office}（{path.name}）", key.year)
    count = 2
    while key in known:
        key = ReportKey(f"{ingested.office_name or path.stem}（{path.name} {count}）", key.year)
        count += 1
    return key


def _unreadable(error: NianbaoError, key: ReportKey, path: Path) -> Finding:
    hint = f"（{error.hint}）" if error.hint else ""
    return Finding(
        rule=_UNREADABLE,
        state=FindingState.FAIL,
        severity=Severity.ERROR,
        key=key,
        message=f"文件无法读取：{path.name}：{error.what}{hint}",
        message_en=f"cannot be read: {path.name}: {error.what}",
        scope=path.name,
        source=Source(path.name),
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
