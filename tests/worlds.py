"""Small projects for the tests: made-up office-years beside the repository's own notebooks."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from nianbao.inputs.invented import invented_keys, invented_project
from nianbao.model import ReportKey
from nianbao.paths import Project

ROOT = Path(__file__).resolve().parent.parent


def world(folder: Path, count: int, years: Sequence[int] = (2022, 2023), profile: str = "official") -> Project:
    """A project of ``count`` made-up office-years below ``folder``."""
    return invented_project(Project(ROOT), folder, invented_keys(count, years), profile)


def keys_of(project: Project) -> list[ReportKey]:
    """Every office-year of the project, in order."""
    return [ReportKey(office, year) for office in project.offices() for year in project.years(office)]


def without_results(source: Project, folder: Path) -> Project:
    """A copy of the project in which the checks are stored but no report was made yet."""
    shutil.copytree(
        source.root, folder, ignore=shutil.ignore_patterns("outputs", "locks", "section-*", "stitch*", "export-*")
    )
    return Project(folder)


def published(project: Project) -> dict[str, bytes]:
    """Every published file by its name."""
    files = sorted(path for path in project.outputs.rglob("*") if path.is_file())
    return {project.relative(path): path.read_bytes() for path in files}
