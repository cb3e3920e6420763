"""Owns a section notebook before and after its run: parameters refused or set, reads traced, traces of time removed.

May import: errors, model, notebooks. Knows no engine.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from nianbao.errors import InputError, UnknownNameError, UsageError

PARAMETERS_TAG = "parameters"
ILLUSTRATED_TAG = "illustrated"  # a cell for the illustrated profile alone
TRACE_TAG = "nianbao-trace"
# Runs after the last cell and says which files the section read; it never reaches the report.
_TRACE_SOURCE = "import json\nfrom nianbao.section import files_read\nprint(json.dumps(files_read()))"


@dataclass(frozen=True)
class SectionNotebook:
    """A notebook as it was read, not to be changed, and the text of what is run: with a cell that traces its reads."""

    node: NotebookNode
    traced: str

    def text(self, *, illustrated: bool) -> str:
        """What is run: in the official profile with the cells for the illustrated one left empty."""
        if illustrated:
            return self.traced
        notebook = json.loads(self.traced)
        for cell in notebook["cells"]:
            if ILLUSTRATED_TAG in cell["metadata"].get("tags", ()):
                cell["source"] = []  # and not left out, so that errors count the others as their author does
        return json.dumps(notebook)


def read_notebook(path: Path, where: str) -> SectionNotebook:
    """The notebook at ``path``; InputError where it is missing or no valid notebook."""
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError("is missing", where=where, hint="each section needs its notebook") from error
    except (
        nbformat.reader.NotJSONError,
        nbformat.ValidationError,
        AttributeError,
        KeyError,
        TypeError,
        UnicodeDecodeError,
    ) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"is no valid notebook: {first}", where=where, hint="open and save it in JupyterLab"
        ) from error


@lru_cache(maxsize=32)  # those of a batch are the same for each of its reports
def _parsed(text: str) -> SectionNotebook:
    found: dict[str, nbformat.ValidationError] = {}
    notebook: NotebookNode = nbformat.reads(text, as_version=4, capture_validation_error=found)
    if found:
        raise found["ValidationError"]
    trace = new_code_cell(_TRACE_SOURCE, id=TRACE_TAG, metadata={"tags": [TRACE_TAG]})
    return SectionNotebook(notebook, nbformat.writes(NotebookNode(notebook, cells=[*notebook.cells, trace])))


def declared_parameters(notebook: NotebookNode, where: str) -> dict[str, Any]:
    """The names in the cell tagged ``parameters`` with their defaults (None where one is no plain value).

    Raises InputError where there is no such cell or it is no valid Python.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and PARAMETERS_TAG in cell.metadata.get("tags", ()):
            try:
                return _assigned(ast.parse(cell.source))
            except SyntaxError as error:
                place = f"{where}, cell {number}, line {error.lineno}"
                raise InputError(f"the parameters cell is no valid Python: {error.msg}", where=place) from error
    raise InputError(
        "has no cell tagged 'parameters'",
        where=where,
        hint="tag the cell with the defaults (office, year) as 'parameters' in JupyterLab's property inspector",
    )


def _assigned(tree: ast.Module) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        value = getattr(statement, "value", None)
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = value.value if isinstance(value, ast.Constant) else None
    return found


def check_parameters(given: Mapping[str, Any], declared: Mapping[str, Any], where: str) -> None:
    """Refuse a parameter that the notebook doesn't declare, and a value of another type, before anything runs.

    papermill itself only warns (``yaer=2019`` would render the default year). Raises UnknownNameError or UsageError.
    """
    for name, value in given.items():
        if name not in declared:
            raise UnknownNameError("parameter", name, declared, where=where)
        default = declared[name]
        if default is not None and type(default) is not type(value):
            what = f"parameter {name!r} must be {type(default).__name__}, not {type(value).__name__} ({value!r})"
            raise UsageError(what, where=where)


def split_trace(executed: NotebookNode) -> tuple[NotebookNode, dict[str, str]]:
    """The executed notebook without its trace cell, and the files that the section read, with their digests."""
    reads: dict[str, str] = {}
    cells = []
    for cell in executed.cells:
        if TRACE_TAG in cell.metadata.get("tags", ()):
            text = "".join(output.text for output in cell.outputs if output.output_type == "stream")
            reads = json.loads(text)
        else:
            cells.append(cell)
    return NotebookNode(executed, cells=cells), reads


def without_times(executed: NotebookNode) -> NotebookNode:
    """A copy in which nothing tells when, where or by which process the notebook ran.

    papermill stamps times, durations and paths; kernels add timestamps and their exact version.
    """
    metadata = _without(executed.metadata, "papermill", "widgets")
    metadata["language_info"] = {"name": executed.metadata.get("language_info", {}).get("name", "python")}
    cells = []
    for index, cell in enumerate(executed.cells):
        injected = "injected-parameters" in cell.metadata.get("tags", ())
        name = "injected-parameters" if injected else cell.get("id", f"cell-{index}")
        cells.append(NotebookNode(cell, id=name, metadata=_without(cell.metadata, "papermill", "execution")))
    return NotebookNode(executed, metadata=metadata, cells=cells)


def _without(metadata: Mapping[str, Any], *names: str) -> NotebookNode:
    return NotebookNode({name: value for name, value in metadata.items() if name not in names})
