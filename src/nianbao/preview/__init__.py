"""The live preview: one resident process that makes a report again on every save and shows it in the browser.

The maker works in the main thread, so that Ctrl-C ends a run as it does anywhere; the server and the watcher have
threads of their own. They meet in ``threads``.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline import Options
from nianbao.preview.making import Maker
from nianbao.preview.server import Preview, Server
from nianbao.preview.threads import SUPERSEDE, SharedState, WorkQueue, interrupt_main
from nianbao.preview.watching import Watcher
from nianbao.runs import server as fork_server
from nianbao.store.disk import discard, make_folder

_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

__all__ = ["preview"]


def preview(
    project: Project, key: ReportKey, options: Options, *, port: int, language: str, opened: Callable[[str], None]
) -> None:
    """Preview one report until Ctrl-C (or SIGTERM) ends it; ``opened`` is told the address once it can be opened.

    ``language`` is that of the page around the report, "zh" or "en". Writes nothing but results of steps into the
    project's store, and a folder of its own below ``.nianbao/preview/``, which is gone at the end.
    Raises InputError where the office-year cannot be read at all, NianbaoError where no port is free.
    """
    queue, shared = WorkQueue(), SharedState()
    shared.post(office=key.office, year=key.year, project=str(project.root), busy=True, page=0)
    with contextlib.suppress(KeyboardInterrupt), _ended_by_signals(queue), _own_folder(project) as state:
        maker = Maker(project, key, options, state, shared)
        shown = Preview(queue, shared, lambda: maker.page, language, f"{key.office} {key.year}")
        with Server(shown, port):
            outdated = partial(shared.post, outdated=True)
            watcher = Watcher(project, key, queue.save, lambda: maker.files, queue.end_overdue, outdated)
            opened(shown.address)
            fork_server.start(charts=True)  # whatever a notebook may come to import is there
            with maker, contextlib.closing(watcher):
                watcher.start()
                queue.save(())
                maker.work(queue)


@contextmanager
def _ended_by_signals(queue: WorkQueue) -> Iterator[None]:
    """SIGTERM, and the end of the terminal, end the block as Ctrl-C does; a second one does not disturb the ending."""

    def end(*_: object) -> None:
        try:
            queue.interrupted()
        finally:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_IGN)

    before = {number: signal.signal(number, interrupt_main) for number in _SIGNALS}
    before[SUPERSEDE] = signal.signal(SUPERSEDE, queue.superseded)
    signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _own_folder(project: Project) -> Iterator[Path]:
    """A folder for what this preview keeps; what previews have left behind that were killed is removed."""
    base = project.state / "preview"
    for left in base.glob("[0-9]*"):
        if not _runs(int(left.name)):
            discard(left)
    folder = base / str(os.getpid())
    make_folder(folder)
    try:
        yield folder
    finally:
        discard(folder)
        with contextlib.suppress(OSError):
            base.rmdir()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
