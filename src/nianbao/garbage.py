"""Owns how often Python looks for garbage: as a rule far too often for what we do.

May import: nothing of ours.
"""

from __future__ import annotations

import gc
import sys
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
    enabled, imported = gc.isenabled(), len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if len(sys.modules) > imported:
                _count_as_old()
            gc.enable()


def _count_as_old() -> None:
    """Let all that there is count as old, without a look at each: the next collection would take as long as was spared.

    Where something is frozen, the rest is frozen too: a process shares that with others, and to thaw it would copy it.
    """
    frozen = gc.get_freeze_count()
    gc.freeze()
    if not frozen:
        gc.unfreeze()
