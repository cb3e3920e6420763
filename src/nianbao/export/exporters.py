"""Our formats as nbconvert exporters, for ``jupyter nbconvert --to nianbao-pdf report.ipynb``.

Registered in the entry-point group ``nbconvert.exporters``. The pipeline has the document already and writes it with
``nianbao.export.export``; both give the same bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Unicode, default

from nianbao.export import export
from nianbao.export.document import read_document


class DocumentExporter(Exporter):
    """Reads a stitched notebook into a Document and writes that in one format.

    ``font_dir`` (a folder, or empty) holds the fonts that the office has licensed.
    """

    form: ClassVar[str]

    font_dir = Unicode("", help="a folder with the office's own fonts").tag(config=True)

    @default("file_extension")
    def _extension(self) -> str:
        return f".{self.form}"

    def from_notebook_node(  # type: ignore[override]  # nbconvert declares a notebook as its own base class's output
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """The notebook in this format; ExportError where it holds no report."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        folder = Path(self.font_dir) if self.font_dir else None
        return export(read_document(notebook), self.form, font_dir=folder).content, resources


class HtmlExporter(DocumentExporter):
    """The report as one HTML file."""

    form = "html"
    export_from_notebook = "nianbao HTML"
    output_mimetype = "text/html"


class PdfExporter(DocumentExporter):
    """The report as PDF."""

    form = "pdf"
    output_mimetype = "application/pdf"


class DocxExporter(DocumentExporter):
    """The report as an editable Word document."""

    form = "docx"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class XlsxExporter(DocumentExporter):
    """The report's tables as a workbook."""

    form = "xlsx"
    export_from_notebook = "nianbao XLSX"
    output_mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
