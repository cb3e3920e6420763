"""Our papermill engine: each notebook in a fresh process, forked from one that has everything imported.

papermill is imported inside functions, for it loads this module through its entry point while it is being imported.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from nianbao.errors import NianbaoError
from nianbao.errors.language import tr
from nianbao.runs.child import Cell, Job
from nianbao.runs.process import (
    CellTooLongError,
    CellTooSlowError,
    ExitedError,
    Limits,
    NotebookProcess,
    ProcessDiedError,
)
from nianbao.runs.server import why_no_fork, why_not_kernel

# What a cell may put out, text and pictures together; a printed page of a report takes some 5 kB.
OUTPUT_LIMIT = 20_000_000  # bytes

# What the Python kernel says of itself (ipykernel, IPythonKernel.language_info), without importing it.
LANGUAGE_INFO = {
    "name": "python",
    "version": sys.version.split()[0],
    "mimetype": "text/x-python",
    "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
    "pygments_lexer": "ipython3",
    "nbconvert_exporter": "python",
    "file_extension": ".py",
}

# Run before the first and after the last cell of a notebook that a kernel runs; neither reaches the report.
_BEFORE = """
import pathlib as _pathlib, sys as _sys
from nianbao.runs.watch import Watch as _Watch
_sys.path.insert(0, {folder!r})
_nianbao = _Watch(_pathlib.Path({root!r}))
_nianbao.start()
"""
_AFTER = """
import json
said = {"reads": _nianbao.reads(), "unvouched": _nianbao.unvouched()}
print(json.dumps({"exited": bool(get_ipython().exit_now), **said}))
"""

# Options that this engine carries out, or that mean nothing to it; whatever else is given is for a kernel's client.
_NOT_THEIRS = {"charts", "folder", "memory_limit", "output_limit", "root"}
_OURS = _NOT_THEIRS | {"allow_errors", "execution_timeout", "input_path", "start_timeout", "timeout"}


class NianbaoEngine:
    """Runs each notebook in a process of its own; has what papermill asks of an ``Engine``.

    Options beside those of papermill's ordinary engine: ``output_limit`` (bytes a cell may put out), ``memory_limit``
    (bytes of address space; none by default), ``process`` ("fork" or "kernel"; see runs.server), ``charts`` (whether
    the fork server is to have pandas and matplotlib, if it is not yet running), ``folder`` (where imports look first),
    ``evidence`` (where the notebook is written as far as it ran, if it fails), ``root`` (the project's folder:
    the metadata of a notebook that ran to its end get a key ``nianbao``: ``exited``, whether a cell called exit(),
    ``reads``, the files that it read with their digests, and ``unvouched``, see runs.watch).
    """

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, output_path: str | None = None, *, evidence: str = "", **options: Any
    ) -> NotebookNode:
        """Run a notebook and return it; papermill calls it. UnknownNameError for a parameter that it lacks."""
        with _said_by_papermills_command():
            return cls._execute(nb, kernel_name, output_path, evidence, options)

    @classmethod
    def _execute(
        cls, nb: NotebookNode, kernel_name: str, output_path: str | None, evidence: str, options: dict[str, Any]
    ) -> NotebookNode:
        from papermill.execute import raise_for_execution_errors

        _refuse_unknown_parameters(nb)
        if isinstance(nb.metadata.papermill.get("input_path"), NotebookNode):
            nb.metadata.papermill["input_path"] = None  # papermill puts there what it was given, a whole notebook too
        try:
            done = cls._executed(nb, kernel_name, output_path, options)
        except BaseException:
            _write(nb, evidence)
            raise
        if evidence and done.metadata.get("nianbao", {}).get("exited", True):
            _write(done, evidence)
            raise_for_execution_errors(done, evidence)  # papermill does so next, but would write it nowhere
        elif output_path:
            raise_for_execution_errors(done, output_path)
        return done

    @classmethod
    def _executed(cls, nb: NotebookNode, kernel_name: str, path: str | None, options: dict[str, Any]) -> NotebookNode:
        """What papermill's ``Engine.execute_notebook`` does."""
        from papermill.engines import NotebookExecutionManager

        shown = {name: options.pop(name) for name in ("progress_bar", "autosave_cell_every") if name in options}
        log = options.get("log_output", False)
        nb_man = NotebookExecutionManager(nb, output_path=path, log_output=log, **shown)
        nb_man.notebook_start()
        try:
            cls.execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            nb_man.cleanup_pbar()
            nb_man.notebook_complete()
        done: NotebookNode = nb_man.nb
        return done

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """The kernel that the notebook names, unless one is given."""
        from papermill.utils import nb_kernel_name

        return str(nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """The language that the notebook names, unless one is given."""
        from papermill.utils import nb_language

        return str(nb_language(nb, language))

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, process: str | None = None, **options: Any
    ) -> None:
        """Run the notebook that ``nb_man``, a NotebookExecutionManager, holds."""
        from papermill.engines import NBClientEngine
        from papermill.log import logger

        reason = why_ordinary(kernel_name, options, process) or _run_forked(nb_man, options)
        if reason:
            logger.info("The ordinary engine runs this notebook: %s", reason)
            theirs = {name: value for name, value in options.items() if name not in _NOT_THEIRS}
            with _traced(nb_man.nb, options) if options.get("root") else nullcontext():
                NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **theirs)


@contextmanager
def _said_by_papermills_command() -> Iterator[None]:
    """Under the command ``papermill``, whose frames say nothing to anybody, an error is printed as click prints one."""
    import click
    from papermill.exceptions import PapermillExecutionError

    context = click.get_current_context(silent=True)
    try:
        yield
    except (NianbaoError, PapermillExecutionError) as error:
        if context is None or context.command.name != "papermill":
            raise
        raise click.ClickException(str(error).strip()) from error


