"""The workers of a batch: Dask's, in a cluster started on this machine or in one that is there already.

The only importer of dask and distributed; imported when workers are needed, for they take a second.

A worker needs the package and the project, as a shared folder or an address. Tasks of one worker take turns, so a
worker should have one thread: dask worker ADDRESS --nworkers N --nthreads 1.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import signal
import time
from collections.abc import Callable, Hashable
from typing import Any

import dask
import distributed

from nianbao.batch.outcomes import Done, WorkersLostError
from nianbao.errors import NianbaoError
from nianbao.errors.language import Message
from nianbao.runs.server import interrupts_blocked, unblock_interrupts

# How often a task is given to a worker of a cluster started here: one that dies costs one retry. Of another cluster,
# its scheduler's setting distributed.scheduler.allowed-failures says so.
ATTEMPTS = 2
# How long to wait for an answer of the scheduler, and for a first worker.
PATIENCE = 20.0  # seconds
# So many times PATIENCE without any worker: nobody is starting one.
_WITHOUT_WORKERS = 3
# Of a cluster started here. The profiler looks at each worker a hundred times a second and the monitors look at their
# processes up to fifty times, which takes a fifth of a report. Notebooks run in processes of the worker's own, which
# daemons may not have.
_SETTINGS = {
    "distributed.scheduler.allowed-failures": ATTEMPTS - 1,
    "distributed.worker.daemon": False,
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "2s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.worker.memory.monitor-interval": "2s",
}
_HINT_HERE = Message("look at the memory that is free, and use fewer workers (--jobs 1)")
_HINT_THERE = Message("start them: dask scheduler; dask worker ADDRESS --nworkers 2 --nthreads 1")


class _LeaveInterrupts(distributed.WorkerPlugin):
    """Ctrl-C reaches every process of the terminal; the workers leave it to the first of them.

    The handler is set before SIGINT is let in again. It is not SIG_IGN, which a notebook's process would inherit.
    """

    name = "nianbao-interrupts"

    def setup(self, worker: Any) -> None:  # noqa: ARG002 -- Dask's signature
        signal.signal(signal.SIGINT, lambda *_: None)
        unblock_interrupts()


class Workers:
    """``jobs`` workers of a cluster started here, or those of the scheduler at ``address``.

    They call functions of picklable values. A worker that dies costs its task one retry, nothing else.
    """

    def __init__(self, jobs: int, address: str | None = None) -> None:
        self._ended: queue.SimpleQueue[tuple[Hashable, Any]] = queue.SimpleQueue()
        self._given: dict[Hashable, Any] = {}
        self._here = contextlib.ExitStack()
        self._address = address or "a cluster on this machine"
        self._client: Any = None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            self._client = self._new_client(jobs, address)
            self._client.wait_for_workers(1, timeout=PATIENCE)
            self.size = max(1, self._count())
        except BaseException as error:
            self.close(at_once=True)
            if not isinstance(error, (OSError, TimeoutError, ValueError, RuntimeError, ImportError)):
                raise
            raise NianbaoError(
                Message("no Dask workers can be had: {kind}: {error}", kind=type(error).__name__, error=error),
                where=self._address,
                hint=_HINT_THERE if address else _HINT_HERE,
            ) from error

    def __repr__(self) -> str:
        return f"Workers({self.size} of {self._address})"

    @property
    def free(self) -> int:
        """How many workers have nothing to do. Nothing is given ahead: what waits for a worker would die with it."""
        return self.size - len(self._given)

    def submit(self, ticket: Hashable, function: Callable[..., Any], *arguments: Any) -> None:
        """Have a worker call ``function``."""
        future: Any = self._client.submit(function, *arguments, pure=False)
        self._given[ticket] = future
        future.add_done_callback(lambda ended: self._ended.put((ticket, ended)))

    def wait(self) -> list[Done]:
        """The tasks that have ended since; waits for one. WorkersLostError where none will."""
        done = [self._next()]
        while not self._ended.empty():
            done.append(self._next())
        self.size = max(1, self._count())  # where there is none, a new one is on its way
        return done

    def close(self, *, at_once: bool = False) -> None:
        """Take back what has not begun; end the cluster that was started here."""
        with contextlib.suppress(Exception):
            if at_once and self._given:
                self._client.cancel(list(self._given.values()), force=True)
        with contextlib.suppress(Exception):
            if self._client is not None:
                self._client.close(timeout=2)
        self._here.close()

    def _new_client(self, jobs: int, address: str | None) -> Any:
        if address is None:
            self._here.enter_context(dask.config.set(_SETTINGS))
            # Ctrl-C is heard when all of it is there and can be ended.
            with interrupts_blocked():
                cluster = _local_cluster(jobs)
                self._here.callback(cluster.close, timeout=5)
                # A client of its own: it does not become the default of whatever else runs in this process.
                client = distributed.Client(cluster, set_as_default=False, timeout=PATIENCE)
                client.register_plugin(_LeaveInterrupts())
            return client
        asyncio.run(_probe(address))
        return distributed.Client(address, set_as_default=False, timeout=PATIENCE)

    def _next(self) -> Done:
        ticket, future = self._ended_task()
        if future.cancelled():
            raise self._lost("its scheduler has gone")
        del self._given[ticket]
        try:
            return Done(ticket, future.result(timeout=PATIENCE))
        except distributed.KilledWorker:
            return Done(ticket, None, "each worker that was given it died", ATTEMPTS)
        except Exception as error:  # noqa: BLE001 -- tasks never raise: whatever comes is the cluster's own trouble
            return Done(ticket, None, f"{type(error).__name__}: {error}")

    def _ended_task(self) -> tuple[Hashable, Any]:
        since = time.monotonic()
        while True:
            with contextlib.suppress(queue.Empty):
                return self._ended.get(timeout=PATIENCE)
            if self._count():
                since = time.monotonic()
            elif time.monotonic() - since > _WITHOUT_WORKERS * PATIENCE:
                raise self._lost("it has no workers any more")

    def _count(self) -> int:
        """How many workers there are now. WorkersLostError where nobody answers."""
        try:
            # The scheduler counts no more than five of them unless it is asked for all.
            about = self._client.sync(self._client.scheduler.identity, n_workers=-1, callback_timeout=PATIENCE)
        except (OSError, TimeoutError, AttributeError, RuntimeError) as error:
            raise self._lost("its scheduler does not answer") from error
        return len(about["workers"])

    def _lost(self, why: str) -> WorkersLostError:
        return WorkersLostError(
            Message("lost: {why}", why=why),
            where=self._address,
            hint="what was made stays; the same command goes on from there",
        )


def _local_cluster(jobs: int) -> Any:
    """Workers of this machine; RuntimeError where one dies while it starts, as where memory is short, twice."""

    def start() -> Any:
        return distributed.LocalCluster(
            n_workers=jobs, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
        )

    try:
        return start()
    except RuntimeError:  # Dask ends the whole cluster then
        return start()


async def _probe(address: str) -> None:
    """OSError or TimeoutError where no scheduler answers; a client waits for ever for one that is silent."""
    async with asyncio.timeout(PATIENCE):
        async with distributed.rpc(address, timeout=PATIENCE) as scheduler:
            await scheduler.identity()
