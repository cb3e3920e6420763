"""Take an edited document back: pair it with what the report prints, and let each edit land or be refused by name.

May import: everything below the command line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace
from functools import cache
from pathlib import Path

from nianbao.errors import UsageError
from nianbao.errors.language import Message
from nianbao.export import export
from nianbao.export.blocks import Picture
from nianbao.export.document import DRAFT_NOTICE, Document
from nianbao.export.docx_template import PLACE
from nianbao.export.stitching import OPEN_FINDINGS
from nianbao.inputs import Files, load
from nianbao.model import OfficeYear, Options, ReportKey, WordTemplate
from nianbao.paths import Project
from nianbao.pipeline import Tell, printed_document
from nianbao.pipeline.take.edits import Edits
from nianbao.pipeline.take.house import House
from nianbao.pipeline.take.landing import Block, Lander
from nianbao.pipeline.take.outcome import Taken
from nianbao.pipeline.take.printed import Narrative, Part, Printed, Printer, part_of
from nianbao.pipeline.take.word import read_word
from nianbao.pipeline.take.word_blocks import WordDocument, WordParagraph, text_of

MOST_BYTES = 64 * 1024 * 1024


def take(project: Project, key: ReportKey, path: Path, options: Options, tell: Tell, *, accept: bool = True) -> Taken:
    """What the edited document ``path`` comes to; nothing is written.

    ``accept``: tracked changes count as made; otherwise the document counts as it was before them.
    Raises UsageError where the file is not there or no report of this office-year, IngestError where it is no DOCX, and
    what making the report's sections raises.
    """
    word = read_word(_content(path), path.name, accept=accept)
    document = printed_document(project, key, options, tell)
    word = _without_notice(_without_template(word, document.template))
    files = Files(project)
    report = load(project, key, files)

    @cache
    def previous() -> OfficeYear | None:
        there = key.previous.year in project.years(key.office)
        return load(project, key.previous, files) if there else None

    narratives = {}
    for section in report.edition.sections:
        found = files.find(project.text_file(key, section))
        narratives[section.slug] = Narrative(part_of(section), project.relative(found), files.text(found) or "")
    for mark, attachment in report.attachments.items():
        path_of = attachment.text.source.path
        part = Part(mark, mark, attached=True)
        narratives[mark] = Narrative(part, path_of, files.text(project.root / path_of) or "")
    printer = Printer(report, previous, document)
    printed = printer.whole(list(narratives.values()))
    blocks = _without_findings(word.blocks)
    _require_same_report(word, document, printed, path)
    edits = Edits(House(project, report, previous, document, printed), Lander(printer, narratives, printed), blocks)
    edits.run()
    edits.look_at_extras(
        (*word.extras, *_other_links(word, document, printer)),
        sum(isinstance(block, Picture) for block in document.blocks),
    )
    return edits.outcome(path.name, word)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(
                Message("is larger than {size} MB, and no annual report", size=MOST_BYTES >> 20), where=str(path)
            )
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            Message("cannot be read: {why}", why=error.strerror), where=str(path), hint="give the edited report.docx"
        ) from error


def _other_links(word: WordDocument, document: Document, printer: Printer) -> list[tuple[str, int]]:
    """Links to addresses that the report has not, and those of its own that are gone, each with the block before it."""
    own = printer.links
    if document.template:  # which may have links too
        own = read_word(export(document, "docx")[0].content, "report.docx").links
    known, found = ({target for target, _ in links} for links in (own, word.links))
    new = [(Message("link {target}", target=target), block) for target, block in word.links if target not in known]
    gone = [(Message("deleted link {target}", target=target), block) for target, block in own if target not in found]
    return [*new, *gone]


def _without_template(word: WordDocument, template: WordTemplate | None) -> WordDocument:
    """The document without what the office's template has around the report, as far as nobody changed that."""
    if template is None:
        return word
    own = read_word(template.content, template.name)
    place = next((index for index, block in enumerate(own.blocks) if text_of([block]) == PLACE), len(own.blocks))
    extras = list(word.extras)
    for what, _ in own.extras:
        if (found := next((one for one in extras if one[0] == what), None)) is not None:
            extras.remove(found)
    before, after, count = own.blocks[:place], own.blocks[place + 1 :], len(word.blocks)
    numbers = (*range(len(before)), *range(count - len(after), count))
    around = zip(numbers, (*before, *after), strict=True)
    dropped = {number for number, block in around if 0 <= number < count and word.blocks[number] == block}
    return _without(replace(word, extras=tuple(extras)), dropped)


def _without_notice(word: WordDocument) -> WordDocument:
    """The document without the notice over a draft."""
    if not word.blocks or not isinstance(word.blocks[0], WordParagraph) or word.blocks[0].text != DRAFT_NOTICE:
        return word
    return _without(word, {0})


def _without(word: WordDocument, dropped: Set[int]) -> WordDocument:
    """The document without some of its blocks; whatever stands after so many blocks stands after fewer."""

    def left(block: int) -> int:
        return block - sum(one < block for one in dropped)

    return replace(
        word,
        blocks=tuple(block for index, block in enumerate(word.blocks) if index not in dropped),
        tracked=tuple(replace(one, block=left(one.block)) for one in word.tracked),
        comments=tuple(replace(one, block=left(one.block)) for one in word.comments),
        extras=tuple((what, left(block)) for what, block in word.extras),
        links=tuple((target, left(block)) for target, block in word.links),
    )


def _without_findings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the list of open findings under a draft, which the checks write."""
    for index, block in enumerate(blocks):
        if isinstance(block, WordParagraph) and block.text == OPEN_FINDINGS:
            return list(blocks[:index])
    return list(blocks)


def _require_same_report(word: WordDocument, document: Document, printed: Sequence[Printed], path: Path) -> None:
    """UsageError where the document's title names another office or year, or where the report's headings are not."""
    texts = [block.text for block in word.blocks if isinstance(block, WordParagraph)]
    headings = [one.text for one in printed if isinstance(one.block, WordParagraph) and one.block.heading == 1]
    opening = "".join("".join(texts[:4]).split())
    office, year = "".join(document.office.split()), f"{document.year}年政府信息公开"
    named = office in opening and year in opening
    other = re.search(r"(\d{4})年(?:度)?政府信息公开", opening)
    by_property = office in word.title and year in word.title and (other is None or other[0].startswith(year[:5]))
    if (named or by_property) and sum(heading in texts for heading in headings) * 2 >= len(headings):
        return
    shown = " ".join(texts[:2])[:60] or Message("(no words)")
    raise UsageError(
        Message(
            "is not the annual report of {office} for {year}: it begins with “{shown}”",
            office=document.office,
            year=document.year,
            shown=shown,
        ),
        where=path.name,
        hint="look at the file, or name its own office and year",
    )
