"""``nianbao init``, ``upgrade`` and ``new``: a project of one's own, and the inputs of a new office-year."""

from __future__ import annotations

import re
from pathlib import Path

import click

from nianbao import __version__
from nianbao.cli.options import today
from nianbao.errors import ExitCode, UsageError
from nianbao.errors.language import Message, tr, why_refused
from nianbao.model import ReportKey
from nianbao.paths import Project, check_office_id, find_project
from nianbao.store.disk import disk_faults


@click.command("init", epilog="Example: nianbao init reports --office mmx-jyj --name 某某县教育局 --year 2024")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--office", default="danwei1", show_default=True, metavar="ID", help="The first office's identifier.")
@click.option("--name", default="", help="Its full name.")
@click.option("--year", type=int, help="The year of its first report (default: last year).")
@click.option(
    "--example", type=click.Choice(["area"]), help="The fictional 示例市 with twelve units, to try things on."
)
def init(folder: Path, office: str, name: str, year: int | None, example: str | None) -> None:
    """Make a project in FOLDER: notebooks, suites, Makefile, CI, and the inputs of a first office to be filled in.

    With --example area it holds 示例市 instead: two years of twelve units, of which three have just sent workbooks.
    """
    if example:
        from nianbao.campaign.example import AREA, INBOX, YEARS, make_example

        make_example(folder)
        click.echo(
            tr(
                "made the example project {folder}: 示例市 ({area}) with 12 units, {first} and {last}",
                folder=folder,
                area=AREA,
                first=YEARS[0],
                last=YEARS[-1],
            )
        )
        collect = f"nianbao collect {INBOX} --area {AREA} --year {YEARS[-1]}"
        click.echo(tr("next: cd {folder}, {command}", folder=folder, command=collect))
        return
    from nianbao.inputs.own_project import own_wheel, start_project
    from nianbao.inputs.scaffold import scaffold

    key = ReportKey(check_office_id(office), year or today().year - 1)
    try:
        project = start_project(folder, key.office, key.year)
        scaffold(project, key, name=name)
    except OSError as error:
        raise UsageError(Message("cannot be written: {why}", why=why_refused(error)), where=str(folder)) from error
    click.echo(
        tr(
            "made the project {folder}: first office {office}, year {year}",
            folder=folder,
            office=key.office,
            year=key.year,
        )
    )
    if own_wheel() is None:
        click.echo(
            tr(
                "make installs nianbao {version}: put its wheel into {folder}/wheels/ unless a registry has it",
                version=__version__,
                folder=folder,
            )
        )
    click.echo(
        tr(
            "next: cd {folder}, fill in params/{office}/ and data/{office}/{year}/, then make check, make report",
            folder=folder,
            office=key.office,
            year=key.year,
        )
    )


@click.command("upgrade", epilog="Example: nianbao upgrade")
@click.pass_obj
def upgrade(start: Path) -> int:
    """Bring the notebooks, suites and Makefile that nobody changed to the installed version.

    Those that were changed are shown with what the installed version has otherwise, and left as they are; exits 1 then.
    """
    from nianbao.inputs.own_project import upgrade_project

    done = upgrade_project(find_project(start))
    for place in done.written:
        click.echo(tr("updated {path}", path=place))
    for place in done.removed:
        click.echo(tr("was deleted, and is left so: {path}", path=place))
    for place, difference in done.changed.items():
        click.echo(tr("has changes of its own, and is left as it is: {path}", path=place))
        click.echo(difference.rstrip("\n"))
    if not (done.written or done.changed):
        click.echo(tr("all is up to date"))
    return ExitCode.FINDINGS if done.changed else ExitCode.DONE


