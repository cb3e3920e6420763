from __future__ import annotations

import subprocess
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

from nianbao import __version__
from nianbao.errors import UsageError
from nianbao.inputs import own_project
from nianbao.inputs.own_project import own_wheel, start_project, upgrade_project
from nianbao.paths import find_project

ROOT = Path(__file__).parents[2]


def test_a_new_project_has_the_packages_notebooks_and_suites_and_is_one(tmp_path: Path) -> None:
    project = start_project(tmp_path / "mine", "moubu", 2024)
    assert find_project(tmp_path / "mine") == project
    assert len(list(project.notebooks.glob("*.ipynb"))) == 7  # six sections and the statement
    assert list(project.expectations.glob("form_2021_*.json"))
    makefile = (project.root / "Makefile").read_text(encoding="utf-8")
    assert "OFFICE ?= moubu\nYEAR ?= 2024" in makefile
    assert not [path for path in project.root.rglob("*") if path.is_file() and b"@office@" in path.read_bytes()]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"x")
    with pytest.raises(UsageError, match="not empty"):
        start_project(tmp_path, "moubu", 2024)
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


def test_an_upgrade_replaces_what_nobody_changed_and_shows_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = start_project(tmp_path / "mine", "moubu", 2024)
    assert upgrade_project(project).written == ()
    mine = project.notebooks / "03_applications.ipynb"
    mine.write_text(mine.read_text(encoding="utf-8").replace("section.heading()", "section.text()"), encoding="utf-8")
    (project.notebooks / "06_other.ipynb").unlink()
    newer = {name: content + b" " for name, content in own_project._shared_files(words()).items()}
    monkeypatch.setattr(own_project, "_shared_files", lambda _: newer)
    done = upgrade_project(project)
    assert "notebooks/02_proactive.ipynb" in done.written
    assert "Makefile" in done.written
    assert list(done.changed) == ["notebooks/03_applications.ipynb"]
    assert done.removed == ("notebooks/06_other.ipynb",)
    assert mine.read_bytes() != newer["notebooks/03_applications.ipynb"]
    assert upgrade_project(project).written == ()


def test_a_notebook_that_was_only_run_by_hand_is_one_that_nobody_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = start_project(tmp_path / "mine", "moubu", 2024)
    ran, changed = (project.notebooks / name for name in ("01_overview.ipynb", "02_proactive.ipynb"))
    for path in (ran, changed):
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.language_info.version = "3.13.1"
        notebook.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {}}
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.metadata.papermill = {"duration": 0.1}
                cell.execution_count, cell.outputs = 3, [new_output("stream", text="much\n")]
        if path == changed:
            notebook.cells[-1].source += "\n# mine"
        nbformat.write(notebook, path)
    newer = {name: content + b" " for name, content in own_project._shared_files(words()).items()}
    monkeypatch.setattr(own_project, "_shared_files", lambda _: newer)
    done = upgrade_project(project)
    assert "notebooks/01_overview.ipynb" in done.written
    assert list(done.changed) == ["notebooks/02_proactive.ipynb"]
    assert "# mine" in done.changed["notebooks/02_proactive.ipynb"]
    assert "much" not in done.changed["notebooks/02_proactive.ipynb"]


def test_the_wheel_that_nianbao_came_from_goes_with_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert own_wheel() is None  # installed from the repository
    wheel = tmp_path / "年 报" / "nianbao-9-py3-none-any.whl"
    about = tmp_path / "site" / "nianbao-9.dist-info"
    for path, content in ((wheel, b"w"), (about / "METADATA", b"Name: nianbao\nVersion: 9\n")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (about / "direct_url.json").write_text(f'{{"url": "{wheel.as_uri()}", "archive_info": {{}}}}')
    monkeypatch.syspath_prepend(about.parent)
    project = start_project(tmp_path / "mine", "moubu", 2024)
    assert (project.root / "wheels" / wheel.name).read_bytes() == b"w"
    wheel.unlink()
    assert own_wheel() is None


def test_make_takes_the_wheel_of_the_version_that_the_project_names(tmp_path: Path) -> None:
    root = start_project(tmp_path / "mine", "moubu", 2024).root
    names = [f"wheels/nianbao-{version}-py3-none-any.whl" for version in (__version__, "9.9")]
    (root / "wheels").mkdir()
    for name in names:
        (root / name).touch()
    make = ["make", "--dry-run", "setup", "PYTHON=python3"]
    said = subprocess.run(make, cwd=root, capture_output=True, text=True, check=True).stdout
    assert [name in said for name in names] == [True, False]


def test_a_projects_lock_pins_what_the_repositorys_own_pins() -> None:
    ours, theirs = (
        set((ROOT / name).read_text(encoding="utf-8").splitlines())
        for name in ("requirements.lock", "src/nianbao/inputs/template/requirements.lock")
    )
    # Only markers may differ: what needs a package in a project may be fewer packages.
    pins = {line.split(" ")[0] for line in ours if "==" in line}
    assert {line.split(" ")[0] for line in theirs if "==" in line} <= pins
    assert len(theirs) > 1000


def words() -> dict[str, str]:
    return {"office": "moubu", "year": "2024", "version": "1"}


def test_a_project_that_was_not_made_by_init_is_told_so(tmp_path: Path) -> None:
    project = start_project(tmp_path / "mine", "moubu", 2024)
    (project.root / ".nianbao-files.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="was not made by nianbao init"):
        upgrade_project(project)
