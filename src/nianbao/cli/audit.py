"""The command ``nianbao audit``.

May import: errors; checks inside the command.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nianbao.cli.options import require_files, write_file
from nianbao.errors import ExitCode
from nianbao.errors.language import Message, language, tr

if TYPE_CHECKING:
    from nianbao.checks.audit import Audit


@click.command(
    "audit",
    short_help="Check published reports and list what is wrong.",
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
def command(files: tuple[str, ...], year: int | None, form: str, into: Path | None, *, show_all: bool) -> int:
    """Check published reports (files, folders or patterns) by the same rules as our own, the worst first.

    Last year's report is held against this year's where both are given. A file that cannot be read is a finding and
    never stops the rest. Exits 1 where there is an error.
    """
    from functools import partial

    from nianbao import checks
    from nianbao.checks.audit import audit

    require_files(files)
    audited = audit(files, partial(checks.check_values, passes=show_all), year=year)
    found = _json(audited)
    if into is not None or form == "xlsx":
        _write(audited, found, into or Path(), whole=into is not None)
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    elif form == "text":
        click.echo(checks.render_text(audited.report, language(), all=show_all).rstrip())
        click.echo(_summary(found["summary"]))
    return ExitCode.FINDINGS if audited.report.blocking else ExitCode.DONE


def _json(audited: Audit) -> dict[str, Any]:
    from nianbao import checks
    from nianbao.checks.audit import tallies

    found = checks.render_json(audited.report)
    return {"findings": found["findings"], "summary": {**found["summary"], **tallies(audited)}}


def _summary(summary: dict[str, Any]) -> str:
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


def _write(audited: Audit, found: dict[str, Any], folder: Path, *, whole: bool) -> None:
    from nianbao import checks
    from nianbao.export.findings_list import findings_list

    contents = {"问题清单.xlsx": findings_list(found["findings"])}
    if whole:
        contents["findings.json"] = (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()
        contents["findings.html"] = checks.render_page(audited.report).encode()
    for name, content in contents.items():
        write_file(folder / name, content)