@click.command("new", epilog="Example: nianbao new 某某县教育局 2024 --id mmx-jyj")
@click.argument("office")
@click.argument("year")
@click.option(
    "--from", "source", metavar="YEAR", help="Take over the figures' keys and the words (as comments) of that year."
)
@click.option("--id", "office_id", metavar="ID", help="The identifier for an office that is given by its Chinese name.")
@click.option("--zeros", is_flag=True, help="Write 0 into every blank cell of the tables, and sums into blank totals.")
@click.option("--ledger", "with_ledger", is_flag=True, help="Write an empty register of requests (ledger.xlsx) too.")
@click.pass_obj
def new(
    start: Path,
    office: str,
    year: str,
    source: str | None,
    office_id: str | None,
    *,
    zeros: bool,
    with_ledger: bool,
) -> None:
    """Write a complete, commented set of inputs for OFFICE and YEAR, and say what is still blank.

    OFFICE is an identifier or the office's Chinese name. Files that are there already are left as they are: run it
    again to see what is still to be filled in.
    """
    from nianbao.inputs.scaffold import blanks, fill_zeros, scaffold

    project = find_project(start)
    identifier, name = _identified(project, office, office_id)
    key = ReportKey(check_office_id(identifier), _year(year))
    _remark_on_year(key)
    earlier = project.key(identifier, _year(source)) if source is not None else None
    with disk_faults(project, project.data_of(key), Message("the inputs cannot be written")):
        written = scaffold(project, key, earlier, name)
        zeroed = fill_zeros(project, key) if zeros else []
    for path in written:
        click.echo(tr("wrote {path}", path=path))
    for path in zeroed:
        click.echo(tr("filled blanks with 0 in {path}", path=path))
    if with_ledger:
        with disk_faults(project, project.data_of(key), Message("the register cannot be written")):
            _write_ledger(project, key)
    if left := blanks(project, key):
        click.echo(tr("To be filled in ({count}):", count=len(left)))
        for blank in left:
            click.echo("  " + tr("{where}: {what}", where=tr(blank.place), what=tr(blank.what)))
        if not zeros and any(blank.cells for blank in left):
            click.echo(
                tr(
                    "Fill in the cells that have a number; zeros for the others: nianbao new {office} {year} --zeros "
                    "(totals may stay blank, they are worked out)",
                    office=identifier,
                    year=key.year,
                )
            )
    else:
        click.echo(
            tr("All is filled in; make the report: nianbao report {office} {year}", office=identifier, year=key.year)
        )


def _write_ledger(project: Project, key: ReportKey) -> None:
    from nianbao.inputs import load
    from nianbao.inputs.ledger.workbook import blank_ledger

    there = [path for path in project.ledger_files(key) if path.exists()]
    target = there[0] if there else project.ledger_files(key)[0]
    if not there:
        target.write_bytes(blank_ledger(load(project, key).office.name, key.year))
    path = project.relative(target)
    click.echo(tr("there is a register already: {path}", path=path) if there else tr("wrote {path}", path=path))


def _year(text: str) -> int:
    """The year in 2024, ２０２４ or 2024年."""
    match = re.fullmatch(r"(\d{4})\s*年?度?", text.strip())
    if not match:
        raise UsageError(Message("{text!r} is no year", text=text), hint="write four digits, as 2024")
    return int(match[1])


def _identified(project: Project, office: str, office_id: str | None) -> tuple[str, str]:
    """The office's identifier, and its name where it was given by its name."""
    from nianbao.inputs.scaffold import office_named, proposed_id

    if not re.search("[\u3400-\u9fff]", office):
        return office_id or office, ""
    there = office_named(project, office.strip())
    if there:
        return there, office.strip()
    identifier = office_id or proposed_id(project.offices())
    click.echo(tr("The identifier of “{name}” is {id}", name=office.strip(), id=identifier))
    if not office_id:
        click.echo(tr("  (--id says another one: --id mmx-jyj)"))
    return identifier, office.strip()


def _remark_on_year(key: ReportKey) -> None:
    this_year = today().year
    if key.year >= this_year:
        said = tr("note: {year} is not over; reports are usually made of {last}", year=key.year, last=this_year - 1)
        click.echo(said, err=True)
