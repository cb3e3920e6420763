"""Owns code that libraries generate anew in each process: kept where Python keeps that of modules, and as safely.

May import: nothing of ours. Beside our own bytecode (``__pycache__``, or PYTHONPYCACHEPREFIX), so it can be thrown away
at any time; nothing is kept where Python would not either.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from contextlib import suppress
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from types import CodeType

_DIGEST = hashlib.sha256().digest_size  # bytes; the file is one of what the code was made of, one of it, and the code


def recall(name: str, made_of: str) -> CodeType | None:
    """The code that was kept under this name, if it was made of the same; None where it is not there, or damaged."""
    try:
        data = _file(name).read_bytes()
    except (OSError, NotImplementedError):
        return None
    made, whole, payload = data[:_DIGEST], data[_DIGEST : 2 * _DIGEST], data[2 * _DIGEST :]
    if made != _made_of(made_of) or whole != hashlib.sha256(payload).digest():
        return None
    code: CodeType = marshal.loads(payload)  # noqa: S302 -- as Python reads modules, from the folder that it trusts too
    return code


def keep(name: str, made_of: str, code: CodeType) -> None:
    """Keep the code under this name, if that can be; the last one to do so wins."""
    if sys.dont_write_bytecode:
        return
    payload = marshal.dumps(code)
    with suppress(OSError, NotImplementedError):
        path = _file(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            aside.write_bytes(_made_of(made_of) + hashlib.sha256(payload).digest() + payload)
            aside.replace(path)
        except OSError:
            aside.unlink(missing_ok=True)


def _file(name: str) -> Path:
    return Path(cache_from_source(str(Path(__file__).with_name(f"kept-{name}.py"))))


def _made_of(text: str) -> bytes:
    return hashlib.sha256(MAGIC_NUMBER + text.encode()).digest()
