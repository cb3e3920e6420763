"""``nianbao batch``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.cli.offices import OFFICE
from nianbao.cli.options import first_few, report_options
from nianbao.errors import UsageError
from nianbao.errors.language import language, tr
from nianbao.model import Options
from nianbao.paths import find_project

if TYPE_CHECKING:
    from nianbao.batch import PlannedReport


@click.command(
    "batch",
    epilog="Example: nianbao batch --office 'sh*' --year 2021-2023 --jobs 4",
)
@click.option(
    "--office",
    "offices",
    type=OFFICE,
    multiple=True,
    metavar="PATTERN",
    help="Offices, as a shell pattern. Repeatable.",
)
@click.option("--year", "years", multiple=True, metavar="YEARS", help="2023, 2021-2023 or 2021,2023. Repeatable.")
@report_options
@click.option(
    "--jobs", "-j", type=click.IntRange(min=1), help="Worker processes (default: as many as there are cores)."
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Dask's scheduler, tcp://host:8786 (default: local, a cluster of this machine).",
)
@click.option("--project", "place", metavar="ADDRESS", help="A project elsewhere: s3://bucket/prefix, or a folder.")
@click.option("--dry-run", is_flag=True, help="Say what would run, and why; run nothing.")
@click.option("--fail-fast", is_flag=True, help="Begin nothing new after the first failure.")
@click.pass_obj
def command(  # noqa: PLR0913 -- click hands each option over as an argument
    start: Path,
    offices: tuple[str, ...],
    years: tuple[str, ...],
    jobs: int | None,
    scheduler: str | None,
    place: str | None,
    *,
    options: Options,
    outputs: Path | None,
    dry_run: bool,
    fail_fast: bool,
    log_json: bool,
    quiet: bool,
) -> int:
    """Make the reports of many offices and years: all there are, unless --office and --year say which.

    Only what changed runs again; a batch that was stopped goes on where it was. One failing report never stops the
    others. Exits with the worst of what happened: 4 a fault of ours, 3 a notebook raised, 1 findings that block.
    """
    from nianbao import batch
    from nianbao.cli.progress import show_failures, show_json, showing
    from nianbao.runs.server import why_no_fork

    why_no_fork()  # where the environment asks for what there is not, to be told once, and not of each report
    place = place or str(find_project(start).root)
    with batch.listed(place) as listed:
        keys = batch.select(listed, offices, years)
    if "://" not in place:
        place = str(listed.root)
    elif outputs is not None:
        raise UsageError("--outputs goes with a project in a folder", hint="reports of an address are put back there")
    job = batch.Job(place, options, batch.software(), str(outputs.resolve()) if outputs else "", language())
    if dry_run:
        _show_plan(batch.plan(job, keys))
        return 0
    workers = batch.new_workers(min(jobs or batch.cores(), len(keys)), scheduler)
    if log_json:
        outcomes = batch.run_batch(job, keys, workers, show_json, fail_fast=fail_fast)
    elif quiet:
        outcomes = batch.run_batch(job, keys, workers, show_failures, fail_fast=fail_fast)
    else:
        with showing() as listen:
            outcomes = batch.run_batch(job, keys, workers, listen, fail_fast=fail_fast)
    return batch.exit_code(outcomes)


def _show_plan(planned: Sequence[PlannedReport]) -> None:
    for report in planned:
        key = report.key
        click.echo(tr("{key}: would run", key=key) if report.steps else tr("{key}: nothing to do", key=key))
        for step in report.steps:
            click.echo(tr("  {step} ({reasons})", step=step.name, reasons=first_few(step.reasons)))
    stale = sum(bool(report.steps) for report in planned)
    click.echo(
        tr(
            "{count} reports: {stale} to make, {fresh} as they should be",
            count=len(planned),
            stale=stale,
            fresh=len(planned) - stale,
        )
    )
