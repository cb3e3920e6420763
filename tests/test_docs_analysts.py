"""The pages for analysts, in both languages: their tables, settings, narratives, cells and suites are what the program takes."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
import yaml

from nianbao.checks.waivers import load_waivers
from nianbao.form import EDITIONS, SECTIONS
from nianbao.inputs import load, render
from nianbao.inputs.csv_table import FIGURE_COLUMNS, table_columns
from nianbao.inputs.settings import OFFICE_SETTINGS, year_settings
from nianbao.inputs.yaml_file import read_settings
from nianbao.model import BLOCK_MIME, ReportKey, Source, Text
from nianbao.paths import Project
from nianbao.runs.lint import lint_notebook
from nianbao.runs.run import run_section
from pages import ANALYSTS, GUIDES, Fence, fences, quoted, tables


def narratives() -> list[tuple[Fence, Fence]]:
    pairs = [pair for page in GUIDES for pair in pairwise(fences(page))]
    return [(block, after) for block, after in pairs if block.language == "narrative"]


@pytest.mark.parametrize(("block", "after"), narratives(), ids=range(len(narratives())))
def test_each_narrative_prints_what_stands_under_it(repository: Project, block: Fence, after: Fence) -> None:
    key = ReportKey(block.words[0], int(block.words[1]))
    text = Text("overview", block.content, Source("snippet.md"))

    last = key.previous if key.year - 1 in repository.years(key.office) else None
    rendered = render(text, load(repository, key), load(repository, last) if last else None)
    if after.language == "error":
        (issue,) = rendered.issues
        assert f"{issue.source}：{issue.words[0] if issue.words else ''}" == after.content.strip()
    else:
        assert after.language == "text"
        assert (rendered.text, rendered.issues) == (after.content, ())


def test_the_codes_that_a_narrative_may_use_are_the_forms() -> None:
    (table,) = [table for table in tables(ANALYSTS) if table[0][1:] == ["rows", "columns"]]
    said: set[tuple[str, str, str]] = set()
    head = ""
    for row in table[1:]:
        head = row[0] or head
        years = re.findall(r"\((\d{4})\)", head) or list(EDITIONS)
        own = {"2019": re.findall(r"\(2019: `(\w+)` for these three\)", row[1]), "2021": []}
        for year in years:
            codes = [code for code in quoted(row[1]) if code not in own["2019"]]
            codes = [code for code in codes if not (own["2019"] and year == "2019" and code.startswith("other_"))]
            name = quoted(head)[0]
            said |= {(year, f"{name}.{code}", column) for code in codes + own[year] for column in quoted(row[2])}
    declared = {(code, f"{ref.table}.{ref.row}", ref.column) for code, form in EDITIONS.items() for ref in form.cells}
    assert said == declared


def test_the_first_lines_of_the_input_files_are_those_in_the_table() -> None:
    (table,) = [table for table in tables(ANALYSTS) if table[0][1] == "first line"]
    first = {Path(quoted(row[0])[0]).stem: quoted(row[1])[0] for row in table[1:] if row[1]}
    columns = {table.code: table_columns(table) for table in EDITIONS["2021"].tables} | {"figures": FIGURE_COLUMNS}
    assert first == {name: ",".join(names) for name, names in columns.items()}


def test_the_settings_shown_are_all_that_there_are() -> None:
    shown = {fence.words[0]: fence.content for fence in fences(ANALYSTS) if fence.language == "yaml"}
    for name, settings in (("office", OFFICE_SETTINGS), ("year", year_settings(2023))):
        assert read_settings(shown[name], settings, name)[1] == []
        assert list(yaml.safe_load(shown[name])) == list(settings)


def test_the_waiver_shown_is_a_waiver(project: Project) -> None:
    (shown,) = [fence.content for fence in fences(ANALYSTS) if fence.words == ("waivers",)]
    project.waivers_file("shili").write_text(shown, encoding="utf-8")
    (waiver,), issues = load_waivers(project, "shili")
    assert issues == []
    assert (waiver.rule, waiver.name) == ("T2-STOCK", "张三")


def test_the_suite_shown_is_the_one_that_runs(repository: Project) -> None:
    (shown,) = [json.loads(fence.content) for fence in fences(ANALYSTS) if fence.words == ("suite",)]
    suite = json.loads((repository.expectations / "panzhihua" / "figures.json").read_text(encoding="utf-8"))
    assert shown == suite["expectations"][0]


def test_each_name_in_the_tables_of_section_calls_is_there(repository: Project) -> None:
    import nianbao.section as room

    section = room.open_section("shili", 2023, "applications", project=repository.root)
    shown = [table for page in GUIDES for table in tables(page) if table[0][0] in {"call", "调用"}]
    assert len(shown) == 3
    for table in shown:
        for row in table[1:]:
            for call in quoted(row[0]):
                name = re.split(r"[(]", call)[0]
                owner = section if name.startswith("section.") else room
                assert hasattr(owner, name.removeprefix("section.")), call


@pytest.mark.parametrize("slug", ["applications", "proactive"])
def test_the_cells_shown_run_in_their_section(project: Project, slug: str) -> None:
    sources = [fence.content for page in GUIDES for fence in fences(page) if fence.words == (f"section={slug}",)]
    assert sources
    section = next(section for section in SECTIONS if section.slug == slug)
    notebook = nbformat.read(project.notebook("shili", section), as_version=4)
    notebook.cells += [
        nbformat.v4.new_code_cell(source, id=f"snippet-{number}") for number, source in enumerate(sources)
    ]
    own = project.notebooks / "shili" / f"{section.stem}.ipynb"
    own.parent.mkdir()
    nbformat.write(notebook, own)
    assert lint_notebook(project, own, [section.stem]) == []
    executed = nbformat.reads(run_section(project, ReportKey("shili", 2023), section).executed, as_version=4)
    for cell in executed.cells[-len(sources) :]:
        (output,) = cell.outputs
        assert BLOCK_MIME in output.data or "text/html" in output.data
