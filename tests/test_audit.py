from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ingest.damage import Report, chance_of, report
from nianbao.audit import audit, expand, tallies
from nianbao.checks import check_values
from nianbao.errors import UsageError
from nianbao.ingest import GAP_RULE
from nianbao.model import CheckReport, FindingState, OfficeYear, ReportKey


def made(seed: str, name: str = "虚构局", year: int = 2023) -> Report:
    found = report(chance_of(seed), "tabs", "2021", blanks=False)
    found.content = found.content.replace("示例县虚构局", f"示例县{name}").replace("2023年政府", f"{year}年政府")
    return found


def saved(folder: Path, name: str, found: Report) -> Path:
    path = folder / name
    path.write_text(found.content, encoding="utf-8")
    return path


def unchecked(reports: Sequence[OfficeYear], previous: Mapping[ReportKey, OfficeYear]) -> CheckReport:
    return CheckReport((), {one.key: 1 for one in reports})


def test_a_folder_and_a_pattern_name_the_reports_in_them_once(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    paths = [saved(tmp_path, "b.txt", made("b")), saved(tmp_path / "甲", "a.html", made("a"))]
    saved(tmp_path, "~$b.txt", made("lock"))
    (tmp_path / "notes.py").write_text("")
    assert sorted(expand([tmp_path])) == sorted(paths)
    assert expand([str(tmp_path / "*.txt"), tmp_path / "b.txt"]) == [tmp_path / "b.txt"]
    with pytest.raises(UsageError, match="no file"):
        audit([str(tmp_path / "*.pdf")], unchecked)


def test_a_broken_file_is_a_finding_and_stops_nothing(tmp_path: Path) -> None:
    saved(tmp_path, "good.txt", made("good"))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "empty.docx").write_bytes(b"")
    found = audit([tmp_path, tmp_path / "missing.html"], unchecked)
    assert [outcome.file for outcome in found.failed] == ["broken.pdf", "empty.docx", "missing.html"]
    assert {finding.rule for finding in found.report.findings if finding.blocks} == {"INPUT"}
    assert ReportKey("示例县虚构局", 2023) in found.report.evaluated


def test_last_years_report_stands_beside_this_years_whatever_their_order(tmp_path: Path) -> None:
    seen: dict[ReportKey, bool] = {}

    def check(reports: Sequence[OfficeYear], previous: Mapping[ReportKey, OfficeYear]) -> CheckReport:
        seen.update({one.key: one.key.previous in previous for one in reports})
        assert [one.key for one in reports] == sorted(one.key for one in reports)
        return unchecked(reports, previous)

    for name, year in (("a.txt", 2023), ("b.txt", 2022), ("c.txt", 2021)):
        saved(tmp_path, name, made(name, year=year))
    audit([tmp_path], check)
    assert [seen[ReportKey("示例县虚构局", year)] for year in (2021, 2022, 2023)] == [False, True, True]


def test_two_files_of_one_report_are_both_checked(tmp_path: Path) -> None:
    saved(tmp_path, "a.txt", made("one"))
    saved(tmp_path, "b.txt", made("two"))
    found = audit([tmp_path], unchecked)
    assert {key.office for key in found.report.evaluated} == {"示例县虚构局", "示例县虚构局（b.txt）"}


def test_the_rules_find_what_is_wrong_in_what_was_read(tmp_path: Path) -> None:
    # Random values balance nowhere.
    saved(tmp_path, "a.txt", made("random"))
    found = audit([tmp_path], check_values)
    rules = {finding.rule for finding in found.report.findings if finding.state is FindingState.FAIL}
    assert "T3-TOTAL" in rules
    counts = tallies(found)
    assert counts["files"] == 1
    assert counts["by_rule"]["T3-TOTAL"]["errors"] > 0
    assert list(counts["by_office"]) == ["示例县虚构局"]


def test_what_a_cut_copy_does_not_show_is_not_called_blank_or_missing(tmp_path: Path) -> None:
    cut = made("cut")
    cut.content = cut.content[: cut.content.index("（五）不予处理")]
    saved(tmp_path, "a.txt", cut)
    found = audit([tmp_path], check_values)
    rules = {finding.rule for finding in found.report.findings if finding.state is FindingState.FAIL}
    assert not rules & {"CELL-MISSING", "WORDS-SECTIONS", "WORDS-PROBLEMS"}
    assert GAP_RULE in {finding.rule for finding in found.report.findings}
    assert all(count >= 0 for count in found.report.evaluated.values())


def test_a_report_without_a_year_is_told_so_and_takes_the_year_that_is_given(tmp_path: Path) -> None:
    yearless = made("yearless")
    yearless.content = yearless.content.replace("2023年政府信息公开工作年度报告\n", "").replace("2024年1月10日", "")
    saved(tmp_path, "a.txt", yearless)
    assert audit([tmp_path], unchecked).failed[0].error is not None
    assert not audit([tmp_path], unchecked, year=2023).failed