def why_ordinary(kernel_name: str, options: dict[str, Any], choice: str | None = None) -> str:
    """Why this notebook goes to papermill's ordinary engine; empty where ours can run it.

    ``choice`` is "fork", "kernel" or None for what the environment says; UsageError for anything else.
    """
    theirs = [name for name, value in options.items() if value and name not in _OURS]
    return why_no_fork(choice) or (f"{', '.join(theirs)} is for a kernel" if theirs else why_not_kernel(kernel_name))


@contextmanager
def _traced(nb: NotebookNode, options: dict[str, Any]) -> Iterator[None]:
    """Let a notebook that a kernel runs say at its end what it has read, as one of ours does."""
    cells = list(nb.cells)
    sources = (_BEFORE.format(folder=options.get("folder", ""), root=options["root"]), _AFTER)
    metadata = {"tags": [], "papermill": {"status": "pending"}}
    before, after = (new_code_cell(source, metadata=deepcopy(metadata)) for source in sources)
    nb.cells = [before, *cells, after]
    try:
        yield
    finally:
        nb.cells = cells
        for counted in (one for cell in cells for one in (cell, *cell.get("outputs", ()))):
            if counted.get("execution_count"):
                counted["execution_count"] -= 1  # the cell before is none of the notebook's
    text = "".join(output.get("text", "") for output in after.outputs)
    nb.metadata["nianbao"] = json.loads(text) if text else {}


def _refuse_unknown_parameters(nb: NotebookNode) -> None:
    """Refuse what papermill warns of only: ``-p yeer 2022`` would run the notebook with the default year."""
    from nianbao.runs.run import PARAMETERS_TAG, check_names, declared_parameters

    given = nb.metadata.papermill.get("parameters") or {}
    if given and any(PARAMETERS_TAG in _tags(cell) for cell in nb.cells):
        where = str(nb.metadata.papermill.get("input_path") or "the notebook")
        check_names(given, declared_parameters(nb, where), where)


def _write(nb: NotebookNode, path: str) -> None:
    from papermill.iorw import write_ipynb

    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        write_ipynb(nb, path)


def _run_forked(nb_man: Any, options: dict[str, Any]) -> str:
    """Run the notebook in a forked process; why there was none, or nothing."""
    from papermill.log import logger

    limits = Limits(
        options.get("execution_timeout") or options.get("timeout"), options.get("output_limit") or OUTPUT_LIMIT
    )
    allowed = bool(options.get("allow_errors"))
    cells = tuple(
        Cell(cell.source, allowed or "raises-exception" in _tags(cell)) for cell in nb_man.nb.cells if _runs(cell)
    )

    def job(stdout: str, stderr: str) -> Job:
        where = {name: options.get(name) or "" for name in ("folder", "root")}
        return Job(cells, dict(os.environ), stdout, stderr, limits.output, options.get("memory_limit"), **where)

    reason = ""
    for _ in range(2):  # a fork server may just have been killed; the second is a new one
        try:
            process = NotebookProcess(
                job, limits, charts=bool(options.get("charts", True)), start_timeout=options.get("start_timeout") or 60
            )
        except (OSError, EOFError) as error:
            reason = f"{type(error).__name__}: {error}"
            continue
        with process:
            _run_cells(nb_man, process, limits, options)
        return ""
    logger.warning("No process could be forked: %s", reason)
    return reason


def _run_cells(nb_man: Any, process: NotebookProcess, limits: Limits, options: dict[str, Any]) -> None:
    """Follow the process through the cells, as papermill's own engine follows a kernel."""
    allowed = options.get("allow_errors")
    count = 0
    for index, cell in enumerate(nb_man.nb.cells):
        try:
            nb_man.cell_start(cell, cell_index=index)
            if _runs(cell):
                count += 1
                cell.execution_count = count
                may_fail = allowed or "raises-exception" in _tags(cell)
                _run_cell(process, cell, index, limits, nb_man.autosave_cell, may_fail=may_fail)
        except CellExecutionError as error:
            nb_man.cell_exception(cell, cell_index=index, exception=error)
            break
        finally:
            nb_man.cell_complete(cell, cell_index=index)
    else:
        said = process.end()
        if options.get("root"):
            nb_man.nb.metadata["nianbao"] = said
    nb_man.nb.metadata["language_info"] = dict(LANGUAGE_INFO)


def _run_cell(
    process: NotebookProcess, cell: NotebookNode, index: int, limits: Limits, when_silent: Any, *, may_fail: bool
) -> None:
    """Follow one cell; CellExecutionError where it failed and may not."""
    try:
        if process.cell(cell, when_silent) and not may_fail:
            raise CellExecutionError("the cell raised", "", "")
    except CellTooSlowError:
        seconds = int(limits.timeout or 0)
        raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", seconds, cell) from None
    except CellTooLongError:
        name = "OutputLimitError"
        value = tr("the cell put out more than {count:,} bytes; the rest is lost", count=limits.output)
        text = f"{name}: {value}"
        cell.outputs.append(NotebookNode(output_type="error", ename=name, evalue=value, traceback=[text]))
        raise CellExecutionError(text, name, value) from None
    except ProcessDiedError as death:
        if isinstance(death, ExitedError):
            cell.execution_count = None  # it has not run
        raise DeadKernelError(f"Kernel died: the process that ran cell {index} ended, {death}") from death


def _runs(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip()) and "skip-execution" not in _tags(cell)


def _tags(cell: NotebookNode) -> list[str]:
    tags: list[str] = cell.metadata.get("tags", [])
    return tags
