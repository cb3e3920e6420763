"""The statement of who has published (公布情况): ``statement.ipynb`` run for an area, in the usual formats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from nbformat import NotebookNode

from nianbao.errors import NotebookError
from nianbao.export import export
from nianbao.export.document import Document, read_document
from nianbao.export.stitching import described
from nianbao.inputs import Files, open_lazily
from nianbao.model import ExportedFile, Profile, ReportKey
from nianbao.paths import Project
from nianbao.runs import server
from nianbao.runs.run import profile_of, run_notebook

KIND = "政府信息公开工作年度报告公布情况"


def make_statement(
    project: Project, key: ReportKey, as_of: dt.date, formats: Sequence[str], profile: Profile | None = None
) -> list[ExportedFile]:
    """The statement of an area, as it stands on the day, in these formats: 示例市人民政府2023年…公布情况.pdf.

    ``key`` is that of an area with a list of units and settings of the year. Raises as ``run_notebook`` and
    ``export`` do.
    """
    path = project.notebook(key.office, None)
    if not path.is_file():
        raise NotebookError("is missing", where=project.relative(path), hint="nianbao init FOLDER writes one")
    profile = profile_of(project, key, profile)
    server.start(charts=profile is Profile.ILLUSTRATED)
    ran, _ = run_notebook(project, key, path, profile, {"as_of": as_of.isoformat()})
    document = _document(project, key, ran, as_of)
    return [ExportedFile(f"{document.full_title}.{form}", export(document, form)[0].content) for form in formats]


def _document(project: Project, key: ReportKey, ran: NotebookNode, as_of: dt.date) -> Document:
    """What the notebook shows, as a document of the area's."""
    of_area = described(open_lazily(key, Files(project)))
    about = {**of_area, "title": f"{key.year}年{KIND}", "published": as_of.isoformat()}
    return read_document(NotebookNode(ran, metadata=NotebookNode(ran.metadata, nianbao=about)))
