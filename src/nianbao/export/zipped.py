"""Packed bytes (DOCX, XLSX, streams of a PDF): the same content makes the same bytes on every machine.

The interpreter's own zlib differs from build to build (zlib, zlib-ng) and packs the same
content into other bytes; libdeflate comes with the pinned dependencies and is the same everywhere.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import deflate

# The earliest moment that a zip can state (1 January 1980, midnight): a file without a time of its own.
_NO_TIME, _NO_DATE = 0, (1 << 5) | 1
# Readers of Office Open XML look for these two first; the rest follows by name.
_FIRST = ("[Content_Types].xml", "_rels/.rels")
_LEVEL = 6
_VERSION = 20  # needed to extract: folders and deflate
_MADE_BY_UNIX = (3 << 8) | _VERSION
_REGULAR_FILE = 0o100644 << 16
_UTF8_NAMES = 0x800
_STORED, _DEFLATED = 0, 8
_PACKED_ALREADY = (b".png", b".jpg", b".jpeg")
# APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16: a file's header, its entry in the directory, the directory's end.
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


def packed_files(entries: Mapping[str, bytes]) -> bytes:
    """A zip of these files by name, in a fixed order and without times or traces of the machine."""
    files: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name in sorted(entries, key=_rank):
        file, entry = _packed_entry(name.encode(), entries[name], offset)
        files.append(file)
        directory.append(entry)
        offset += len(file)
    central = b"".join(directory)
    count = len(directory)
    return b"".join([*files, central, _END.pack(b"PK\x05\x06", 0, 0, count, count, len(central), offset, 0)])


def repacked(archive: bytes) -> bytes:
    """The files of a zip, packed as ``packed_files`` does."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return packed_files({name: opened.read(name) for name in opened.namelist()})


def _packed_entry(name: bytes, content: bytes, offset: int) -> tuple[bytes, bytes]:
    kept = name.endswith(_PACKED_ALREADY)
    packed = content if kept else bytes(deflate.deflate_compress(content, _LEVEL))
    about = (
        _UTF8_NAMES,
        _STORED if kept else _DEFLATED,
        _NO_TIME,
        _NO_DATE,
        zlib.crc32(content),
        len(packed),
        len(content),
        len(name),
        0,
    )
    local = _LOCAL.pack(b"PK\x03\x04", _VERSION, *about)
    central = _CENTRAL.pack(b"PK\x01\x02", _MADE_BY_UNIX, _VERSION, *about, 0, 0, 0, _REGULAR_FILE, offset)
    return local + name + packed, central + name


def packed_stream(content: bytes) -> bytes:
    """Some bytes in zlib's format, as a PDF's streams hold them."""
    return bytes(deflate.zlib_compress(content, _LEVEL))


def _rank(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)
