from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMED = ["CHANGELOG.md", "CITATION.cff", "README.md", "README.zh-CN.md", "pyproject.toml", "src/nianbao/__init__.py"]


def prepare(folder: Path, version: str) -> subprocess.CompletedProcess[str]:
    call = ["bash", str(folder / ".ci/prepare-release"), version]
    return subprocess.run(call, capture_output=True, text=True, check=False, env={"SOURCE_DATE_EPOCH": "86400"})


def test_a_release_gathers_the_changes_under_its_version_and_names_it_everywhere(tmp_path: Path) -> None:
    for name in [*NAMED, ".ci/prepare-release"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "changes").mkdir()
    assert "nothing to release" in prepare(tmp_path, "9.8.7").stdout
    for name, words in (("b", "second"), ("a", "first,\n  on two lines")):
        (tmp_path / "changes" / f"{name}.md").write_text(f"- {words}\n", encoding="utf-8")
    assert prepare(tmp_path, "next").returncode == 2
    assert prepare(tmp_path, "9.8.7").returncode == 0
    log = (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "\n\n## 9.8.7 (1970-01-02)\n\n- first,\n  on two lines\n- second\n\n## 0.1.0" in log
    assert not [*(tmp_path / "changes").iterdir()]
    assert all("9.8.7" in (tmp_path / name).read_text(encoding="utf-8") for name in NAMED)


def test_each_change_to_come_is_a_list() -> None:
    for path in (ROOT / "changes").glob("*"):
        first, *others = path.read_text(encoding="utf-8").splitlines()
        assert path.suffix == ".md", path
        assert first.startswith("- "), path
        assert all(line.startswith(("- ", "  ")) for line in others), path
