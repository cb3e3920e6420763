from __future__ import annotations

import hashlib
import json
from contextlib import nullcontext
from pathlib import Path

import pytest

import nianbao.export
import nianbao.runs.run
from nianbao.errors import InputError, NotebookError, UsageError
from nianbao.model import Options, Profile, ReportKey
from nianbao.paths import Project
from nianbao.pipeline import make_report, verify
from nianbao.pipeline.verify import Verdict, recorded
from nianbao.store.disk import read_sums
from pipeline import sabotage

KEY = sabotage.KEY
OTHER = ReportKey("panzhihua", 2023)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins for sections, exports and checks: what is tried here is the comparison."""
    monkeypatch.setattr(nianbao.runs.run, "run_section", sabotage.fake_section)
    monkeypatch.setattr(nianbao.export, "export", sabotage.fake_export)
    monkeypatch.setattr(verify, "ChecksAside", lambda *_: nullcontext(sabotage.Checked()))


@pytest.fixture
def made(project: Project) -> Project:
    make(project, KEY)
    return project


def make(project: Project, key: ReportKey) -> None:
    checked = sabotage.Checked()
    make_report(project, key, Options(("html", "xlsx")), checked, lambda _step, _why: None)


def verified(project: Project, *keys: ReportKey, keep: Path | None = None) -> list[Verdict]:
    return list(verify.verify(project, keys or [KEY], lambda _step, _why: None, keep))


def change(project: Project) -> None:
    path = project.root / sabotage.TEXT
    path.write_text(path.read_text(encoding="utf-8") + "\n新的一段。\n", encoding="utf-8")


def test_a_report_built_again_is_the_same(made: Project) -> None:
    (verdict,) = verified(made)
    assert verdict.same
    assert verdict.compared == len(read_sums(made, made.output_of(KEY))) == 14


def test_a_report_made_once_in_another_profile_is_built_in_that_profile(project: Project) -> None:
    own = project.root / "params/shili/2023.yaml"
    assert "profile: illustrated" in own.read_text(encoding="utf-8")
    make_report(project, KEY, Options(("html",), Profile.OFFICIAL), sabotage.Checked(), lambda _step, _why: None)
    (verdict,) = verified(project)
    assert verdict.same


def test_it_is_built_in_another_folder_without_the_store_and_leaves_the_report_as_it_is(made: Project) -> None:
    before = sabotage.state(made.root)
    steps: list[tuple[str, tuple[str, ...]]] = []
    change(made)
    list(verify.verify(made, [KEY], lambda step, why: steps.append((step, why))))
    run = {step: why for step, why in steps if step.startswith(("section", "stitch", "export", "crate"))}
    assert len(run) == 11
    assert set(run.values()) == {("no store",)}
    assert sabotage.state(made.root) == before


def test_a_changed_input_is_told_by_the_cells_that_differ_and_by_its_name(made: Project) -> None:
    change(made)
    (verdict,) = verified(made)
    told = {difference.name: difference for difference in verdict.differences}
    assert not verdict.same
    assert "sections/05_problems.ipynb" in told
    assert "sections/06_other.ipynb" not in told
    assert any("新的一段" in detail for detail in told["sections/05_problems.ipynb"].details)
    assert any(sabotage.TEXT in detail for detail in told["manifest.json"].details)


def test_without_the_files_the_names_of_those_that_differ_are_told(made: Project) -> None:
    for path in made.output_of(KEY).rglob("*.*"):
        path.unlink()
    assert verified(made)[0].same
    change(made)
    (verdict,) = verified(made)
    (section,) = (one for one in verdict.differences if one.name == "sections/05_problems.ipynb")
    assert "is not here" in section.what


def test_a_file_that_was_changed_by_hand_is_told_apart_from_one_that_differs(made: Project) -> None:
    path = made.output_of(KEY) / "report.html"
    path.write_text("mended by hand")
    assert verified(made)[0].same
    sums = made.output_of(KEY) / "SHA256SUMS"
    sums.write_text(sums.read_text().replace(read_sums(made, made.output_of(KEY))["report.html"], "0" * 64))
    (difference,) = verified(made)[0].differences
    assert difference.what == "differs; the file here is not the one that SHA256SUMS names"


def test_files_that_are_new_or_gone_are_told(made: Project) -> None:
    sums = made.output_of(KEY) / "SHA256SUMS"
    lines = sums.read_text().splitlines(keepends=True)
    gone = f"{'0' * 64}  figures.svg\n"
    sums.write_text("".join([line for line in lines if "manifest" not in line] + [gone]))
    found = {one.name: one.what for one in verified(made)[0].differences}
    assert found == {
        "figures.svg": "is not made any more",
        "manifest.json": "is made now, but SHA256SUMS does not name it",
    }


def test_only_the_formats_that_the_sums_name_are_built(made: Project) -> None:
    steps: list[str] = []
    list(verify.verify(made, [KEY], lambda step, _why: steps.append(step)))
    assert [step for step in steps if step.startswith("export")] == ["export html", "export xlsx", "export findings"]


def test_a_report_that_cannot_be_built_stops_no_other_and_its_evidence_is_kept(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(made, OTHER)

    def fail(project: Project, key: ReportKey, *rest: object) -> object:
        if key == KEY:
            folder = project.evidence_of(key)
            folder.mkdir(parents=True)
            (folder / "01_overview.ipynb").write_text("{}")
            raise NotebookError("ValueError: gone wrong", where="notebooks/01_overview.ipynb, cell 3")
        return sabotage.fake_section(project, key, *rest)

    monkeypatch.setattr(nianbao.runs.run, "run_section", fail)
    first, second = verified(made, KEY, OTHER)
    assert isinstance(first.error, NotebookError)
    assert second.same
    assert (made.evidence_of(KEY) / "01_overview.ipynb").is_file()


def test_what_was_built_can_be_kept(made: Project, tmp_path: Path) -> None:
    verified(made, keep=tmp_path / "kept")
    content = (tmp_path / "kept" / "shili" / "2023" / "report.html").read_bytes()
    assert hashlib.sha256(content).hexdigest() == read_sums(made, made.output_of(KEY))["report.html"]


def test_the_reports_with_sums_are_found_by_office_and_year(made: Project) -> None:
    make(made, OTHER)
    assert recorded(made) == [OTHER, KEY]
    assert recorded(made, "shili") == [KEY]
    assert recorded(made, "shili", 2023) == [KEY]
    with pytest.raises(UsageError, match="no report has a SHA256SUMS to compare with: shili 2022"):
        recorded(made, "shili", 2022)


def test_a_broken_line_of_sums_is_named(made: Project) -> None:
    sums = made.output_of(KEY) / "SHA256SUMS"
    sums.write_text(sums.read_text() + "not a digest\n")
    (verdict,) = verified(made)
    assert isinstance(verdict.error, InputError)
    assert "outputs/shili/2023/SHA256SUMS:15" in str(verdict.error)


def test_nothing_names_the_folder_or_the_time(made: Project) -> None:
    for path in made.output_of(KEY).rglob("*.*"):
        assert str(made.root).encode() not in path.read_bytes()
    crate = json.loads((made.output_of(KEY) / "ro-crate-metadata.json").read_bytes())
    assert not any({"startTime", "endTime"} & entity.keys() for entity in crate["@graph"])
