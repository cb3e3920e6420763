"""Dask's workers: of a cluster started here, and of a scheduler and two workers, each a process of its own."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import nianbao
from nianbao.batch import Job, new_workers, run_batch, software, workers
from nianbao.batch.outcomes import Done, Event, Finished, Result, WorkersLostError
from nianbao.batch.workers import Workers
from nianbao.errors import NianbaoError
from nianbao.paths import Project
from worlds import keys_of, published

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


def double(number: int) -> int:
    return 2 * number


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(mark: Path) -> str:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def fail() -> None:
    raise ValueError("as bugs do")


def surroundings(name: str) -> tuple[str, str]:
    return os.environ.get(name, ""), str(Path.cwd())


def interrupted() -> tuple[bool, bool]:
    """Whether SIGINT is let in, and whether this process lives on after one."""
    let_in = signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.1)
    return let_in, True


@pytest.fixture(scope="module")
def two() -> Iterator[Workers]:
    """A cluster of two workers of this machine."""
    workers = new_workers(2)
    yield workers
    workers.close()


def ends(workers: Workers, count: int) -> dict[object, Done]:
    done: list[Done] = []
    while len(done) < count:
        done += workers.wait()
    return {one.ticket: one for one in done}


def test_each_ticket_gets_its_own_answer(two: Workers) -> None:
    assert two.size == 2
    two.submit("a", double, 1)
    two.submit("b", double, 2)
    assert two.free == 0
    assert {ticket: one.value for ticket, one in ends(two, 2).items()} == {"a": 2, "b": 4}


def test_a_task_that_raises_is_told(two: Workers) -> None:
    two.submit("raises", fail)
    assert ends(two, 1)["raises"].lost == "ValueError: as bugs do"


def test_ctrl_c_is_not_for_workers_but_for_what_they_start(two: Workers) -> None:
    two.submit("interrupted", interrupted)
    assert ends(two, 1)["interrupted"].value == (True, True)


def test_a_worker_that_dies_costs_one_retry(two: Workers, tmp_path: Path) -> None:
    two.submit("dies once", die_once, tmp_path / "mark")
    assert ends(two, 1)["dies once"].value == "done"


def test_a_task_that_kills_every_worker_is_given_up_and_no_other(two: Workers) -> None:
    two._client.wait_for_workers(2, timeout=30)
    two.submit("kills", die)
    two.submit("other", double, 4)
    done = ends(two, 2)
    assert (done["kills"].value, done["kills"].lost) == (None, "each worker that was given it died")
    assert done["other"].value == 8
    two.submit("next", double, 21)
    assert ends(two, 1)["next"].value == 42


@pytest.mark.slow
def test_workers_have_the_environment_and_the_folder_of_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NIANBAO_TEST", "own")
    workers = new_workers(1, "local")
    try:
        workers.submit("where", surroundings, "NIANBAO_TEST")
        assert ends(workers, 1)["where"].value == ("own", str(tmp_path))
    finally:
        workers.close()


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_worker_killed_while_it_starts_costs_another_start(deaths: int) -> None:
    others = {process.pid for process in multiprocessing.active_children()}  # those of other tests
    killed: list[int | None] = []

    def kill_as_they_start() -> None:
        while len(killed) < deaths:
            for process in multiprocessing.active_children():
                if "Nanny" in process.name and process.pid not in others and len(killed) < deaths:
                    process.kill()
                    killed.append(process.pid)
                    others.add(process.pid)
            time.sleep(0.05)

    threading.Thread(target=kill_as_they_start, daemon=True).start()
    if deaths == 2:
        with pytest.raises(NianbaoError, match="--jobs 1"):
            new_workers(1)
        return
    started = new_workers(1)
    try:
        started.submit("answers", double, 4)
        assert ends(started, 1)["answers"].value == 8
    finally:
        started.close()
    assert len(killed) == 1


@pytest.mark.parametrize("wanted", [1, 2])
def test_reports_made_by_a_cluster_have_the_bytes_of_the_serial_run(
    fresh: Project, reference: Project, wanted: int
) -> None:
    keys = keys_of(fresh)[:wanted]
    outcomes = run_batch(Job(str(fresh.root)), keys, new_workers(wanted), lambda _: None)
    assert [outcome.result for outcome in outcomes] == [Result.MADE] * wanted, outcomes
    expected = published(reference)
    assert published(fresh) == {name: expected[name] for name in published(fresh)}


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


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_costs_a_retry_and_no_byte(
    cluster: Cluster, fresh: Project, reference: Project
) -> None:
    killed: list[int] = []
    workers = new_workers(1, cluster.address)
    workers._client.wait_for_workers(2, timeout=30)

    def kill_one(event: Event) -> None:
        if isinstance(event, Finished) and not killed:
            killed.append(cluster.workers[0].pid)
            os.kill(cluster.workers[0].pid, signal.SIGKILL)

    outcomes = run_batch(Job(str(fresh.root), software=software()), keys_of(fresh), workers, kill_one)
    assert killed
    assert cluster.workers[0].wait(10) == -signal.SIGKILL
    # The worker may have published its report, and died before it could say so: the retry finds nothing to do.
    results = sorted(outcome.result for outcome in outcomes)
    assert results in ([Result.MADE] * 4, [Result.MADE] * 3 + [Result.UNCHANGED]), outcomes
    assert published(fresh) == published(reference)


@pytest.mark.slow
def test_with_its_scheduler_killed_a_batch_ends_and_tells_what_was_lost(
    cluster: Cluster, fresh: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers_there = new_workers(1, cluster.address)
    monkeypatch.setattr(workers, "PATIENCE", 3)

    def kill(event: Event) -> None:
        if isinstance(event, Finished) and cluster.scheduler.poll() is None:
            cluster.scheduler.kill()
            cluster.scheduler.wait()

    outcomes = run_batch(Job(str(fresh.root)), keys_of(fresh), workers_there, kill)
    results = [outcome.result for outcome in outcomes]
    assert len(results) == 4
    assert set(results) <= {Result.MADE, Result.FAULT, Result.NOT_RUN}
    lost = [outcome.message for outcome in outcomes if outcome.result is Result.FAULT]
    assert lost
    assert all("its scheduler" in message and "the same command goes on" in message for message in lost)


@pytest.mark.slow
def test_a_scheduler_that_stops_answering_is_given_up(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    workers_there = new_workers(1, cluster.address)
    monkeypatch.setattr(workers, "PATIENCE", 1)
    workers_there.submit("long", time.sleep, 60)
    cluster.scheduler.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(WorkersLostError, match="does not answer"):
            workers_there.wait()
    finally:
        cluster.scheduler.send_signal(signal.SIGCONT)
        workers_there.close(at_once=True)


def test_no_scheduler_there_is_said_with_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 1)
    with pytest.raises(NianbaoError, match="dask worker ADDRESS"):
        new_workers(1, "tcp://127.0.0.1:9")


def test_a_scheduler_that_takes_connections_and_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 1)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(NianbaoError, match="no Dask workers can be had: TimeoutError"),
    ):
        new_workers(1, f"tcp://127.0.0.1:{silent.getsockname()[1]}")
