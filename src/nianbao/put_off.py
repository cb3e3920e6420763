"""Owns what becomes of other packages' imports: put off or left out what we never use, done once what they repeat.

May import: nothing of ours.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

# What jsonschema, which nbformat imports, looks for to check dates, addresses and colours as such: half of its import.
# The schema of a notebook asks for none of these formats.
SCHEMA_FORMATS = ("isoduration", "rfc3339_validator", "rfc3986_validator", "uri_template", "webcolors")


class _PutOff(importlib.util._LazyModule):  # type: ignore[name-defined,misc] # noqa: SLF001 -- but for one attribute
    """A module that is not loaded yet. Imported once more, it still is not: that looks at its spec alone."""

    def __getattribute__(self, name: str) -> Any:
        return ModuleType.__getattribute__(self, name) if name == "__spec__" else super().__getattribute__(name)


class _Loader(importlib.util.LazyLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        module.__class__ = _PutOff


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
            spec.loader = _Loader(spec.loader)
        return spec


class _LeavingOut(MetaPathFinder):
    """Says of these modules that they are not there."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None) -> None:
        """Raise ModuleNotFoundError for one of the modules; None, that is no answer, for any other."""
        if name in self._names:
            raise ModuleNotFoundError(f"{name} is left out here", name=name)


def put_off(*names: str) -> AbstractContextManager[None]:
    """Modules that are imported in the block are loaded only if they are used, then or later; others as ever."""
    return _first(_PuttingOff(frozenset(names)))


def left_out(*names: str) -> AbstractContextManager[None]:
    """In the block these modules cannot be imported, unless they are loaded already.

    For a package that offers something more where it finds them, and does without it where it does not.
    """
    return _first(_LeavingOut(frozenset(names)))


@contextmanager
def replaced(owner: Any, name: str, by: Callable[[Any], Any]) -> Iterator[None]:
    """In the block, ``owner`` has what ``by`` makes of its function ``name``; afterwards the function itself again.

    For what an import calls hundreds of times with the same arguments.
    """
    original = getattr(owner, name)
    setattr(owner, name, by(original))
    try:
        yield
    finally:
        setattr(owner, name, original)


@contextmanager
def _first(finder: MetaPathFinder) -> Iterator[None]:
    """Ask this finder before all others."""
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
