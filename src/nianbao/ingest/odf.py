"""Read OpenDocument texts and spreadsheets (ODT, ODS): paragraphs and rows in reading order."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from nianbao.ingest.archive import Archive
from nianbao.ingest.carrier import MAX_CELLS, NO_RESULT, Carrier, Line, Place, bounded, has_too_many

CONTENT = "content.xml"
_STYLES = "styles.xml"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_PARAGRAPHS = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
_UNSEEN = frozenset(
    {f"{_TEXT}{name}" for name in ("tracked-changes", "note", "hidden-text", "hidden-paragraph", "ruby-text")}
    | {f"{_OFFICE}annotation"}
)
_DEEPEST = 100
# A row or a cell may be said to repeat up to the edge of the sheet; so many are kept.
_MOST_REPEATED = 64


def read_odf(content: bytes, where: str) -> Carrier:
    """The lines of a text or a spreadsheet; rows of tables are ruled, merged cells count once."""
    archive = Archive(content, where)
    body = archive.tree(CONTENT).find(f"{_OFFICE}body")
    reader = _Reader(_unseen_styles(archive))
    lines = bounded(reader.blocks(body, 0), where) if body is not None else ()
    return Carrier("odf", lines)


def _unseen_styles(archive: Archive) -> frozenset[str]:
    """The styles whose letters are crossed out, hidden or raised, those that are based on such ones included."""
    own: dict[str, tuple[str | None, bool | None]] = {}
    for part in (_STYLES, CONTENT):
        for style in archive.tree(part).iter(f"{_STYLE}style") if part in archive else ():
            looks = [_is_unseen(look) for look in style.iter(f"{_STYLE}text-properties")]
            told = next((look for look in looks if look is not None), None)
            own[str(style.get(f"{_STYLE}name"))] = (style.get(f"{_STYLE}parent-style-name"), told)
    found = set()
    for name in own:
        step: str | None = name
        for _ in range(_DEEPEST):
            if step is None or step not in own or own[step][1] is not None:
                break
            step = own[step][0]
        if step in own and own[step][1]:
            found.add(name)
    return frozenset(found)


def _is_unseen(look: etree._Element) -> bool | None:
    """Whether letters are crossed out, hidden or raised; None where the style doesn't say."""
    position = str(look.get(f"{_STYLE}text-position", "")).split()
    struck = look.get(f"{_STYLE}text-line-through-style") or look.get(f"{_STYLE}text-line-through-type")
    said = (
        bool(position) and (position[0] in {"super", "sub"} or position[0].lstrip("-") not in {"0%", "0"}),
        bool(struck) and struck != "none",
        look.get(f"{_TEXT}display") == "none",
    )
    silent = not position and struck is None and look.get(f"{_TEXT}display") is None
    return None if silent else any(said)


class _Reader:
    def __init__(self, unseen: frozenset[str]) -> None:
        self._unseen = unseen
        self._lines = 0
        self._tables = 0
        self._blocks = 0

    def blocks(self, parent: etree._Element, depth: int) -> Iterator[Line]:
        """The lines of a body, a section, a list or a frame."""
        if depth > _DEEPEST:
            return
        for child in parent:
            self._blocks += 1
            if self._blocks > MAX_CELLS:
                raise has_too_many(f"{MAX_CELLS:,} paragraphs")
            if child.tag in _PARAGRAPHS:
                text = self._text(child)
                self._lines += 1
                if text.strip():
                    listed = parent.tag == f"{_TEXT}list-item"
                    yield Line((f"• {text.strip()}" if listed else text.strip(),), (Place(line=self._lines),))
                for box in child.iter(f"{_TABLE}table"):
                    yield from self._table(box)
            elif child.tag == f"{_TABLE}table":
                yield from self._table(child)
            elif isinstance(child.tag, str) and child.tag not in _UNSEEN:
                yield from self.blocks(child, depth + 1)

    def _table(self, table: etree._Element) -> Iterator[Line]:
        self._tables += 1
        name = str(table.get(f"{_TABLE}name", self._tables))
        group = (self._tables,)
        if not any(character.isdigit() for character in name):
            yield Line((name,), (Place(cell=f"{name}!"),), group=group)
        for number, row in enumerate(table.iter(f"{_TABLE}table-row"), start=1):
            cells = list(self._cells(row))
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) == 1:
                yield Line((cells[0],), (Place(cell=f"{name}!row {number}"),), group=group)
            elif cells:
                yield Line(tuple(cells), (Place(cell=f"{name}!row {number}"),), ruled=True, group=group)

    def _cells(self, row: etree._Element) -> Iterator[str]:
        """The texts of a row's cells, without those that a merged cell covers."""
        if row.get(f"{_TABLE}visibility", "visible") != "visible":
            return
        for cell in row:
            if cell.tag == f"{_TABLE}table-cell":
                text = self._cell_text(cell)
                repeated = str(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                count = int(repeated) if len(repeated) < 5 and repeated.isdecimal() else 1
                yield from [text] * min(max(count, 1), _MOST_REPEATED)

    def _cell_text(self, cell: etree._Element) -> str:
        shown = [one for one in cell.iter(*_PARAGRAPHS) if not any(up.tag in _UNSEEN for up in one.iterancestors())]
        text = " ".join(" ".join(self._text(one) for one in shown if not self._is_gone(one)).split())
        if cell.get(f"{_TABLE}style-name") in self._unseen:
            return ""
        formula = cell.get(f"{_TABLE}formula") is not None and cell.get(f"{_OFFICE}value-type") is None
        return NO_RESULT if formula and not text else text

    def _is_gone(self, element: etree._Element) -> bool:
        return element.get(f"{_TEXT}style-name") in self._unseen

    def _text(self, element: etree._Element) -> str:
        parts = [element.text or ""]
        for child in element:
            hidden = child.tag in _UNSEEN or self._is_gone(child)
            if child.tag == f"{_TEXT}s":
                parts.append(" ")
            elif child.tag in {f"{_TEXT}tab", f"{_TEXT}line-break"}:
                parts.append("\n" if child.tag.endswith("break") else " ")
            elif isinstance(child.tag, str) and not hidden and not child.tag.startswith(_TABLE):
                parts.append(self._text(child))
            parts.append(child.tail or "")
        return "".join(parts)
