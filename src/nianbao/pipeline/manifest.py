"""Owns manifest.json: everything that a report was made from, with digests and versions.

May import: model, paths, plan.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from nianbao import __version__
from nianbao.model import ExportedFile, Report, SectionRun
from nianbao.paths import Project
from nianbao.plan import (
    CHECK_PACKAGES,
    EXPORT_PACKAGES,
    SECTION_PACKAGES,
    digest,
    file_parts,
    input_files,
    package_version,
    suite_files,
)

MANIFEST = "manifest.json"


def manifest(
    project: Project, stitched: Report, runs: Sequence[SectionRun], files: Sequence[ExportedFile]
) -> ExportedFile:
    """The report's manifest: no time and no machine in it, so that the same inputs give the same bytes."""
    key = stitched.key
    about = json.loads(stitched.notebook)["metadata"]["nianbao"]
    reads = {name for run in runs for name in run.reads if not name.endswith("/")}
    inputs = sorted({*input_files(project, key), *reads})
    packages = sorted(
        {*SECTION_PACKAGES, *CHECK_PACKAGES, *(name for names in EXPORT_PACKAGES.values() for name in names)}
    )
    content = {
        "report": {
            "office": key.office,
            "office_name": about["office"]["name"],
            **{name: about[name] for name in ("year", "edition", "title", "published", "profile", "draft", "fonts")},
        },
        "parameters": {"office": key.office, "year": key.year, "profile": about["profile"]},
        "inputs": _digests(file_parts(project, inputs)),
        "suites": _digests(file_parts(project, suite_files(project, key.office))),
        "sections": [
            {
                "section": run.section.stem,
                "notebook": run.notebook,
                "sha256": file_parts(project, [run.notebook])[run.notebook],
                "reads": [name for name in run.reads if not name.endswith("/")],
            }
            for run in runs
        ],
        "software": {"nianbao": __version__, **{name: package_version(name) for name in packages}},
        "files": _digests({file.name: digest(file.content) for file in files}),
    }
    return ExportedFile(MANIFEST, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())


def _digests(parts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"path": name, "sha256": value} for name, value in sorted(parts.items())]
