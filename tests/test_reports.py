"""The reports themselves, made by the command line from the repository's inputs and read back format by format."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import extract
from nianbao.form import edition_for
from nianbao.inputs import load
from nianbao.model import ReportKey
from nianbao.paths import Project

EXPECTED = json.loads((Path(__file__).parent / "expected" / "panzhihua-2023.json").read_text(encoding="utf-8"))
REPORTS = [("panzhihua", 2023), ("shili", 2020), ("shili", 2023)]

pytestmark = pytest.mark.xdist_group("reports")


@pytest.fixture(scope="module")
def made(repository: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the inputs, in a folder with a space and Chinese characters in its name, with finished reports."""
    root = tmp_path_factory.mktemp("年报 工作")
    for folder in ("params", "data", "notebooks", "expectations"):
        shutil.copytree(repository.root / folder, root / folder)
    for office, year in REPORTS:
        call = [sys.executable, "-m", "nianbao", "--project", str(root), "report", office, str(year)]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return Project(root)


def content(made: Project, office: str, year: int, name: str) -> bytes:
    return (made.output_of(ReportKey(office, year)) / name).read_bytes()


@pytest.fixture(params=REPORTS, ids=lambda report: f"{report[0]}-{report[1]}")
def report(request: pytest.FixtureRequest) -> tuple[str, int]:
    office, year = request.param
    return office, year


def printed(made: Project, office: str, year: int) -> extract.Cells:
    loaded = load(made, ReportKey(office, year))
    return {str(ref): extract.bare(loaded.value(ref).printed) for ref in edition_for(year).cells}


def test_the_inputs_of_panzhihua_are_the_published_cells(made: Project) -> None:
    expected = {
        f"{table}.{row}.{column}": str(value)
        for table, rows in EXPECTED["tables"].items()
        for row, columns in rows.items()
        for column, value in columns.items()
    }
    assert len(expected) == 200
    assert printed(made, "panzhihua", 2023) == expected


def test_each_cell_stands_in_the_html(made: Project, report: tuple[str, int]) -> None:
    tables = extract.html_tables(content(made, *report, "report.html"))
    assert extract.cells_of(tables, edition_for(report[1]).code) == printed(made, *report)


def test_each_cell_stands_in_the_docx(made: Project, report: tuple[str, int]) -> None:
    tables = extract.docx_tables(content(made, *report, "report.docx"))
    assert extract.cells_of(tables, edition_for(report[1]).code) == printed(made, *report)


def test_each_cell_stands_in_the_xlsx(made: Project, report: tuple[str, int]) -> None:
    tables = extract.xlsx_tables(content(made, *report, "tables.xlsx"))
    assert extract.cells_of(tables, edition_for(report[1]).code) == printed(made, *report)


def test_each_cell_stands_in_the_pdf(made: Project, report: tuple[str, int]) -> None:
    assert extract.pdf_cells(content(made, *report, "report.pdf"), edition_for(report[1]).code) == printed(
        made, *report
    )


def test_each_cell_stands_in_the_notebook(made: Project, report: tuple[str, int]) -> None:
    found = extract.notebook_tables(content(made, *report, "report.ipynb").decode())
    assert {ref: extract.bare(text) for ref, text in found.items()} == printed(made, *report)


@pytest.mark.parametrize("name", ["report.html", "report.pdf", "report.docx"])
def test_each_published_fact_stands_in_the_text(made: Project, name: str) -> None:
    read = {"html": extract.html_text, "pdf": extract.pdf_text, "docx": extract.docx_text}[name.rsplit(".", 1)[1]]
    text = extract.bare(read(content(made, "panzhihua", 2023, name)))
    assert len(EXPECTED["facts"]) >= 70
    assert [fact for fact in EXPECTED["facts"] if extract.bare(fact) not in text] == []


def test_the_same_words_stand_in_each_format(made: Project, report: tuple[str, int]) -> None:
    page = extract.bare(extract.html_text(content(made, *report, "report.html")))
    paragraphs = [
        extract.bare(line)
        for path in sorted((made.data_of(ReportKey(*report)) / "narrative").glob("*.md"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip() and "{{" not in line
    ]
    text = extract.bare(extract.docx_text(content(made, *report, "report.docx")))
    pdf = extract.bare(extract.pdf_text(content(made, *report, "report.pdf")))
    for words in (paragraph.lstrip("#") for paragraph in paragraphs):
        assert words in page
        assert words in text
        # Running page numbers may stand between the lines of a PDF's paragraph.
        assert words[:20] in pdf


def test_official_reports_have_no_figures_and_illustrated_ones_do(made: Project) -> None:
    assert b"<svg" not in content(made, "panzhihua", 2023, "report.html")
    assert content(made, "shili", 2023, "report.html").count(b"<svg") >= 3
    assert b"<svg" not in content(made, "shili", 2020, "report.html")


def test_a_made_up_report_says_so(made: Project) -> None:
    assert "虚构" in extract.html_text(content(made, "shili", 2023, "report.html"))
    assert "虚构" in extract.pdf_text(content(made, "shili", 2020, "report.pdf"))


def test_findings_and_manifest_lie_beside_the_report(made: Project, report: tuple[str, int]) -> None:
    findings = json.loads(content(made, *report, "findings.json"))
    assert not [item for item in findings["findings"] if item["severity"] == "error" and item["state"] == "fail"]
    manifest = json.loads(content(made, *report, "manifest.json"))
    assert f"data/{report[0]}/{report[1]}/applications.csv" in [item["path"] for item in manifest["inputs"]]
    sums = content(made, *report, "SHA256SUMS").decode()
    assert {line.split("  ")[1] for line in sums.splitlines()} >= {
        "report.html",
        "report.pdf",
        "report.docx",
        "tables.xlsx",
    }


def test_nothing_of_this_machine_is_in_the_files(made: Project, report: tuple[str, int]) -> None:
    folder = made.output_of(ReportKey(*report))
    for path in (path for path in folder.rglob("*") if path.suffix in {".html", ".ipynb", ".json"}):
        text = path.read_text(encoding="utf-8")
        assert str(made.root) not in text, path.name
        assert "年报 工作" not in text, path.name
