"""One report's side of a comparison, from the inputs; one office over all its years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nianbao.errors import InputError
from nianbao.errors.language import Message
from nianbao.export.blocks import Block, Heading, ListBlock, Paragraph
from nianbao.export.markdown import blocks_of_markdown
from nianbao.form import FIRST_YEAR
from nianbao.inputs import Files, as_markdown, open_lazily, render
from nianbao.model import OfficeYear, ReportKey
from nianbao.site.comparison.history import history
from nianbao.site.comparison.values import History, ReportSide
from nianbao.site.comparison.words import split_sentences


def side_of_inputs(files: Files, key: ReportKey) -> ReportSide:
    """What an office's inputs say, with the references in its words filled in; InputError where they cannot be read."""
    report = open_lazily(key, files)
    sentences = {slug: tuple(_sentences(_blocks_of_text(report, slug, files))) for slug in report.texts}
    return _side(report, sentences)


def _side(report: OfficeYear, sentences: Mapping[str, tuple[str, ...]]) -> ReportSide:
    cells = {ref: report.value(ref) for ref in report.edition.cells}
    return ReportSide(report.key, report.office.name, report.edition.code, cells, sentences, dict(report.figures))


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
