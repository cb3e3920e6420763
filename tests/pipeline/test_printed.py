"""What readers see of a report: exports are made from that alone, and need not wait for the checks."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

import builders
import nianbao.export
import nianbao.pipeline.setting
import nianbao.runs.run
from nianbao.errors import ExportError, FindingsError, InputError
from nianbao.export import FORMATS
from nianbao.export.document import Document, read_document
from nianbao.form import SECTIONS, Section
from nianbao.model import ExportedFile, Profile, ReportKey, SectionRun
from nianbao.paths import Project
from nianbao.pipeline import make_report
from nianbao.pipeline.checking import Outcome
from nianbao.pipeline.options import Options
from nianbao.pipeline.planned import planned_steps
from nianbao.pipeline.runlog import RunLog
from nianbao.pipeline.steps import Steps
from nianbao.store import Store
from pipeline import sabotage
from worlds import published

FINDING = {"rule": "T3-BALANCE", "severity": "warning", "state": "fail", "message": "示例", "where": {}, "evidence": {}}


MAIN = os.getpid()


def stitched(code: str = "section.table()", **changed: str) -> Document:
    notebook = builders.stitched_notebook()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = code
    text = nbformat.writes(notebook)
    for old, new in changed.items():
        text = text.replace(old, new)
    return read_document(nbformat.reads(text, as_version=4))


def test_only_what_readers_see_sets_a_format_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nianbao.export, "export", sabotage.fake_export)
    told: list[str] = []
    steps = Steps(
        Project(tmp_path),
        ReportKey("shili", 2023),
        Options(tuple(FORMATS)),
        Store(tmp_path / "store"),
        lambda step, why: told.append(step) if why else None,
        RunLog(ReportKey("shili", 2023)),
    )

    def set_again(document: Document) -> list[str]:
        told.clear()
        for form in FORMATS:
            steps.exported(document, form, {"files": ()})
        return told.copy()

    assert set_again(stitched()) == [f"export {form}" for form in FORMATS]
    assert set_again(stitched("section.table()  # as last year")) == []
    words = stitched(总体情况="总体工作情况")
    assert set_again(words) == [f"export {form}" for form in FORMATS if form != "xlsx"]
    assert set_again(stitched(规章="规 章")) == [f"export {form}" for form in FORMATS]


@dataclass
class Checks:
    """Checks that are known beforehand, or run in a process of their own."""

    aside: bool
    blocked: bool = False
    findings: tuple[dict[str, Any], ...] = ()
    reasons: dict[ReportKey, tuple[str, ...]] = field(default_factory=lambda: {sabotage.KEY: ("first run",)})

    @property
    def running(self) -> bool:
        return self.aside

    def outcome(self, key: ReportKey) -> Outcome:
        return Outcome(key, blocked=self.blocked, text="示例", findings={"findings": [*self.findings]}, page="")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sections and exports are stand-ins."""
    monkeypatch.setattr(nianbao.runs.run, "run_section", sabotage.fake_section)
    monkeypatch.setattr(nianbao.export, "export", sabotage.fake_export)


@pytest.mark.usefixtures("quick")
def test_formats_are_set_while_the_checks_run_and_are_the_same(project: Project) -> None:
    made = {}
    for aside in (True, False):
        told: list[str] = []
        options = Options(tuple(FORMATS), store=False)
        checks: Any = Checks(aside, findings=(FINDING,))
        make_report(project, sabotage.KEY, options, checks, lambda step, _why, told=told: told.append(step))
        assert (told.index("export docx") < told.index("check")) is aside
        assert len(told) == len({*told})
        made[aside] = published(project)
    assert made[True] == made[False]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("failure", [ExportError("no font"), InputError("no PNG"), KeyError("lines")], ids=repr)
@pytest.mark.parametrize("aside", [True, False])
def test_findings_that_block_are_told_before_a_format_that_fails(
    project: Project, monkeypatch: pytest.MonkeyPatch, failure: Exception, *, aside: bool
) -> None:
    def fail(*_: object, **__: object) -> ExportedFile:
        raise failure

    monkeypatch.setattr(nianbao.export, "export", fail)
    for blocked, error in ((True, FindingsError), (False, type(failure))):
        checks: Any = Checks(aside, blocked=blocked)
        with pytest.raises(error):
            make_report(project, sabotage.KEY, Options(("html",)), checks, lambda _step, _why: None)
    assert not project.output_of(sabotage.KEY).exists()


