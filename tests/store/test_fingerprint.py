from __future__ import annotations

import json

from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.store import digest, file_digest, input_files, notebook_digest, package_parts, suite_files


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


def test_a_notebook_counts_without_what_a_run_by_hand_has_left_in_it() -> None:
    def content(source: str, **left: object) -> bytes:
        cell = {
            "cell_type": "code",
            "id": "a",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        version = {"language_info": {"version": "3.13.0"}} if left else {}
        return json.dumps({"cells": [{**cell, **left}], "metadata": {"kernelspec": {}, **version}}).encode()

    bare = notebook_digest(content("1"))
    ran = {"outputs": [{"output_type": "stream"}], "execution_count": 3, "metadata": {"execution": {"iopub": "now"}}}
    assert notebook_digest(content("1", **ran)) == bare
    assert notebook_digest(content("2")) != bare
    assert notebook_digest(content("1", metadata={"tags": ["illustrated"]})) != bare
    assert notebook_digest(b"none") == digest(b"none")
