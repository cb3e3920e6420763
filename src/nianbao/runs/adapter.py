"""Owns our engine as papermill sees it. Imported through runs.engine only, which keeps the order of imports right.

May import: runs.client, runs.fallback, runs.launcher, runs.process.
"""

from __future__ import annotations

from typing import Any

from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager
from papermill.log import logger

from nianbao.runs import fallback


class NianbaoEngine(Engine):  # type: ignore[misc] # papermill carries no types
    """Runs each notebook in a process of its own, forked from one that has everything imported.

    Options beside those of papermill's ordinary engine: ``output_limit`` (bytes a cell may put out), ``memory_limit``
    (bytes of address space; none by default), ``process`` ("fork" or "kernel"; see runs.fallback), and
    ``save_each_cell``: without it the notebook is saved before its first cell and after its last or the one that
    failed, not before and after each, which costs as much as running a light notebook.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        process: str | None = None,
        output_limit: int | None = None,
        memory_limit: int | None = None,
        save_each_cell: bool = True,
        **options: Any,
    ) -> None:
        """Run the notebook that ``nb_man`` holds; papermill calls it."""
        if not save_each_cell:
            # papermill saves it once more when we are back, or out of here by an exception.
            place, nb_man.output_path = nb_man.output_path, None
            try:
                limits = {"output_limit": output_limit, "memory_limit": memory_limit}
                cls.execute_managed_notebook(nb_man, kernel_name, process=process, **limits, **options)
            finally:
                nb_man.output_path = place
            return
        reason = fallback.why_ordinary(kernel_name, options, process)
        if not reason:
            limits = {"memory_limit": memory_limit} | ({"output_limit": output_limit} if output_limit else {})
            reason = _run_forked(nb_man, kernel_name, limits, options)
        if reason:
            logger.info("The ordinary engine runs this notebook: %s", reason)
            NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **options)


def _run_forked(nb_man: Any, kernel_name: str, limits: dict[str, Any], options: dict[str, Any]) -> str:
    """Run the notebook in a forked process; why there was none, or nothing."""
    from nianbao.runs.client import ForkedNotebookClient
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
    process = None
    reason = ""
    for _ in range(2):  # a zygote may just have been killed; the second is a new one
        try:
            process = NotebookProcess(
                zygote(),
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
    client.execute_in(process)
    return ""


# papermill's names for what nbclient calls otherwise, and what is no option of a client (NBClientEngine's own list).
_NAMED_OTHERWISE = {"input_path", "timeout", "startup_timeout", "start_timeout", "execution_timeout"}
