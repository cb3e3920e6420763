"""The mutation bar: of single-cell changes every break is found with rule and cell; consistent values raise no error."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import pytest

from checks.generate import CITY, changed, consistent
from nianbao.checks import check_values
from nianbao.form import Axis, Balance, CellRef
from nianbao.form.cells import number
from nianbao.model import Finding, OfficeYear, ReportKey, Severity

pytestmark = pytest.mark.slow

COUNT = 1000


def _numbered(report: OfficeYear, index: int) -> OfficeYear:
    office = replace(CITY, id=f"office{index:04d}")
    fields = {name: getattr(report, name) for name in report.__dataclass_fields__}
    return OfficeYear(**{**fields, "key": ReportKey(office.id, report.key.year), "office": office})


@pytest.fixture(scope="module")
def years() -> tuple[list[OfficeYear], dict[ReportKey, OfficeYear]]:
    """A thousand consistent office-years of both editions with last year's."""
    reports: list[OfficeYear] = []
    previous: dict[ReportKey, OfficeYear] = {}
    for index in range(COUNT):
        year = 2023 if index % 3 else 2020
        last = _numbered(consistent(10_000 + index, year=year - 1), index)
        previous[last.key] = last
        reports.append(_numbered(consistent(index, year=year, previous=last), index))
    return reports, previous


def test_a_thousand_consistent_office_years_have_no_error(
    years: tuple[list[OfficeYear], dict[ReportKey, OfficeYear]],
) -> None:
    report = check_values(*years)
    assert [finding.message for finding in report.findings if finding.severity is Severity.ERROR] == []
    assert len(report.evaluated) == COUNT
    assert min(report.evaluated.values()) > 1000


def _breaks(report: OfficeYear) -> dict[CellRef, set[tuple[str, str]]]:
    """For each cell, the balances (rule, line) of this year's tables that a change of it breaks."""
    broken: dict[CellRef, set[tuple[str, str]]] = defaultdict(set)
    for balance in report.edition.balances:
        for line in report.edition.lines(balance):
            for term in (*balance.left, *balance.right):
                if not term.previous:
                    broken[balance.ref(term, line)].add((balance.id, line))
    return broken


def _line(finding: Finding, balances: dict[str, Balance]) -> tuple[str, str]:
    balance = balances[finding.rule]
    return finding.rule, str(finding.column if balance.axis is Axis.ROWS else finding.row)


def test_each_of_a_thousand_single_cell_changes_is_found_with_its_rules_and_its_cell(
    years: tuple[list[OfficeYear], dict[ReportKey, OfficeYear]],
) -> None:
    reports, previous = years
    chance = random.Random(7)  # noqa: S311 -- test data, no secret
    mutated: list[OfficeYear] = []
    expected: dict[ReportKey, tuple[CellRef, set[tuple[str, str]]]] = {}
    breaks = {report.edition.code: _breaks(report) for report in reports[:2]}
    for report in reports:
        ref = chance.choice(list(breaks[report.edition.code]))
        old = int(report.value(ref).number or 0)
        new = chance.choice([value for value in range(max(0, old - 9), old + 10) if value != old])
        mutated.append(changed(report, {str(ref): number(new)}))
        expected[report.key] = (ref, breaks[report.edition.code][ref])
    found: dict[ReportKey, list[Finding]] = defaultdict(list)
    balances = {balance.id: balance for report in reports[:2] for balance in report.edition.balances}
    for finding in check_values(mutated, previous).findings:
        if finding.rule in balances and finding.state in {"fail", "warn"}:
            found[finding.key].append(finding)
    _all_found(expected, found, balances)


def _all_found(
    expected: dict[ReportKey, tuple[CellRef, set[tuple[str, str]]]],
    found: dict[ReportKey, Sequence[Finding]] | defaultdict[ReportKey, list[Finding]],
    balances: dict[str, Balance],
) -> None:
    assert len(expected) == COUNT
    for key, (ref, lines) in expected.items():
        assert {_line(finding, balances) for finding in found[key]} == lines, (key, ref)
        assert all(ref in {cell.ref for cell in finding.cells} for finding in found[key]), (key, ref)
