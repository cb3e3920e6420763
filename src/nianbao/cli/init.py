"""``nianbao init`` and ``nianbao upgrade``: a project of one's own.

May import: errors, model, paths; inputs and campaign inside the commands.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from nianbao import __version__
from nianbao.errors import ExitCode, UsageError
from nianbao.errors.language import Message
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
        click.echo(f"已建立示例项目 {folder}：示例市（{AREA}）12家单位，{YEARS[0]}年和{YEARS[-1]}年")
        click.echo(f"接下来：cd {folder}，nianbao collect {INBOX} --area {AREA} --year {YEARS[-1]}")
        return
    from nianbao.inputs.own_project import own_wheel, start_project
    from nianbao.inputs.scaffold import scaffold

    key = ReportKey(check_office_id(office), year or datetime.datetime.now().astimezone().year - 1)
    try:
        project = start_project(folder, key.office, key.year)
        scaffold(project, key, name=name)
    except OSError as error:
        raise UsageError(Message("cannot be written: {why}", why=error.strerror), where=str(folder)) from error
    click.echo(f"已建立项目 {folder}，第一个单位的标识为 {key.office}，年度 {key.year}")
    if own_wheel() is None:
        click.echo(f"make 安装 nianbao {__version__}：请把它的 wheel 文件放入 {folder}/wheels/（软件源已有的不必）")
    click.echo(
        f"接下来：cd {folder}，填写 params/{key.office}/ 和 data/{key.office}/{key.year}/，然后 make check、make report"
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
        click.echo(f"已更新 {place}")
    for place in done.removed:
        click.echo(f"已被删除，未恢复 {place}")
    for place, difference in done.changed.items():
        click.echo(f"有自己的改动，未更新 {place}：")
        click.echo(difference.rstrip("\n"))
    if not (done.written or done.changed):
        click.echo("已是最新")
    return ExitCode.FINDINGS if done.changed else ExitCode.DONE
