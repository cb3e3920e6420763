"""Owns the run of one section notebook: one fresh process through papermill, one SectionRun.

May import: errors, form, model, notebooks, paths, put_off, runs.fallback, runs.forecast, runs.prepare. The only
importer of papermill, with runs.engine.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import entrypoints  # papermill's
import nbformat

from nianbao.errors import NotebookError
from nianbao.form import Section
from nianbao.inputs import Files, open_lazily
from nianbao.model import Profile, ReportKey, SectionRun
from nianbao.paths import Project
from nianbao.put_off import left_out, put_off, replaced
from nianbao.runs.fallback import why_ordinary
from nianbao.runs.forecast import code_of, wanted
from nianbao.runs.prepare import (
    check_parameters,
    declared_parameters,
    read_notebook,
    split_trace,
    without_times,
)


def _kept(scan: Callable[..., Iterable[object]]) -> Callable[..., object]:
    return cache(lambda **options: tuple(scan(**options)))


# boto3 is half as large as the rest, requests a tenth: our notebooks come from the project. Papermill looks through all
# that is installed for engines, then for file systems.
with left_out("papermill.s3"), put_off("requests"), replaced(entrypoints, "iter_files_distros", _kept):
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from nianbao.runs.preloaded import Load

ENGINE = "nianbao"
KERNEL = "python3"
# A section that runs for longer than this hangs: it reads a few small files.
CELL_TIMEOUT = 300  # seconds
# How often the unfinished notebook is written, as evidence; one that failed always is.
SAVE_EVERY = 30.0  # seconds
# A section that needs more than this has gone astray; without a limit it would take the machine down with it.
MEMORY_LIMIT = 8 << 30  # bytes of address space

_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")


class _Handed:
    """Papermill's handler for notebooks that are handed over as text: a node it would write, only to read it again."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._numbers = count()

    @contextmanager
    def over(self, text: str) -> Iterator[str]:
        """The path under which papermill finds this text in the block."""
        name = f"{_SCHEME}{next(self._numbers)}.ipynb"
        self._texts[name] = text
        try:
            yield name
        finally:
            del self._texts[name]

    def read(self, path: str) -> str:
        """The text; papermill calls it."""
        return self._texts[path]

    def pretty_path(self, path: str) -> str:
        """How papermill's log calls it."""
        return path


def _if_anywhere(write: Callable[..., object]) -> Callable[..., object]:
    """Writes where there is a path; papermill would make the text, a tenth of a section's time, and throw it away."""

    def write_ipynb(notebook: NotebookNode, path: str | None) -> None:
        if path is not None:
            write(notebook, path)

    return write_ipynb


_SCHEME = "nianbao-text:"
_HANDED = _Handed()
papermill.iorw.papermill_io.register(_SCHEME, _HANDED)


def warm_up() -> None:
    """Do what the first run of a section would have to, for a caller that has to wait for something else anyway."""
    why_ordinary(KERNEL, {})


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

    Raises UnknownNameError or UsageError where the notebook does not take the parameters, NotebookError where it
    raises or its process dies; the notebook as far as it ran is then kept in the place that the message names.
    """
    path = project.notebook(key.office, section)
    where = project.relative(path)
    notebook = read_notebook(path, where)
    profile = profile or open_lazily(key, Files(project)).profile
    parameters = parameters_for(notebook.node, key, profile, where)
    evidence = project.evidence_of(key) / f"{section.stem}.ipynb"
    text = notebook.text(illustrated=profile is Profile.ILLUSTRATED)
    load = wanted(code_of(text))
    try:
        executed = _execute(text, parameters, evidence, project, where, load)
    except FileNotFoundError:
        if evidence.parent.is_dir():
            raise
        # The folder may be thrown away at any time, under a run too: that costs another run of the section.
        executed = _execute(text, parameters, evidence, project, where, load)
    executed, reads = split_trace(executed)
    evidence.unlink(missing_ok=True)
    return SectionRun(section, where, nbformat.writes(without_times(executed)), reads)


def _execute(
    notebook: str, parameters: dict[str, Any], evidence: Path, project: Project, where: str, load: Load
) -> NotebookNode:
    shown = project.relative(evidence)
    evidence.parent.mkdir(parents=True, exist_ok=True)
    try:
        written = replaced(papermill.execute, "write_ipynb", _if_anywhere)
        with warnings.catch_warnings(), written, _HANDED.over(notebook) as name:
            # papermill's own use of deprecated calls is not for our users to read.
            warnings.simplefilter("ignore")
            executed: NotebookNode = papermill.execute_notebook(
                name,
                None,  # what has run to its end need not be written before it is read again
                parameters,
                engine_name=ENGINE,
                kernel_name=KERNEL,
                progress_bar=False,
                cwd=str(project.root),
                execution_timeout=CELL_TIMEOUT,
                memory_limit=MEMORY_LIMIT,
                save_every=SAVE_EVERY,
                evidence=str(evidence),
                load=load,
            )
            return executed
    except papermill.PapermillExecutionError as error:
        raise _raised(error, where, shown) from error
    except (CellTimeoutError, DeadKernelError) as error:
        what = "a cell ran too long" if isinstance(error, CellTimeoutError) else "its process died"
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise NotebookError(f"{what}: {first}", where=where, hint=f"the notebook as far as it ran: {shown}") from error


def _raised(error: Any, where: str, shown: str) -> NotebookError:
    """What a cell's exception says to people: notebook, cell, line, and where the evidence is."""
    lines = [int(match) for match in _LINE.findall(re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback)))]
    # papermill inserts one cell for the parameters: count as the notebook's author does.
    cell = f"cell {error.cell_index}"
    line = f", line {lines[0]}" if lines else ""
    source = error.source.strip().splitlines()
    shown_line = f"\n    {source[lines[0] - 1]}" if lines and lines[0] <= len(source) else ""
    what = f"{error.ename}: {error.evalue}{shown_line}"
    return NotebookError(what, where=f"{where}, {cell}{line}", hint=f"the notebook as far as it ran: {shown}")
