"""Two real runs in different surroundings: the same bytes, and no trace of either's surroundings in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nianbao.paths import Project

pytestmark = pytest.mark.slow

OFFICE, YEAR = "shili", "2023"


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
    project: Project, tmp_path: Path
) -> None:
    nianbao(project.root, "report", OFFICE, YEAR, "-q", TZ="UTC", LC_ALL="C", PYTHONHASHSEED="0")
    other = tmp_path / "年报 项目" / "另一个 folder"
    for name in ("params", "data", "notebooks", "expectations"):
        if (project.root / name).is_dir():
            shutil.copytree(project.root / name, other / name)
    made = project.root / "outputs" / OFFICE / YEAR
    (other / "outputs" / OFFICE / YEAR).mkdir(parents=True)
    shutil.copy(made / "SHA256SUMS", other / "outputs" / OFFICE / YEAR)
    said = nianbao(other, "verify", OFFICE, YEAR, TZ="Asia/Shanghai", LANGUAGE="zh", PYTHONHASHSEED="4242")
    assert said == "shili 2023：相同（16个文件）\n"
    names = (str(project.root), "pytest-of", "另一个", str(Path.home()), sys.prefix)
    for path in made.rglob("*.*"):
        content = path.read_bytes()
        assert not [name for name in names if name.encode() in content], path
