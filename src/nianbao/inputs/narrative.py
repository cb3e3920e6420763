"""Owns narrative templates: sandboxed Jinja over Markdown, with a record of which number came from where.

May import: errors, model, inputs.names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, without the operators by which a short template could fill the memory."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002 -- jinja's signature
        raise SecurityError(f"the operator {operator} may not be used")


@cache
def _environment() -> _Environment:
    environment = _Environment(undefined=StrictUndefined, finalize=_marked, keep_trailing_newline=True)
    environment.globals.clear()
    environment.filters = {"wan": in_ten_thousands}
    environment.tests = {}
    return environment


def _marked(value: Any) -> Any:
    if isinstance(value, Bound):
        return f"{_OPEN}{value.expression}{_MIDDLE}{value.printed}{_CLOSE}"
    return value


def render(text: Text, report: OfficeYear, previous: OfficeYear | Callable[[], OfficeYear | None] | None) -> Rendered:
    """The text with its references filled in; InputError names the file, the line and the nearest known names.

    ``previous`` is last year's report, or a function that fetches it if the text asks for it.
    """
    names = names_of(report, previous if callable(previous) else lambda: previous)
    tree = _parsed(text)
    if wrong := list(_unresolved(tree, names)):
        line, path, known = wrong[0]
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        if path.startswith("last.") and not known:
            hint = f"there are no inputs for {report.key.previous}; make them or leave last year out"
        else:
            hint = known_names(path.rsplit(".", 1)[-1], known)
        raise InputError(f"refers to {path!r}, which is not there{more}", where=f"{text.source.path}:{line}", hint=hint)
    try:
        context = {name: names[name] for name in _roots(tree) & set(names)}
        marked = _environment().from_string(tree).render(context)
    except InputError as error:
        raise InputError(error.what, where=text.source.path, hint=error.hint) from error
    except (TemplateSyntaxError, UndefinedError, SecurityError, TypeError, ArithmeticError) as error:
        hint = "see docs/analysts.md for what a narrative may use"
        raise InputError(f"cannot be filled in: {error}", where=text.source.path, hint=hint) from error
    return _unmarked(marked)


def _roots(tree: nodes.Template) -> set[str]:
    return {node.name for node in tree.find_all(nodes.Name)}


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


def references(text: Text) -> Iterator[tuple[int, str]]:
    """The dotted names that the text refers to (applications.new.total), each with the line on which it stands.

    Raises InputError where the text is no valid template.
    """
    return ((line, ".".join(path)) for line, path in _named(_parsed(text)))


def _named(tree: nodes.Template) -> Iterator[tuple[int, list[str]]]:
    """Lines and dotted names, without those that the template itself sets."""
    inner = {id(node.node) for node in tree.find_all(nodes.Getattr)}
    local = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}
    for node in tree.find_all((nodes.Name, nodes.Getattr)):
        if id(node) not in inner and (path := _path(node)) and path[0] not in local:
            yield node.lineno, path


def _unresolved(tree: nodes.Template, names: Names) -> Iterator[tuple[int, str, list[str]]]:
    """References to nothing: line, path as far as it goes wrong, and the names known there."""
    for line, path in _named(tree):
        level: Any = names
        for depth, name in enumerate(path):
            known = list(level) if isinstance(level, Names) else []
            if name not in known:
                yield line, ".".join(path[: depth + 1]), known
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
