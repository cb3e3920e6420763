"""``nianbao workbook``, ``collect``, ``status``, ``rollup`` and ``statement``: an area and its units."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from nianbao.cli.offices import OFFICE
from nianbao.cli.options import day_named, formats_named, put, today, write_file
from nianbao.errors import ExitCode, UnknownNameError
from nianbao.errors.language import listed, tr
from nianbao.export import FORMATS
from nianbao.model import Profile, ReportKey
from nianbao.paths import find_project


@click.command(
    "workbook",
    epilog="Example: nianbao workbook shili 2024",
)
@click.argument("office", type=OFFICE)
@click.argument("year", type=int)
@click.option("--units", "of_units", is_flag=True, help="One for each unit in params/OFFICE/units.csv.")
@click.option("--zip", "packed", is_flag=True, help="Pack them into one .zip.")
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), help="The folder to write into (default: here)."
)
@click.pass_obj
def workbook(start: Path, office: str, year: int, into: Path | None, *, of_units: bool, packed: bool) -> None:
    """Write the workbook in which OFFICE, or each unit of it, fills in its tables, counts and words for YEAR.

    Labels are locked, totals and 勾稽 lines are formulas, last year's figures stand beside; there is no macro.
    """
    from nianbao.campaign.workbook import form_workbook
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


@click.command(
    "collect",
    epilog="Example: nianbao collect inbox/ --area shi --year 2024",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE|FOLDER|ZIP...")
@click.option("--area", type=OFFICE, required=True, help="The office whose params/AREA/units.csv lists the units.")
@click.option("--year", type=int, required=True, help="The year reported on.")
@click.pass_obj
def collect(start: Path, files: tuple[str, ...], area: str, year: int) -> int:
    """Take filled workbooks, and reports in Word, PDF or HTML, as the inputs of the units that they are of.

    Says of each file whose it is and whether it is new, unchanged, changed (which cells) or refused (why). What a unit
    had before is kept aside, under data/OFFICE/YEAR-另存/. Exits 1 where a file was refused.
    """
    from nianbao.campaign.collect import Collector
    from nianbao.campaign.returned import Taken

    collector = Collector(find_project(start), area, year)
    for office in collector.recovered:
        click.echo(tr("finished what was interrupted last time: {office}", office=office))
    count: Counter[Taken] = Counter()
    for outcome in collector.take(files):
        count[outcome.taken] += 1
        for line in outcome.lines():
            click.echo(line)
    click.echo(listed(f"{tr(taken.words)} {count[taken]}" for taken in Taken))
    return ExitCode.FINDINGS if count[Taken.REFUSED] else ExitCode.DONE


_FORMATS = ("text", "json", "xlsx", "html")


@click.command(
    "status",
    epilog="Example: nianbao status shi 2024 --as-of 2025-01-26",
)
@click.argument("area", type=OFFICE)
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
def status(  # noqa: PLR0913, PLR0917 -- click hands each option over as an argument
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


@click.command(
    "rollup",
    epilog="Example: nianbao rollup shilishi 2023 --format xlsx",
)
@click.argument("area", type=OFFICE)
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
def rollup(start: Path, area: str, year: int, level: str, form: str, output: Path | None, *, wanted: bool) -> int:
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


@click.command(
    "statement",
    epilog="Example: nianbao statement shi 2024 --as-of 2025-02-05 --to pdf,docx",
)
@click.argument("area", type=OFFICE)
@click.argument("year", type=int)
@click.option("--as-of", "day", help="The day to look from: today or YYYY-MM-DD (default: today).")
@click.option("--to", "formats", help="Formats, joined by commas: html,pdf,docx,xlsx (default: all).")
@click.option("--profile", type=click.Choice([entry.value for entry in Profile]), help="illustrated adds the chart.")
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), help="The folder to write into (default: here)."
)
@click.pass_obj
def statement(
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
