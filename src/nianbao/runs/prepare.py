"""A section notebook before and after its run: parameters refused or set, cells of its profile, no traces of time.

May import: errors, inputs, model, paths. Knows no engine.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nianbao.errors import InputError, UnknownNameError, UsageError
from nianbao.inputs import Files, open_lazily
from nianbao.model import Profile, ReportKey
from nianbao.paths import Project

PARAMETERS_TAG = "parameters"
ILLUSTRATED_TAG = "illustrated"  # a cell for the illustrated profile alone


def read_notebook(path: Path, where: str) -> NotebookNode:
    """The notebook at ``path``, not to be changed; InputError where it is missing or no valid notebook."""
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
def _parsed(text: str) -> NotebookNode:
    found: dict[str, nbformat.ValidationError] = {}
    notebook: NotebookNode = nbformat.reads(text, as_version=4, capture_validation_error=found)
    if found:
        raise found["ValidationError"]
    return notebook


def profile_of(project: Project, key: ReportKey, profile: Profile | None) -> Profile:
    """The report's profile: ``profile``, else that of the year's settings (InputError where they are unreadable)."""
    return profile or open_lazily(key, Files(project)).profile


def of_profile(notebook: NotebookNode, profile: Profile) -> NotebookNode:
    """The notebook with the cells that are for the illustrated profile alone left empty in the official one.

    They are not left out, so that errors count the others as their author does.
    """
    if profile is Profile.ILLUSTRATED:
        return notebook
    cells = [NotebookNode(cell, source="") if ILLUSTRATED_TAG in tags(cell) else cell for cell in notebook.cells]
    return NotebookNode(notebook, cells=cells)


def tags(cell: NotebookNode) -> list[str]:
    """The cell's tags."""
    found: list[str] = cell.metadata.get("tags", [])
    return found


def declared_parameters(notebook: NotebookNode, where: str) -> dict[str, Any]:
    """The names in the cell tagged ``parameters`` with their defaults (None where one is no plain value).

    Raises InputError where there is no such cell or it is no valid Python.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and PARAMETERS_TAG in tags(cell):
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


def without_times(executed: NotebookNode) -> NotebookNode:
    """A copy in which nothing tells when, where or by which process the notebook ran.

    papermill stamps times, durations and paths; kernels add timestamps and their exact version.
    """
    metadata = _without(executed.metadata, "papermill", "widgets", "nianbao")
    metadata["language_info"] = {"name": executed.metadata.get("language_info", {}).get("name", "python")}
    cells = []
    for index, cell in enumerate(executed.cells):
        injected = "injected-parameters" in tags(cell)
        name = "injected-parameters" if injected else cell.get("id", f"cell-{index}")
        cells.append(NotebookNode(cell, id=name, metadata=_without(cell.metadata, "papermill", "execution")))
    return NotebookNode(executed, metadata=metadata, cells=cells)


def _without(metadata: Mapping[str, Any], *names: str) -> NotebookNode:
    return NotebookNode({name: value for name, value in metadata.items() if name not in names})
