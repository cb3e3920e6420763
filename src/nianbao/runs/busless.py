"""Owns the import of ipykernel's shell without the message bus, which no notebook process of ours has.

Imports nothing of ours.

ipykernel imports jupyter_client, and that zmq, tornado and a hundred modules more: a quarter of what a section without
charts waits for. Its shell wants two names of them: one to declare an attribute, one to read a message's header.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_CLIENT, _SESSION = "jupyter_client", "jupyter_client.session"


class Session:
    """Stands for the bus's session where a class declares that it has one; there is none."""


def extract_header(message: Mapping[str, Any]) -> dict[str, Any]:
    """The header of a message, or of what is one itself; empty for nothing. KeyError for what is neither."""
    if not message:
        return {}
    header = message.get("header", message)
    if header is message:
        header["msg_id"]  # every header has one
    return dict(header)


class _StandIn(ModuleType):
    """A module of which few names are wanted; asked for any other, it makes way for the real ones."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # Python's own, as __file__, for which whoever lists modules asks each of them
            raise AttributeError(name)
        _make_way()
        return getattr(import_module(self.__name__), name)


@contextmanager
def without_bus() -> Iterator[None]:
    """In the block stand-ins are imported for jupyter_client and its session, unless the real ones are there already.

    Afterwards whoever imports them gets the real ones.
    """
    spec = None if _CLIENT in sys.modules else find_spec(_CLIENT)
    if spec is None:
        yield
        return
    client, session = _StandIn(_CLIENT), _StandIn(_SESSION)
    client.__dict__.update(
        __path__=spec.submodule_search_locations,  # its other modules, as that of its version, are the real ones
        write_connection_file=_real("write_connection_file"),
        find_connection_file=_real("find_connection_file"),
    )
    session.__dict__.update(Session=Session, extract_header=extract_header)
    sys.modules.update({_CLIENT: client, _SESSION: session})
    try:
        yield
    finally:
        _make_way()


def _make_way() -> None:
    """Forget the stand-ins, and what was imported with them; the real ones, where they are there, stay."""
    if isinstance(sys.modules.get(_CLIENT), _StandIn):
        for name in [name for name in sys.modules if name.split(".")[0] == _CLIENT]:
            del sys.modules[name]


def _real(name: str) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        return getattr(import_module(_CLIENT), name)(*arguments, **options)

    return call
