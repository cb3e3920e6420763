"""One section notebook, from file to SectionRun: read, given its parameters, run in a fresh process, freed of times.

Beside runs.engine the only importer of papermill.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nianbao.errors import NotebookError, UnknownNameError, UsageError
from nianbao.errors.language import Message
from nianbao.form import Section
from nianbao.inputs import Files, open_lazily
from nianbao.model import Profile, ReportKey, SectionRun
from nianbao.model.notebooks import lasting_cell_metadata, lasting_metadata
from nianbao.paths import Project
from nianbao.runs.watch import unrepeatable

ENGINE = "nianbao"
KERNEL = "python3"
# A section that runs for longer than this hangs: it reads a few small files.
CELL_TIMEOUT = 300  # seconds
# A section that needs more than this has gone astray; without a limit it would take the machine down with it.
MEMORY_LIMIT = 8 << 30  # bytes of address space

PARAMETERS_TAG = "parameters"
ILLUSTRATED_TAG = "illustrated"  # a cell for the illustrated profile alone

_ENDED = Message("the notebook was ended by exit() or sys.exit(); a section runs to the end of its last cell")
_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")


def read_notebook(path: Path, where: str) -> NotebookNode:
    """The notebook at ``path``, not to be changed; NotebookError where it is missing or no valid notebook."""
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotebookError("is missing", where=where, hint="each section needs its notebook") from error
    except (
        nbformat.reader.NotJSONError,
        nbformat.ValidationError,
        AttributeError,
        KeyError,
        TypeError,
        UnicodeDecodeError,
    ) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise NotebookError(
            Message("is no valid notebook: {first}", first=first), where=where, hint="open and save it in JupyterLab"
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

    Raises NotebookError where there is no such cell or it is no valid Python.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and PARAMETERS_TAG in tags(cell):
            try:
                return _assigned(ast.parse(cell.source))
            except SyntaxError as error:
                place = Message("{where}, cell {cell}, line {line}", where=where, cell=number, line=error.lineno)
                raise NotebookError(
                    Message("the parameters cell is no valid Python: {msg}", msg=error.msg), where=place
                ) from error
    raise NotebookError(
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


def check_names(given: Iterable[str], declared: Iterable[str], where: str) -> None:
    """UnknownNameError for the first parameter that the notebook does not declare."""
    known = tuple(declared)
    for name in given:
        if name not in known:
            raise UnknownNameError("parameter", name, known, where=where)


def check_parameters(given: Mapping[str, Any], declared: Mapping[str, Any], where: str) -> None:
    """Refuse a parameter that the notebook doesn't declare, and a value of another type, before anything runs.

    papermill itself only warns (``yaer=2019`` would render the default year). Raises UnknownNameError or UsageError.
    """
    check_names(given, declared, where)
    for name, value in given.items():
        default = declared[name]
        if default is not None and type(default) is not type(value):
            kinds = {"kind": type(default).__name__, "given": type(value).__name__, "value": repr(value)}
            what = Message("parameter {name!r} must be {kind}, not {given} ({value})", name=name, **kinds)
            raise UsageError(what, where=where)


def without_times(executed: NotebookNode) -> NotebookNode:
    """A copy in which nothing tells when, where or by which process the notebook ran.

    papermill stamps times, durations and paths; kernels add timestamps and their exact version.
    """
    cells = []
    for index, cell in enumerate(executed.cells):
        injected = "injected-parameters" in tags(cell)
        name = "injected-parameters" if injected else cell.get("id", f"cell-{index}")
        cells.append(NotebookNode(cell, id=name, metadata=nbformat.from_dict(lasting_cell_metadata(cell.metadata))))
    return NotebookNode(executed, metadata=nbformat.from_dict(lasting_metadata(executed.metadata)), cells=cells)


def parameters_for(
    notebook: NotebookNode, key: ReportKey, profile: Profile, where: str, more: Mapping[str, Any]
) -> dict[str, Any]:
    """What the notebook is given: office, year, the profile where it has a use for it, and ``more``.

    Raises as ``declared_parameters`` and ``check_parameters`` do.
    """
    declared = declared_parameters(notebook, where)
    given: dict[str, Any] = {"office": key.office, "year": key.year}
    if "profile" in declared:
        given["profile"] = profile.value
    given |= more
    check_parameters(given, declared, where)
    return given


def run_section(project: Project, key: ReportKey, section: Section, profile: Profile | None = None) -> SectionRun:
    """Run the section's notebook for one office and year in a fresh process; raises as ``run_notebook`` does."""
    path = project.notebook(key.office, section)
    done, reads = run_notebook(project, key, path, profile)
    return SectionRun(section, project.relative(path), nbformat.writes(done), reads)


