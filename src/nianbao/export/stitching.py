"""The stitched report: executed sections -> one valid notebook, in the form's order, with its metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from nianbao import __version__
from nianbao.form import plain_grid
from nianbao.model import OfficeYear, Profile, Report, SectionRun, Severity
from nianbao.section import display
from nianbao.section.display import Display

# What the list of open findings under a draft is headed.
OPEN_FINDINGS = "附：未决问题清单"


def stitch(
    report: OfficeYear,
    runs: Sequence[SectionRun],
    *,
    profile: Profile | None = None,
    draft: bool = False,
    findings: Sequence[Mapping[str, Any]] = (),
    formats: Sequence[str] = (),
) -> Report:
    """One notebook from the executed sections: the form's order, unique cell ids, and metadata for the exporters.

    ``findings`` are those that stand (JSON); a draft lists them at its end. ``formats`` are those in which the report
    is made (none named: all), for the links between them.
    """
    ordered = sorted(runs, key=lambda run: run.section.number)
    cells = [cell for run in ordered for cell in _cells_of(run)]
    if draft and findings:
        cells += [_shown(f"findings-{index}", item) for index, item in enumerate(_appendix(findings))]
    metadata = _metadata(report, profile or report.profile, draft, findings)
    if formats:
        metadata["nianbao"]["formats"] = list(formats)
    notebook = new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return Report(report.key, nbformat.writes(notebook))


def _cells_of(run: SectionRun) -> list[NotebookNode]:
    """The section's cells; each says where it comes from: section, notebook and its number there.

    Numbers count from 1, as the notebook's author does: without the cell that papermill puts in for the parameters.
    """
    cells = nbformat.reads(run.executed, as_version=4).cells
    number = 0
    for index, cell in enumerate(cells):
        number += "injected-parameters" not in cell.metadata.get("tags", ())
        cell["id"] = f"{run.section.slug}-{index}"
        cell.metadata["nianbao"] = {"section": run.section.slug, "notebook": run.notebook, "cell": number}
    return list(cells)


def _appendix(findings: Sequence[Mapping[str, Any]]) -> list[Display]:
    rows = [
        [str(number), Severity(item["severity"]).chinese, item["rule"], item["message"]]
        for number, item in enumerate(findings, start=1)
    ]
    grid = plain_grid("未决问题", ["序号", "级别", "规则", "说明"], rows)
    widths = (0.08, 0.1, 0.22, 0.6)
    return [display.heading(OPEN_FINDINGS, 1, "open-findings", new_page=True), display.table(grid.with_widths(widths))]


def _shown(name: str, item: Display) -> NotebookNode:
    cell: NotebookNode = new_code_cell("", id=name, outputs=[new_output("display_data", data=item.bundle)])
    return cell


def _metadata(
    report: OfficeYear, profile: Profile, draft: bool, findings: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "nianbao": {
            **described(report),
            "profile": profile.value,
            "draft": draft,
            **({"template": report.template} if report.template else {}),
            "findings": [dict(item) for item in findings],
        },
    }


def described(report: OfficeYear) -> dict[str, Any]:
    """What every document of the office-year says of itself in its metadata, for the exporters."""
    office = report.office
    return {
        "title": report.title,
        "office": {"id": office.id, "name": office.name, "fictional": office.fictional},
        "year": report.key.year,
        "edition": report.edition.code,
        "published": report.published.isoformat() if report.published else None,
        "fonts": report.fonts if isinstance(report.fonts, str) else list(report.fonts),
        "version": __version__,
    }
