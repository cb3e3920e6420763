"""Take an edited report.docx back: changed sentences into the narratives, changed numbers to whom they belong.

It is paired with what the report prints now; each edit is brought into a narrative or refused by name. Changed
narratives are written in their own encoding and line ends, all of them or none. Who makes a report needs nothing of it.
"""

from __future__ import annotations

import difflib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from nianbao.errors import InputError, NianbaoError, UsageError
from nianbao.errors.language import Message, why_refused
from nianbao.export.document import DRAFT_NOTICE, Document
from nianbao.export.stitching import OPEN_FINDINGS
from nianbao.inputs import Files, load
from nianbao.inputs.encodings import encoding_of
from nianbao.model import OfficeYear, Options, ReportKey
from nianbao.paths import Project
from nianbao.pipeline import Tell, printed_document
from nianbao.pipeline.take.edits import Edits
from nianbao.pipeline.take.narratives import Narrative, Part, part_of
from nianbao.pipeline.take.outcome import NewText, Taken
from nianbao.pipeline.take.printed import Printed, Printer
from nianbao.pipeline.take.rewrites import Block, Origins, Rewriter
from nianbao.pipeline.take.template import around, own_pictures
from nianbao.pipeline.take.word import read_word
from nianbao.pipeline.take.word_blocks import WordDocument, WordParagraph, text_of

__all__ = ["Taken", "take", "write"]


MOST_BYTES = 64 * 1024 * 1024


def take(project: Project, key: ReportKey, path: Path, options: Options, tell: Tell, *, accept: bool = True) -> Taken:
    """What the edited document ``path`` comes to; nothing is written.

    ``accept``: tracked changes count as made; otherwise the document counts as it was before them.
    Raises UsageError where the file is not there or no report of this office-year, IngestError where it is no DOCX, and
    what making the report's sections raises.
    """
    word = _without_notice(read_word(_content(path), path.name, accept=accept))
    document = printed_document(project, key, options, tell)
    own = around(document.template)
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
    printer = Printer(report, previous, document, (len(own.before), len(own.after)))
    printed = [*own.before, *printer.whole(list(narratives.values())), *own.after]
    blocks = _without_findings(word.blocks, own.after)
    _require_same_report(word, document, printed, path)
    edits = Edits(Origins(project, report, previous, document, printed), Rewriter(printer, narratives, printed), blocks)
    edits.run()
    made = printer.word()
    edits.look_beside(
        word, made, list(own_pictures(made, document, own)), document.template.name if document.template else ""
    )
    return edits.outcome(path.name, word)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(
                Message("is larger than {size} MB, and no annual report", size=MOST_BYTES >> 20), where=str(path)
            )
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            Message("cannot be read: {why}", why=why_refused(error)),
            where=str(path),
            hint="give the edited report.docx",
        ) from error
    # Word's files of old and those with a password begin otherwise; OpenDocument's name themselves.
    if not content.startswith(b"PK") or b"application/vnd.oasis.opendocument" in content[:100]:
        raise UsageError(
            Message("is no .docx file, or asks for a password"),
            where=str(path),
            hint=Message("open it in Word, WPS or LibreOffice and save it as .docx, without a password"),
        )
    return content


def _without_notice(word: WordDocument) -> WordDocument:
    """The document without the notice over a draft."""
    return _without(word, {index for index, block in enumerate(word.blocks) if text_of([block]) == DRAFT_NOTICE})


def _without(word: WordDocument, dropped: Set[int]) -> WordDocument:
    """The document without some of its blocks and their looks; what stands after so many blocks stands after fewer."""

    def left(block: int) -> int:
        return block - sum(one < block for one in dropped)

    return replace(
        word,
        blocks=tuple(block for index, block in enumerate(word.blocks) if index not in dropped),
        tracked=tuple(replace(one, block=left(one.block)) for one in word.tracked),
        comments=tuple(replace(one, block=left(one.block)) for one in word.comments),
        extras=tuple(
            replace(one, block=left(one.block)) for one in word.extras if not (one.look and one.block in dropped)
        ),
    )


def _without_findings(blocks: Sequence[Block], after: Sequence[Printed]) -> list[Block]:
    """The blocks without the list of open findings under a draft, which the checks write; ``after`` may follow it."""
    own = {text_of([one.block]) for one in after}
    for index, block in enumerate(blocks):
        if isinstance(block, WordParagraph) and block.text == OPEN_FINDINGS:
            return [*blocks[:index], *(one for one in blocks[index:] if text_of([one]) in own)]
    return list(blocks)


def _require_same_report(word: WordDocument, document: Document, printed: Sequence[Printed], path: Path) -> None:
    """UsageError where the document's title names another office or year, or where the report's headings are not."""
    beside = {text_of([one.block]) for one in printed if one.template}
    texts = [block.text for block in word.blocks if isinstance(block, WordParagraph) and block.text not in beside]
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


def write(project: Project, files: Sequence[NewText]) -> None:
    """Put the new texts in the places of the old ones; nothing is changed where one of them cannot be written.

    Raises InputError where a file is not any more what it was when it was read, NianbaoError where the disk refuses.
    """
    made: list[tuple[Path, Path]] = []
    try:
        for new in files:
            path = Files(project).find(project.root / new.path)
            content = _encoded(path, new)
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
            made.append((Path(name), path))
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        for temporary, path in made:
            temporary.replace(path)
    except OSError as error:
        raise NianbaoError(
            Message("cannot be written: {why}", why=why_refused(error)), where=str(error.filename or "")
        ) from error
    finally:
        for temporary, _ in made:
            with suppress(OSError):
                temporary.unlink()


def _encoded(path: Path, new: NewText) -> bytes:
    """The new text as the old file is encoded; lines that stay keep their own ends, new ones get the commonest."""
    if not path.exists():
        return new.after.encode()
    raw = path.read_bytes()
    mark, encoding = encoding_of(raw) or (b"", "utf-8")
    text = raw[len(mark) :].decode(encoding, errors="replace")
    if text.replace("\r\n", "\n").replace("\r", "\n") != new.before:
        raise InputError("was changed meanwhile", where=new.path, hint="run again", zh="文件刚刚被改动，请重新运行")
    return mark + "".join(_with_ends(text, new)).encode(encoding)


def _with_ends(text: str, new: NewText) -> Iterator[str]:
    """The new text's lines, with the line ends of the old one's lines that they come from."""
    ends = re.findall(r"\r\n|\r|\n", text)
    usual = max(("\n", "\r\n", "\r"), key=ends.count)
    if set(ends) <= {usual}:
        yield new.after.replace("\n", usual)
        return
    old, now = new.before.split("\n"), new.after.split("\n")
    kept: dict[int, str] = {}
    for a, b, size in difflib.SequenceMatcher(None, old, now, autojunk=False).get_matching_blocks():
        kept |= {b + step: ends[a + step] for step in range(size) if a + step < len(ends)}
    for index, line in enumerate(now):
        yield line + (kept.get(index, usual) if index < len(now) - 1 else "")
