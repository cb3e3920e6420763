from __future__ import annotations

import os
from pathlib import Path

import pytest

from closed import close
from nianbao.errors import InputError, UnknownNameError, UsageError
from nianbao.form import SECTIONS
from nianbao.inputs.files import Files
from nianbao.model import ReportKey
from nianbao.paths import Project, check_office_id, find_project, parse_years, select


def test_the_project_is_found_from_any_folder_inside_it(project: Project) -> None:
    assert find_project(project.notebooks / "..").root == project.root
    assert find_project(project.data / "shili" / "2023").root == project.root


def test_a_folder_without_a_project_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no project here"):
        find_project(tmp_path)


def test_an_unknown_office_names_the_known_ones(project: Project) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'panzhihua'"):
        project.key("panzhihu", 2023)


def test_an_unknown_year_names_the_known_ones(project: Project) -> None:
    with pytest.raises(UsageError, match="2020, 2021, 2022, 2023"):
        project.key("shili", 2031)


def test_a_year_before_the_form_is_refused(project: Project) -> None:
    with pytest.raises(UsageError, match="no statutory form for 2018"):
        project.key("shili", 2018)


def test_an_offices_own_notebook_replaces_the_shared_one(project: Project) -> None:
    shared = project.notebook("shili", SECTIONS[2])
    own = project.notebooks / "shili" / shared.name
    own.parent.mkdir()
    own.write_bytes(shared.read_bytes())
    assert project.notebook("shili", SECTIONS[2]) == own
    assert project.notebook("panzhihua", SECTIONS[2]) == shared


@pytest.mark.parametrize("office", ["../x", "A", "", "a/b", "a b", "攀枝花", "1a"])
def test_identifiers_that_could_leave_their_folder_are_refused(office: str) -> None:
    with pytest.raises(UsageError):
        check_office_id(office)


def test_last_years_report_is_the_same_offices() -> None:
    assert ReportKey("shili", 2023).previous == ReportKey("shili", 2022)


@pytest.mark.parametrize(
    ("texts", "years"),
    [
        (["2023"], {2023}),
        (["2021-2023"], {2021, 2022, 2023}),
        (["2019,2021 - 2022"], {2019, 2021, 2022}),
        (["2020", "2022，2023"], {2020, 2022, 2023}),
    ],
)
def test_years_are_single_ranges_and_lists(texts: list[str], years: set[int]) -> None:
    assert parse_years(texts) == years


def test_no_year_named_means_all_of_them() -> None:
    assert parse_years([]) is None


@pytest.mark.parametrize("text", ["2023-2021", "23", "2021-", "all", ""])
def test_what_is_no_year_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no year"):
        parse_years([text])


def test_everything_is_chosen_by_default(repository: Project) -> None:
    keys = select(repository)
    assert ReportKey("panzhihua", 2023) in keys
    assert ReportKey("shili", 2020) in keys
    assert keys == sorted(keys, key=lambda key: (key.office, key.year))


def test_offices_go_by_pattern_and_years_by_range(repository: Project) -> None:
    assert select(repository, ["sh*"], ["2021-2022"]) == [ReportKey("shili", 2021), ReportKey("shili", 2022)]


def test_a_pattern_that_matches_nothing_names_the_known_offices(repository: Project) -> None:
    with pytest.raises(UsageError, match="panzhihua"):
        select(repository, ["sh*", "chengdu*"])


def test_years_without_inputs_name_the_known_years(repository: Project) -> None:
    with pytest.raises(UsageError, match="known years: 2020, 2021"):
        select(repository, ["shili"], ["2030"])


def test_an_offices_folder_that_refuses_to_be_listed_is_told_and_never_passed_over(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (office, *_) = project.offices()
    (other := project.params / "other").mkdir()
    (other / "office.yaml").write_text("name: 某局\n", "utf-8")
    (other / "2023.yaml").write_text("{}\n", "utf-8")
    close(monkeypatch, other)
    may = os.access
    for closed in (False, True):
        monkeypatch.setattr(
            os, "access", lambda path, mode, shut=closed: may(path, mode) and not (shut and path == other)
        )
        if closed:
            (other / "office.yaml").unlink()  # behind a closed folder nothing is seen
        for ask in (lambda: select(project), lambda: project.key("other", 2023), lambda: Files(project).years("other")):
            with pytest.raises(InputError, match="cannot be listed") as told:
                ask()
            assert told.value.where == "params/other/"
        assert {key.office for key in select(project, [office])} == {office}
