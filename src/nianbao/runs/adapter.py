"""Owns our engine as papermill sees it. Imported through runs.engine only, which keeps the order of imports right.

May import: runs.client, runs.fallback, runs.forecast, runs.launcher, runs.process.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager
from papermill.log import logger

from nianbao.runs import fallback

if TYPE_CHECKING:
    from nianbao.runs.preloaded import Load

_OWED_AT_MOST = 1.0  # seconds


class _Manager(NotebookExecutionManager):  # type: ignore[misc] # papermill carries no types
    """Papermill's bookkeeping, with fewer writes of the file: before and after each cell, they cost more than most.

    A forked process runs ahead while we write, so what is due is owed until a cell lets us wait: then it is written
    once, for all the cells that have ended meanwhile.
    """

    def __init__(self, nb: Any, *, save_every: float, **options: Any) -> None:
        super().__init__(nb, **options)
        self.save_every = save_every  # seconds
        self.may_owe = False  # whether somebody will call ``save_owed``
        self._owed = False
        self._last = time.monotonic()  # papermill's own clock may be set back

    def save(self, **kwargs: Any) -> None:
        """Write the notebook, if the last time was long enough ago."""
        since = self._since_last()
        self._owed = self.may_owe and since < max(self.save_every, _OWED_AT_MOST)
        if not self._owed and since >= self.save_every:
            self._write(**kwargs)

    def save_owed(self) -> None:
        """Write the notebook, if that is owed: there is time now."""
        if self._owed and self._since_last() >= self.save_every:
            self._write()

    def _write(self, **kwargs: Any) -> None:
        self._owed = False
        super().save(**kwargs)
        self._last = time.monotonic()

    def _since_last(self) -> float:
        return time.monotonic() - self._last


class NianbaoEngine(Engine):  # type: ignore[misc] # papermill carries no types
    """Runs each notebook in a process of its own, forked from one that has everything imported.

    Options beside those of papermill's ordinary engine: ``output_limit`` (bytes a cell may put out), ``memory_limit``
    (bytes of address space; none by default), ``process`` ("fork" or "kernel"; see runs.fallback), ``load`` (how much
    is imported beforehand; by default what the code names), ``save_every`` (seconds between writes of the unfinished
    notebook; with 0 it is written before and after each cell, as papermill does, but those that end within a second
    are written together), ``evidence`` (where the notebook is written while it is unfinished, and as far as it ran
    where it fails, for a caller that gives papermill no ``output_path``: what has run to its end the caller has).
    """

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        *,
        save_every: float = 0.0,
        evidence: str | None = None,
        **options: Any,
    ) -> Any:
        """Run a notebook and return it; papermill calls it."""
        from papermill.execute import raise_for_execution_errors  # it imports the engines

        shown = {name: options.pop(name) for name in _MANAGERS_OPTIONS & options.keys()}
        manager = _Manager(nb, save_every=save_every, output_path=output_path or evidence, **shown)
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=shown.get("log_output", False), **options)
        except BaseException:
            # Nobody will write it after us; where it runs to its end, or to a cell that raises, papermill does.
            manager.save_every = 0.0
            raise
        finally:
            manager.notebook_complete()
        if evidence and not output_path:
            raise_for_execution_errors(manager.nb, evidence)  # papermill does so next, but would write it nowhere
        return manager.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        process: str | None = None,
        output_limit: int | None = None,
        memory_limit: int | None = None,
        load: Load | None = None,
        **options: Any,
    ) -> None:
        """Run the notebook that ``nb_man`` holds; papermill calls it."""
        reason = fallback.why_ordinary(kernel_name, options, process)
        if not reason:
            limits = {"memory_limit": memory_limit} | ({"output_limit": output_limit} if output_limit else {})
            reason = _run_forked(nb_man, kernel_name, limits, load, options)
        if reason:
            logger.info("The ordinary engine runs this notebook: %s", reason)
            NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **options)


def _run_forked(
    nb_man: Any, kernel_name: str, limits: dict[str, Any], load: Load | None, options: dict[str, Any]
) -> str:
    """Run the notebook in a forked process; why there was none, or nothing."""
    from nianbao.runs.client import ForkedNotebookClient
    from nianbao.runs.forecast import wanted
    from nianbao.runs.launcher import ZygoteError, zygote
    from nianbao.runs.process import NotebookProcess

    passed_on = {name: value for name, value in options.items() if name not in _NAMED_OTHERWISE}
    client = ForkedNotebookClient(
        nb_man,
        kernel_name=kernel_name,
        log=logger,
        timeout=options.get("execution_timeout") or options.get("timeout"),
        **passed_on,
        **limits,
    )
    if load is None:
        load = wanted(cell.source for cell in nb_man.nb.cells if cell.cell_type == "code")
    process = None
    reason = ""
    for _ in range(2):  # a zygote may just have been killed; the second is a new one
        try:
            process = NotebookProcess(
                zygote(load),
                output_limit=client.output_limit,
                memory_limit=client.memory_limit,
                start_timeout=options.get("start_timeout", 60),
            )
            break
        except ZygoteError as error:
            reason = str(error)
    if process is None:
        logger.warning("No process could be forked: %s", reason)
        return reason
    if not isinstance(nb_man, _Manager):
        client.execute_in(process)
        return ""
    nb_man.may_owe = True
    try:
        client.execute_in(process, nb_man.save_owed)
    finally:
        nb_man.may_owe = False
    return ""


_MANAGERS_OPTIONS = {"progress_bar", "log_output", "autosave_cell_every"}

# papermill's names for what nbclient calls otherwise, and what is no option of a client (NBClientEngine's own list).
_NAMED_OTHERWISE = {"input_path", "timeout", "startup_timeout", "start_timeout", "execution_timeout"}
