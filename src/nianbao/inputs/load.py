"""Owns the way from params/ and data/ to one OfficeYear.

May import: form, model, paths and the other modules of inputs.
"""

from __future__ import annotations

from nianbao.form import CellRef, Section
from nianbao.inputs.files import Files
from nianbao.inputs.settings import load_office, load_year
from nianbao.inputs.tables import load_figures, load_table
from nianbao.model import Cell, InputIssue, OfficeYear, ReportKey, Source, Text
from nianbao.paths import Project


def load(project: Project, key: ReportKey, files: Files | None = None) -> OfficeYear:
    """All inputs of one report; InputError where a file is missing or cannot be read as what it must be.

    ``files`` records what was read; a new record is kept where none is given.
    """
    files = files or Files(project)
    office = load_office(files, key.office)
    settings = load_year(files, key)
    cells: dict[CellRef, Cell] = {}
    issues: list[InputIssue] = []
    for table in settings.edition.tables:
        found = load_table(files, key, table)
        cells |= found.cells
        issues += found.issues
    texts = {section.slug: load_text(files, key, section) for section in settings.edition.sections}
    return OfficeYear(
        key=key,
        office=office,
        edition=settings.edition,
        published=settings.published,
        profile=settings.profile,
        fonts=settings.fonts,
        cells=cells,
        figures=load_figures(files, key),
        texts={slug: text for slug, text in texts.items() if text is not None},
        issues=tuple(issues),
        files=files.read,
    )


def load_previous(project: Project, key: ReportKey, files: Files | None = None) -> OfficeYear | None:
    """Last year's inputs of the same office, or None where there are none."""
    previous = key.previous
    if previous.year not in project.years(previous.office):
        return None
    return load(project, previous, files)


def load_text(files: Files, key: ReportKey, section: Section) -> Text | None:
    """The narrative of one section, or None where there is none or it is empty."""
    path = files.project.text_file(key, section)
    content = files.text(path)
    if content is None or not content.strip():
        return None
    return Text(section.slug, content.rstrip() + "\n", Source(files.project.relative(path)))
