"""Owns how printed text becomes a cell's outputs: one stdout and one stderr between two displays.

Imports nothing of ours.

ipykernel flushes text every 0.2 s, so its notebooks depend on how fast the machine was; here they do not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode
from nbformat.validator import get_validator


def is_valid_output(output: NotebookNode) -> bool:
    """Whether the output may stand in a notebook of nbformat 4.5."""
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": "",
        "execution_count": None,
        "outputs": [output],
    }
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return not list(get_validator(4, 5).iter_errors(notebook))


class Outputs:
    """The outputs of one cell, as text arrives. ``before_text`` runs before each piece; ``lines`` sees whole lines."""

    def __init__(
        self, outputs: list[NotebookNode], lines: Callable[[NotebookNode], None], before_text: Callable[[], None]
    ) -> None:
        self._outputs = outputs
        self._lines = lines
        self._before_text = before_text
        self._streams: dict[str, tuple[NotebookNode, list[str]]] = {}
        self._begun: dict[str, str] = {}  # lines that have not come to their end

    def text(self, name: str, text: str) -> None:
        """Add to stdout or stderr."""
        self._before_text()
        if name not in self._streams:
            output = NotebookNode(output_type="stream", name=name, text="")
            # stdout first, whichever came first: between two pipes nobody can tell.
            place = -1 if name == "stdout" and "stderr" in self._streams else len(self._outputs)
            self._outputs.insert(place, output)
            self._streams[name] = (output, [])
        # Joined when it is looked at: adding piece by piece to a long text costs the square of its length.
        self._streams[name][1].append(text)
        begun = self._begun.pop(name, "") + text
        end = max(begun.rfind("\n"), begun.rfind("\r")) + 1
        self._hand_on(name, begun[:end])
        self._begun[name] = begun[end:]

    def settle(self) -> None:
        """Write the text that has come in so far into the outputs."""
        for output, pieces in self._streams.values():
            pieces[:] = ["".join(pieces)]
            output.text = pieces[0]
        while self._begun:
            self._hand_on(*self._begun.popitem())

    def close(self) -> None:
        """Something else is displayed now: text that comes after it goes under it."""
        self.settle()
        self._streams.clear()

    def _hand_on(self, name: str, text: str) -> None:
        if text:
            self._lines(NotebookNode(output_type="stream", name=name, text=text))
