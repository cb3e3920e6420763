"""Make what the preview shows: the page first, the findings beside it, other formats when a tab asks for them.

The steps are those of a report (``pipeline.steps``) up to the format that is wanted, from the project's store where
they hold. There is no gate, and nothing is published: a report that findings block is shown all the same, with the
findings beside it.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from time import perf_counter
from typing import Any

from nianbao.errors import NianbaoError
from nianbao.errors.language import Message, tr
from nianbao.export import FORMATS
from nianbao.form import SECTIONS
from nianbao.model import ExportedFile, ReportKey
from nianbao.paths import Project
from nianbao.pipeline import Options, project_store
from nianbao.pipeline.checking import ChecksAside
from nianbao.pipeline.graph import Given, Memory, RunLog, Step, run
from nianbao.pipeline.manifest import unvouched
from nianbao.pipeline.snapshot import InputsChangedError, Snapshot, mark_of
from nianbao.pipeline.steps import Work, report_steps
from nianbao.preview.showing import error_shown, findings_shown, places_of, steps_shown
from nianbao.preview.threads import SharedState, WorkQueue, leave_signals_to_main

# How often a run begins again because files change while it lasts, before that is told as an error.
_ATTEMPTS = 5
_PAGE = "export html"


class Maker:
    """Makes one report again and again; a context manager, at whose end no process of its own is left.

    What it makes goes to ``shared``; ``page`` is the last good page, ``files`` the files that it was made of.
    """

    def __init__(self, project: Project, key: ReportKey, options: Options, state: Path, shared: SharedState) -> None:
        self._project = replace(project, own_state=state)  # evidence of failures is this preview's own
        self._store = project_store(project)
        self._key = key
        self._options = replace(options, formats=FORMATS)
        self._shared = shared
        self._checks = ChecksAside(project, None, [key])
        self._checker = ThreadPoolExecutor(1, "checks", leave_signals_to_main)
        self._run = 0
        self._closed = False
        self._values: dict[str, Any] = {}
        self._steps: tuple[Step, ...] = ()
        self._memory: Memory | None = None
        self.page = b""
        self.files: frozenset[Path] = frozenset()

    def __enter__(self) -> Maker:
        self._checks.__enter__()  # it imports Great Expectations while the first page is made
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._checks.__exit__()
        self._checker.shutdown(wait=True, cancel_futures=True)

    def work(self, queue: WorkQueue) -> None:
        """Serve the queue until the process is told to end (KeyboardInterrupt)."""
        again = 0
        while True:
            saves, asked = queue.next()
            if saves is None:
                for what, request in asked:
                    self._answer(what, request)
                continue
            try:
                if not queue.run(partial(self.make, sorted(saves))):
                    queue.save(saves)  # the run that follows was also for these
                again = 0
            except InputsChangedError as error:
                again += 1
                if again < _ATTEMPTS:
                    queue.save({*saves, *error.names})
                else:
                    again = 0
                    self._shared.post(busy=False, error=error_shown(error, None))

    def make(self, saves: Sequence[str]) -> None:
        """One run: what changed is run again, the page is shown, and the checks follow in their own time.

        Raises InputsChangedError where files changed meanwhile.
        """
        self._run += 1
        self._shared.post(run=self._run, busy=True, saved=list(saves), steps=[], checking=True)
        # Of a run before; this one's error would be shown with that one's traceback.
        shutil.rmtree(self._project.evidence_of(self._key), ignore_errors=True)
        log, began = RunLog(self._key), perf_counter()
        error: BaseException | None = None
        look = cache(partial(mark_of, self._project))  # one state for page and checks
        try:
            self._checker.submit(self._check, self._run, Snapshot(self._project, self._key, look))
            self._make_page(Snapshot(self._project, self._key, look), log)
        except InputsChangedError:
            raise
        except Exception as raised:  # noqa: BLE001 -- whatever it is, the preview shows it and goes on
            error = raised
        self._shared.post(
            busy=False,
            steps=steps_shown(log.steps),
            seconds=round(perf_counter() - began, 3),
            error=error and error_shown(error, self._project.evidence_of(self._key)),
        )

    def _make_page(self, snapshot: Snapshot, log: RunLog) -> None:
        work = Work(self._project, self._key, self._options, snapshot, self._checks)
        steps = report_steps(work, gate_first=False)
        memory = Memory(self._store, self._key, self._options.variant, snapshot)
        values = run(_up_to(_PAGE, steps), memory, {}, partial(self._tell, log), log)
        self._steps, self._memory, self._values = steps, memory, values
        self.files = _files_of(self._project, values)
        content: bytes = values[_PAGE][0].content
        if content != self.page:
            self.page = content
            number = self._shared.state().get("page", 0) + 1
            self._shared.post(page=number, places=places_of(values["document"]))
        beyond = sorted({name for section in SECTIONS for name in unvouched(values[f"section {section.stem}"])})
        # Every run may have changed what other formats show.
        self._shared.post(made=self._run, fallbacks=list(map(tr, values["glyphs"])), unvouched=beyond)

    def _tell(self, log: RunLog, step: str, why: tuple[str, ...]) -> None:
        if why:
            self._shared.post(steps=steps_shown([*log.steps, {"step": step, "seconds": None, "why": why}]))

    def _check(self, number: int, snapshot: Snapshot) -> None:
        """In the checks' thread: the findings of one state of the inputs."""
        if number < self._run:
            return  # a newer run has begun, and its checks follow
        began = perf_counter()
        work = Work(self._project, self._key, self._options, snapshot, self._checks)
        memory = Memory(self._store, self._key, self._options.variant, snapshot)
        reasons: list[str] = []
        try:
            steps = _up_to("check", report_steps(work, gate_first=False))
            outcome = run(steps, memory, {}, lambda _, why: reasons.extend(why), RunLog(self._key))["check"]
        except InputsChangedError:
            return  # as above
        except Exception as raised:  # noqa: BLE001 -- whatever it is, the preview shows it and goes on
            if not self._closed:
                self._shared.post(checking=False, check_error=error_shown(raised, None))
                self._renew_checks()
            return
        seconds = round(perf_counter() - began, 3)
        (step,) = steps_shown([{"step": Message("check"), "seconds": seconds, "why": reasons}]) if reasons else (None,)
        self._shared.post(checking=False, checked=number, check_error=None, check_step=step, **findings_shown(outcome))

    def _renew_checks(self) -> None:
        """A process of the checks that has died is followed by another."""
        with contextlib.suppress(Exception):
            self._checks.__exit__()
        self._checks = ChecksAside(self._project, None, [self._key])
        self._checks.__enter__()

    def _answer(self, what: str, request: Future[Any]) -> None:
        if not request.set_running_or_notify_cancel():
            return
        try:
            request.set_result(self.file(what))
        except Exception as raised:  # noqa: BLE001 -- for whoever asked
            request.set_exception(raised)

    def file(self, form: str) -> ExportedFile:
        """The last good page's report in another format.

        Raises NianbaoError where there is none yet, ExportError where it cannot be set, InputsChangedError where it has
        been overtaken by a save.
        """
        if self._memory is None:
            raise NianbaoError("no page has been made yet")
        name = f"export {form}"
        if name not in self._values:
            given = {step: Given(value) for step, value in self._values.items()}
            steps = _up_to(name, self._steps)
            self._values |= run(steps, self._memory, given, lambda *_: None, RunLog(self._key))
        made: tuple[ExportedFile, ...] = self._values[name]
        return made[0]


def _up_to(name: str, steps: Sequence[Step]) -> list[Step]:
    """The step of that name with all that it needs, in their order."""
    wanted = {name}
    for step in reversed(steps):
        if step.name in wanted:
            wanted.update(step.needs)
    return [step for step in steps if step.name in wanted]


def _files_of(project: Project, values: Mapping[str, Any]) -> frozenset[Path]:
    """The files that the sections have read; those outside the project go by their whole path."""
    names = {name for section in SECTIONS for name in values[f"section {section.stem}"].reads}
    names |= {name for section in SECTIONS for name in unvouched(values[f"section {section.stem}"])}
    return frozenset(project.root / name for name in names if not name.endswith("/") and ": " not in name)
