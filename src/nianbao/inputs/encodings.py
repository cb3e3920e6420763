"""Tell in which encoding an office program saved a text: UTF-8, UTF-16 (with its mark or without) or GB18030."""

from __future__ import annotations

import codecs
import unicodedata

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UTF_16 = ("utf-16-le", "utf-16-be")
# Marks that every Chinese text of some length has: their bytes stand in no text of UTF-8 or GB18030.
_CHINESE_MARKS = frozenset("，。、")
# So much of a text in UTF-16 is Chinese, ASCII and their signs.
_USUAL = 0.9
# What no text holds: control characters, halves of pairs, characters of nobody or of private use.
_NEVER = frozenset({"Cc", "Cn", "Co", "Cs"})


def encoding_of(content: bytes) -> tuple[bytes, str] | None:
    """The mark with which a text begins, none or some bytes, and the encoding of the rest; None where it is no text."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return (mark, encoding) if _holds(content[len(mark) :], encoding) else None
    if _holds(content, "utf-8"):
        return b"", "utf-8"
    if unmarked := utf_16_without_mark(content):
        return b"", unmarked
    return (b"", "gb18030") if _holds(content, "gb18030") else None


def utf_16_without_mark(content: bytes) -> str | None:
    """utf-16-le or utf-16-be where a file without a mark is certainly such a text; None for any other.

    ASCII (line ends, commas, digits) has a zero in every second byte there, which no other text has; Chinese commas and
    full stops have bytes of their own.
    """
    if len(content) % 2 or not content:
        return None
    fitting = [encoding for encoding in _UTF_16 if _is_utf_16(content, encoding)]
    return fitting[0] if len(fitting) == 1 else None


def _is_utf_16(content: bytes, encoding: str) -> bool:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    if b"\x00" not in content and _CHINESE_MARKS.isdisjoint(text):
        return False
    letters = set(text)
    if any(unicodedata.category(letter) in _NEVER and letter not in "\t\r\n\f" for letter in letters):
        return False
    return sum(_is_usual(letter) for letter in text) >= _USUAL * len(text)


def _is_usual(letter: str) -> bool:
    return (
        letter < "\x7f"
        or "\u3000" <= letter <= "\u303f"
        or "\u3400" <= letter <= "\u9fff"
        or "\uff00" <= letter <= "\uffef"
    )


def _holds(content: bytes, encoding: str) -> bool:
    """Whether the bytes are a text in this encoding."""
    try:
        return "\x00" not in content.decode(encoding)
    except UnicodeDecodeError:
        return False
