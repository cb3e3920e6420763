"""Read HTML: paragraphs and tables in reading order, without a page's scripts, menus and hints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree, html

from nianbao.errors import IngestError
from nianbao.ingest.carrier import NO_CHARACTER, Carrier, Line, Place, bounded, has_too_many, may_have_drawn_digits
from nianbao.ingest.text import decoded, lines_of
from nianbao.ingest.visibility import INLINE, is_aside, is_hidden, is_unseen, set_class_styles

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SKIPPED = frozenset(
    "script style noscript template nav head select button textarea iframe object svg input rt rp title figcaption".split()  # noqa: SIM905, E501 -- one line is easier to read
)
# Fields of a form: in a cell their value is what is seen.
_CONTROLS = frozenset({"input", "select", "textarea"})
_BREAKS = frozenset({"br", "p", "div", "li", "tr"})
_BLOCK = re.compile(r"<(?:p|div|br|body|h[1-6]|li)\b", re.IGNORECASE)
# A table with all that it holds, and the tags that a text has beside tables (they stand for no blocks).
_TABLE = re.compile(r"(<table\b.*?</table\s*>)", re.IGNORECASE | re.DOTALL)
_TABLE_END = re.compile(r"</table\s*>", re.IGNORECASE)
_TEXT_TAGS = re.compile(r"</?(?:sup|sub|del|s|br)\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!]")
# A whole page ends with a closing tag or a comment.
_ENDED = re.compile(rb"(?:</[\w:]+\s*>|-->)\s*$")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# A page of a report has 20,000 tags; one of an office program, with a hundred reports, a million.
MAX_TAGS = 1_200_000
_MOST_ATTRIBUTES = 1_000
_WIDEST = 2_000
# A picture of so few pixels keeps space.
_DOT = 3
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{4000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
# Deeper nesting than this is no page that anybody saw; the reader would only recurse.
_DEEPEST = 200


def read_html(content: bytes, where: str) -> Carrier:
    """The lines of a page; rows of its innermost tables are ruled."""
    text = _text_of(content, where)
    if _is_text_with_tables(text):
        return Carrier("html", bounded(_mixed(text, where), where))
    root = _parsed(text, where)
    set_class_styles(root)
    reader = _Reader(truncated=_ENDED.search(content[-200:]) is None)
    lines = bounded(reader.lines(root), where)
    return Carrier("html", lines, tuple(reader.pictures), _title(root))


def _is_text_with_tables(text: str) -> bool:
    """Whether a text (Markdown) holds tables as HTML does and is no page otherwise."""
    return _TAG.search(_TEXT_TAGS.sub("", "".join(_around_tables(text)[::2]))) is None


def _around_tables(text: str) -> list[str]:
    """The text in pieces, each second one a table of HTML."""
    # Behind the last closing tag no table ends: a search from each opening one there would run to the end.
    last = max((match.end() for match in _TABLE_END.finditer(text)), default=0)
    pieces = _TABLE.split(text[:last])
    pieces[-1] += text[last:]
    return pieces


def _mixed(text: str, where: str) -> Iterator[Line]:
    """The lines of such a text, and the rows of its tables of HTML where these stand."""
    reader = _Reader(truncated=False)
    above = 0
    for index, part in enumerate(_around_tables(text)):
        if part.strip():
            lines = reader.lines(_parsed(part, where)) if index % 2 else lines_of(part)
            for line in lines:
                yield replace(line, places=tuple(replace(one, line=above + (one.line or 1)) for one in line.places))
        above += part.count("\n")


def _text_of(content: bytes, where: str) -> str:
    match = _CHARSET.search(content[:4096])
    named = match[1].decode("ascii").lower() if match else ""
    return content.decode("gb18030", errors="replace") if named.startswith("gb") else decoded(content, where)


def _parsed(text: str, where: str) -> html.HtmlElement:
    # A declaration inside the page no longer holds once the text is decoded.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    # The parser drops what stands below the first end of the page: a second page, or a careless site's rest.
    text = re.sub(r"</(?:html|body)\s*>", "", text, flags=re.IGNORECASE)
    if not _BLOCK.search(text):
        # A text that holds tables as HTML does: its lines are paragraphs.
        text = text.replace("\n", "<br>")
    if text.count("<") > MAX_TAGS or any(map(_has_many_attributes, _LONG_TAG.findall(text))):
        raise has_too_many(f"{MAX_TAGS:,} tags, or a tag with more than {_MOST_ATTRIBUTES:,} attributes", where)
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        hint, zh = "save the page anew, or as text", "不是可以读取的网页，请重新保存网页，或另存为文本"
        raise IngestError(f"is no HTML that can be read: {error}", where=where, hint=hint, zh=zh) from error


def _has_many_attributes(tag: str) -> bool:
    """Whether a tag is long for its attributes, not for their values: the parser's time grows with their square."""
    return len(_QUOTED.sub("", tag).split()) > _MOST_ATTRIBUTES


