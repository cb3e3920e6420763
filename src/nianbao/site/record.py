"""What a portal was built from, and what its files are: by that the next build takes over what has not changed.

What reports say is read back from the portal's own index.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from nianbao.errors import UsageError
from nianbao.site.entries import DIGITS, Entry, Portal
from nianbao.site.search import kept, year_file
from nianbao.store import digest, package_parts

RECORD = "portal.json"  # it also tells a portal from any other folder
_PACKAGES = ("deflate", "jinja2", "lxml", "markdown-it-py", "markupsafe", "nbformat", "rapidfuzz")
# What the index does not hold.
_RECORDED = [each.name for each in fields(Entry) if each.name not in {"cells", "texts"}]


@dataclass(frozen=True)
class Before:
    """The portal that is to be replaced: its reports by key, its files with their digests, and what they depended on.

    ``parts`` has a digest for each file that was made; that of copied ones stands in their report's ``sources``.
    """

    reports: Mapping[str, Entry] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)


def read_record(folder: Path) -> Before:
    """What stands in the folder; UsageError where that is something else than a portal.

    Of a portal that other code than ours made, no report is taken over, but its files are known.
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
    if found["portal"] != code():
        return Before(files=files)
    return Before(_reports(folder, found["reports"], files), files, dict(found["parts"]))


def _reports(folder: Path, recorded: list[dict[str, Any]], files: Mapping[str, str]) -> dict[str, Entry]:
    """The reports as they were, but for those of a year whose index is not as it was written."""
    said: dict[str, tuple[dict[str, str], tuple[tuple[str, str], ...]]] = {}
    for year in sorted({values["year"] for values in recorded}):
        path = folder / year_file(year)
        content = path.read_bytes() if path.is_file() else b""
        if short_digest(content) == files.get(year_file(year)):
            said |= {key: (cells, texts) for key, cells, texts in kept(content)}
    found: dict[str, Entry] = {}
    for values in recorded:
        key = f"{values['office']}/{values['year']}"
        if key in said:
            cells, texts = said[key]
            found[key] = Entry(**values, cells=cells, texts=texts)
    return found


@cache
def code() -> str:
    """A digest of whatever makes portals: our own code and the packages that it uses."""
    return digest(json.dumps(package_parts(_PACKAGES)).encode())


def digest_of(of: object) -> str:
    """A digest of what a file depends on."""
    return short_digest(json.dumps(of, ensure_ascii=False).encode())


def short_digest(content: bytes) -> str:
    """The beginning of the content's SHA-256, by which the portal knows it."""
    return digest(content)[:DIGITS]


def record_of(portal: Portal, files: Mapping[str, str], parts: Mapping[str, str]) -> bytes:
    """The record of a portal with these files, which depended on these parts."""
    reports = [{name: getattr(entry, name) for name in _RECORDED} for entry in portal.entries]
    record = {
        "portal": code(),
        "reports": reports,
        "files": dict(sorted(files.items())),
        "parts": dict(sorted(parts.items())),
    }
    return f"{json.dumps(record, ensure_ascii=False, separators=(',', ':'))}\n".encode()
