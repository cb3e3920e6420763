"""``nianbao preview``: a report in the browser that follows every save.

May import: errors, model, paths; the preview inside the command.
"""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from nianbao.cli.options import font_dir, has_screen
from nianbao.errors.language import language, tr
from nianbao.model import Profile
from nianbao.paths import find_project

_PORT = 8765


@click.command(
    "preview",
    short_help="Show a report in the browser, and follow every save.",
    epilog="Example: nianbao preview shili 2023 --profile illustrated",
)
@click.argument("office")
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
def command(start: Path, office: str, year: int, profile: str | None, *, port: int, no_open: bool) -> None:
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
