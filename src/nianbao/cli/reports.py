"""``nianbao report``: make one report.

May import: errors, model, paths; the pipeline inside the command.
"""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.cli.options import font_dir, formats_named, shortened
from nianbao.model import Profile, Published
from nianbao.paths import find_project


@click.command(
    "report",
    short_help="Make one report.",
    epilog="Example: nianbao report panzhihua 2023 --to pdf,docx",
)
@click.argument("office")
@click.argument("year", type=int)
@click.option("--to", "formats", help="Formats, joined by commas: html,pdf,docx,xlsx (default: all).")
@click.option(
    "--profile",
    type=click.Choice([profile.value for profile in Profile]),
    help="With figures or without (default: as params/OFFICE/YEAR.yaml says).",
)
@click.option("--draft", is_flag=True, help="Make it although findings block it, marked 草稿 on every page.")
@click.option("--no-store", is_flag=True, help="Run everything again, whatever was stored.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
@click.pass_obj
def command(  # noqa: PLR0913 -- click hands each option over as an argument
    start: Path,
    office: str,
    year: int,
    formats: str | None,
    profile: str | None,
    *,
    draft: bool,
    no_store: bool,
    quiet: bool,
) -> None:
    """Make the report of OFFICE for YEAR in outputs/OFFICE/YEAR/.

    Only what changed runs again; each step that runs says why.
    """
    from nianbao.pipeline import FORMATS, KEPT_ASIDE, Options, make_report, project_store
    from nianbao.pipeline.checking import ChecksAside

    project = find_project(start)
    key = project.key(office, year)
    chosen = Profile(profile) if profile else None
    options = Options(formats_named(formats, FORMATS), chosen, draft, not no_store, font_dir())
    store = project_store(project) if options.store else None

    def tell(step: str, reasons: tuple[str, ...]) -> None:
        if reasons and (not quiet or step == KEPT_ASIDE):
            shown = ", ".join(reasons) if step == KEPT_ASIDE else shortened(reasons)
            click.echo(f"  {step} ({shown})", err=True)

    with ChecksAside(project, store, [key]) as checks:
        published, outcome = make_report(project, key, options, checks, tell)
    if not quiet:
        if outcome.standing:
            click.echo(outcome.text.rstrip())
        click.echo(_summary(project.relative(published.folder), published))


def _summary(folder: str, published: Published) -> str:
    documents = [name for name in published.files if name.startswith(("report", "tables"))]
    return f"{published.key}: {folder}/ ({', '.join(sorted(documents))})"
