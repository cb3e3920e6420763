"""A notebook's kernel finds its project wherever it was started."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from nianbao.errors import UsageError
from nianbao.paths import Project
from nianbao.section import SectionView, open_section


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """A kernel's shell, in a process whose folder and search path are put right again."""
    monkeypatch.chdir(Path.cwd())
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    found = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: found)
    return found


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elsewhere")


def opened() -> SectionView:
    return open_section("shili", 2023, "applications")


def test_it_is_found_from_the_folder_that_the_kernel_was_started_in(shell: InteractiveShell, project: Project) -> None:
    os.chdir(project.notebooks)
    assert opened().report.key.year == 2023
    assert Path.cwd() == project.root.resolve()
    assert sys.path[0] == str(project.notebooks.resolve())


def test_jupyter_tells_where_the_notebook_lies(
    shell: InteractiveShell, project: Project, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chdir(elsewhere)
    monkeypatch.setenv("JPY_SESSION_NAME", str(project.notebooks / "03_applications.ipynb"))
    opened()
    assert Path.cwd() == project.root.resolve()
    assert str(project.notebooks) in sys.path


def test_vs_code_tells_where_the_notebook_lies(shell: InteractiveShell, project: Project, elsewhere: Path) -> None:
    os.chdir(elsewhere)
    shell.user_ns["__vsc_ipynb_file__"] = str(project.notebooks / "03_applications.ipynb")
    opened()
    assert Path.cwd() == project.root.resolve()


def test_a_module_beside_the_notebook_is_in_reach_of_a_kernel_in_the_projects_folder(
    shell: InteractiveShell, project: Project
) -> None:
    os.chdir(project.root)
    shell.user_ns["__vsc_ipynb_file__"] = str(project.notebooks / "03_applications.ipynb")
    opened()
    assert sys.path[-1] == str(project.notebooks)


def test_the_folder_that_the_kernel_works_in_comes_before_what_an_editor_tells(
    shell: InteractiveShell, project: Project, repository: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chdir(project.root)  # a report that is made from a notebook of another project
    monkeypatch.setenv("JPY_SESSION_NAME", str(repository.notebooks / "03_applications.ipynb"))
    opened()
    assert Path.cwd() == project.root
    assert str(repository.notebooks) not in sys.path


def test_where_there_is_no_project_it_says_so(
    shell: InteractiveShell, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chdir(elsewhere)
    monkeypatch.setenv("JPY_SESSION_NAME", str(elsewhere / "a.ipynb"))
    with pytest.raises(UsageError, match="no project here"):
        opened()
