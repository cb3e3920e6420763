"""Owns ``nianbao ingest``.

May import: errors, model, paths; audit and ingest inside the command.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from nianbao.errors import UsageError
from nianbao.model import ReportKey
from nianbao.paths import check_office_id, find_project


@click.command(
    "ingest",
    short_help="Read published reports back into values or inputs.",
    epilog="Example: nianbao ingest report-2022.docx --office mouju --year 2022 --write",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--office", metavar="ID", help="The office's identifier in params/ (default: the file's name).")
@click.option("--year", type=int, help="The year reported on (default: as the report says).")
@click.option("--name", help="The office's full name, for a report that doesn't state it.")
@click.option("--format", "form", type=click.Choice(["json"]), default="json", show_default=True)
@click.option("--write", "wanted", is_flag=True, help="Write inputs under params/ and data/ instead of printing.")
@click.option("--overwrite", is_flag=True, help="With --write: replace inputs that are there already.")
@click.pass_obj
def command(  # noqa: PLR0913 -- click hands each option over as an argument
    start: Path,
    files: tuple[str, ...],
    office: str | None,
    year: int | None,
    name: str | None,
    form: str,  # noqa: ARG001 -- JSON is the one form so far; the option is the contract's
    *,
    wanted: bool,
    overwrite: bool,
) -> None:
    """Read published reports (text, HTML, PDF, DOCX, XLSX): files, folders or patterns.

    Prints the values with their origin as JSON (an array where there are several files), or writes inputs that
    `nianbao report` can use. What could not be read is listed; nothing is guessed.
    """
    from nianbao import ingest
    from nianbao.audit import expand

    paths = expand(files)
    if not paths:
        raise UsageError(f"no file matches {', '.join(files)}")
    found = [(path, ingest.read(path, year=year)) for path in paths]
    keyed = [(_key(path, office, year or read.year), read) for path, read in found]
    if not wanted:
        shown = [ingest.to_json(read, key) for key, read in keyed]
        click.echo(json.dumps(shown[0] if len(shown) == 1 else shown, ensure_ascii=False, indent=1))
        return
    project = find_project(start)
    for key, read in keyed:
        check_office_id(key.office)
        for written in ingest.write(project, read, key, name=name, overwrite=overwrite):
            click.echo(f"wrote {written}")
        for gap in read.gaps:
            click.echo(f"not read: {gap.message}", err=True)


def _key(path: Path, office: str | None, year: int | None) -> ReportKey:
    if year is None:
        raise UsageError("names no year", where=str(path), hint="say which year it reports on with --year")
    return ReportKey(office or path.stem, year)
