"""The work queue: no save is lost, requests are answered between runs, and a run that hangs is ended by a newer save."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from nianbao.preview.threads import SUPERSEDE, SharedState, Superseded, WorkQueue


@pytest.fixture
def hearing() -> Iterator[Callable[[WorkQueue], None]]:
    """Lets a queue handle this process's interrupts, as the preview does."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, SUPERSEDE)}

    def hear(queue: WorkQueue) -> None:
        signal.signal(signal.SIGINT, queue.interrupted)
        signal.signal(SUPERSEDE, queue.superseded)

    yield hear
    for number, handler in before.items():
        signal.signal(number, handler)


def test_saves_that_come_during_a_run_are_followed_by_one_more_run() -> None:
    queue, runs, contents = WorkQueue(), [], {"narrative.md": 0}
    queue.save({"narrative.md"})

    def work() -> None:
        seen = contents["narrative.md"]
        if seen < 3:  # an editor saves twice while the page is made
            contents["narrative.md"] += 1
            queue.save({"narrative.md"})
            queue.save({"other.md"})
        runs.append(seen)

    while runs[-1:] != [3]:
        saves, asked = queue.next()
        assert saves
        assert not asked
        assert queue.run(work)
    assert runs == [0, 1, 2, 3]


def test_a_wish_waits_for_the_run_that_a_save_made_due() -> None:
    queue = WorkQueue()
    wish = queue.ask("pdf")
    queue.save({"a.csv"})
    saves, asked = queue.next()
    assert (saves, asked) == ({"a.csv"}, [])
    saves, asked = queue.next()
    assert (saves, asked) == (None, [("pdf", wish)])


def test_the_maker_sleeps_until_there_is_work() -> None:
    queue, found = WorkQueue(), []
    thread = threading.Thread(target=lambda: found.append(queue.next()))
    thread.start()
    time.sleep(0.2)
    assert not found
    queue.save({"a.csv"})
    thread.join(5)
    assert found == [({"a.csv"}, [])]


def test_a_newer_save_ends_a_run_that_takes_too_long(hearing: Callable[[WorkQueue], None]) -> None:
    queue, reached = WorkQueue(patience=0.2), []
    hearing(queue)

    def hang() -> None:
        time.sleep(30)
        reached.append("the end")

    def mend() -> None:
        time.sleep(0.4)
        queue.end_overdue()  # nothing was saved: nothing happens
        time.sleep(0.2)
        queue.save({"notebook.ipynb"})
        queue.end_overdue()

    threading.Thread(target=mend).start()
    began = time.monotonic()
    assert not queue.run(hang)
    assert 0.5 < time.monotonic() - began < 10
    assert not reached
    assert queue.next() == ({"notebook.ipynb"}, [])


def test_a_short_run_is_not_ended(hearing: Callable[[WorkQueue], None]) -> None:
    queue, reached = WorkQueue(patience=60), []
    hearing(queue)

    def work() -> None:
        queue.save({"a.csv"})
        queue.end_overdue()
        reached.append("the end")

    assert queue.run(work)
    assert reached


def test_whoever_ends_a_run_by_ctrl_c_is_not_taken_for_a_save(hearing: Callable[[WorkQueue], None]) -> None:
    def stopped() -> None:
        signal.raise_signal(signal.SIGINT)
        time.sleep(5)

    queue = WorkQueue()
    hearing(queue)
    with pytest.raises(KeyboardInterrupt) as caught:
        queue.run(stopped)
    assert not isinstance(caught.value, Superseded)


def test_ctrl_c_that_something_swallowed_ends_the_maker_after_the_run(hearing: Callable[[WorkQueue], None]) -> None:
    queue = WorkQueue()
    hearing(queue)
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    queue.save({"a.csv"})
    with pytest.raises(KeyboardInterrupt):
        queue.next()


def test_ctrl_c_and_a_newer_save_at_the_same_moment_both_count(hearing: Callable[[WorkQueue], None]) -> None:
    queue = WorkQueue(patience=0)
    hearing(queue)

    def work() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, SUPERSEDE})
        try:
            queue.save({"a.csv"})
            queue.end_overdue()
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, SUPERSEDE})
        time.sleep(5)

    with contextlib.suppress(KeyboardInterrupt):  # whichever is heard last
        queue.run(work)
    with pytest.raises(KeyboardInterrupt):
        queue.next()


def test_listeners_hear_each_piece_and_the_state_has_all() -> None:
    shared, heard = SharedState(), []
    shared.post(page=1)
    shared.listen(heard.append)
    shared.post(busy=True)
    shared.post(busy=False, page=2)
    assert heard == [{"busy": True}, {"busy": False, "page": 2}]
    assert shared.state() == {"busy": False, "page": 2}
