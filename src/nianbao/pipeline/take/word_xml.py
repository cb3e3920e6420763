"""Read single elements and properties of a DOCX."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = frozenset({"0", "false", "off", "none", "nil", "baseline"})
_NO_FILL = frozenset({"auto", "ffffff"})
_PLAIN = frozenset({"clear", "nil"})


def value_of(element: etree._Element, properties: str, name: str) -> str:
    """The value of a property of a paragraph or a run; empty where it has none."""
    found = element.find(f"{W}{properties}/{W}{name}")
    return "" if found is None else str(found.get(f"{W}val", ""))


def is_on(properties: etree._Element, name: str, default: bool) -> bool:
    """Whether a property that is on or off is on, given what holds without it."""
    found = properties.find(f"{W}{name}")
    if found is None:
        return default
    if name == "shd":  # with a colour, as LibreOffice writes highlighting, or a pattern, as Word shades characters
        plain = found.get(f"{W}val", "clear") in _PLAIN and found.get(f"{W}themeFill") is None
        return not plain or found.get(f"{W}fill", "auto").lower() not in _NO_FILL
    if name == "pBdr":  # the lines around a paragraph, each on its own
        return any(line.get(f"{W}val", "none") not in _OFF for line in found)
    return found.get(f"{W}val", "on").lower() not in _OFF


def blocks_in(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in reading order, those in content controls too."""
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl", f"{W}altChunk"}:
            yield child
        elif child.tag not in {f"{W}sectPr", f"{W}sdtPr"}:
            yield from blocks_in(child)


def children_of(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows or cells of a name, those in content controls and tracked insertions too."""
    for child in parent:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins"}:
            yield from children_of(child, name)


def tags_above(element: etree._Element) -> set[str]:
    """The names of all elements around one."""
    return {str(parent.tag) for parent in element.iterancestors()}


def continues_above(cell: etree._Element) -> bool:
    """Whether a cell is the lower part of a merged one."""
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"
