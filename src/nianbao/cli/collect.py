"""``nianbao collect``: take what units sent back.

May import: errors, paths; campaign inside the command.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from nianbao.errors import ExitCode
from nianbao.errors.language import tr
from nianbao.paths import find_project


@click.command(
    "collect",
    short_help="Take the workbooks and reports that an area's units sent back.",
    epilog="Example: nianbao collect inbox/ --area shi --year 2024",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE|FOLDER|ZIP...")
@click.option("--area", required=True, help="The office whose params/AREA/units.csv lists the units.")
@click.option("--year", type=int, required=True, help="The year reported on.")
@click.pass_obj
def command(start: Path, files: tuple[str, ...], area: str, year: int) -> int:
    """Take filled workbooks, and reports in Word, PDF or HTML, as the inputs of the units that they are of.

    Says of each file whose it is and whether it is new, unchanged, changed (which cells) or refused (why). What a unit
    had before is kept aside, under data/OFFICE/YEAR-另存/. Exits 1 where a file was refused.
    """
    from nianbao.campaign.collect import Collector
    from nianbao.campaign.outcomes import Taken

    collector = Collector(find_project(start), area, year)
    for office in collector.recovered:
        click.echo(tr("finished what was interrupted last time: {office}", office=office))
    count: Counter[Taken] = Counter()
    for outcome in collector.take(files):
        count[outcome.taken] += 1
        for line in outcome.lines():
            click.echo(line)
    click.echo(", ".join(f"{tr(taken.words)} {count[taken]}" for taken in Taken))
    return ExitCode.FINDINGS if count[Taken.REFUSED] else ExitCode.DONE
