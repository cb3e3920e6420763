"""Owns workers on a Dask cluster: one that is there already, or one started here.

May import: errors, batch.crew. The only importer of dask and distributed.

A worker needs the package and the project, as a shared folder or an address. Tasks of one worker take turns, so a
worker should have one thread: dask worker ADDRESS --nworkers N --nthreads 1.
"""

from __future__ import annotations

import contextlib
import logging
import queue
from collections.abc import Callable, Hashable
from importlib import import_module
from typing import Any

from nianbao.batch.crew import ATTEMPTS, Done
from nianbao.errors import NianbaoError

LOCAL = "local"
# Of a cluster started here. Dask's profiler looks at each worker a hundred times a second, and its workers give memory
# back to the system as soon as they can: each costs a tenth of a report.
_SETTINGS = {
    "distributed.scheduler.allowed-failures": ATTEMPTS - 1,
    "distributed.worker.profile.enabled": False,
    "distributed.nanny.pre-spawn-environ": {},
}
# How long to wait for the scheduler, and for its first worker.
_PATIENCE = 20  # seconds


class DaskCrew:
    """The workers of the scheduler at ``address``, or ``size`` of a cluster started here for "local"."""

    def __init__(self, address: str, size: int) -> None:
        dask, distributed = import_module("dask"), import_module("distributed")
        self._ended: queue.SimpleQueue[tuple[Hashable, Any]] = queue.SimpleQueue()
        self._given: dict[Hashable, Any] = {}
        self._cluster: Any = None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        if address == LOCAL:
            with dask.config.set(_SETTINGS):
                self._cluster = distributed.LocalCluster(
                    n_workers=size, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
                )
        try:
            # A client of its own: it does not become the default of whatever else runs in this process.
            self._client: Any = distributed.Client(self._cluster or address, set_as_default=False, timeout=_PATIENCE)
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except (OSError, TimeoutError, ValueError) as error:
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
        if at_once:
            with contextlib.suppress(Exception):
                self._client.cancel(list(self._given.values()), force=True)
        with contextlib.suppress(Exception):
            self._client.close(timeout=2)
        if self._cluster is not None:
            self._cluster.close(timeout=5)

    @staticmethod
    def _done(ticket: Hashable, future: Any) -> Done:
        try:
            return Done(ticket, future.result())
        except Exception as error:  # noqa: BLE001 -- tasks never raise: whatever comes is the cluster's own trouble
            if type(error).__name__ == "KilledWorker":
                return Done(ticket, None, "each worker that was given it died", ATTEMPTS)
            return Done(ticket, None, f"{type(error).__name__}: {error}")
