"""The desk: no save is lost, wishes are answered between runs, and a run that hangs is ended by a newer save."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from nianbao.preview.desk import HURRY, Board, Desk, Superseded


@pytest.fixture
def hearing() -> Iterator[Callable[[Desk], None]]:
    """Lets a desk handle this process's interrupts, as the preview does."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, HURRY)}

    def hear(desk: Desk) -> None:
        signal.signal(signal.SIGINT, desk.interrupted)
        signal.signal(HURRY, desk.hurried)

    yield hear
    for number, handler in before.items():
        signal.signal(number, handler)


def test_saves_that_come_during_a_run_are_followed_by_one_more_run() -> None:
    desk, runs, contents = Desk(), [], {"narrative.md": 0}
    desk.save({"narrative.md"})

    def work() -> None:
        seen = contents["narrative.md"]
        if seen < 3:  # an editor saves twice while the page is made
            contents["narrative.md"] += 1
            desk.save({"narrative.md"})
            desk.save({"other.md"})
        runs.append(seen)

    while runs[-1:] != [3]:
        saves, asked = desk.next()
        assert saves
        assert not asked
        assert desk.run(work)
    assert runs == [0, 1, 2, 3]


def test_a_wish_waits_for_the_run_that_a_save_made_due() -> None:
    desk = Desk()
    wish = desk.ask("pdf")
    desk.save({"a.csv"})
    saves, asked = desk.next()
    assert (saves, asked) == ({"a.csv"}, [])
    saves, asked = desk.next()
    assert (saves, asked) == (None, [("pdf", wish)])


def test_the_maker_sleeps_until_there_is_work() -> None:
    desk, found = Desk(), []
    thread = threading.Thread(target=lambda: found.append(desk.next()))
    thread.start()
    time.sleep(0.2)
    assert not found
    desk.save({"a.csv"})
    thread.join(5)
    assert found == [({"a.csv"}, [])]


def test_a_newer_save_ends_a_run_that_takes_too_long(hearing: Callable[[Desk], None]) -> None:
    desk, reached = Desk(patience=0.2), []
    hearing(desk)

    def hang() -> None:
        time.sleep(30)
        reached.append("the end")

    def mend() -> None:
        time.sleep(0.4)
        desk.hurry()  # nothing was saved: nothing happens
        time.sleep(0.2)
        desk.save({"notebook.ipynb"})
        desk.hurry()

    threading.Thread(target=mend).start()
    began = time.monotonic()
    assert not desk.run(hang)
    assert 0.5 < time.monotonic() - began < 10
    assert not reached
    assert desk.next() == ({"notebook.ipynb"}, [])


def test_a_short_run_is_not_ended(hearing: Callable[[Desk], None]) -> None:
    desk, reached = Desk(patience=60), []
    hearing(desk)

    def work() -> None:
        desk.save({"a.csv"})
        desk.hurry()
        reached.append("the end")

    assert desk.run(work)
    assert reached


def test_whoever_ends_a_run_by_ctrl_c_is_not_taken_for_a_save(hearing: Callable[[Desk], None]) -> None:
    def stopped() -> None:
        signal.raise_signal(signal.SIGINT)
        time.sleep(5)

    desk = Desk()
    hearing(desk)
    with pytest.raises(KeyboardInterrupt) as caught:
        desk.run(stopped)
    assert not isinstance(caught.value, Superseded)


def test_ctrl_c_that_something_swallowed_ends_the_maker_after_the_run(hearing: Callable[[Desk], None]) -> None:
    desk = Desk()
    hearing(desk)
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    desk.save({"a.csv"})
    with pytest.raises(KeyboardInterrupt):
        desk.next()


def test_ctrl_c_and_a_newer_save_at_the_same_moment_both_count(hearing: Callable[[Desk], None]) -> None:
    desk = Desk(patience=0)
    hearing(desk)

    def work() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, HURRY})
        try:
            desk.save({"a.csv"})
            desk.hurry()
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, HURRY})
        time.sleep(5)

    with contextlib.suppress(KeyboardInterrupt):  # whichever is heard last
        desk.run(work)
    with pytest.raises(KeyboardInterrupt):
        desk.next()


def test_listeners_hear_each_piece_and_the_state_has_all() -> None:
    board, heard = Board(), []
    board.post(page=1)
    board.listen(heard.append)
    board.post(busy=True)
    board.post(busy=False, page=2)
    assert heard == [{"busy": True}, {"busy": False, "page": 2}]
    assert board.state() == {"busy": False, "page": 2}
