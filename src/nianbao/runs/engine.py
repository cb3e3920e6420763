"""Owns the door to our papermill engine: the class that papermill loads, and how to start it early or end it.

May import: runs.preloaded; runs.adapter when the class is asked for; runs.launcher, runs.fallback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nianbao.runs.preloaded import Load

if TYPE_CHECKING:
    from collections.abc import Callable

    from nianbao.runs.adapter import NianbaoEngine

__all__ = ["NianbaoEngine", "hand_on", "shut_down", "warm_up"]


def warm_up(load: Load | None = Load.ALL) -> Callable[[], bool]:
    """Start the preloaded process in the background, if this machine can fork; returns at once.

    Its imports take 0.3 to 1 s: a caller that has other work to do first gets them for nothing. ``load`` is what the
    notebooks will want, as far as they are known (``runs.forecast`` tells); None where the next call will say. What is
    returned says whether the caller would still have to wait for it.
    """
    from nianbao.runs import fallback

    if fallback.why_no_fork():
        return lambda: True  # an ordinary kernel takes longer than anything else that there is to do
    from nianbao.runs.launcher import zygote

    started = zygote(load)
    return lambda: started.loading


def hand_on() -> None:
    """As ``warm_up`` with everything, for a process that runs no notebooks but forks those that will.

    Each has a preloaded process of its own, split off from this one's.
    """
    from nianbao.runs import fallback

    if not fallback.why_no_fork():
        from nianbao.runs import launcher

        launcher.hand_on()


def shut_down() -> None:
    """End the preloaded process and whatever it still runs. It ends with this process in any case."""
    from nianbao.runs import fallback

    if not fallback.why_no_fork():
        from nianbao.runs import launcher

        launcher.shut_down()


def __getattr__(name: str) -> Any:
    # papermill loads its engines while it is itself being imported. So papermill goes first: it comes back here,
    # and finds this module complete.
    if name == "NianbaoEngine":
        import papermill.engines  # noqa: F401

        from nianbao.runs.adapter import NianbaoEngine

        return NianbaoEngine
    raise AttributeError(f"nianbao.runs.engine has no {name!r}; it has: {', '.join(__all__)}")
