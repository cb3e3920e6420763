"""Owns the findings of offices' own suites: each suite validated once over all years asked for of its office.

May import: errors, model, checks.ledger, checks.subject, checks.gx.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from nianbao.checks.gx.engine import Engine, Verdict
from nianbao.checks.gx.frames import office_frame
from nianbao.checks.gx.suites import OUR_TYPE, OfficeSuite, office_suites
from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.reading import Reading
from nianbao.checks.subject import Subject
from nianbao.errors import NianbaoError
from nianbao.model import FindingState, Source
from nianbao.paths import Project

if TYPE_CHECKING:
    import pandas as pd


def check_office_suites(project: Project, readings: Sequence[Reading], engine: Engine, ledger: Ledger) -> None:
    """Run every suite in expectations/<office>/; one that cannot be run is a finding of the office's reports."""
    ordered = sorted(readings, key=lambda reading: reading.key)
    for office, members in groupby(ordered, key=lambda reading: reading.key.office):
        if not (project.expectations / office).is_dir():
            continue
        group = [reading.subject for reading in members]
        try:
            frame = office_frame(group)
            for suite in office_suites(project, office):
                _run(suite, group, frame, engine, ledger)
        except Exception as error:  # noqa: BLE001 -- an office's own suite must not end the check of the others
            where = error.where if isinstance(error, NianbaoError) else type(error).__name__
            for subject in group:
                words = (f"本单位自定规则无法运行：{error}", f"the office's suite cannot be run: {error}")
                ledger.breach("SUITE", subject.key, words, Facts(scope=where or ""))


def _run(suite: OfficeSuite, group: Sequence[Subject], frame: pd.DataFrame, engine: Engine, ledger: Ledger) -> None:
    content = {"name": suite.path, **suite.content}
    for number, verdict in enumerate(engine.validate(content, frame), start=1):
        if verdict.problem:
            raise NianbaoError(f"expectation {number} ({verdict.type}): {verdict.problem}", where=suite.path)
        whole = range(len(group)) if not verdict.success else ()
        broken = set(whole if verdict.rows is None else verdict.rows)
        for position, subject in enumerate(group):
            place = f"{suite.path}:{number}"
            if position in broken:
                _broken(subject, verdict, place, suite.path, ledger)
            elif verdict.type == OUR_TYPE and frame.loc[position, verdict.kwargs["column_list"]].isna().any():
                words = (
                    f"自定规则“{_title(verdict)}”所需数据不全，无法核对",
                    f"{place}: a value is missing; cannot be assessed",
                )
                ledger.add("SUITE", subject.key, FindingState.NOT_ASSESSABLE, words, Facts(scope=place))
            else:
                ledger.passed("SUITE", subject.key, 1, Facts(scope=place))


def _broken(subject: Subject, verdict: Verdict, place: str, path: str, ledger: Ledger) -> None:
    written = _written(subject, verdict) if verdict.type == OUR_TYPE else _arguments(verdict.kwargs)
    words = (f"自定规则“{_title(verdict)}”未通过：{written}", f"{place}: {verdict.type} failed: {written}")
    state = FindingState.FAIL if verdict.severity == "critical" else FindingState.WARN
    ledger.add("SUITE", subject.key, state, words, Facts(scope=place, source=Source(path)))


def _title(verdict: Verdict) -> str:
    return str(verdict.meta.get("title") or verdict.type)


def _arguments(kwargs: dict[str, Any]) -> str:
    return "，".join(f"{name}={value}" for name, value in kwargs.items() if name != "batch_id")


def _written(subject: Subject, verdict: Verdict) -> str:
    sides = [_side(subject, verdict.kwargs[side]) for side in ("left", "right")]
    return " ≠ ".join(sides)


def _side(subject: Subject, columns: Sequence[str]) -> str:
    values = {str(ref): subject.report.value(ref).printed for ref in subject.report.edition.cells}
    figures = subject.report.figures
    parts: list[str] = []
    for entry in columns:
        column = entry.removeprefix("-")
        sign = " - " if entry.startswith("-") else " + "
        label, printed = column, values.get(column, "")
        if column in figures:
            label, printed = figures[column].label, figures[column].value.printed
        parts.append((sign if parts else "") + f"{label}{printed}")
    return "".join(parts)
