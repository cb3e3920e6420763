"""Read HTML: paragraphs and tables in reading order, without a page's scripts, menus and hints.

May import: errors, ingest.carrier, ingest.text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from nianbao.errors import IngestError
from nianbao.ingest.carrier import Carrier, Line, Place, bounded
from nianbao.ingest.text import decoded, is_mark

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SKIPPED = frozenset(
    "script style noscript template nav head select button textarea iframe object svg input rt rp title".split()  # noqa: SIM905 -- one line is easier to read
)
_INLINE = frozenset(
    "a abbr b bdi big cite code del em font i ins label mark q s small span strong sub sup time tt u var wbr o:p st1:chsdate data dfn strike".split()  # noqa: SIM905, E501 -- as above
)
# Text that is crossed out, or that stands above the line: neither is part of a number.
_STRUCK = frozenset({"del", "s", "strike"})
_BREAKS = frozenset({"br", "p", "div", "li", "tr"})
# A rule of a style sheet whose selectors are plain classes (.note, span.note); at-rules are for print and the like.
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_CLASS = re.compile(r"(?:^|[,\s])\w*\.([\w-]+)\s*(?=,|$)", re.MULTILINE)
_AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]|\{[^{}]*\})*\})")
_LONGEST_SHEET = 200_000
# A whole page ends with a closing tag or a comment.
_ENDED = re.compile(rb"(?:</[\w:]+\s*>|-->)\s*$")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![\d.])|opacity\s*:\s*0(?![\d.])"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}px",
    re.IGNORECASE,
)
_LINE_THROUGH = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*(?:super|sub|text-top)", re.IGNORECASE)
_WHITE = re.compile(
    r"(?<![\w-])color\s*:\s*(?:#fff(?:fff)?\b|white|transparent|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))", re.IGNORECASE
)
# Deeper nesting than this is no page that anybody saw; the reader would only recurse.
_DEEPEST = 200


def read_html(content: bytes, where: str) -> Carrier:
    """The lines of a page; rows of its innermost tables are ruled."""
    root = _parsed(content, where)
    _set_class_styles(root)
    reader = _Reader(truncated=_ENDED.search(content[-200:]) is None)
    lines = bounded(reader.lines(root), where)
    if not any(line.text for line in lines):
        raise IngestError("holds no text", where=where, hint="is it the whole page, saved after it was shown?")
    return Carrier("html", lines, tuple(reader.pictures), _title(root))


def _parsed(content: bytes, where: str) -> html.HtmlElement:
    match = _CHARSET.search(content[:4096])
    named = match[1].decode("ascii").lower() if match else ""
    text = content.decode("gb18030", errors="replace") if named.startswith("gb") else decoded(content, where)
    # A declaration inside the page no longer holds once the text is decoded.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    # The parser drops what stands below the first end of the page: a second page, or a careless site's rest.
    text = re.sub(r"</(?:html|body)\s*>", "", text, flags=re.IGNORECASE)
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise IngestError(
            f"is no HTML that can be read: {error}", where=where, hint="save the page anew, or as text"
        ) from error


def _set_class_styles(root: html.HtmlElement) -> None:
    """Give inline elements the declarations that a page's own style sheet has for their class, as a style of their own.

    Blocks are left alone: pages hide and show whole parts of themselves by class.
    """
    rules: dict[str, str] = {}
    for sheet in root.iter("style"):
        text = _AT_RULE.sub("", (sheet.text or "")[:_LONGEST_SHEET])
        for names, declarations in _RULE.findall(text):
            for name in _CLASS.findall(names):
                rules[name] = f"{rules.get(name, '')};{declarations}"
    for element in root.iter(*_INLINE) if rules else ():
        declared = [rules[name] for name in (element.get("class") or "").split() if name in rules]
        if declared:
            element.set("style", ";".join([*declared, element.get("style") or ""]))


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
        if depth > _DEEPEST or _is_hidden(element):
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
            elif tag in _INLINE and not _has_block(child):
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
        if not _is_hidden(element):
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
            if _is_hidden(row) or (row.getparent() is not table and _is_hidden(row.getparent())):
                continue
            cells = [cell for cell in row if cell.tag in {"td", "th"} and not _is_hidden(cell)]
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
    return shown or " ".join("".join(_shown(cell, whole=True)).split())


def _shown(element: html.HtmlElement, *, whole: bool = False, depth: int = 0) -> Iterator[str]:
    """The visible text of an element: nothing that is hidden or crossed out, and no marks above the line.

    ``whole``: also what is raised or white, for a cell that holds nothing else.
    """
    yield element.text or ""
    before = element.text or ""
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag and tag not in _SKIPPED and depth < _DEEPEST and not _is_unseen(child):
            text = "".join(_shown(child, whole=whole, depth=depth + 1))
            if whole or not _is_aside(child, tag, text, before):
                yield text
                before = text or before
        if tag in _BREAKS:
            yield "\n"
        yield child.tail or ""
        before = child.tail or before


def _is_unseen(element: html.HtmlElement) -> bool:
    style = element.get("style") or ""
    return element.tag in _STRUCK or _is_hidden(element) or bool(_LINE_THROUGH.search(style))


def _is_aside(element: html.HtmlElement, tag: str, text: str, before: str) -> bool:
    """Whether a text is a note's mark above the line (12①, not m²), or white on white."""
    style = element.get("style") or ""
    if tag in {"sup", "sub"} or _RAISED.search(style):
        last = before.rstrip()[-1:]
        return is_mark(text) and not (last.isascii() and last.isalpha())
    return tag in _INLINE and bool(_WHITE.search(style)) and any(map(str.isdigit, text))


def _is_hidden(element: html.HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style))


def _is_layout(table: html.HtmlElement) -> bool:
    """Whether a table only arranges the page: it holds tables, or its one cell holds everything."""
    if table.find(".//table") is not None:
        return True
    cells = table.findall(".//td") + table.findall(".//th")
    return len(cells) < 2 or any(len(cell.findall(".//p")) > 12 for cell in cells[:4])


def _has_block(element: html.HtmlElement) -> bool:
    """Whether an inline element wraps blocks, as careless pages have it."""
    return any(isinstance(child.tag, str) and child.tag not in _INLINE | {"img"} for child in element.iterdescendants())
