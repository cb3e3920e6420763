"""Owns the formats: a stitched notebook goes in, the bytes of one format come out.

May import: errors, form, model and its own modules. Exporters never read params/ or data/.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nianbao.errors import UnknownNameError
from nianbao.model import ExportedFile, Report

# Format -> the name under which its exporter is registered (entry-point group nbconvert.exporters).
FORMATS = {"html": "nianbao-html", "pdf": "nianbao-pdf", "docx": "nianbao-docx", "xlsx": "nianbao-xlsx"}

# Format -> the file that it is published as. Known here, so that nobody has to import an exporter to learn it.
FILE_NAMES = {"html": "report.html", "pdf": "report.pdf", "docx": "report.docx", "xlsx": "tables.xlsx"}


def warm_up(forms: Iterable[str]) -> None:
    """Import what the formats need; for a caller that has to wait for something else anyway."""
    from nbconvert.exporters.base import get_exporter

    for form in forms:
        get_exporter(FORMATS[form])


def export(report: Report, form: str, *, font_dir: Path | None = None) -> ExportedFile:
    """One format of a report, through the nbconvert exporter registered for it; ``font_dir`` holds the office's fonts.

    Raises UnknownNameError for a format that is not ours, ExportError where the content cannot be set.
    """
    import nbformat
    from nbconvert.exporters.base import get_exporter
    from traitlets.config import Config

    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS)
    config = Config({"DocumentExporter": {"font_dir": str(font_dir)}}) if font_dir else None
    exporter = get_exporter(FORMATS[form])(config=config)
    content, _ = exporter.from_notebook_node(nbformat.reads(report.notebook, as_version=4))
    return ExportedFile(exporter.file_name, content.encode() if isinstance(content, str) else content)
