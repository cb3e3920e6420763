"""Owns how pydantic copies its fields while Great Expectations is imported: the same copies, made in a plainer way.

May import: nothing of ours. Great Expectations declares some 370 models with pydantic's first interface, which copies
all of a model's fields for each of its heirs. To take them apart and put them together as Python copies an object that
says nothing of it took more than a third of the whole import.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

# What a copy is the same object of.
_ATOMS = frozenset({type(None), bool, int, float, str, type, FunctionType})


@contextmanager
def plain_copies() -> Iterator[None]:
    """In the block, pydantic's fields are copied attribute by attribute, as deep as ever."""
    try:
        from pydantic.v1.fields import FieldInfo, ModelField
    except ImportError:  # another pydantic than Great Expectations has today: its own way will do
        yield
        return
    kinds: tuple[Any, ...] = (FieldInfo, ModelField)
    for kind in kinds:
        kind.__deepcopy__ = _copier(kind)
    try:
        yield
    finally:
        for kind in kinds:
            del kind.__deepcopy__


def _copier(kind: type) -> Callable[[Any, dict[int, Any]], Any]:
    """The method that copies objects of ``kind``, which keeps its attributes in slots."""
    names = tuple(name for base in kind.__mro__ for name in getattr(base, "__slots__", ()))

    def deepcopy(original: Any, memo: dict[int, Any]) -> Any:
        twin = memo[id(original)] = object.__new__(type(original))
        for name in names:
            try:
                value = getattr(original, name)
            except AttributeError:  # not set
                continue
            setattr(twin, name, value if type(value) in _ATOMS else copy.deepcopy(value, memo))
        return twin

    return deepcopy
