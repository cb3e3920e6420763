"""``nianbao ledger``: tables, deadlines and fees from the register of requests.

May import: errors, model, paths, cli.ledger_text; inputs and checks inside the command.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import click

from nianbao.cli.options import day_named, put, today
from nianbao.errors import ExitCode, UsageError
from nianbao.errors.language import Message, tr
from nianbao.paths import find_project

_FORMATS = ("text", "json", "xlsx", "ics")
_BLOCKING = {"LEDGER-CELL", "LEDGER-PRIVACY", "LEDGER-DUPLICATE", "LEDGER-RESULT", "LEDGER-ORDER"}


@click.command(
    "ledger",
    short_help="Tables, deadlines and fees from the register of requests.",
    epilog="Example: nianbao ledger shili 2023 --as-of 2023-12-15",
)
@click.argument("office")
@click.argument("year", type=int)
@click.option("--as-of", "day", help="The day to look from: today or YYYY-MM-DD (default: today, or the year's end).")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write there (xlsx, ics: a default name)."
)
@click.option("--write", "write_tables", is_flag=True, help="Write applications.csv and review.csv from the register.")
@click.pass_obj
def command(
    start: Path, office: str, year: int, day: str | None, form: str, output: Path | None, *, write_tables: bool
) -> int:
    """Read the register of OFFICE (data/OFFICE/YEAR/ledger.xlsx or .csv) for the report of YEAR.

    Shows what is due, late or waiting, counts tables 3 and 4 with the cases behind each cell, and compares them with
    the tables that are there. A register of several years stands in data/OFFICE/. Nothing is written without --write or
    --output; --write fills what is blank, the fees of figures.csv too. Exits 1 where a line must be mended.
    """
    from nianbao.checks.register import line_problems
    from nianbao.cli.ledger_text import calendar, look_json, look_text
    from nianbao.inputs import Files, load
    from nianbao.inputs.ledger import load_ledger, look_at
    from nianbao.inputs.ledger.stated import table_differences, write_from_ledger

    project = find_project(start)
    key = project.key(office, year)
    ledger = load_ledger(Files(project), key)
    if ledger is None:
        names = ", ".join(map(project.relative, project.ledger_files(key)))
        raise UsageError(
            Message("there is no register of requests; looked for {names}", names=names),
            hint=Message("make a blank one: nianbao new {office} {year} --ledger", office=office, year=year),
        )
    report = load(project, key)
    end = datetime.date(year, 12, 31)
    look = look_at(ledger, report.edition, year, day_named(day, today() if today().year == year else end))
    problems = list(line_problems(look))
    if write_tables:
        written = write_from_ledger(look, report, project)
        for name in written:
            click.echo(tr("wrote {path}", path=name), err=True)
        if not written:
            click.echo(tr("nothing was written: there is no blank to fill"), err=True)
        report = load(project, key)
    # Within the year the tables are not due: there is nothing to compare.
    differences = table_differences(look, report) if look.as_of >= end else []
    if form == "text":
        put(output, "\n".join(look_text(look, report, problems, differences)))
    elif form == "json":
        put(output, json.dumps(look_json(look, problems, differences), ensure_ascii=False, indent=1))
    elif form == "ics":
        put(output or Path(f"{office}-{year}-答复期限.ics"), calendar(look, office).encode())
    else:
        from nianbao.inputs.ledger.workbook import ledger_workbook

        content = ledger_workbook(look, report.office.name, problems, differences)
        put(output or Path(f"{report.office.name}{year}年台账汇总.xlsx"), content)
    return ExitCode.FINDINGS if any(problem.rule in _BLOCKING for problem in problems) else ExitCode.DONE
