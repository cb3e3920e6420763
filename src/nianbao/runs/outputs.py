"""How what a process sends and prints becomes the outputs of a notebook's cells.

Imports nothing of ours. The rules are nbclient's, but for text: there is one stdout and one stderr between two
displays, stdout first, however fast the machine was.
"""

from __future__ import annotations

import codecs
import os
import tempfile
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict

_CHUNK = 1 << 20  # bytes

# What an output takes from its message.
_FIELDS = {
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
    "error": ("ename", "evalue", "traceback"),
}


class Stream:
    """One stream's text: a file that the notebook's process appends to, read from here piece by piece."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._fd, self.path = tempfile.mkstemp(prefix="nianbao-")
        self._read = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def size(self) -> int:
        """How long the file is now, in bytes."""
        return os.fstat(self._fd).st_size

    def text(self, size: int, at_most: int) -> str:
        """The new text up to where the file was ``size`` bytes long, or ``at_most`` bytes of it."""
        self._read = self._read if self._read <= size else 0  # somebody wrote to /dev/stdout as to a file
        end = min(size, self._read + at_most)
        pieces = []
        while self._read < end and (data := os.pread(self._fd, min(_CHUNK, end - self._read), self._read)):
            self._read += len(data)
            pieces.append(self._decoder.decode(data))
        return "".join(pieces)

    def unlink(self) -> None:
        """Take the file's name away; who has it open goes on."""
        if self.path:
            Path(self.path).unlink()
            self.path = ""

    def close(self) -> None:
        """Let go of the file."""
        self.unlink()
        os.close(self._fd)


class Outputs:
    """The outputs of a notebook's cells, one cell after another."""

    def __init__(self) -> None:
        self._outputs: list[NotebookNode] = []
        self._texts: dict[str, NotebookNode] = {}
        self._by_id: dict[str, list[NotebookNode]] = {}
        self._clear_before_next = False

    def begin(self, cell: NotebookNode) -> None:
        """Go on with this cell, which has no outputs yet."""
        cell.outputs = self._outputs = []
        self._texts = {}
        self._clear_before_next = False

    def text(self, name: str, text: str) -> None:
        """Add to stdout or stderr."""
        if not text:
            return
        self._clear_if_due()
        if name not in self._texts:
            self._texts[name] = NotebookNode(output_type="stream", name=name, text="")
            # stdout first, whichever came first: between two files nobody can tell.
            place = -1 if name == "stdout" and "stderr" in self._texts else len(self._outputs)
            self._outputs.insert(place, self._texts[name])
        self._texts[name].text += text

    def message(self, kind: str, content: dict[str, Any]) -> None:
        """Add a display, a result or an error; update displays of the same id; clear."""
        self._texts = {}
        if kind == "clear_output":
            self._clear_before_next = True
            if not content["wait"]:
                self._clear_if_due()
            return
        display_id = content.get("transient", {}).get("display_id")
        for known in self._by_id.get(display_id, ()):
            known.update(from_dict({name: content[name] for name in ("data", "metadata")}))
        if kind != "update_display_data":
            self._clear_if_due()
            output = from_dict({"output_type": kind, **{name: content[name] for name in _FIELDS[kind]}})
            self._outputs.append(output)
            if display_id:
                self._by_id.setdefault(display_id, []).append(output)

    def _clear_if_due(self) -> None:
        if self._clear_before_next:
            self._outputs.clear()
            self._texts = {}
            self._clear_before_next = False
