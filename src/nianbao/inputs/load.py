"""Owns the way from params/ and data/ to one OfficeYear, all at once or file by file as it is asked for.

May import: form, model, paths and the other modules of inputs.
"""

from __future__ import annotations

from collections.abc import Mapping

from nianbao.form import CellRef, Section
from nianbao.inputs.files import Files
from nianbao.inputs.lazy import LazyMapping
from nianbao.inputs.settings import YearSettings, load_office, load_year
from nianbao.inputs.tables import load_figures, load_table
from nianbao.model import Cell, Figure, InputIssue, OfficeYear, ReportKey, Source, Text
from nianbao.paths import Project


def load(project: Project, key: ReportKey, files: Files | None = None) -> OfficeYear:
    """All inputs of one report; InputError where a file is missing or cannot be read as what it must be.

    ``files`` records what was read; a new record is kept where none is given.
    """
    files = files or Files(project)
    settings = load_year(files, key)
    cells: dict[CellRef, Cell] = {}
    issues: list[InputIssue] = []
    for table in settings.edition.tables:
        found = load_table(files, key, table)
        cells |= found.cells
        issues += found.issues
    texts = {section.slug: load_text(files, key, section) for section in settings.edition.sections}
    return _office_year(
        files,
        key,
        settings,
        cells,
        load_figures(files, key),
        {slug: text for slug, text in texts.items() if text is not None},
        tuple(issues),
    )


def open_lazily(key: ReportKey, files: Files) -> OfficeYear:
    """The same inputs, but each file is read (and recorded in ``files``) when something of it is first asked for.

    ``issues`` stay empty: whoever needs them, the checks, loads everything.
    """
    settings = load_year(files, key)
    edition = settings.edition
    cells: LazyMapping[CellRef, Cell] = LazyMapping(
        tuple(table.code for table in edition.tables),
        lambda ref: ref.table,
        lambda code: load_table(files, key, edition.table(code)).cells,
    )
    figures: LazyMapping[str, Figure] = LazyMapping(
        ("figures",), lambda _: "figures", lambda _: load_figures(files, key)
    )
    texts: LazyMapping[str, Text] = LazyMapping(
        tuple(section.slug for section in edition.sections),
        lambda slug: slug,
        lambda slug: _as_mapping(slug, load_text(files, key, edition.section(slug))),
    )
    return _office_year(files, key, settings, cells, figures, texts, ())


def load_text(files: Files, key: ReportKey, section: Section) -> Text | None:
    """The narrative of one section, or None where there is none or it is empty."""
    path = files.project.text_file(key, section)
    content = files.text(path)
    if content is None or not content.strip():
        return None
    return Text(section.slug, content.rstrip() + "\n", Source(files.project.relative(path)))


def _as_mapping(slug: str, text: Text | None) -> dict[str, Text]:
    return {} if text is None else {slug: text}


def _office_year(
    files: Files,
    key: ReportKey,
    settings: YearSettings,
    cells: Mapping[CellRef, Cell],
    figures: Mapping[str, Figure],
    texts: Mapping[str, Text],
    issues: tuple[InputIssue, ...],
) -> OfficeYear:
    return OfficeYear(
        key=key,
        office=load_office(files, key.office),
        edition=settings.edition,
        published=settings.published,
        profile=settings.profile,
        fonts=settings.fonts,
        cells=cells,
        figures=figures,
        texts=texts,
        issues=issues,
        files=tuple(files.read),
    )
