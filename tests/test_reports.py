"""The reports themselves, made from the repository's inputs and read back format by format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import extract
import extract_words as words
from finished import Finished, Variant
from nianbao.form import edition_for
from nianbao.inputs import load

EXPECTED = json.loads((Path(__file__).parent / "expected" / "panzhihua-2023.json").read_text(encoding="utf-8"))
PANZHIHUA = Variant("panzhihua", 2023, "official")


def printed(finished: Finished, variant: Variant) -> extract.Cells:
    loaded = load(finished.project, variant.key)
    return {str(ref): extract.bare(loaded.value(ref).printed) for ref in loaded.edition.cells}


def test_the_inputs_of_panzhihua_are_the_published_cells(finished: Finished) -> None:
    expected = {
        f"{table}.{row}.{column}": str(value)
        for table, rows in EXPECTED["tables"].items()
        for row, columns in rows.items()
        for column, value in columns.items()
    }
    assert len(expected) == 200
    assert printed(finished, PANZHIHUA) == expected


@pytest.mark.parametrize("name", ["report.html", "report.docx", "tables.xlsx", "report.pdf", "report.ipynb"])
def test_each_cell_stands_in_each_format(finished: Finished, variant: Variant, name: str) -> None:
    content = finished.content(variant, name)
    edition = edition_for(variant.year).code
    read: dict[str, Callable[[], extract.Cells]] = {
        "report.html": lambda: extract.cells_of(extract.html_tables(content), edition),
        "report.docx": lambda: extract.cells_of(extract.docx_tables(content), edition),
        "tables.xlsx": lambda: extract.cells_of(extract.xlsx_tables(content), edition),
        "report.pdf": lambda: extract.pdf_cells(content, edition),
        "report.ipynb": lambda: extract.notebook_tables(content.decode()),
    }
    assert read[name]() == printed(finished, variant)


def test_the_same_paragraphs_stand_in_each_format_in_the_same_order(finished: Finished, variant: Variant) -> None:
    flow = words.notebook_flow(finished.content(variant, "report.ipynb").decode())
    paragraphs = [piece.words for piece in flow if piece.kind == "words"]
    assert len(paragraphs) > 20
    assert words.html_words(finished.content(variant, "report.html")) == paragraphs
    assert words.docx_words(finished.content(variant, "report.docx")) == paragraphs
    assert words.pdf_faults(finished.content(variant, "report.pdf"), flow) == []


def test_pictures_say_the_same_in_each_format(finished: Finished, variant: Variant) -> None:
    said = words.notebook_alternatives(finished.content(variant, "report.ipynb").decode())
    assert words.html_alternatives(finished.content(variant, "report.html")) == said
    assert words.docx_alternatives(finished.content(variant, "report.docx")) == said
    assert words.pdf_alternatives(finished.content(variant, "report.pdf")) == said
    assert all(f"{variant.year}年" in alternative for alternative in said)


def test_the_words_of_pictures_are_words_in_the_page_the_pdf_and_the_notebook(
    finished: Finished, variant: Variant
) -> None:
    drawn = words.svg_words(words.notebook_pictures(finished.content(variant, "report.ipynb").decode()))
    assert words.svg_words(words.html_pictures(finished.content(variant, "report.html"))) == drawn
    text = extract.bare(extract.pdf_text(finished.content(variant, "report.pdf")))
    assert [part for part in drawn if extract.bare(part) not in text] == []


@pytest.mark.parametrize("name", ["report.html", "report.pdf", "report.docx"])
def test_each_published_fact_stands_in_the_text(finished: Finished, name: str) -> None:
    read = {"html": extract.html_text, "pdf": extract.pdf_text, "docx": extract.docx_text}[name.rsplit(".", 1)[1]]
    text = extract.bare(read(finished.content(PANZHIHUA, name)))
    assert len(EXPECTED["facts"]) >= 70
    assert [fact for fact in EXPECTED["facts"] if extract.bare(fact) not in text] == []


def test_the_narrative_stands_in_the_report_word_by_word(finished: Finished, variant: Variant) -> None:
    whole = "".join(words.notebook_words(finished.content(variant, "report.ipynb").decode()))
    for path in sorted((finished.project.data_of(variant.key) / "narrative").glob("*.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for fixed in re.split(r"{{.*?}}", line.lstrip("#- ").replace("**", "")):
                assert extract.bare(fixed) in whole


def test_official_reports_have_no_figures_and_illustrated_ones_do(finished: Finished, variant: Variant) -> None:
    pictures = len(words.html_pictures(finished.content(variant, "report.html")))
    assert pictures == 0 if variant.profile == "official" else pictures >= (4 if "shili-2023" in str(variant) else 1)


def test_an_illustrated_report_ends_with_the_year_on_a_page_of_its_own(finished: Finished) -> None:
    for variant in (Variant("shili", 2023, "illustrated"), Variant("panzhihua", 2023, "illustrated")):
        pages = words.pdf_pages(finished.content(variant, "report.pdf"))
        begins = [extract.bare(page).startswith("附：2023年政府信息公开工作图解") for page in pages]
        assert begins == [False] * (len(pages) - 1) + [True]


def test_a_made_up_report_says_so(finished: Finished) -> None:
    shili = Variant("shili", 2023, "illustrated")
    assert "虚构" in extract.html_text(finished.content(shili, "report.html"))
    assert "虚构" in extract.pdf_text(finished.content(shili, "report.pdf"))


def test_findings_and_manifest_lie_beside_the_report(finished: Finished, variant: Variant) -> None:
    findings = json.loads(finished.content(variant, "findings.json"))
    assert not [item for item in findings["findings"] if item["severity"] == "error" and item["state"] == "fail"]
    manifest = json.loads(finished.content(variant, "manifest.json"))
    inputs = [item["path"] for item in manifest["inputs"]]
    assert f"data/{variant.office}/{variant.year}/applications.csv" in inputs
    sums = finished.content(variant, "SHA256SUMS").decode()
    names = {line.split("  ")[1] for line in sums.splitlines()}
    assert names >= {"report.html", "report.pdf", "report.docx", "tables.xlsx"}


def test_nothing_of_this_machine_is_in_the_files(finished: Finished, variant: Variant) -> None:
    for path in finished.folder(variant).rglob("*"):
        if path.suffix in {".html", ".ipynb", ".json"}:
            text = path.read_text(encoding="utf-8")
            assert str(finished.project.root) not in text, path.name
            assert finished.project.root.name not in text, path.name
