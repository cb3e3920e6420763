"""Owns ``nianbao check``.

May import: errors, model, paths; checks inside the command.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from nianbao.errors import ExitCode, UsageError
from nianbao.model import ReportKey
from nianbao.paths import Project, find_project


@click.command("check", epilog="Example: nianbao check panzhihua 2023 --format json")
@click.argument("office", required=False)
@click.argument("year", type=int, required=False)
@click.option("--format", "form", type=click.Choice(["text", "json", "xlsx"]), default="text", show_default=True)
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
def command(
    start: Path,
    office: str | None,
    year: int | None,
    form: str,
    *,
    show_all: bool,
    output: Path | None,
    pages: Path | None,
) -> int:
    """Check the inputs of OFFICE for YEAR, of all its years, or of every office; nothing is made.

    Exits 1 where a finding blocks a report.
    """
    from nianbao import checks

    project = find_project(start)
    keys = _keys(project, office, year)
    if pages is not None:
        click.echo(f"wrote {checks.data_docs(project, keys, pages)}", err=True)
    report = checks.check(project, keys, passes=show_all)
    if form == "xlsx":
        from nianbao.export.findings_list import findings_list

        listed = checks.render_json(report)["findings"]
        _write(output or Path("问题清单.xlsx"), findings_list(listed))
    else:
        shown = (
            json.dumps(checks.render_json(report), ensure_ascii=False, indent=1)
            if form == "json"
            else checks.render_text(report, all=show_all).rstrip()
        )
        if output is None:
            click.echo(shown)
        else:
            _write(output, (shown + "\n").encode())
    return ExitCode.FINDINGS if report.blocking else ExitCode.DONE


def _keys(project: Project, office: str | None, year: int | None) -> list[ReportKey]:
    if office is not None and year is not None:
        return [project.key(office, year)]
    if office is not None:
        years = project.years(office)
        return [project.key(office, known) for known in years] or [project.key(office, 0)]
    keys = [ReportKey(known, year) for known in project.offices() for year in project.years(known)]
    if not keys:
        raise UsageError("there are no inputs to check", where=str(project.params), hint="nianbao new OFFICE YEAR")
    return keys


def _write(target: Path, content: bytes) -> None:
    try:
        target.write_bytes(content)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", where=str(target)) from error
    click.echo(f"wrote {target}", err=True)
