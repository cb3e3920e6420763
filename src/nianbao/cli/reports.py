"""``nianbao report``: make one report.

May import: errors, model, paths; the pipeline, and a batch's events, inside the command.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.cli.options import report_options, shortened, step_words
from nianbao.errors import NianbaoError
from nianbao.errors.language import tr
from nianbao.model import Options, Published, ReportKey
from nianbao.paths import Project, find_project

if TYPE_CHECKING:
    from nianbao.pipeline import Tell
    from nianbao.pipeline.checking import Outcome

Make = Callable[["Tell"], "tuple[Published, Outcome]"]


@click.command(
    "report",
    short_help="Make one report.",
    epilog="Example: nianbao report panzhihua 2023 --to pdf,docx",
)
@click.argument("office")
@click.argument("year", type=int)
@report_options
@click.pass_obj
def command(
    start: Path, office: str, year: int, *, options: Options, outputs: Path | None, log_json: bool, quiet: bool
) -> None:
    """Make the report of OFFICE for YEAR in outputs/OFFICE/YEAR/.

    Only what changed runs again; each step that runs says why.
    """
    from nianbao.pipeline import KEPT_ASIDE, make_report, project_store
    from nianbao.pipeline.checking import ChecksAside

    project = find_project(start, outputs)
    key = project.key(office, year)
    store = project_store(project) if options.store else None

    def tell(step: str, reasons: tuple[str, ...]) -> None:
        if reasons and (not quiet or step == KEPT_ASIDE):
            shown = ", ".join(reasons) if step == KEPT_ASIDE else shortened(reasons)
            click.echo(tr("  {step} ({reasons})", step=step_words(step), reasons=shown), err=True)

    with ChecksAside(project, store, [key]) as checks:
        if log_json:
            _make_with_events(key, options, lambda tell: make_report(project, key, options, checks, tell))
            return
        published, outcome = make_report(project, key, options, checks, tell)
    if not quiet:
        if outcome.standing:
            click.echo(outcome.text.rstrip())
        click.echo(_summary(project, published))


def _make_with_events(key: ReportKey, options: Options, make: Make) -> None:
    """Make the report and print the events that a batch of this one would print; raises what making it raises."""
    from time import perf_counter

    from nianbao.batch import Result, StepClock, TaskOutcome
    from nianbao.batch.outcomes import Begun, Ended, Finished, Started, Stepped, as_json

    click.echo(as_json(Begun(1, 1)))
    click.echo(as_json(Started(key)))
    began, clock, message = perf_counter(), StepClock(), ""
    result = Result.FAULT
    try:
        published, _ = make(clock.tell)
        made = Result.DRAFT if options.draft else Result.MADE
        result = made if published.changed else Result.UNCHANGED
    except BaseException as error:
        result = Result.of(error)
        message = error.told() if isinstance(error, NianbaoError) else str(error)
        raise
    finally:
        seconds = perf_counter() - began
        outcome = TaskOutcome(key, result, seconds, clock.done(), message)
        for step in outcome.steps:
            click.echo(as_json(Stepped(key, step)))
        click.echo(as_json(Finished(outcome, 1, 1)))
        click.echo(as_json(Ended((outcome,), seconds)))


def _summary(project: Project, published: Published) -> str:
    documents = [name for name in published.files if name.startswith(("report", "tables"))]
    return tr(
        "{key}: {folder}/ ({files})",
        key=published.key,
        folder=project.relative(published.folder),
        files=", ".join(sorted(documents)),
    )