def run_notebook(
    project: Project, key: ReportKey, path: Path, profile: Profile | None = None, more: Mapping[str, Any] | None = None
) -> tuple[NotebookNode, dict[str, str]]:
    """Run a notebook for one office and year in a fresh process: as it ran, freed of times, and the files it read.

    ``more`` are parameters besides office, year and profile. Raises UnknownNameError or UsageError where the notebook
    does not take the parameters, InputError where the year's settings cannot be read, NotebookError where it cannot be
    run, raises or its process dies; the notebook as far as it ran is kept in the place that the message names.
    """
    where = project.relative(path)
    notebook = read_notebook(path, where)
    profile = profile_of(project, key, profile)
    parameters = parameters_for(notebook, key, profile, where, more or {})
    evidence = project.evidence_of(key) / path.name
    charts = profile is Profile.ILLUSTRATED
    options = {"evidence": str(evidence), "charts": charts, "folder": str(path.parent), "root": str(project.root)}
    asked = of_profile(notebook, profile)
    executed = _execute(asked, parameters, project, where, options)
    said = executed.metadata.get("nianbao", {})
    if "reads" not in said or said["exited"]:
        raise _stopped(executed, where, project.relative(evidence))
    evidence.unlink(missing_ok=True)
    done = without_times(executed)
    if unvouched := [*said["unvouched"], *map(str, unrepeatable(asked))]:
        done.metadata["nianbao"] = {"unvouched": unvouched}
    return done, said["reads"]


def _execute(
    notebook: NotebookNode, parameters: dict[str, Any], project: Project, where: str, options: dict[str, Any]
) -> NotebookNode:
    import papermill  # with all its engines: half a second that who only reads a notebook need not wait
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    from nianbao.runs.process import ExitedError

    shown = project.relative(Path(options["evidence"]))
    try:
        with warnings.catch_warnings():
            # papermill's own use of deprecated calls is not for our users to read.
            warnings.simplefilter("ignore")
            executed: NotebookNode = papermill.execute_notebook(
                notebook,
                None,  # a notebook that ran to its end is written by nobody
                parameters,
                engine_name=ENGINE,
                kernel_name=KERNEL,
                progress_bar=False,
                cwd=str(project.root),
                execution_timeout=CELL_TIMEOUT,
                memory_limit=MEMORY_LIMIT,
                **options,
            )
            return executed
    except papermill.PapermillExecutionError as error:
        raise _raised(error, where, shown) from error
    except (CellTimeoutError, DeadKernelError) as error:
        number = _last_run(nbformat.read(options["evidence"], as_version=4))
        what = Message("ran for more than {count} seconds, and was stopped", count=CELL_TIMEOUT)
        if isinstance(error.__cause__, ExitedError):
            what = _ENDED
        elif not isinstance(error, CellTimeoutError):
            what = Message("its process died: {why}", why=_how_it_died(error))
        raise NotebookError(
            what,
            where=Message("{where}, cell {cell}", where=where, cell=number),
            hint=_hint(shown),
        ) from error


def _how_it_died(error: Exception) -> str:
    """What our engine knows of it, or what the ordinary one says."""
    how: object = error.__cause__.args[0] if error.__cause__ and error.__cause__.args else error
    return how if isinstance(how, Message) else (str(error).strip() or type(error).__name__).splitlines()[0]


def _hint(evidence: str) -> str:
    return Message("the notebook as far as it ran: {evidence}", evidence=evidence)


def _stopped(executed: NotebookNode, where: str, shown: str) -> NotebookError:
    """What to say of a notebook that stopped before its end and raised nothing: SystemExit, exit()."""
    place = Message("{where}, cell {cell}", where=where, cell=_last_run(executed))
    return NotebookError(_ENDED, where=place, hint=_hint(shown))


def _last_run(executed: NotebookNode) -> int:
    """The number of the last cell that was begun, as the notebook's author counts: papermill has inserted one."""
    return max((number for number, cell in enumerate(executed.cells) if cell.get("execution_count")), default=0)


def _raised(error: Any, where: str, shown: str) -> NotebookError:
    """What a cell's exception says to people: notebook, cell, line, and where the evidence is."""
    lines = [int(match) for match in _LINE.findall(re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback)))]
    # papermill inserts one cell for the parameters: count as the notebook's author does.
    place = Message("{where}, cell {cell}", where=where, cell=error.cell_index)
    if lines:
        place = Message("{where}, cell {cell}, line {line}", where=where, cell=error.cell_index, line=lines[0])
    source = error.source.strip().splitlines()
    shown_line = f"\n    {source[lines[0] - 1]}" if lines and lines[0] <= len(source) else ""
    what = f"{error.ename}: {error.evalue}{shown_line}"
    if error.ename == "ModuleNotFoundError":
        hint = Message(
            "a module of your own goes into notebooks/; how to add a package: nianbao help analysts; "
            "the notebook as far as it ran: {evidence}",
            evidence=shown,
        )
        return NotebookError(what, where=place, hint=hint)
    return NotebookError(what, where=place, hint=_hint(shown))
