"""``nianbao status``: who has handed in, and in what state.

May import: errors, paths; campaign inside the command.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from nianbao.cli.options import day_named, put, today
from nianbao.errors.language import tr
from nianbao.paths import find_project

_FORMATS = ("text", "json", "xlsx", "html")


@click.command(
    "status",
    short_help="Who of an area's units is missing, wrong, late or ready.",
    epilog="Example: nianbao status shi 2024 --as-of 2025-01-26",
)
@click.argument("area")
@click.argument("year", type=int)
@click.option("--as-of", "day", help="The day to look from: today or YYYY-MM-DD (default: today).")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write there (xlsx: a default name).")
@click.option(
    "--split",
    "lists",
    type=click.Path(path_type=Path, file_okay=False),
    help="Each unit's own 问题清单 into this folder.",
)
@click.option(
    "--answers",
    "returned",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder with lists that came back, besides data/AREA/YEAR/整改/, where collect puts them.",
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 -- click hands each option over as an argument
    start: Path,
    area: str,
    year: int,
    day: str | None,
    form: str,
    output: Path | None,
    lists: Path | None,
    returned: Path | None,
) -> None:
    """Say of each unit in params/AREA/units.csv where its report for YEAR stands, the worst first.

    Missing, incomplete, with errors, with warnings, ready, published late or in time; errors are those of the checks.
    What units answered in lists of problems that came back (整改情况) is shown at the end.
    """
    from nianbao.campaign import status as campaign

    found = campaign.status_of(find_project(start), area, year, day_named(day, today()), [returned] if returned else [])
    if lists is not None:
        for path in campaign.split(found, lists):
            click.echo(tr("wrote {path}", path=path), err=True)
    if form == "xlsx":
        put(output or Path(f"{found.name}{year}年报送情况.xlsx"), campaign.as_workbook(found))
    elif form == "html":
        put(output, campaign.as_page(found).rstrip())
    elif form == "json":
        put(output, json.dumps(campaign.as_json(found), ensure_ascii=False, indent=1))
    else:
        put(output, "\n".join([*campaign.as_text(found), *campaign.as_answers(found)]))
