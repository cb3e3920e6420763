"""``nianbao check``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from nianbao.cli.offices import OFFICE
from nianbao.cli.options import write_file
from nianbao.errors import ExitCode
from nianbao.errors.language import language, tr
from nianbao.model import ReportKey
from nianbao.paths import Project, find_project, select


@click.command("check", epilog="Examples: nianbao check panzhihua 2023 --format json; nianbao check --year 2021-2023")
@click.argument("words", nargs=-1, metavar="[OFFICE]... [YEAR]...", type=OFFICE)
@click.option(
    "--office",
    "offices",
    multiple=True,
    metavar="PATTERN",
    type=OFFICE,
    help="Offices, as a shell pattern. Repeatable.",
)
@click.option("--year", "years", multiple=True, metavar="YEARS", help="2023, 2021-2023 or 2021,2023. Repeatable.")
@click.option("--format", "form", type=click.Choice(["text", "json", "xlsx"]), default="text", show_default=True)
@click.option("--log-json", is_flag=True, help="Print a line of JSON for each finding and each office-year.")
@click.option("--all", "show_all", is_flag=True, help="List what passed too.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write there instead of to standard output (xlsx: default 问题清单.xlsx).",
)
@click.option(
    "--data-docs",
    "pages",
    type=click.Path(path_type=Path, file_okay=False),
    help="Great Expectations' own pages on the suites and their results, into this folder.",
)
@click.pass_obj
def command(  # noqa: PLR0913 -- click hands each option over as an argument
    start: Path,
    words: tuple[str, ...],
    offices: tuple[str, ...],
    years: tuple[str, ...],
    form: str,
    *,
    log_json: bool,
    show_all: bool,
    output: Path | None,
    pages: Path | None,
) -> int:
    """Check the inputs of these offices for these years; nothing is made. All of them where none is named.

    Exits 1 where a finding blocks a report.
    """
    from nianbao import checks

    project = find_project(start)
    keys = _keys(project, words, offices, years)
    if pages is not None:
        click.echo(tr("wrote {path}", path=checks.data_docs(project, keys, pages)), err=True)
    report = checks.check(project, keys, passes=show_all)
    if log_json:
        _show_events(checks.render_json(report), keys)
    elif form == "xlsx":
        from nianbao.export.findings_list import findings_list

        listed = checks.render_json(report)["findings"]
        write_file(output or Path("问题清单.xlsx"), findings_list(listed, report.names))
    else:
        shown = (
            json.dumps(checks.render_json(report), ensure_ascii=False, indent=1)
            if form == "json"
            else checks.render_text(report, language(), all=show_all).rstrip()
        )
        if output is None:
            click.echo(shown)
        else:
            write_file(output, (shown + "\n").encode())
    return ExitCode.FINDINGS if report.blocking else ExitCode.DONE


def _show_events(found: dict[str, Any], keys: Sequence[ReportKey]) -> None:
    """What ``report`` and ``batch`` print as events, of the checks alone."""
    blocked: set[ReportKey] = set()
    for finding in found["findings"]:
        click.echo(json.dumps({"event": "finding", **finding}, ensure_ascii=False))
        if finding["state"] == "fail" and finding["severity"] == "error" and not finding.get("waived"):
            blocked.add(ReportKey(finding["office"], finding["year"]))
    for key in keys:
        event = {"event": "outcome", "office": key.office, "year": key.year}
        click.echo(json.dumps({**event, "result": "blocked" if key in blocked else "free"}))
    click.echo(json.dumps({"event": "end", "blocked": len(blocked), "exit_code": int(bool(blocked))}))


def _keys(project: Project, words: Sequence[str], patterns: Sequence[str], years: Sequence[str]) -> Sequence[ReportKey]:
    """The office-years that are meant: by name, by pattern, or all; what is a year is no office's name."""
    named = [word for word in words if not word.isdecimal()]
    years = [*years, *(word for word in words if word.isdecimal())]
    for office in named:
        if not project.years(office):
            project.key(office, 0)  # says what is wrong with it
    if len(named) == len(years) == 1 and not patterns and years[0].isdecimal():
        return [project.key(named[0], int(years[0]))]
    return select(project, [*named, *patterns], years)
