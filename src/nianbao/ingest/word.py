"""Read DOCX: paragraphs and tables in reading order, straight from the document's XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from nianbao.ingest.archive import Archive
from nianbao.ingest.carrier import (
    MAX_CELLS,
    NO_CHARACTER,
    NO_RESULT,
    Carrier,
    Line,
    Place,
    bounded,
    has_too_many,
    may_have_drawn_digits,
)
from nianbao.ingest.text import is_mark

DOCUMENT = "word/document.xml"
_STYLES = "word/styles.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MATH = f"{_M}t"
_FORMS = frozenset({f"{_M}{name}" for name in ("f", "sSup", "sSub", "sSubSup", "sPre", "rad", "m", "eqArr", "nary")})
# What a reader of the printed page doesn't see: deleted text, field codes, reading aids, a box's copy for old programs.
_UNSEEN = frozenset({f"{_W}{name}" for name in ("del", "instrText", "delText", "moveFrom", "rt")} | {f"{_MC}Fallback"})
_WRAPPERS = frozenset(
    {
        f"{_W}sdt",
        f"{_W}sdtContent",
        f"{_W}ins",
        f"{_W}moveTo",
        f"{_W}customXml",
        f"{_W}smartTag",
        f"{_MC}AlternateContent",
    }
    | {f"{_MC}Choice"}
)
_PICTURES = (f"{_W}drawing", f"{_W}pict")
_INLINE_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}inline"
_BOX = f"{_W}txbxContent"
_DEEPEST = 100
# Characters of a font by their number: those of fonts for signs have no letter that they stand for.
_SIGN_FONTS = ("symbol", "wingdings", "webdings", "marlett", "mt extra")
_FOUR_DIGITS = re.compile("[0-9A-Fa-f]{4}")
# Letters of at most this size (half points) are there to be found by programs, not by readers.
_TINY = 4
_OFF = frozenset({"0", "false", "off", "none"})


def read_docx(content: bytes, where: str) -> Carrier:
    """The lines of a Word document; the rows of its tables are ruled, merged cells count once."""
    archive = Archive(content, where)
    root = archive.tree(DOCUMENT)
    body = root.find(f"{_W}body")
    reader = _Reader(_styles(archive))
    lines = bounded(reader.blocks(body, 0), where) if body is not None else ()
    return Carrier("docx", lines, tuple(reader.pictures), archive.title)


# What a style or a run says of its letters: attribute -> value (vertAlign, strike, vanish …).
_Look = Mapping[str, str]


def _styles(archive: Archive) -> dict[str, _Look]:
    """Style -> how its letters look, as far as it decides whether they count; with what it is based on."""
    if _STYLES not in archive:
        return {}
    own: dict[str, tuple[str | None, _Look]] = {}
    for style in archive.tree(_STYLES).iter(f"{_W}style"):
        based = style.find(f"{_W}basedOn")
        parent = None if based is None else based.get(f"{_W}val")
        own[str(style.get(f"{_W}styleId"))] = (parent, _look(style.find(f"{_W}rPr")))
    found: dict[str, _Look] = {}
    for name in own:
        chain: list[str] = []
        step: str | None = name
        while step in own and step not in chain and len(chain) < _DEEPEST:
            chain.append(step)
            step = own[step][0]
        found[name] = {key: value for one in reversed(chain) for key, value in own[one][1].items()}
    return found


def _look(properties: etree._Element | None) -> dict[str, str]:
    if properties is None:
        return {}
    return {
        etree.QName(child).localname: child.get(f"{_W}val", "on") for child in properties if isinstance(child.tag, str)
    }


def _on(look: _Look, *names: str) -> bool:
    return any(look.get(name, "off").lower() not in _OFF for name in names)


class _Reader:
    def __init__(self, styles: Mapping[str, _Look]) -> None:
        self.pictures: list[tuple[int, Place]] = []
        self._styles = styles
        self._lines = 0
        self._tables = 0
        self._blocks = 0

    def blocks(self, parent: etree._Element, depth: int) -> Iterator[Line]:
        """The lines of a body, a cell or a text box."""
        if depth > _DEEPEST:
            return
        for child in parent:
            self._blocks += 1
            if self._blocks > MAX_CELLS:
                raise has_too_many(f"{MAX_CELLS:,} paragraphs")
            if child.tag == f"{_W}p":
                yield from self._paragraph(child, depth)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child, depth)
            elif child.tag in _WRAPPERS:
                yield from self.blocks(child, depth + 1)

    def _paragraph(self, element: etree._Element, depth: int) -> Iterator[Line]:
        if next(element.iter(*_PICTURES), None) is not None:
            self.pictures.append((self._lines, Place(line=self._lines + 1)))
        if _style_of(element, "pPr", "pStyle").lower().startswith("caption"):
            # What stands under a picture is no part of the report's words.
            return
        listed = element.find(f"{_W}pPr/{_W}numPr") is not None
        for text in self._text(element).split("\n"):
            if text.strip():
                self._lines += 1
                shown = f"• {text.strip()}" if listed else text.strip()
                yield Line((shown,), (Place(line=self._lines),))
        for box in element.iter(_BOX):
            if not _is_unseen(box, element):
                yield from self.blocks(box, depth + 1)

    def _table(self, table: etree._Element, depth: int) -> Iterator[Line]:
        rows = [row for row in _children(table, f"{_W}tr") if not _is_gone(row)]
        if len(rows) == 1 and len(alone := list(_children(rows[0], f"{_W}tc"))) == 1:
            # A frame around text, not a table.
            yield from self.blocks(alone[0], depth + 1)
            return
        self._tables += 1
        number = self._tables
        for index, row in enumerate(rows, start=1):
            texts: list[str] = []
            places: list[Place] = []
            self._lines += 1
            for position, cell in enumerate(_children(row, f"{_W}tc"), start=1):
                if _continues(cell) or cell.find(f"{_W}tcPr/{_W}cellDel") is not None:
                    continue
                if next(cell.iter(*_PICTURES), None) is not None:
                    self.pictures.append((self._lines - 1, Place(line=self._lines)))
                texts.append(self._cell(cell))
                places.append(Place(cell=f"table {number} row {index} cell {position}"))
            if texts:
                yield Line(tuple(texts), tuple(places), ruled=True)

    def _cell(self, cell: etree._Element) -> str:
        paragraphs = [one for one in cell.iter(f"{_W}p") if not _is_in(one, cell, _UNSEEN)]
        drawn = next(cell.iter(_INLINE_PICTURE), None) is not None
        for whole in (False, True):
            text = " ".join(" ".join(self._text(one, whole=whole) for one in paragraphs).split())
            if drawn and may_have_drawn_digits(text):
                # A digit may be drawn.
                return f"{text}{NO_CHARACTER}"
            if text:
                return text
        codes = (code.text or "" for code in cell.iter(f"{_W}instrText"))
        return NO_RESULT if any(code.lstrip().startswith("=") for code in codes) else ""

    def _text(self, paragraph: etree._Element, *, whole: bool = False) -> str:
        """The visible text of a paragraph, with its line breaks; ``whole``: also what is raised or white."""
        parts: list[str] = []
        styled = self._styles.get(_style_of(paragraph, "pPr", "pStyle"), {})
        for node in paragraph.iter(f"{_W}t", f"{_W}br", f"{_W}cr", f"{_W}tab", f"{_W}sym", _MATH):
            if node.tag in {f"{_W}br", f"{_W}cr"}:
                parts.append("\n")
            elif node.tag == f"{_W}tab":
                parts.append(" ")
            elif not _is_unseen(node, paragraph):
                look = {**styled, **self._look_of(node.getparent())}
                text = _character(node)
                if not _is_invisible(look) and (whole or not _is_aside(look, text, parts)):
                    parts.append(text)
        return "".join(parts)

    def _look_of(self, run: etree._Element | None) -> _Look:
        if run is None:
            return {}
        style = self._styles.get(_style_of(run, "rPr", "rStyle"), {})
        return {**style, **_look(run.find(f"{_W}rPr"))}


def _style_of(element: etree._Element, properties: str, name: str) -> str:
    found = element.find(f"{_W}{properties}/{_W}{name}")
    return "" if found is None else str(found.get(f"{_W}val"))


def _character(node: etree._Element) -> str:
    """What an element shows: its text, or the character of a sign."""
    if node.tag == f"{_W}sym":
        return _sign(node)
    if node.tag == _MATH and any(parent.tag in _FORMS for parent in node.iterancestors()):
        # The parts of a fraction or a power are no digits of one number.
        return NO_CHARACTER
    return node.text or ""


def _sign(element: etree._Element) -> str:
    """The character that a font's sign stands for; that of a font of signs alone stands for none."""
    number = _FOUR_DIGITS.fullmatch(str(element.get(f"{_W}char")))
    if number is None or str(element.get(f"{_W}font")).lower().startswith(_SIGN_FONTS):
        return NO_CHARACTER
    # The same letters stand once more where fonts keep what is their own.
    code = int(number[0], 16) & 0xFF if number[0].upper().startswith("F0") else int(number[0], 16)
    return chr(code) if chr(code).isprintable() else NO_CHARACTER


