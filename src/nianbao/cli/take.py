"""``nianbao take``: edits in Word back into the narratives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.cli.offices import OFFICE
from nianbao.errors import ExitCode
from nianbao.errors.language import listed, tr
from nianbao.model import Options, Profile
from nianbao.paths import find_project

if TYPE_CHECKING:
    from nianbao.pipeline.take import Taken


@click.command(
    "take",
    epilog="Example: nianbao take panzhihua 2023 report-领导改.docx --write",
)
@click.argument("office", type=OFFICE)
@click.argument("year", type=int)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--write", "wanted", is_flag=True, help="Write the narratives; without it, only show what would be.")
@click.option(
    "--tracked",
    type=click.Choice(["accept", "list"]),
    default="accept",
    show_default=True,
    help="Tracked changes: count them as made, or list them and read the words before them.",
)
@click.option(
    "--profile",
    type=click.Choice([profile.value for profile in Profile]),
    help="With figures or without, as the edited report was made (default: as the year's parameters say).",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def command(  # noqa: PLR0913 -- click hands each option over as an argument
    start: Path, office: str, year: int, file: Path, tracked: str, profile: str | None, form: str, *, wanted: bool
) -> int:
    """Bring what was changed in FILE, the edited report.docx of OFFICE for YEAR, back into the narratives.

    Each changed sentence goes to its file and line, and references whose numbers still stand are kept. A changed number
    that comes from a table or from figures.csv is refused by its name, and so are words that the report sets by itself;
    changed cells of tables are listed with the sums that they would break. Exits 1 where something is left to do.
    """
    from nianbao.pipeline.take import take, write

    project = find_project(start)
    chosen = Profile(profile) if profile else None
    key = project.key(office, year)
    taken = take(project, key, file, Options(profile=chosen), lambda *_: None, accept=tracked == "accept")
    if wanted:
        write(project, taken.files)
    if form == "json":
        click.echo(json.dumps(taken.to_json() | {"written": wanted}, ensure_ascii=False, indent=1))
    else:
        for line in _lines(taken, accepted=tracked == "accept", written=wanted):
            click.echo(line)
    return ExitCode.DONE if taken.whole else ExitCode.FINDINGS


def _lines(taken: Taken, *, accepted: bool, written: bool) -> Iterator[str]:
    yield tr("{key}: {message}", key=taken.key, message=taken.file)
    if taken.changes:
        yield tr("Taken back into the narratives ({count}):", count=len(taken.changes))
    for change in taken.changes:
        words = " → ".join(f"“{part}”" for part in (change.before, change.after) if part)
        note = tr(" ({note})", note=change.note) if change.note else ""
        yield f"  {tr(change.kind)}  {change.path}:{change.line}  {words}{note}"
    if taken.refused:
        yield tr("Not taken back ({count}), for the reasons named:", count=len(taken.refused))
    for refused in taken.refused:
        yield "  " + tr("{where}: {what}", where=refused.place, what=f"“{tr(refused.before)}” → “{tr(refused.after)}”")
        yield f"    {tr(refused.why)}"
    yield from _cells(taken)
    yield from _notes(taken, accepted=accepted)
    if not taken.files:
        if taken.whole:
            yield tr("No changes: the document says what the report prints.")
        else:
            yield tr("The narratives need no change.")
        return
    yield ""
    for file in taken.files:
        yield file.diff.rstrip("\n")
    yield ""
    files = listed(file.path for file in taken.files)
    yield tr("wrote {path}", path=files) if written else tr("Nothing was written; --write writes {files}", files=files)


def _cells(taken: Taken) -> Iterator[str]:
    if taken.cells:
        yield tr("Cells of tables that were changed ({count}) are not written: mend the data", count=len(taken.cells))
    for cell in taken.cells:
        name = tr("{name} ({place})", name=cell.code, place=cell.place)
        where = tr(", in {path}", path=cell.source) if cell.source else ""
        yield "  " + tr("{where}: {what}", where=name, what=f"“{cell.before}” → “{cell.after}”{where}")
    for broken in taken.broken:
        line = tr(
            "then out of balance: {rule}, {line}: left {left}, right {right}",
            rule=broken.rule,
            line=broken.line,
            left=broken.left,
            right=broken.right,
        )
        yield f"  {line}" + (tr(" (a note)") if broken.tolerated else "")


def _notes(taken: Taken, *, accepted: bool) -> Iterator[str]:
    nobody = tr("(unsigned)")
    if taken.tracked:
        handled = tr("taken as accepted") if accepted else tr("listed alone, the words before them were read")
        yield tr("Tracked changes ({count}), {handled}:", count=len(taken.tracked), handled=handled)
    for note in taken.tracked:
        yield "  " + tr(
            "{where}: {what}", where=note.place, what=f"{note.author or nobody} {tr(note.kind)} “{tr(note.words)}”"
        )
    if taken.comments:
        yield tr("Comments ({count}):", count=len(taken.comments))
    for note in taken.comments:
        said = tr("{author} on “{about}”: {words}", author=note.author or nobody, about=note.about, words=note.words)
        yield "  " + tr("{where}: {what}", where=note.place, what=said)
    if taken.doubts:
        yield tr("Not certain, so for you to look at ({count}):", count=len(taken.doubts))
    for note in taken.doubts:
        doubt = tr("{where}: {what}", where=tr(note.words), what=tr(note.kind))
        yield "  " + tr("{where}: {what}", where=note.place, what=doubt)
