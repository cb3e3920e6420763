"""Work out what stands in the braces of a narrative: expressions in Jinja's notation, node by node.

Only what docs/analysts.md names is offered: names, sums, comparisons, ``percent``, ``change``, ``wan``. No expression
leads to a method of Python, and a budget of steps ends whatever grows.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jinja2 import nodes

from nianbao.errors import InputError
from nianbao.inputs.names import Bound, Names, Phrase, Unknown, as_bound

_MAX_STEPS = 200_000


@dataclass(frozen=True, slots=True)
class Missing:
    """What a reference to nothing gives: printed as a gap, and whatever is worked out from it is one too."""

    path: str

    def __str__(self) -> str:
        return f"【缺：{self.path}】"


class BudgetError(Exception):
    """The budget is used up."""


def dotted_name(node: nodes.Node) -> list[str]:
    """The dotted name that the node spells, or nothing where it is no plain name (a call, an index)."""
    parts: list[str] = []
    while isinstance(node, nodes.Getattr):
        parts.append(node.attr)
        node = node.node
    return [node.name, *reversed(parts)] if isinstance(node, nodes.Name) else []


_COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "gteq": operator.ge, "lt": operator.lt, "lteq": operator.le
}  # fmt: skip


class Expressions:
    """Gives the values of expressions; ``tell`` hears of what is wrong: its line, what stands there, and words."""

    def __init__(self, names: Names, tell: Callable[[int, str, tuple[str, str]], None]) -> None:
        self.line = 1
        self._names = names
        self._tell = tell
        self._steps = 0

    def step(self, node: nodes.Node) -> None:
        """Count a step at this node; BudgetError where there are too many."""
        self.line = node.lineno or self.line
        self._steps += 1
        if self._steps > _MAX_STEPS:
            raise BudgetError

    def refuse(self, node: nodes.Node, what: str) -> Missing:
        """Tell that this is not offered."""
        words = (
            f"此处不能使用“{what}”，可用的写法见 docs/analysts.md",
            f"cannot be filled in: {what} is not offered here",
        )
        self._tell(node.lineno, what, words)
        return Missing(what)

    @staticmethod
    def truth(value: Any) -> bool:
        """Whether the value counts as true in an ``if``; a gap does not."""
        return not isinstance(value, Missing) and bool(value)

    def value(self, node: nodes.Node, local: dict[str, Any]) -> Any:
        """The value of an expression; a gap where it has none."""
        self.step(node)
        try:
            return self._evaluated(node, local)
        except Unknown as unknown:
            self._tell(node.lineno, unknown.path, unknown.words)
            return Missing(unknown.path)
        except InputError as error:
            self._tell(node.lineno, error.where or error.what, (error.zh or error.what, error.what))
            return Missing(error.where or "…")
        except (TypeError, ArithmeticError, ValueError):
            return self.refuse(node, self._written(node))

    def _written(self, node: nodes.Node) -> str:
        """The node as its author would name it: the dotted name, the filter, the method."""
        node = node.node if isinstance(node, nodes.Call) else node
        if isinstance(node, nodes.Filter):
            return f"|{node.name}"
        path = dotted_name(node) or ([f".{node.attr}"] if isinstance(node, nodes.Getattr) else [])
        return ".".join(path) if path else type(node).__name__.lower()

    def _evaluated(self, node: nodes.Node, local: dict[str, Any]) -> Any:  # noqa: C901, PLR0911 -- one answer a kind of node
        if isinstance(node, nodes.Const):
            return Decimal(str(node.value)) if isinstance(node.value, float) else node.value
        if isinstance(node, nodes.Name | nodes.Getattr) and (path := dotted_name(node)):
            if path[0] in local:
                return local[path[0]] if len(path) == 1 else self._inside(local[path[0]], path[1:])
            return self._names.resolve(path)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Node):
            return self._inside(self.value(node.node, local), [str(self.value(node.arg, local))])
        if isinstance(node, nodes.Add | nodes.Sub):
            return self._sum(node, local)
        if isinstance(node, nodes.Neg | nodes.Not):
            value = self.value(node.node, local)
            if isinstance(node, nodes.Not):
                return not self.truth(value)
            return value if isinstance(value, Missing) else 0 - value
        if isinstance(node, nodes.Compare):
            return self._compared(node, local)
        if isinstance(node, nodes.And | nodes.Or):
            left = self.value(node.left, local)
            goes_on = self.truth(left) == isinstance(node, nodes.And)
            return self.value(node.right, local) if goes_on else left
        if isinstance(node, nodes.CondExpr):
            chosen = node.expr1 if self.truth(self.value(node.test, local)) else node.expr2
            return self.value(chosen, local) if chosen else ""
        if isinstance(node, nodes.Concat):
            return Phrase.of([self.value(part, local) for part in node.nodes])
        if isinstance(node, nodes.Tuple | nodes.List):
            return [self.value(item, local) for item in node.items]
        return self._called(node, local)

    @staticmethod
    def _inside(value: Any, path: Sequence[str]) -> Any:
        if isinstance(value, Names):
            return value.resolve(path)
        raise TypeError(path)

    def _sum(self, node: nodes.BinExpr, local: dict[str, Any]) -> Any:
        left, right = self.value(node.left, local), self.value(node.right, local)
        for value in (left, right):
            if isinstance(value, Missing):
                return value
            if isinstance(value, bool) or not isinstance(value, int | Decimal | Bound):
                raise TypeError(value)
        return left + right if isinstance(node, nodes.Add) else left - right

    def _compared(self, node: nodes.Compare, local: dict[str, Any]) -> Any:
        left = self.value(node.expr, local)
        for operand in node.ops:
            right = self.value(operand.expr, local)
            if isinstance(left, Missing) or isinstance(right, Missing):
                return False
            if operand.op not in _COMPARISONS:
                raise TypeError(operand.op)
            if not _COMPARISONS[operand.op](left, right):
                return False
            left = right
        return True

    def _called(self, node: nodes.Node, local: dict[str, Any]) -> Any:
        """A function or a filter; the only ones are percent, change and wan."""
        if isinstance(node, nodes.Filter) and node.name == "wan" and node.node is not None and not node.args:
            value = self.value(node.node, local)
            return value if isinstance(value, Missing) else _in_ten_thousands(value)
        if isinstance(node, nodes.Filter):
            return self.refuse(node, node.name)
        if not isinstance(node, nodes.Call):
            return self.refuse(node, self._written(node))
        function = self.value(node.node, local)
        arguments = [self.value(argument, local) for argument in node.args]
        missing = next((value for value in (function, *arguments) if isinstance(value, Missing)), None)
        if missing is not None:
            return missing
        if not callable(function) or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return self.refuse(node, self._written(node.node))
        return function(*arguments)


def _in_ten_thousands(value: Any) -> Bound:
    """The number in 万, exactly: 12345 -> 1.2345万."""
    value = as_bound(value)
    shown = f"{(Decimal(value.number) / 10000).normalize():f}"
    return Bound(value.number, value.expression, f"{shown}万")
