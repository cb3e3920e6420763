"""Owns the steps of one report, each kept in the store and run again only when something it depends on changed.

May import: export, report, runs, plan, inputs, paths, model, and the crate, the fonts and the log of pipeline.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nianbao.form import Section
from nianbao.model import ExportedFile, Profile, Report, ReportKey, SectionRun
from nianbao.paths import Project
from nianbao.pipeline.crate import CRATE, CRATE_PACKAGES, crate
from nianbao.pipeline.fonts import FONT_FORMATS, FONT_PACKAGES, OPEN, fonts_used
from nianbao.pipeline.runlog import RunLog
from nianbao.plan import (
    EXPORT_PACKAGES,
    SECTION_PACKAGES,
    Parts,
    Recalled,
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
    """How the steps of one report are run: which report, which variant, which store, who is told, what is logged.

    With ``only_look`` nothing runs: a step whose stored result does not hold raises NotStoredError once it is told.
    """

    project: Project
    key: ReportKey
    profile: Profile | None
    draft: bool
    store: Store | None
    tell: Tell
    log: RunLog
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
            from nianbao.runs.engine import warm_up

            # The preloaded process starts first: its imports run beside ours.
            warm_up()
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

    def fonts(self, report: Report) -> dict[str, Any]:
        """The fonts that serve the report, for its manifest."""
        declared = json.loads(report.notebook)["metadata"]["nianbao"]["fonts"]
        if declared != OPEN:
            # Whatever is installed may serve: what the store remembers of another day says nothing.
            return dict(json.loads(fonts_used(declared)))
        parts = {"fonts declared": OPEN, **package_parts(FONT_PACKAGES)}
        content, _ = self._step("fonts", parts, lambda: (fonts_used(OPEN), ()))
        return dict(json.loads(content))

    def crate(self, manifest: ExportedFile) -> ExportedFile:
        """The manifest as an RO-Crate."""
        parts = {"manifest": digest(manifest.content), **package_parts(CRATE_PACKAGES)}

        def run() -> tuple[bytes, tuple[str, ...]]:
            return crate(manifest.content), ()

        content, _ = self._step("crate", parts, run)
        return ExportedFile(CRATE, content)

    def exported(self, report: Report, form: str, fonts: dict[str, Any]) -> ExportedFile:
        """One format of the report, set in these fonts."""
        parts = {"stitched report": digest(report.notebook.encode()), **package_parts(EXPORT_PACKAGES[form])}
        if form in FONT_FORMATS:
            parts |= {f"font {entry['family']} ({entry['file']})": entry["sha256"] for entry in fonts["files"]}

        def run() -> tuple[bytes, tuple[str, ...]]:
            from nianbao.export import export

            return export(report, form).content, ()

        content, _ = self._step(f"export {form}", parts, run)
        return ExportedFile(_FILE_NAMES[form], content)

    def _step(
        self, name: str, parts: Parts, run: Callable[[], tuple[bytes, tuple[str, ...]]]
    ) -> tuple[bytes, tuple[str, ...]]:
        step = Step(self.key, name, self.variant)
        recalled = self.store.recall(step, parts, self._digest_of) if self.store else Recalled(None, ("no store",))
        self.tell(name, recalled.reasons)
        with self.log.timed(name, recalled.reasons):
            if recalled.content is not None:
                return recalled.content, recalled.reads
            if self.only_look:
                raise NotStoredError(name)
            content, reads = run()
            if self.store:
                self.store.keep(step, parts, content, reads, self._digest_of)
            return content, reads

    def _digest_of(self, name: str) -> str:
        return file_digest(self.project, name)


# The names under which the formats are published; each exporter carries its own too (a test compares them), but
# asking it would import nbconvert in a run in which nothing changed.
_FILE_NAMES = {"html": "report.html", "pdf": "report.pdf", "docx": "report.docx", "xlsx": "tables.xlsx"}
