"""Which edits a narrative can take, or why not: of its possible new texts the first that prints the right words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from nianbao.errors.language import Message
from nianbao.export.blocks import Attachment, AttachmentList, Closing, Paragraph, Title
from nianbao.export.document import Document
from nianbao.form import CellRef
from nianbao.model import OfficeYear
from nianbao.paths import Project
from nianbao.pipeline.take.marks import style_of
from nianbao.pipeline.take.merge import Kept
from nianbao.pipeline.take.narratives import Narrative, Reference, Spot
from nianbao.pipeline.take.printed import Printed, Printer
from nianbao.pipeline.take.reasons import BY_FORM, listed
from nianbao.pipeline.take.text_edits import Edit, apply
from nianbao.pipeline.take.word_blocks import Letter, WordParagraph, WordTable

_BLANKS = re.compile(r"\n(?:[ \t\u3000]*\n)*")
Block = WordParagraph | WordTable


@dataclass(frozen=True)
class Rewrite:
    """Edits of one narrative, and what it is to print then.

    ``instead``: the blocks in the place of a printed one, by its number in the report; ``before`` and ``after``: those
    that come beside it. ``looks``: emphasis must be as the document has it.
    """

    slug: str
    edits: tuple[Edit, ...]
    instead: Mapping[int, Sequence[Block]] = field(default_factory=dict)
    before: Mapping[int, Sequence[Block]] = field(default_factory=dict)
    after: Mapping[int, Sequence[Block]] = field(default_factory=dict)
    looks: bool = True


class Rewriter:
    """Tries rewrites on the narratives of one report, and remembers those that were taken."""

    def __init__(self, printer: Printer, narratives: Mapping[str, Narrative], printed: Sequence[Printed]) -> None:
        self.narratives = narratives
        self.taken: list[Rewrite] = []
        self._printer = printer
        self.printed = printed

    def first(self, candidates: Iterable[Rewrite]) -> Rewrite | None:
        """The first candidate whose file prints what it says, taken; None where there is none."""
        for rewrite in candidates:
            if self._prints(rewrite.slug, [rewrite]):
                self.taken.append(rewrite)
                return rewrite
        return None

    def content(self, spot: Spot) -> str:
        """The text of the spot's file."""
        return self.narratives[spot.slug].content

    def deletion(self, spot: Spot) -> Edit:
        """The edit that takes the lines out, with the blank ones under them."""
        content = self.narratives[spot.slug].content
        if not content[spot.end :].strip():
            return Edit(len(content[: spot.begin].rstrip()), spot.end, "")
        blanks = _BLANKS.match(content, spot.end)
        tight = spot.begin and content[spot.begin - 2 : spot.begin] != "\n\n"
        return Edit(spot.begin, spot.end + 1 if tight or not blanks else blanks.end(), "")

    def drop(self, slug: str) -> None:
        """Forget the rewrites of a narrative."""
        self.taken = [rewrite for rewrite in self.taken if rewrite.slug != slug]

    def texts(self) -> dict[str, str]:
        """The new text of each narrative that changes, with all rewrites; without any where they do not go together."""
        found: dict[str, str] = {}
        for slug in dict.fromkeys(rewrite.slug for rewrite in self.taken):
            rewrites = [rewrite for rewrite in self.taken if rewrite.slug == slug]
            text = _edited(self.narratives[slug].content, rewrites)
            if text != self.narratives[slug].content:
                found[slug] = text
        return found

    def placed(self, slug: str, content: str) -> list[tuple[Block, Spot]]:
        """What a narrative of this content prints, each block with its place in it."""
        narrative = self.narratives[slug]
        if content == narrative.content:
            return [(one.block, one.spot) for one in self.printed if one.spot and one.spot.slug == slug]
        return self._printer.placed(replace(narrative, content=content))

    def clashing(self) -> list[str]:
        """The narratives whose rewrites print something else together than each does alone."""
        slugs = dict.fromkeys(rewrite.slug for rewrite in self.taken)
        return [slug for slug in slugs if not self._prints(slug, [one for one in self.taken if one.slug == slug])]

    def _prints(self, slug: str, rewrites: Sequence[Rewrite]) -> bool:
        narrative = self.narratives[slug]
        text = _edited(narrative.content, rewrites)
        now = self._printer.blocks(Narrative(narrative.part, narrative.path, text))
        wanted = list(self._wanted(slug, rewrites))
        looks = all(rewrite.looks for rewrite in rewrites)
        return len(now) == len(wanted) and all(
            same(one, other, looks=looks) for one, other in zip(now, wanted, strict=True)
        )

    def _wanted(self, slug: str, rewrites: Sequence[Rewrite]) -> Iterable[Block]:
        if not any(one.spot and one.spot.slug == slug for one in self.printed):
            for rewrite in rewrites:
                yield from rewrite.after.get(-1, ())
        for index, one in enumerate(self.printed):
            if one.spot is None or one.spot.slug != slug:
                continue
            for rewrite in rewrites:
                yield from rewrite.before.get(index, ())
            instead = [rewrite.instead[index] for rewrite in rewrites if index in rewrite.instead]
            yield from instead[-1] if instead else (one.block,)
            for rewrite in rewrites:
                yield from rewrite.after.get(index, ())


def same(one: Block, other: Block, *, looks: bool) -> bool:
    """Whether two blocks read alike: words, kind, and emphasis where that is asked for."""
    if isinstance(one, WordTable) or isinstance(other, WordTable):
        return one == other
    if one.text != other.text or kind(one) != kind(other):
        return False
    return not looks or one.heading > 0 or styles(one.letters) == styles(other.letters)


def styles(letters: Sequence[Letter]) -> list[tuple[bool, bool, str]]:
    """How each letter looks that can be seen."""
    return [style_of(letter) for letter in letters if not letter.char.isspace()]


def kind(block: WordParagraph) -> tuple[int, bool, bool, int, int]:
    """Its level as a heading; in a list or not, in one that counts, its level there; of how many lists it is part."""
    return block.heading, block.listed, block.ordered, block.depth, block.within


def _edited(content: str, rewrites: Sequence[Rewrite]) -> str:
    edits = [edit for rewrite in rewrites for edit in rewrite.edits]
    return apply(content, edits)


_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")


class Origins:
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
        if printed.template:
            name = Message("Words of {template}", template=printed.template)
            return name, Message("stand around the report: change the template")
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
        if printed.template:
            return printed.template
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
    listed = [line for block in document.blocks if isinstance(block, AttachmentList) for line in block.tabbed]
    for head, line, path in zip(heads, listed, paths, strict=False):
        why = Message("is the heading or the name of {file}: change that", file=path)
        yield head.title, Message("The title of {mark}", mark=head.mark), why
        yield line, Message("The list of attachments"), why
        yield head.mark, Message("The mark {mark}", mark=head.mark), Message("is set by the name of {file}", file=path)
