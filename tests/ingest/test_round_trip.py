from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import integers

from builders import OVERVIEW, made, stitched_notebook
from ingest.damage import chance_of, values_for
from looks import by_libreoffice, needs_soffice
from nianbao.export import FILE_NAMES
from nianbao.form import EDITIONS, CellRef
from nianbao.form.cells import Value
from nianbao.ingest import Ingested, read

FORMATS = ("html", "pdf", "docx", "xlsx")
YEARS = {"2019": 2020, "2021": 2023}


def exported(folder: Path, form: str, edition: str, values: dict[CellRef, Value]) -> Path:
    notebook = stitched_notebook(edition, YEARS[edition], value_of=values.__getitem__)
    path = folder / FILE_NAMES[form]
    path.write_bytes(made(notebook, form))
    return path


def check_cells(found: Ingested, values: dict[CellRef, Value]) -> None:
    read_back = {ref: (cell.value.state, cell.value.number) for ref, cell in found.cells.items()}
    assert read_back == {ref: (value.state, value.number) for ref, value in values.items()}
    assert found.gaps == ()


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("form", FORMATS)
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    # Each example writes its file anew; the folder is all that they share.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=integers(0, 1_000_000))
def test_our_own_exports_come_back_cell_by_cell(tmp_path: Path, form: str, edition: str, seed: int) -> None:
    values = values_for(EDITIONS[edition], chance_of(f"{form}{edition}{seed}"))
    found = read(exported(tmp_path, form, edition, values))
    assert found.edition == edition
    check_cells(found, values)


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
def test_our_own_exports_come_back_with_their_texts(tmp_path: Path, form: str) -> None:
    values = values_for(EDITIONS["2021"], chance_of(form), blanks=False)
    found = read(exported(tmp_path, form, "2021", values))
    assert (found.office_name, found.year) == ("示例市人民政府办公室", 2023)
    assert str(found.published) == "2024-01-10"
    written = (
        OVERVIEW.format(year=2023).replace("**", "").replace("[门户网站](https://example.invalid/policy)", "门户网站")
    )
    assert found.sections["overview"] == written
    assert set(found.sections) == {"overview", "problems", "other"}


@pytest.mark.slow
@needs_soffice
def test_a_pdf_that_an_office_program_made_is_read_by_its_layout(tmp_path: Path) -> None:
    values = values_for(EDITIONS["2021"], chance_of("office"))
    path = exported(tmp_path, "docx", "2021", values)
    (printed,) = by_libreoffice(tmp_path, path)
    check_cells(read(printed), values)