def _is_invisible(look: _Look) -> bool:
    """Whether letters are crossed out, hidden or too small to be seen."""
    size = look.get("sz", "")
    return _on(look, "strike", "dstrike", "vanish", "specVanish") or (size.isdecimal() and int(size) <= _TINY)


def _is_aside(look: _Look, text: str, before: list[str]) -> bool:
    """Whether a text is a note's mark above the line (12①, not m²), or a number in white."""
    lifted = look.get("position", "0").lstrip("-+")
    if look.get("vertAlign", "baseline") != "baseline" or (lifted.isdecimal() and int(lifted) > 0):
        last = "".join(before).rstrip()[-1:]
        return is_mark(text) and not (last.isascii() and last.isalpha())
    plain = "shd" not in look and "highlight" not in look
    return look.get("color", "").upper() == "FFFFFF" and plain and any(map(str.isdigit, text))


def _is_unseen(node: etree._Element, within: etree._Element) -> bool:
    """Whether something between an element and the paragraph takes it out of the page or into a box of its own."""
    return _is_in(node, within, _UNSEEN | {_BOX}) or _is_prompt(node)


def _is_prompt(node: etree._Element) -> bool:
    """Whether a text is what a content control shows as long as nobody has filled it in."""
    controls = node.iterancestors(f"{_W}sdt")
    return any(control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None for control in controls)


def _is_in(node: etree._Element, within: etree._Element, tags: frozenset[str]) -> bool:
    for parent in node.iterancestors():
        if parent is within:
            return False
        if parent.tag in tags:
            return True
    return False


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, those in content controls too."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)


def _is_gone(row: etree._Element) -> bool:
    """Whether a row was deleted or hidden."""
    return row.find(f"{_W}trPr/{_W}del") is not None or row.find(f"{_W}trPr/{_W}hidden") is not None


def _continues(cell: etree._Element) -> bool:
    """Whether a cell is the lower part of one that is merged downwards."""
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"
