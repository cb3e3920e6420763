"""One report from start to finish: its steps are declared in ``pipeline.steps``, run here, and looked ahead at here."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from nianbao.errors import FindingsError, NianbaoError
from nianbao.errors.language import Message
from nianbao.export import KNOWN_FORMATS, file_name
from nianbao.form import SECTIONS
from nianbao.model import Options, Published, ReportKey
from nianbao.paths import Project
from nianbao.pipeline.checking import Checks, ChecksOnDemand, Outcome
from nianbao.pipeline.graph import Memory, PlannedStep, RunLog, Step, Tell, logged, look_ahead, run
from nianbao.pipeline.manifest import unvouched
from nianbao.pipeline.publish import published_names, recover
from nianbao.pipeline.snapshot import InputsChangedError, Snapshot
from nianbao.pipeline.steps import BLOCKED, Work, gate, report_steps
from nianbao.store import Store
from nianbao.store.disk import disk_faults, file_mode, make_folder

if TYPE_CHECKING:
    from nianbao.export.document import Document

__all__ = [
    "KEPT_ASIDE",
    "Options",
    "PlannedStep",
    "Tell",
    "make_report",
    "planned_steps",
    "printed_document",
    "project_store",
    "run_sections",
]

# How long a run waits for another one of the same report.
LOCK_PATIENCE = 900  # seconds
# Told as a step is, with the names of people's files that a run has moved out of its way.
KEPT_ASIDE = Message("kept aside")
# How often a report is begun whose inputs are changed meanwhile.
ATTEMPTS = 3


def make_report(
    project: Project, key: ReportKey, options: Options, checks: Checks, tell: Tell
) -> tuple[Published, Outcome]:
    """Make one report and put it in its place.

    1. The inputs' digests are taken: of this state of them the report will be, or the run starts again.
    2. The six sections run, each in a fresh process; the checks run beside them (``checks``, started by the caller).
    3. The gate: a finding that blocks ends it here; a draft passes.
    4. The sections are stitched into one notebook.
    5. Its fonts are settled; a character that none of them has ends it, whatever the formats.
    6. The exporters set it in every format asked for.
    7. The manifest says what it was made from; the RO-Crate says it to other tools.
    8. The inputs are looked at once more, and the folder is swapped in whole.

    A step's value comes from the store where it still holds. What ran, why and for how long goes into the log of runs.
    Raises FindingsError, NotebookError, InputError, ExportError, or NianbaoError where the disk refuses; the last good
    report is untouched then.
    """
    guarded = disk_faults(project, project.output_of(key, draft=options.draft), Message("the report cannot be made"))
    with _only_run(project, key), logged(project, key) as log, guarded:
        _tell_kept(tell, recover(project, key, draft=options.draft))
        options = replace(options, formats=_all_formats(project, key, options))
        store = project_store(project) if options.store else None
        if store:
            store.tidy_if_due()
        for attempt in range(1, ATTEMPTS + 1):
            work = Work(project, key, options, Snapshot(project, key), checks)
            try:
                made = _made(work, store, tell, log)
                break
            except InputsChangedError as error:
                if attempt == ATTEMPTS:
                    raise
                tell(
                    Message("start again"),
                    tuple(Message("changed meanwhile: {name}", name=name) for name in error.names),
                )
        _tell_kept(tell, made[0].kept)
        # Of a run that failed before; kept, it would be taken for that of the next one that does.
        shutil.rmtree(project.evidence_of(key), ignore_errors=True)
        return made


def _tell_kept(tell: Tell, names: Sequence[str]) -> None:
    if names:
        tell(KEPT_ASIDE, tuple(names))


def _all_formats(project: Project, key: ReportKey, options: Options) -> tuple[str, ...]:
    """The formats asked for, and those that the report is there in already: a folder holds one state of it."""
    there = published_names(project, project.output_of(key, draft=options.draft))
    return tuple(
        form for form in KNOWN_FORMATS if form in options.formats or file_name(form, draft=options.draft) in there
    )


def _made(work: Work, store: Store | None, tell: Tell, log: RunLog) -> tuple[Published, Outcome]:
    known = work.checks.known(work.key)
    if known and work.snapshot.differing(known.value.reads):
        known = None  # of another state of the inputs
    steps = report_steps(work, gate_first=known is not None)
    memory = Memory(store, work.key, work.options.variant, work.snapshot)
    try:
        values = run(steps, memory, {"check": known} if known else {}, tell, log)
    except (FindingsError, InputsChangedError):
        raise
    except Exception:
        # Where the inputs are wrong, the findings say so better than whatever tripped over them, in whatever way.
        gate(work, known.value if known else work.checks.outcome(work.key, work.snapshot))
        raise
    if values["glyphs"]:
        tell(Message("font fallback"), tuple(values["glyphs"]))
    if bare := values["document"].bare_pictures:
        tell(Message("no alternative text: section.figure(figure, caption, alt=…) gives a picture one"), bare)
    for section in SECTIONS:
        if beyond := unvouched(values[f"section {section.stem}"]):
            tell(Message("cannot vouch for what section {name} used", name=section.stem), tuple(beyond))
    return values["publish"], values["check"]


def run_sections(project: Project, key: ReportKey, options: Options, tell: Tell) -> None:
    """Run what is stale of the six sections and keep it in the store, so that ``make_report`` finds it there.

    For whoever has time before the outcome of the checks is known. Raises as ``make_report`` does.
    """
    with _only_run(project, key), disk_faults(project, project.state, Message("the sections cannot be run")):
        steps, memory = _looked_at(project, key, options)
        sections = [step for step in steps if step.name.startswith("section ")]
        run(sections, memory, {}, tell, RunLog(key))


def printed_document(project: Project, key: ReportKey, options: Options, tell: Tell) -> Document:
    """What the report would print now, whatever the checks say of it: the sections run where they are stale.

    Raises NotebookError, InputError and ExportError.
    """
    options = replace(options, draft=False)
    with _only_run(project, key), disk_faults(project, project.state, Message("the sections cannot be run")):
        steps, memory = _looked_at(project, key, options)
        wanted = [step for step in steps if step.name.startswith("section ") or step.name in {"stitch", "document"}]
        document: Document = run(wanted, memory, {}, tell, RunLog(key))["document"]
        return document


def planned_steps(project: Project, key: ReportKey, options: Options) -> tuple[PlannedStep, ...]:
    """The steps of one report that would run now, in their order; nothing where the finished report stands.

    Whatever takes the value of a step that would run is named with that as its reason: its own is not known yet.
    """
    planned = look_ahead(*_looked_at(project, key, options))
    blocked = [step for step in planned if step.name == "gate" and step.reasons == (BLOCKED,)]
    return tuple(blocked) or planned


def _looked_at(project: Project, key: ReportKey, options: Options) -> tuple[Sequence[Step], Memory]:
    """The steps of a report and what is known of them, for whoever needs no outcome of checks that is not stored."""
    snapshot = Snapshot(project, key)
    options = replace(options, formats=_all_formats(project, key, options))
    work = Work(project, key, options, snapshot, ChecksOnDemand(project))
    store = project_store(project) if options.store else None
    return report_steps(work, gate_first=False), Memory(store, key, options.variant, snapshot)


def project_store(project: Project) -> Store:
    """The project's store of step results."""
    return Store(project.state / "store")


def _only_run(project: Project, key: ReportKey) -> AbstractContextManager[object]:
    """Held while one run makes this report; a second one waits and then finds the work done."""
    folder = project.state / "locks"
    try:
        with disk_faults(project, folder, Message("the project's folder cannot be written")):
            make_folder(folder)
            lock = FileLock(folder / f"{key.office}-{key.year}.lock", mode=file_mode(folder))
            return lock.acquire(timeout=LOCK_PATIENCE)
    except Timeout as error:
        raise NianbaoError(
            Message("another run of {key} has not ended in {seconds} s", key=key, seconds=LOCK_PATIENCE),
            hint="wait for it or end it, then run again",
        ) from error
