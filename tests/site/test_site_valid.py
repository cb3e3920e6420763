"""Every kind of page in the Nu validator (https://validator.github.io/validator/), where Java and its jar are there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from test_site import finish

from nianbao.paths import Project, select
from nianbao.site import build_site
from nianbao.site.comparison import compare_offices, compare_years
from nianbao.site.comparison.page import as_page

JAR = os.environ.get("VNU_JAR", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed"),
    pytest.mark.skipif(not Path(JAR).is_file(), reason="VNU_JAR names no vnu.jar (npm install vnu-jar brings one)"),
]


def test_the_validator_finds_no_error_on_any_kind_of_page(project: Project, repository: Project) -> None:
    for year in (2020, 2022, 2023):
        finish(project, year)
    folder = build_site(project, select(project), project.root / "portal", base="https://example.org/").folder
    (folder / "years.html").write_bytes(as_page(compare_years(repository, "shili", 2020, 2023)))
    (folder / "two.html").write_bytes(as_page(compare_offices(repository, 2023, ["shili", "panzhihua"])))
    pages = [str(page) for page in sorted(folder.rglob("*.html"))]
    told = subprocess.run(
        ["java", "-jar", JAR, "--errors-only", "--format", "gnu", *pages], capture_output=True, text=True, check=False
    )
    assert (told.stderr.splitlines(), told.returncode) == ([], 0)
    sheet = subprocess.run(
        ["java", "-jar", JAR, "--css", "--errors-only", str(folder / "style.css")], capture_output=True, check=False
    )
    assert sheet.returncode == 0
