"""``nianbao compare``: reports side by side.

May import: errors, paths, cli.options; the comparison inside the command.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.cli.options import put
from nianbao.errors import UsageError
from nianbao.errors.language import Message
from nianbao.paths import Project, find_project

if TYPE_CHECKING:
    from nianbao.site.comparison.values import Comparison

_FORMATS = ("text", "json", "xlsx", "html")
_CALLS = Message("nianbao compare OFFICE YEAR YEAR, or nianbao compare YEAR --office OFFICE --office OFFICE")


@click.command(
    "compare",
    short_help="Put two years of an office, or several offices, side by side.",
    epilog="Example: nianbao compare shili 2022 2023 --format html",
)
@click.argument("words", nargs=-1, required=True, metavar="[OFFICE] YEAR [YEAR]")
@click.option("--office", "offices", multiple=True, metavar="PATTERN", help="Offices to compare in YEAR (shi*).")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option(
    "--into", type=click.Path(path_type=Path, dir_okay=False), help="Write there (xlsx, html: a default name)."
)
@click.pass_obj
def command(start: Path, words: tuple[str, ...], offices: tuple[str, ...], form: str, into: Path | None) -> None:
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
