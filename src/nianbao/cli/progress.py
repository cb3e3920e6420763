"""How a batch is shown while it goes: a bar on a terminal, plain lines elsewhere, JSON lines for tools."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from nianbao.batch.outcomes import (
    Begun,
    Ended,
    Event,
    Finished,
    Listen,
    Result,
    Started,
    TaskOutcome,
    as_json,
    exit_code,
)
from nianbao.cli.options import first_few
from nianbao.errors.language import Message, listed, tr
from nianbao.pipeline import KEPT_ASIDE


def show_json(event: Event) -> None:
    """One line of JSON on standard output."""
    click.echo(as_json(event))


def show_failures(event: Event) -> None:
    """The table at the end on standard error, where a report failed; nothing else."""
    if isinstance(event, Ended) and exit_code(event.outcomes):
        click.echo(summary(event.outcomes, event.seconds), err=True)


@contextmanager
def showing() -> Iterator[Listen]:
    """The listener for people: a moving bar where standard error is a terminal, a line for each report elsewhere."""
    if not sys.stderr.isatty():
        yield _show_line
        return
    with _bar() as listen:
        yield listen


def _show_line(event: Event) -> None:
    match event:
        case Begun(reports, workers):
            click.echo(tr("{reports} reports, {workers} at a time", reports=reports, workers=workers), err=True)
        case Finished(outcome, done, total):
            click.echo(f"[{done}/{total}] {_line(outcome)}", err=True)
        case Ended(outcomes, seconds):
            click.echo(summary(outcomes, seconds))


@contextmanager
def _bar() -> Iterator[Listen]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    console = Console(stderr=True, highlight=False)
    ended: list[Ended] = []
    running: dict[str, None] = {}
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=None)

        def listen(event: Event) -> None:
            match event:
                case Begun(reports):
                    progress.update(bar, total=reports)
                case Started(key):
                    running[str(key)] = None
                case Finished(outcome):
                    running.pop(str(outcome.key), None)
                    progress.advance(bar)
                    if outcome.result.failed:
                        progress.print(escape(_line(outcome)), style="red")
                case Ended():
                    ended.append(event)
            shown = listed([*running][:3]) + ("…" if len(running) > 3 else "")
            progress.update(bar, description=escape(shown))

        try:
            yield listen
        finally:
            progress.stop()
            for event in ended:
                click.echo(summary(event.outcomes, event.seconds))


# How a line of its own says what the table at the end says longer.
_SHORT = {
    Result.DRAFT: Message("draft"),
    Result.BLOCKED: Message("blocked"),
    Result.NOTEBOOK: Message("notebook"),
    Result.FAULT: Message("fault"),
}


def _line(outcome: TaskOutcome) -> str:
    result = _SHORT.get(outcome.result, outcome.result.words)
    line = tr("{key}: {result} in {seconds:.2f} s", key=outcome.key, result=result, seconds=outcome.seconds)
    if outcome.attempts > 1:
        line += tr(", attempt {count}", count=outcome.attempts)
    if outcome.steps and not outcome.result.failed:
        line += tr(" ({steps})", steps=first_few([step.name for step in outcome.steps]))
    return line + (tr(": {why}", why=outcome.message.splitlines()[0]) if outcome.message else "")


def summary(outcomes: Sequence[TaskOutcome], seconds: float) -> str:
    """The table at the end: how many reports ended in which way, and each failure with its message and evidence."""
    counts = {result: sum(outcome.result is result for outcome in outcomes) for result in Result}
    lines = [f"{count:>6}  {tr(result.words)}" for result, count in counts.items() if count]
    lines.append(f"{len(outcomes):>6}  " + tr("reports in {seconds:.1f} s", seconds=seconds))
    for result in (Result.BLOCKED, Result.NOTEBOOK, Result.FAULT):
        failed = [outcome for outcome in outcomes if outcome.result is result]
        if failed:
            lines += ["", tr("{what}:", what=result.words)]
        for outcome in failed:
            message = "\n      ".join(outcome.message.splitlines()) or tr("no message")
            lines.append("  " + tr("{key}: {message}", key=outcome.key, message=message))
            if outcome.evidence and outcome.evidence not in outcome.message:
                lines.append("      " + tr("evidence: {place}", place=outcome.evidence))
    steps = (step for outcome in outcomes for step in outcome.steps)
    if kept := [name for step in steps if step.name == KEPT_ASIDE for name in step.reasons]:
        lines += ["", tr("kept aside, for people had left it in a report's folder:"), *(f"  {name}" for name in kept)]
    if any(outcome.result is Result.NOT_RUN for outcome in outcomes):
        lines += ["", tr("stopped; the same command goes on from here")]
    return "\n".join(lines)
