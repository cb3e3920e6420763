"""Owns what our nbconvert exporters share: notebook -> Document -> one format.

May import: export.document. Each format is a subclass, registered under ``nbconvert.exporters``.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from nianbao.export.document import Document, read_document


class DocumentExporter(Exporter):
    """An exporter that reads the notebook into a Document and writes that; ``jupyter nbconvert`` runs it too."""

    # The finished report's file name for this format; other formats link to it.
    file_name: ClassVar[str]

    def from_notebook_node(  # type: ignore[override]  # nbconvert declares its base class's notebook, not the output
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """The notebook in this format, as text or bytes; ExportError where it holds no report."""
        # nbconvert's own base class copies the notebook and runs the configured preprocessors.
        prepared, found = super().from_notebook_node(nb, resources, **kw)
        return self.write(read_document(prepared)), found

    @abstractmethod
    def write(self, document: Document) -> str | bytes:
        """Set the document in this format; the same document gives the same bytes."""
