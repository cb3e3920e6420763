"""The inputs of the reference reports elsewhere, for every way of making them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.paths import Project
from worlds import without_results


@pytest.fixture
def fresh(reference: Project, tmp_path: Path) -> Project:
    """The same inputs elsewhere, checked but with no report made."""
    return without_results(reference, tmp_path / "elsewhere")
