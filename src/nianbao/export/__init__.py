"""Owns the formats: a stitched notebook goes in, the bytes of one format come out.

May import: errors, form, kept_code, model, put_off and its own modules. Exporters never read params/ or data/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.errors import UnknownNameError
from nianbao.model import ExportedFile, Report
from nianbao.put_off import SCHEMA_FORMATS, left_out, put_off

if TYPE_CHECKING:
    from nianbao.export.document import Document

# Format -> the name under which its exporter is registered (entry-point group nbconvert.exporters).
FORMATS = {"html": "nianbao-html", "pdf": "nianbao-pdf", "docx": "nianbao-docx", "xlsx": "nianbao-xlsx"}

# Format -> the file that it is published as. Known here, so that nobody has to import an exporter to learn it.
FILE_NAMES = {"html": "report.html", "pdf": "report.pdf", "docx": "report.docx", "xlsx": "tables.xlsx"}

# How long they take, the slowest first: shared out in this order, two processes are done at about the same time.
SLOWEST_FIRST = ("docx", "pdf", "xlsx", "html")

# The formats that hold the tables and the findings, those of a final report too; the others print all that there is to
# read, and findings in drafts alone.
WORKBOOKS = frozenset({"xlsx"})


def warm_up(forms: Iterable[str], go_on: Callable[[], bool] = lambda: True) -> bool:
    """Import and read what the formats need; whether all of it was done.

    ``go_on`` is asked before each piece (a tenth to a quarter of a second), for a caller that has to wait for something
    else, and wants no more when that is there.
    """
    for form in forms:
        if not go_on():
            return False
        exporter = _exporter(form)
        if not go_on():
            return False
        exporter.warm_up()
    return True


def load_fonts() -> None:
    """Have Typst read the open fonts: in a process that is not to be forked any more, for Typst cannot be."""
    from nianbao.export.fonts import OPEN, resolve, typst_fonts

    typst_fonts(resolve(OPEN).folders)


def document_of(report: Report) -> Document:
    """The document that a report's notebook holds; read once for all of its formats."""
    document: Document = _read(report.notebook)[1]
    return document


def export(report: Report, form: str, *, font_dir: Path | None = None) -> ExportedFile:
    """One format of a report, through the nbconvert exporter registered for it; ``font_dir`` holds the office's fonts.

    Raises UnknownNameError for a format that is not ours, ExportError where the content cannot be set.
    """
    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS)
    exporter = _ready(form, font_dir)
    notebook, document = _read(report.notebook)
    content, _ = exporter.from_notebook_node(notebook, document=document)
    return ExportedFile(exporter.file_name, content.encode() if isinstance(content, str) else content)


@lru_cache(maxsize=2 * len(FORMATS))
def _ready(form: str, font_dir: Path | None) -> Any:
    """An exporter; it keeps nothing of one notebook for the next, and is slow to make (nbconvert's preprocessors)."""
    from traitlets.config import Config

    config = Config({"DocumentExporter": {"font_dir": str(font_dir)}}) if font_dir else None
    return _exporter(form)(config=config)


_CALLED = {
    "bs4": ("BeautifulSoup",),
    "nbconvert.filters.markdown_mistune": ("IPythonRenderer", "MarkdownWithMath", "markdown2html_mistune"),
    "nbconvert.preprocessors.sanitize": ("_get_default_css_sanitizer",),
}


@cache
def _exporter(form: str) -> Any:
    """The exporter's class, as this package registers it.

    Asked by name, nbconvert would look through all that is installed, each time.
    """
    (registered,) = distribution("nianbao").entry_points.select(group="nbconvert.exporters", name=FORMATS[form])
    # What nbconvert serves slides with brings a web server. Its filters of Markdown and of unsafe HTML are for its own
    # exporters, and with what they import they are two thirds of its import.
    with left_out("nbconvert.postprocessors.serve", *SCHEMA_FORMATS), put_off("bleach", called=_CALLED):
        return registered.load()


@lru_cache(maxsize=2)  # of one report, with findings and without
def _read(notebook: str) -> tuple[Any, Any]:
    from nianbao import notebooks
    from nianbao.export.document import read_document

    node = notebooks.from_text(notebook)
    return node, read_document(node)
