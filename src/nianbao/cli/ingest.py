"""``nianbao ingest`` and ``nianbao audit``: published reports, read and checked."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nianbao.cli.offices import office_names, offices_by_name
from nianbao.cli.options import require_files, write_file
from nianbao.errors import ExitCode, IngestError, NianbaoError, UsageError
from nianbao.errors.language import Message, either, language, tr
from nianbao.model import ReportKey
from nianbao.paths import Project, check_office_id, find_project

if TYPE_CHECKING:
    from nianbao.checks.audit import Audit
    from nianbao.ingest import Ingested


@click.command(
    "ingest",
    epilog="Example: nianbao ingest report-2022.docx --office mouju --year 2022 --write",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--office", metavar="ID", help="The office's identifier in params/ (default: found by the name inside).")
@click.option("--year", type=int, help="The year reported on (default: as the report says).")
@click.option("--name", help="The office's full name, for a report that doesn't state it.")
@click.option("--format", "form", type=click.Choice(["json"]), default="json", show_default=True)
@click.option("--write", "wanted", is_flag=True, help="Write inputs under params/ and data/ instead of printing.")
@click.option("--overwrite", is_flag=True, help="With --write: replace inputs that are there already.")
@click.pass_obj
def ingest_reports(  # noqa: PLR0913 -- click hands each option over as an argument
    start: Path,
    files: tuple[str, ...],
    office: str | None,
    year: int | None,
    name: str | None,
    form: str,  # noqa: ARG001 -- JSON is the one form so far; the option is the contract's
    *,
    wanted: bool,
    overwrite: bool,
) -> int:
    """Read published reports (text, CSV, HTML, PDF, DOCX, XLSX, ODT, ODS, zip archives): files, folders or patterns.

    Prints the values with their origin as JSON (an array where there are several reports), or writes inputs that
    `nianbao report` can use. What could not be read is listed; nothing is guessed. A file that cannot be read does not
    stop the others; the command then exits 1.
    """
    from nianbao import ingest
    from nianbao.ingest.unread import with_proposals

    require_files(files)
    found, bad = _read(files, year)
    project = _project(start, wanted=wanted)
    known = offices_by_name(project) if project else {}
    found = [(path, with_proposals(read, office_names(project))) for path, read in found] if project else found
    keyed: list[tuple[ReportKey, Ingested]] = []
    alone = {path for path, count in Counter(path for path, _ in found).items() if count == 1}
    for path, read in found:
        try:
            keyed.append((_key(path if path in alone else Path(), read, office, year, known), read))
        except NianbaoError as error:
            bad.append(error)
    if bad and not keyed and len(bad) == 1:
        raise bad[0]
    if not wanted:
        shown = [ingest.to_json(read, key) for key, read in keyed]
        click.echo(json.dumps(shown[0] if len(shown) == 1 and not bad else shown, ensure_ascii=False, indent=1))
    elif project is not None:
        bad += _write_inputs(project, keyed, name, overwrite=overwrite, proposed=not office, known=known)
    for fault in bad:
        click.echo(tr("error: {what}", what=fault), err=True)
    return ExitCode.FINDINGS if bad else ExitCode.DONE


def _read(files: Sequence[str], year: int | None) -> tuple[list[tuple[Path, Ingested]], list[NianbaoError]]:
    """The reports of all files with their paths, and the errors of those that cannot be read."""
    from nianbao import ingest

    paths = ingest.find(files)
    for path, why in paths.passed:
        click.echo(tr("passed over: {file} ({why})", file=ingest.file_name(path), why=tr(why)), err=True)
    if not paths.wanted:
        raise UsageError(Message("no file matches {files}", files=files))
    found: list[tuple[Path, Ingested]] = []
    bad: list[NianbaoError] = []
    with ingest.Reader() as reader:
        for path in paths.wanted:
            try:
                outcomes = reader.read(path, year)
            except NianbaoError as error:
                bad.append(error)
                continue
            for outcome in outcomes:
                if isinstance(outcome, NianbaoError):
                    bad.append(outcome)
                else:
                    found.append((path, outcome))
    return found, bad


def _project(start: Path, *, wanted: bool) -> Project | None:
    """The project, which printing alone can do without."""
    try:
        return find_project(start)
    except NianbaoError:
        if wanted:
            raise
        return None


def _key(path: Path, read: Ingested, office: str | None, year: int | None, known: dict[str, list[str]]) -> ReportKey:
    from nianbao.ingest.offices import plain_name
    from nianbao.ingest.unread import no_year
    from nianbao.ingest.words import is_legible

    found = year or read.year
    if found is None:
        raise no_year(read.file, read.gaps)
    if not office and not is_legible(read.office_name or ""):
        # Neither the file's name nor another office's likeness makes up for letters that cannot be told.
        return ReportKey(_proposed(Path(), read.office_name), found)
    named = [office] if office else known.get(plain_name(read.office_name or ""), [])
    if len(named) > 1:
        raise UsageError(
            Message("several offices are called {name}", name=read.office_name),
            where=read.file,
            hint=Message("say which with --office; known: {known}", known=named),
        )
    identifier = named[0] if named else ""
    return ReportKey(identifier or _proposed(path, read.office_name), found)


def _require_name(read: Ingested) -> None:
    """Refuse to choose an office for a name of which letters cannot be told."""
    from nianbao.ingest.unread import of_name
    from nianbao.ingest.words import is_legible

    if not is_legible(read.office_name or ""):
        told = next(gap for gap in read.gaps if gap.message.endswith(of_name(read.office_name or "", "").message))
        hint, zh = "say which office it is with --office", f"{told.message}；请用 --office 指明是哪个机关"
        raise IngestError(told.message_en, where=read.file, hint=hint, zh=zh)


def _proposed(path: Path, name: str | None) -> str:
    """An identifier for an office that the project doesn't know: the name of its own file, if it can be one."""
    from nianbao.ingest import file_stem

    try:
        check_office_id(path.stem)
    except NianbaoError:
        text = name or file_stem(path)
        return f"office-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return path.stem


