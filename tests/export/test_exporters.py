"""``jupyter nbconvert --to nianbao-…`` gives the bytes of the report."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_notebook

from builders import made, stitched_notebook
from made_fonts import make_font
from nianbao.errors import ExportError
from nianbao.export import FORMATS


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


def test_a_notebook_that_is_no_report_is_refused() -> None:
    with pytest.raises(ExportError, match="holds no report"):
        get_exporter("nianbao-html")().from_notebook_node(new_notebook())
