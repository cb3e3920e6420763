"""``nianbao init`` and ``nianbao upgrade``: a project of one's own.

May import: errors, model, paths; inputs and campaign inside the commands.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from nianbao import __version__
from nianbao.errors import ExitCode, UsageError
from nianbao.errors.language import Message, tr
from nianbao.model import ReportKey
from nianbao.paths import check_office_id, find_project


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

    key = ReportKey(check_office_id(office), year or datetime.datetime.now().astimezone().year - 1)
    try:
        project = start_project(folder, key.office, key.year)
        scaffold(project, key, name=name)
    except OSError as error:
        raise UsageError(Message("cannot be written: {why}", why=error.strerror), where=str(folder)) from error
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
