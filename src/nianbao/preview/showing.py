"""What the page beside the report shows, as JSON: findings with their places, errors, a PDF's pages, a workbook.

Imports what reads PDF and workbooks when a tab asks for it.
"""

from __future__ import annotations

import io
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from nianbao.errors import NianbaoError
from nianbao.errors.language import language, tr
from nianbao.export.blocks import Attachment, Heading, TableBlock
from nianbao.export.document import Document
from nianbao.form import SECTIONS
from nianbao.model import ExportedFile
from nianbao.pipeline.checking import Outcome

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# A page of the PDF is drawn so many times as large as it is in points; a screen shows 1.3 to 2.6 of these.
_SCALE = 2.0
_MOST_ROWS = 2000  # of a sheet, shown


def places_of(document: Document) -> dict[str, Any]:
    """Where the page shows what: each cell of a statutory table as [table, row, cell], each section's anchor.

    All count from 0: tables in the order of the page, rows and cells as the browser's ``rows`` and ``cells`` do.
    """
    cells: dict[str, list[int]] = {}
    tables = [block for block in document.blocks if isinstance(block, TableBlock)]
    for number, block in enumerate(tables):
        row, count = -1, 0
        for y, _, cell in block.grid.placed():
            row, count = y, count + 1 if y == row else 0
            if cell.ref:
                cells[cell.ref] = [number, y, count]
    headings = (block for block in document.blocks if isinstance(block, Heading | Attachment))
    anchors = [block.anchor for block in headings if block.anchor]
    return {"cells": cells, "sections": anchors}


def findings_shown(outcome: Outcome) -> dict[str, Any]:
    """The findings that did not pass, the worst first, and their counts."""
    listed = [item for item in outcome.findings["findings"] if item["state"] != "pass"]
    names = ("errors", "warnings", "notes", "not_assessable", "waived", "blocking", "evaluated", "passed")
    counts = {name: outcome.findings["summary"][name] for name in names}
    return {"findings": [_finding_shown(item) for item in listed], "counts": counts}


def _finding_shown(item: dict[str, Any]) -> dict[str, Any]:
    sources = [cell["source"] for cell in item["cells"] if cell.get("source")]
    if item.get("source"):
        sources = [item["source"], *sources]
    return {
        **{name: item[name] for name in ("rule", "state", "severity", "message", "message_en", "fingerprint")},
        "waived": item.get("waived", ""),
        "sources": list(dict.fromkeys(sources)),
        "cells": list(_refs(item)),
        "section": _section(item, sources),
        "words": _words(item),
    }


def _refs(item: dict[str, Any]) -> Iterator[str]:
    """The cells that the finding is about; of a whole row or column, parts of the name are empty."""
    if item["table"]:
        yield ".".join(part or "" for part in (item["table"], item["row"], item["column"]))
    for cell in item["cells"]:
        if not cell.get("year"):  # a cell of this year's report
            yield f"{cell['table']}.{cell['row']}.{cell['column']}"


def _section(item: dict[str, Any], sources: list[str]) -> str:
    """The section that the finding is in, by its narrative, its table or its scope."""
    scope = item.get("scope", "").partition(":")[0]
    if scope.startswith("附件"):
        return Attachment(scope, "").anchor
    for section in SECTIONS:
        narrated = any(f"narrative/{section.stem}." in source for source in sources)
        if narrated or section.slug == scope or (section.table and section.table == item["table"]):
            return str(section.slug)
    return ""


def _words(item: dict[str, Any]) -> str:
    """What the page can be searched for: the words that the message quotes, else what the finding is about."""
    quoted = re.findall(r"“([^”]+)”", item["message"])
    return str(max(quoted, key=len, default=item.get("scope", "").partition(":")[2]))


def steps_shown(steps: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The steps of a run's log, each with its name and why it ran in the language of the terminal."""
    return [{**step, "step": tr(step["step"]), "why": list(map(tr, step["why"]))} for step in steps]


def error_shown(error: BaseException, evidence: Path | None) -> dict[str, Any]:
    """An error for people: what, where, what next; a notebook's traceback, or ours where it is a fault of ours."""
    if not isinstance(error, NianbaoError):
        lines = traceback.format_exception(error)
        return {"kind": "fault", "what": f"{type(error).__name__}: {error}", "traceback": "".join(lines)}
    where = error.where or ""
    what, hint = error.what_and_hint(language())
    shown = {"kind": type(error).__name__, "what": what, "where": tr(where), "hint": hint}
    if evidence and ".ipynb" in where:
        shown["traceback"] = _traceback(evidence / f"{Path(where.partition(',')[0]).stem}.ipynb")
    return shown


def _traceback(evidence: Path) -> str:
    """The traceback of the cell that raised, from the notebook as far as it ran; nothing where there is none."""
    try:
        notebook = nbformat.read(evidence, as_version=4)
    except (OSError, ValueError):
        return ""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    errors = [output for output in outputs if output.output_type == "error"]
    return _COLOUR.sub("", "\n".join(errors[0].traceback)) if errors else ""


def pdf_pages(file: ExportedFile) -> list[list[float]]:
    """Width and height of each page, in points."""
    import pypdfium2

    with pypdfium2.PdfDocument(file.content) as pdf:
        return [list(page.get_size()) for page in pdf]


def pdf_page(file: ExportedFile, index: int) -> bytes:
    """One page, from 0, as PNG. Raises IndexError where there is none."""
    import pypdfium2

    with pypdfium2.PdfDocument(file.content) as pdf:
        if not 0 <= index < len(pdf):
            raise IndexError(index)
        picture = pdf[index].render(scale=_SCALE).to_pil()
    stream = io.BytesIO()
    picture.save(stream, format="PNG", compress_level=1)
    return stream.getvalue()


def sheets(file: ExportedFile) -> list[dict[str, Any]]:
    """The workbook's sheets as they are in the file: name, and rows of cells with text, spans and kind."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(file.content), data_only=True)
    return [{"name": sheet.title, "rows": list(_rows(sheet))} for sheet in book.worksheets]


def _rows(sheet: Worksheet) -> Iterator[list[dict[str, Any]]]:
    spans = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    hidden = {cell for area in spans.values() for cell in area.cells} - set(spans)
    for row in sheet.iter_rows(max_row=min(sheet.max_row, _MOST_ROWS)):
        shown = []
        for cell in row:
            place = (cell.row, cell.column)
            if place in hidden:
                continue
            area = spans.get(place)
            size = {"rows": area.max_row - area.min_row + 1, "columns": area.max_col - area.min_col + 1} if area else {}
            number = isinstance(cell.value, int | float)
            bold = {"bold": True} if cell.font and cell.font.bold else {}
            shown.append({"text": "" if cell.value is None else str(cell.value), "number": number, **size, **bold})
        yield shown
