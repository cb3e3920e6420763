"""Check section notebooks: no outputs, a parameters cell, known tags, nothing of one machine or one office."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from nianbao.errors import NotebookError, nearest
from nianbao.errors.folders import files_below
from nianbao.errors.language import Message, tr
from nianbao.form import SECTIONS
from nianbao.paths import STATEMENT, Project
from nianbao.runs.run import ILLUSTRATED_TAG, PARAMETERS_TAG, declared_parameters, read_notebook
from nianbao.runs.watch import Unrepeatable, unrepeatable

_TAGS = (PARAMETERS_TAG, ILLUSTRATED_TAG, "remove-cell", "remove-output", "skip-execution", "raises-exception")
_OWN_ROOM = "nianbao.section"
_ABSOLUTE = re.compile(r"""["'](?:/(?!/)[\w.~-]+/|~/|[A-Za-z]:[\\/]|\\\\\w|file:)""")

# What IPython makes of %%time, %timeit and !ls.
_MAGIC = re.compile(r"get_ipython\(\)\.(?:run_(?:cell|line)_magic\('(time|timeit)'|(system|getoutput)\()")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a notebook that must not be there: where, and what to do."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"

    def told(self) -> str:
        """The problem in the language of the terminal."""
        return tr("{where}: {what}", where=tr(self.where), what=tr(self.what))


def lint(project: Project) -> list[Problem]:
    """Every problem of every notebook below notebooks/; a section without a notebook is one too."""
    stems = [section.stem for section in SECTIONS]
    found = [
        Problem(f"notebooks/{stem}.ipynb", Message("is missing: each section of the form needs its notebook"))
        for stem in stems
        if not (project.notebooks / f"{stem}.ipynb").is_file()
    ]
    for path in sorted(files_below(project.notebooks, project.relative)):
        if path.suffix == ".ipynb" and ".ipynb_checkpoints" not in path.parts:
            found += lint_notebook(project, path, stems)
    return found


def lint_notebook(project: Project, path: Path, stems: list[str]) -> list[Problem]:
    """The problems of one notebook."""
    where = project.relative(path)
    found: list[Problem] = []
    if path.stem not in {*stems, STATEMENT}:
        near = nearest(path.stem, stems)
        found.append(Problem(where, Message("is no section of the form; did you mean {near}?", near=near or stems)))
    folder = path.parent.name
    if path.parent != project.notebooks and folder not in project.offices():
        found.append(
            Problem(
                where,
                Message("lies in a folder that is no office's; known: {known}", known=project.offices()),
            )
        )
    try:
        notebook = read_notebook(path, where)
        declared_parameters(notebook, where)
    except NotebookError as error:
        return [*found, Problem(error.where or where, error.what)]
    names = _office_names(project)
    for number, cell in enumerate(notebook.cells, start=1):
        found += [
            Problem(Message("{where}, cell {cell}", where=where, cell=number), what) for what in _lint_cell(cell, names)
        ]
    for call in unrepeatable(notebook):
        found.append(Problem(Message("{where}, cell {cell}", where=where, cell=call.cell), _differing(call)))
    return found


def _differing(call: Unrepeatable) -> Message:
    if call.clock:
        return Message(
            "line {line} asks the clock ({call}): the report differs each time; use section.report",
            line=call.line,
            call=call.call,
        )
    return Message(
        "line {line} draws random numbers without a seed ({call}): the report differs each time; seed them",
        line=call.line,
        call=call.call,
    )


def _lint_cell(cell: NotebookNode, office_names: dict[str, str]) -> Iterator[str]:
    tags = cell.metadata.get("tags", ())
    is_parameters = PARAMETERS_TAG in tags
    for tag in tags:
        if tag not in _TAGS and (near := nearest(tag.lower(), _TAGS)):
            yield Message("has a tag {tag!r} that means nothing here; did you mean {near!r}?", tag=tag, near=near)
    if cell.cell_type == "code":
        if cell.outputs or cell.execution_count is not None:
            yield Message("holds outputs; clear them before saving (Edit, Clear Outputs of All Cells)")
        yield from _lint_code(cell.source, printed="remove-output" not in tags)
        for line, text in enumerate(cell.source.splitlines(), start=1):
            if _ABSOLUTE.search(text):
                yield Message(
                    "line {line} names an absolute path; read through section.path, relative to the project", line=line
                )
    if not is_parameters:
        for name, office in office_names.items():
            if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])" if name.isascii() else re.escape(name), cell.source):
                yield Message(
                    "names the office {office} ({name}) outside the parameters; use section.report.office",
                    office=office,
                    name=name,
                )


def _lint_code(source: str, *, printed: bool) -> Iterator[str]:
    from IPython.core.inputtransformer2 import TransformerManager

    code = TransformerManager().transform_cell(source)
    for line, text in enumerate(code.splitlines(), start=1):
        if match := _MAGIC.search(text):
            timed = Message("times itself (%{magic})", magic=match[1])
            what = timed if match[1] else Message("runs a command of the system")
            yield Message(
                "line {line} {what}: what it prints differs from run to run; take it out", line=line, what=what
            )
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        yield Message("line {line} is no valid Python: {why}", line=error.lineno, why=error.msg)
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for module in _modules(node):
                if module.split(".")[0] == "nianbao" and module != _OWN_ROOM:
                    yield Message(
                        "line {line} imports {module}; of ours, a section imports {room} alone",
                        line=node.lineno,
                        module=module,
                        room=_OWN_ROOM,
                    )
        elif printed and isinstance(node, ast.Call) and ast.unparse(node.func) in {"plt.show", "pyplot.show"}:
            yield Message(
                "line {line} prints a figure without an alternative text, for readers who cannot see it; "
                "show it with section.figure(fig, caption, alt=…)",
                line=node.lineno,
            )


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if node.module == "nianbao":
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [node.module or ""]


def _office_names(project: Project) -> dict[str, str]:
    """Identifiers and full names of the known offices -> identifier."""
    names: dict[str, str] = {}
    for office in project.offices():
        names[office] = office
        match = re.search(
            r"^name:\s*([^#\n]+)", project.office_file(office).read_text(encoding="utf-8-sig"), re.MULTILINE
        )
        if match and match[1].strip():
            names[match[1].strip()] = office
    return names