@pytest.mark.usefixtures("quick")
def test_a_draft_waits_for_the_findings_that_it_lists(project: Project) -> None:
    checks: Any = Checks(aside=True, blocked=True, findings=(FINDING,))
    make_report(project, sabotage.KEY, Options(("html",), draft=True), checks, lambda _step, _why: None)
    notebook = nbformat.read(project.output_of(sabotage.KEY) / "report.ipynb", as_version=4)
    assert [dict(item) for item in notebook.metadata.nianbao.findings] == [FINDING]
    assert any(cell.id.startswith("findings-") for cell in notebook.cells)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("changed", ["notebooks/06_other.ipynb", "data/shili/2023/narrative/06_other.md"])
def test_what_is_edited_during_the_run_and_put_back_does_not_stay(
    project: Project, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """An editor saves a section that is about to run, or is running; the next run must not take that for the file."""
    path = project.root / changed
    before = path.read_bytes()
    ran: list[str] = []

    def edited(project: Project, key: ReportKey, section: Section, profile: Profile | None = None) -> SectionRun:
        ran.append(section.stem)
        if len(ran) == 1:
            path.write_bytes(before + b" ")  # while an earlier one runs
        done = sabotage.fake_section(project, key, section, profile)
        if section.stem == path.stem and len(ran) <= len(SECTIONS):
            path.write_bytes(before)  # and while it runs itself
        return done

    monkeypatch.setattr(nianbao.runs.run, "run_section", edited)
    checks: Any = Checks(aside=False)
    for _ in range(2):
        make_report(project, sabotage.KEY, Options(("html",)), checks, lambda _step, _why: None)
    assert ran == [*(section.stem for section in SECTIONS), "06_other"]


@pytest.mark.usefixtures("quick")
def test_the_plan_says_what_waits_for_the_checks_alone(project: Project) -> None:
    options = Options(tuple(FORMATS))
    checks: Any = Checks(aside=False)
    make_report(project, sabotage.KEY, options, checks, lambda _step, _why: None)
    planned = {step.name: step.reasons for step in planned_steps(project, sabotage.KEY, options)}
    assert planned == {"check": ("first run",), "crate": ("after check",)}
    drafted = planned_steps(project, sabotage.KEY, replace(options, draft=True))
    assert {"stitch", "export html"} <= {step.name for step in drafted if "after check" in step.reasons}


def told_where(document: Document, form: str, *, font_dir: Path | None = None) -> ExportedFile:
    if form == "docx" and "在派生进程中出错" in str(document):
        raise ExportError("no font")
    if form == "docx" and "派生进程被终止" in str(document) and os.getpid() != MAIN:
        os.kill(os.getpid(), signal.SIGKILL)
    return ExportedFile(form, f"{form} {os.getpid() == MAIN}".encode())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_formats_are_shared_with_a_fork_and_nothing_is_lost_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nianbao.export, "export", told_where)
    monkeypatch.setattr(nianbao.pipeline.setting, "pays_to_fork", lambda: True)
    key = ReportKey("shili", 2023)

    def made(words: str, *, apart: bool = True) -> list[str]:
        steps = Steps(Project(tmp_path), key, Options(), None, lambda _step, _why: None, RunLog(key))
        document = stitched(总体情况=words)
        return [file.content.decode() for file in steps.exports(document, FORMATS, {"files": ()}, apart=apart)]

    assert made("一", apart=False) == [f"{form} True" for form in FORMATS]
    shared = made("一")
    assert "docx False" in shared  # the slowest is the fork's
    assert [line.split()[0] for line in shared] == [*FORMATS]
    assert made("派生进程被终止") == [f"{form} True" for form in FORMATS]
    with pytest.raises(ExportError, match="no font"):
        made("在派生进程中出错")
