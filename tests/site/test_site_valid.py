"""Every kind of page in the Nu validator (https://validator.github.io/validator/), where Java and its jar are there."""

from __future__ import annotations

import pytest
from test_site import finish

from nianbao.paths import Project, select
from nianbao.site import build_site
from nianbao.site.comparison.compare import compare_offices, compare_years
from nianbao.site.comparison.page import as_page
from nu import needs_nu, nu_errors

pytestmark = [pytest.mark.slow, needs_nu]


def test_the_validator_finds_no_error_on_any_kind_of_page(project: Project, repository: Project) -> None:
    for year in (2020, 2022, 2023):
        finish(project, year)
    folder = build_site(project, select(project), project.root / "portal", base="https://example.org/").folder
    (folder / "years.html").write_bytes(as_page(compare_years(repository, "shili", 2020, 2023)))
    (folder / "two.html").write_bytes(as_page(compare_offices(repository, 2023, ["shili", "panzhihua"])))
    assert nu_errors(*sorted(folder.rglob("*.html"))) == []
    assert nu_errors(folder / "style.css", css=True) == []
