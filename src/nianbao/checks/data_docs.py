"""Great Expectations' own Data Docs of our suites, on request.

May import: form, paths, checks.engine, checks.suites, checks.reading. The engine is imported when the pages are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from nianbao.checks.engine import Engine, quiet
from nianbao.checks.reading import Reading, line_frame, load_subjects, office_frame, reading_of
from nianbao.checks.suites import form_suites, office_suites, suite_forms
from nianbao.errors import UsageError
from nianbao.errors.language import Message
from nianbao.model import ReportKey
from nianbao.paths import Project

_SITE = "nianbao"


def data_docs(project: Project, keys: Sequence[ReportKey], folder: Path) -> Path:
    """Validate the office-years and write the engine's pages into ``folder``; the path of their index.

    Unlike the reports of findings, the pages carry the time at which they were made. UsageError where none of the
    office-years can be read.
    """
    subjects, unreadable = load_subjects(project, keys)
    readings = [reading_of(subject, project)[0] for subject in subjects]
    if not readings:
        what = str(unreadable[0][1]) if unreadable else Message("no office-year was asked for")
        raise UsageError(
            Message("there is nothing to show: {what}", what=what), hint="name an office-year that can be read"
        )
    folder.mkdir(parents=True, exist_ok=True)
    with quiet():
        engine = Engine()
        _add_site(engine.context, folder)
        runs = [*_form_runs(project, readings), *_office_runs(project, readings)]
        for suite, frame in runs:
            _validate(engine, suite, frame)
        engine.context.build_data_docs(site_names=[_SITE])
    return folder / "index.html"


def _form_runs(project: Project, readings: Sequence[Reading]) -> list[tuple[dict[str, Any], Any]]:
    ordered = sorted(readings, key=lambda reading: (reading.edition_code, reading.key))
    runs: list[tuple[dict[str, Any], Any]] = []
    for code, members in groupby(ordered, key=lambda reading: reading.edition_code):
        group = list(members)
        suites = form_suites(project, code)
        runs += [(suites[form.name], line_frame(form, group)) for form in suite_forms(code)]
    return runs


def _office_runs(project: Project, readings: Sequence[Reading]) -> list[tuple[dict[str, Any], Any]]:
    runs: list[tuple[dict[str, Any], Any]] = []
    for office, members in groupby(sorted(readings, key=lambda entry: entry.key), key=lambda entry: entry.key.office):
        frame = office_frame([reading.subject for reading in members])
        for suite in office_suites(project, office):
            name = f"{office}_{Path(suite.path).stem}"
            runs.append(({**suite.content, "name": name}, frame))
    return runs


def _add_site(context: Any, folder: Path) -> None:
    context.add_data_docs_site(
        site_name=_SITE,
        site_config={
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())},
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        },
    )


def _validate(engine: Engine, suite: dict[str, Any], frame: Any) -> None:
    import great_expectations as gx

    definition = gx.ValidationDefinition(
        name=suite["name"],
        data=engine.batch_definition(suite["name"]),
        suite=engine.context.suites.add(engine.load(suite)),
    )
    wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": _names(frame)}
    engine.context.validation_definitions.add(definition).run(
        batch_parameters={"dataframe": frame}, result_format={**wanted, "return_unexpected_index_query": False}
    )


def _names(frame: Any) -> list[str]:
    """The columns that name a row, shown beside what breaks a rule."""
    return [name for name in ("office", "year", "line") if name in frame.columns]
