"""Owns the server that forks workers: the standard library's, with what workers need imported before.

May import: interrupts; batch.preloaded by name.
"""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running

from nianbao.interrupts import deaf_to_interrupts

# Elsewhere a fork is not safe, or there is none.
AVAILABLE = sys.platform == "linux"


def fork_server(*modules: str) -> ForkServerContext:
    """Start the server, unless it runs already, and return at once; ``modules`` are imported there before all else.

    It may have been started long ago, in another environment. What it forks is as deaf to Ctrl-C as itself.
    """
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([*modules, "nianbao.batch.preloaded"])
    with deaf_to_interrupts():
        ensure_running()
    return server
