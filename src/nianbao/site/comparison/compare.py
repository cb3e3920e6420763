"""Put reports side by side: two years of one office, or several offices in one year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import permutations

from nianbao.checks.text.alike import Clause, clauses, passages
from nianbao.errors import InputError, UsageError
from nianbao.errors.language import Message
from nianbao.export.blocks import Block
from nianbao.export.markdown import blocks_of_markdown
from nianbao.form import FIRST_YEAR, SECTIONS
from nianbao.inputs import Files, as_markdown, open_lazily, render
from nianbao.model import OfficeYear, ReportKey
from nianbao.paths import Project, select
from nianbao.site.comparison.history import history
from nianbao.site.comparison.tables import compared_figures, compared_tables
from nianbao.site.comparison.values import Alike, Comparison, History, ReportSide, WordsOfTwo
from nianbao.site.comparison.words import compared_words, sentences_of

# More columns than this nobody reads side by side.
MOST_REPORTS = 12
_PASSAGES_SHOWN = 5
# Less than this share in common is what law and form lay down.
_ALIKE_FROM = Decimal(20)


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
    over_all, notes = history_of(files, office)
    return comparison("years", sides, history=over_all, notes=notes)


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


def side_of_inputs(files: Files, key: ReportKey) -> ReportSide:
    """What an office's inputs say, with the references in its words filled in; InputError where they cannot be read."""
    report = open_lazily(key, files)
    sentences = {slug: tuple(sentences_of(_blocks_of_text(report, slug, files))) for slug in report.texts}
    return _side(report, sentences)


def _side(report: OfficeYear, sentences: Mapping[str, tuple[str, ...]]) -> ReportSide:
    cells = {ref: report.value(ref) for ref in report.edition.cells}
    return ReportSide(report.key, report.office.name, report.edition.code, cells, sentences, dict(report.figures))


def _blocks_of_text(report: OfficeYear, slug: str, files: Files) -> Sequence[Block]:
    def previous() -> OfficeYear | None:
        key = report.key.previous
        return open_lazily(key, files) if key.year in files.years(key.office) else None

    return blocks_of_markdown(as_markdown(render(report.texts[slug], report, previous).text))


def history_of(files: Files, office: str) -> tuple[History, tuple[Message, ...]]:
    """The office over all its years with inputs, and a note for each year whose inputs cannot be read."""
    sides: list[ReportSide] = []
    notes: list[Message] = []
    for year in files.years(office):
        if year < FIRST_YEAR:
            continue
        try:
            report = open_lazily(ReportKey(office, year), files)
            sides.append(_side(report, {}))  # read now, for an error is this year's alone
        except InputError as error:
            place = error.where or office
            notes.append(
                Message("{year} is not in the history, for its inputs cannot be read: {place}", year=year, place=place)
            )
    return history(sides), tuple(notes)


def alike_texts(sides: Sequence[ReportSide]) -> tuple[Alike, ...]:
    """Pairs of reports of which one shares a fifth of its own words or more with the other, the most alike first.

    Measured as the rule WORDS-ALIKE does, but that no other offices are asked what everybody says.
    """
    found = []
    for (one, text, mine), (other, _, theirs) in permutations(map(_with_clauses, sides), 2):
        there = {clause.code for clause in theirs}
        shared = sum(clause.size for clause in mine if clause.code in there)
        share = Decimal(100 * shared) / max(sum(clause.size for clause in mine), 1)
        if share >= _ALIKE_FROM:
            quoted = tuple(passages(text, mine, there)[:_PASSAGES_SHOWN])
            found.append(Alike(one.key.office, other.key.office, other.office, share.quantize(Decimal(1)), quoted))
    return tuple(sorted(found, key=lambda each: -each.share))


def _with_clauses(side: ReportSide) -> tuple[ReportSide, str, list[Clause]]:
    text = "\n".join(sentence for section in SECTIONS for sentence in side.sentences.get(section.slug, ()))
    return side, text, list(clauses(text, side.office))
