"""The tasks that workers are given: functions of picklable values with outcomes for whatever happens.

Heavy imports happen in the steps.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from nianbao.batch.mirror import is_address, opened
from nianbao.batch.outcomes import Result, StepRun, TaskOutcome
from nianbao.errors import NianbaoError
from nianbao.errors.language import Message, speak, tr
from nianbao.model import ReportKey
from nianbao.paths import Project, project_at
from nianbao.pipeline import Options, make_report, project_store, run_sections
from nianbao.pipeline.checking import ChecksOnDemand, Outcome, checked
from nianbao.pipeline.own_process import OwnProcess, ProcessDiedError
from nianbao.store import CHECK_PACKAGES, EXPORT_PACKAGES, SECTION_PACKAGES, Store, package_parts
from nianbao.store.fingerprint import changes

# papermill changes the folder of its process while a notebook runs: where a worker has several threads, its tasks
# take turns.
_ONE_AT_A_TIME = threading.RLock()

# Seconds that a check may take, and one more for each office-year: twenty times what it takes.
PATIENCE = 60.0
_LOOK = Message("look for what is odd in the inputs of this office-year, and at the memory that is free")


@dataclass(frozen=True)
class Job:
    """What all tasks of a batch share: the project's folder or address, the options, the software they need.

    ``outputs``: the folder for results, where that is not in the project's.
    """

    place: str
    options: Options = field(default_factory=Options)
    software: tuple[tuple[str, str], ...] = ()
    outputs: str = ""
    language: str = ""  # of messages; a worker of another machine doesn't have this one's surroundings

    def begin(self) -> None:
        """Have the worker speak the language of whoever asks."""
        if self.language:
            speak(self.language)


@dataclass(frozen=True)
class Checked:
    """The checks of one office-year: the outcome with why they ran, or the failure of the checks themselves."""

    key: ReportKey
    outcome: Outcome | None = None
    reasons: tuple[str, ...] = ()
    seconds: float = 0.0
    failure: TaskOutcome | None = None


def software() -> tuple[tuple[str, str], ...]:
    """Our code and every package that can change a byte of a report; workers must have the same."""
    names = {*SECTION_PACKAGES, *CHECK_PACKAGES, *(name for names in EXPORT_PACKAGES.values() for name in names)}
    return tuple(sorted(package_parts(sorted(names)).items()))


def check_reports(job: Job, keys: Sequence[ReportKey]) -> list[Checked]:
    """Check some office-years at once, in a process of their own: it takes the rules' engine with it when it ends.

    What fails for a reason of one of them fails for that one alone. Where the process dies or takes too long, that is
    the outcome of a single office-year; ProcessDiedError where there are several, to be checked in halves.
    """
    start = time.perf_counter()
    job.begin()
    try:
        with _ONE_AT_A_TIME, opened(job.place, keys, job.outputs) as project:
            _same_software(job)
            store = project_store(project) if job.options.store else None
            process = OwnProcess(Message("the checks"))
            try:
                process.ask(_checked, project, store, keys)
                found: list[Checked] = process.answer(PATIENCE + len(keys))
            finally:
                process.end()
    except Exception as error:
        if isinstance(error, ProcessDiedError):
            if len(keys) > 1:
                raise
            error.hint = _LOOK
        return [Checked(key, failure=_failure(None, key, error)) for key in keys]
    each = (time.perf_counter() - start) / len(keys)
    return [replace(one, seconds=each) for one in found]


def _checked(project: Project, store: Store | None, keys: Sequence[ReportKey]) -> list[Checked]:
    """The checks of these office-years at once, or in halves where they raise something."""
    try:
        return [Checked(outcome.key, outcome, reasons) for outcome, reasons in checked(project, store, keys)]
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is an outcome, and never stops the others
        if len(keys) == 1:
            return [Checked(keys[0], failure=_failure(None, keys[0], error))]
    half = len(keys) // 2
    return [*_checked(project, store, keys[:half]), *_checked(project, store, keys[half:])]


def tidy_store(job: Job) -> None:
    """Bring the store back within its limit; one at an address is for whoever owns the address to tidy."""
    if job.options.store and not is_address(job.place):
        project_store(project_at(Path(job.place), Path(job.outputs) if job.outputs else None)).tidy()


def run_ahead(job: Job, key: ReportKey) -> tuple[StepRun, ...]:
    """Run the sections of a report whose checks are not known yet into the store; the steps that ran.

    A failure is not told here: the report's own task meets it again, and knows what the checks say of it.
    """
    steps = StepClock()
    try:
        with _ONE_AT_A_TIME, opened(job.place, [key], job.outputs) as project:
            _same_software(job)
            run_sections(project, key, job.options, steps.tell)
    except Exception:  # noqa: BLE001 -- see above
        return ()
    return steps.done()


def make_one(job: Job, known: Checked) -> TaskOutcome:
    """Make one report whose checks are known. It never raises: whatever happens is an outcome."""
    if known.failure or known.outcome is None:
        return known.failure or TaskOutcome(known.key, Result.FAULT, message=tr("the checks gave no outcome"))
    start = time.perf_counter()
    job.begin()
    steps = StepClock(known.seconds)
    options = job.options
    try:
        with _ONE_AT_A_TIME, opened(job.place, [known.key], job.outputs, reports=True) as project:
            try:
                _same_software(job)
                checks = ChecksOnDemand(project, known.outcome, known.reasons)
                published, _ = make_report(project, known.key, options, checks, steps.tell)
            except Exception as error:  # noqa: BLE001 -- an outcome, while the evidence's folder is still there
                outcome = _failure(project, known.key, error)
            else:
                ran = Result.DRAFT if options.draft else Result.MADE
                outcome = TaskOutcome(known.key, ran if published.changed else Result.UNCHANGED)
    except Exception as error:  # noqa: BLE001 -- the project's place itself cannot be had
        outcome = _failure(None, known.key, error)
    seconds = time.perf_counter() - start
    return replace(outcome, seconds=seconds, steps=steps.done())


def _same_software(job: Job) -> None:
    """Refuse to work where the software differs from that of whoever asks: the bytes would differ too."""
    if job.software and (differs := changes(dict(job.software), dict(software()))):
        raise NianbaoError(
            Message("this worker's software is not that of the batch ({differs})", differs=differs),
            hint="install the same version of nianbao and its locked dependencies on every worker",
        )


def _failure(project: Project | None, key: ReportKey, error: Exception) -> TaskOutcome:
    if isinstance(error, NianbaoError):
        message = str(error)
    else:
        message = f"{type(error).__name__}: {error}"
        _keep_traceback(project, key, error)
    folder = project.evidence_of(key) if project else None
    left = bool(folder and folder.is_dir() and any(folder.iterdir()))
    evidence = f"{project.relative(folder)}/" if project and folder and left else ""
    return TaskOutcome(key, Result.of(error), message=message, evidence=evidence)


def _keep_traceback(project: Project | None, key: ReportKey, error: Exception) -> None:
    if project is None:
        return
    try:
        folder = project.evidence_of(key)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "fault.txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return  # a full disk: the message has to do


class StepClock:
    """Is told of each step as it begins, and knows afterwards which ran and how long.

    The checks ran elsewhere, so many seconds as ``check`` says.
    """

    def __init__(self, check: float = 0.0) -> None:
        self._check = check
        self._begun: list[tuple[str, tuple[str, ...], float]] = []

    def tell(self, name: str, reasons: tuple[str, ...]) -> None:
        """A step begins."""
        self._begun.append((name, reasons, time.perf_counter()))

    def done(self) -> tuple[StepRun, ...]:
        """The steps that ran."""
        ends = [begin for _, _, begin in self._begun[1:]] + [time.perf_counter()]
        return tuple(
            StepRun(name, reasons, self._check if name == "check" else end - begin)
            for (name, reasons, begin), end in zip(self._begun, ends, strict=False)
            if reasons
        )
