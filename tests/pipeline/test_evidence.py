from __future__ import annotations

import pytest

import nianbao.export
import nianbao.runs.run
from nianbao.paths import Project
from nianbao.pipeline import make_report
from pipeline import sabotage


def test_the_evidence_of_a_failed_run_goes_with_the_run_that_succeeds(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nianbao.runs.run, "run_section", sabotage.fake_section)
    monkeypatch.setattr(nianbao.export, "export", sabotage.fake_export)
    evidence = project.evidence_of(sabotage.KEY)
    evidence.mkdir(parents=True)
    (evidence / "fault.txt").write_text("of another day")
    checked = sabotage.Checked()
    make_report(project, sabotage.KEY, sabotage.Options(), checked, lambda _step, _why: None)
    assert not evidence.exists()
