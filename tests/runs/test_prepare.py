from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from nianbao.errors import NotebookError, UnknownNameError, UsageError
from nianbao.runs.run import (
    check_parameters,
    declared_parameters,
    read_notebook,
    without_times,
)

PARAMETERS = new_code_cell('office: str = "x"\nyear: int = 2023\nother = [1]', metadata={"tags": ["parameters"]})


def test_annotated_and_plain_defaults_are_found() -> None:
    assert declared_parameters(new_notebook(cells=[PARAMETERS]), "n") == {"office": "x", "year": 2023, "other": None}


def test_a_notebook_without_a_parameters_cell_is_refused() -> None:
    with pytest.raises(NotebookError, match="no cell tagged 'parameters'"):
        declared_parameters(new_notebook(cells=[new_code_cell("office = 1")]), "n")


def test_a_misspelt_parameter_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'year'"):
        check_parameters({"yaer": 2019}, {"office": "x", "year": 2023}, "n")


def test_a_parameter_of_another_type_is_refused() -> None:
    with pytest.raises(UsageError, match="must be int, not str"):
        check_parameters({"year": "2023"}, {"year": 2020}, "n")


def test_nothing_of_time_or_place_is_left() -> None:
    cell = new_code_cell(
        "1",
        metadata={"papermill": {"start_time": "now"}, "execution": {"iopub": "now"}, "tags": ["injected-parameters"]},
    )
    notebook = new_notebook(
        cells=[cell],
        metadata={"papermill": {"output_path": "/x"}, "language_info": {"name": "python", "version": "3.11.7"}},
    )
    text = nbformat.writes(without_times(notebook))
    assert "now" not in text
    assert "/x" not in text
    assert "3.11.7" not in text
    assert '"id": "injected-parameters"' in text
    assert cell.metadata.papermill


def test_a_broken_notebook_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    for content in (b"", b"{}", b"not json", b'{"cells": 3}', "年报".encode("gbk")):
        path.write_bytes(content)
        with pytest.raises(NotebookError, match="is no valid notebook"):
            read_notebook(path, "notebooks/n.ipynb")
    with pytest.raises(NotebookError, match="is missing"):
        read_notebook(tmp_path / "none.ipynb", "n")
