"""Owns what of a stitched notebook its readers see: an export is made from that alone, and again only if it changes.

May import: export, form, json_text, model. Imports nothing heavy: a run in which nothing changed comes through here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from nianbao.export import WORKBOOKS
from nianbao.form import TABLE_MIME
from nianbao.json_text import json_text
from nianbao.model import Report


def with_findings(report: Report, findings: Sequence[Mapping[str, Any]]) -> Report:
    """The report's notebook with the findings that stand (JSON) in its metadata; the same where there are none."""
    if not findings:
        return report
    notebook = json.loads(report.notebook)
    notebook["metadata"]["nianbao"]["findings"] = list(findings)
    return Report(report.key, _text(notebook))


def printed(report: Report, form: str | None = None) -> Report:
    """The report's notebook without what no format prints: code, counts and names of cells, standard error.

    For a ``form`` that is a workbook, only what may hold a table, and the findings: those of a final report are listed
    in no other format.
    """
    pages, workbook = _printed(report.notebook)
    return Report(report.key, workbook if form in WORKBOOKS else pages)


@lru_cache(maxsize=1)
def _printed(text: str) -> tuple[str, str]:
    """As pages and workbooks print it."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        cell.pop("id", None)
        if cell["cell_type"] == "code":
            cell.update(source=[], execution_count=None)
            cell["outputs"] = [output for output in cell["outputs"] if output.get("name") != "stderr"]
            for output in cell["outputs"]:
                output.pop("execution_count", None)
    about = notebook["metadata"]["nianbao"]
    findings = about.get("findings", [])
    about["findings"] = []
    pages = _text(notebook)
    about["findings"] = findings
    notebook["cells"] = [cell for cell in map(_tables_of, notebook["cells"]) if cell]
    return pages, _text(notebook)


def _tables_of(cell: dict[str, Any]) -> dict[str, Any] | None:
    """The cell with those of its outputs alone that may hold a table; None where nothing is left of it."""
    if cell["cell_type"] != "code":
        return cell if _may_hold_table(cell["source"]) else None
    outputs = [_table_of(output) for output in cell["outputs"] if _is_wanted(output)]
    return {**cell, "outputs": outputs} if outputs else None


def _is_wanted(output: Mapping[str, Any]) -> bool:
    texts = (value for mime, value in output.get("data", {}).items() if not mime.startswith("image/"))
    return output["output_type"] == "error" or TABLE_MIME in output.get("data", {}) or any(map(_may_hold_table, texts))


def _table_of(output: dict[str, Any]) -> dict[str, Any]:
    """The output; of a table that comes as a grid nothing else is read, whatever stands beside it."""
    grid = output.get("data", {}).get(TABLE_MIME)
    return {**output, "data": {TABLE_MIME: grid}} if grid else output


def _may_hold_table(value: Any) -> bool:
    """Whether the value may be read as a table: no Markdown table does without a bar, and no table in HTML, a tag."""
    text = str(value)
    return "|" in text or "<table" in text.lower()


def _text(notebook: Any) -> str:
    return json_text(notebook, sort_keys=True).decode()
