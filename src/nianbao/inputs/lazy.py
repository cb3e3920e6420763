"""Owns mappings that read a file when one of its entries is first asked for, so that reads can be told exactly.

Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Entry = TypeVar("Entry")


class LazyMapping(Mapping[Key, Entry]):
    """A read-only mapping in parts (files): ``part_of`` says in which part a key lies, ``load`` reads a part once."""

    def __init__(
        self, parts: tuple[str, ...], part_of: Callable[[Key], str], load: Callable[[str], Mapping[Key, Entry]]
    ) -> None:
        self._parts = parts
        self._part_of = part_of
        self._load = load
        self._loaded: dict[str, Mapping[Key, Entry]] = {}

    def __repr__(self) -> str:
        return f"LazyMapping({len(self._loaded)} of {len(self._parts)} parts read)"

    def __getitem__(self, key: Key) -> Entry:
        part = self._part_of(key)
        if part not in self._parts:
            raise KeyError(key)
        return self._read(part)[key]

    def __iter__(self) -> Iterator[Key]:
        for part in self._parts:
            yield from self._read(part)

    def __len__(self) -> int:
        return sum(len(self._read(part)) for part in self._parts)

    def _read(self, part: str) -> Mapping[Key, Entry]:
        if part not in self._loaded:
            self._loaded[part] = self._load(part)
        return self._loaded[part]
