"""Tell what of a page's text is not seen: hidden, crossed out, raised as a note's mark, or white on white."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from nianbao.ingest.text import is_mark

INLINE = frozenset(
    "a abbr b bdi big cite code del em font i ins label mark math q s small span strong sub sup time tt u var wbr o:p st1:chsdate data dfn strike".split()  # noqa: SIM905, E501 -- one line is easier to read
)
_STRUCK = frozenset({"del", "s", "strike"})
_RAISED_TAGS = frozenset({"sup", "sub", "math"})
_CELLS = ("td", "th")
# A block of a cell with more characters is words.
_LONGEST_VALUE = 40
# A rule of a style sheet whose selectors are plain classes (.note, span.note); at-rules are for print and the like.
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_CLASS = re.compile(r"(?:^|[,\s])\w*\.([\w-]+)\s*(?=,|$)", re.MULTILINE)
_AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]|\{[^{}]*\})*\})")
_LONGEST_SHEET = 200_000
# The names that common style sheets have for text that only screen readers meet.
_UNSEEN_CLASSES = frozenset({"sr-only", "visually-hidden", "screen-reader-text", "hidden", "d-none", "hide"})
_LENGTH = r"(?:px|pt|em|ex|rem|%)"
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*(?:0(?:\.[0-3]\d*)?|\.[0-3]\d*)\s*(?:;|$)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}"
    r"|clip\s*:\s*rect|clip-path\s*:\s*(?:inset\(\s*(?:50|100)%|circle\(\s*0)|transform\s*:[^;]*rotate\(\s*-?[1-8]",
    re.IGNORECASE,
)
_TINY = re.compile(r"font-size\s*:\s*(?:0(?![\d.])|[0-3](?:\.\d+)?\s*(?:px|pt))", re.IGNORECASE)
_NARROW = re.compile(r"(?<![\w-])(?:width|height)\s*:\s*[01](?:px|pt)?\s*(?:;|$)", re.IGNORECASE)
_LINE_THROUGH = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_RAISED = re.compile(
    rf"vertical-align\s*:\s*(?:super|sub|text-top|(?!0)\d[\d.]*{_LENGTH}|0?\.\d+{_LENGTH})"
    rf"|position\s*:\s*relative[^\"]*(?:(?<![\w-])top\s*:\s*-|bottom\s*:\s*)(?:[3-9]|\d\d)[\d.]*{_LENGTH}",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?<![\w-])color\s*:\s*(?:#fff(?:fff)?\b|white|transparent|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\)|rgba\([^)]*,\s*0(?:\.0+)?\s*\))",
    re.IGNORECASE,
)
_WHITE_NAMES = frozenset({"white", "#fff", "#ffffff"})


def set_class_styles(root: html.HtmlElement) -> None:
    """Give elements within lines and cells what the page's own style sheet declares for their class, as a style.

    Other blocks are left alone: pages hide and show whole parts of themselves by class.
    """
    rules: dict[str, str] = {}
    for sheet in root.iter("style"):
        text = _AT_RULE.sub("", (sheet.text or "")[:_LONGEST_SHEET])
        for names, declarations in _RULE.findall(text):
            for name in _CLASS.findall(names):
                rules[name] = f"{rules.get(name, '')};{declarations}"
    for element in _small_elements(root) if rules else ():
        declared = [rules[name] for name in (element.get("class") or "").split() if name in rules]
        if declared:
            element.set("style", ";".join([*declared, element.get("style") or ""]))


def _small_elements(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Elements within lines, and short blocks within cells."""
    yield from root.iter(*INLINE)
    for block in root.iter("p", "div", "li"):
        parent = block.getparent()
        if (
            parent is not None
            and parent.tag in _CELLS
            and len(block) < 4
            and len(block.text_content()) <= _LONGEST_VALUE
        ):
            yield block


def is_hidden(element: html.HtmlElement) -> bool:
    """Whether an element is not shown, by its attributes and its style."""
    style = element.get("style") or ""
    if element.get("hidden") is not None or _HIDDEN.search(style):
        return True
    if _TINY.search(style) and not any(
        "font-size" in (inner.get("style") or "") for inner in element.iterdescendants()
    ):
        return True
    if "overflow" in style and _NARROW.search(style):
        return True
    return element.tag in INLINE and not _UNSEEN_CLASSES.isdisjoint((element.get("class") or "").split())


def is_unseen(element: html.HtmlElement) -> bool:
    """Whether an element is hidden or crossed out."""
    return element.tag in _STRUCK or is_hidden(element) or bool(_LINE_THROUGH.search(element.get("style") or ""))


def is_aside(element: html.HtmlElement, text: str, before: str) -> bool:
    """Whether a text is a note's mark above the line (12①, not m²) or leads to a note, or is white on white."""
    style = element.get("style") or ""
    to_note = element.tag == "a" and (element.get("href") or "").startswith("#")
    if element.tag in _RAISED_TAGS or to_note or _RAISED.search(style):
        last = before.rstrip()[-1:]
        return is_mark(text) and not (last.isascii() and last.isalpha())
    white = _WHITE.search(style) or (element.get("color") or "").lower() in _WHITE_NAMES
    return element.tag in INLINE and bool(white) and any(map(str.isdigit, text))
