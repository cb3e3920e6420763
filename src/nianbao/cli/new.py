"""``nianbao new``: a set of inputs to fill in.

May import: disk, model, paths; inputs inside the command.
"""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.disk import disk_faults
from nianbao.model import ReportKey
from nianbao.paths import check_office_id, find_project


@click.command("new", epilog="Example: nianbao new shili 2024 --from 2023")
@click.argument("office")
@click.argument("year", type=int)
@click.option("--from", "source", type=int, metavar="YEAR", help="Take over the figures' keys of that year.")
@click.pass_obj
def command(start: Path, office: str, year: int, source: int | None) -> None:
    """Write a complete, commented set of inputs for OFFICE and YEAR, and say what is still blank.

    Files that are there already are left as they are: run it again to see what is still to be filled in.
    """
    from nianbao.inputs.scaffold import blanks, scaffold

    project = find_project(start)
    key = ReportKey(check_office_id(office), year)
    with disk_faults(project, project.data_of(key), "the inputs cannot be written"):
        written = scaffold(project, key, project.key(office, source) if source is not None else None)
    for name in written:
        click.echo(f"wrote {name}")
    if left := blanks(project, key):
        click.echo(f"still blank ({len(left)}):")
        for blank in left:
            click.echo(f"  {blank}")
    else:
        click.echo(f"nothing is blank; make the report: nianbao report {office} {year}")
