"""Pictures that cells display: refused where they cannot be printed; of foreign SVG, only what is drawn stays."""

from __future__ import annotations

import base64
import hashlib
import io
import math
import re
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal

from lxml import etree

from nianbao.errors import ExportError
from nianbao.errors.language import Message
from nianbao.export.blocks import Picture

# MIME type -> format, the best to print first.
PICTURES: dict[str, Literal["svg", "png", "jpeg"]] = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpeg",
}
_LONGEST_SIDE = 10_000  # pixels: two and a half metres
_MOST_PIXELS = 50_000_000
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][+-]?\d+)?)\s*(px|pt|mm|cm|in|pc|em|ex|%|)\s*")
_PIXELS = {"px": 1.0, "": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_UNSAID = 100.0  # pixels, as SVG readers take it
_HINT = Message(
    "draw it again in its section: matplotlib's savefig, or section's figure, make pictures that can be printed"
)


def picture_of(data: Mapping[str, Any], where: str, *, alt: str, caption: str, bare: bool = False) -> Picture:
    """The best picture of a MIME bundle, which holds one; ExportError where it is broken, empty or huge.

    ``bare``: nobody wrote ``alt``, nor where it is empty; the caption stands in for an empty one.
    """
    mime = next(mime for mime in PICTURES if mime in data)
    form, source = PICTURES[mime], data[mime]
    text = source if isinstance(source, str) else "".join(map(str, source))
    words = alt or caption or "图"
    try:
        content = text.encode() if form == "svg" else base64.b64decode(text)
        width, height = _svg_size(content) if form == "svg" else _pixels(content, form)
    except (ExportError, OSError, SyntaxError, ValueError) as error:  # Pillow raises SyntaxError for broken chunks
        raise ExportError(
            Message("the picture “{words}” is no valid {kind}", words=words, kind=form.upper()),
            where=where,
            hint=_HINT,
        ) from error
    if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE and width * height <= _MOST_PIXELS):
        raise ExportError(
            Message(
                "the picture “{words}” of {width:g} × {height:g} pixels cannot be printed (0 < side <= {longest})",
                words=words,
                width=width,
                height=height,
                longest=_LONGEST_SIDE,
            ),
            where=where,
            hint=_HINT,
        )
    return Picture(form, content, words, caption, where, bare or not alt)


def _pixels(content: bytes, form: str) -> tuple[float, float]:
    """Width and height of a PNG or JPEG; all of it is read, unless it is too large anyway."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own word on huge pictures; ours comes after it
        try:
            with Image.open(io.BytesIO(content), formats=[form]) as image:
                image.verify()
            with Image.open(io.BytesIO(content), formats=[form]) as image:
                width, height = image.size
                if width * height <= _MOST_PIXELS:
                    image.load()
        except Image.DecompressionBombError:
            return math.inf, math.inf
    return width, height


def _svg_size(content: bytes) -> tuple[float, float]:
    """Width and height of an SVG in pixels, as far as it says them; ExportError where it is none."""
    root = etree.fromstring(clean_svg(content))
    box = re.split(r"[\s,]+", (root.get("viewBox") or "").strip())
    sides = []
    for index, name in enumerate(("width", "height"), start=2):
        match = _LENGTH.fullmatch(root.get(name, ""))
        inner = _LENGTH.fullmatch(box[index]) if len(box) == 4 else None
        if match and match[2] in _PIXELS:
            sides.append(float(match[1]) * _PIXELS[match[2]])
        else:
            sides.append(float(inner[1]) if inner else _UNSAID)
    return sides[0], sides[1]


SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_NAMESPACES: dict[Any, str] = {None: SVG, "xlink": XLINK}  # lxml's types know no default namespace
_HREFS = ("href", f"{{{XLINK}}}href")

# Whatever is not named here does not pass: no script, no foreignObject, no animation, no link, no metadata.
_DRAWING = """
    svg g defs title desc path rect circle ellipse line polyline polygon text tspan textPath clipPath mask pattern
    marker symbol use image linearGradient radialGradient stop style
"""
_STYLING = """
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-dasharray stroke-dashoffset opacity color stop-color stop-opacity clip-path clip-rule mask marker
    marker-start marker-mid marker-end paint-order vector-effect shape-rendering text-rendering image-rendering
    visibility display overflow font font-family font-size font-style font-weight font-variant font-stretch
    text-anchor text-align dominant-baseline alignment-baseline baseline-shift letter-spacing word-spacing
    text-decoration writing-mode white-space line-height
"""
_GEOMETRY = """
    class version viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy width height d points
    transform rotate textLength lengthAdjust startOffset offset gradientUnits gradientTransform spreadMethod
    patternUnits patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits markerUnits
    markerWidth markerHeight refX refY orient pathLength
