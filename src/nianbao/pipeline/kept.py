"""How steps' values are kept in the store: JSON, a file, an export's file or files; ``parts`` is as in ``graph.Kept``.

May import: export.zipped, model, store, and graph and manifest of pipeline.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from functools import partial

from nianbao.model import ExportedFile
from nianbao.pipeline.graph import Kept
from nianbao.pipeline.manifest import json_text
from nianbao.store import Parts


def as_json(parts: Callable[..., Parts | None]) -> Kept:
    """A value that JSON holds."""
    return Kept(parts, partial(json_text, sort_keys=True), lambda content, _: json.loads(content))


def as_only_file(parts: Callable[..., Parts | None], name: str) -> Kept:
    """An export of one file."""
    return Kept(parts, lambda files: files[0].content, lambda content, _: (ExportedFile(name, content),))


def as_files(parts: Callable[..., Parts | None], name: str) -> Kept:
    """An export of several files, the one of that name first: they are kept as a zip."""

    def pack(files: tuple[ExportedFile, ...]) -> bytes:
        from nianbao.export.zipped import packed_files

        return packed_files({file.name: file.content for file in files})

    def unpack(content: bytes, _: Parts) -> tuple[ExportedFile, ...]:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = sorted(packed.namelist(), key=lambda other: other != name)
            return tuple(ExportedFile(each, packed.read(each)) for each in names)

    return Kept(parts, pack, unpack)


def as_file(parts: Callable[..., Parts | None], name: str) -> Kept:
    """One file."""
    return Kept(parts, lambda file: file.content, lambda content, _: ExportedFile(name, content))