def _title(root: html.HtmlElement) -> str:
    title = root.findtext(".//title") or ""
    return " ".join(title.split())


class _Reader:
    """Walks the page; ``pictures`` are the positions of pictures among the lines."""

    def __init__(self, *, truncated: bool) -> None:
        self.pictures: list[tuple[int, Place]] = []
        self._truncated = truncated
        self._count = 0
        self._tables = 0
        self._elements = 0
        self._text: list[str] = []
        self._row = 0

    def lines(self, root: html.HtmlElement) -> Iterator[Line]:
        """All lines of the page."""
        body = root.find("body")
        found = self._blocks(root if body is None else body, (), 0)
        previous: Line | None = None
        for line in found:
            self._count += 1
            if previous is not None:
                yield previous
            previous = line
        if previous is not None:
            if self._truncated:
                previous = _broken_off(previous)
            yield previous

    def _blocks(self, element: html.HtmlElement, group: tuple[int, ...], depth: int) -> Iterator[Line]:
        """The lines of an element; text that no block holds is a line of its own."""
        if depth > _DEEPEST or is_hidden(element):
            return
        self._elements += 1
        group = (*group, self._elements)
        self._add(element.text)
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag == "br":
                yield from self._flush(group, child)
            elif tag == "img":
                self.pictures.append((self._count, Place(line=child.sourceline)))
            elif tag == "table" and not _is_layout(child):
                yield from self._flush(group, child)
                yield from self._table(child, group)
            elif tag in INLINE and not _has_block(child):
                self._inline(child)
            elif tag and tag not in _SKIPPED:
                yield from self._flush(group, child)
                if tag == "li" or tag in _HEADINGS:
                    yield from self._item(child, group, depth)
                else:
                    yield from self._blocks(child, group, depth + 1)
                yield from self._flush(group, child)
            self._add(child.tail)
        yield from self._flush(group, element)

    def _item(self, element: html.HtmlElement, group: tuple[int, ...], depth: int) -> Iterator[Line]:
        """A list's item, with the mark by which the narrative knows it; a heading as it stands."""
        for index, line in enumerate(self._blocks(element, group, depth + 1)):
            if element.tag == "li" and index == 0 and not line.ruled and line.text:
                yield Line((f"• {line.text}",), line.places, group=line.group)
            else:
                yield line

    def _inline(self, element: html.HtmlElement) -> None:
        if not is_hidden(element):
            for text in _shown(element):
                self._add(text)
            for picture in element.iter("img"):
                self.pictures.append((self._count, Place(line=picture.sourceline)))

    def _add(self, text: str | None) -> None:
        if text:
            self._text.append(text)

    def _flush(self, group: tuple[int, ...], element: html.HtmlElement) -> Iterator[Line]:
        text = " ".join("".join(self._text).split())
        self._text.clear()
        if text:
            yield Line((text,), (Place(line=element.sourceline),), group=group)

    def _table(self, table: html.HtmlElement, group: tuple[int, ...]) -> Iterator[Line]:
        """The rows of a data table; merged cells count once, where they begin."""
        self._tables += 1
        number = self._tables
        caption = table.find("caption")
        if caption is not None and (text := " ".join(caption.text_content().split())):
            yield Line((text,), (Place(line=caption.sourceline),), group=group)
        for index, row in enumerate(table.iter("tr"), start=1):
            if is_hidden(row) or (row.getparent() is not table and is_hidden(row.getparent())):
                continue
            if len(row) > _WIDEST:
                raise has_too_many(f"{_WIDEST:,} cells in a row")
            cells = [cell for cell in row if cell.tag in {"td", "th"} and not is_hidden(cell)]
            if cells:
                places = tuple(
                    Place(line=cell.sourceline, cell=f"table {number} row {index} cell {position}")
                    for position, cell in enumerate(cells, start=1)
                )
                for picture in row.iter("img"):
                    self.pictures.append((self._count, Place(line=picture.sourceline)))
                yield Line(tuple(map(_cell_text, cells)), places, ruled=True, group=group)


