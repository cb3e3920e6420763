"""Owns the bytes of zip-based formats (DOCX, XLSX): the same parts always make the same file.

Imports nothing of ours.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

# The earliest moment that a zip can state: a file without a time of its own.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
# Readers of Office Open XML look for these two first; the rest follows by name.
_FIRST = ("[Content_Types].xml", "_rels/.rels")
_REGULAR_FILE = 0o644 << 16
_UNIX = 3


def stable_zip(content: bytes, parts: Mapping[str, bytes] | None = None) -> bytes:
    """The zip with its entries in a fixed order and without times or traces of the machine.

    ``parts`` replaces the content of entries that are there (say, docProps/core.xml, into which a library wrote
    the time); KeyError for an entry that is not.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        entries = {name: source.read(name) for name in source.namelist() if not name.endswith("/")}
    for name, replacement in (parts or {}).items():
        if name not in entries:
            raise KeyError(name)
        entries[name] = replacement
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for name in sorted(entries, key=_rank):
            target.writestr(_entry(name), entries[name])
    return made.getvalue()


def _rank(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = _UNIX
    entry.external_attr = _REGULAR_FILE
    return entry
