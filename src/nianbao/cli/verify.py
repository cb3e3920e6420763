"""The command ``nianbao verify``.

May import: errors, paths; the pipeline inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.cli.options import font_dir, outputs_option
from nianbao.errors import ExitCode
from nianbao.errors.language import Message, tr
from nianbao.paths import find_project

if TYPE_CHECKING:
    from nianbao.pipeline.verify import Verdict


@click.command("verify", short_help="Build again and compare bytes.", epilog="Example: nianbao verify panzhihua 2023")
@click.argument("office", required=False)
@click.argument("year", type=int, required=False)
@click.option(
    "--keep", type=click.Path(path_type=Path, file_okay=False), help="Put what was built into this folder, to look at."
)
@outputs_option
@click.option("--quiet", "-q", is_flag=True, help="Say nothing of what is the same.")
@click.pass_obj
def command(
    start: Path, office: str | None, year: int | None, keep: Path | None, outputs: Path | None, *, quiet: bool
) -> int:
    """Build the report of OFFICE for YEAR again (of all its years, or every report) and compare it with its SHA256SUMS.

    It is built in an empty folder, without the store, as the year's parameters say. Exits 1 where a file differs and
    says what in it differs: the cell, the key, the paragraph, the page.
    """
    from nianbao.pipeline.verify import recorded, verify

    project = find_project(start, outputs)
    worst = ExitCode.DONE
    for verdict in verify(project, recorded(project, office, year), lambda _step, _why: None, keep, font_dir()):
        if not (quiet and verdict.same):
            click.echo("\n".join(_lines(verdict)), err=verdict.error is not None)
        worst = max(worst, _code(verdict))
    return worst


def _code(verdict: Verdict) -> ExitCode:
    if verdict.error is not None:
        return verdict.error.exit_code
    return ExitCode.DONE if verdict.same else ExitCode.FINDINGS


def _lines(verdict: Verdict) -> list[str]:
    if verdict.error is not None:
        return [tr("{key}: cannot be built: {why}", key=verdict.key, why=verdict.error.told())]
    if verdict.same:
        return [tr("{key}: same ({count} files)", key=verdict.key, count=verdict.compared)]
    differing = Message(
        "{key}: {differing} of {count} files differ",
        key=verdict.key,
        differing=len(verdict.differences),
        count=verdict.compared,
    )
    lines = [tr(differing)]
    for difference in verdict.differences:
        lines.append(f"  {difference.name} {tr(difference.what)}{':' if difference.details else ''}")
        lines += [f"    {tr(detail)}" for detail in difference.details]
    return lines
