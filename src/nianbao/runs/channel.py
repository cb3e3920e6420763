"""Owns the notebook process's way out: messages to the client, and text that keeps its place among them.

May import: runs.wire.

Text goes through the pipes on file descriptors 1 and 2, so that what a cell prints, what C code writes and what
subprocesses write come out alike and in order. Messages (displays, errors, the end of a cell) go through a socket.
Before each message a mark is written into both pipes: the client holds the message back until it has read them.
"""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import sys
import threading
from binascii import b2a_base64
from typing import Any

from nianbao.runs.wire import send_frame


class Channel:
    """Sends messages in order with the text; one for each notebook process.

    A process that a cell forked from it cannot speak for it: there, what is displayed is printed as plain text.
    """

    def __init__(self, sock: socket.socket, mark: bytes) -> None:
        self._sock = sock
        self._mark = mark
        # Copies of their own, not inherited by programs that cells start: a cell may point 1 and 2 elsewhere.
        self._pipes = (os.dup(1), os.dup(2))
        self._lock = threading.RLock()
        self._pid = os.getpid()

    @property
    def ours(self) -> bool:
        """Whether this is the notebook's own process, not one forked by a cell."""
        return os.getpid() == self._pid

    def emit(self, kind: str, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        """Send one message after all text printed so far."""
        if not self.ours:
            _print_plainly(kind, content)
            return
        message: dict[str, Any] = {"kind": kind, "content": content}
        if buffers:
            message["buffers"] = [bytes(buffer) for buffer in buffers]
        payload = _packed(message)
        # An interrupt in the middle of a frame would leave the client with half of it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with self._lock:
                flush_streams()
                for pipe in self._pipes:
                    _write_all(pipe, self._mark)
                send_frame(self._sock, payload)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Session:
    """What ipykernel's display classes take for the message bus's session: builds messages, hands them on."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def msg(self, msg_type: str, content: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A message, before its content is complete."""
        return {"msg_type": msg_type, "header": {"msg_type": msg_type}, "content": content}

    def send(self, _socket: object, message: dict[str, Any] | str, content: Any = None, *_args: Any, **_: Any) -> None:
        """Hand on a message, or the content of one of that type."""
        if isinstance(message, str):
            self._channel.emit(message, content or {})
        else:
            self._channel.emit(message["msg_type"], message["content"])


def open_streams() -> None:
    """Make new sys.stdout and sys.stderr, each write at once on file descriptors 1 and 2.

    Unbuffered, so that print, then a subprocess, then print come out in this order.
    """
    for name, fd in (("stdout", 1), ("stderr", 2)):
        # What cannot be encoded is escaped: printing never fails.
        raw = io.FileIO(fd, "w", closefd=False)
        stream = io.TextIOWrapper(
            raw,  # as python -u does
            encoding="utf-8",
            errors="backslashreplace",
            write_through=True,
        )
        setattr(sys, name, stream)


def flush_streams() -> None:
    """Flush every Python stream on file descriptors 1 and 2, whoever made it."""
    for stream in (sys.stdout, sys.__stdout__, sys.stderr, sys.__stderr__):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError, AttributeError):
            # A cell may close a stream or put anything in its place; that is no reason to lose the message.
            continue


def _packed(message: dict[str, Any]) -> bytes:
    """The message as JSON; where it holds more than JSON knows, as jupyter_client would send it."""
    try:
        return json.dumps(message, default=_encoded, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError):
        # Not imported before: it brings the message bus along.
        from jupyter_client.session import json_packer

        return json_packer(message)


def _encoded(value: object) -> str:
    if isinstance(value, bytes):  # a picture
        return b2a_base64(value, newline=False).decode("ascii")
    raise TypeError


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _print_plainly(kind: str, content: dict[str, Any]) -> None:
    if kind in {"display_data", "execute_result"} and "text/plain" in content.get("data", {}):
        sys.stdout.write(content["data"]["text/plain"] + "\n")
    elif kind == "error":
        sys.stderr.write("\n".join(content["traceback"]) + "\n")
