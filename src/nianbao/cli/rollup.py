"""``nianbao rollup``: the sums of an area's units.

May import: errors, paths; campaign inside the command.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from nianbao.cli.options import put
from nianbao.errors import ExitCode
from nianbao.errors.language import tr
from nianbao.paths import find_project


@click.command(
    "rollup",
    short_help="Add up the figures of an area's units (汇总).",
    epilog="Example: nianbao rollup shilishi 2023 --format xlsx",
)
@click.argument("area")
@click.argument("year", type=int)
@click.option(
    "--level",
    type=click.Choice(["own", "area"]),
    default="area",
    show_default=True,
    help="own: the government and its departments (本级); area: all that is below as well.",
)
@click.option("--format", "form", type=click.Choice(["text", "json", "xlsx"]), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write there (xlsx: a default name).")
@click.option("--write", "wanted", is_flag=True, help="Write the sums as the area's own inputs, where it has none.")
@click.pass_obj
def command(start: Path, area: str, year: int, level: str, form: str, output: Path | None, *, wanted: bool) -> int:
    """Add up tables 2, 3 and 4 of the units in params/AREA/units.csv, cell by cell, for YEAR.

    Says which units each sum is of, who is missing and what was adjusted, and compares it with what AREA states. A
    missing figure is never a zero. Exits 1 where a sum differs from what is stated.
    """
    from nianbao.campaign import sums as campaign
    from nianbao.inputs.units import Level, area_key

    project = find_project(start)
    found = campaign.sums_of(project, area_key(project, area, year), Level(level))
    if wanted:
        for path in campaign.write_sums(project, found):
            click.echo(tr("wrote {path}", path=path), err=True)
    if form == "xlsx":
        put(output or Path(f"{found.rollup.office.name}{year}年汇总.xlsx"), campaign.as_workbook(found))
    else:
        shown = (
            json.dumps(campaign.as_json(found), ensure_ascii=False, indent=1)
            if form == "json"
            else "\n".join(campaign.as_text(found))
        )
        put(output, shown)
    return ExitCode.FINDINGS if any(finding.blocks for finding in found.findings) else ExitCode.DONE