def _write_inputs(
    project: Project,
    keyed: Sequence[tuple[ReportKey, Ingested]],
    name: str | None,
    *,
    overwrite: bool,
    proposed: bool,
    known: dict[str, list[str]],
) -> list[NianbaoError]:
    from nianbao import ingest

    bad: list[NianbaoError] = []
    seen: set[ReportKey] = set()
    for key, read in keyed:
        try:
            if key in seen:
                raise UsageError(
                    Message("is a second report of {key}", key=key), where=read.file, hint="write one of them alone"
                )
            seen.add(key)
            check_office_id(key.office)
            if proposed:
                _require_name(read)
            written = ingest.write(project, read, key, name=name, overwrite=overwrite)
        except NianbaoError as error:
            bad.append(error)
            continue
        for file in written:
            click.echo(tr("wrote {path}", path=file))
        for gap in read.gaps:
            click.echo(tr("not read: {what}", what=either(gap.message, gap.message_en)), err=True)
        if proposed and not any(key.office in named for named in known.values()):
            shown = read.office_name or read.file
            said = tr("proposed: identifier {id} for {name}; choose another with --office", id=key.office, name=shown)
            click.echo(said, err=True)
    if len(bad) == 1 and len(keyed) == 1:
        raise bad[0]
    return bad


@click.command(
    "audit",
    epilog="Example: nianbao audit reports/ --into findings/",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--year", type=int, help="The year of files that name none.")
@click.option("--format", "form", type=click.Choice(["text", "json", "xlsx"]), default="text", show_default=True)
@click.option("--all", "show_all", is_flag=True, help="List notes, and what passed, too.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write findings.json, findings.html and 问题清单.xlsx into this folder as well.",
)
@click.pass_obj
def audit_reports(
    start: Path, files: tuple[str, ...], year: int | None, form: str, into: Path | None, *, show_all: bool
) -> int:
    """Check published reports (files, folders or patterns) by the same rules as our own, the worst first.

    Last year's report is held against this year's where both are given. A file that cannot be read is a finding and
    never stops the rest. Exits 1 where there is an error.
    """
    from functools import partial

    from nianbao import checks
    from nianbao.checks.audit import audit

    require_files(files)
    project = _project(start, wanted=False)
    names = office_names(project) if project else ()
    audited = audit(files, partial(checks.check_values, passes=show_all), year=year, known=names)
    found = _audit_json(audited)
    if into is not None or form == "xlsx":
        _write_findings(audited, found, into or Path(), whole=into is not None)
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    elif form == "text":
        click.echo(checks.render_text(audited.report, language(), all=show_all).rstrip())
        click.echo(_audit_summary(found["summary"]))
    return ExitCode.FINDINGS if audited.report.blocking else ExitCode.DONE


def _audit_json(audited: Audit) -> dict[str, Any]:
    from nianbao import checks
    from nianbao.checks.audit import tallies

    found = checks.render_json(audited.report)
    return {"findings": found["findings"], "summary": {**found["summary"], **tallies(audited)}}


def _audit_summary(summary: dict[str, Any]) -> str:
    lines = [tr("files {files}, unreadable {unreadable}", **summary)]
    for title, counts in ((tr("By rule:"), summary["by_rule"]), (tr("By office:"), summary["by_office"])):
        lines.append(title)
        for name, count in counts.items():
            counts_of = Message(
                "  {name}: errors {errors}, warnings {warnings}, notes {notes}, not assessable {not_assessable}",
                name=name,
                **count,
            )
            lines.append(tr(counts_of))
    return "\n".join(lines)


def _write_findings(audited: Audit, found: dict[str, Any], folder: Path, *, whole: bool) -> None:
    from nianbao import checks
    from nianbao.export.findings_list import findings_list

    contents = {"问题清单.xlsx": findings_list(found["findings"])}
    if whole:
        contents["findings.json"] = (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()
        contents["findings.html"] = checks.render_page(audited.report).encode()
    for name, content in contents.items():
        write_file(folder / name, content)
