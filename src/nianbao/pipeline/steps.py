"""Owns the steps of one report: what each depends on, and what it does.

May import: export, report, runs, store, inputs, garbage, paths, model, and the options, the crate, the fonts, the log,
the keeping, the setting and what is printed, of pipeline.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from nianbao.export import FILE_NAMES, SLOWEST_FIRST
from nianbao.export.document import Document
from nianbao.form import SECTIONS, Section
from nianbao.garbage import not_collected
from nianbao.model import ExportedFile, Report, ReportKey, SectionRun
from nianbao.paths import Project
from nianbao.pipeline.crate import CRATE, CRATE_PACKAGES
from nianbao.pipeline.fonts import FONT_FORMATS, FONT_PACKAGES, GLYPH_PACKAGES, OPEN, fallbacks, fonts_used
from nianbao.pipeline.keeping import Keeping, Tell
from nianbao.pipeline.options import Options
from nianbao.pipeline.runlog import RunLog
from nianbao.pipeline.setting import Setting
from nianbao.store import (
    EXPORT_PACKAGES,
    SECTION_PACKAGES,
    Parts,
    Recalled,
    Store,
    digest,
    file_parts,
    package_parts,
)


@dataclass(frozen=True)
class _Look:
    """A section, and what the store has of it."""

    section: Section
    notebook: str
    parts: Parts
    recalled: Recalled


@dataclass(frozen=True, eq=False)
class _ExportLook:
    """A format of a document, and what the store has of it."""

    form: str
    document: Document
    parts: Parts
    recalled: Recalled


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

    @cached_property
    def _keeping(self) -> Keeping:
        return Keeping(
            self.project, self.key, self.options.variant, self.store, self.tell, self.log, only_look=self.only_look
        )

    @cached_property
    def _setting(self) -> Setting:
        return Setting(self.options)

    def __enter__(self) -> Steps:
        return self

    def __exit__(self, *_: object) -> None:
        self._setting.end()

    def sections(self, *, apart: bool = False) -> list[SectionRun]:
        """The executed sections, where that holds from the store. ``apart``: their ``exports`` may soon be, too."""
        looks = [self._look(section) for section in SECTIONS]
        if stale := [look.notebook for look in looks if look.recalled.content is None]:
            self._warm_up(stale, apart=apart)
        # What runs is looked at again: its notebook may have been edited while those before it ran.
        return [self._run(look) if look.recalled.content else self.section(look.section) for look in looks]

    def section(self, section: Section) -> SectionRun:
        """One executed section."""
        return self._run(self._look(section))

    def _look(self, section: Section) -> _Look:
        notebook = self.project.relative(self.project.notebook(self.key.office, section))
        profile = f"parameter profile={self.options.profile.value}" if self.options.profile else "parameter profile"
        parts = {
            **file_parts(self.project, [notebook]),
            **package_parts(SECTION_PACKAGES),
            f"parameter office={self.key.office}": "",
            f"parameter year={self.key.year}": "",
            profile: "",
        }
        return _Look(section, notebook, parts, self._keeping.recalled(f"section {section.stem}", parts))

    def _warm_up(self, notebooks: Sequence[str], *, apart: bool) -> None:
        from nianbao.runs.engine import warm_up
        from nianbao.runs.forecast import is_illustrated, wanted_by

        # The preloaded process starts before anything else: its imports run beside ours.
        files = [self.project.root / name for name in notebooks]
        illustrated = is_illustrated(self.project, self.key, self.options.profile)
        still_loading = warm_up(wanted_by(files, illustrated=illustrated))
        with not_collected():
            from nianbao.runs import run  # papermill

            # Sections that changed will most often need the exports: as much of them as there is time for now.
            self._setting.get_ready(still_loading, apart=apart)
            if still_loading():
                run.warm_up()

    def _run(self, look: _Look) -> SectionRun:
        def run() -> tuple[bytes, tuple[str, ...]]:
            from nianbao.runs.run import run_section

            done = run_section(self.project, self.key, look.section, self.options.profile)
            return done.executed.encode(), done.reads

        content, reads = self._keeping.step(f"section {look.section.stem}", look.parts, run, look.recalled)
        return SectionRun(look.section, look.notebook, content.decode(), reads)

    def stitched(self, runs: Sequence[SectionRun], findings: Sequence[dict[str, object]]) -> Report:
        """The stitched notebook; a draft lists the ``findings`` at its end, a final report is given none here."""
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
            **package_parts(("nbformat", "pyyaml")),
        }

        def run() -> tuple[bytes, tuple[str, ...]]:
            from nianbao.export.stitching import stitch
            from nianbao.inputs import Files, open_lazily

            report = open_lazily(self.key, Files(self.project))
            wanted = self.options
            done = stitch(
                report, runs, profile=wanted.profile, draft=wanted.draft, findings=findings, formats=wanted.formats
            )
            return done.notebook.encode(), ()

        content, _ = self._keeping.step("stitch", parts, run)
        return Report(self.key, content.decode())

    def fonts(self, document: Document) -> dict[str, Any]:
        """The fonts that serve the report, for its manifest; ExportError where none serves."""
        declared = document.fonts if isinstance(document.fonts, str) else list(document.fonts)
        font_dir = self.options.font_dir
        if declared == OPEN and font_dir is None:
            parts = {"fonts declared": OPEN, **package_parts(FONT_PACKAGES)}
            content, _ = self._keeping.step("fonts", parts, lambda: (fonts_used(OPEN), ()))
        else:
            # Whatever is installed may serve: what the store remembers of another day says nothing.
            content = fonts_used(declared, font_dir)
        return dict(json.loads(content))

    def fallbacks(self, document: Document, fonts: dict[str, Any]) -> list[str]:
        """Which characters another font serves than that of their style; ExportError where none has one."""
        parts = {**_parts_of(document, "pdf", fonts), **package_parts((*FONT_PACKAGES, *GLYPH_PACKAGES))}
        content, _ = self._keeping.step("glyphs", parts, lambda: (fallbacks(document, self.options.font_dir), ()))
        found: list[str] = json.loads(content)
        if not self.only_look:
            self.tell("font fallback", tuple(found))
        return found

    def crate(self, manifest: ExportedFile) -> ExportedFile:
        """The manifest as an RO-Crate."""
        parts = {"manifest": digest(manifest.content), **package_parts(CRATE_PACKAGES)}

        def run() -> tuple[bytes, tuple[str, ...]]:
            return self._setting.crate(manifest.content), ()

        content, _ = self._keeping.step("crate", parts, run)
        return ExportedFile(CRATE, content)

    def exported(self, document: Document, form: str, fonts: dict[str, Any]) -> ExportedFile:
        """One format of the report, set in these fonts."""
        return self.exports(document, [form], fonts)[0]

    def exports(
        self,
        document: Document,
        forms: Iterable[str],
        fonts: dict[str, Any],
        *,
        apart: bool = False,
        before: Callable[[], object] = lambda: None,
    ) -> list[ExportedFile]:
        """Formats of the report. ``apart``: those not stored are shared with another process, where that pays.

        ``before``: what this process has to do before it sets any; another one need not wait for it.
        """
        looks = [self._look_for(document, form, fonts) for form in forms]
        stale = [look for look in looks if look.recalled.content is None]
        helper = self._setting.helper() if apart and len(stale) > 1 and not self.only_look else None
        if helper is None:
            before()
            return [self._exported(look) for look in looks]
        stale.sort(key=lambda look: SLOWEST_FIRST.index(look.form))
        left = helper.share([self._setting.job(look.document, look.form) for look in stale])
        before()
        made = {look.form: self._exported(look) for look in looks if look not in stale}
        for number in left:
            made[stale[number].form] = self._exported(stale[number])
        for number, look in enumerate(stale):
            if look.form not in made:
                made[look.form] = self._exported(look, partial(helper.value, number))
        return [made[look.form] for look in looks]

    def _look_for(self, document: Document, form: str, fonts: dict[str, Any]) -> _ExportLook:
        parts = {
            **_parts_of(document, form, fonts if form in FONT_FORMATS else {"files": ()}),
            **package_parts(EXPORT_PACKAGES[form]),
        }
        return _ExportLook(form, document, parts, self._keeping.recalled(f"export {form}", parts))

    def _exported(self, look: _ExportLook, made: Callable[[], bytes | None] = lambda: None) -> ExportedFile:
        def run() -> tuple[bytes, tuple[str, ...]]:
            content = made()
            return self._setting.job(look.document, look.form)() if content is None else content, ()

        content, _ = self._keeping.step(f"export {look.form}", look.parts, run, look.recalled)
        return ExportedFile(FILE_NAMES[look.form], content)


def _parts_of(document: Document, form: str, fonts: dict[str, Any]) -> dict[str, str]:
    digests = {f"font {entry['family']} ({entry['file']})": entry["sha256"] for entry in fonts["files"]}
    return {"document": document.digest(form), **digests}
