"""The pipeline that people write today, to compare with: one process, one report after the other.

    python benchmarks/plain_pipeline.py PROJECT OUT OFFICE:YEAR ...

Six notebooks through papermill's default engine, Great Expectations once a report, the notebooks joined and turned
into HTML by nbconvert with its stock template. No PDF, no DOCX, no workbook.
"""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path

import nbformat
import papermill
from nbconvert import HTMLExporter

from nianbao.checks import check
from nianbao.model import ReportKey
from nianbao.paths import Project


def make(project: Project, out: Path, key: ReportKey) -> None:
    """One report."""
    report = check(project, [key])
    if report.blocking:
        raise SystemExit(f"{key}: findings block the report")
    folder = out / key.office / str(key.year)
    folder.mkdir(parents=True, exist_ok=True)
    joined = nbformat.v4.new_notebook()
    for path in sorted(project.notebooks.glob("*.ipynb")):
        executed = papermill.execute_notebook(
            str(path),
            str(folder / path.name),
            {"office": key.office, "year": key.year},
            engine_name="nbclient",
            kernel_name="python3",
            progress_bar=False,
            cwd=str(project.root),
        )
        joined.cells += executed.cells
        joined.metadata = executed.metadata
    for index, cell in enumerate(joined.cells):
        cell["id"] = f"cell-{index}"
    html, _ = HTMLExporter(exclude_input=True).from_notebook_node(joined)
    (folder / "report.html").write_text(html, encoding="utf-8")


def main() -> None:
    """Make the reports asked for."""
    logging.getLogger("papermill").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    place, out, *names = sys.argv[1:]
    project = Project(Path(place).resolve())
    for name in names:
        office, _, year = name.rpartition(":")
        make(project, Path(out), ReportKey(office, int(year)))


if __name__ == "__main__":
    main()
