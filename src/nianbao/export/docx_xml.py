"""WordprocessingML elements, and the refusal of characters that XML cannot hold.

Every word of a report passes through ``run`` here, so that none can become markup or a field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from docx.oxml.ns import nsmap
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

from nianbao.errors import ExportError
from nianbao.errors.language import Message
from nianbao.export.texts import NOT_IN_XML

Element = BaseOxmlElement

_W = nsmap["w"]
# Both prefixes are spelled out: one that lxml makes up depends on what other libraries have registered before.
_PREFIXES = {"w": _W, "r": nsmap["r"]}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

# Punctuation that Chinese and Latin share: Word takes the Latin face for it unless the run's hint says otherwise.
_SHARED_MARKS = re.compile("[“”‘’…—·×÷°±→•]")


def w(name: str, /, *children: Element | None, **attributes: str | int) -> Element:
    """An element ``w:name`` with ``w:`` attributes; a child that is None is left out."""
    values = {
        f"{{{_W}}}{key}": checked(value) if isinstance(value, str) else str(value) for key, value in attributes.items()
    }
    element = OxmlElement(f"w:{name}", values, _PREFIXES)
    for child in children:
        if child is not None:
            element.append(child)
    return cast("Element", element)


def checked(words: str) -> str:
    """The words themselves; ExportError names the first character that no XML file can hold."""
    if match := NOT_IN_XML.search(words):
        around = NOT_IN_XML.sub("□", words[max(0, match.start() - 12) : match.end() + 12])
        raise ExportError(
            Message(
                "a DOCX file cannot hold the control character U+{code:04X}, found in “{around}”",
                code=ord(match[0]),
                around=around,
            ),
            hint="delete the invisible character in the narrative or the table: type the words around it anew",
        )
    return words


def run(words: str, *properties: Element | None) -> Element:
    """A run of text in ``properties``: markup stays text, a line break becomes ``w:br``, a tab ``w:tab``."""
    content = list(_content(checked(words)))
    kept = w("rPr", *properties)
    if _SHARED_MARKS.search(words):
        named = len(kept) and kept[0].tag == f"{{{_W}}}rStyle"
        kept.insert(1 if named else 0, w("rFonts", hint="eastAsia"))  # the schema's order: style, faces, the rest
    return w("r", kept if len(kept) else None, *content)


def _content(words: str) -> Iterator[Element]:
    for part in re.split("(\r\n|[\r\n\t])", words):
        if part == "\t":
            yield w("tab")
        elif part in {"\r\n", "\r", "\n"}:
            yield w("br")
        elif part:
            element = w("t")
            element.text = part
            element.set(_SPACE, "preserve")
            yield element


def paragraph(style: str, *content: Element, properties: tuple[Element | None, ...] = ()) -> Element:
    """A paragraph in a style (its id); ``properties`` are set on the paragraph itself, in the schema's order."""
    return w("p", w("pPr", w("pStyle", val=style), *properties), *content)