"""
_ELEMENTS = frozenset(_DRAWING.split())
_PROPERTIES = frozenset(_STYLING.split())
_ATTRIBUTES = _PROPERTIES | frozenset(_GEOMETRY.split())
# Their own effect goes, what they hold is drawn.
_UNWRAPPED = frozenset({"a", "switch"})
_INLINE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]*")
_ANY_URL = re.compile(r"url\s*\(", re.IGNORECASE)
_LOCAL_URL = re.compile(r"""url\(\s*["']?#([^"')\s]+)["']?\s*\)""")
# What CSS offers to fetch, to run or to disguise either (\75rl is url).
_UNSAFE = re.compile(r"\\|@|expression|javascript|vbscript|<", re.IGNORECASE)
# Numbers, colours and paths, which are most of a chart: no word can be made of these letters that is unsafe.
_PLAIN = re.compile(r"[0-9A-FHLMQSTVZachlmqstvz#\s.,+-]*")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_ID_SELECTOR = re.compile(r"#([\w-]+)")


# The pictures of a report, which each of its formats asks for in turn.
@lru_cache(maxsize=16)
def clean_svg(data: bytes, prefix: str | None = None) -> bytes:
    """The picture as a standalone ``svg`` element without declaration, that is safe to stand in a page.

    Ids and style sheets become the picture's own through ``prefix`` (by default made from its content), so that
    several pictures on one page don't disturb each other. ExportError where ``data`` is no SVG.
    """
    own = prefix or f"s{hashlib.sha256(data).hexdigest()[:8]}-"
    source = _parsed(data)
    root = etree.Element(f"{{{SVG}}}svg", nsmap=_NAMESPACES)
    _copy(source, root, own)
    root.set("id", f"{own}root")
    if "viewBox" not in root.attrib and (box := _box(root)):
        root.set("viewBox", box)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8")


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ExportError(
            Message("a figure is no valid SVG: {error}", error=error), hint="draw it again in its section"
        ) from error
    if _name(root) != "svg":
        raise ExportError(
            Message("a figure is no SVG: it begins with <{tag}>", tag=root.tag), hint="draw it again in its section"
        )
    return root


def _name(element: etree._Element) -> str | None:
    """The local name of an element of SVG (some tools leave the namespace out), or None for anything else."""
    tag: object = element.tag  # a function for entities, which lxml's types don't know
    if not isinstance(tag, str):
        return None
    name = etree.QName(element)
    return name.localname if name.namespace in (SVG, None) else None


def _copy(source: etree._Element, target: etree._Element, own: str) -> None:
    for key, value in _attributes(source, own):
        target.set(key, value)
    if _name(source) == "style":
        target.text = _scoped(source.text or "", own)
        return
    target.text = source.text
    _copy_children(source, target, own)


def _copy_children(source: etree._Element, target: etree._Element, own: str) -> None:
    for child in source:
        name = _name(child)
        if name in _UNWRAPPED:
            _copy_children(child, target, own)
        elif name in _ELEMENTS:
            copy = etree.SubElement(target, f"{{{SVG}}}{name}")
            copy.tail = child.tail
            _copy(child, copy, own)


def _attributes(element: etree._Element, own: str) -> Iterator[tuple[str, str]]:
    for raw, value in element.attrib.items():
        key, text = str(raw), str(value)
        if key == "id":
            yield key, own + text
        elif key in _HREFS:
            if kept := _href(text, element, own):
                yield key, kept
        elif key == "style":
            if declarations := _declarations(text, own):
                yield key, declarations
        elif key in _ATTRIBUTES and (kept := _value(text, own)) is not None:
            yield key, kept


def _href(address: str, element: etree._Element, own: str) -> str | None:
    """Only what lies in the picture itself: a part of it, or pixels."""
    if address.startswith("#"):
        return f"#{own}{address[1:]}"
    return address if _name(element) == "image" and _INLINE.fullmatch(address) else None


def _value(text: str, own: str) -> str | None:
    """A value whose references point into the picture; None where one points elsewhere."""
    if _PLAIN.fullmatch(text):
        return text
    if _UNSAFE.search(text) or len(_ANY_URL.findall(text)) != len(_LOCAL_URL.findall(text)):
        return None
    return _LOCAL_URL.sub(lambda match: f"url(#{own}{match[1]})", text)


@lru_cache(maxsize=256)  # a chart's bars are styled alike
def _declarations(text: str, own: str) -> str:
    kept = []
    for declaration in _COMMENT.sub("", text).split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name.lower() in _PROPERTIES and value and (safe := _value(value, own)) is not None:
            kept.append(f"{name}: {safe}")
    return "; ".join(kept)


def _scoped(sheet: str, own: str) -> str:
    """A style sheet that reaches no further than its picture; at-rules (@import, @font-face) are left out."""
    rules = []
    for match in _RULE.finditer(_COMMENT.sub("", sheet)):
        selectors = match[1].rpartition(";")[2].strip()
        if _UNSAFE.search(selectors) or not (declarations := _declarations(match[2], own)):
            continue
        named = _ID_SELECTOR.sub(rf"#{own}\1", selectors)
        scoped = ", ".join(f"#{own}root {selector.strip()}" for selector in named.split(","))
        rules.append(f"{scoped} {{{declarations}}}")
    return "\n".join(rules)


def _box(root: etree._Element) -> str | None:
    """A viewBox from width and height: without one a picture is cut, not made smaller, on a narrow page."""
    width, height = (_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height"))
    if not width or not height or not {width[2], height[2]} <= _PIXELS.keys():
        return None
    return f"0 0 {width[1]} {height[1]}"
