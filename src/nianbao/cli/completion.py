"""``nianbao completion``: the scripts by which shells complete commands, options, offices and topics.

A shell calls nianbao itself for what may follow, and ``cli.main`` imports this module then, for the class below.
"""

from __future__ import annotations

import click
from click.shell_completion import FishComplete, add_completion_class, get_completion_class

from nianbao.cli.commands import cli
from nianbao.cli.translated import COMPLETING


@click.command("completion", epilog='Example: eval "$(nianbao completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script by which SHELL completes nianbao's commands and options.

    bash: eval "$(nianbao completion bash)" in ~/.bashrc; zsh: the same in ~/.zshrc, after compinit; fish: nianbao
    completion fish > ~/.config/fish/completions/nianbao.fish.
    """
    if kind := get_completion_class(shell):
        click.echo(kind(cli, {}, "nianbao", COMPLETING).source())


@add_completion_class
class _Fish(FishComplete):
    """Click's, whose script would cut a description at its first comma."""

    source_template = FishComplete.source_template.replace('string split ","', 'string split --max 1 ","')
