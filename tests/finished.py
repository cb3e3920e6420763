"""The reports that tests look at in every format: both offices, both editions, both profiles; made once a session."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from nianbao.model import Profile, ReportKey
from nianbao.paths import Project
from nianbao.pipeline import Options, make_report, project_store
from nianbao.pipeline.checking import ChecksAside
from nianbao.runs.run import profile_of


@dataclass(frozen=True)
class Variant:
    """One furnishing of one report."""

    office: str
    year: int
    profile: str

    def __str__(self) -> str:
        return f"{self.office}-{self.year}-{self.profile}"

    @property
    def key(self) -> ReportKey:
        return ReportKey(self.office, self.year)


# Edition 2019 is that of 2020, edition 2021 that of 2023.
VARIANTS = [
    Variant(office, year, profile)
    for office, year in (("panzhihua", 2023), ("shili", 2020), ("shili", 2023))
    for profile in ("official", "illustrated")
]


class Finished:
    """A copy of the repository's inputs, in a folder with a space and Chinese in its name, with finished reports."""

    def __init__(self, root: Path) -> None:
        self.project = Project(root / "年报 工作")
        self._made = root / "made"

    def folder(self, variant: Variant) -> Path:
        return self._made / str(variant)

    def content(self, variant: Variant, name: str) -> bytes:
        return (self.folder(variant) / name).read_bytes()

    def make(self, repository: Project) -> None:
        for folder in ("params", "data", "notebooks", "expectations"):
            shutil.copytree(repository.root / folder, self.project.root / folder)
        keys = list(dict.fromkeys(variant.key for variant in VARIANTS))
        with ChecksAside(self.project, project_store(self.project), keys) as checking:
            for variant in VARIANTS:
                own = profile_of(self.project, variant.key, None)
                # The year's own profile as commands ask for it, so that they find it in the store.
                options = Options(profile=None if own == variant.profile else Profile(variant.profile))
                published, _ = make_report(self.project, variant.key, options, checking, lambda *_: None)
                shutil.copytree(published.folder, self.folder(variant))


def make_once(repository: Project, base: Path) -> Finished:
    """The finished reports; processes that run tests beside each other share them."""
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    finished = Finished(shared / "finished")
    done = shared / "finished.done"
    with FileLock(shared / "finished.lock"):
        if not done.exists():
            shutil.rmtree(shared / "finished", ignore_errors=True)
            # In a process of its own: what a pipeline leaves running is not for other tests to meet.
            subprocess.run([sys.executable, __file__, str(repository.root), str(shared / "finished")], check=True)
            done.touch()
    return finished


@pytest.fixture(scope="session")
def finished(repository: Project, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """The reports of all variants, made once for all tests."""
    return make_once(repository, tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def stored_for(finished: Finished) -> Callable[[Path], Project]:
    """Makes a copy of the inputs with the store of these reports: what stays as it is isn't run again."""

    def copy(folder: Path) -> Project:
        left = shutil.ignore_patterns("outputs", "locks")
        shutil.copytree(finished.project.root, folder, dirs_exist_ok=True, ignore=left)
        return Project(folder)

    return copy


@pytest.fixture
def stored(stored_for: Callable[[Path], Project], tmp_path: Path) -> Project:
    """Such a copy, which a test may change."""
    return stored_for(tmp_path)


@pytest.fixture(params=VARIANTS, ids=str)
def variant(request: pytest.FixtureRequest) -> Variant:
    """Each report and profile in turn."""
    found: Variant = request.param
    return found


if __name__ == "__main__":
    Finished(Path(sys.argv[2])).make(Project(Path(sys.argv[1])))
