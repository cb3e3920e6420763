"""The commands: their names, the group that they are called through, and ``nianbao help``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from nianbao import __version__
from nianbao.cli.translated import lang_first, lang_option, translated
from nianbao.errors import UnknownNameError
from nianbao.errors.language import language, tr
from nianbao.paths import shipped

# Command -> the module that holds it (as ``command``, or by the name after the colon), imported when it is called.
COMMANDS = {
    "report": ("nianbao.cli.reports:report", "Make one report."),
    "preview": ("nianbao.cli.reports:preview_report", "Show a report in the browser, and follow every save."),
    "batch": ("nianbao.cli.batch", "Make many reports: by pattern and range, in parallel, on a cluster."),
    "check": ("nianbao.cli.checks", "Check inputs against the rules; make nothing."),
    "verify": ("nianbao.cli.reports:verify_reports", "Build reports again and compare bytes."),
    "trace": ("nianbao.cli.trace", "Tell where a number came from."),
    "ingest": ("nianbao.cli.ingest:ingest_reports", "Read published reports back into values or inputs."),
    "audit": ("nianbao.cli.ingest:audit_reports", "Check published reports and list what is wrong."),
    "new": ("nianbao.cli.init:new", "Write a complete, commented set of inputs to fill in."),
    "take": ("nianbao.cli.take", "Take edits in Word back into the narratives."),
    "ledger": ("nianbao.cli.ledger", "Tables, deadlines and fees from the register of requests."),
    "workbook": ("nianbao.cli.campaign:workbook", "Write the form to fill in, for one office or for an area's units."),
    "collect": ("nianbao.cli.campaign:collect", "Take the workbooks and reports that an area's units sent back."),
    "status": ("nianbao.cli.campaign:status", "Who of an area's units is missing, wrong, late or ready."),
    "rollup": ("nianbao.cli.campaign:rollup", "Add up the figures of an area's units (汇总)."),
    "statement": ("nianbao.cli.campaign:statement", "A statement of which of an area's units have published."),
    "init": ("nianbao.cli.init:init", "Make a project of one's own."),
    "upgrade": ("nianbao.cli.init:upgrade", "Bring a project's shared files to the installed version."),
    "doctor": ("nianbao.cli.doctor:doctor", "Say what this machine has and lacks."),
    "store": ("nianbao.cli.doctor:store", "Prune the store of step results."),
    "help": ("nianbao.cli.commands:show", "Show a page of the manual."),
    "completion": ("nianbao.cli.completion:completion", "Completion for bash, zsh and fish."),
    "compare": ("nianbao.cli.site:compare", "Put two years of an office, or several offices, side by side."),
    "site": ("nianbao.cli.site:site", "Build a static portal of all reports."),
    "bench": ("nianbao.cli.developers:bench", "Make up office-years to measure with."),
    "fonts": ("nianbao.cli.fonts", "Tell what fonts would be used, and why."),
    "lint": ("nianbao.cli.developers:lint", "Check the section notebooks for what must not be in git."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is called or asked for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """The commands in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- the same
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        import importlib

        module, _, name = COMMANDS[cmd_name][0].partition(":")
        declared: click.Command = getattr(importlib.import_module(module), name or "command")
        command = translated(declared)
        command.short_help = tr(COMMANDS[cmd_name][1])
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``--lang`` comes first, wherever it stands: what is told of the rest is told in that language."""
        return super().parse_args(ctx, lang_first(args))

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help in the language of the terminal."""
        super(LazyGroup, translated(self)).format_help(ctx, formatter)

    def get_usage(self, ctx: click.Context) -> str:
        """The line of usage above an error, in the language of the terminal."""
        return super(LazyGroup, translated(self)).get_usage(ctx)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``, which click makes before it has come to ``--lang``."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = tr("Show this message and exit.")
        return option

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 -- the same
        """The list of commands from their table, without importing any."""
        with formatter.section(tr("Commands")):
            formatter.write_dl([(name, tr(text)) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The project's folder, or one inside it (default: here).",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context, project: Path) -> None:
    """Make and check annual reports on government information disclosure (政府信息公开工作年度报告).

    Exit codes: 0 done, 1 findings that block, 2 wrong use, 3 a notebook raised, 4 a fault of ours.
    """
    context.obj = project


cli.params.append(lang_option())


def _pages() -> list[str]:
    return sorted({path.name.split(".")[0] for path in (shipped() / "docs").glob("*.md")})


def known_topics(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """For completion: pages and commands."""
    return [topic for topic in (*_pages(), *COMMANDS) if topic.startswith(incomplete)]


@click.command("help", epilog="Example: nianbao help clerks")
@click.argument("topic", required=False, shell_complete=known_topics)
@click.pass_context
def show(context: click.Context, topic: str | None) -> None:
    """Show a page of the manual, or a command's help; without TOPIC, list both. Needs no network."""
    pages = _pages()
    if topic is None:
        click.echo(tr("pages: {pages}", pages=pages))
        click.echo(tr("commands: {commands}", commands=COMMANDS))
    elif topic in pages:
        path = _page(topic)
        text = path.read_text(encoding="utf-8")
        click.echo_via_pager(text) if sys.stdout.isatty() else click.echo(text)
    elif command := cli.get_command(context, topic):
        with click.Context(command, info_name=topic, parent=context.find_root()) as its:
            click.echo(command.get_help(its))
    else:
        raise UnknownNameError("topic", topic, dict.fromkeys((*pages, *COMMANDS)))


def _page(topic: str) -> Path:
    """The page in the reader's language, where it has one."""
    folder = shipped() / "docs"
    chinese, english = folder / f"{topic}.zh-CN.md", folder / f"{topic}.md"
    wanted = (chinese, english) if language() == "zh" else (english, chinese)
    return next(path for path in wanted if path.is_file())
