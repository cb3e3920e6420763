"""Read params/ and data/ into one OfficeYear, all at once or file by file as it is asked for.

May import: errors, form, model, paths and the other modules of inputs. What is wrong never stops the reading: it is an
issue, so that all of it is told at once and a draft can print what is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nianbao.errors import InputError
from nianbao.form import CellRef, Section
from nianbao.inputs.files import Files
from nianbao.inputs.lazy import LazyMapping
from nianbao.inputs.prose import tidied
from nianbao.inputs.settings import YearSettings, load_office, load_year, unreadable
from nianbao.inputs.strays import stray_files
from nianbao.inputs.tables import load_figures, load_table
from nianbao.model import Cell, Figure, InputIssue, Office, OfficeYear, ReportKey, Source, Text
from nianbao.paths import Project


def load(project: Project, key: ReportKey, files: Files | None = None) -> OfficeYear:
    """All inputs of one report, with an issue for whatever is wrong in them, in the order of the form.

    ``files`` records what was read; a new record is kept where none is given.
    """
    files = files or Files(project)
    office, issues = load_office(files, key.office)
    settings, more = load_year(files, key)
    issues = [*issues, *more]
    cells: dict[CellRef, Cell] = {}
    for table in settings.edition.tables:
        found = load_table(files, key, table)
        cells |= found.cells
        issues += found.issues
    figures = load_figures(files, key)
    issues += figures.issues
    texts: dict[str, Text] = {}
    for section in settings.edition.sections:
        text, noted = load_text(files, key, section)
        issues += noted
        if text is not None:
            texts[section.slug] = text
    issues += stray_files(files, key, settings.edition)
    report = _office_year(files, key, office, settings, cells)
    return replace(report, figures=figures.figures, texts=texts, issues=tuple(issues))


def open_lazily(key: ReportKey, files: Files) -> OfficeYear:
    """The same inputs, but each file is read (and recorded in ``files``) when something of it is first asked for.

    ``issues`` stay empty: whoever needs them, the checks, loads everything.
    """
    settings, _ = load_year(files, key)
    edition = settings.edition
    cells: LazyMapping[CellRef, Cell] = LazyMapping(
        tuple(table.code for table in edition.tables),
        lambda ref: ref.table,
        lambda code: load_table(files, key, edition.table(code)).cells,
    )
    figures: LazyMapping[str, Figure] = LazyMapping(
        ("figures",), lambda _: "figures", lambda _: load_figures(files, key).figures
    )
    texts: LazyMapping[str, Text] = LazyMapping(
        tuple(section.slug for section in edition.sections),
        lambda slug: slug,
        lambda slug: _as_mapping(slug, load_text(files, key, edition.section(slug))[0]),
    )
    office, _ = load_office(files, key.office)
    return replace(_office_year(files, key, office, settings, cells), figures=figures, texts=texts)


def load_text(files: Files, key: ReportKey, section: Section) -> tuple[Text | None, list[InputIssue]]:
    """The narrative of one section, tidied, and what is wrong in it; None where there is none or it is empty."""
    path = files.find(files.project.text_file(key, section))
    where = files.project.relative(path)
    try:
        content = files.text(path)
    except InputError as error:
        return None, [unreadable(error, where)]
    if content is None or not content.strip():
        return None, []
    template, issues = tidied(content, section, where)
    if not template.strip():
        return None, issues
    return Text(section.slug, template.rstrip() + "\n", Source(where)), issues


def _as_mapping(slug: str, text: Text | None) -> dict[str, Text]:
    return {} if text is None else {slug: text}


def _office_year(
    files: Files, key: ReportKey, office: Office, settings: YearSettings, cells: Mapping[CellRef, Cell]
) -> OfficeYear:
    return OfficeYear(
        key=key,
        office=office,
        edition=settings.edition,
        published=settings.published,
        profile=settings.profile,
        fonts=settings.fonts,
        cells=cells,
        figures={},
        texts={},
        files=tuple(files.read),
    )
