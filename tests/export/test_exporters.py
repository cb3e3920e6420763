"""``jupyter nbconvert --to nianbao-…`` gives the bytes of the report."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell, new_notebook, new_output

from builders import made, stitched_notebook
from made_fonts import make_font
from nianbao.errors import ExportError
from nianbao.export import FORMATS
from nianbao.section import display


@pytest.mark.parametrize("form", FORMATS)
def test_an_exporter_gives_the_same_bytes_as_the_report(form: str) -> None:
    notebook = stitched_notebook()
    exporter = get_exporter(f"nianbao-{form}")()
    content, _ = exporter.from_notebook_node(notebook)
    assert content == made(notebook, form)
    assert exporter.file_extension == f".{form}"
    nbformat.validate(notebook)


def test_an_exporter_takes_a_folder_of_fonts(tmp_path: Path) -> None:
    make_font(tmp_path, "FangSong_GB2312", "适时更新政府信息公开指南。")
    exporter = get_exporter("nianbao-pdf")(font_dir=str(tmp_path))
    assert b"FangSong_GB2312" in exporter.from_notebook_node(stitched_notebook())[0]


@pytest.mark.parametrize("form", FORMATS)
def test_a_section_that_has_run_is_set_by_itself(form: str) -> None:
    cells = [
        new_code_cell('office: str = "shili"\nyear: int = 2021', metadata={"tags": ["parameters"]}),
        new_code_cell("year = 2023", metadata={"tags": ["injected-parameters"]}),
        new_code_cell("1", outputs=[new_output("display_data", data=display.heading("四、甲乙").bundle)]),
    ]
    content, _ = get_exporter(f"nianbao-{form}")().from_notebook_node(
        new_notebook(cells=cells), {"metadata": {"name": "04_review"}}
    )
    assert content
    if form == "html":
        assert "四、甲乙" in content.decode()
        assert "2023年 04_review" in content.decode()


def test_a_notebook_that_is_no_report_is_refused() -> None:
    with pytest.raises(ExportError, match="holds no report"):
        get_exporter("nianbao-html")().from_notebook_node(new_notebook())


def test_nbconverts_command_says_so_without_a_traceback(tmp_path: Path) -> None:
    nbformat.write(new_notebook(), tmp_path / "none.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "nianbao-html", "none.ipynb"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == ExportError.exit_code
    assert "none: the notebook holds no report" in said.stderr
    assert "Traceback" not in said.stderr
