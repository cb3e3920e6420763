"""Owns what of a stitched notebook its readers see: an export is made from that alone, and again only if it changes.

May import: json_text, model. Imports nothing heavy: a run in which nothing changed comes through here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from nianbao.json_text import json_text
from nianbao.model import Report


def with_findings(report: Report, findings: Sequence[Mapping[str, Any]]) -> Report:
    """The report's notebook with the findings that stand (JSON) in its metadata; the same where there are none."""
    if not findings:
        return report
    notebook = json.loads(report.notebook)
    notebook["metadata"]["nianbao"]["findings"] = list(findings)
    return Report(report.key, _text(notebook))


def printed(report: Report, *, findings: bool) -> Report:
    """The report's notebook without what no format prints: code, counts and names of cells, standard error.

    Without ``findings`` in its metadata too: only the workbook lists those of a final report.
    """
    with_them, without = _printed(report.notebook)
    return Report(report.key, with_them if findings else without)


@lru_cache(maxsize=1)
def _printed(text: str) -> tuple[str, str]:
    """With the findings and without."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        cell.pop("id", None)
        if cell["cell_type"] == "code":
            cell.update(source=[], execution_count=None)
            cell["outputs"] = [output for output in cell["outputs"] if output.get("name") != "stderr"]
            for output in cell["outputs"]:
                output.pop("execution_count", None)
    about = notebook["metadata"]["nianbao"]
    findings = about.setdefault("findings", [])
    with_them = _text(notebook)
    if not findings:
        return with_them, with_them
    about["findings"] = []
    return with_them, _text(notebook)


def _text(notebook: Any) -> str:
    return json_text(notebook, sort_keys=True).decode()
