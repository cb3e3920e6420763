"""Dask: a real scheduler and two workers, each a process of its own, on the loopback interface."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path

import pytest

import nianbao
from nianbao.batch import Job, new_crew, run_batch, software
from nianbao.batch.events import Event, Finished
from nianbao.batch.outcomes import Result
from nianbao.errors import NianbaoError
from nianbao.paths import Project
from nianbao.runs import launcher
from nianbao.runs.preloaded import Load
from worlds import keys_of, published

pytestmark = pytest.mark.filterwarnings("default")


class Cluster:
    """A scheduler and two workers without nannies: who kills a worker has killed it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        sources = str(Path(nianbao.__file__).parents[1])
        self._environment = {**os.environ, "PYTHONPATH": os.pathsep.join([sources, os.environ.get("PYTHONPATH", "")])}
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = self._address()
        self.workers = [
            self._start(
                "worker", self.address, "--no-nanny", "--no-dashboard", "--nthreads", "1", "--host", "127.0.0.1"
            )
            for _ in range(2)
        ]

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        dask = [sys.executable, "-m", "dask", *command]
        if command[0] == "scheduler":
            dask += ["--scheduler-file", str(self.folder / "scheduler.json")]
        else:
            dask += ["--local-directory", str(self.folder)]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(dask, stdout=quiet, stderr=quiet, env=self._environment, cwd=self.folder)

    def _address(self) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                return str(json.loads((self.folder / "scheduler.json").read_text())["address"])
            except (OSError, ValueError):
                time.sleep(0.1)
        raise TimeoutError("the scheduler did not start")

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.terminate()
        for process in (*self.workers, self.scheduler):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    yield cluster
    cluster.close()


def test_a_worker_killed_in_the_middle_costs_a_retry_and_no_byte(
    cluster: Cluster, fresh: Project, reference: Project
) -> None:
    killed: list[int] = []
    crew = new_crew(1, cluster.address)
    deadline = time.monotonic() + 30
    while crew.size < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert crew.size == 2

    def kill_one(event: Event) -> None:
        if isinstance(event, Finished) and not killed:
            killed.append(cluster.workers[0].pid)
            os.kill(cluster.workers[0].pid, signal.SIGKILL)

    outcomes = run_batch(Job(str(fresh.root), software=software()), keys_of(fresh), crew, kill_one)
    assert killed
    assert cluster.workers[0].wait(10) == -signal.SIGKILL
    # The worker may have published its report, and died before it could say so: the retry finds nothing to do.
    results = sorted(outcome.result for outcome in outcomes)
    assert results in ([Result.MADE] * 4, [Result.MADE] * 3 + [Result.UNCHANGED]), outcomes
    assert published(fresh) == published(reference)


def test_a_cluster_of_its_own_is_started_and_ended(fresh: Project, reference: Project) -> None:
    keys = keys_of(fresh)[:2]
    outcomes = run_batch(Job(str(fresh.root)), keys, new_crew(2, "local"), lambda _: None)
    assert [outcome.result for outcome in outcomes] == [Result.MADE] * 2, outcomes
    wanted = published(reference)
    assert published(fresh) == {name: wanted[name] for name in published(fresh)}


def die_once(mark: Path) -> tuple[bool, str]:
    """Whether this process has a preloaded one to split its own off from, and a name in its environment."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    ancestor = launcher._zygotes.ancestor
    return bool(ancestor and ancestor.fits(Load.ALL)), os.environ.get("NIANBAO_TEST", "")


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
def test_workers_of_a_cluster_of_its_own_are_forked_with_what_they_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What other tests have changed meanwhile is not in the server's environment, which may be older.
    _stop_server()
    monkeypatch.setenv("NIANBAO_TEST", "own")
    crew = new_crew(1, "local")
    try:
        crew.give(1, die_once, tmp_path / "mark")
        (done,) = crew.take()
        assert (done.value, done.lost) == ((True, "own"), "")
    finally:
        crew.close()
        _stop_server()


def _stop_server() -> None:
    forkserver._forkserver._stop()  # type: ignore[attr-defined] # the next use starts another


def test_no_scheduler_there_is_said_with_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianbao.batch.cluster._PATIENCE", 1)
    with pytest.raises(NianbaoError, match="dask worker ADDRESS"):
        new_crew(1, "tcp://127.0.0.1:9")
