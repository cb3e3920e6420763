from __future__ import annotations

import os
import signal

import pytest

from nianbao.runs.server import interrupts_blocked


def test_an_interrupt_that_comes_while_a_child_is_started_is_not_lost() -> None:
    def interrupted() -> None:
        with interrupts_blocked():
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
