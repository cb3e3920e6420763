"""``nianbao help`` and ``nianbao completion``: the pages of the manual offline, and completion for shells.

May import: errors, paths, and the table of commands.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from nianbao.cli.commands import COMMANDS, cli
from nianbao.errors import UnknownNameError
from nianbao.errors.language import language, tr
from nianbao.paths import shipped


@click.command("help", epilog="Example: nianbao help clerks")
@click.argument("topic", required=False)
@click.pass_context
def show(context: click.Context, topic: str | None) -> None:
    """Show a page of the manual, or a command's help; without TOPIC, list both. Needs no network."""
    pages = {path.name.split(".")[0]: None for path in sorted((shipped() / "docs").glob("*.md"))}
    if topic is None:
        click.echo(tr("pages: {pages}", pages=", ".join(pages)))
        click.echo(tr("commands: {commands}", commands=", ".join(COMMANDS)))
    elif topic in pages:
        path = _page(topic)
        text = path.read_text(encoding="utf-8")
        click.echo_via_pager(text) if sys.stdout.isatty() else click.echo(text)
    elif command := cli.get_command(context, topic):
        with click.Context(command, info_name=topic, parent=context.find_root()) as its:
            click.echo(command.get_help(its))
    else:
        raise UnknownNameError("topic", topic, list({**pages, **dict.fromkeys(COMMANDS)}))


def _page(topic: str) -> Path:
    """The page in the reader's language, where it has one."""
    folder = shipped() / "docs"
    chinese, english = folder / f"{topic}.zh-CN.md", folder / f"{topic}.md"
    wanted = (chinese, english) if language() == "zh" else (english, chinese)
    return next(path for path in wanted if path.is_file())


@click.command("completion", epilog='Example: eval "$(nianbao completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script by which SHELL completes nianbao's commands and options.

    bash: eval "$(nianbao completion bash)" in ~/.bashrc; zsh: the same in ~/.zshrc; fish: nianbao completion fish >
    ~/.config/fish/completions/nianbao.fish.
    """
    from click.shell_completion import get_completion_class

    if kind := get_completion_class(shell):
        click.echo(kind(cli, {}, "nianbao", "_NIANBAO_COMPLETE").source())
