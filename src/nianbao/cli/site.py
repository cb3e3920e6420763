"""``nianbao site`` and ``nianbao compare``: the portal of all reports, and reports side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from nianbao.cli.offices import OFFICE
from nianbao.cli.options import outputs_option, put
from nianbao.errors import UsageError
from nianbao.errors.language import Message, tr
from nianbao.paths import Project, find_project, select, select_offices

if TYPE_CHECKING:
    from nianbao.site.comparison.values import Comparison


_MOST = 20


def _address(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    address = urlsplit(value)
    if value and (address.scheme not in {"http", "https"} or not address.netloc or address.query or address.fragment):
        raise click.BadParameter(
            tr("{value!r} is no address of a folder on a server, as https://example.org/reports/ is", value=value)
        )
    return value


@click.command("site", epilog="Example: nianbao site --into outputs/portal")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="The folder (default: portal/ here).")
@click.option("--office", "offices", type=OFFICE, multiple=True, metavar="PATTERN", help="Only these offices (shi*).")
@click.option("--year", "years", multiple=True, metavar="YEARS", help="Only these years (2023, 2021-2023).")
@click.option(
    "--base-url", "base", default="", callback=_address, metavar="URL", help="Where it will stand (https://…/reports/)."
)
@outputs_option
@click.pass_obj
def site(
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
        click.echo(tr("  {step} ({reasons})", step=path, reasons=why), err=True)
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


_FORMATS = ("text", "json", "xlsx", "html")
_CALLS = Message("nianbao compare OFFICE YEAR YEAR, or nianbao compare YEAR --office OFFICE --office OFFICE")


@click.command(
    "compare",
    epilog="Example: nianbao compare shili 2022 2023 --format html",
)
@click.argument("words", nargs=-1, required=True, metavar="[OFFICE] YEAR [YEAR]", type=OFFICE)
@click.option(
    "--office", "offices", type=OFFICE, multiple=True, metavar="PATTERN", help="Offices to compare in YEAR (shi*)."
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option(
    "--into", type=click.Path(path_type=Path, dir_okay=False), help="Write there (xlsx, html: a default name)."
)
@click.pass_obj
def compare(start: Path, words: tuple[str, ...], offices: tuple[str, ...], form: str, into: Path | None) -> None:
    """Compare OFFICE's reports of two years, or the reports of several offices in one YEAR.

    Shows tables 2 to 4 cell by cell with differences and rates, the counts of the narrative, the words of each section
    with what is new, changed or gone, and the office over all its years. Cells that one edition of the form lacks are
    named and not compared; what is not stated is never taken for zero.
    """
    found = _compared(find_project(start), words, offices)
    if form in {"xlsx", "html"}:
        put(into or Path(f"{_file_title(found)}.{form}"), _made(found, form))
    elif form == "json":
        from nianbao.site.comparison.told import as_json

        put(into, json.dumps(as_json(found), ensure_ascii=False, indent=1))
    else:
        from nianbao.site.comparison.told import as_text

        put(into, "\n".join(as_text(found)))


def _compared(project: Project, words: tuple[str, ...], offices: tuple[str, ...]) -> Comparison:
    from nianbao.site.comparison.compare import compare_offices, compare_years

    years = [int(word) for word in words if word.isascii() and word.isdigit()]
    if len(words) == 3 and len(years) >= 2 and not offices:
        return compare_years(project, words[0], _year(words[1]), _year(words[2]))
    if len(words) == 1 and offices:
        return compare_offices(project, _year(words[0]), offices)
    raise UsageError("compare takes an office and two years, or one year and --office", hint=_CALLS)


def _year(word: str) -> int:
    if not (word.isascii() and word.isdigit()):
        raise UsageError(Message("{word!r} is no year", word=word), hint=_CALLS)
    return int(word)


def _made(found: Comparison, form: str) -> bytes:
    if form == "xlsx":
        from nianbao.site.comparison.workbook import as_workbook

        return as_workbook(found)
    from nianbao.site.comparison.page import as_page

    return as_page(found)


def _file_title(found: Comparison) -> str:
    """A file's name as people give it; of many offices the first and how many."""
    if found.by == "offices" and len(found.reports) > 2:
        return f"{found.reports[0].office}等{len(found.reports)}个单位{found.reports[0].key.year}年年度报告对比"
    return found.title.replace("：", " ")
