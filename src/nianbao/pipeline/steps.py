"""The steps of one report, declared once: what each needs, what its result depends on, and what it does.

Each step is a function with values in and a value out; ``report_steps`` puts them in order. What takes time to import
is imported when a step runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from nianbao import export
from nianbao.errors import FindingsError
from nianbao.errors.language import Message
from nianbao.form import SECTIONS, Section
from nianbao.model import ExportedFile, Options, Profile, Published, Report, ReportKey, SectionRun
from nianbao.paths import Project
from nianbao.pipeline.checking import Checks, Outcome, check_step
from nianbao.pipeline.crate import CRATE, crate
from nianbao.pipeline.graph import Kept, Step, as_file, as_files, as_json, as_messages, as_only_file
from nianbao.pipeline.manifest import fonts_used, json_text, manifest
from nianbao.pipeline.publish import publish, unlike
from nianbao.pipeline.snapshot import Snapshot
from nianbao.store import (
    CRATE_PACKAGES,
    EXPORT_PACKAGES,
    FONT_PACKAGES,
    GLYPH_PACKAGES,
    SECTION_PACKAGES,
    Parts,
    digest,
    package_parts,
)
from nianbao.store.disk import make_folder, with_sums

if TYPE_CHECKING:
    from nianbao.export.document import Document

Fonts = Mapping[str, Any]
BLOCKED = Message("findings block the report")
FINDINGS_LIST = "findings.xlsx"
# The formats whose bytes depend on which fonts are installed: a DOCX and a fragment have their pictures' words drawn.
FONT_FORMATS = frozenset({"docx", "fragment", "pdf"})


@dataclass(frozen=True)
class Work:
    """What all steps of a report know: the project, which report, what kind, the state of its inputs, its checks."""

    project: Project
    key: ReportKey
    options: Options
    snapshot: Snapshot
    checks: Checks


def report_steps(work: Work, *, gate_first: bool) -> tuple[Step, ...]:
    """The steps in their order. Where findings are known already, nothing that the gate will stop needs to run.

    Otherwise the sections run while the checks do; the gate stands before whatever is made of both.
    """
    sections = [_section_step(work, section) for section in SECTIONS]
    ran = tuple(step.name for step in sections)
    exports = [_export_step(work, form) for form in work.options.formats]
    exports += [_findings_step()] if "xlsx" in work.options.formats else []
    exported = tuple(step.name for step in exports)
    checking = [
        check_step(work.key, work.snapshot, partial(work.checks.outcome, work.key, work.snapshot)),
        Step(Message("gate"), partial(gate, work), ("check",), pending=partial(_stopped, work.options)),
    ]
    return (
        *(checking + sections if gate_first else sections + checking),
        _stitch_step(work, ran),
        Step(Message("document"), partial(_document, work), ("stitch",)),
        _fonts_step(work),
        _glyphs_step(work),
        *exports,
        Step(Message("findings"), findings_files, ("check",)),
        Step(Message("files"), partial(_files, len(exports)), ("stitch", "findings", *exported, *ran)),
        Step(Message("manifest"), partial(_manifest, work), ("stitch", "fonts", "glyphs", "files", *ran)),
        _crate_step(),
        _publish_step(work),
    )


def _section_step(work: Work, section: Section) -> Step:
    notebook = work.project.relative(work.project.notebook(work.key.office, section))
    profile = work.options.profile

    def parts() -> Parts:
        return {
            notebook: work.snapshot.notebook_digest(notebook),
            **package_parts(SECTION_PACKAGES),
            f"parameter office={work.key.office}": "",
            f"parameter year={work.key.year}": "",
            f"parameter profile={profile.value}" if profile else "parameter profile": "",
        }

    def run() -> SectionRun:
        from nianbao.runs import server
        from nianbao.runs.run import profile_of

        # It imports what notebooks need beside our own imports.
        server.start(charts=profile_of(work.project, work.key, profile) is Profile.ILLUSTRATED)
        from nianbao.runs.run import run_section

        return run_section(work.project, work.key, section, profile)

    def unpack(content: bytes, reads: Parts) -> SectionRun:
        return SectionRun(section, notebook, content.decode(), reads)

    kept = Kept(parts, lambda done: done.executed.encode(), unpack, reads=lambda done: done.reads)
    return Step(Message("section {name}", name=section.stem), run, kept=kept)


def gate(work: Work, outcome: Outcome) -> None:
    """Let a report through that nothing blocks, or a draft; FindingsError says what blocks and where it is written."""
    if not _stopped(work.options, outcome):
        return
    folder = work.project.evidence_of(work.key)
    written = work.project.relative(folder)
    make_folder(folder)
    for file in findings_files(outcome):
        (folder / file.name).write_bytes(file.content)
    raise FindingsError(
        Message("{key}: {blocked}\n{text}", key=work.key, blocked=BLOCKED, text=outcome.text.rstrip()),
        hint=Message("mend the inputs and run again, or make a draft (--draft); written to {folder}/", folder=written),
    )


def _stopped(options: Options, outcome: Outcome) -> tuple[str, ...]:
    return (BLOCKED,) if outcome.blocked and not options.draft else ()


def _stitch_step(work: Work, ran: Sequence[str]) -> Step:
    """The sections as one notebook. A draft lists the findings at its end; a final report is given none."""
    options, project = work.options, work.project
    formats = tuple(form for form in options.formats if form in export.FORMATS)  # to which the page may link
    settings = [project.relative(path) for path in (project.office_file(work.key.office), project.year_file(work.key))]

    def standing(taken: Sequence[Any]) -> tuple[Sequence[dict[str, Any]], Sequence[SectionRun]]:
        return (taken[0].standing, taken[1:]) if options.draft else ((), taken)

    def parts(*taken: Any) -> Parts:
        findings, runs = standing(taken)
        return {
            **{f"section {run.section.stem}": digest(run.executed.encode()) for run in runs},
            **{f"template {name}": "" for name in work.snapshot.templates},
            f"formats {','.join(formats)}": "",
            "findings": digest(json.dumps(findings, ensure_ascii=False, sort_keys=True).encode()),
            **work.snapshot.digests(settings),
            **package_parts(("nbformat", "pyyaml", *FONT_PACKAGES)),
        }

    def run(*taken: Any) -> Report:
        from nianbao.export.glyphs import with_marks
        from nianbao.export.stitching import stitch
        from nianbao.inputs import Files, open_lazily

        findings, runs = standing(taken)
        report = open_lazily(work.key, Files(project))
        made = stitch(report, runs, profile=options.profile, draft=options.draft, findings=findings, formats=formats)
        return with_marks(made, options.font_dir) if options.draft else made

    kept = Kept(parts, lambda report: report.notebook.encode(), lambda content, _: Report(work.key, content.decode()))
    return Step(Message("stitch"), run, (*(("check",) if options.draft else ()), *ran), kept)


def _document(work: Work, report: Report) -> Document:
    """What the stitched notebook says to its readers, and the office's template: each format is set from this alone."""
    from nianbao.export.document import document_of

    return document_of(report, work.snapshot.template)


