"""Owns what becomes of other packages' imports: put off or left out what we never use, done once what they repeat.

May import: nothing of ours.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

# What jsonschema, which nbformat imports, looks for to check dates, addresses and colours as such: half of its import.
# The schema of a notebook asks for none of these formats.
SCHEMA_FORMATS = ("isoduration", "rfc3339_validator", "rfc3986_validator", "uri_template", "webcolors")


_CALLED = "called"  # which of a module's names can be had without loading it
_OF_IMPORT = frozenset({"__spec__", "__path__"})  # what Python itself asks of a module that is imported once more


class _PutOff(importlib.util._LazyModule):  # type: ignore[name-defined,misc] # noqa: SLF001 -- but for some attributes
    """A module that is not loaded yet. Imported once more, or what is called of it by name, it still is not."""

    def __getattribute__(self, name: str) -> Any:
        if name in _OF_IMPORT:
            return ModuleType.__getattribute__(self, name)
        called = ModuleType.__getattribute__(self, "__spec__").loader_state[_CALLED]
        if name in called:
            return ModuleType.__getattribute__(self, name)
        for each in called:
            ModuleType.__getattribute__(self, "__dict__").pop(each, None)  # what it does not define shall be missed
        return super().__getattribute__(name)


class _Loader(importlib.util.LazyLoader):
    def __init__(self, loader: Any, called: Sequence[str]) -> None:
        super().__init__(loader)
        self._called = called

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update({name: _calling(module, name) for name in self._called})
        spec: Any = module.__spec__
        super().exec_module(module)
        spec.loader_state[_CALLED] = self._called
        module.__class__ = _PutOff


def _calling(module: ModuleType, name: str) -> Callable[..., Any]:
    """What calls the module's function or class of this name, and loads the module when it is called."""

    def call(*arguments: Any, **options: Any) -> Any:
        return vars(module)[name](*arguments, **options)  # all that a module holds: asked for that, it is loaded

    return call


class _PuttingOff:
    """Finds these modules as Python would, and has them loaded when something of them is first asked for."""

    def __init__(self, called: Mapping[str, Sequence[str]]) -> None:
        self._called = called

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec, with the standard library's lazy loader; None for any other module."""
        if name not in self._called:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec and spec.loader:
            spec.loader = _Loader(spec.loader, self._called[name])
        return spec


class _LeavingOut:
    """Says of these modules that they are not there."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None) -> None:
        """Raise ModuleNotFoundError for one of the modules; None, that is no answer, for any other."""
        if name in self._names:
            raise ModuleNotFoundError(f"{name} is left out here", name=name)


def put_off(*names: str, called: Mapping[str, Sequence[str]] | None = None) -> AbstractContextManager[None]:
    """Modules that are imported in the block are loaded only if they are used, then or later; others as ever.

    To import a name of one of them is to use it, but for ``called``: module -> those of its functions and classes that
    can be imported by name, and load it when they are called. For what is called and nothing else by whoever imports
    it in the block: what that gets is neither the function nor the class itself.
    """
    return _first(_PuttingOff({**dict.fromkeys(names, ()), **(called or {})}))


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
def _first(finder: _PuttingOff | _LeavingOut) -> Iterator[None]:
    """Ask this finder before all others."""
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
