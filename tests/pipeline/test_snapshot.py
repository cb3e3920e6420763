"""One state of the inputs: what is printed, checked and named in the manifest is the same, whoever edits meanwhile."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import nianbao.export
import nianbao.runs.run
from nianbao.errors import FindingsError
from nianbao.form import Section
from nianbao.model import Options, Profile, ReportKey, SectionRun
from nianbao.paths import Project
from nianbao.pipeline import make_report, project_store
from nianbao.pipeline.checking import ChecksOnDemand, Outcome
from nianbao.pipeline.snapshot import InputsChangedError, Snapshot, checked_files, mark_of
from pipeline import sabotage

KEY, TEXT = sabotage.KEY, sabotage.TEXT
RIGHT, WRONG = "受理申请13件。\n", "受理申请14件。\n"


def look(project: Project, key: ReportKey) -> Outcome:
    """A check that blocks where the narrative is WRONG, and says what it has seen."""
    files = checked_files(project, key)
    marks = {name: mark_of(project, name) for name in files}
    blocked = (project.root / TEXT).read_text(encoding="utf-8") == WRONG
    reads = {name: mark.digest if mark == mark_of(project, name) else "?" for name, mark in marks.items()}
    return Outcome(key, blocked, {"en": "示例"}, {"findings": [], "summary": {}}, "", reads)


class Checks(ChecksOnDemand):
    """The checks in this process, with that rule alone; their outcome may be handed over."""

    def outcome(self, key: ReportKey, _snapshot: object = None) -> Outcome:
        return look(self.project, key)


@pytest.fixture
def ready(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Sections and exports are stand-ins; the narrative is right."""
    monkeypatch.setattr(nianbao.runs.run, "run_section", sabotage.fake_section)
    monkeypatch.setattr(nianbao.export, "export", sabotage.fake_export)
    write(project, RIGHT)
    return project


def write(project: Project, text: str) -> None:
    """As editors save: a new file takes the old one's place."""
    aside = (project.root / TEXT).with_suffix(".new")
    aside.write_text(text, encoding="utf-8")
    aside.rename(project.root / TEXT)


def make(project: Project, tell: Callable[[str], object] = lambda _: None, handed: Outcome | None = None) -> list[str]:
    """A run; the steps that it told of."""
    told: list[str] = []

    def heard(step: str, _why: tuple[str, ...]) -> None:
        told.append(step)
        tell(step)

    make_report(project, KEY, Options(("html",)), Checks(project, handed), heard)
    return told


def assert_of_one_state(project: Project, text: str) -> None:
    """The report says the text, and its manifest names the file that says it."""
    folder = project.output_of(KEY)
    assert text.strip() in (folder / "report.ipynb").read_text(encoding="utf-8")
    inputs = json.loads((folder / "manifest.json").read_bytes())["inputs"]
    (named,) = (entry["sha256"] for entry in inputs if entry["path"] == TEXT)
    assert named == hashlib.sha256(text.encode()).hexdigest()
    assert sabotage.state(project.root)["whole"]


STEPS = ["section 01_overview", "section 05_problems", "section 06_other", "check", "gate", "stitch", "document", "fonts",
         "glyphs", "export html", "findings", "files", "manifest", "crate", "publish"]  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_an_input_that_becomes_wrong_during_a_run_is_not_published_and_leaves_no_false_pass(
    ready: Project, step: str
) -> None:
    edited: list[str] = []

    def edit(told: str) -> None:
        if told == step and not edited:
            edited.append(told)
            write(ready, WRONG)

    with pytest.raises(FindingsError):
        make(ready, edit)
    assert edited
    assert not ready.output_of(KEY).exists()
    # Nothing of that is remembered of the right one, nor of the wrong one what was seen of the right one.
    with pytest.raises(FindingsError):
        make(ready)
    write(ready, RIGHT)
    make(ready)
    assert_of_one_state(ready, RIGHT)


@pytest.mark.parametrize("step", STEPS)
def test_an_input_that_is_mended_during_a_run_gives_the_report_of_the_new_state(ready: Project, step: str) -> None:
    write(ready, "受理申请12件。\n")
    edited: list[str] = []

    def edit(told: str) -> None:
        if told == step and not edited:
            edited.append(told)
            write(ready, RIGHT)

    assert make(ready, edit).count("start again") == 1
    assert_of_one_state(ready, RIGHT)


