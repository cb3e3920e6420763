"""Owns what our nbconvert exporters share: notebook -> Document -> one format.

May import: export.document. Each format is a subclass, registered under ``nbconvert.exporters``.
"""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Unicode

from nianbao.export.document import Document, read_document


class DocumentExporter(Exporter):
    """An exporter that reads the notebook into a Document and writes that; ``jupyter nbconvert`` runs it too.

    ``font_dir`` (a folder, or empty) holds the fonts that the office has licensed.
    """

    # The finished report's file name for this format; other formats link to it.
    file_name: ClassVar[str]

    font_dir = Unicode("", help="a folder with the office's own fonts").tag(config=True)

    def from_notebook_node(  # type: ignore[override]  # nbconvert declares its base class's notebook, not the output
        self, nb: NotebookNode, resources: Any = None, *, document: Document | None = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """The notebook in this format, as text or bytes; ExportError where it holds no report.

        ``document`` is what the caller has read from ``nb`` already, for whoever makes several formats of it.
        """
        if any(getattr(preprocessor, "enabled", True) for preprocessor in self._preprocessors):
            # nbconvert's own base class copies the notebook and runs the configured preprocessors.
            nb, resources = super().from_notebook_node(nb, resources, **kw)
            document = None
        else:
            # It would copy the notebook three times, and validate it after each of those that do nothing.
            resources = self._init_resources(resources)  # type: ignore[no-untyped-call]
        return self.write(document or read_document(nb)), resources

    @classmethod
    def warm_up(cls) -> None:
        """Do now what the first document would wait for; for a caller that has to wait for something else anyway."""

    @property
    def font_folder(self) -> Path | None:
        """The folder of the office's own fonts, or None."""
        return Path(self.font_dir) if self.font_dir else None

    @abstractmethod
    def write(self, document: Document) -> str | bytes:
        """Set the document in this format; the same document gives the same bytes."""
