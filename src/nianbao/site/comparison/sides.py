"""One report's side of a comparison, from the inputs; one office over all its years.

May import: errors, export, form, inputs, model, and the values of the comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from nianbao.errors import InputError
from nianbao.export.blocks import Block, Heading, ListBlock, Paragraph
from nianbao.export.markdown import blocks_of_markdown
from nianbao.form import FIRST_YEAR, CellRef, RowRole
from nianbao.inputs import Files, as_markdown, open_lazily, render
from nianbao.model import Number, OfficeYear, ReportKey
from nianbao.site.comparison.values import History, ReportSide, Row
from nianbao.site.comparison.words import split_sentences


def side_of_inputs(files: Files, key: ReportKey) -> ReportSide:
    """What an office's inputs say, with the references in its words filled in; InputError where they cannot be read."""
    report = open_lazily(key, files)
    sentences = {slug: tuple(_sentences(_blocks_of_text(report, slug, files))) for slug in report.texts}
    cells = {ref: report.value(ref) for ref in report.edition.cells}
    return ReportSide(key, report.office.name, report.edition.code, cells, sentences, dict(report.figures))


def _blocks_of_text(report: OfficeYear, slug: str, files: Files) -> Sequence[Block]:
    def previous() -> OfficeYear | None:
        key = report.key.previous
        return open_lazily(key, files) if key.year in files.years(key.office) else None

    return blocks_of_markdown(as_markdown(render(report.texts[slug], report, previous).text))


def _sentences(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Paragraph):
            yield from split_sentences(block.text)
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from _sentences(item)


def history_of(files: Files, office: str) -> tuple[History, tuple[str, ...]]:
    """The office over all its years with inputs, and a note for each year whose inputs cannot be read."""
    reports: list[OfficeYear] = []
    notes: list[str] = []
    for year in files.years(office):
        if year < FIRST_YEAR:
            continue
        try:
            report = open_lazily(ReportKey(office, year), files)
            report.figures.keys()  # read now, for an error is this year's alone
            reports.append(report)
        except InputError as error:
            notes.append(f"{year}年的资料无法读取，历年数据中没有这一年：{error}")
    years = tuple(report.key.year for report in reports)
    return History(years, _results(reports), _applicants(reports), _figures(reports)), tuple(notes)


def _results(reports: Sequence[OfficeYear]) -> tuple[Row, ...]:
    """The results of applications in the groups that both editions have: 予以公开, …, 其他处理."""
    groups: dict[str, None] = {}
    by_report = []
    for report in reports:
        table = report.edition.table("applications")
        rows = [row for row in table.rows.values() if row.role is RowRole.RESULT]
        found = {}
        for group, members in groupby(rows, key=lambda row: row.group):
            refs = [CellRef(table.code, row.code, "total") for row in members]
            found[group] = _sum(report, refs)
            groups[group] = None
        by_report.append(found)
    return tuple(Row(group, tuple(found.get(group) for found in by_report)) for group in groups)


def _applicants(reports: Sequence[OfficeYear]) -> tuple[Row, ...]:
    """Who applied: the year's new applications by the form's kinds of applicants."""
    kinds: dict[str, str] = {}
    for report in reports:
        columns = report.edition.table("applications").columns
        kinds |= {code: column.label for code, column in columns.items() if code != "total"}
    ref = {code: CellRef("applications", "new", code) for code in kinds}
    return tuple(Row(label, tuple(_sum(report, [ref[code]]) for report in reports)) for code, label in kinds.items())


def _figures(reports: Sequence[OfficeYear]) -> tuple[Row, ...]:
    keys = dict.fromkeys(key for report in reversed(reports) for key in report.figures)
    rows = []
    for key in keys:
        figures = [report.figures.get(key) for report in reports]
        label, unit = next((each.label, each.unit) for each in reversed(figures) if each)
        # A count in another unit is another count.
        rows.append(Row(label, tuple(each.number if each and each.unit == unit else None for each in figures), unit))
    return tuple(rows)


def _sum(report: OfficeYear, refs: Sequence[CellRef]) -> Number | None:
    """The sum of these cells; None where one of them is no number."""
    numbers = [report.value(ref).number for ref in refs]
    there = [found for found in numbers if found is not None]
    return sum(there) if len(there) == len(refs) else None
