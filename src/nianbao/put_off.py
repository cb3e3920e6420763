"""Owns the putting off of imports: a module that somebody else's package imports, and that we never come to use.

May import: nothing of ours.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


class _PuttingOff(MetaPathFinder):
    """Finds these modules as Python would, and has them loaded when something of them is first asked for."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec, with the standard library's lazy loader; None for any other module."""
        if name not in self._names:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec and spec.loader:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


@contextmanager
def put_off(*names: str) -> Iterator[None]:
    """Modules that are imported in the block are loaded only if they are used, then or later; others as ever."""
    finder = _PuttingOff(frozenset(names))
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
