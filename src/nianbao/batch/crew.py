"""Owns what the batch asks of its workers, wherever they are.

Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Protocol

# How often a task is given to a worker: one that dies costs one retry.
ATTEMPTS = 2


@dataclass(frozen=True)
class Done:
    """A task that has ended: its value, or the words for why there is none; ``attempts`` counts the tries."""

    ticket: Any
    value: Any = None
    lost: str = ""
    attempts: int = 1


class Crew(Protocol):
    """Workers that call functions of picklable values. A worker that dies costs its task one retry, nothing else."""

    @property
    def size(self) -> int:
        """How many workers there are now."""
        ...

    @property
    def free(self) -> int:
        """How many more tasks it makes sense to give now."""
        ...

    def give(self, ticket: Hashable, function: Callable[..., Any], *arguments: Any, aside: bool = False) -> None:
        """Have a worker call ``function``; ``aside`` for what would weigh on all later tasks of its worker."""
        ...

    def take(self) -> list[Done]:
        """The tasks that have ended since; waits for one."""
        ...

    def dismiss_aside(self) -> None:
        """Nothing will be given aside for a while: what was kept for it may go."""
        ...

    def close(self, *, at_once: bool = False) -> None:
        """Let the workers go; ``at_once`` ends them in the middle of their tasks."""
        ...
