"""Owns how often Python looks for garbage: as a rule far too often for what we do.

May import: nothing of ours.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_COLLECT_AFTER = 20_000  # objects more than were dropped; Python's own figure is 700


def collect_seldom() -> None:
    """For a process of ours: a report makes and drops hundreds of thousands of objects, most without a cycle.

    To look through them as often as Python does by default costs a twentieth of it.
    """
    gc.set_threshold(_COLLECT_AFTER)


@contextmanager
def not_collected() -> Iterator[None]:
    """For a large import: what it makes is there to stay, and to look through it costs a sixth of its time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            # At once the oldest, without a look at each: the first collection would take as long as what was spared.
            gc.freeze()
            gc.unfreeze()
            gc.enable()
