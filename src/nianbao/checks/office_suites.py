"""The findings of the offices' own suites in expectations/<office>/, each run once over all of the office's years."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from nianbao.checks.engine import Engine, Verdict
from nianbao.checks.finding_log import Facts, FindingLog
from nianbao.checks.reading import Reading, office_frame
from nianbao.checks.subject import Subject
from nianbao.checks.suites import OUR_TYPE, OfficeSuite, office_suites
from nianbao.errors import NianbaoError
from nianbao.errors.language import LANGUAGES, Message, listed
from nianbao.model import FindingState, Source
from nianbao.paths import Project

if TYPE_CHECKING:
    import pandas as pd


def check_office_suites(project: Project, readings: Sequence[Reading], engine: Engine, log: FindingLog) -> None:
    """Run every suite in expectations/<office>/; one that cannot be run is a finding of the office's reports."""
    ordered = sorted(readings, key=lambda reading: reading.key)
    for office, members in groupby(ordered, key=lambda reading: reading.key.office):
        if not (project.expectations / office).is_dir():
            continue
        group = [reading.subject for reading in members]
        try:
            frame = office_frame(group)
            for suite in office_suites(project, office):
                _run(suite, group, frame, engine, log)
        except Exception as raised:  # noqa: BLE001 -- an office's own suite must not end the check of the others
            kind = type(raised).__name__
            error = raised if isinstance(raised, NianbaoError) else NianbaoError(str(raised), where=kind)
            zh, en = error.placed_in_both
            for subject in group:
                words = (f"本单位自定规则无法运行：{zh}", f"the office's suite cannot be run: {en}")
                log.breach("SUITE", subject.key, words, Facts(scope=error.where or ""))


def _run(suite: OfficeSuite, group: Sequence[Subject], frame: pd.DataFrame, engine: Engine, log: FindingLog) -> None:
    content = {"name": suite.path, **suite.content}
    for number, verdict in enumerate(engine.validate(content, frame), start=1):
        if verdict.problem:
            what = Message(
                "expectation {number} ({kind}): {why}", number=number, kind=verdict.type, why=verdict.problem
            )
            raise NianbaoError(what, where=suite.path)
        whole = range(len(group)) if not verdict.success else ()
        broken = set(whole if verdict.rows is None else verdict.rows)
        for position, subject in enumerate(group):
            place = f"{suite.path}:{number}"
            if position in broken:
                _broken(subject, verdict, place, suite.path, log)
            elif verdict.type == OUR_TYPE and frame.loc[position, verdict.kwargs["column_list"]].isna().any():
                words = (
                    f"自定规则“{_title(verdict)}”所需数据不全，无法核对",
                    f"{place}: a value is missing; cannot be assessed",
                )
                log.add("SUITE", subject.key, FindingState.NOT_ASSESSABLE, words, Facts(scope=place))
            else:
                log.passed("SUITE", subject.key, 1, Facts(scope=place))


def _broken(subject: Subject, verdict: Verdict, place: str, path: str, log: FindingLog) -> None:
    if verdict.type == OUR_TYPE:
        zh, en = (_written(subject, verdict, codes=codes) for codes in (False, True))
    else:
        zh, en = (listed((f"{name}={value}" for name, value in _arguments(verdict)), each) for each in LANGUAGES)
    words = (f"自定规则“{_title(verdict)}”未通过：{zh}", f"{place}: {verdict.type} failed: {en}")
    state = FindingState.FAIL if verdict.severity == "critical" else FindingState.WARN
    log.add("SUITE", subject.key, state, words, Facts(scope=place, source=Source(path)))


def _title(verdict: Verdict) -> str:
    return str(verdict.meta.get("title") or verdict.type)


def _arguments(verdict: Verdict) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in verdict.kwargs.items() if name != "batch_id"]


def _written(subject: Subject, verdict: Verdict, *, codes: bool) -> str:
    """Both sides written out: by labels, or with ``codes`` by the names of cells and figures."""
    sides = [_side(subject, verdict.kwargs[side], codes=codes) for side in ("left", "right")]
    return (" != " if codes else " ≠ ").join(sides)


def _side(subject: Subject, columns: Sequence[str], *, codes: bool) -> str:
    values = {str(ref): subject.report.value(ref).printed for ref in subject.report.edition.cells}
    figures = subject.report.figures
    parts: list[str] = []
    for entry in columns:
        column = entry.removeprefix("-")
        sign = " - " if entry.startswith("-") else " + "
        label, printed = column, values.get(column, "")
        if column in figures:
            label, printed = figures[column].label, figures[column].value.printed
        parts.append((sign if parts else "") + (f"{column} {printed}" if codes else f"{label}{printed}"))
    return "".join(parts)
