from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from nianbao.batch import tasks
from nianbao.batch.outcomes import Result
from nianbao.batch.tasks import Checked, Job, check_reports, make_one, run_ahead, software
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline.checking import Outcome
from nianbao.pipeline.own_process import ProcessDiedError
from worlds import keys_of, published


def job_of(project: Project) -> Job:
    return Job(str(project.root), software=software())


def known(project: Project) -> Checked:
    return check_reports(job_of(project), keys_of(project)[:1])[0]


def break_notebook(project: Project, cell: str = "1 / 0") -> None:
    path = project.notebooks / "04_review.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][-1]["source"] = cell
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_a_report_is_made_with_the_bytes_of_the_serial_run(fresh: Project, reference: Project) -> None:
    checked = known(fresh)
    outcome = make_one(job_of(fresh), checked)
    assert outcome.result is Result.MADE
    folder = fresh.relative(fresh.output_of(checked.key))
    wanted = {name: content for name, content in published(reference).items() if name.startswith(folder)}
    assert published(fresh) == wanted
    assert {"section 03_applications", "stitch", "export pdf"} <= {step.name for step in outcome.steps}


def test_what_ran_ahead_does_not_run_again(fresh: Project) -> None:
    checked = known(fresh)
    ahead = run_ahead(job_of(fresh), checked.key)
    assert [step.name for step in ahead][:2] == ["section 01_overview", "section 02_proactive"]
    outcome = make_one(job_of(fresh), checked)
    assert not [step for step in outcome.steps if step.name.startswith("section")]
    assert make_one(job_of(fresh), checked).result is Result.UNCHANGED


def test_findings_that_block_are_wrong_input_with_the_place_of_the_findings(fresh: Project) -> None:
    checked = known(fresh)
    assert checked.outcome
    blocked = replace(checked, outcome=replace(checked.outcome, blocked=True, texts={"en": "T3-BALANCE"}))
    outcome = make_one(job_of(fresh), blocked)
    assert outcome.result is Result.BLOCKED
    assert "T3-BALANCE" in outcome.message
    assert (fresh.root / outcome.evidence / "findings.json").is_file()
    assert not outcome.steps


def test_a_notebook_that_raises_is_told_apart_and_leaves_its_evidence(fresh: Project) -> None:
    checked = known(fresh)
    break_notebook(fresh)
    outcome = make_one(job_of(fresh), checked)
    assert outcome.result is Result.NOTEBOOK
    assert "ZeroDivisionError" in outcome.message
    assert (fresh.root / outcome.evidence / "04_review.ipynb").is_file()


def test_running_ahead_keeps_a_notebooks_failure_for_later(fresh: Project) -> None:
    break_notebook(fresh)
    assert run_ahead(job_of(fresh), keys_of(fresh)[0]) == ()


def test_a_bug_is_our_fault_and_keeps_its_traceback(fresh: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = known(fresh)

    def bug(*_: object) -> None:
        raise RuntimeError("as bugs do")

    monkeypatch.setattr(tasks, "make_report", bug)
    outcome = make_one(job_of(fresh), checked)
    assert outcome.result is Result.FAULT
    assert outcome.message == "RuntimeError: as bugs do"
    assert "def bug" not in outcome.message
    assert "RuntimeError" in (fresh.root / outcome.evidence / "fault.txt").read_text(encoding="utf-8")


def test_a_worker_with_other_software_refuses_to_work(fresh: Project) -> None:
    other = tuple((name, "0.1" if name == "package typst" else version) for name, version in software())
    outcome = make_one(replace(job_of(fresh), software=other), known(fresh))
    assert outcome.result is Result.FAULT
    assert "changed: package typst" in outcome.message


def test_a_folder_that_the_worker_cannot_see_is_said_so(fresh: Project, tmp_path: Path) -> None:
    outcome = make_one(Job(str(tmp_path / "not mounted")), known(fresh))
    assert outcome.result is Result.FAULT
    assert "share the folder" in outcome.message


def _checked_but_for_one(
    project: Project, _store: object, keys: Sequence[ReportKey]
) -> list[tuple[Outcome, tuple[str, ...]]]:
    if keys_of(project)[1] in keys:
        raise RuntimeError("a rule has a bug")
    return [(Outcome(key, blocked=False, texts={}, findings={}, page=""), ()) for key in keys]


def test_checks_that_break_on_one_report_fail_for_that_one_alone(
    fresh: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "checked", _checked_but_for_one)
    found = tasks._checked(fresh, None, keys_of(fresh))
    assert [bool(one.failure) for one in found] == [False, True, False, False]
    assert found[1].failure
    assert make_one(job_of(fresh), found[1]).result is Result.FAULT


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _hang(*_: object) -> None:
    time.sleep(60)


@pytest.mark.parametrize(("trouble", "words"), [(_die, "the checks died"), (_hang, "took longer than")])
def test_checks_that_crash_or_hang_are_told_and_end_nothing_else(
    fresh: Project, monkeypatch: pytest.MonkeyPatch, trouble: Callable[..., None], words: str
) -> None:
    keys = keys_of(fresh)
    monkeypatch.setattr(tasks, "_checked", trouble)
    monkeypatch.setattr(tasks, "PATIENCE", -1 if trouble is _hang else 60)
    with pytest.raises(ProcessDiedError, match=words):  # whose fault it is, halves will tell
        check_reports(job_of(fresh), keys)
    (one,) = check_reports(job_of(fresh), keys[:1])
    assert one.failure
    assert words in one.failure.message
