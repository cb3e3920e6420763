"""What a portal was built from, and what its files are: by that the next build takes over what has not changed.

May import: errors, site.entries, site.search. What reports say is read back from the portal's own index.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from nianbao.errors import UsageError
from nianbao.site.entries import Entry, Portal
from nianbao.site.search import kept, year_file

RECORD = "portal.json"  # it also tells a portal from any other folder
_VERSION = 2
# What the index does not hold.
_RECORDED = [each.name for each in fields(Entry) if each.name not in {"cells", "texts"}]


@dataclass(frozen=True)
class Before:
    """The portal that is to be replaced: its reports by key, and its files with their digests."""

    reports: Mapping[str, Entry] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


def read_record(folder: Path) -> Before:
    """What stands in the folder; UsageError where that is something else than a portal.

    Of a portal that another version of nianbao made, no report is taken over, but its files are known.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return Before()
    try:
        found = json.loads((folder / RECORD).read_bytes())
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or found.get("portal") is None:
        raise UsageError("holds something else than a portal of nianbao", where=str(folder), hint="name a new folder")
    files = dict(found.get("files", {}))
    return Before(_reports(folder, found["reports"], files) if found["portal"] == _VERSION else {}, files)


def _reports(folder: Path, recorded: list[dict[str, Any]], files: Mapping[str, str]) -> dict[str, Entry]:
    """The reports as they were, but for those of a year whose index is not as it was written."""
    said: dict[str, tuple[dict[str, str], tuple[tuple[str, str], ...]]] = {}
    for year in sorted({values["year"] for values in recorded}):
        path = folder / year_file(year)
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() == files.get(year_file(year)):
            said |= {key: (cells, texts) for key, cells, texts in kept(content)}
    found: dict[str, Entry] = {}
    for values in recorded:
        key = f"{values['office']}/{values['year']}"
        if key in said:
            cells, texts = said[key]
            found[key] = Entry(**values, cells=cells, texts=texts)
    return found


def record_of(portal: Portal, files: Mapping[str, str]) -> bytes:
    """The record of a portal with these files."""
    reports = [{name: getattr(entry, name) for name in _RECORDED} for entry in portal.entries]
    record = {"portal": _VERSION, "reports": reports, "files": dict(sorted(files.items()))}
    return f"{json.dumps(record, ensure_ascii=False, separators=(',', ':'))}\n".encode()
