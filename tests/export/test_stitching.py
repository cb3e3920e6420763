from __future__ import annotations

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from nianbao.export.document import read_document
from nianbao.export.stitching import stitch
from nianbao.form import SECTIONS
from nianbao.inputs import load
from nianbao.model import Profile, ReportKey, SectionRun
from nianbao.paths import Project


def run(number: int) -> SectionRun:
    section = SECTIONS[number - 1]
    notebook = new_notebook(cells=[new_code_cell(f"# {section.slug}", id="same")])
    return SectionRun(section, f"notebooks/{section.stem}.ipynb", nbformat.writes(notebook))


def test_sections_stand_in_the_forms_order_with_ids_of_their_own(repository: Project) -> None:
    report = load(repository, ReportKey("panzhihua", 2023))
    stitched = nbformat.reads(stitch(report, [run(3), run(1), run(2)]).notebook, as_version=4)
    assert [cell.id for cell in stitched.cells] == ["overview-0", "proactive-0", "applications-0"]
    assert [cell.metadata.nianbao.section for cell in stitched.cells] == ["overview", "proactive", "applications"]


def test_the_metadata_tell_the_exporters_all_they_need(repository: Project) -> None:
    report = load(repository, ReportKey("shili", 2020))
    stitched = nbformat.reads(stitch(report, [run(1)], profile=Profile.ILLUSTRATED).notebook, as_version=4)
    document = read_document(stitched)
    assert (document.office, document.year, document.edition) == ("示例市人民政府办公室", 2020, "2019")
    assert (document.profile, document.fictional, document.draft) == ("illustrated", True, False)
    assert document.published == "2021-01-22"


def test_a_draft_lists_the_open_findings_at_its_end(repository: Project) -> None:
    report = load(repository, ReportKey("panzhihua", 2023))
    finding = {"severity": "error", "rule": "T3-BALANCE", "message": "新收14 + 上年结转0 = 14 ≠ 13"}
    draft = nbformat.reads(stitch(report, [run(1)], draft=True, findings=[finding]).notebook, as_version=4)
    assert draft.metadata.nianbao.draft
    assert "T3-BALANCE" in nbformat.writes(draft)
    texts = read_document(draft).blocks
    assert "未决问题" in str(texts[-2:])
    final = nbformat.reads(stitch(report, [run(1)], findings=[finding]).notebook, as_version=4)
    assert len(final.cells) == 1
