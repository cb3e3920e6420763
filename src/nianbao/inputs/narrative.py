"""Owns narrative templates: sandboxed Jinja over Markdown, with a record of which number came from where.

May import: errors, model, inputs.names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from nianbao.errors import InputError, known_names
from nianbao.inputs.names import Bound, Names, in_ten_thousands, names_of
from nianbao.model import OfficeYear, Text

# Bound numbers are marked in the rendered text with noncharacters of Unicode, which no text may hold.
_OPEN, _MIDDLE, _CLOSE = "\ufdd0\ufdd1\ufdd2"
_MARKED = re.compile(f"{_OPEN}([^{_MIDDLE}]*){_MIDDLE}([^{_CLOSE}]*){_CLOSE}")

# What `nianbao new` writes where a person has to write.
BLANK_MARK = "【待填"


@dataclass(frozen=True, slots=True)
class Binding:
    """A number in a rendered text: where it stands (offsets), the expression it came from, and its value."""

    start: int
    end: int
    expression: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A narrative text with its references filled in; ``bindings`` tell bound numbers from typed ones."""

    text: str
    bindings: tuple[Binding, ...]


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_marked, keep_trailing_newline=True)
    environment.globals.clear()
    environment.filters = {"wan": in_ten_thousands}
    environment.tests = {}
    return environment


def _marked(value: Any) -> Any:
    if isinstance(value, Bound):
        return f"{_OPEN}{value.expression}{_MIDDLE}{value.printed}{_CLOSE}"
    return value


def render(text: Text, report: OfficeYear, previous: OfficeYear | None) -> Rendered:
    """The text with its references filled in; InputError names the file, the line and the nearest known names."""
    names = names_of(report, previous)
    if pieces := _plain_pieces(text.template):
        return _joined(pieces, names) or _render_whole(text, names, report)
    return _render_whole(text, names, report)


def _render_whole(text: Text, names: dict[str, Any], report: OfficeYear) -> Rendered:
    tree = _parsed(text)
    if wrong := list(_unresolved(tree, names)):
        line, path, known = wrong[0]
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        if path.startswith("last.") and "last" not in names:
            hint = f"there are no inputs for {report.key.previous}; make them or leave last year out"
        else:
            hint = known_names(path.rsplit(".", 1)[-1], known)
        raise InputError(f"refers to {path!r}, which is not there{more}", where=f"{text.source.path}:{line}", hint=hint)
    try:
        marked = _environment().from_string(tree).render(names)
    except InputError as error:
        raise InputError(error.what, where=text.source.path, hint=error.hint) from error
    except (UndefinedError, SecurityError, TypeError, ArithmeticError) as error:
        hint = "see docs/analysts.md for what a narrative may use"
        raise InputError(f"cannot be filled in: {error}", where=text.source.path, hint=hint) from error
    return _unmarked(marked)


# References that are dotted names, sums and differences of them, or percent() of two: nearly all.
_NAME = r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*"
_SUM = rf"{_NAME}(?:\s*[+-]\s*{_NAME})*"
_REFERENCE = re.compile(rf"\{{\{{\s*({_SUM}|percent\(\s*{_SUM}\s*,\s*{_SUM}\s*\))\s*\}}\}}")
_TERM = re.compile(rf"([+-]?)\s*({_NAME})")


def _plain_pieces(template: str) -> list[str] | None:
    """Text and references in turn where the template has none but plain references; None where it has more.

    Compiling a template costs milliseconds; plain references need none of it.
    """
    pieces = _REFERENCE.split(template)
    return None if any(mark in piece for piece in pieces[::2] for mark in (*"{}", _OPEN)) else pieces


def _joined(pieces: list[str], names: dict[str, Any]) -> Rendered | None:
    """The text with its references filled in, or None where one leads nowhere (the template engine then says why)."""
    parts: list[str] = []
    bindings: list[Binding] = []
    length = 0
    try:
        for index, piece in enumerate(pieces):
            value = _evaluated(piece, names) if index % 2 else piece
            printed = value.printed if isinstance(value, Bound) else str(value)
            if isinstance(value, Bound):
                bindings.append(Binding(length, length + len(printed), value.expression))
            parts.append(printed)
            length += len(printed)
    except (KeyError, TypeError, InputError):
        return None
    return Rendered("".join(parts), tuple(bindings))


def _evaluated(reference: str, names: dict[str, Any]) -> Any:
    if reference.startswith("percent("):
        part, whole = reference.removeprefix("percent(").rstrip(") ").split(",")
        return names["percent"](_evaluated(part.strip(), names), _evaluated(whole.strip(), names))
    total: Any = None
    for sign, path in _TERM.findall(reference):
        value: Any = names
        for name in path.split("."):
            value = value[name]
        total = value if total is None else total - value if sign == "-" else total + value
    if isinstance(total, Names | dict) or callable(total):
        raise TypeError(reference)
    return total


def _parsed(text: Text) -> nodes.Template:
    if any(mark in text.template for mark in (_OPEN, _MIDDLE, _CLOSE)):
        raise InputError("holds characters that no text may hold", where=text.source.path, hint="type the text anew")
    try:
        return _environment().parse(text.template)
    except TemplateSyntaxError as error:
        place = f"{text.source.path}:{error.lineno}"
        raise InputError(
            f"is no valid template: {error.message}", where=place, hint="a reference reads {{ figures.website }}"
        ) from error


def _unresolved(tree: nodes.Template, names: dict[str, Any]) -> Iterator[tuple[int, str, list[str]]]:
    """References to nothing: line, path as far as it goes wrong, and the names known there."""
    inner = {id(node.node) for node in tree.find_all(nodes.Getattr)}
    local = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}
    for node in tree.find_all((nodes.Name, nodes.Getattr)):
        if id(node) in inner:
            continue
        if not (path := _path(node)) or path[0] in local:
            continue
        level: Any = names
        for depth, name in enumerate(path):
            known = list(level) if isinstance(level, Names | dict) else []
            if name not in known:
                yield node.lineno, ".".join(path[: depth + 1]), known
                break
            if depth + 1 < len(path):
                level = level[name]


def _path(node: nodes.Node) -> list[str]:
    """The dotted name that the node spells, or nothing where it is no plain name (a call, an index)."""
    parts: list[str] = []
    while isinstance(node, nodes.Getattr):
        parts.append(node.attr)
        node = node.node
    return [node.name, *reversed(parts)] if isinstance(node, nodes.Name) else []


def _unmarked(marked: str) -> Rendered:
    parts: list[str] = []
    bindings: list[Binding] = []
    length = position = 0
    for match in _MARKED.finditer(marked):
        before, printed = marked[position : match.start()], match[2]
        start = length + len(before)
        bindings.append(Binding(start, start + len(printed), match[1]))
        parts += [before, printed]
        length, position = start + len(printed), match.end()
    return Rendered("".join([*parts, marked[position:]]), tuple(bindings))