def _fonts_step(work: Work) -> Step:
    """Which fonts serve the report; ExportError where none does."""
    font_dir = work.options.font_dir

    def parts(document: Document) -> Parts | None:
        if document.fonts != "open" or font_dir is not None:
            return None  # whatever is installed may serve: what was so on another day says nothing
        return {"fonts declared": "open", **package_parts(FONT_PACKAGES)}

    return Step(Message("fonts"), lambda document: fonts_used(document.fonts, font_dir), ("document",), as_json(parts))


def _glyphs_step(work: Work) -> Step:
    """The characters that another font serves than that of their style; ExportError where none has one."""

    def parts(document: Document, fonts: Fonts) -> Parts:
        return {**_printed_parts(document, "pdf", fonts), **package_parts((*FONT_PACKAGES, *GLYPH_PACKAGES))}

    def run(document: Document, _fonts: Fonts) -> list[Message]:
        from nianbao.export.fonts import resolve
        from nianbao.export.glyphs import check_glyphs

        return [found.words for found in check_glyphs(document, resolve(document.fonts, work.options.font_dir))]

    return Step(Message("glyphs"), run, ("document", "fonts"), as_messages(parts))


def _export_step(work: Work, form: str) -> Step:
    """One format of the report, set in these fonts; only what it prints of the document sets it again."""

    def parts(document: Document, fonts: Fonts, _fallbacks: Sequence[str]) -> Parts:
        used = fonts if form in FONT_FORMATS else {"files": ()}
        return {**_printed_parts(document, form, used), **package_parts(EXPORT_PACKAGES[form])}

    def run(document: Document, _fonts: Fonts, _fallbacks: Sequence[str]) -> tuple[ExportedFile, ...]:
        return export.export(document, form, font_dir=work.options.font_dir)

    name = export.file_name(form, draft=work.options.draft)
    kept = as_files(parts, name) if form in export.ON_REQUEST else as_only_file(parts, name)
    return Step(Message("export {name}", name=form), run, ("document", "fonts", "glyphs"), kept)


