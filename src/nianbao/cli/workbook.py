"""``nianbao workbook``: the form to fill in, for one office or for all units of an area.

May import: errors, paths; campaign, inputs and the packer of export inside the command.
"""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.cli.options import write_file
from nianbao.model import ReportKey
from nianbao.paths import find_project


@click.command(
    "workbook",
    short_help="Write the form to fill in, for one office or for an area's units.",
    epilog="Example: nianbao workbook shili 2024",
)
@click.argument("office")
@click.argument("year", type=int)
@click.option("--units", "of_units", is_flag=True, help="One for each unit in params/OFFICE/units.csv.")
@click.option("--zip", "packed", is_flag=True, help="Pack them into one .zip.")
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), help="The folder to write into (default: here)."
)
@click.pass_obj
def command(start: Path, office: str, year: int, into: Path | None, *, of_units: bool, packed: bool) -> None:
    """Write the workbook in which OFFICE, or each unit of it, fills in its tables, counts and words for YEAR.

    Labels are locked, totals and 勾稽 lines are formulas, last year's figures stand beside; there is no macro.
    """
    from nianbao.campaign.workbook import form_workbook
    from nianbao.errors import UnknownNameError
    from nianbao.export.zipped import packed_files
    from nianbao.form import edition_for
    from nianbao.inputs import Files
    from nianbao.inputs.settings import load_office
    from nianbao.inputs.units import area_key, load_units

    project = find_project(start)
    edition_for(year)
    if office not in project.offices():
        raise UnknownNameError("office", office, project.offices(), where=str(project.params))
    name = load_office(Files(project), office)[0].name
    wanted = {office: name}
    if of_units:
        listing = load_units(Files(project), area_key(project, office, year))
        wanted = {
            unit.office: unit.name or load_office(Files(project), unit.office)[0].name
            for unit in (listing.offices.values() if listing else ())
        }
    books = {
        f"{named}{year}年政府信息公开工作年度报告填报表.xlsx": form_workbook(project, ReportKey(one, year), named)
        for one, named in wanted.items()
    }
    folder = into or Path()
    if packed:
        write_file(folder / f"{name}{year}年填报表.zip", packed_files(books))
        return
    for file, content in books.items():
        write_file(folder / file, content)
