"""Owns one report from start to finish; reads like a table of contents.

May import: everything below it. The parts are in its modules; the order is here.
"""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from functools import cache, partial

from filelock import FileLock, Timeout

from nianbao.errors import FindingsError, NianbaoError
from nianbao.export.document import document_of
from nianbao.export.stitching import with_findings
from nianbao.json_text import json_text
from nianbao.model import ExportedFile, Published, ReportKey
from nianbao.paths import Project
from nianbao.pipeline.checking import Checks, Outcome
from nianbao.pipeline.faults import disk_faults
from nianbao.pipeline.keeping import Tell
from nianbao.pipeline.manifest import manifest
from nianbao.pipeline.options import FORMATS, Options
from nianbao.pipeline.publish import publish, recover, with_sums
from nianbao.pipeline.runlog import RunLog, logged
from nianbao.pipeline.steps import Steps
from nianbao.store import Store

__all__ = [
    "FORMATS",
    "Options",
    "findings_files",
    "make_report",
    "pass_gate",
    "project_store",
    "run_sections",
]

# How long a run waits for another one of the same report.
LOCK_PATIENCE = 900  # seconds


def make_report(
    project: Project, key: ReportKey, options: Options, validation: Checks, tell: Tell
) -> tuple[Published, Outcome]:
    """Make one report and put it in its place.

    1. The checks run in a process of their own (``validation``, started by the caller).
    2. The six sections run, each in a fresh process, or come from the store.
    3. The gate: a finding that blocks ends it here; a draft passes. Where the checks run aside and it is no draft, it
       stands after the sixth step, and only the formats that list findings wait for it.
    4. The sections are stitched into one notebook.
    5. Its fonts are settled; a character that none of them has ends it, whatever the formats.
    6. The exporters set it in every format asked for.
    7. The manifest says what it was made from; the RO-Crate says it to other tools.
    8. The folder is swapped in whole.

    What ran, why and for how long goes into the log of runs. Raises FindingsError, NotebookError, InputError,
    ExportError, or NianbaoError where the disk refuses; the last good report is untouched then.
    """
    guarded = disk_faults(project, project.output_of(key), "the report cannot be made")
    with _only_run(project, key), logged(project, key) as log, guarded:
        recover(project, key)
        store = project_store(project) if options.store else None
        if store:
            store.tidy_if_due()
        with Steps(project, key, options, store, tell, log) as steps:
            return _made(steps, validation)


def _made(steps: Steps, validation: Checks) -> tuple[Published, Outcome]:
    project, key, options = steps.project, steps.key, steps.options
    try:
        runs = steps.sections(apart=not validation.aside)
        # Whatever the checks will say, most formats of a final report print the same: they do not wait for it.
        outcome = None if validation.aside and not options.draft else _passed(steps, validation)
        stitched = steps.stitched(runs, outcome.standing if outcome and options.draft else ())
        document = document_of(stitched)
        fonts = steps.fonts(document)
        fallbacks = cache(partial(steps.fallbacks, document, fonts))
        # While the checks run, they have the other core.
        files = steps.exports(document, options.formats, fonts, apart=outcome is not None, before=fallbacks)
    except FindingsError:
        raise
    except Exception:
        # Where the inputs are wrong, the findings say so better than whatever tripped over them, in whatever way.
        pass_gate(project, validation.outcome(key), draft=options.draft)
        raise
    if outcome is None:
        outcome = _passed(steps, validation)
    stitched = with_findings(stitched, outcome.standing)
    files += [
        ExportedFile("report.ipynb", stitched.notebook.encode()),
        *(ExportedFile(f"sections/{run.section.stem}.ipynb", run.executed.encode()) for run in runs),
        *findings_files(outcome),
    ]
    steps.tell("publish", ())
    files.append(manifest(project, stitched, runs, files, {**fonts, "fallbacks": fallbacks()}))
    files.append(steps.crate(files[-1]))
    published = publish(project, key, with_sums(files))
    # Of a run that failed before; kept, it would be taken for that of the next one that does.
    shutil.rmtree(project.evidence_of(key), ignore_errors=True)
    return published, outcome


def _passed(steps: Steps, validation: Checks) -> Outcome:
    """What the checks say, once it is known; FindingsError where it blocks the report."""
    why = validation.reasons.get(steps.key, ())
    steps.tell("check", why)
    with steps.log.timed("check", why):
        outcome = validation.outcome(steps.key)
    pass_gate(steps.project, outcome, draft=steps.options.draft)
    return outcome


def run_sections(project: Project, key: ReportKey, options: Options, tell: Tell) -> None:
    """Run what is stale of the six sections and keep it in the store, so that ``make_report`` finds it there.

    For whoever has time before the outcome of the checks is known. Raises as ``make_report`` does.
    """
    steps = Steps(project, key, options, project_store(project), tell, RunLog(key))
    with _only_run(project, key), disk_faults(project, project.state, "the sections cannot be run"):
        steps.sections()


def pass_gate(project: Project, outcome: Outcome, *, draft: bool) -> None:
    """Let a report through that nothing blocks, or a draft; FindingsError says what blocks and where it is written."""
    if not outcome.blocked or draft:
        return
    folder = project.evidence_of(outcome.key)
    folder.mkdir(parents=True, exist_ok=True)
    for file in findings_files(outcome):
        (folder / file.name).write_bytes(file.content)
    raise FindingsError(
        f"{outcome.key}: findings block the report\n{outcome.text.rstrip()}",
        hint=f"mend the inputs and run again, or make a draft with --draft; written to {project.relative(folder)}/",
    )


def findings_files(outcome: Outcome) -> list[ExportedFile]:
    """The findings as JSON and as a page."""
    return [
        ExportedFile("findings.json", json_text(outcome.findings)),
        ExportedFile("findings.html", outcome.page.encode()),
    ]


def project_store(project: Project) -> Store:
    """The project's store of step results."""
    return Store(project.state / "store")


def _only_run(project: Project, key: ReportKey) -> AbstractContextManager[object]:
    """Held while one run makes this report; a second one waits and then finds the work done."""
    folder = project.state / "locks"
    try:
        with disk_faults(project, folder, "the project's folder cannot be written"):
            folder.mkdir(parents=True, exist_ok=True)
            return FileLock(folder / f"{key.office}-{key.year}.lock").acquire(timeout=LOCK_PATIENCE)
    except Timeout as error:
        raise NianbaoError(
            f"another run of {key} has not ended in {LOCK_PATIENCE} s", hint="wait for it or end it, then run again"
        ) from error
