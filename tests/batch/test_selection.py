from __future__ import annotations

import pytest

from nianbao.batch.selection import parse_years, select
from nianbao.errors import UsageError
from nianbao.model import ReportKey
from nianbao.paths import Project


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
