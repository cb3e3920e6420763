from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ingest.damage import Report, chance_of, report
from nianbao.checks import check_values
from nianbao.checks.audit import audit, tallies
from nianbao.errors import UsageError
from nianbao.ingest import GAP_RULE, find
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
    assert sorted(find([tmp_path]).wanted) == sorted(paths)
    assert find([tmp_path]).passed == ((tmp_path / "notes.py", "not of a kind that is read"),)
    assert find([str(tmp_path / "*.txt"), tmp_path / "b.txt"]).wanted == (tmp_path / "b.txt",)
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


def test_what_a_folder_holds_besides_reports_is_told(tmp_path: Path) -> None:
    saved(tmp_path, "a.txt", made("a"))
    (tmp_path / "封面.png").write_bytes(b"\x89PNG")
    (tmp_path / "数据.db").write_bytes(b"1")
    (tmp_path / ".hidden").write_bytes(b"1")
    (finding,) = [found for found in audit([tmp_path], unchecked).report.findings if found.rule == "INPUT"]
    assert (finding.state, finding.severity.value) == (FindingState.WARN, "warning")
    assert "封面.png（图片）" in finding.message
    assert "数据.db" in finding.message
    assert "hidden" not in finding.message
    assert finding.to_json()["year"] is None


def test_the_files_of_an_archive_are_read_one_by_one(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "来稿.zip", "w") as archive:
        archive.writestr("甲/a.txt", made("a", "甲局").content)
        archive.writestr("b.txt", made("b", "乙局").content)
        archive.writestr("坏.pdf", "%PDF-1.4")
    found = audit([tmp_path], unchecked)
    assert {key.office for key in found.report.evaluated} >= {"示例县甲局", "示例县乙局"}
    assert [outcome.file for outcome in found.failed] == ["来稿.zip/坏.pdf"]


def test_two_reports_in_one_file_are_both_checked_and_it_is_said(tmp_path: Path) -> None:
    one, two = made("a", "甲局"), made("b", "乙局")
    (tmp_path / "汇编.txt").write_text(f"{one.content}\n{two.content}", encoding="utf-8")
    found = audit([tmp_path], unchecked)
    assert {key.office for key in found.report.evaluated} == {"示例县甲局", "示例县乙局"}
    assert any("2份报告" in finding.message for finding in found.report.findings)


def keys(folder: Path, files: Mapping[str, tuple[str, int]]) -> set[ReportKey]:
    for name, (office, year) in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        saved(
            folder,
            name,
            Report(
                **{
                    **vars(made(name, year=year)),
                    "content": made(name, year=year).content.replace("示例县虚构局", office),
                }
            ),
        )
    return set(audit([folder], unchecked).report.evaluated)


def test_a_town_with_and_without_its_governments_name_is_one_office(tmp_path: Path) -> None:
    found = keys(tmp_path, {"a.txt": ("虚构县柳河镇", 2022), "b.txt": ("虚构县柳河镇人民政府", 2023)})
    assert {key.office for key in found} == {"虚构县柳河镇人民政府"}


def test_offices_of_one_name_in_folders_of_two_places_are_two(tmp_path: Path) -> None:
    found = keys(tmp_path, {"南县/a.txt": ("实验小学", 2022), "北县/b.txt": ("实验小学", 2023)})
    assert {key.office for key in found} == {"实验小学（南县）", "实验小学（北县）"}


def test_folders_by_years_hold_one_office(tmp_path: Path) -> None:
    found = keys(tmp_path, {"2022年/a.txt": ("实验小学", 2022), "2023年/b.txt": ("实验小学", 2023)})
    assert {key.office for key in found} == {"实验小学"}


def test_a_name_that_lacks_its_place_is_proposed_and_not_joined(tmp_path: Path) -> None:
    found = keys(tmp_path, {"a.txt": ("教育局", 2022), "b.txt": ("虚构县教育局", 2023)})
    assert {key.office for key in found} == {"教育局", "虚构县教育局"}
    findings = [one for one in audit([tmp_path], unchecked).report.findings if one.rule == "T3-CARRY"]
    assert [one.state for one in findings] == [FindingState.UNCERTAIN]


def test_a_file_name_in_other_bytes_is_shown_as_escapes(tmp_path: Path) -> None:
    saved(tmp_path, "good.txt", made("good"))
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xc5\xca.txt")).write_bytes(b"")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    found = audit([tmp_path], unchecked)
    assert [outcome.file for outcome in found.failed] == ["\\xc5\\xca.txt"]
    json.dumps([finding.to_json() for finding in found.report.findings], ensure_ascii=False).encode()
