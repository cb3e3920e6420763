"""Owns a stream's text with marks in it, which say where a message of the process belongs.

Imports nothing of ours.
"""

from __future__ import annotations

import codecs
from collections import deque


class MarkedText:
    """One stream's text, cut where the marks are."""

    def __init__(self, name: str, fd: int, mark: bytes) -> None:
        self.name = name
        self.fd = fd
        self._mark = mark
        self._raw = b""
        self._pieces: deque[str | None] = deque()  # None is a mark
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def at_mark(self) -> bool:
        """Whether all text before the next mark has been handed on."""
        return bool(self._pieces) and self._pieces[0] is None

    def feed(self, data: bytes) -> None:
        """Take in what has been read."""
        *before, rest = (self._raw + data).split(self._mark)
        for segment in before:
            self._add(segment, final=True)
            self._pieces.append(None)
        # The end may be the beginning of a mark.
        start = rest.find(self._mark[:1], max(0, len(rest) - len(self._mark) + 1))
        self._raw = b"" if start < 0 else rest[start:]
        self._add(rest if start < 0 else rest[:start])

    def due(self) -> list[str]:
        """The text up to the next mark."""
        found = []
        while self._pieces and (piece := self._pieces[0]) is not None:
            found.append(piece)
            self._pieces.popleft()
        return found

    def pass_mark(self) -> None:
        """Go on to the text after the mark."""
        self._pieces.popleft()

    def rest(self) -> list[str]:
        """All that is left, marks or not, when nothing more will come."""
        self._add(self._raw, final=True)
        return [piece for piece in self._pieces if piece is not None]

    def _add(self, data: bytes, *, final: bool = False) -> None:
        if text := self._decoder.decode(data, final):
            self._pieces.append(text)
