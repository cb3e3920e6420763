"""Our formats as nbconvert exporters, for ``jupyter nbconvert --to nianbao-pdf report.ipynb``.

A section's notebook that has run is set too, as a document of its own: what it shows, under its file's name.
Registered in the entry-point group ``nbconvert.exporters``. The pipeline has the document already and writes it with
``nianbao.export.export``; both give the same bytes.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Unicode, default
from traitlets.config import Application

from nianbao.errors import NianbaoError
from nianbao.export import export, file_name
from nianbao.export.document import read_document
from nianbao.form import edition_for
from nianbao.model import WordTemplate

_PARAMETERS = frozenset({"parameters", "injected-parameters"})


class DocumentExporter(Exporter):
    """Reads a stitched notebook into a Document and writes that in one format.

    ``font_dir`` (a folder, or empty) holds the fonts that the office has licensed, ``word_template`` (a file, or empty)
    gives a DOCX its cover, page and styles.
    """

    form: ClassVar[str]

    font_dir = Unicode("", help="a folder with the office's own fonts").tag(config=True)
    word_template = Unicode("", help="the office's own Word template, for DOCX").tag(config=True)

    @default("file_extension")
    def _extension(self) -> str:
        return "".join(Path(file_name(self.form)).suffixes)

    def from_notebook_node(  # type: ignore[override]  # nbconvert declares a notebook as its own base class's output
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """The notebook in this format; ExportError where it holds no report."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        folder = Path(self.font_dir) if self.font_dir else None
        name = str((resources or {}).get("metadata", {}).get("name", "notebook"))
        try:
            document = read_document(_as_report(notebook, name))
            if self.word_template:
                own = Path(self.word_template)
                document = replace(document, template=WordTemplate(own.name, own.read_bytes()))
            made, *others = export(document, self.form, font_dir=folder)
        except NianbaoError as error:
            # Under the command nbconvert, whose frames say nothing to anybody, its log says it, and it ends.
            if Application.initialized() and (command := Application.instance()).name == "jupyter-nbconvert":
                command.log.error("%s: %s", name, error)  # noqa: TRY400 -- without its frames
                command.exit(error.exit_code)
            raise
        resources["outputs"] = {**resources.get("outputs", {}), **{file.name: file.content for file in others}}
        return made.content, resources


def _as_report(notebook: NotebookNode, name: str) -> NotebookNode:
    """The notebook itself, but that of a section which has run with the metadata that a report has."""
    given = _parameters(notebook)
    ran = any(cell.get("outputs") for cell in notebook.cells)
    if not ran or "year" not in given or "title" in notebook.metadata.get("nianbao", {}):
        return notebook
    office, year = str(given.get("office", "")), int(given["year"])
    about = {"title": f"{year}年 {name}", "office": {"name": office}, "year": year, "edition": edition_for(year).code}
    return NotebookNode(notebook, metadata=NotebookNode(notebook.metadata, nianbao=about))


def _parameters(notebook: NotebookNode) -> dict[str, Any]:
    """The plain values of the cells with parameters: those that papermill has put in come after the defaults."""
    given: dict[str, Any] = {}
    for cell in notebook.cells:
        if not _PARAMETERS.intersection(cell.metadata.get("tags", ())):
            continue
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                given[ast.unparse(target)] = node.value.value
    return given


class HtmlExporter(DocumentExporter):
    """The report as one HTML file."""

    form = "html"
    export_from_notebook = "nianbao HTML"
    output_mimetype = "text/html"


class FragmentExporter(DocumentExporter):
    """The report as a fragment for a content management system; its pictures are files beside it."""

    form = "fragment"
    export_from_notebook = "nianbao HTML fragment"
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
