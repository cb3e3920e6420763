"""The messages of the source, of the commands' help and of click, and the catalogue of their Chinese.

``python tests/messages.py`` (``make messages``) brings nianbao.po to the messages of the source, keeps the Chinese that
is there, compiles nianbao.mo, and names the messages that still want their Chinese.
"""

from __future__ import annotations

import ast
import io
import re
import string
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import nianbao
from nianbao import errors
from nianbao.cli.commands import COMMANDS, LazyGroup, cli
from nianbao.cli.translated import message_id
from nianbao.errors.language import DOMAIN, LOCALE

Message = str | tuple[str, str]  # one and many, where a count decides
SOURCES = Path(nianbao.__file__).parent
PO = LOCALE / "zh" / "LC_MESSAGES" / f"{DOMAIN}.po"
MO = PO.with_suffix(".mo")
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
HAN = re.compile("[\u4e00-\u9fff]")
# Three words of lower case on end are English prose, and no name, option or path.
PROSE = re.compile(r"(?<![\w/.-])[a-z]+ [a-z]+ [a-z]+\b")
_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # of the catalogue: the same messages are the same bytes


def words(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def marked(path: Path, places: Mapping[str, tuple[int, ...]]) -> Iterator[Message]:
    """What the calls of the functions named are given in a file: the message, or one and many, at these places."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name = node.func.id
        given = tuple(words(node.args[n]) for n in places.get(name, ()) if n < len(node.args))
        if given and all(given):
            yield given if len(given) == 2 else given[0]
        if name in ERRORS and not any(keyword.arg == "zh" for keyword in node.keywords):
            said = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "hint")]
            yield from (words(each) for each in said if words(each))


def commands() -> dict[str, click.Command]:
    """Every command and subcommand by the words that call it, as the source declares it."""
    found: dict[str, click.Command] = {"": cli}
    for name, (place, _) in COMMANDS.items():
        module, _, attribute = place.partition(":")
        command = getattr(__import__(module, fromlist=["command"]), attribute or "command")
        found[name] = command
        if isinstance(command, click.Group) and not isinstance(command, LazyGroup):
            found |= {f"{name} {each}": sub for each, sub in command.commands.items()}
    return found


def of_help() -> Iterator[Message]:
    yield from ("[OPTIONS]", "COMMAND [ARGS]...", *(text for _, text in COMMANDS.values()))
    for command in commands().values():
        yield from map(message_id, (command.help or "").split("\n\n"))
        for parameter in command.params:
            yield message_id(getattr(parameter, "help", None) or "")


@cache
def of_click() -> set[Message]:
    files = Path(click.__file__).parent.glob("*.py")
    return {each for path in files for each in marked(path, {"_": (0,), "ngettext": (0, 1)})}


@cache
def messages() -> set[Message]:
    """All messages that people can be shown."""
    found: set[Message] = set(of_help())
    for path in SOURCES.rglob("*.py"):
        found |= set(marked(path, {"tr": (0,), "Message": (0,), "told_in": (1,)}))
    found = found | of_click()
    # A message that has a count in one place and none in another is one of both to gettext.
    return found - {"", *(one for one, _ in (each for each in found if isinstance(each, tuple)))}


def places(text: str) -> set[str]:
    """The named places of a message."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:  # braces that are none
        return set()


def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh", domain=DOMAIN)


def compiled(catalog: Catalog) -> bytes:
    target = io.BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def untold(catalog: Catalog) -> list[Message]:
    """The messages without Chinese."""
    return [each.id for each in catalog if each.id and not (each.string[0] if each.pluralizable else each.string)]


def update() -> Catalog:
    """Write both files anew: the messages of the source, in their order, with the Chinese that there is."""
    old = catalogue() if PO.exists() else Catalog(locale="zh", domain=DOMAIN)
    new = Catalog(
        locale="zh",
        domain=DOMAIN,
        project=DOMAIN,
        version="",
        header_comment="# The Chinese of what nianbao says on the terminal.",
        creation_date=_DAY,
        revision_date=_DAY,
        last_translator="",
        language_team="",
        fuzzy=False,
    )
    for message in messages():
        there = old.get(message if isinstance(message, str) else message[0])
        plural = isinstance(message, tuple)
        same = there is not None and there.pluralizable == plural
        new.add(message, there.string if same else (("",) if plural else ""))
    for each in new:
        each.flags.discard("fuzzy")
    with PO.open("wb") as file:
        write_po(file, new, width=0, sort_output=True, no_location=True)
    kept = catalogue()  # as a reader of the file has it
    MO.write_bytes(compiled(kept))
    return kept


if __name__ == "__main__":
    missing = untold(update())
    for each in missing:
        sys.stdout.write(f"{each!r}\n")
    sys.stdout.write(f"{len(missing)} messages want their Chinese in {PO.name}\n")
    sys.exit(bool(missing))
