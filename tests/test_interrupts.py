from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from nianbao.interrupts import deaf_to_interrupts


def test_an_interrupt_that_comes_while_a_child_is_started_is_not_lost() -> None:
    def interrupted() -> None:
        with deaf_to_interrupts():
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        interrupted()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_what_python_drops_comes_again_and_other_errors_are_told_as_ever(name: str) -> None:
    script = f"""
import os, signal, time
from nianbao.interrupts import repeat_if_dropped

class Raises:
    def __del__(self):
        raise ValueError("as bugs do")

class Interrupted:
    def __del__(self):
        os.kill(os.getpid(), signal.{name})
        time.sleep(60)

def leave(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(7)

handler = signal.default_int_handler if "{name}" == "SIGINT" else leave
signal.signal(signal.{name}, handler)
repeat_if_dropped(signal.{name}, handler)
Raises()
try:
    Interrupted()
    print("dropped", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    raise SystemExit(7)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (7, "dropped\n")
    assert done.stderr.count("Exception ignored") == 1
    assert "ValueError: as bugs do" in done.stderr
