"""Owns the filling in of plain references, which nearly all narratives hold and nothing else.

May import: errors, inputs.names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from nianbao.errors import InputError
from nianbao.inputs.names import Bound, Names

# Signs of anything but plain text between references; the noncharacters mark numbers and may stand in no text.
_NOT_PLAIN = ("{", "}", "\ufdd0", "\ufdd1", "\ufdd2")


@dataclass(frozen=True, slots=True)
class Binding:
    """A number in a rendered text: where it stands (offsets), the expression it came from, and its value."""

    start: int
    end: int
    expression: str


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
    return None if any(mark in piece for piece in pieces[::2] for mark in _NOT_PLAIN) else pieces


def joined(template: str, names: Names) -> tuple[str, tuple[Binding, ...]] | None:
    """The text with its plain references filled in, and where its numbers stand.

    None where the template holds more than plain references, or one leads nowhere: the template engine then says why.
    """
    pieces = _plain_pieces(template)
    if pieces is None:
        return None
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
    return "".join(parts), tuple(bindings)


def _evaluated(reference: str, names: Names) -> Any:
    if reference.startswith("percent("):
        part, whole = reference.removeprefix("percent(").rstrip(") ").split(",")
        return names["percent"](_evaluated(part.strip(), names), _evaluated(whole.strip(), names))
    total: Any = None
    for sign, path in _TERM.findall(reference):
        value: Any = names
        for name in path.split("."):
            value = value[name]
        total = value if total is None else total - value if sign == "-" else total + value
    if isinstance(total, Names) or callable(total):
        raise TypeError(reference)
    return total
