"""The steps of a report: their order, what each waits for, and what sets them again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

import builders
import nianbao.export
import nianbao.runs.run
from nianbao.errors import ExportError, FindingsError, InputError
from nianbao.export import FORMATS
from nianbao.export.document import Document, read_document
from nianbao.model import ExportedFile, Options
from nianbao.paths import Project
from nianbao.pipeline import make_report, planned_steps
from nianbao.pipeline.graph import Memory, RunLog, Step, run
from nianbao.store import Store
from pipeline import sabotage
from pipeline.looking import KEY, steps_of, values_of
from worlds import published

FINDING = {"rule": "T3-BALANCE", "severity": "warning", "state": "fail", "message": "示例", "where": {}, "evidence": {}}
EXPORTS = [f"export {form}" for form in FORMATS]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sections and exports are stand-ins."""
    monkeypatch.setattr(nianbao.runs.run, "run_section", sabotage.fake_section)
    monkeypatch.setattr(nianbao.export, "export", sabotage.fake_export)


def stitched(code: str = "section.table()", **reworded: str) -> Document:
    notebook = builders.stitched_notebook()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = code
    text = nbformat.writes(notebook)
    for old, new in reworded.items():
        text = text.replace(old, new)
    return read_document(nbformat.reads(text, as_version=4))


def steps_told(project: Project, options: Options, checks: sabotage.Checked) -> list[str]:
    told: list[str] = []
    make_report(project, KEY, options, checks, lambda step, _why: told.append(step))
    return told


def test_each_step_takes_the_values_of_earlier_ones_and_the_gate_stands_before_all_that_is_made(
    project: Project,
) -> None:
    steps, _ = steps_of(project, Options(tuple(FORMATS)))
    names = [*steps]
    for number, step in enumerate(steps.values()):
        assert set(step.needs) <= set(names[:number])
    assert names.index("gate") < names.index("stitch") < min(names.index(name) for name in EXPORTS)


@pytest.mark.parametrize("beforehand", [True, False])
def test_the_report_is_the_same_whether_the_checks_are_known_or_waited_for(project: Project, beforehand: bool) -> None:
    options = Options(tuple(FORMATS), store=False)
    told = steps_told(project, options, sabotage.Checked(FINDING, beforehand=beforehand))
    assert (told.index("gate") < told.index("section 01_overview")) is beforehand
    assert told.index("gate") < told.index("stitch")
    assert len(told) == len({*told})
    made = published(project)
    steps_told(project, options, sabotage.Checked(FINDING, beforehand=not beforehand))
    assert published(project) == made


@pytest.mark.parametrize("beforehand", [True, False])
def test_a_report_that_findings_block_is_not_exported_and_the_findings_are_kept(
    project: Project, beforehand: bool
) -> None:
    told: list[str] = []
    checks = sabotage.Checked(FINDING, blocked=True, beforehand=beforehand)
    with pytest.raises(FindingsError, match=r"written to \.nianbao/failed/shili/2023/"):
        make_report(project, KEY, Options(), checks, lambda step, _why: told.append(step))
    assert told[-1] == "gate"
    assert not project.output_of(KEY).exists()
    assert {path.name for path in project.evidence_of(KEY).iterdir()} == {"findings.json", "findings.html"}


@pytest.mark.parametrize("failure", [ExportError("no font"), InputError("no PNG"), KeyError("lines")], ids=repr)
def test_findings_that_block_are_told_before_a_section_that_fails(
    project: Project, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_: object) -> object:
        raise failure

    monkeypatch.setattr(nianbao.runs.run, "run_section", fail)
    for blocked, error in ((True, FindingsError), (False, type(failure))):
        with pytest.raises(error):
            steps_told(project, Options(("html",)), sabotage.Checked(blocked=blocked, beforehand=False))
    assert not project.output_of(KEY).exists()


def test_only_what_readers_see_sets_a_format_again(tmp_path: Path) -> None:
    def set_again(document: Document) -> list[str]:
        told: list[str] = []
        options = Options(tuple(FORMATS))
        values_of(
            tmp_path,
            options,
            document,
            lambda step, why: told.append(step) if why else None,
            "fonts",
            "glyphs",
            *EXPORTS,
        )
        return [step for step in told if step in EXPORTS]

    assert set_again(stitched()) == EXPORTS
    assert set_again(stitched("section.table()  # as last year")) == []
    assert set_again(stitched(总体情况="总体工作情况")) == [name for name in EXPORTS if "xlsx" not in name]
    assert set_again(stitched(规章="规 章")) == EXPORTS


def test_the_list_of_findings_is_set_again_for_findings_and_names_of_offices_alone(project: Project) -> None:
    steps, snapshot = steps_of(project, Options(("xlsx",)))
    memory = Memory(Store(project.root / "store"), KEY, "", snapshot)

    def is_set_again(name: str, *findings: dict[str, object]) -> bool:
        outcome = sabotage.Checked(*findings, names={"shili": name}).outcome(KEY)
        told: list[str] = []
        wanted = [Step("check", lambda: outcome), steps["export findings"]]
        run(wanted, memory, {}, lambda step, why: told.append(step) if why else None, RunLog(KEY))
        return "export findings" in told

    assert is_set_again("甲局", FINDING)
    assert not is_set_again("甲局", FINDING)
    assert is_set_again("乙局", FINDING)
    assert is_set_again("乙局")


def test_the_plan_says_what_would_run_and_what_waits_for_it(project: Project) -> None:
    options = Options(tuple(FORMATS))
    steps_told(project, options, sabotage.Checked())
    planned = {step.name: step.reasons for step in planned_steps(project, KEY, options)}
    # The checks' outcome was handed over; nobody has kept it. What does not take it is known all the same.
    assert planned["check"] == ("first run",)
    assert planned["gate"] == planned["findings"] == planned["export findings"] == ("after check",)
    assert "after findings" in planned["files"]
    assert not {name for name in planned if name.startswith(("section", "stitch"))} | {*EXPORTS} & planned.keys()
    drafted = {step.name: step.reasons for step in planned_steps(project, KEY, replace(options, draft=True))}
    assert "after check" in drafted["stitch"]
    assert drafted["document"] == ("after stitch",)
    assert "after document" in drafted["export html"]


def test_a_draft_lists_the_findings_that_block_it(project: Project) -> None:
    checks = sabotage.Checked(FINDING, blocked=True, beforehand=False)
    done, _ = make_report(project, KEY, Options(("html",), draft=True), checks, lambda _step, _why: None)
    notebook = nbformat.read(done.folder / "report.ipynb", as_version=4)
    assert [dict(item) for item in notebook.metadata.nianbao.findings] == [FINDING]
    assert any(cell.id.startswith("findings-") for cell in notebook.cells)


def test_a_format_that_fails_leaves_no_report(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> tuple[ExportedFile, ...]:
        raise ExportError("no font")

    monkeypatch.setattr(nianbao.export, "export", fail)
    with pytest.raises(ExportError):
        steps_told(project, Options(("html",)), sabotage.Checked())
    assert not project.output_of(KEY).exists()
