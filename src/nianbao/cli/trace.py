"""The command ``nianbao trace``.

May import: paths; the pipeline inside the command.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.cli.options import outputs_option
from nianbao.paths import find_project

if TYPE_CHECKING:
    from nianbao.pipeline.trace import Trace

_MARGIN = 13
_MOST_CASES = 20


@click.command(
    "trace",
    short_help="Tell where a number came from.",
    epilog="Example: nianbao trace panzhihua 2023 applications.new.total",
)
@click.argument("office")
@click.argument("year", type=int)
@click.argument("number")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@outputs_option
@click.pass_obj
def command(start: Path, office: str, year: int, number: str, form: str, outputs: Path | None) -> None:
    """Print the way from a printed NUMBER in the report of OFFICE for YEAR back to file and line.

    NUMBER is called as narratives call it: applications.new.total, figures.website, ledger.late,
    last.review.reconsideration.total. Where the office has a register of requests, the way ends in its lines.
    """
    from nianbao.pipeline.trace import trace

    project = find_project(start, outputs)
    found = trace(project, project.key(office, year), number)
    if form == "json":
        click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
        return
    click.echo(f"{found.ref} = {'(blank)' if found.value is None else found.value}  ({found.office} {found.year})")
    for title, lines in _parts(found):
        for index, line in enumerate(lines):
            click.echo(f"{title if index == 0 else '':<{_MARGIN}}{line}")


def _parts(found: Trace) -> Iterator[tuple[str, list[str]]]:
    yield "is", [f"{name}: {text}" for name, text in found.place.items()]
    yield "read from", _origin(found)
    if found.summed is not None:
        yield "summed of", _summed(found)
    if found.cases is not None:
        yield "counts", _cases(found)
    yield "shown by", _shown(found)
    yield "stated in", _stated(found) or ["no narrative refers to it"]
    yield "its file is", [f"read by {', '.join(found.read_by)}" if found.read_by else "not known to be read"]
    yield "checked by", [f"{rule.id} ({rule.year}): {rule.says}" for rule in found.rules] or ["no balance of the form"]
    yield "findings", _findings(found)


def _cases(found: Trace) -> list[str]:
    """The lines of the register that it counts, by id: what applicants wrote is not shown."""
    cases = found.cases or ()
    shown = [f"{case.place}  {case.id}" for case in cases[:_MOST_CASES]]
    more = [f"and {len(cases) - _MOST_CASES} more (--format json lists all)"] if len(cases) > _MOST_CASES else []
    return [f"{len(cases)} requests of the register", *shown, *more]


def _origin(found: Trace) -> list[str]:
    if found.origin is None:
        return ["the register of requests" if found.ref.startswith("ledger.") else "nothing was given for it"]
    known = {True: ", as when the report was made", False: ", CHANGED since the report was made", None: ""}
    return [str(found.origin), f"  {found.origin.raw}", f"  sha256 {found.origin.sha256}{known[found.origin.as_made]}"]


def _summed(found: Trace) -> list[str]:
    summed = found.summed
    if summed is None:
        return []
    total = "nothing" if summed.value is None else str(summed.value)
    lines = [f"{total}, {'all' if summed.complete else 'INCOMPLETE: not all'} {len(summed.units)} units"]
    for unit in summed.units:
        if unit.origin is None:
            lines.append(f"{unit.name} ({unit.office}): missing")
        else:
            lines += [f"{unit.name} ({unit.office}): {unit.value}  {unit.origin}", f"  {unit.origin.raw}"]
    return [*lines, *(f"adjusted {words}" for words in summed.adjusted)]


def _stated(found: Trace) -> list[str]:
    lines = []
    for stated in found.stated:
        lines.append(f"{stated.path}:{stated.line}  {' '.join(stated.written)}")
        lines += [f"  {read}" for read in stated.reads]
    return lines


def _shown(found: Trace) -> list[str]:
    lines = []
    for shown in found.shown:
        lines.append(f"{shown.notebook}, cell {shown.cell}: {shown.source.splitlines()[-1]}")
        lines.append(f"  as {shown.printed} in {shown.executed}, cell {shown.executed_cell}")
    if not (lines or found.stated) and not {"figure", "ledger"}.isdisjoint(found.place):
        return ["no cell: only a narrative that refers to a figure shows it"]
    if not lines and found.read_by:
        return [f"no cell of the last run: make the report again (nianbao report {found.office} {found.year})"]
    return lines or [f"not known: make the report (nianbao report {found.office} {found.year})"]


def _findings(found: Trace) -> list[str]:
    if found.findings is None:
        return [f"not known: nianbao check {found.office} {found.year}"]
    return [f"{item['rule']} ({item['year']}, {item['state']}): {item['message']}" for item in found.findings] or [
        "none"
    ]
