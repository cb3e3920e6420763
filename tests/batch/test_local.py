from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nianbao.batch.local import LocalCrew
from runs.notebooks import alive


def double(number: int) -> int:
    return 2 * number


def process_id(*_: object) -> int:
    return os.getpid()


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(mark: Path) -> str:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def fail() -> None:
    raise ValueError("as bugs do")


def environment(name: str) -> tuple[str, str]:
    return os.environ.get(name, ""), str(Path.cwd())


def hears_interrupts() -> bool:
    return signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


def sleep_and_tidy(mark: Path) -> None:
    mark.touch()
    try:
        time.sleep(60)
    finally:
        mark.unlink()


@pytest.fixture
def crew() -> Iterator[LocalCrew]:
    crew = LocalCrew(2)
    yield crew
    crew.close(at_once=True)


def test_workers_are_kept_for_the_next_task(crew: LocalCrew) -> None:
    seen = set()
    for number in range(4):
        crew.give(number, process_id)
        seen.add(crew.take()[0].value)
    assert len(seen) == 1


def test_each_ticket_gets_its_own_answer(crew: LocalCrew) -> None:
    crew.give("a", double, 1)
    crew.give("b", double, 2)
    assert crew.free == 0
    done = crew.take()
    while len(done) < 2:
        done += crew.take()
    assert {one.ticket: one.value for one in done} == {"a": 2, "b": 4}


def test_a_worker_that_dies_costs_one_retry(crew: LocalCrew, tmp_path: Path) -> None:
    crew.give("dies once", die_once, tmp_path / "mark")
    (done,) = crew.take()
    assert (done.value, done.attempts, done.lost) == ("done", 2, "")


def test_a_task_that_kills_every_worker_is_given_up_and_the_next_one_runs(crew: LocalCrew) -> None:
    crew.give("kills", die)
    (done,) = crew.take()
    assert done.value is None
    assert "SIGKILL" in done.lost
    assert done.attempts == 2
    crew.give("next", double, 21)
    assert crew.take()[0].value == 42


def test_a_task_that_raises_is_told_with_its_traceback(crew: LocalCrew) -> None:
    crew.give("raises", fail)
    (done,) = crew.take()
    assert "ValueError: as bugs do" in done.lost


def test_what_is_given_aside_shares_no_process(crew: LocalCrew) -> None:
    crew.give("aside", process_id, aside=True)
    aside = crew.take()[0].value
    crew.give("ordinary", process_id)
    assert crew.take()[0].value != aside
    crew.give("aside", process_id, aside=True)
    assert crew.take()[0].value == aside
    crew.dismiss_aside()
    deadline = time.monotonic() + 10
    while alive(aside):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    crew.give("ordinary", process_id)
    assert crew.take()[0].value != aside


def test_ended_at_once_a_worker_still_tidies_up(tmp_path: Path) -> None:
    crew = LocalCrew(1)
    mark = tmp_path / "mark"
    crew.give("long", sleep_and_tidy, mark)
    deadline = time.monotonic() + 10
    while not mark.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    crew.close(at_once=True)
    assert not mark.exists()


def test_an_interrupt_that_reaches_a_worker_while_it_starts_is_not_its_to_deal_with(
    crew: LocalCrew, capfd: pytest.CaptureFixture[str]
) -> None:
    crew.give(1, double, 4)
    (worker,) = crew._workers
    for _ in range(10):
        os.kill(worker.process.pid or 0, signal.SIGINT)
        time.sleep(0.02)
    (done,) = crew.take()
    assert (done.value, done.attempts) == (8, 1)
    assert capfd.readouterr().err == ""
    # The mask is lifted again: its own children shall hear interrupts.
    crew.give(2, hears_interrupts)
    assert crew.take()[0].value is True


def test_workers_have_the_environment_and_the_folder_of_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("one", "other"):
        folder = tmp_path / value
        folder.mkdir()
        monkeypatch.chdir(folder)
        monkeypatch.setenv("NIANBAO_TEST", value)
        crew = LocalCrew(1)
        crew.give(1, environment, "NIANBAO_TEST")
        assert crew.take()[0].value == (value, str(folder))
        crew.close()


def test_what_the_workers_are_forked_from_can_be_forked() -> None:
    script = (
        "import sys\nimport nianbao.batch.preloaded\nfrom nianbao.pipeline.children import may_fork\n"
        "print(may_fork(), *(name for name in ('dask', 'great_expectations', 'nbconvert', 'papermill', 'typst') "
        "if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    expected = ["True" if sys.platform == "linux" else "False", "nbconvert", "papermill"]
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, expected, "")
