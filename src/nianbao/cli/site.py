"""``nianbao site``: a static portal of all reports.

May import: paths, cli.options; the portal inside the command.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import click

from nianbao.cli.options import outputs_option
from nianbao.errors.language import tr
from nianbao.paths import find_project, select, select_offices

_MOST = 20


def _address(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    address = urlsplit(value)
    if value and (address.scheme not in {"http", "https"} or not address.netloc or address.query or address.fragment):
        raise click.BadParameter(f"{value!r} is no address of a folder on a server, as https://example.org/reports/ is")
    return value


@click.command(
    "site", short_help="Build a static portal of all reports.", epilog="Example: nianbao site --into outputs/portal"
)
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="The folder (default: portal/ here).")
@click.option("--office", "offices", multiple=True, metavar="PATTERN", help="Only these offices (shi*).")
@click.option("--year", "years", multiple=True, metavar="YEARS", help="Only these years (2023, 2021-2023).")
@click.option(
    "--base-url", "base", default="", callback=_address, metavar="URL", help="Where it will stand (https://…/reports/)."
)
@outputs_option
@click.pass_obj
def command(
    start: Path,
    into: Path | None,
    offices: tuple[str, ...],
    years: tuple[str, ...],
    base: str,
    outputs: Path | None,
) -> None:
    """Build a portal of the finished reports: a start page, a page for each office, year and report, search, data.

    It is plain files: open index.html, or put the folder anywhere on a server. With --base-url it gets a feed, a site
    map and canonical addresses too, which must be whole. Run it again after reports have changed: what has not changed
    is taken over, and what was written is said with the reason.
    """
    from nianbao.site import build_site

    project = find_project(start, outputs)
    keys, areas = select(project, offices, years), select_offices(project, offices)
    built = build_site(project, keys, into or project.root / "portal", areas, base)
    for path, why in built.changes[:_MOST]:
        click.echo(f"  {path} ({tr(why)})", err=True)
    if len(built.changes) > _MOST:
        click.echo("  " + tr("… and {count} more files", count=len(built.changes) - _MOST), err=True)
    portal = built.portal
    counts = tr(
        "reports {reports}, offices {offices}, years {years}, missing {missing}; files written {written}",
        reports=len(portal.entries),
        offices=len(portal.offices),
        years=len(portal.years),
        missing=len(portal.missing),
        written=len(built.changes),
    )
    click.echo(tr("{where}: {what}", where=built.folder / "index.html", what=counts))
