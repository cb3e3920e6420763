"""A format's bytes depend on the notebook alone, not on what the process did before."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import nbformat
import pytest

from builders import stitched_notebook
from nianbao.export import FORMATS
from nianbao.form.cells import number

pytestmark = pytest.mark.slow

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><text x="5" y="20">图</text></svg>'
# Libraries that change what the whole process shares when they are imported (prefixes of XML namespaces, say).
BUSY = "import openpyxl, docx, matplotlib, rocrate.rocrate, nbconvert, lxml.html, pandas"
SCRIPT = """
import hashlib, sys
{before}
from nianbao.export import export
from nianbao.export.document import read_document
import nbformat

report = read_document(nbformat.read(sys.argv[1], 4))
for form in {forms!r}:
    print(form, hashlib.sha256(export(report, form)[0].content).hexdigest())
"""


def digests(path: Path, forms: list[str], before: str = "") -> dict[str, str]:
    script = SCRIPT.format(before=before, forms=forms)
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(line.split() for line in done.stdout.splitlines())


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bytes") / "report.ipynb"
    nbformat.write(stitched_notebook(svg=SVG, draft=True), path)
    return path


def test_the_bytes_are_the_same_whatever_was_imported_or_exported_before(notebook: Path) -> None:
    alone = {form: digest for name in FORMATS for form, digest in digests(notebook, [name]).items()}
    assert digests(notebook, list(FORMATS), BUSY) == alone
    assert digests(notebook, [*reversed(FORMATS)]) == alone


def test_a_workbook_is_the_same_whatever_report_was_exported_before(notebook: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.ipynb"
    nbformat.write(stitched_notebook(edition="2019", year=2020, value_of=lambda _: number(Decimal("1.50"))), other)
    earlier = (
        "import nbformat; from nianbao.export.document import read_document; from nianbao.export import export; "
        f"export(read_document(nbformat.read({str(other)!r}, 4)), 'xlsx')"
    )
    assert digests(notebook, ["xlsx"], earlier) == digests(notebook, ["xlsx"])
