"""Fixtures that every room's tests share: the repository's root and throwaway copies of its inputs."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from finished import finished, stored, stored_for, variant  # noqa: F401 -- fixtures
from nianbao.paths import Project

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background by a shell; the tests send each other Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Project:
    """The repository itself, to be read only."""
    return Project(ROOT)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the repository's inputs that a test may change."""
    for folder in ("params", "data", "notebooks", "expectations"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return Project(tmp_path)
