"""Small notebooks for the tests of the engine, and what comes out of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from papermill.engines import papermill_engines
from papermill.iorw import write_ipynb

from nianbao.runs.engine import NianbaoEngine

papermill_engines.register("nianbao", NianbaoEngine)

KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}


def notebook(*sources: str, tag: str = "") -> NotebookNode:
    """A notebook of these code cells, each with this tag."""
    cells = [new_code_cell(source, id=f"cell-{index}") for index, source in enumerate(sources)]
    for cell in cells:
        cell.metadata.tags = [tag] if tag else []
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})


def run(folder: Path, node: NotebookNode, engine: str = "nianbao", **options: Any) -> NotebookNode:
    """Run a notebook from ``folder``; what a cell raises is raised, and the notebook stays in out.ipynb.

    A cell may run for a minute: a test that hangs ends with the traceback of the place.
    """
    source = folder / "in.ipynb"
    write_ipynb(node, str(source))
    out = folder / "out.ipynb"
    return papermill.execute_notebook(
        source,
        out,
        engine_name=engine,
        progress_bar=False,
        cwd=options.pop("cwd", folder),
        **{"execution_timeout": 60, **options},
    )


def saved(folder: Path) -> NotebookNode:
    """What the last run has saved, also if it failed."""
    return nbformat.read(folder / "out.ipynb", as_version=4)


def printed(node: NotebookNode, index: int = -1, name: str = "stdout") -> str:
    """The text that a code cell has printed."""
    outputs = [cell for cell in node.cells if cell["cell_type"] == "code"][index]["outputs"]
    return "".join(
        "".join(output["text"]) for output in outputs if output["output_type"] == "stream" and output["name"] == name
    )


def alive(pid: int) -> bool:
    """Whether a process is there and not just waiting to be reaped."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def soon(condition: Callable[[], bool], seconds: float = 2.0) -> bool:
    """Whether it comes true in that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def children(pid: int | None = None) -> list[int]:
    """The engine's processes among the children of a process, of this one by default (tests start others too)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            ours = b"multiprocessing.forkserver" in (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == (pid or os.getpid()) and fields[0] != "Z" and ours:
            found.append(int(stat.parent.name))
    return found
