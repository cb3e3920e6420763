"""The help of commands in the language of the terminal."""

from __future__ import annotations

import copy
import os
from typing import TypeVar

import click

from nianbao.errors.language import LANGUAGES, columns_of, language, speak, tr

COMPLETING = "_NIANBAO_COMPLETE"  # set where a shell asks what may follow
_BODY, _OPTION = 76, 44  # columns for a paragraph of help and for the words beside an option


def lang_option() -> click.Option:
    """``--lang``: taken before anything else, wherever it stands (see ``lang_first``)."""
    return click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        is_eager=True,
        expose_value=False,
        callback=lambda _context, _option, chosen: speak(chosen) if chosen else None,
        help="The language of messages and help (default: that of the system, by LANG and the like).",
    )


def lang_first(words: list[str]) -> list[str]:
    """The words of a call with ``--lang`` and what it names at the front."""
    end = words.index("--") if "--" in words else len(words)
    at = next((n for n, word in enumerate(words[:end]) if word == "--lang" or word.startswith("--lang=")), None)
    if at is None:
        return words
    after = at + (2 if words[at] == "--lang" else 1)
    return [*words[at:after], *words[:at], *words[after:]]


Command = TypeVar("Command", bound=click.Command)


def translated(command: Command) -> Command:
    """A copy of the command whose help is in the language of the terminal, its subcommands' too, and has ``--lang``."""
    copied = copy.copy(command)
    copied.help, copied.epilog = _paragraphs(command.help), _example(command.epilog)
    copied.options_metavar = tr(command.options_metavar or "")
    copied.params = [_parameter(parameter) for parameter in command.params]
    if all(parameter.name != "lang" for parameter in copied.params):
        copied.params.append(_parameter(lang_option()))
    if isinstance(copied, click.Group):
        copied.subcommand_metavar = tr(copied.subcommand_metavar or "")
        copied.commands = {name: translated(each) for name, each in copied.commands.items()}
    return copied


def message_id(paragraph: str) -> str:
    """A paragraph of help as the catalogue has it: on one line, however it is broken in the source."""
    return " ".join(paragraph.split())


def _example(epilog: str | None) -> str | None:
    call = (epilog or "").partition(": ")[2]
    return _broken(tr("Example: {call}", call=call), len(call) * 2) if call else epilog


def _paragraphs(text: str | None) -> str | None:
    if not text:
        return text
    return "\n\n".join(_broken(tr(message_id(paragraph)), _BODY) for paragraph in text.split("\n\n"))


def _parameter(parameter: click.Parameter) -> click.Parameter:
    copied = copy.copy(parameter)
    if isinstance(copied.type, click.Path) and copied.metavar is None:
        # Click would translate these, and measures columns by letters.
        copied.metavar = "FILE" if copied.type.file_okay else "DIRECTORY"
    if isinstance(copied, click.Option) and copied.help:
        copied.help = _broken(tr(message_id(copied.help)), _OPTION)
    return copied


def _broken(text: str, columns: int) -> str:
    """Chinese in lines of so many columns: click breaks lines at blanks alone, and takes all characters for narrow."""
    if language() != "zh" or COMPLETING in os.environ:  # a shell wants a line for each word
        return text
    lines, width = [""], 0
    for word in _words(text):
        wide = columns_of(word)
        if width + wide > columns and word not in "，。；：、）”":
            lines.append("")
            width = 0
        lines[-1] += word
        width += wide
    return "\b\n" + "\n".join(line.strip() for line in lines)  # as it stands, says click's mark


def padded(text: str, columns: int) -> str:
    """The text and as many blanks as fill so many columns of a terminal."""
    return text + " " * (columns - columns_of(text))


def _words(text: str) -> list[str]:
    """The text in pieces that a line may end after: words of letters, and each wide character."""
    pieces = [""]
    for character in text:
        if columns_of(character) > 1:
            pieces += [character, ""]
        elif character == " ":
            pieces += [" ", ""]
        else:
            pieces[-1] += character
    return [piece for piece in pieces if piece]
