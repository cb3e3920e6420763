"""How much memory a notebook's cells may use, and how its process gets some more to say that it was not enough.

May import: nothing of ours. Limits are those of the process's address space, in bytes.
"""

from __future__ import annotations

import mmap
import resource

_LAST_WORDS = 64 << 20  # bytes on top of the limit, for the traceback
_RESERVE = 4 << 20  # bytes; mapped apart, never touched


class Memory:
    """A limit that holds while a cell runs.

    A cell may use up the last byte. So to be granted more must take none: the limits are made beforehand, and a reserve
    is let go first, for even a call wants a little.
    """

    def __init__(self, size: int | None) -> None:
        highest = resource.getrlimit(resource.RLIMIT_AS)[1]
        if size and highest != resource.RLIM_INFINITY:
            size = min(size, highest - _LAST_WORDS)
        self._held = (size, size + _LAST_WORDS) if size else None
        self._granted = (size + _LAST_WORDS, size + _LAST_WORDS) if size else None
        self._reserve: mmap.mmap | None = None

    def hold(self) -> None:
        """Begin to hold the limit: a cell starts."""
        if self._held:
            # Of the system, not of the allocator: that would keep it for itself, or clear it for each cell.
            self._reserve = self._reserve or mmap.mmap(-1, _RESERVE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            resource.setrlimit(resource.RLIMIT_AS, self._held)

    def grant(self) -> None:
        """Grant what an error needs to be told with: the cell has ended, or failed."""
        if self._granted:
            self._reserve = None
            resource.setrlimit(resource.RLIMIT_AS, self._granted)
