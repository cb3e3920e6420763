"""Two real runs in different surroundings: the same bytes, and no trace of either's surroundings in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from finished import Finished, Variant
from nianbao.paths import Project

pytestmark = pytest.mark.slow

OFFICE, YEAR = "shili", "2023"
SHILI = Variant(OFFICE, int(YEAR), "illustrated")


def nianbao(root: Path, *words: str, **surroundings: str) -> str:
    start = "from nianbao.cli.main import main; main()"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONHASHSEED"))}
    done = subprocess.run(
        [sys.executable, "-c", start, "--project", root, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=kept | surroundings,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_time_zone_locale_hash_seed_folder_and_store_leave_no_trace_in_the_bytes(
    finished: Finished, project: Project, tmp_path: Path
) -> None:
    made = finished.folder(SHILI)  # in the surroundings of the tests
    other = tmp_path / "年报 项目" / "另一个 folder"
    for name in ("params", "data", "notebooks", "expectations"):
        shutil.copytree(project.root / name, other / name)
    (other / "outputs" / OFFICE / YEAR).mkdir(parents=True)
    shutil.copy(made / "SHA256SUMS", other / "outputs" / OFFICE / YEAR)
    said = nianbao(other, "verify", OFFICE, YEAR, TZ="Asia/Shanghai", LC_ALL="C", LANGUAGE="zh", PYTHONHASHSEED="4242")
    assert said == "shili 2023：相同（16个文件）\n"
    names = (str(finished.project.root), "pytest-of", "另一个", str(Path.home()), sys.prefix)
    for path in made.rglob("*.*"):
        content = path.read_bytes()
        assert not [name for name in names if name.encode() in content], path
