"""``nianbao bench`` and ``nianbao lint``, for those who change notebooks or code; measures stand in benchmarks/."""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.errors import ExitCode, UsageError
from nianbao.errors.language import tr
from nianbao.model import Profile
from nianbao.paths import find_project


@click.group(
    "bench",
    epilog="Example: nianbao bench make 100",
)
def bench() -> None:
    """Made-up projects of any size, to measure with."""


@bench.command("make", epilog="Example: nianbao bench make 100 --into ../hundred")
@click.argument("count", type=click.IntRange(min=1), metavar="N")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="A new or empty folder (default: .nianbao/bench-N of this project, which git leaves out).",
)
@click.option(
    "--profile",
    type=click.Choice([profile.value for profile in Profile]),
    default=Profile.ILLUSTRATED.value,
    show_default=True,
)
@click.pass_obj
def make(start: Path, count: int, into: Path | None, profile: str) -> None:
    """Write a project of N made-up office-years, with this project's notebooks and suites.

    60 are twenty offices with three years each.
    All of them balance; the same N always gives the same files.
    """
    from nianbao.inputs.invented import invented_keys, invented_project

    project = find_project(start)
    into = into or project.state / f"bench-{count}"
    if into.is_dir() and any(into.iterdir()):
        raise UsageError("the folder is not empty", where=str(into), hint="name a new one")
    keys = invented_keys(count)
    invented_project(project, into.resolve(), keys, profile)
    offices = len({key.office for key in keys})
    click.echo(tr("{folder}: {count} office-years of {offices} offices", folder=into, count=count, offices=offices))


@click.command("lint", epilog="Example: nianbao lint")
@click.pass_obj
def lint(start: Path) -> int:
    """Check the section notebooks: no outputs, a parameters cell, no absolute path, no office named, no import of
    ours other than nianbao.section. And the lists of units: unknown offices, circles, a unit twice, reasons left out.
    """
    from nianbao.inputs.units import list_problems
    from nianbao.runs.lint import lint as problems_of

    project = find_project(start)
    problems = [*(problem.told() for problem in problems_of(project)), *list_problems(project)]
    for problem in problems:
        click.echo(problem)
    if not problems:
        click.echo(tr("notebooks and lists of units: nothing to complain about"))
    return ExitCode.FINDINGS if problems else ExitCode.DONE
