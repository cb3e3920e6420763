"""The suites: made from the form, the same as in expectations/, and never silently short of a rule."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from checks.generate import consistent, office_year, write_project, zeros
from nianbao.checks import check, data_docs, stale_suites, write_suites
from nianbao.checks.catalogue import RULES
from nianbao.checks.engine import Engine
from nianbao.checks.reading import line_frame, reading_of
from nianbao.checks.rules_page import rules_page
from nianbao.checks.subject import Subject
from nianbao.checks.suites import suite_forms, suite_json
from nianbao.errors import NianbaoError
from nianbao.form import EDITIONS
from nianbao.model import ReportKey
from nianbao.paths import Project

ROOT = Path(__file__).resolve().parents[2]


def test_every_balance_of_the_form_is_in_one_suite_and_in_the_catalogue() -> None:
    for code, edition in EDITIONS.items():
        declared = [balance.id for form in suite_forms(code) for balance in form.balances]
        assert sorted(declared) == sorted(balance.id for balance in edition.balances)
        assert set(declared) <= set(RULES)


def test_a_balance_that_the_form_tolerates_is_a_warning_in_the_catalogue() -> None:
    for edition in EDITIONS.values():
        for balance in edition.balances:
            assert (RULES[balance.id].severity == "warning") is balance.tolerated, balance.id


def test_the_committed_suites_are_what_the_form_says() -> None:
    assert stale_suites(Project(ROOT)) == ()


def test_the_committed_page_of_rules_is_what_the_catalogue_says() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == rules_page()


def test_a_changed_a_missing_and_a_left_over_suite_are_stale(tmp_path: Path) -> None:
    project = Project(tmp_path)
    first, second, *_ = write_suites(project)
    assert stale_suites(project) == ()
    (project.expectations / first).write_text("{}", encoding="utf-8")
    (project.expectations / second).unlink()
    (project.expectations / "form_1999_x.json").write_text("{}", encoding="utf-8")
    assert set(stale_suites(project)) == {first, second, "form_1999_x.json"}


def test_a_suite_from_which_a_rule_was_taken_is_an_error_and_no_pass(tmp_path: Path) -> None:
    project = Project(tmp_path)
    write_project(project, [consistent(1)])
    write_suites(project)
    path = project.expectations / "form_2021_applications_by_column.json"
    suite = json.loads(path.read_text(encoding="utf-8"))
    del suite["expectations"][0]
    path.write_text(json.dumps(suite), encoding="utf-8")
    with pytest.raises(NianbaoError, match="not the suite that the form declares"):
        check(project, [ReportKey("shili", 2023)])


@pytest.mark.parametrize("expectations", [[], [{"type": "expect_wonders", "kwargs": {}}]])
def test_an_empty_suite_or_one_with_an_unknown_type_is_an_error(expectations: list[dict[str, object]]) -> None:
    form = suite_forms("2021")[0]
    frame = line_frame(form, [reading_of(Subject(office_year(zeros())), None)[0]])
    with pytest.raises(NianbaoError):
        Engine().validate({"name": "s", "expectations": expectations}, frame)


def test_the_frame_has_a_row_for_each_office_year_and_line() -> None:
    form = next(form for form in suite_forms("2021") if form.name == "form_2021_applications_by_column")
    readings = [reading_of(Subject(consistent(seed, year=2020 + seed)), None)[0] for seed in (1, 2, 3)]
    frame = line_frame(form, readings)
    assert list(frame["line"][:7]) == list(EDITIONS["2021"].table("applications").columns)
    assert len(frame) == 3 * 7
    assert {"new", "carried_in", "processed", "carried_out", "last_year.carried_out"} <= set(frame.columns)


def test_importing_the_checks_imports_neither_the_engine_nor_pandas() -> None:
    code = "import sys, nianbao.checks; print([n for n in ('great_expectations', 'pandas', 'numpy', 'openpyxl') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_what_the_engine_seldom_uses_is_imported_when_a_suite_asks_for_it() -> None:
    script = """
import sys
import pandas as pd
from nianbao.checks.engine import Engine
seldom = ("altair", "boto3", "scipy.stats")
engine = Engine()
print(*(name for name in seldom if name in sys.modules))
kwargs = {"column": "kind", "partition_object": {"values": ["a", "b"], "weights": [0.5, 0.5]}, "threshold": 0.1}
entry = {"type": "expect_column_kl_divergence_to_be_less_than", "kwargs": kwargs}
(verdict,) = engine.validate({"name": "own", "expectations": [entry]}, pd.DataFrame({"kind": ["a", "b"]}))
print(verdict.success, verdict.problem, *(name for name in seldom if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["", "True None scipy.stats"]


def test_data_docs_show_our_rules_as_sentences(tmp_path: Path) -> None:
    project = Project(tmp_path)
    write_project(project, [consistent(1)])
    index = data_docs(project, [ReportKey("shili", 2023)], tmp_path / "docs")
    assert index.is_file()
    page = (tmp_path / "docs" / "expectations" / "form_2021_applications_by_column.html").read_text(encoding="utf-8")
    assert all(words in page for words in ("T3-BALANCE", "新收 + 上年结转", "办理总计 + 结转下年度"))


def test_suite_names_columns_in_the_words_of_the_form() -> None:
    suite = suite_json(suite_forms("2021")[0])
    names = suite["expectations"][0]["meta"]["names"]
    assert names["in_force"] == "现行有效件数"
    assert names["last_year.in_force"] == "上年现行有效件数"


def test_many_office_years_read_by_processes_give_the_same_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project(tmp_path)
    write_project(project, [consistent(seed, year=2019 + seed) for seed in range(5)])
    keys = [ReportKey("shili", 2019 + seed) for seed in range(5)]
    here = check(project, keys)
    monkeypatch.setattr("nianbao.checks.run._MANY", 3)
    monkeypatch.setattr("nianbao.checks.run._PORTION", 2)
    assert check(project, keys, jobs=1) == check(project, keys, jobs=2) == here
