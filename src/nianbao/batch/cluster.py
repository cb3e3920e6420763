"""Owns workers on a Dask cluster: one that is there already, or one started here.

May import: errors, batch.crew, batch.server, interrupts. The only importer of dask and distributed.

A worker needs the package and the project, as a shared folder or an address. Tasks of one worker take turns, so a
worker should have one thread: dask worker ADDRESS --nworkers N --nthreads 1.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
from collections.abc import Callable, Hashable
from importlib import import_module
from typing import Any

from nianbao.batch.crew import ATTEMPTS, Done
from nianbao.batch.server import AVAILABLE, fork_server
from nianbao.errors import NianbaoError
from nianbao.interrupts import deaf_to_interrupts

LOCAL = "local"
# Of a cluster started here. Dask's profiler looks at each worker a hundred times a second, its servers look at
# themselves and at each other's memory ten to fifty times, and its workers give memory back to the system as soon as
# they can: together a fifth of a report. Its workers are forked from a process that has imported what they need.
_SETTINGS = {
    "distributed.scheduler.allowed-failures": ATTEMPTS - 1,
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "2s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.worker.memory.monitor-interval": "2s",
    "distributed.nanny.pre-spawn-environ": {},
    "distributed.worker.multiprocessing-method": "forkserver" if AVAILABLE else "spawn",
}
# How long to wait for the scheduler, and for its first worker.
_PATIENCE = 20  # seconds


class DaskCrew:
    """The workers of the scheduler at ``address``, or ``size`` of a cluster started here for "local"."""

    def __init__(self, address: str, size: int) -> None:
        self._ended: queue.SimpleQueue[tuple[Hashable, Any]] = queue.SimpleQueue()
        self._given: dict[Hashable, Any] = {}
        self._settings = contextlib.ExitStack()
        self._cluster: Any = None
        self._client: Any = None
        try:
            if address == LOCAL:
                # Ctrl-C is heard when all of it is there and can be ended.
                with deaf_to_interrupts():
                    self._cluster = self._new_cluster(size)
            distributed = import_module("distributed")
            logging.getLogger("distributed").setLevel(logging.CRITICAL)
            # A client of its own: it does not become the default of whatever else runs in this process.
            self._client = distributed.Client(self._cluster or address, set_as_default=False, timeout=_PATIENCE)
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except BaseException as error:
            self.close(at_once=True)
            if not isinstance(error, (OSError, TimeoutError, ValueError)):
                raise
            raise NianbaoError(
                f"no Dask workers can be had: {type(error).__name__}: {error}",
                where=address,
                hint="start them: dask scheduler; dask worker ADDRESS --nworkers 2 --nthreads 1",
            ) from error

    def __repr__(self) -> str:
        return f"DaskCrew({self.size})"

    @property
    def size(self) -> int:
        """How many workers there are now; 1 while all of them are gone and new ones are waited for."""
        return max(1, len(self._client.scheduler_info(n_workers=-1)["workers"]))

    @property
    def free(self) -> int:
        """One task more than there are workers: the next one is there when a worker has done its own."""
        return self.size + 1 - len(self._given)

    def give(self, ticket: Hashable, function: Callable[..., Any], *arguments: Any, aside: bool = False) -> None:  # noqa: ARG002 -- any worker will do
        """Have a worker call ``function``."""
        future: Any = self._client.submit(function, *arguments, pure=False)
        self._given[ticket] = future
        future.add_done_callback(lambda ended: self._ended.put((ticket, ended)))

    def take(self) -> list[Done]:
        """The tasks that have ended since; waits for one."""
        done: list[Done] = []
        while not done or not self._ended.empty():
            ticket, future = self._ended.get()
            self._given.pop(ticket, None)
            done.append(self._done(ticket, future))
        return done

    def dismiss_aside(self) -> None:
        """Nothing to do: all workers are alike."""

    def close(self, *, at_once: bool = False) -> None:
        """Take back what has not begun; end the cluster that was started here."""
        if at_once and self._given:
            with contextlib.suppress(Exception):
                self._client.cancel(list(self._given.values()), force=True)
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.close(timeout=2)
        if self._cluster is not None:
            self._cluster.close(timeout=5)
        self._settings.close()

    def _new_cluster(self, size: int) -> Any:
        if AVAILABLE:
            # Dask sets this variable, which Python reads when it starts, for its workers, and in this process too. The
            # preloaded process of the workers' parent is of use to them only if it has started with the same.
            os.environ.setdefault("PYTHONHASHSEED", "6640")
            # It imports what the workers need while this process imports Dask.
            fork_server("distributed")
        dask, distributed = import_module("dask"), import_module("distributed")
        self._settings.enter_context(dask.config.set(_SETTINGS))
        return distributed.LocalCluster(
            n_workers=size,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
            env=dict(os.environ),
        )

    @staticmethod
    def _done(ticket: Hashable, future: Any) -> Done:
        try:
            return Done(ticket, future.result())
        except Exception as error:  # noqa: BLE001 -- tasks never raise: whatever comes is the cluster's own trouble
            if type(error).__name__ == "KilledWorker":
                return Done(ticket, None, "each worker that was given it died", ATTEMPTS)
            return Done(ticket, None, f"{type(error).__name__}: {error}")
