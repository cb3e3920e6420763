"""Owns ``nianbao lint``.

May import: errors, paths; runs inside the command.
"""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.errors import ExitCode
from nianbao.paths import find_project


@click.command("lint", epilog="Example: nianbao lint")
@click.pass_obj
def command(start: Path) -> int:
    """Check the section notebooks: no outputs, a parameters cell, no absolute path, no office named, no import of
    ours other than nianbao.section.
    """
    from nianbao.runs.lint import lint

    problems = lint(find_project(start))
    for problem in problems:
        click.echo(problem)
    if not problems:
        click.echo("notebooks: nothing to complain about")
    return ExitCode.FINDINGS if problems else ExitCode.DONE
