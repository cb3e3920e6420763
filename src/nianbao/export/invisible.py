"""Characters that nobody sees: control characters are refused, format characters are left out.

One rule for every format, where the document is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from nianbao.errors import ExportError
from nianbao.export.blocks import Block, Picture
from nianbao.export.texts import Drawn, texts_of

T = TypeVar("T")

# All but the characters of XML 1.0 (https://www.w3.org/TR/xml/#charsets). Written the other way round, by those that
# may stand, it would take fifty times as long to compile.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What no document can hold: controls (C0 and C1, but for tab and line ends), halves of characters, code points that
# are no characters, and the sign that stands for a misread one. XML 1.0 forbids most of them
# (https://www.w3.org/TR/xml/#charsets); the rest says that a file was read in the wrong encoding.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]")
# What only steers how others are shown: soft hyphens, zero-width and joining marks, marks of direction (they can
# make words read in another order than they are written), byte order marks, tags and variation selectors.
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Line ends of other systems: all of them are one.
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SUSPECT = re.compile(f"{_FORBIDDEN.pattern}|{_UNSEEN.pattern}|{_LINE_END.pattern}")


def visible(words: str, where: str) -> str:
    """The words without the characters that nobody sees; ExportError names a control character and its place."""
    if not _SUSPECT.search(words):
        return words
    if found := _FORBIDDEN.search(words):
        around = _SUSPECT.sub("□", words[max(0, found.start() - 12) : found.end() + 12])
        raise ExportError(
            f"no document can hold U+{ord(found[0]):04X} (a control, or a misread character), found in “{around}”",
            where=where,
            hint="delete the invisible character in the narrative or the table: type the words around it anew",
        )
    return _UNSEEN.sub("", _LINE_END.sub("\n", words))


def visible_blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks without the characters that nobody sees; ExportError names a control character and its place."""
    suspect = False
    for text in texts_of(blocks):
        words = _source(text.picture) if isinstance(text, Drawn) else text.words
        suspect |= visible(words, text.where) != words  # each is looked at: the first bad character is named
    return _cleaned(blocks) if suspect else blocks


def _source(picture: Picture) -> str:
    return picture.data.decode(errors="replace") if picture.format == "svg" else ""


def _cleaned(value: T) -> T:
    """The value with every text in it cleaned, however deep it lies; the value itself where nothing changes."""
    new: Any = value
    if isinstance(value, str):
        new = visible(value, "the report")
    elif isinstance(value, tuple):
        new = tuple(map(_cleaned, value))
    elif isinstance(value, Picture):
        data = visible(_source(value), "the picture").encode() if value.format == "svg" else value.data
        new = replace(value, data=data, alt=_cleaned(value.alt), caption=_cleaned(value.caption))
    elif is_dataclass(value) and not isinstance(value, type):
        changed = _changed({field.name: getattr(value, field.name) for field in fields(value)}.items())
        new = replace(value, **changed) if changed else value
    return new  # type: ignore[no-any-return]  # the same kind of value as was given


def _changed(parts: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    cleaned = ((name, part, _cleaned(part)) for name, part in parts)
    return {name: new for name, part, new in cleaned if new is not part and new != part}
