"""Owns the forecast of how much a notebook will want to have been imported, and whether any will run.

May import: form, late, model, paths, runs.engine, runs.head_start, runs.preloaded. A forecast decides nothing but the
time: a notebook that is misjudged imports the rest by itself, and a process that nobody needs is ended.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from nianbao.form import SECTIONS
from nianbao.model import Profile, ReportKey
from nianbao.paths import Project
from nianbao.runs.engine import warm_up
from nianbao.runs.head_start import edited
from nianbao.runs.preloaded import IMPORTS, Load

_ILLUSTRATED = re.compile(rf"^profile:\s*['\"]?{Profile.ILLUSTRATED.value}\b", re.MULTILINE)


def _leading(load: Load, *others: str) -> frozenset[str]:
    """The names that lead to what is loaded: its modules, and others."""
    modules = {name.split(".")[-1 if name.startswith("nianbao.") else 0] for name in IMPORTS[load]}
    return frozenset({*modules, *others})


_LEADING = {
    Load.FRAMES: _leading(Load.FRAMES, "figures", "frame", "history"),
    Load.ALL: _leading(Load.ALL, "boxplot", "hist", "plot"),  # methods of frames that draw
}


def start_early(project: Project, key: ReportKey, profile: Profile | None, *, anew: bool = False) -> None:
    """Start the preloaded process if sections of the report are likely to run; returns at once.

    Likely is what costs nothing to see: a notebook was edited since the last run here, or none ran yet, or all will
    run ``anew``. The process loads while the caller finds out what is really to be run.
    """
    paths = [project.notebook(key.office, section) for section in SECTIONS]
    with suppress(OSError):  # whatever it is, whoever makes the report will say so
        if not anew:
            paths = edited(project, paths)
        if paths:
            warm_up(wanted_by(paths, illustrated=is_illustrated(project, key, profile)))


def wanted_by(notebooks: Iterable[Path], *, illustrated: bool) -> Load:
    """The most that any of these notebooks will want."""
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in notebooks if path.is_file())
    return max((wanted(code_of(text, illustrated=illustrated)) for text in texts), default=Load.TEXT)


def is_illustrated(project: Project, key: ReportKey, profile: Profile | None) -> bool:
    """Whether the report will have charts, by ``profile`` or else by its settings; True where they cannot be read."""
    if profile is not None:
        return profile is Profile.ILLUSTRATED
    try:
        # To read it as YAML would take longer than all the rest.
        return bool(_ILLUSTRATED.search(project.year_file(key).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return True


def wanted(code: Iterable[str], *, illustrated: bool = True) -> Load:
    """What the code of a notebook's cells names, or leads to what it names.

    Of a report that is not ``illustrated``, what stands under ``if section.illustrated:`` will not run.
    """
    words = {word for source in code for word in _words(source, illustrated=illustrated)}
    return max(load for load in Load if load is Load.TEXT or words & _LEADING[load])


def code_of(notebook: str, *, illustrated: bool = True) -> list[str]:
    """The code of a notebook's cells, from its file's text; none where that is no notebook."""
    try:
        cells = json.loads(notebook)["cells"]
        if not illustrated:
            cells = [cell for cell in cells if "illustrated" not in cell["metadata"].get("tags", ())]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError):
        return []  # whoever runs it will say so


@lru_cache(maxsize=256)  # the cells of a batch are the same for each of its reports
def _words(source: str, *, illustrated: bool) -> frozenset[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the code's escapes and literals: it will say so itself when it runs
            tree = ast.parse(source)
        return frozenset(_names(tree, illustrated=illustrated))
    except (SyntaxError, ValueError, RecursionError):  # a magic, most often: IPython's, and not Python's
        return frozenset(re.findall(r"\w+", source))


def _names(node: ast.AST, *, illustrated: bool) -> Iterator[str]:
    """The names that the code uses. A function of ours that is only imported is not used yet."""
    inner = ast.iter_child_nodes(node)
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Import(names=modules):
            for module in modules:
                yield from module.name.split(".")
        case ast.ImportFrom(module=module, names=names):
            yield from (module or "").split(".")
            yield from (alias.name for alias in names)
        case ast.If(test=ast.Attribute(attr="illustrated"), orelse=otherwise) if not illustrated:
            inner = iter(otherwise)
    for child in inner:
        yield from _names(child, illustrated=illustrated)
