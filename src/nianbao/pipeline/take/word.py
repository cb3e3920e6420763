"""Read an edited DOCX: paragraphs with their looks, tables, tracked changes and comments, in reading order.

Whatever is there and is none of these (a picture, a text box, a note at the page's foot) is told as an extra, so that
nothing is lost unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from nianbao.errors.language import Message, shortened
from nianbao.ingest.archive import Archive
from nianbao.pipeline.take.marks import standing_out
from nianbao.pipeline.take.reasons import KINDS, PICTURE
from nianbao.pipeline.take.word_blocks import (
    Comment,
    Extra,
    Letter,
    Tracked,
    WordDocument,
    WordParagraph,
    WordTable,
    lines_of,
    stripped,
)
from nianbao.pipeline.take.word_lists import Lists
from nianbao.pipeline.take.word_looks import PLAIN, told
from nianbao.pipeline.take.word_margins import margins_of
from nianbao.pipeline.take.word_parts import address_of, comments_of, notes_of, targets_of
from nianbao.pipeline.take.word_pictures import Media
from nianbao.pipeline.take.word_styles import Style, indent_of, numbering_of, styles_of
from nianbao.pipeline.take.word_xml import (
    W,
    blocks_in,
    children_of,
    continues_above,
    is_on,
    tags_above,
    value_of,
)

_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ADDED, _REMOVED = frozenset({f"{W}ins", f"{W}moveTo"}), frozenset({f"{W}del", f"{W}moveFrom"})
_HYPERLINK = re.compile(r'HYPERLINK\s+"([^"]+)"(?:\s+\\l\s+"([^"]+)")?')
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
        tuple(reader.extras),
        () if body is None else tuple(margins_of(archive, body)),
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
        self.extras: list[Extra] = []
        self._gone = _REMOVED if accept else _ADDED
        self._cell_gone = "cellDel" if accept else "cellIns"
        self._styles = styles_of(archive)
        self._look = self._usual = PLAIN  # of the open paragraph, and how the report prints its like
        self._lists = Lists(archive)
        self._said = comments_of(archive)
        self._looks_in_table: list[str] = []
        self._about: dict[str, list[str]] = {}
        self._open = _Open()
        self._targets = targets_of(archive)
        self._notes = notes_of(archive)
        self._media = Media(archive, "word/document.xml")
        self._fields: list[str] = []  # the links of the fields that the words stand in

    def read(self, body: etree._Element) -> None:
        """Read the blocks of the body."""
        for element in blocks_in(body):
            if element.tag == f"{W}tbl":
                self.blocks.append(self._table(element))
                self._lists.end()
                continue
            if element.tag == f"{W}altChunk":
                self._say(Message("another document, put in whole"))
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
        style = self._style(element)
        number = numbering_of(properties) or style.numbering
        level = value_of(element, "pPr", "outlineLvl")
        heading = int(level) + 1 if level.isdecimal() and int(level) < 9 else style.heading
        if not "".join(letter.char for letter in letters).strip():
            return
        self._say_looks(letters)
        indent = indent_of(properties)
        shape = WordParagraph((), heading)
        if heading:
            self._lists.end()
        elif number is not None and number[0] != "0":
            shape = replace(shape, listed=True, **self._lists.item(*number, indent))
        else:
            left = style.indent if indent is None else indent
            shape = replace(shape, within=self._lists.within(left, continues=style.continues))
        for line in lines_of(letters):
            if "".join(letter.char for letter in line).strip():
                self.blocks.append(replace(shape, letters=tuple(stripped(line))))

    def _end_is_gone(self, element: etree._Element) -> bool:
        marks = element.find(f"{W}pPr/{W}rPr")
        return marks is not None and any(child.tag in self._gone for child in marks)

    def _letters(self, element: etree._Element) -> None:
        if not self._open.letters:
            self._open.first = element  # nothing is left of those before it
        self._begin(element)
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
                target = self._targets.get(child.get(_ID, ""), "")
                self._fields.append(address_of(target, child.get(f"{W}anchor", "")))
                self._walk(child, letters)
                self._fields.pop()
            elif name == "commentRangeStart":
                self._about[child.get(f"{W}id", "")] = []
            elif name == "commentRangeEnd":
                self._comment(child.get(f"{W}id", ""))
            elif name in {"oMath", "oMathPara"}:
                self._say(Message("formula"))
            elif name not in {"pPr", "bookmarkStart", "bookmarkEnd", "proofErr", "sdtPr", "sdtEndPr", "Fallback"}:
                self._walk(child, letters)

    def _run(self, run: etree._Element, letters: list[Letter]) -> None:
        href = next((one for one in reversed(self._fields) if one), "")
        like = self._letter(run, href)
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
            letters += [replace(like, char=char) for char in words]
            for about in self._about.values():
                about.append(words)

    def _letter(self, run: etree._Element, href: str) -> Letter:
        """What each character of the run is like."""
        properties = run.find(f"{W}rPr")
        name = value_of(run, "rPr", "rStyle")
        style = self._styles.get(name, Style()) if name else Style()
        bold, italic = style.bold, style.italic
        if properties is not None:
            bold, italic = is_on(properties, "b", bold), is_on(properties, "i", italic)
        below = style.look.over(self._look)
        look, usual = below.under(properties), style.look.over(self._usual) if style.own else self._usual
        size = 0 if look.size == usual.size else look.size
        return Letter("", bold, italic, href, look.besides(usual, linked=bool(href)), size)

    def _style(self, paragraph: etree._Element) -> Style:
        return self._styles.get(value_of(paragraph, "pPr", "pStyle"), Style())

    def _begin(self, paragraph: etree._Element) -> None:
        """Learn how words of a paragraph look, and how the report prints its like."""
        style = self._style(paragraph)
        self._look = style.look.within(paragraph.find(f"{W}pPr"))
        self._usual = style.look if style.own else self._styles.get("", Style()).look

    def _say(self, what: Message, picture: bytes = b"") -> None:
        self.extras.append(Extra(what, len(self.blocks), picture=picture))

    def _say_looks(self, letters: Sequence[Letter]) -> None:
        self.extras += [Extra(what, len(self.blocks), look=True) for what in told(letters)]

    def _extra(self, node: etree._Element, name: str) -> None:
        if name == "commentReference":
            if node.get(f"{W}id", "") in self._said:
                self._comment(node.get(f"{W}id", ""))
        elif name in {"fldChar", "instrText"}:
            self._field(node, name)
        elif name in {"sym", "ruby"}:
            words = "".join(text.text or "" for text in node.iter(f"{W}t"))
            what = Message("phonetic guide “{words}”", words=words) if words else Message("symbol of a special face")
            self._say(what)
        elif name in {"footnoteReference", "endnoteReference"}:
            words = self._notes.get((name, node.get(f"{W}id", "")), "")
            self._say(Message("footnote or endnote “{words}”", words=shortened(words)))
        elif name in {"drawing", "pict", "object", "AlternateContent"}:
            boxes = [box for box in node.iter(f"{W}txbxContent") if _MC_FALLBACK not in tags_above(box)]
            words = "".join(text.text or "" for box in boxes for text in box.iter(f"{W}t"))
            if boxes:
                self._say(Message("text box “{words}”", words=words[:40]))
            else:
                self._say(PICTURE, b"" if name == "object" else self._media.of(node))

    def _field(self, node: etree._Element, name: str) -> None:
        kind = node.get(f"{W}fldCharType", "") if name == "fldChar" else ""
        if kind == "begin":
            self._fields.append("")
        elif kind == "end" and self._fields:
            self._fields.pop()
        elif name == "instrText" and self._fields:
            for target, anchor in _HYPERLINK.findall(node.text or ""):
                self._fields[-1] = address_of(target, anchor)

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
        for row in children_of(table, "tr"):
            marks = row.find(f"{W}trPr")
            if marks is not None and any(marks.find(f"{W}{name}") is not None for name in gone):
                continue
            cells = [
                cell
                for cell in children_of(row, "tc")
                if not continues_above(cell) and cell.find(f"{W}tcPr/{W}{self._cell_gone}") is None
            ]
            if cells:
                yield tuple(self._cell(cell) for cell in cells)

    def _table(self, table: etree._Element) -> WordTable:
        self._looks_in_table = []
        return WordTable(tuple(self._rows(table)), tuple(self._looks_in_table))

    def _cell(self, cell: etree._Element) -> str:
        texts = []
        for paragraph in cell.iter(f"{W}p"):
            letters: list[Letter] = []
            self._begin(paragraph)
            self._look = self._look.within(cell.find(f"{W}tcPr"))
            self._walk(paragraph, letters)
            self._say_looks(letters)
            texts.append("".join(letter.char for letter in letters))
            self._looks_in_table += standing_out(letters)
        return "\n".join(texts).strip()
