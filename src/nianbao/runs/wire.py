"""Owns how the engine's processes talk: frames of JSON over a socket, marks in the text, orders to the zygote.

Imports nothing of ours.
"""

from __future__ import annotations

import socket
import struct
from typing import Final

# A frame is its length, then its bytes.
_LENGTH: Final = struct.Struct("!I")

# An order to the zygote is one letter and a process id; FORK comes with the three file descriptors of the child, SPLIT
# with the one that another zygote, forked from this one, shall serve.
ORDER: Final = struct.Struct("!ci")
FORK: Final = b"F"  # answered with the child's process id
ASK: Final = b"A"  # answered with 0 while the process lives
END: Final = b"E"  # kill the process and all of its group; answered with the wait status
SPLIT: Final = b"S"  # not answered here: the new zygote says that it is ready
LOAD: Final = b"L"  # with how much to load in the place of a process id, to one that was started without; not answered
DROP: Final = b"D"  # the same without an answer: the notebook is done, and nobody waits for the cleaning up
ANSWER: Final = struct.Struct("!i")

# The first answer of a zygote, unasked: how many threads it has. More than one and it must not fork.
READY: Final = ANSWER

MARK_BYTES: Final = 16


def send_frame(sock: socket.socket, payload: bytes) -> None:
    """Send one frame; blocks until the other side has room for it."""
    sock.sendall(_LENGTH.pack(len(payload)) + payload)


def read_frame(sock: socket.socket) -> bytes | None:
    """The next frame; None where the other side has gone."""
    head = read_exactly(sock, _LENGTH.size)
    return None if head is None else read_exactly(sock, _LENGTH.unpack(head)[0])


def read_exactly(sock: socket.socket, count: int) -> bytes | None:
    """So many bytes; None where the other side goes before they have come."""
    chunks = []
    while count:
        chunk = sock.recv(min(count, 1 << 20))
        if not chunk:
            return None
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


class FrameBuffer:
    """Bytes as they come in, frames as they are complete."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    @property
    def size(self) -> int:
        """The length announced by the frame that is coming in, in bytes; 0 before it is known."""
        return int(_LENGTH.unpack_from(self._bytes)[0]) if len(self._bytes) >= _LENGTH.size else 0

    def feed(self, data: bytes) -> None:
        """Add what has come in."""
        self._bytes += data

    def next(self) -> bytes | None:
        """The next complete frame, or None."""
        end = _LENGTH.size + self.size
        if len(self._bytes) < end or len(self._bytes) < _LENGTH.size:
            return None
        frame = bytes(self._bytes[_LENGTH.size : end])
        del self._bytes[:end]
        return frame
