"""Read an edited DOCX: paragraphs with their looks, tables, tracked changes and comments, in reading order.

Whatever is there and is none of these (a picture, a text box, a note at the page's foot) is told as an extra, so that
nothing is lost unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from nianbao.errors.language import Message
from nianbao.ingest.archive import Archive
from nianbao.pipeline.take.marks import standing_out
from nianbao.pipeline.take.reasons import KINDS, MARKS, PICTURE
from nianbao.pipeline.take.word_blocks import Comment, Letter, Tracked, WordDocument, WordParagraph, WordTable
from nianbao.pipeline.take.word_lists import Lists
from nianbao.pipeline.take.word_parts import comments_of, headers_of, targets_of
from nianbao.pipeline.take.word_styles import Style, W, indent_of, is_on, numbering_of, styles_of, value_of

_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ADDED, _REMOVED = frozenset({f"{W}ins", f"{W}moveTo"}), frozenset({f"{W}del", f"{W}moveFrom"})
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_word(content: bytes, where: str, *, accept: bool = True) -> WordDocument:
    """The document as it stands with its tracked changes accepted, or as it stood before them.

    Raises IngestError for a file that is no DOCX, or is damaged.
    """
    archive = Archive(content, where)
    body = archive.tree("word/document.xml").find(f"{W}body")
    reader = _Reader(archive, accept=accept)
    if body is not None:
        reader.read(body)
    return WordDocument(
        archive.title,
        tuple(reader.blocks),
        tuple(reader.tracked),
        tuple(reader.comments),
        (*reader.extras, *headers_of(archive)),
    )


@dataclass
class _Open:
    """What has been read of a paragraph that goes on in the next where its end was deleted."""

    letters: list[Letter] = field(default_factory=list)
    first: etree._Element | None = None


class _Reader:
    def __init__(self, archive: Archive, *, accept: bool) -> None:
        self.blocks: list[WordParagraph | WordTable] = []
        self.tracked: list[Tracked] = []
        self.comments: list[Comment] = []
        self.extras: list[tuple[Message, int]] = []
        self._gone = _REMOVED if accept else _ADDED
        self._styles = styles_of(archive)
        self._lists = Lists(archive)
        self._said = comments_of(archive)
        self._looks_in_table: list[str] = []
        self._about: dict[str, list[str]] = {}
        self._open = _Open()
        self._targets = targets_of(archive)
        self._fields: list[str] = []  # the links of the fields that the words stand in

    def read(self, body: etree._Element) -> None:
        """Read the blocks of the body."""
        for element in _blocks(body):
            if element.tag == f"{W}tbl":
                self.blocks.append(self._table(element))
                self._lists.end()
                continue
            if element.tag == f"{W}altChunk":
                self.extras.append((Message("another document, put in whole"), len(self.blocks)))
                continue
            self._letters(element)
            if not self._end_is_gone(element):
                self._close()
        self._close()

    def _close(self) -> None:
        if (element := self._open.first) is None:
            return
        letters, self._open = self._open.letters, _Open()
        properties = element.find(f"{W}pPr")
        style = self._styles.get(value_of(element, "pPr", "pStyle"), Style())
        number = numbering_of(properties) or style.numbering
        level = value_of(element, "pPr", "outlineLvl")
        heading = int(level) + 1 if level.isdecimal() and int(level) < 9 else style.heading
        if not "".join(letter.char for letter in letters).strip():
            return
        indent = indent_of(properties)
        shape = WordParagraph((), heading)
        if heading:
            self._lists.end()
        elif number is not None and number[0] != "0":
            shape = replace(shape, listed=True, **self._lists.item(*number, indent))
        else:
            left = style.indent if indent is None else indent
            shape = replace(shape, within=self._lists.within(left, continues=style.continues))
        for line in _split(letters):
            if "".join(letter.char for letter in line).strip():
                self.blocks.append(replace(shape, letters=tuple(_stripped(line))))

    def _end_is_gone(self, element: etree._Element) -> bool:
        marks = element.find(f"{W}pPr/{W}rPr")
        return marks is not None and any(child.tag in self._gone for child in marks)

    def _letters(self, element: etree._Element) -> None:
        if not self._open.letters:
            self._open.first = element  # nothing is left of those before it
        marks = element.find(f"{W}pPr/{W}rPr")
        for child in marks if marks is not None else ():
            if child.tag in _ADDED | _REMOVED:
                self._track(child, Message("(paragraph mark)"))
        self._walk(element, self._open.letters)

    def _walk(self, parent: etree._Element, letters: list[Letter]) -> None:
        for child in parent:
            name = etree.QName(child).localname if isinstance(child.tag, str) else ""
            if child.tag in _ADDED | _REMOVED:
                words = "".join(node.text or "" for node in child.iter(f"{W}t", f"{W}delText"))
                self._track(child, words)
                if child.tag not in self._gone:
                    self._walk(child, letters)
            elif name == "r":
                self._run(child, letters)
            elif name == "hyperlink":
                self._fields.append(self._targets.get(child.get(_ID, ""), ""))
                self._walk(child, letters)
                self._fields.pop()
            elif name == "commentRangeStart":
                self._about[child.get(f"{W}id", "")] = []
            elif name == "commentRangeEnd":
                self._comment(child.get(f"{W}id", ""))
            elif name in {"oMath", "oMathPara"}:
                self.extras.append((Message("formula"), len(self.blocks)))
            elif name not in {"pPr", "bookmarkStart", "bookmarkEnd", "proofErr", "sdtPr", "sdtEndPr", "Fallback"}:
                self._walk(child, letters)

    def _marked(self, run: etree._Element) -> None:
        """Words that are crossed out, or hidden: nobody can say whether they are to go."""
        properties = run.find(f"{W}rPr")
        words = "".join(node.text or "" for node in run.iter(f"{W}t"))
        if properties is None or not words:
            return
        here = len(self.blocks)
        for said, names in MARKS:
            if not any(is_on(properties, name, default=False) for name in names):
                continue
            whole = words
            if self.extras and (self.extras[-1][0].msgid, self.extras[-1][1]) == (said("").msgid, here):
                whole = f"{self.extras.pop()[0].values['words']}{words}"  # the same goes on
            self.extras.append((said(whole), here))

    def _run(self, run: etree._Element, letters: list[Letter]) -> None:
        bold, italic = self._looks(run)
        self._marked(run)
        for node in run:
            name = etree.QName(node).localname if isinstance(node.tag, str) else ""
            if name in {"t", "delText"}:
                words = node.text or ""
            elif name == "tab":
                words = "\t"
            elif name == "cr" or (name == "br" and node.get(f"{W}type", "textWrapping") == "textWrapping"):
                words = "\n"
            elif name == "noBreakHyphen":
                words = "-"
            else:
                words = ""
                self._extra(node, name)
            href = next((one for one in reversed(self._fields) if one), "")
            letters += [Letter(char, bold, italic, href) for char in words]
            for about in self._about.values():
                about.append(words)

    def _looks(self, run: etree._Element) -> tuple[bool, bool]:
        properties = run.find(f"{W}rPr")
        style = self._styles.get(value_of(run, "rPr", "rStyle"), Style())
        bold, italic = style.bold, style.italic
        if properties is not None:
            bold, italic = is_on(properties, "b", bold), is_on(properties, "i", italic)
        return bold, italic

    def _extra(self, node: etree._Element, name: str) -> None:
        if name == "commentReference":
            if node.get(f"{W}id", "") in self._said:
                self._comment(node.get(f"{W}id", ""))
        elif name in {"fldChar", "instrText"}:
            self._field(node, name)
        elif name in {"sym", "ruby"}:
            words = "".join(text.text or "" for text in node.iter(f"{W}t"))
            what = Message("phonetic guide “{words}”", words=words) if words else Message("symbol of a special face")
            self.extras.append((what, len(self.blocks)))
        elif name in {"footnoteReference", "endnoteReference"}:
            self.extras.append((Message("footnote or endnote"), len(self.blocks)))
        elif name in {"drawing", "pict", "object", "AlternateContent"}:
            boxes = [box for box in node.iter(f"{W}txbxContent") if _MC_FALLBACK not in _tags_above(box)]
            words = "".join(text.text or "" for box in boxes for text in box.iter(f"{W}t"))
            what = Message("text box “{words}”", words=words[:40]) if boxes else PICTURE
            self.extras.append((what, len(self.blocks)))

    def _field(self, node: etree._Element, name: str) -> None:
        kind = node.get(f"{W}fldCharType", "") if name == "fldChar" else ""
        if kind == "begin":
            self._fields.append("")
        elif kind == "end" and self._fields:
            self._fields.pop()
        elif name == "instrText" and self._fields:
            for target in re.findall(r'HYPERLINK\s+"([^"]+)"', node.text or ""):
                self._fields[-1] = target

    def _track(self, element: etree._Element, words: str) -> None:
        kind = KINDS[etree.QName(element).localname]
        if words:
            self.tracked.append(Tracked(kind, element.get(f"{W}author", ""), words, len(self.blocks)))

    def _comment(self, number: str) -> None:
        if number in self._said:
            author, words = self._said.pop(number)
            about = "".join(self._about.pop(number, []))
            self.comments.append(Comment(author, words, about, len(self.blocks)))

    def _rows(self, table: etree._Element) -> Iterator[tuple[str, ...]]:
        gone = {etree.QName(tag).localname for tag in self._gone}
        for row in _children(table, "tr"):
            marks = row.find(f"{W}trPr")
            if marks is not None and any(marks.find(f"{W}{name}") is not None for name in gone):
                continue
            cells = [cell for cell in _children(row, "tc") if not _continues(cell)]
            if cells:
                yield tuple(self._cell(cell) for cell in cells)

    def _table(self, table: etree._Element) -> WordTable:
        self._looks_in_table = []
        return WordTable(tuple(self._rows(table)), tuple(self._looks_in_table))

    def _cell(self, cell: etree._Element) -> str:
        texts = []
        for paragraph in cell.iter(f"{W}p"):
            letters: list[Letter] = []
            self._walk(paragraph, letters)
            texts.append("".join(letter.char for letter in letters))
            self._looks_in_table += standing_out(letters)
        return "\n".join(texts).strip()


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in reading order, those in content controls too."""
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl", f"{W}altChunk"}:
            yield child
        elif child.tag not in {f"{W}sectPr", f"{W}sdtPr"}:
            yield from _blocks(child)


def _children(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins"}:
            yield from _children(child, name)


def _split(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """The lines of a paragraph: a break in it is what Chinese writers make a new paragraph with."""
    line: list[Letter] = []
    for letter in letters:
        if letter.char == "\n":
            yield line
            line = []
        else:
            line.append(letter)
    yield line


def _stripped(line: list[Letter]) -> list[Letter]:
    first = next((index for index, letter in enumerate(line) if letter.char.strip()), len(line))
    last = next((index for index in range(len(line), 0, -1) if line[index - 1].char.strip()), 0)
    return line[first:last]


def _tags_above(element: etree._Element) -> set[str]:
    return {str(parent.tag) for parent in element.iterancestors()}


def _continues(cell: etree._Element) -> bool:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"