def _broken_off(line: Line) -> Line:
    """The last line of a page that was cut: its empty cells may have been filled, its last number longer."""
    cells = line.cells
    while cells and not cells[-1]:
        cells = cells[:-1]
    return Line(cells or ("",), line.places[: len(cells)] or line.places[:1], line.ruled, False, line.group)


def _cell_text(cell: html.HtmlElement) -> str:
    """The cell's text as it is seen; its lines stay apart, so that two numbers in it don't become one."""
    shown = " ".join("".join(_shown(cell)).split())
    if any(map(_is_sign, cell.iter("img"))) and may_have_drawn_digits(shown):
        # A digit may be drawn: 93▣4 is not 934.
        return f"{shown}{NO_CHARACTER}"
    return shown or " ".join("".join(_shown(cell, whole=True)).split())


def _is_sign(picture: html.HtmlElement) -> bool:
    """Whether a picture may be one that is read: neither decoration, by its blank text, nor a dot that keeps space."""
    sizes = [picture.get(name, "") for name in ("width", "height")]
    return picture.get("alt") != "" and not any(size.isdecimal() and int(size) <= _DOT for size in sizes)


def _shown(element: html.HtmlElement, *, whole: bool = False, depth: int = 0) -> Iterator[str]:
    """The visible text of an element: nothing that is hidden or crossed out, and no marks above the line.

    ``whole``: also what is raised or white, for a cell that holds nothing else.
    """
    yield element.text or ""
    before = element.text or ""
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in _CONTROLS:
            yield _filled_in(child)
        elif tag and tag not in _SKIPPED and depth < _DEEPEST and not is_unseen(child):
            text = "".join(_shown(child, whole=whole, depth=depth + 1))
            if whole or not is_aside(child, text, before):
                yield text
                before = text or before
        if tag in _BREAKS:
            yield "\n"
        yield child.tail or ""
        before = child.tail or before


def _filled_in(control: html.HtmlElement) -> str:
    """What a field of a form shows: its value, its text, or the option that is chosen."""
    if control.tag == "input":
        return str(control.get("value") or "") if control.get("type", "text") in {"text", "number"} else ""
    chosen = control.find(".//option[@selected]") if control.tag == "select" else control
    return "" if chosen is None else chosen.text_content()


def _is_layout(table: html.HtmlElement) -> bool:
    """Whether a table only arranges the page: it holds tables, or its one cell holds everything."""
    if table.find(".//table") is not None:
        return True
    cells = table.findall(".//td") + table.findall(".//th")
    return len(cells) < 2 or any(len(cell.findall(".//p")) > 12 for cell in cells[:4])


def _has_block(element: html.HtmlElement) -> bool:
    """Whether an inline element wraps blocks, as careless pages have it."""
    return any(isinstance(child.tag, str) and child.tag not in INLINE | {"img"} for child in element.iterdescendants())
