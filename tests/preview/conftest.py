"""Previews are tried on a project whose reports have been made before: what a test leaves as it is isn't run again."""

from __future__ import annotations

import pytest

from nianbao.paths import Project


@pytest.fixture
def project(stored: Project) -> Project:
    """A copy of the repository's inputs that a test may change, with the store of finished reports."""
    return stored
