"""Owns the steps of one report, each kept in the store and run again only when something it depends on changed.

May import: export, report, runs, plan, inputs, paths, model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nianbao.form import Section
from nianbao.model import ExportedFile, Profile, Report, ReportKey, SectionRun
from nianbao.paths import Project
from nianbao.plan import (
    EXPORT_PACKAGES,
    SECTION_PACKAGES,
    Parts,
    Step,
    Store,
    digest,
    file_digest,
    file_parts,
    package_parts,
)

# Told of each step: its name, and why it ran (nothing where the stored result still held).
Tell = Callable[[str, tuple[str, ...]], None]


class NotStoredError(Exception):
    """A step would have to run, and the call was only to look: see ``Steps.only_look``."""


@dataclass(frozen=True)
class Steps:
    """How the steps of one report are run: which report, which variant, which store, who is told.

    With ``only_look`` nothing runs: a step whose stored result does not hold raises NotStoredError once it is told.
    """

    project: Project
    key: ReportKey
    profile: Profile | None
    draft: bool
    store: Store | None
    tell: Tell
    only_look: bool = False

    @property
    def variant(self) -> str:
        """Keeps results of different furnishings of the same report apart."""
        return f"{self.profile.value if self.profile else 'default'}{'-draft' if self.draft else ''}"

    def section(self, section: Section) -> SectionRun:
        """The executed section, from the store where notebook, parameters, reads and engines are as they were."""
        notebook = self.project.relative(self.project.notebook(self.key.office, section))
        profile = f"parameter profile={self.profile.value}" if self.profile else "parameter profile"
        parts = {
            **file_parts(self.project, [notebook]),
            **package_parts(SECTION_PACKAGES),
            f"parameter office={self.key.office}": "",
            f"parameter year={self.key.year}": "",
            profile: "",
        }

        def run() -> tuple[bytes, tuple[str, ...]]:
            from nianbao.runs.run import run_section

            done = run_section(self.project, self.key, section, self.profile)
            return done.executed.encode(), done.reads

        content, reads = self._step(f"section {section.stem}", parts, run)
        return SectionRun(section, notebook, content.decode(), reads)

    def stitched(self, runs: Sequence[SectionRun], findings: Sequence[dict[str, object]]) -> Report:
        """The stitched notebook."""
        parts = {
            **{f"section {run.section.stem}": digest(run.executed.encode()) for run in runs},
            "findings": digest(json.dumps(findings, ensure_ascii=False, sort_keys=True).encode()),
            **file_parts(
                self.project,
                map(
                    self.project.relative,
                    (self.project.office_file(self.key.office), self.project.year_file(self.key)),
                ),
            ),
            **package_parts(("nbformat", "pyyaml")),
        }

        def run() -> tuple[bytes, tuple[str, ...]]:
            from nianbao.inputs import Files, open_lazily
            from nianbao.report import stitch

            report = open_lazily(self.key, Files(self.project))
            done = stitch(report, runs, profile=self.profile, draft=self.draft, findings=findings)
            return done.notebook.encode(), ()

        content, _ = self._step("stitch", parts, run)
        return Report(self.key, content.decode())

    def exported(self, report: Report, form: str) -> ExportedFile:
        """One format of the report."""
        parts = {"stitched report": digest(report.notebook.encode()), **package_parts(EXPORT_PACKAGES[form])}

        def run() -> tuple[bytes, tuple[str, ...]]:
            from nianbao.export import export

            return export(report, form).content, ()

        content, _ = self._step(f"export {form}", parts, run)
        return ExportedFile(_FILE_NAMES[form], content)

    def _step(
        self, name: str, parts: Parts, run: Callable[[], tuple[bytes, tuple[str, ...]]]
    ) -> tuple[bytes, tuple[str, ...]]:
        if self.store is None:
            self.tell(name, ("no store",))
            if self.only_look:
                raise NotStoredError(name)
            return run()
        step = Step(self.key, name, self.variant)
        recalled = self.store.recall(step, parts, self._digest_of)
        self.tell(name, recalled.reasons)
        if recalled.content is not None:
            return recalled.content, recalled.reads
        if self.only_look:
            raise NotStoredError(name)
        content, reads = run()
        self.store.keep(step, parts, content, reads, self._digest_of)
        return content, reads

    def _digest_of(self, name: str) -> str:
        return file_digest(self.project, name)


# The names under which the formats are published; each exporter carries its own too (a test compares them), but
# asking it would import nbconvert in a run in which nothing changed.
_FILE_NAMES = {"html": "report.html", "pdf": "report.pdf", "docx": "report.docx", "xlsx": "tables.xlsx"}
