"""The list of digests that lies beside a report's files, in the format of sha256sum."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from nianbao.errors import InputError
from nianbao.model import ExportedFile
from nianbao.paths import Project

SUMS = "SHA256SUMS"
_SUM = re.compile(r"(?P<digest>[0-9a-f]{64}) [ *](?P<name>\S.*)")


def with_sums(files: Sequence[ExportedFile]) -> list[ExportedFile]:
    """The files with the list of their digests, in the format of sha256sum, sorted by name."""
    ordered = sorted(files, key=lambda file: file.name)
    lines = [f"{hashlib.sha256(file.content).hexdigest()}  {file.name}\n" for file in ordered]
    return [*ordered, ExportedFile(SUMS, "".join(lines).encode())]


def read_sums(project: Project, folder: Path) -> dict[str, str]:
    """The digests of a report's files by name; InputError names the line that is none. Raises OSError."""
    sums: dict[str, str] = {}
    path = folder / SUMS
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        match = _SUM.fullmatch(line)
        if match is None:
            where = f"{project.relative(path)}:{number}"
            raise InputError("is no line of digests", where=where, hint="make the report again, or restore the file")
        sums[match["name"]] = match["digest"]
    return sums
