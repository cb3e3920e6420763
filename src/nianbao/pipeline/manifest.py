"""manifest.json: everything that a report was made from, with digests and versions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nianbao import __version__
from nianbao.model import ExportedFile, Report, SectionRun
from nianbao.pipeline.snapshot import Snapshot
from nianbao.store import CHECK_PACKAGES, CRATE_PACKAGES, EXPORT_PACKAGES, SECTION_PACKAGES, digest, package_version
from nianbao.store.fingerprint import ABSENT

MANIFEST = "manifest.json"


def manifest(
    snapshot: Snapshot,
    stitched: Report,
    runs: Sequence[SectionRun],
    files: Sequence[ExportedFile],
    fonts: Mapping[str, Any],
) -> ExportedFile:
    """The report's manifest: no time and no machine in it, so that the same inputs give the same bytes.

    All digests of inputs are the snapshot's: of what was printed and checked, whatever the files are by now.
    """
    key = stitched.key
    about = json.loads(stitched.notebook)["metadata"]["nianbao"]
    content = {
        "report": {
            "office": key.office,
            "office_name": about["office"]["name"],
            **{name: about[name] for name in ("year", "edition", "title", "published", "profile", "draft")},
        },
        "parameters": {"office": key.office, "year": key.year, "profile": about["profile"]},
        **_inputs(snapshot, runs),
        "suites": _digests(snapshot.digests(snapshot.suites)),
        "sections": [_section(snapshot, run) for run in runs],
        "fonts": fonts,
        "software": _software(),
        "files": _digests({file.name: digest(file.content) for file in files}),
    }
    return ExportedFile(MANIFEST, json_text(content))


def _inputs(snapshot: Snapshot, runs: Sequence[SectionRun]) -> dict[str, Any]:
    """This year's inputs, last year's (the checks look at both), and whatever else a section read.

    ``absent`` are files that a section looked for in vain: were one there, the report could differ.
    """
    reads = {name for run in runs for name in run.reads if not name.endswith("/")}
    found = snapshot.digests({*snapshot.inputs, *reads})
    there = {name: value for name, value in found.items() if value != ABSENT}
    return {"inputs": _digests(there), "absent": sorted(map(_shown, found.keys() - there.keys()))}


def unvouched(run: SectionRun) -> list[str]:
    """What the section used that nobody can vouch for: files from elsewhere, the network, clocks, unseeded numbers."""
    found: list[str] = json.loads(run.executed)["metadata"].get("nianbao", {}).get("unvouched", [])
    return found


def _section(snapshot: Snapshot, run: SectionRun) -> dict[str, Any]:
    beyond = {"unvouched": names} if (names := unvouched(run)) else {}
    return beyond | {
        "section": run.section.stem,
        "notebook": run.notebook,
        "sha256": snapshot.digest(run.notebook),
        "reads": sorted(_shown(name) for name in run.reads if not name.endswith("/")),
    }


def _software() -> dict[str, str]:
    exports = (name for names in EXPORT_PACKAGES.values() for name in names)
    packages = sorted({*SECTION_PACKAGES, *CHECK_PACKAGES, *exports, *CRATE_PACKAGES})
    return {"nianbao": __version__, **{name: package_version(name) for name in packages}}


def _digests(parts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"path": _shown(name), "sha256": value} for name, value in sorted(parts.items())]


def _shown(name: str) -> str:
    """The name of a file; bytes that are no UTF-8 (names in GBK) are escaped."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def json_text(value: Any, *, sort_keys: bool = False) -> bytes:
    """The value as JSON in UTF-8, two spaces of indent, a line end after it; TypeError for what JSON cannot hold."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=sort_keys) + "\n").encode()


def fonts_used(declared: str | Sequence[str], font_dir: Path | None = None) -> dict[str, Any]:
    """The fonts for what the parameters declare: for each file the roles that it serves first, and why.

    The same fonts give the same bytes on every machine: files are named without their folders. A file that serves
    only where another lacks a character has no roles.
    """
    from nianbao.export.fonts import resolve

    chosen = resolve(declared if isinstance(declared, str) else tuple(declared), font_dir)
    files: dict[tuple[str, str], dict[str, Any]] = {}
    for choice in chosen.choices:
        for face in choice.faces:
            entry = files.setdefault((face.path.name, face.name), {**face.to_json(), "roles": {}})
            if face is choice.faces[0]:
                entry["roles"][choice.role.value] = choice.reason
    named = declared if isinstance(declared, str) else [*declared]
    return {"declared": named, "files": [files[name] for name in sorted(files)], "missing": list(chosen.missing)}
