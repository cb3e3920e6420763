"""``nianbao report``, ``verify`` and ``preview``: one report made, made again, and shown while it is written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from nianbao.cli.offices import OFFICE
from nianbao.cli.options import first_few, font_dir, has_screen, outputs_option, report_options
from nianbao.errors import ExitCode
from nianbao.errors.language import Message, language, listed, tr
from nianbao.model import Options, Profile, Published, ReportKey
from nianbao.paths import Project, find_project

if TYPE_CHECKING:
    from nianbao.pipeline import Tell
    from nianbao.pipeline.checking import Outcome
    from nianbao.pipeline.verify import Verdict


Make = Callable[["Tell"], "tuple[Published, Outcome]"]


@click.command(
    "report",
    epilog="Example: nianbao report panzhihua 2023 --to pdf,docx",
)
@click.argument("office", type=OFFICE)
@click.argument("year", type=int)
@report_options
@click.pass_obj
def report(
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
            shown = listed(reasons) if step == KEPT_ASIDE else first_few(reasons)
            click.echo(tr("  {step} ({reasons})", step=step, reasons=shown), err=True)

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
        message = str(error)
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
        files=sorted(documents),
    )


@click.command("verify", epilog="Example: nianbao verify panzhihua 2023")
@click.argument("office", required=False, type=OFFICE)
@click.argument("year", type=int, required=False)
@click.option(
    "--keep", type=click.Path(path_type=Path, file_okay=False), help="Put what was built into this folder, to look at."
)
@outputs_option
@click.option("--quiet", "-q", is_flag=True, help="Say nothing of what is the same.")
@click.pass_obj
def verify_reports(
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
            click.echo("\n".join(_verdict_lines(verdict)), err=verdict.error is not None)
        worst = max(worst, _verdict_code(verdict))
    return worst


def _verdict_code(verdict: Verdict) -> ExitCode:
    if verdict.error is not None:
        return verdict.error.exit_code
    return ExitCode.DONE if verdict.same else ExitCode.FINDINGS


def _verdict_lines(verdict: Verdict) -> list[str]:
    if verdict.error is not None:
        return [tr("{key}: cannot be built: {why}", key=verdict.key, why=verdict.error)]
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


_PORT = 8765


@click.command(
    "preview",
    epilog="Example: nianbao preview shili 2023 --profile illustrated",
)
@click.argument("office", type=OFFICE)
@click.argument("year", type=int)
@click.option(
    "--profile",
    type=click.Choice([profile.value for profile in Profile]),
    help="With figures or without (default: as params/OFFICE/YEAR.yaml says).",
)
@click.option(
    "--port", type=click.IntRange(1024, 65535), default=_PORT, show_default=True, help="The first port tried."
)
@click.option("--no-open", is_flag=True, help="Print the address; open no browser.")
@click.pass_obj
def preview_report(start: Path, office: str, year: int, profile: str | None, *, port: int, no_open: bool) -> None:
    """Make the report of OFFICE for YEAR, show it in the browser, and make it again on every save.

    Nothing in outputs/ changes: `nianbao report` makes the report itself.
    """
    import webbrowser

    from nianbao.pipeline import Options
    from nianbao.preview import preview

    project = find_project(start)
    key = project.key(office, year)

    def opened(address: str) -> None:
        click.echo(tr("preview of {key}: {address}", key=key, address=address))
        chosen = urlsplit(address).port
        if chosen != port:
            click.echo("  " + tr("port {port} is in use: {other} instead", port=port, other=chosen))
        click.echo("  " + tr("it follows every save; Ctrl-C ends it"))
        sys.stdout.flush()
        if not no_open and has_screen():
            webbrowser.open(address)

    options = Options(profile=Profile(profile) if profile else None, font_dir=font_dir())
    preview(project, key, options, port=port, language=language(), opened=opened)
    click.echo(tr("the preview has ended"))
