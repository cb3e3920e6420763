"""Owns the steps of one report, each kept in the store and run again only when something it depends on changed.

May import: export, report, runs, plan, inputs, paths, model, and the options, the crate, the fonts and the log
of pipeline.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nianbao.export import FILE_NAMES
from nianbao.form import Section
from nianbao.model import ExportedFile, Report, ReportKey, SectionRun
from nianbao.paths import Project
from nianbao.pipeline.crate import CRATE, CRATE_PACKAGES, crate
from nianbao.pipeline.fonts import FONT_FORMATS, FONT_PACKAGES, GLYPH_PACKAGES, OPEN, fallbacks, fonts_used
from nianbao.pipeline.options import Options
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
    options: Options
    store: Store | None
    tell: Tell
    log: RunLog
    only_look: bool = False

    def section(self, section: Section) -> SectionRun:
        """The executed section, from the store where notebook, parameters, reads and engines are as they were."""
        notebook = self.project.relative(self.project.notebook(self.key.office, section))
        profile = f"parameter profile={self.options.profile.value}" if self.options.profile else "parameter profile"
        parts = {
            **file_parts(self.project, [notebook]),
            **package_parts(SECTION_PACKAGES),
            f"parameter office={self.key.office}": "",
            f"parameter year={self.key.year}": "",
            profile: "",
        }

        def run() -> tuple[bytes, tuple[str, ...]]:
            from nianbao.runs.engine import warm_up

            # The preloaded process starts first: its imports run beside ours, and beside those of the exports, which
            # a section that changed will need.
            warm_up()
            from nianbao import export
            from nianbao.runs.run import run_section

            export.warm_up(self.options.formats)

            done = run_section(self.project, self.key, section, self.options.profile)
            return done.executed.encode(), done.reads

        content, reads = self._step(f"section {section.stem}", parts, run)
        return SectionRun(section, notebook, content.decode(), reads)

    def stitched(self, runs: Sequence[SectionRun], findings: Sequence[dict[str, object]]) -> Report:
        """The stitched notebook."""
        parts = {
            **{f"section {run.section.stem}": digest(run.executed.encode()) for run in runs},
            f"formats {','.join(self.options.formats)}": "",
            "findings": digest(json.dumps(findings, ensure_ascii=False, sort_keys=True).encode()),
            **file_parts(
                self.project,
                map(
                    self.project.relative,
                    (self.project.office_file(self.key.office), self.project.year_file(self.key)),
                ),
            ),
            **package_parts(("nbformat", "orjson", "pyyaml")),
        }

        def run() -> tuple[bytes, tuple[str, ...]]:
            from nianbao.inputs import Files, open_lazily
            from nianbao.report import stitch

            report = open_lazily(self.key, Files(self.project))
            wanted = self.options
            done = stitch(
                report, runs, profile=wanted.profile, draft=wanted.draft, findings=findings, formats=wanted.formats
            )
            return done.notebook.encode(), ()

        content, _ = self._step("stitch", parts, run)
        return Report(self.key, content.decode())

    def fonts(self, report: Report) -> dict[str, Any]:
        """The fonts that serve the report, for its manifest, and what falls back; ExportError where none serves."""
        declared = json.loads(report.notebook)["metadata"]["nianbao"]["fonts"]
        font_dir = self.options.font_dir
        if declared == OPEN and font_dir is None:
            parts = {"fonts declared": OPEN, **package_parts(FONT_PACKAGES)}
            content, _ = self._step("fonts", parts, lambda: (fonts_used(OPEN), ()))
        else:
            # Whatever is installed may serve: what the store remembers of another day says nothing.
            content = fonts_used(declared, font_dir)
        fonts = dict(json.loads(content))
        parts = {**self._report_parts(report, fonts), **package_parts((*FONT_PACKAGES, *GLYPH_PACKAGES))}
        content, _ = self._step("glyphs", parts, lambda: (fallbacks(report, font_dir), ()))
        fonts["fallbacks"] = json.loads(content)
        if not self.only_look:
            self.tell("font fallback", tuple(fonts["fallbacks"]))
        return fonts

    def _report_parts(self, report: Report, fonts: dict[str, Any]) -> dict[str, str]:
        digests = {f"font {entry['family']} ({entry['file']})": entry["sha256"] for entry in fonts["files"]}
        return {"stitched report": digest(report.notebook.encode()), **digests}

    def crate(self, manifest: ExportedFile) -> ExportedFile:
        """The manifest as an RO-Crate."""
        parts = {"manifest": digest(manifest.content), **package_parts(CRATE_PACKAGES)}

        def run() -> tuple[bytes, tuple[str, ...]]:
            return crate(manifest.content), ()

        content, _ = self._step("crate", parts, run)
        return ExportedFile(CRATE, content)

    def exported(self, report: Report, form: str, fonts: dict[str, Any]) -> ExportedFile:
        """One format of the report, set in these fonts."""
        used = fonts if form in FONT_FORMATS else {"files": ()}
        parts = {**self._report_parts(report, used), **package_parts(EXPORT_PACKAGES[form])}

        def run() -> tuple[bytes, tuple[str, ...]]:
            from nianbao.export import export

            return export(report, form, font_dir=self.options.font_dir).content, ()

        content, _ = self._step(f"export {form}", parts, run)
        return ExportedFile(FILE_NAMES[form], content)

    def _step(
        self, name: str, parts: Parts, run: Callable[[], tuple[bytes, tuple[str, ...]]]
    ) -> tuple[bytes, tuple[str, ...]]:
        step = Step(self.key, name, self.options.variant)
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
