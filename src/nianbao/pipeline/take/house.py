"""Who sets what: the names of what the report prints by itself, of places, and of the numbers that references print.

May import: errors, form, model, paths, export, take.merge, take.printed, take.reasons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import reduce

from nianbao.errors.language import Message
from nianbao.export.blocks import Attachment, AttachmentList, Closing, Paragraph, Title
from nianbao.export.document import Document
from nianbao.form import CellRef
from nianbao.model import OfficeYear
from nianbao.paths import Project
from nianbao.pipeline.take.merge import Kept
from nianbao.pipeline.take.printed import Printed, Reference
from nianbao.pipeline.take.reasons import BY_FORM, listed
from nianbao.pipeline.take.word_blocks import WordTable

_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")


class House:
    """Answers for one report what its printed blocks are, where they come from, and where a number is kept."""

    def __init__(
        self,
        project: Project,
        report: OfficeYear,
        previous: Callable[[], OfficeYear | None],
        document: Document,
        printed: Sequence[Printed],
    ) -> None:
        self.report = report
        self.previous = previous
        self.printed = printed
        office = project.relative(project.office_file(report.key.office))
        year = project.relative(project.year_file(report.key))
        title = Message("is written from the office's name and the year: change {file}", file=office)
        closing = Message(
            "is written from the office's name and the date: change {file} or {year}", file=office, year=year
        )
        self._own: list[tuple[str, Message, Message]] = []
        for block in document.blocks:
            if isinstance(block, Title):
                self._own += [(line, Message("The title of the report"), title) for line in block.lines]
            elif isinstance(block, Closing):
                self._own += [(line, Message("The signature"), closing) for line in block.lines]
            elif isinstance(block, Paragraph) and block.role == "preamble":
                self._own.append((block.text, Message("The preamble"), BY_FORM))
            elif isinstance(block, Paragraph) and block.role == "notice":
                why = Message("is there by fictional in {file}", file=office)
                self._own.append((block.text, Message("The notice"), why))
        self._own += _attachments(document, report)
        heading = (Message("The heading of a section"), BY_FORM)
        self._headings = {section.heading: heading for section in report.edition.sections}

    def what(self, printed: Printed) -> tuple[Message, Message]:
        """The name of what is printed, and why it cannot be changed in the document."""
        if isinstance(printed.block, WordTable):
            caption = printed.grid.caption if printed.grid else ""
            why = Message("is laid out from the data: change the data")
            return Message("The table “{caption}”", caption=caption), why
        if printed.block.heading == 1 and printed.text in self._headings:
            return self._headings[printed.text]
        for text, name, why in self._own:
            if printed.text and printed.text in text:
                return name, why
        return Message("Words of the report's own"), Message("are set by the section's notebook: change notebooks/")

    def why_not(self, printed: Printed) -> Message:
        """Why what is printed cannot be changed in the document, by its name."""
        name, why = self.what(printed)
        return Message("{name} {why}", name=name, why=why)

    def place(self, index: int) -> str:
        """Where a printed block stands: its section, and file and line where it is a narrative's."""
        if not 0 <= index < len(self.printed):
            return Message("beginning of the document") if index < 0 else Message("end of the document")
        printed = self.printed[index]
        part = printed.part.heading if printed.part else Message("beginning of the document")
        if printed.spot is None:
            return part
        return Message("{name} ({place})", name=part, place=f"{printed.spot.path}:{printed.spot.line}")

    def kept(self, kept: Kept) -> str:
        """Why a bound number stays: by the name of its cell or figure, with the line where it is kept."""
        said = reduce(
            lambda one, other: Message("{one}; {other}", one=one, other=other),
            map(self._reference, kept.references),
        )
        return Message("“{words}” is written by a reference: {said}", words=kept.before, said=said)

    def _reference(self, reference: Reference) -> str:
        names = dict.fromkeys(_NAME.findall(reference.numbers))
        if not names:
            return Message("{tag}, written from a parameter", tag=reference.tag)
        return listed(map(self._kept_in, names))

    def _kept_in(self, full: str) -> str:
        """The name of a cell or figure, with where it is kept."""
        report: OfficeYear | None = self.report
        name = full
        if name.startswith("last."):
            report, name = self.previous(), name.removeprefix("last.")
        if report is None:
            return full
        kind, _, rest = name.partition(".")
        if kind == "figures" and rest in report.figures:
            figure = report.figures[rest]
            return Message("{name} ({label}): change {source}", name=full, label=figure.label, source=figure.source)
        if kind == "ledger":
            return Message("{name}, worked out from the ledger of requests: change the ledger", name=full)
        row, _, column = rest.partition(".")
        cell = report.cells.get(CellRef(kind, row, column))
        return Message("{name}: change {source}", name=full, source=cell.source) if cell else full


def _attachments(document: Document, report: OfficeYear) -> Iterator[tuple[str, Message, Message]]:
    """The words that stand for attachments, in the list under the text and over each, with where they are from."""
    paths = [each.title.source.path for each in report.attachments.values()]
    heads = [block for block in document.blocks if isinstance(block, Attachment)]
    listed = [line for block in document.blocks if isinstance(block, AttachmentList) for line in block.lines]
    for head, (lead, number, title), path in zip(heads, listed, paths, strict=False):
        why = Message("is the heading or the name of {file}: change that", file=path)
        yield head.title, Message("The title of {mark}", mark=head.mark), why
        yield f"{lead}{number}\t{title}" if number else f"{lead}{title}", Message("The list of attachments"), why
        yield head.mark, Message("The mark {mark}", mark=head.mark), Message("is set by the name of {file}", file=path)
