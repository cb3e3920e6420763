"""Run one section notebook: one fresh process through papermill, one SectionRun.

May import: errors, form, model, paths, runs.prepare. The only importer of papermill, with
runs.engine.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from nianbao.errors import NotebookError
from nianbao.form import Section
from nianbao.model import Profile, ReportKey, SectionRun
from nianbao.paths import Project
from nianbao.runs.prepare import (
    check_parameters,
    declared_parameters,
    of_profile,
    profile_of,
    read_notebook,
    without_times,
)

ENGINE = "nianbao"
KERNEL = "python3"
# A section that runs for longer than this hangs: it reads a few small files.
CELL_TIMEOUT = 300  # seconds
# A section that needs more than this has gone astray; without a limit it would take the machine down with it.
MEMORY_LIMIT = 8 << 30  # bytes of address space

_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")


def parameters_for(notebook: NotebookNode, key: ReportKey, profile: Profile, where: str) -> dict[str, Any]:
    """What the notebook is given: office, year, and the profile."""
    declared = declared_parameters(notebook, where)
    given: dict[str, Any] = {"office": key.office, "year": key.year, "profile": profile.value}
    if "profile" not in declared:
        del given["profile"]  # a notebook that has no use for it
    check_parameters(given, declared, where)
    return given


def run_section(project: Project, key: ReportKey, section: Section, profile: Profile | None = None) -> SectionRun:
    """Run the section's notebook for one office and year in a fresh process.

    Raises UnknownNameError or UsageError where the notebook does not take the parameters, InputError where the year's
    settings cannot be read, NotebookError where it raises or its process dies; the notebook as far as it ran is then
    kept in the place that the message names.
    """
    path = project.notebook(key.office, section)
    where = project.relative(path)
    notebook = read_notebook(path, where)
    profile = profile_of(project, key, profile)
    parameters = parameters_for(notebook, key, profile, where)
    evidence = project.evidence_of(key) / f"{section.stem}.ipynb"
    charts = profile is Profile.ILLUSTRATED
    options = {"evidence": str(evidence), "charts": charts, "folder": str(path.parent), "root": str(project.root)}
    executed = _execute(of_profile(notebook, profile), parameters, project, where, options)
    said = executed.metadata.get("nianbao", {})
    if "reads" not in said or said["exited"]:
        raise _stopped(executed, where, project.relative(evidence))
    evidence.unlink(missing_ok=True)
    done = without_times(executed)
    if said["unvouched"]:
        done.metadata["nianbao"] = {"unvouched": said["unvouched"]}
    return SectionRun(section, where, nbformat.writes(done), said["reads"])


def _execute(
    notebook: NotebookNode, parameters: dict[str, Any], project: Project, where: str, options: dict[str, Any]
) -> NotebookNode:
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
        what = "ran too long" if isinstance(error, CellTimeoutError) else "its process died"
        first = (str(error).strip() or type(error).__name__).splitlines()[0].rpartition("ended, ")[2]
        number = _last_run(nbformat.read(options["evidence"], as_version=4))
        raise NotebookError(f"{what}: {first}", where=f"{where}, cell {number}", hint=_hint(shown)) from error


def _hint(evidence: str) -> str:
    return f"the notebook as far as it ran: {evidence}"


def _stopped(executed: NotebookNode, where: str, shown: str) -> NotebookError:
    """What to say of a notebook that stopped before its end and raised nothing: SystemExit, exit()."""
    what = "the notebook was ended by exit() or sys.exit(); a section runs to the end of its last cell"
    return NotebookError(what, where=f"{where}, cell {_last_run(executed)}", hint=_hint(shown))


def _last_run(executed: NotebookNode) -> int:
    """The number of the last cell that was begun, as the notebook's author counts: papermill has inserted one."""
    return max((number for number, cell in enumerate(executed.cells) if cell.get("execution_count")), default=0)


def _raised(error: Any, where: str, shown: str) -> NotebookError:
    """What a cell's exception says to people: notebook, cell, line, and where the evidence is."""
    lines = [int(match) for match in _LINE.findall(re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback)))]
    # papermill inserts one cell for the parameters: count as the notebook's author does.
    cell = f"cell {error.cell_index}"
    line = f", line {lines[0]}" if lines else ""
    source = error.source.strip().splitlines()
    shown_line = f"\n    {source[lines[0] - 1]}" if lines and lines[0] <= len(source) else ""
    what = f"{error.ename}: {error.evalue}{shown_line}"
    return NotebookError(what, where=f"{where}, {cell}{line}", hint=_hint(shown))
