"""Owns what may stand in a picture: shapes, words and embedded pictures; nothing that runs, nothing from elsewhere.

May import: errors.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from nianbao.errors import ExportError

_SVG = "{http://www.w3.org/2000/svg}"
_ACTIVE = tuple(_SVG + name for name in ("script", "foreignObject", "iframe", "a", "set", "animate", "handler"))
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_EMBEDDED = ("#", "data:image/png;base64,", "data:image/jpeg;base64,")


def read_svg(data: bytes) -> etree._Element:
    """The picture's root, without entities or files from elsewhere; ExportError where it is no SVG."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, remove_pis=True))
    except etree.XMLSyntaxError as error:
        raise ExportError(f"a picture is no valid SVG: {error.msg}", hint="run the section again") from error
    if root.tag != f"{_SVG}svg":
        raise ExportError(f"a picture is no SVG: its root is {root.tag!r}", hint="run the section again")
    return root


def safe_svg(data: bytes) -> str:
    """The SVG without scripts, handlers, foreign markup and links to anything outside itself."""
    root = read_svg(data)
    # What stands in a link of the picture stays; the link goes.
    etree.strip_tags(root, f"{_SVG}a")
    etree.strip_elements(root, *_ACTIVE, with_tail=False)
    for node in root.iter(etree.Element):
        for name in list(node.attrib):
            plain = etree.QName(name).localname.lower()
            foreign = name in _HREFS and not str(node.attrib[name]).strip().startswith(_EMBEDDED)
            if plain.startswith("on") or foreign:
                del node.attrib[name]
    return etree.tostring(root, encoding="unicode")


def svg_words(data: bytes) -> Iterator[str]:
    """The words of a picture whose text is text."""
    return ("".join(map(str, node.itertext())) for node in read_svg(data).iter(f"{_SVG}text"))
