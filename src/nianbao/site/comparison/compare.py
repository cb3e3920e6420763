"""Put reports side by side: two years of one office, or several offices in one year."""

from __future__ import annotations

from collections.abc import Sequence

from nianbao.errors import UsageError
from nianbao.errors.language import Message
from nianbao.inputs import Files
from nianbao.model import ReportKey
from nianbao.paths import Project, select
from nianbao.site.comparison.alike import alike_texts
from nianbao.site.comparison.sides import history_of, side_of_inputs
from nianbao.site.comparison.tables import compared_figures, compared_tables
from nianbao.site.comparison.values import Comparison, ReportSide, WordsOfTwo
from nianbao.site.comparison.words import compared_words

# More columns than this nobody reads side by side.
MOST_REPORTS = 12


def compare_years(project: Project, office: str, one: int, other: int) -> Comparison:
    """Two years of one office, the earlier one first, with the office's history.

    UsageError where office or year is not there or both are one year; InputError for unreadable inputs.
    """
    if one == other:
        raise UsageError(
            Message("a report is not compared with itself: {office} {year}", office=office, year=one),
            hint=Message(
                "write two years: nianbao compare {office} {before} {year}", office=office, before=one - 1, year=one
            ),
        )
    files = Files(project)
    sides = [side_of_inputs(files, project.key(office, year)) for year in sorted((one, other))]
    history, notes = history_of(files, office)
    return comparison("years", sides, history=history, notes=notes)


def compare_offices(project: Project, year: int, patterns: Sequence[str]) -> Comparison:
    """The offices that match the patterns, in their order, in one year; the first one is what others are held against.

    UsageError where fewer than two or more than MOST_REPORTS match; InputError for unreadable inputs.
    """
    keys: dict[ReportKey, None] = {}
    for pattern in patterns:
        keys |= dict.fromkeys(select(project, [pattern], [str(year)]))
    if not 2 <= len(keys) <= MOST_REPORTS:
        raise UsageError(
            Message(
                "a comparison is of 2 to {most} offices, and these are {count}: {offices}",
                most=MOST_REPORTS,
                count=len(keys),
                offices=[key.office for key in list(keys)[:20]],
            ),
            hint=Message("for instance: nianbao compare {year} --office shili --office panzhihua", year=year),
        )
    files = Files(project)
    sides = [side_of_inputs(files, key) for key in keys]
    return comparison("offices", sides, alike=alike_texts(sides))


def comparison(by: str, sides: Sequence[ReportSide], **others: object) -> Comparison:
    """The comparison of these sides; ``others`` are further fields of it."""
    first, *rest = sides
    if by == "years":
        title = f"{sides[-1].office}{'、'.join(str(side.key.year) for side in sides)}年政府信息公开工作年度报告对比"
    else:
        title = f"{first.key.year}年政府信息公开工作年度报告对比：{'、'.join(side.office for side in sides)}"
    words = tuple(WordsOfTwo(side.key, compared_words(first, side)) for side in rest)
    return Comparison(by, title, tuple(sides), compared_tables(sides), compared_figures(sides), words, **others)  # type: ignore[arg-type]
