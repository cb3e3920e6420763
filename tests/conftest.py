"""Fixtures that every room's tests share: the repository's root and throwaway copies of its inputs."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from finished import finished, reference, stored, stored_for, variant  # noqa: F401 -- fixtures
from nianbao.paths import Project

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background by a shell; the tests send each other Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent
# Under xdist a file runs whole in one process: those that take long begin first, lest one runs on alone at the end.
# The first makes the finished reports, for which others wait, but not the next.
LONG = (
    "preview/test_in_a_browser.py",
    "cli/test_batch.py",
    "test_docs.py",
    "site/test_site_browser.py",
    "runs/test_same_as_kernel.py",
    "runs/test_faults.py",
    "batch/test_workers.py",
    "preview/test_command.py",
    "preview/test_beside_lab.py",
    "preview/test_making.py",
    "test_untrusted_words.py",
    "section/test_notebooks.py",
    "export/test_html_browser.py",
    "pipeline/test_faults.py",
    "pipeline/test_cell_faults.py",
    "pipeline/test_same_bytes.py",
    "pipeline/take/test_word_edits.py",
    "test_one_language.py",
    "test_pictures.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the files in LONG before all others; UsageError where there is no such file."""
    places = {ROOT / "tests" / name: place for place, name in enumerate(LONG)}
    if missing := [path for path in places if not path.is_file()]:
        raise pytest.UsageError(f"{__file__} names test files that are not there: {missing}")
    items.sort(key=lambda item: places.get(item.path, len(LONG)))


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
