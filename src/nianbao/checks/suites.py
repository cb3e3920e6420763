"""The suites: what the form declares as data, as JSON in expectations/, and the offices' own suites beside it.

No engine: the JSON is the engine's own form. ``python -m nianbao.checks --write|--check`` writes expectations/ anew, or
says what is stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from nianbao.checks.catalogue import RULES
from nianbao.checks.finding_log import line_name, term_name
from nianbao.errors import InputError, NianbaoError
from nianbao.errors.language import Message
from nianbao.form import EDITIONS, Axis, Balance, CellRef, Edition, Term
from nianbao.paths import Project


@dataclass(frozen=True)
class SuiteForm:
    """One suite: the balances of a table that sum along the same axis, and so share the lines of one frame."""

    edition: Edition
    table: str
    axis: Axis
    balances: tuple[Balance, ...]

    @property
    def name(self) -> str:
        """The suite's name and its file's stem: form_2021_applications_by_column."""
        across = "column" if self.axis is Axis.ROWS else "row"
        return f"form_{self.edition.code}_{self.table}_by_{across}"

    @property
    def lines(self) -> tuple[str, ...]:
        """The codes of all lines on which one of the balances holds, in the form's order."""
        table = self.edition.table(self.table)
        wanted = {line for balance in self.balances for line in self.edition.lines(balance)}
        codes = table.columns if self.axis is Axis.ROWS else table.rows
        return tuple(code for code in codes if code in wanted)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every summand once, unsigned: the columns of the frame."""
        terms = (term for balance in self.balances for term in (*balance.left, *balance.right))
        return tuple(dict.fromkeys(Term(term.code, previous=term.previous) for term in terms))

    def ref(self, term: Term, line: str) -> CellRef:
        """The cell of a summand on a line."""
        return self.balances[0].ref(term, line)


def column_of(term: Term) -> str:
    """The frame's column of a summand: its code, with ``last_year.`` before last year's."""
    return f"last_year.{term.code}" if term.previous else term.code


@cache
def suite_forms(edition_code: str) -> tuple[SuiteForm, ...]:
    """The suites of an edition, in the form's order."""
    edition = EDITIONS[edition_code]

    def place(balance: Balance) -> tuple[str, Axis]:
        return balance.table, balance.axis

    order = {table.code: index for index, table in enumerate(edition.tables)}
    balances = sorted(edition.balances, key=lambda balance: (order[balance.table], balance.axis.value))
    return tuple(
        SuiteForm(edition, table, axis, tuple(members)) for (table, axis), members in groupby(balances, key=place)
    )


OUR_TYPE = "expect_line_to_balance"
_SEVERITIES = {"error": "critical", "warning": "warning", "note": "info"}


@dataclass(frozen=True)
class OfficeSuite:
    """A suite that an office wrote by hand: its office, its file and its JSON."""

    office: str
    path: str
    content: dict[str, Any]


def suite_json(form: SuiteForm) -> dict[str, Any]:
    """The suite of one table and axis in the engine's JSON form."""
    return {
        "name": form.name,
        "expectations": [_expectation(form, balance) for balance in form.balances],
        "meta": {"edition": form.edition.code, "notice": form.edition.notice, "table": form.table},
        "notes": f"Made from the declaration of the form ({form.edition.notice}); make expectations writes it anew.",
    }


def _expectation(form: SuiteForm, balance: Balance) -> dict[str, Any]:
    terms = (*balance.left, *balance.right)
    names = {
        column_of(term): ("上年" if term.previous else "") + term_name(form.edition, balance, term.code)
        for term in terms
    }
    entry = RULES[balance.id]
    return {
        "type": OUR_TYPE,
        "kwargs": {
            "column_list": list(dict.fromkeys(column_of(term) for term in terms)),
            "left": [_signed(term) for term in balance.left],
            "right": [_signed(term) for term in balance.right],
            "rule": balance.id,
            "ignore_row_if": "any_value_is_missing",
        },
        "severity": _SEVERITIES[entry.severity.value],
        "meta": {
            "title": entry.title,
            "source": balance.source,
            "names": names,
            "lines": {line: line_name(form.edition, balance, line) for line in form.edition.lines(balance)},
        },
    }


def _signed(term: Term) -> str:
    return f"-{column_of(term)}" if term.sign < 0 else column_of(term)


def _suite_texts() -> dict[str, str]:
    forms = [form for code in EDITIONS for form in suite_forms(code)]
    return {f"{form.name}.json": json.dumps(suite_json(form), ensure_ascii=False, indent=2) + "\n" for form in forms}


def write_suites(project: Project) -> tuple[str, ...]:
    """Write the form's suites into expectations/ and drop those the form no longer has; the names written."""
    folder = project.expectations
    folder.mkdir(parents=True, exist_ok=True)
    texts = _suite_texts()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for path in folder.glob("form_*.json"):
        if path.name not in texts:
            path.unlink()
    return tuple(texts)


def stale_suites(project: Project) -> tuple[str, ...]:
    """The names of suites in expectations/ that differ from what the form says now, or are missing or left over."""
    texts = _suite_texts()
    there = {path.name: path.read_text(encoding="utf-8") for path in project.expectations.glob("form_*.json")}
    return tuple(sorted(name for name in {*texts, *there} if texts.get(name) != there.get(name)))


def form_suites(project: Project | None, edition: str) -> dict[str, dict[str, Any]]:
    """The suites of an edition by name: from expectations/ where the project has them, else from the form.

    NianbaoError where a file in expectations/ is not what the form says: a rule may have been lost by hand.
    """
    made = {form.name: suite_json(form) for form in suite_forms(edition)}
    if project is None or not any(project.expectations.glob("form_*.json")):
        return made
    for name, suite in made.items():
        path = project.expectations / f"{name}.json"
        if not path.is_file() or _read(path, project) != suite:
            raise NianbaoError(
                "is not the suite that the form declares",
                where=project.relative(path),
                hint="write it anew (make expectations); rules of an office's own belong in expectations/<office>/",
            )
    return made


def office_suites(project: Project, office: str) -> Iterator[OfficeSuite]:
    """The suites in expectations/<office>/; InputError where a file is no suite or holds no expectation."""
    for path in sorted((project.expectations / office).glob("*.json")):
        content = _read(path, project)
        where = project.relative(path)
        entries = content.get("expectations") if isinstance(content, dict) else None
        if not isinstance(entries, list) or not entries or not all(_is_expectation(entry) for entry in entries):
            shape = '{"name": …, "expectations": [{"type": …, "kwargs": {…}}, …]}'
            hint = Message("it must hold {shape} with at least one entry", shape=shape)
            raise InputError("is no suite", where=where, hint=hint)
        yield OfficeSuite(office, where, content)


def _is_expectation(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("type"), str) and isinstance(entry.get("kwargs"), dict)


def _read(path: Path, project: Project) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        hint = Message("check commas, quotes and brackets")
        raise InputError(
            Message("is no valid JSON: {error}", error=error), where=project.relative(path), hint=hint
        ) from error