@pytest.mark.parametrize("step", ["section 05_problems", "check", "export html"])
def test_an_input_that_is_wrong_for_a_moment_leaves_the_report_of_the_right_one(ready: Project, step: str) -> None:
    def edit(told: str) -> None:
        if told == step and not seen:
            seen.append(told)
            write(ready, WRONG)
        elif seen and len(seen) == 1:
            seen.append(told)
            write(ready, RIGHT)

    seen: list[str] = []
    try:
        make(ready, edit)
    except FindingsError:
        make(ready)
    assert_of_one_state(ready, RIGHT)
    assert set(make(ready)) & {"start again"} == set()


def test_an_outcome_of_another_state_is_not_taken_from_whoever_hands_it_over(ready: Project) -> None:
    """In a batch the checks of a report may be minutes old."""
    handed = look(ready, KEY)
    write(ready, WRONG)
    with pytest.raises(FindingsError):
        make(ready, handed=handed)
    handed = look(ready, KEY)
    write(ready, RIGHT)
    make(ready, handed=handed)
    assert_of_one_state(ready, RIGHT)


def test_a_new_input_during_a_run_is_seen(ready: Project) -> None:
    path = ready.data_of(KEY) / "narrative" / "02_proactive.md"

    def add(step: str) -> None:
        if step == "crate" and not path.exists():
            path.write_text("新增的一节。\n", encoding="utf-8")

    assert "start again" in make(ready, add)
    assert "新增的一节" in (ready.output_of(KEY) / "report.ipynb").read_text(encoding="utf-8")


def test_a_section_that_writes_into_the_inputs_is_found_and_the_file_named(
    ready: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def writes(project: Project, key: ReportKey, section: Section, profile: Profile | None = None) -> SectionRun:
        done = sabotage.fake_section(project, key, section, profile)
        if section.stem == "01_overview":
            write(project, RIGHT)  # the same each time
        return done

    monkeypatch.setattr(nianbao.runs.run, "run_section", writes)
    with pytest.raises(InputsChangedError, match=r"05_problems\.md.*section 01_overview") as caught:
        make(ready)
    assert caught.value.exit_code == 1
    assert not ready.output_of(KEY).exists()


def test_what_a_section_has_read_in_another_state_is_neither_used_nor_kept(
    ready: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A section says what it has read; a file of the analyst's own is no input that we know beforehand."""
    own = ready.root / "data" / "survey.csv"
    own.write_text("one", encoding="utf-8")
    ran: list[str] = []

    def reads(project: Project, key: ReportKey, section: Section, profile: Profile | None = None) -> SectionRun:
        done = sabotage.fake_section(project, key, section, profile)
        if section.stem != "02_proactive":
            return done
        content = own.read_bytes()
        ran.append(content.decode())
        if len(ran) == 1:
            own.write_text("two", encoding="utf-8")  # right after it was read
        return replace(done, reads={**done.reads, "data/survey.csv": hashlib.sha256(content).hexdigest()})

    monkeypatch.setattr(nianbao.runs.run, "run_section", reads)
    make(ready)
    assert ran == ["one", "two"]
    inputs = json.loads((ready.output_of(KEY) / "manifest.json").read_bytes())["inputs"]
    assert {"path": "data/survey.csv", "sha256": hashlib.sha256(b"two").hexdigest()} in inputs


def test_a_touched_file_is_another_state_only_while_the_run_lasts(ready: Project) -> None:
    make(ready)
    (ready.root / TEXT).touch()
    assert not project_store(ready).root.joinpath("tidied").is_dir()
    told: dict[str, tuple[str, ...]] = {}
    make_report(ready, KEY, Options(("html",)), Checks(ready), told.__setitem__)
    assert not any(told.values())


def test_an_input_that_may_not_be_read_is_named(ready: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.errors import InputError

    path, read = ready.root / TEXT, Path.read_bytes

    def refused(self: Path) -> bytes:
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(InputError, match="check the rights") as caught:
        Snapshot(ready, KEY)
    assert caught.value.where == TEXT
