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
from worlds import keys_of, world


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


def made_once(base: Path, name: str, repository: Project) -> Path:
    """The folder of what ``MAKERS`` makes by that name; processes that run tests beside each other share it."""
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, done = shared / name, shared / f"{name}.done"
    with FileLock(shared / f"{name}.lock"):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            # In a process of its own: what a pipeline leaves running is not for other tests to meet.
            subprocess.run([sys.executable, __file__, name, str(repository.root), str(folder)], check=True)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def finished(repository: Project, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """The reports of all variants, made once for all tests."""
    return Finished(made_once(tmp_path_factory.getbasetemp(), "finished", repository))


@pytest.fixture(scope="session")
def reference(repository: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Four made-up office-years and their reports, made one by one by the pipeline itself; to be read only.

    Every way of making reports must match them byte for byte.
    """
    return Project(made_once(tmp_path_factory.getbasetemp(), "reference", repository) / "项目 folder")


def make_reference(_repository: Project, folder: Path) -> None:
    """The project of ``reference``, below the folder."""
    project = world(folder / "项目 folder", 4)
    keys = keys_of(project)
    with ChecksAside(project, project_store(project), keys) as checking:
        for key in keys:
            make_report(project, key, Options(), checking, lambda *_: None)


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


MAKERS: dict[str, Callable[[Project, Path], None]] = {
    "finished": lambda repository, folder: Finished(folder).make(repository),
    "reference": make_reference,
}

if __name__ == "__main__":
    MAKERS[sys.argv[1]](Project(Path(sys.argv[2])), Path(sys.argv[3]))
