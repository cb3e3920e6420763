"""Find what gives another value each time a notebook runs: clocks, and random numbers without a seed.

Read from the code of the cells; what a module that they import does is not seen.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

_CLOCKS = re.compile(
    r"(?:^|\.)(?:time\.(?:time|time_ns|monotonic|perf_counter|localtime|gmtime|ctime|strftime)"
    r"|datetime\.(?:now|utcnow|today)|date\.today|Timestamp\.(?:now|today|utcnow)|uuid[14])$"
)
_RANDOM = re.compile(r"^(?:(?:np|numpy)\.)?random\.(?!(?:seed|default_rng|Random|RandomState|Generator)$)\w+$")
_SEED = re.compile(r"\brandom\.seed\(|\bdefault_rng\(\s*[^)\s]|\bRandom(?:State)?\(\s*[^)\s]")
_MAGIC_LINE = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
_UNSEEDED = re.compile(r"(?:^|\.)(?:default_rng|RandomState|Random)$")


@dataclass(frozen=True, slots=True)
class Unrepeatable:
    """A call that gives another value each time: its place (from 1), its name, and whether it asks a clock."""

    cell: int
    line: int
    call: str
    clock: bool

    def __str__(self) -> str:
        what = "a clock" if self.clock else "random numbers without a seed"
        return f"{what} (cell {self.cell}, line {self.line}: {self.call})"


def unrepeatable(notebook: NotebookNode) -> Iterator[Unrepeatable]:
    """Every such call in the code cells, in their order; a cell that is no valid Python is passed over."""
    code = [(number, cell.source) for number, cell in enumerate(notebook.cells, start=1) if cell.cell_type == "code"]
    seeded = any(_SEED.search(source) for _, source in code)
    for number, source in code:
        try:
            tree = ast.parse(_MAGIC_LINE.sub(r"\1pass", source))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            call = ast.unparse(node.func)
            unseeded = _UNSEEDED.search(call) and not (node.args or node.keywords)
            if _CLOCKS.search(call):
                yield Unrepeatable(number, node.lineno, call, clock=True)
            elif unseeded or (_RANDOM.match(call) and not seeded):
                yield Unrepeatable(number, node.lineno, call, clock=False)
