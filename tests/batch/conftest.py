"""A reference that every way of making reports must match byte for byte: made serially, here, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.paths import Project
from nianbao.pipeline import Options, make_report, project_store
from nianbao.pipeline.checking import ChecksAside
from worlds import keys_of, without_results, world


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Four office-years and their reports, made one by one by the pipeline itself; to be read only."""
    project = world(tmp_path_factory.mktemp("reference") / "项目 folder", 4)
    keys = keys_of(project)
    with ChecksAside(project, project_store(project), keys) as checking:
        for key in keys:
            make_report(project, key, Options(), checking, lambda *_: None)
    return project


@pytest.fixture
def fresh(reference: Project, tmp_path: Path) -> Project:
    """The same inputs elsewhere, checked but with no report made."""
    return without_results(reference, tmp_path / "elsewhere")
