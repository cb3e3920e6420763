"""The watcher: every way of saving is noticed, and what editors leave beside is not."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.preview.watching import Watcher

KEY = ReportKey("shili", 2023)
NARRATIVE = "data/shili/2023/narrative/01_overview.md"


class Watched:
    """A project under watch; ``saved`` are the names that were told."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.saved: set[str] = set()
        self.also: frozenset[Path] = frozenset()
        self.outdated = False
        self.watcher = Watcher(project, KEY, self._tell, lambda: self.also, lambda: None, self._outdated)

    def _outdated(self) -> None:
        self.outdated = True

    def _tell(self, names: set[str]) -> None:
        self.saved |= names

    def within(self, seconds: float, wanted: Callable[[set[str]], bool]) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if wanted(self.saved):
                return True
            time.sleep(0.02)
        return wanted(self.saved)

    def until_it_watches(self, name: str) -> None:
        """Save until that is noticed: the watch takes a moment to begin."""
        path = self.project.root / name
        assert self.within(20, lambda saved: path.write_bytes(path.read_bytes()) and name in saved)
        time.sleep(0.3)  # what was saved last may still come
        self.saved.clear()


@pytest.fixture
def watched(project: Project) -> Iterator[Watched]:
    found = Watched(project)
    with closing(found.watcher):
        found.watcher.start()
        found.until_it_watches(NARRATIVE)
        yield found


def by_writing(path: Path) -> None:
    path.write_text("一", "utf-8")


def by_renaming(path: Path) -> None:
    aside = path.with_name(f".{path.name}.tmp-1")
    aside.write_text("一", "utf-8")
    aside.replace(path)


def by_moving_away(path: Path) -> None:
    path.rename(f"{path}~")  # as vim and Emacs do
    path.write_text("一", "utf-8")


@pytest.mark.parametrize("save", [by_writing, by_renaming, by_moving_away])
@pytest.mark.parametrize(
    "name",
    [NARRATIVE, "params/shili/2023.yaml", "notebooks/01_overview.ipynb", "expectations/form_2021_applications.json"],
)
def test_a_file_that_is_saved_in_whatever_way_is_told(
    watched: Watched, save: Callable[[Path], None], name: str
) -> None:
    if not (watched.project.root / name).exists():
        name = watched.project.relative(next(watched.project.expectations.glob("*.json")))
    save(watched.project.root / name)
    assert watched.within(10, lambda saved: name in saved)
    assert watched.saved == {name}


def test_swap_lock_and_backup_files_and_checkpoints_are_no_saves(watched: Watched) -> None:
    folder = watched.project.data_of(KEY)
    for name in (
        ".applications.csv.swp",
        "applications.csv~",
        ".~lock.applications.csv#",
        "~$applications.csv",
        "4913",
        "figures.csv___jb_tmp___",
    ):
        (folder / name).write_text("x", "utf-8")
    checkpoints = watched.project.notebooks / ".ipynb_checkpoints"
    checkpoints.mkdir()
    (checkpoints / "01_overview-checkpoint.ipynb").write_text("x", "utf-8")
    (folder / "figures.csv").write_bytes((folder / "figures.csv").read_bytes())
    assert watched.within(10, bool)
    time.sleep(0.5)
    assert watched.saved == {"data/shili/2023/figures.csv"}


def test_a_changed_line_of_our_own_code_is_told_as_such(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "code"
    code.mkdir()
    monkeypatch.setattr("nianbao.preview.watching._CODE", code)
    found = Watched(project)
    with closing(found.watcher):
        found.watcher.start()
        found.until_it_watches(NARRATIVE)
        (code / "report.css").write_text("body{}", "utf-8")
        assert found.within(10, lambda _: found.outdated)
        assert found.saved == set()


def test_another_offices_files_are_no_saves(watched: Watched) -> None:
    (watched.project.data / "panzhihua" / "2023" / "figures.csv").write_text("x", "utf-8")
    (watched.project.root / "README.md").write_text("x", "utf-8")
    time.sleep(0.6)
    assert watched.saved == set()


def test_a_file_elsewhere_that_a_notebook_has_read_is_watched(watched: Watched, tmp_path: Path) -> None:
    extra = watched.project.root / "extra.csv"
    extra.write_text("a\n1\n", "utf-8")
    watched.also = frozenset({extra})
    (watched.project.root / "unread.csv").write_text("a\n", "utf-8")
    assert watched.within(20, lambda saved: extra.write_text("a\n2\n", "utf-8") > 0 and "extra.csv" in saved)
    assert watched.saved == {"extra.csv"}


def test_a_folder_that_appears_later_is_watched(project: Project) -> None:
    suites = project.expectations
    away = suites.rename(suites.with_name("away"))
    found = Watched(project)
    with closing(found.watcher):
        found.watcher.start()
        found.until_it_watches(NARRATIVE)
        away.rename(suites)
        some = next(suites.glob("*.json"))
        assert found.within(20, lambda saved: not os.utime(some) and project.relative(some) in saved)