def findings_files(outcome: Outcome) -> list[ExportedFile]:
    """The findings as JSON and as a page."""
    return [
        ExportedFile("findings.json", json_text(outcome.findings)),
        ExportedFile("findings.html", outcome.page.encode()),
    ]


def _findings_step() -> Step:
    """The findings that stand as a workbook of their own, for the office and not for the public."""

    def parts(outcome: Outcome) -> Parts:
        listed = json.dumps([outcome.standing, outcome.offices], ensure_ascii=False)
        return {"findings": digest(listed.encode()), **package_parts(EXPORT_PACKAGES["xlsx"])}

    def run(outcome: Outcome) -> tuple[ExportedFile, ...]:
        from nianbao.export.findings_list import findings_list

        return (ExportedFile(FINDINGS_LIST, findings_list(outcome.standing, outcome.offices)),)

    return Step(Message("export {name}", name=Message("findings")), run, ("check",), as_only_file(parts, FINDINGS_LIST))


def _files(exports: int, report: Report, findings: Sequence[ExportedFile], *made: Any) -> list[ExportedFile]:
    """The report's files but for those that speak of the others: exports, notebooks, findings."""
    runs: Sequence[SectionRun] = made[exports:]
    return [
        *chain.from_iterable(made[:exports]),
        ExportedFile("report.ipynb", report.notebook.encode()),
        *(ExportedFile(f"sections/{run.section.stem}.ipynb", run.executed.encode()) for run in runs),
        *findings,
    ]


def _manifest(
    work: Work,
    report: Report,
    fonts: Fonts,
    fallbacks: Sequence[str],
    files: Sequence[ExportedFile],
    *runs: SectionRun,
) -> ExportedFile:
    """What the report was made from, and its files with their digests."""
    return manifest(work.snapshot, report, runs, files, {**fonts, "fallbacks": fallbacks})


def _crate_step() -> Step:
    """The manifest as an RO-Crate."""

    def parts(manifest: ExportedFile) -> Parts:
        return {"manifest": digest(manifest.content), **package_parts(CRATE_PACKAGES)}

    return Step(
        Message("crate"), lambda made: ExportedFile(CRATE, crate(made.content)), ("manifest",), as_file(parts, CRATE)
    )


def _publish_step(work: Work) -> Step:
    """The files swapped into the report's folder, once the inputs have been looked at for the last time."""

    def run(files: Sequence[ExportedFile], *about: ExportedFile) -> Published:
        work.snapshot.confirm(Message("publish"))
        return publish(work.project, work.key, with_sums([*files, *about]), draft=work.options.draft)

    def pending(files: Sequence[ExportedFile], *about: ExportedFile) -> tuple[str, ...]:
        folder = work.project.output_of(work.key, draft=work.options.draft)
        at, odd = work.project.relative(folder), unlike(work.project, folder, with_sums([*files, *about]))
        return tuple(Message("not as it was published: {path}", path=f"{at}/{name}") for name in odd)

    return Step(Message("publish"), run, ("files", "manifest", "crate"), pending=pending)


def _printed_parts(document: Document, form: str, fonts: Fonts) -> dict[str, str]:
    digests = {f"font {entry['family']} ({entry['file']})": entry["sha256"] for entry in fonts["files"]}
    return {"document": document.digest(form), **digests}
