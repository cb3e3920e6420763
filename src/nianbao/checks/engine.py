"""Runs suites in Great Expectations, each once over a whole frame, and makes its own pages (Data Docs) of them.

All that a suite declares is evaluated, or it is an error. Great Expectations is imported when a run starts, which takes
seconds.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from nianbao.checks.reading import Reading, line_frame, load_subjects, office_frame, reading_of
from nianbao.checks.suites import form_suites, office_suites, suite_forms
from nianbao.errors import NianbaoError, UsageError
from nianbao.errors.language import Message
from nianbao.model import ReportKey
from nianbao.paths import Project

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Verdict:
    """What one expectation said: the positions of the rows that break it, how many were assessed, or why it failed.

    ``rows`` is None for an expectation that judges the frame as a whole.
    """

    type: str
    kwargs: dict[str, Any]
    meta: dict[str, Any]
    success: bool
    rows: tuple[int, ...] | None
    problem: str | None = None
    severity: str = "critical"


# Great Expectations imports these for two kinds of expectations and for stores on S3, which our suites have none of:
# a third of its import (docs/dependencies.md has the figures).
_SELDOM_USED = ("altair", "boto3", "scipy.stats")


class Engine:
    """Great Expectations with an ephemeral context: nothing is stored, nothing is sent, nothing is printed."""

    def __init__(self) -> None:
        with quiet(), imported_lazily(*_SELDOM_USED):
            import great_expectations as gx
            from great_expectations.data_context.types.base import (
                DataContextConfig,
                InMemoryStoreBackendDefaults,
                ProgressBarsConfig,
            )

            from nianbao.checks import expectation

            self._gx = gx
            self.known = expectation.ExpectLineToBalance
            config = DataContextConfig(
                store_backend_defaults=InMemoryStoreBackendDefaults(),
                analytics_enabled=False,
                progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
            )
            self.context = gx.get_context(mode="ephemeral", project_config=config)
            self._source = self.context.data_sources.add_pandas("nianbao")

    def validate(self, suite: dict[str, Any], frame: pd.DataFrame) -> list[Verdict]:
        """Validate the frame against the suite (JSON); NianbaoError where an expectation was lost on the way."""
        with quiet():
            loaded = self.load(suite)
            batch = self.batch(suite["name"], frame)
            # The engine's own count of what was checked is compared below; a query for each is not wanted.
            wanted = {"result_format": "COMPLETE", "return_unexpected_index_query": False}
            result = batch.validate(loaded, result_format=wanted)
        declared = len(suite["expectations"])
        if not declared == len(loaded.expectations) == len(result.results) or not declared:
            raise NianbaoError(
                Message(
                    "{declared} expectations declared, {loaded} loaded, {evaluated} evaluated",
                    declared=declared,
                    loaded=len(loaded.expectations),
                    evaluated=len(result.results),
                ),
                where=Message("suite {suite}", suite=suite["name"]),
                hint="an expectation of a type or with arguments that the engine does not know is dropped: mend it",
            )
        return [_verdict(entry) for entry in result.results]

    def load(self, suite: dict[str, Any]) -> Any:
        """The suite as the engine's object; NianbaoError names the expectation that the engine does not know."""
        from great_expectations.compatibility.pydantic import ValidationError
        from great_expectations.exceptions.exceptions import GreatExpectationsError
        from great_expectations.expectations.registry import get_expectation_impl

        for entry in suite["expectations"]:
            try:
                get_expectation_impl(entry["type"])
            except GreatExpectationsError as error:
                raise NianbaoError(
                    Message("expectation type {kind!r} is not known", kind=entry["type"]),
                    where=Message("suite {suite}", suite=suite["name"]),
                ) from error
        try:
            loaded = self._gx.ExpectationSuite(
                name=suite["name"], expectations=suite["expectations"], meta=suite.get("meta"), notes=suite.get("notes")
            )
        except (ValidationError, GreatExpectationsError, TypeError, ValueError) as error:
            raise NianbaoError(
                Message("cannot be loaded: {error}", error=error), where=Message("suite {suite}", suite=suite["name"])
            ) from error
        if len(loaded.expectations) != len(suite["expectations"]):
            raise NianbaoError(
                Message(
                    "only {loaded} of {declared} expectations could be loaded",
                    loaded=len(loaded.expectations),
                    declared=len(suite["expectations"]),
                ),
                where=Message("suite {suite}", suite=suite["name"]),
                hint="check the arguments (kwargs) of each",
            )
        return loaded

    def batch(self, name: str, frame: pd.DataFrame) -> Any:
        """The frame as the engine's batch."""
        definition = self.batch_definition(name)
        return definition.get_batch(batch_parameters={"dataframe": frame})

    def batch_definition(self, name: str) -> Any:
        """Where the engine looks for the frame of that name."""
        if name in {asset.name for asset in self._source.assets}:
            return self._source.get_asset(name).get_batch_definition("whole")
        return self._source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("whole")


def _verdict(entry: Any) -> Verdict:
    config = entry.expectation_config
    problem = _problem(entry.exception_info)
    listed = entry.result.get("unexpected_index_list")
    rows = None if listed is None else tuple(int(row) for row in listed)
    severity = str(getattr(config.severity, "value", config.severity) or "critical")
    meta = dict(config.meta or {})
    return Verdict(config.type, dict(config.kwargs), meta, bool(entry.success), rows, problem, severity)


def _problem(info: Any) -> str | None:
    """The message of an expectation that raised; it comes flat or keyed by metric."""
    if not info:
        return None
    entries = [info] if "raised_exception" in info else [entry for entry in info.values() if isinstance(entry, dict)]
    messages = [str(entry.get("exception_message")) for entry in entries if entry.get("raised_exception")]
    return "; ".join(messages) or None


@contextmanager
def imported_lazily(*names: str) -> Iterator[None]:
    """Lazy import: what imports these modules in the block gets stubs that import them when something is first used.

    ``importlib.util.LazyLoader`` does not help here: its modules load as soon as they are imported once more.
    """
    stubs = {name: _stub(name) for name in names if name not in sys.modules}
    sys.modules.update(stubs)
    try:
        yield
    finally:
        for name in stubs:
            del sys.modules[name]


def _stub(name: str) -> ModuleType:
    stub = ModuleType(name)
    # A module's own __getattr__ (PEP 562) is asked for what it does not hold.
    stub.__getattr__ = lambda attribute: getattr(import_module(name), attribute)  # type: ignore[method-assign]
    return stub


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the engine's log and its warnings to its developers out of our output."""
    logger = logging.getLogger("great_expectations")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)


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
