"""Watch the files that a report is made of, and say which were saved.

A save by renaming (most editors, JupyterLab) is one like any other; swap, lock and backup files are none.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from watchfiles import Change, watch

import nianbao
from nianbao.model import ReportKey
from nianbao.paths import Project, is_by_product
from nianbao.preview.threads import leave_signals_to_main

# A save may take several steps (write aside, rename): what comes within so many milliseconds belongs together.
_TOGETHER = 20
_AT_MOST = 400  # milliseconds, where a program writes on and on
_LOOKS_UP = 1000  # milliseconds
_CODE = Path(nianbao.__file__).parent


class Relevant:
    """Whether a changed file is one that the report may be made of.

    That is whatever lies below ``folders``, and the single ``files`` that notebooks have read besides.
    """

    def __init__(self, folders: Iterable[Path], files: Iterable[Path] = ()) -> None:
        self._folders = tuple(folders)
        self._files = frozenset(files)

    def __call__(self, _: Change, path: str) -> bool:
        """Whether the change counts."""
        found = Path(path)
        if found in self._files:
            return True
        inside = next((found.relative_to(folder) for folder in self._folders if found.is_relative_to(folder)), None)
        return inside is not None and not any(is_by_product(part) for part in inside.parts)


def folders_of(project: Project, key: ReportKey) -> tuple[Path, ...]:
    """The folders of which everything counts: notebooks, suites, and the office's own parameters and data."""
    own = (project.params / key.office, project.data / key.office)
    return (project.notebooks, project.expectations, *own)


class Watcher:
    """A thread that calls ``saved`` with the names of the files that were saved, until it is closed.

    ``also`` gives the files that the report was made of when it was last made: those outside the project's own folders
    are watched too. ``look_up`` is called once a second, ``outdated`` where the code of nianbao itself was changed,
    which a process that runs does not take up.
    """

    def __init__(
        self,
        project: Project,
        key: ReportKey,
        saved: Callable[[set[str]], None],
        also: Callable[[], frozenset[Path]],
        look_up: Callable[[], None],
        outdated: Callable[[], None],
    ) -> None:
        self._project = project
        self._key = key
        self._saved = saved
        self._also = also
        self._look_up = look_up
        self._outdated = outdated
        self._closed = threading.Event()
        self._threads = [
            threading.Thread(target=self._watch_folders, name="watch folders", daemon=True),
            threading.Thread(target=self._watch_files, name="watch files", daemon=True),
        ]

    def start(self) -> None:
        """Begin to watch."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End the threads."""
        self._closed.set()
        for thread in self._threads:
            thread.join(5)

    def _watch_folders(self) -> None:
        """The project's own folders with all below them; one that appears later is taken up, one that goes let go."""
        leave_signals_to_main()
        wanted = (*folders_of(self._project, self._key), *([] if "site-packages" in _CODE.parts else [_CODE]))
        while not self._closed.is_set():
            there = [folder for folder in wanted if folder.is_dir()]
            for changes in self._changes(there, Relevant(wanted), recursive=True):
                self._tell(changes)
                self._look_up()
                if [folder for folder in wanted if folder.is_dir()] != there:
                    self._saved(set())  # what was saved in a new folder meanwhile is found by looking
                    break

    def _watch_files(self) -> None:
        """Files elsewhere that a notebook has read: their folders, without those below."""
        leave_signals_to_main()
        mine = folders_of(self._project, self._key)
        while not self._closed.is_set():
            files = self._also()
            apart = {path for path in files if not any(path.is_relative_to(folder) for folder in mine)}
            places = sorted({path.parent for path in apart if path.parent.is_dir()})
            if not places:
                self._closed.wait(_LOOKS_UP / 1000)
                continue
            for changes in self._changes(places, Relevant((), apart), recursive=False):
                self._tell(changes)
                if self._also() != files:
                    break

    def _changes(self, places: list[Path], relevant: Relevant, *, recursive: bool) -> Iterable[set[tuple[Change, str]]]:
        return watch(
            *places,
            watch_filter=relevant,
            debounce=_AT_MOST,
            step=_TOGETHER,
            stop_event=self._closed,
            rust_timeout=_LOOKS_UP,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=recursive,
            ignore_permission_denied=True,
        )

    def _tell(self, changes: set[tuple[Change, str]]) -> None:
        paths = {Path(path) for _, path in changes}
        if any(path.is_relative_to(_CODE) for path in paths):
            self._outdated()
        if names := {self._named(path) for path in paths if not path.is_relative_to(_CODE)}:
            self._saved(names)

    def _named(self, path: Path) -> str:
        inside = path.is_relative_to(self._project.root)
        return self._project.relative(path) if inside else str(path)
