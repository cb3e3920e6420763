"""What styles of a DOCX say of its paragraphs: levels of headings, emphasis, lists and indents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from nianbao.export.docx_template import STYLES
from nianbao.ingest.archive import Archive
from nianbao.pipeline.take.word_looks import PLAIN, Look
from nianbao.pipeline.take.word_xml import W, is_on, value_of

_LEVEL = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
# Styles of further paragraphs of an item, by their names in both languages.
_CONTINUES = re.compile(r"(?:list (?:continue|paragraph)|列表接续|列表续行|列[表出]段落)\s*\d?", re.IGNORECASE)
_CHARACTER = 320  # twips: of the text
_OWN = frozenset(map(str.lower, STYLES))
# The report's own style of emphasis, which is set in another face and not slanted.
_EMPHASIS = frozenset({"强调", "emphasis"})


@dataclass(frozen=True, slots=True)
class Style:
    """Level as a heading (0: none), emphasis, the list (its number and level), and the left indent in twips.

    ``continues``: it is by its name for further paragraphs of a list's item. ``own``: reports are printed in it, so
    that ``look`` is how its words are meant to look.
    """

    heading: int = 0
    bold: bool = False
    italic: bool = False
    numbering: tuple[str, int] | None = None
    indent: int = 0
    continues: bool = False
    look: Look = PLAIN
    own: bool = False


def numbering_of(properties: etree._Element | None) -> tuple[str, int] | None:
    """The list that a paragraph belongs to: its number and the level in it."""
    found = None if properties is None else properties.find(f"{W}numPr")
    if found is None:
        return None
    number, level = found.find(f"{W}numId"), found.find(f"{W}ilvl")
    if number is None:
        return None
    depth = "0" if level is None else level.get(f"{W}val", "0")
    return number.get(f"{W}val", "0"), int(depth) if depth.isdecimal() else 0


def indent_of(properties: etree._Element | None) -> int | None:
    """The left indent that properties of a paragraph ask for, in twips; None where they leave it as it is."""
    found = None if properties is None else properties.find(f"{W}ind")
    for name in ("left", "start", "leftChars", "startChars"):
        written = "" if found is None else found.get(f"{W}{name}", "")
        if re.fullmatch(r"-?\d+(?:\.\d+)?", written):
            return round(float(written) * (_CHARACTER / 100 if name.endswith("Chars") else 1))
    return None


def styles_of(archive: Archive) -> dict[str, Style]:
    """Style -> what it says, with what it is based on; under "" that of paragraphs that name none."""
    if "word/styles.xml" not in archive:
        return {}
    root = archive.tree("word/styles.xml")
    elements = {str(style.get(f"{W}styleId")): style for style in root.iter(f"{W}style")}
    of_all = PLAIN.under(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))

    def settled(name: str, depth: int = 0) -> Style:
        element = elements.get(name)
        if element is None or depth > 20:
            return Style(look=of_all)
        based = element.find(f"{W}basedOn")
        if based is not None:
            above = settled(based.get(f"{W}val", ""), depth + 1)
        else:
            above = Style(look=of_all if element.get(f"{W}type") == "paragraph" else PLAIN)
        return _settled(element, above)

    usual = next((name for name, one in elements.items() if _is_usual(one)), "")
    return {name: settled(name) for name in elements} | {"": settled(usual)}


def _is_usual(element: etree._Element) -> bool:
    """Whether paragraphs that name no style have this one."""
    return element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") in {"1", "true", "on"}


def _settled(element: etree._Element, above: Style) -> Style:
    """What a style says, given the one that it is based on."""
    level = value_of(element, "pPr", "outlineLvl")
    label = element.find(f"{W}name")
    title = "" if label is None else label.get(f"{W}val", "")
    named = _LEVEL.fullmatch(title)
    heading = int(named[1]) if named else above.heading
    if level.isdecimal():
        heading = int(level) + 1 if int(level) < 9 else 0
    looks = element.find(f"{W}rPr")
    bold, italic = above.bold, above.italic or title.lower() in _EMPHASIS
    if looks is not None:
        bold, italic = is_on(looks, "b", bold), is_on(looks, "i", italic)
    properties = element.find(f"{W}pPr")
    number = numbering_of(properties) or above.numbering
    indent = indent_of(properties)
    left = above.indent if indent is None else indent
    continues = above.continues or bool(_CONTINUES.fullmatch(title))
    own = heading > 0 or title.lower() in _OWN or _is_usual(element)
    return Style(heading, bold, italic, number, left, continues, above.look.under(looks), own)
