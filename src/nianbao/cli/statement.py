"""``nianbao statement``: who of an area's units has published, as a document.

May import: export, model, paths; campaign and inputs inside the command.
"""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.cli.options import day_named, formats_named, today, write_file
from nianbao.export import FORMATS
from nianbao.model import Profile
from nianbao.paths import find_project


@click.command(
    "statement",
    short_help="A statement of which of an area's units have published.",
    epilog="Example: nianbao statement shi 2024 --as-of 2025-02-05 --to pdf,docx",
)
@click.argument("area")
@click.argument("year", type=int)
@click.option("--as-of", "day", help="The day from which it is looked: today or YYYY-MM-DD (default: today).")
@click.option("--to", "formats", help="Formats, joined by commas: html,pdf,docx,xlsx (default: all).")
@click.option("--profile", type=click.Choice([entry.value for entry in Profile]), help="illustrated adds the chart.")
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), help="The folder to write into (default: here)."
)
@click.pass_obj
def command(
    start: Path, area: str, year: int, day: str | None, formats: str | None, profile: str | None, into: Path | None
) -> None:
    """Run notebooks/statement.ipynb for AREA: units due, published, the rate, and each unit with its date.

    The notebook is the office's to change: notebooks/AREA/statement.ipynb replaces the shared one.
    """
    from nianbao.campaign.statement import make_statement
    from nianbao.inputs.units import area_key

    project = find_project(start)
    key = area_key(project, area, year)
    project.key(area, year)  # refuses a year without settings, of which area_key asks nothing
    chosen = Profile(profile) if profile else None
    for file in make_statement(project, key, day_named(day, today()), formats_named(formats, FORMATS, FORMATS), chosen):
        write_file((into or Path()) / file.name, file.content)
