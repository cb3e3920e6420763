"""Owns the look ahead: which steps of a report would run, and why, without running any.

May import: export's names, store, paths, model, and the other modules of pipeline. Imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from nianbao.errors import InputError
from nianbao.export.document import document_of
from nianbao.form import SECTIONS
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline import Options, project_store
from nianbao.pipeline.checking import recalled_outcome
from nianbao.pipeline.keeping import NotStoredError
from nianbao.pipeline.publish import SUMS
from nianbao.pipeline.runlog import RunLog
from nianbao.pipeline.steps import Steps
from nianbao.pipeline.verify import read_sums
from nianbao.store import file_digest

Asked = ParamSpec("Asked")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step that would run, and why."""

    name: str
    reasons: tuple[str, ...]


def planned_steps(project: Project, key: ReportKey, options: Options) -> tuple[PlannedStep, ...]:
    """The steps of one report that would run now, in their order; nothing where the finished report stands.

    Whatever stands after a step that would run is named with it as the reason: its own result is not known yet.
    """
    store = project_store(project) if options.store else None
    stale: list[PlannedStep] = []

    def tell(name: str, reasons: tuple[str, ...]) -> None:
        if reasons:
            stale.append(PlannedStep(name, reasons))

    steps = Steps(project, key, options, store, tell, RunLog(key), only_look=True)
    runs = [run for section in SECTIONS if (run := _if_stored(steps.section, section))]
    sections = list(stale)
    outcome, reasons = recalled_outcome(project, store, key)
    tell("check", reasons)
    # What lists no findings does not wait for the checks.
    plain = [form for form in options.formats if not options.draft]
    listing = [form for form in options.formats if form not in plain]
    last = [*(f"export {form}" for form in listing), "crate"]
    if sections or (outcome is None and options.draft):
        first = ["stitch", *(f"export {form}" for form in plain)]
        return (*stale, *_after(stale if options.draft else sections, first), *_after(stale, last))
    if outcome and outcome.blocked and not options.draft:
        return (PlannedStep("gate", ("findings block the report",)),)
    standing = outcome.standing if outcome else []
    stitched = _if_stored(steps.stitched, runs, standing if options.draft else ())
    document = document_of(stitched) if stitched else None
    fonts = _if_stored(steps.fonts, document) if document else None
    if document is None or fonts is None or _if_stored(steps.fallbacks, document, fonts) is None:
        own = [step for step in stale if step.name != "check"]
        return (*stale, *_after(own, [f"export {form}" for form in plain]), *_after(stale, last))
    for form in plain:
        _if_stored(steps.exported, document, form, fonts)
    if outcome is None:
        return (*stale, *_after(stale, last))
    for form in listing:
        _if_stored(steps.exported, document, form, fonts)
    if not stale and (odd := _not_as_published(project, key)):
        return (PlannedStep("publish", tuple(f"not as it was published: {name}" for name in odd)),)
    return tuple(stale)


def _if_stored(step: Callable[Asked, Result], *asked: Asked.args, **more: Asked.kwargs) -> Result | None:
    try:
        return step(*asked, **more)
    except NotStoredError:
        return None


def _not_as_published(project: Project, key: ReportKey) -> list[str]:
    """The report's files that are not as its list of digests says; the list itself where it is gone."""
    folder = project.relative(project.output_of(key))
    try:
        sums = read_sums(project, key)
    except (OSError, InputError):
        return [f"{folder}/{SUMS}"]
    return [f"{folder}/{name}" for name, wanted in sums.items() if file_digest(project, f"{folder}/{name}") != wanted]


def _after(stale: Sequence[PlannedStep], names: Sequence[str]) -> list[PlannedStep]:
    return [PlannedStep(name, tuple(f"after {step.name}" for step in stale)) for name in names]
