"""Whatever a section's notebook reads is in the record of its run, with the digest of what it read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import nbformat
import pytest

from nianbao.form import SECTIONS
from nianbao.model import ReportKey, SectionRun
from nianbao.paths import Project
from nianbao.runs.run import run_section

KEY = ReportKey("panzhihua", 2023)
OTHER = SECTIONS[5]


def ran(project: Project, source: str) -> SectionRun:
    path = project.notebook(KEY.office, OTHER)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[6].source = source
    nbformat.write(notebook, path)
    return run_section(project, KEY, OTHER)


def unvouched(run: SectionRun) -> list[str]:
    found: list[str] = json.loads(run.executed)["metadata"].get("nianbao", {}).get("unvouched", [])
    return found


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_notebooks_of_the_project_read_its_inputs_and_nothing_else(project: Project) -> None:
    for section in SECTIONS:
        for name in run_section(project, KEY, section).reads:
            assert name.startswith(("data/panzhihua/", "params/panzhihua/"))


@pytest.mark.parametrize("process", ["fork", "kernel"])
@pytest.mark.parametrize(
    "source",
    [
        "import pandas as pd\npd.read_csv('data/own.csv')",
        "section.read_csv('data/own.csv')",
        "print(section.path('data/own.csv').read_text())",
        "import csv\nrows = list(csv.reader(open('data/own.csv')))",
    ],
)
def test_data_of_the_analysts_own_is_in_the_record(
    project: Project, monkeypatch: pytest.MonkeyPatch, process: str, source: str
) -> None:
    monkeypatch.setenv("NIANBAO_ENGINE", process)
    own = project.data / "own.csv"
    own.write_text("month,count\n1,5\n")
    run = ran(project, source)
    assert run.reads["data/own.csv"] == digest(own)
    assert unvouched(run) == []


def test_a_workbook_a_database_a_helper_and_a_folder_are_too(project: Project) -> None:
    import sqlite3

    import pandas as pd

    own = project.data / "own"
    own.mkdir()
    pd.DataFrame({"a": [1]}).to_excel(own / "book.xlsx")
    sqlite3.connect(own / "base.db").close()
    helper = project.notebooks / "helper.py"
    helper.write_text("WORD = 1\n")
    source = (
        "import glob, os, sqlite3, helper\nsection.read_excel('data/own/book.xlsx')\n"
        "sqlite3.connect('data/own/base.db').close()\nglob.glob('data/own/*.csv')\nos.path.exists('data/nothing.csv')"
    )
    for _ in range(2):  # a helper is compiled the first time
        reads = ran(project, source).reads
        assert reads["data/own/book.xlsx"] == digest(own / "book.xlsx")
        assert reads["data/own/base.db"] == digest(own / "base.db")
        assert reads["notebooks/helper.py"] == digest(helper)
        assert len(reads["data/own/"]) == 64


def test_what_the_notebook_has_written_itself_is_none_of_its_inputs(project: Project) -> None:
    run = ran(project, "import pathlib\np = pathlib.Path('made.txt')\np.write_text('x')\nprint(p.read_text())")
    assert "made.txt" not in run.reads


def test_a_file_that_is_looked_for_in_vain_is_in_the_record(project: Project) -> None:
    source = "try:\n    open('data/none.csv')\nexcept FileNotFoundError:\n    pass"
    assert ran(project, source).reads["data/none.csv"] == "absent"


def test_nobody_vouches_for_files_from_elsewhere_the_network_clocks_or_random_numbers(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("elsewhere") / "elsewhere.csv"
    outside.write_text("a\n1\n")
    source = (
        f"print(open({str(outside)!r}).read())\nimport socket\n"
        "try:\n    socket.create_connection(('192.0.2.1', 9), timeout=0.01)\nexcept OSError:\n    pass\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9), timeout=0.01)\nexcept OSError:\n    pass\n"
        "import random, time\nx = random.random(), time.time()"
    )
    run = ran(project, source)
    assert run.reads[str(outside)] == digest(outside)
    assert unvouched(run) == [
        str(outside),
        "network: 192.0.2.1",
        "random numbers without a seed (cell 7, line 12: random.random)",
        "a clock (cell 7, line 12: time.time)",
    ]
