from __future__ import annotations

from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.store import file_digest, input_files, package_parts, suite_files


def test_inputs_of_an_office_year_are_its_own_and_no_others(project: Project) -> None:
    names = input_files(project, ReportKey("shili", 2022))
    assert "data/shili/2022/applications.csv" in names
    assert "params/shili/office.yaml" in names
    assert not any("2023" in name for name in names)


def test_a_folders_listing_changes_when_a_file_comes(project: Project) -> None:
    before = file_digest(project, "params/shili/")
    (project.params / "shili" / "2019.yaml").write_text("published: 2020-01-20\n")
    assert file_digest(project, "params/shili/") != before


def test_a_missing_file_has_a_digest_of_its_own(project: Project) -> None:
    assert file_digest(project, "data/nowhere.csv") == "absent"


def test_our_own_code_and_the_packages_count(project: Project) -> None:
    parts = package_parts(["pandas", "not-installed-anywhere"])
    assert parts["nianbao"]
    assert parts["package pandas"].startswith("3.")
    assert parts["package not-installed-anywhere"] == "absent"


def test_suites_are_the_shared_ones_and_the_offices_own(project: Project) -> None:
    (project.expectations / "shili").mkdir(parents=True, exist_ok=True)
    (project.expectations / "shili" / "own.json").write_text("{}")
    assert "expectations/shili/own.json" in suite_files(project, "shili")
    assert "expectations/shili/own.json" not in suite_files(project, "panzhihua")
