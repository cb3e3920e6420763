"""What the fork server imports and makes before it forks: what every section imports, and the shell of its cells.

Importing this module does it; only the fork server and a notebook's process do.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
from typing import Any

# The folder that the fork server was started in is not ours to import from.
sys.path[:] = [folder for folder in sys.path if folder]

# A process with more than one thread must not be forked; and the last digits of a sum depend on how many share it.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

PATH = list(sys.path)  # as an interpreter that was just started has it

_MODULES = (
    "nianbao.section",
    "nianbao.runs.watch",
    "nianbao.section.view",
    "numpy",
    # Imported late by IPython, or by what reads our files.
    "IPython.core.logger",
    "encodings.utf_8_sig",
    "encodings.utf_16_be",
)


def load(*modules: str) -> None:
    """Import these; what is missing is for the notebook to miss, with its own traceback."""
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def warm_up(shell: Any, code: str) -> None:
    """Run a cell whose displays nobody sees, so that what is slow the first time is done before the fork."""
    shell.send, shell.before_traceback = lambda *_: None, lambda: None
    shell.run_cell(code, store_history=False, silent=True)


load(*_MODULES)

# After the environment is set; ``child`` first, see what it registers for the exit.
from nianbao.runs import child  # noqa: E402, F401
from nianbao.runs.shell import new_shell  # noqa: E402

SHELL = new_shell()
warm_up(SHELL, "None")
# Collections in the notebooks' processes shall not touch, and so copy, what they share.
gc.freeze()
