"""What validators of others say of finished reports: PDF/A and PDF/UA, and the Office formats' schemas.

They are no dependency of the project: where one is not installed (`pip install page-validation openxml-audit`), its tests
are skipped.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from finished import VARIANTS, Finished, Variant

# page-validation 0.11 takes the width of a glyph that its font does not state for 0, where the font's defaultWidthX holds.
WIDTHS = {"PDFUA1-FONT-GLYPH-WIDTH-001", "PDFA2A-TRUETYPE-GLYPH-WIDTH-001"}
# And a stream whose last byte is a carriage return for one byte shorter than it is.
LENGTH = "PDFA2A-STREAM-LENGTH-001"
STREAM = re.compile(rb"/Length (\d+)[^>]*>>\s*stream\r?\n")


def ends_in_a_carriage_return(pdf: bytes) -> bool:
    """Whether a stream does, of those that end where they say."""
    ends = [found.end() + int(found[1]) for found in STREAM.finditer(pdf)]
    assert all(pdf[end : end + 10] == b"\nendstream" for end in ends)
    return any(pdf[end - 1 : end] == b"\r" for end in ends)


@pytest.mark.parametrize("report", VARIANTS, ids=str)
@pytest.mark.parametrize("profile", ["pdf-ua-1", "pdf-a-2a"])
def test_the_pdf_keeps_the_rules_of_pdf_a_and_pdf_ua(finished: Finished, report: Variant, profile: str) -> None:
    validation = pytest.importorskip("page", reason="page-validation is not installed")
    content = finished.content(report, "report.pdf")
    found = validation.validate_pdf_bytes(content, profile=profile)
    wrong = {failure.rule_id for failure in found.failures} - WIDTHS
    if ends_in_a_carriage_return(content):
        wrong -= {LENGTH}
    assert wrong == set()
    assert found.rules.total > 100


@pytest.mark.parametrize("report", VARIANTS, ids=str)
@pytest.mark.parametrize("name", ["report.docx", "tables.xlsx"])
def test_office_files_keep_their_formats_schema(finished: Finished, report: Variant, name: str, tmp_path: Path) -> None:
    audit = pytest.importorskip("openxml_audit", reason="openxml-audit is not installed")
    file = tmp_path / name
    file.write_bytes(finished.content(report, name))
    assert [str(error) for error in audit.OpenXmlValidator().validate(str(file)).errors] == []


def test_a_file_without_language_and_alternative_text_is_found(finished: Finished) -> None:
    validation = pytest.importorskip("page", reason="page-validation is not installed")
    spoiled = finished.content(VARIANTS[-1], "report.pdf").replace(b"/Lang", b"/Lanx").replace(b"/Alt", b"/Alx")
    found = validation.validate_pdf_bytes(spoiled, profile="pdf-ua-1")
    assert {failure.rule_id for failure in found.failures} - WIDTHS
