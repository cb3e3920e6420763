"""The command ``nianbao trace``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.cli.offices import OFFICE
from nianbao.cli.options import outputs_option
from nianbao.cli.translated import padded
from nianbao.errors.language import Message, either, tr
from nianbao.paths import find_project

if TYPE_CHECKING:
    from nianbao.pipeline.trace import Trace

_MARGIN = 13
_MOST_CASES = 20


@click.command(
    "trace",
    epilog="Example: nianbao trace panzhihua 2023 applications.new.total",
)
@click.argument("office", type=OFFICE)
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
    value = tr("(blank)") if found.value is None else found.value
    click.echo(f"{found.ref} = {value}  ({found.office} {found.year})")
    for title, lines in _parts(found):
        for index, line in enumerate(lines):
            click.echo(padded(tr(title) if index == 0 else "", _MARGIN) + tr(line))


# What a place consists of, as ``Trace.place`` calls it.
_PLACES = {
    "section": Message("section"),
    "table": Message("table"),
    "row": Message("row"),
    "column": Message("column"),
    "figure": Message("figure"),
    "ledger": Message("register"),
    "unit": Message("unit"),
    "note": Message("note"),
}


def _parts(found: Trace) -> Iterator[tuple[str, list[str]]]:
    yield (
        Message("is"),
        [Message("{name}: {text}", name=_PLACES[name], text=text) for name, text in found.place.items()],
    )
    yield Message("read from"), _origin(found)
    if found.summed is not None:
        yield Message("summed of"), _summed(found)
    if found.cases is not None:
        yield Message("counts"), _cases(found)
    yield Message("shown by"), _shown(found)
    yield Message("stated in"), _stated(found) or [Message("no narrative refers to it")]
    read_by = Message("read by {steps}", steps=found.read_by)
    yield Message("its file is"), [read_by if found.read_by else Message("not known to be read")]
    rules = [f"{rule.id} ({rule.year}): {tr(rule.says)}" for rule in found.rules]
    yield Message("checked by"), rules or [Message("no balance of the form")]
    yield Message("findings"), _findings(found)


def _cases(found: Trace) -> list[str]:
    """The lines of the register that it counts, by id: what applicants wrote is not shown."""
    cases = found.cases or ()
    shown = [f"{case.place}  {case.id}" for case in cases[:_MOST_CASES]]
    if len(cases) > _MOST_CASES:
        shown.append(Message("and {count} more (--format json lists all)", count=len(cases) - _MOST_CASES))
    return [Message("{count} requests of the register", count=len(cases)), *shown]


def _origin(found: Trace) -> list[str]:
    if found.origin is None:
        by_register = found.ref.startswith("ledger.")
        return [Message("the register of requests") if by_register else Message("nothing was given for it")]
    digest = f"  sha256 {found.origin.sha256}"
    known = {
        True: Message("{digest}, as when the report was made", digest=digest),
        False: Message("{digest}, CHANGED since the report was made", digest=digest),
        None: digest,
    }
    return [str(found.origin), f"  {found.origin.raw}", known[found.origin.as_made]]


def _summed(found: Trace) -> list[str]:
    summed = found.summed
    if summed is None:
        return []
    total = Message("nothing") if summed.value is None else str(summed.value)
    lines: list[str] = [Message("{total}, all {count} units", total=total, count=len(summed.units))]
    if not summed.complete:
        lines = [Message("{total}, INCOMPLETE: not all {count} units", total=total, count=len(summed.units))]
    for unit in summed.units:
        if unit.origin is None:
            lines.append(Message("{name} ({office}): missing", name=unit.name, office=unit.office))
        else:
            lines += [f"{unit.name} ({unit.office}): {unit.value}  {unit.origin}", f"  {unit.origin.raw}"]
    return [*lines, *(Message("adjusted {words}", words=words) for words in summed.adjusted)]


def _stated(found: Trace) -> list[str]:
    lines = []
    for stated in found.stated:
        lines.append(f"{stated.path}:{stated.line}  {' '.join(stated.written)}")
        lines += [f"  {read}" for read in stated.reads]
    return lines


def _shown(found: Trace) -> list[str]:
    lines: list[str] = []
    for shown in found.shown:
        at = Message("{where}, cell {cell}", where=shown.notebook, cell=shown.cell)
        lines.append(Message("{where}: {what}", where=at, what=shown.source.splitlines()[-1]))
        there = Message("{where}, cell {cell}", where=shown.executed, cell=shown.executed_cell)
        lines.append(Message("  as {printed} in {where}", printed=shown.printed, where=there))
    if not (lines or found.stated) and not {"figure", "ledger"}.isdisjoint(found.place):
        return [Message("no cell: only a narrative that refers to a figure shows it")]
    if not lines and found.read_by:
        return [Message("no cell of the last run: {advice}", advice=_again(found))]
    return lines or [Message("not known: {advice}", advice=_again(found))]


def _again(found: Trace) -> Message:
    return Message("make the report again: nianbao report {office} {year}", office=found.office, year=found.year)


def _findings(found: Trace) -> list[str]:
    if found.findings is None:
        return [Message("not known: nianbao check {office} {year}", office=found.office, year=found.year)]
    told = [
        f"{item['rule']} ({item['year']}, {item['state']}): {either(item['message'], item['message_en'])}"
        for item in found.findings
    ]
    return told or [Message("none")]
