"""The language of what people read on the terminal: messages in English, with their Chinese in a gettext catalogue.

Which language it is, gettext says: by LANGUAGE, LC_ALL, LC_MESSAGES or LANG. ``--lang`` sets LANGUAGE, so that the
processes that a command starts speak it too. Files that are written do not depend on it.

Imports nothing of ours.
"""

from __future__ import annotations

import errno
import gettext
import locale
import os
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

DOMAIN = "nianbao"
LOCALE = Path(__file__).with_name("locale")
LANGUAGES = ("zh", "en")

# Of the whole process: what click says by gettext is in our catalogue too.
gettext.bindtextdomain(DOMAIN, str(LOCALE))
gettext.textdomain(DOMAIN)


class Message(str):
    """A message in English that can be shown in Chinese: ``Message("no {what} in {place}", what=…, place=…)``.

    It is its English text, for files and for tools; ``tr`` gives it in the language of the terminal. Its values may be
    messages themselves, or several of them: ``Message("known: {names}", names=["a", "b"])``.
    """

    msgid: str
    values: dict[str, object]

    def __new__(cls, msgid: str, /, **values: object) -> Message:
        """The message of a text with ``{named}`` places, as ``str.format`` fills them."""
        # Plain values alone, for messages go from process to process.
        plain = {name: _plain(value) for name, value in values.items()}
        message = super().__new__(cls, _filled("en", msgid, plain))
        message.msgid, message.values = msgid, plain
        return message

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.msgid, self.values))

    def to_json(self) -> dict[str, Any]:
        """The message as JSON keeps it: its text with places, and their values."""
        return {"message": self.msgid, "values": {name: _kept(value) for name, value in self.values.items()}}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Message:
        """What ``to_json`` has kept."""
        return cls(kept["message"], **{name: _recalled(value) for name, value in kept["values"].items()})


def _kept(value: object) -> object:
    if isinstance(value, tuple):
        return list(map(_kept, value))
    return value.to_json() if isinstance(value, Message) else value


def _recalled(kept: Any) -> object:
    if isinstance(kept, list):
        return tuple(map(_recalled, kept))
    return Message.from_json(kept) if isinstance(kept, dict) else kept


def _plain(value: object) -> object:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return tuple(map(_plain, value))
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _rebuild(msgid: str, values: dict[str, object]) -> Message:
    return Message(msgid, **values)


def tr(message: str, /, **values: object) -> str:
    """The message in the language of the terminal, its ``{named}`` places filled in."""
    return told_in(language(), message, **values)


def told_in(chosen: str, message: str, /, **values: object) -> str:
    """The message in this language: for what is kept, or written, for readers to come."""
    if isinstance(message, Message):
        return told_in(chosen, message.msgid, **message.values)
    text = _catalogue(chosen).gettext(message) if message else ""  # of nothing, gettext gives the catalogue's head
    return _filled(chosen, text, {name: _plain(value) for name, value in values.items()}) if values else text


def listed(items: Iterable[str], chosen: str = "") -> str:
    """Several messages or names as one enumeration in a language, that of the terminal by default: a, b or a、b."""
    chosen = chosen or language()
    return told_in(chosen, ", ").join(str(_told(chosen, each)) for each in items)


def _filled(chosen: str, text: str, values: Mapping[str, object]) -> str:
    return text.format(**{name: _told(chosen, value) for name, value in values.items()})


def _told(chosen: str, value: object) -> object:
    if isinstance(value, tuple):
        return listed(value, chosen)
    return told_in(chosen, value) if isinstance(value, Message) else value


@cache
def _catalogue(chosen: str) -> gettext.NullTranslations:
    """The messages of a language; gettext itself would look for the file at each of them."""
    return gettext.translation(DOMAIN, str(LOCALE), [chosen], fallback=True)


def language() -> str:
    """The language of the terminal: "zh" or "en"."""
    return "zh" if gettext.find(DOMAIN, str(LOCALE)) else "en"


def either(zh: str, en: str) -> str:
    """The one of two sentences that is in the language of the terminal."""
    return zh if language() == "zh" else en


def shortened(found: str, most: int = 40) -> str:
    """So much of what stands in a file as a message can hold: its first characters, … for the rest."""
    return found if len(found) <= most else f"{found[:most]}…"


def columns_of(text: str) -> int:
    """How many columns of a terminal the text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def speak(chosen: str) -> None:
    """Have this process, and those that it starts, speak the language from now on."""
    os.environ["LANGUAGE"] = chosen


def speak_as_the_system() -> None:
    """Where no variable names a language (on Windows none does), have it be that of the system."""
    if not any(map(os.environ.get, ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))):
        system = locale.getlocale()[0] or ""
        if system.startswith(("zh", "Chinese")):
            speak("zh")


# The usual reasons of the system; it gives others in its own words.
_REASONS = {
    errno.EACCES: Message("Permission denied"),
    errno.EPERM: Message("Operation not permitted"),
    errno.EROFS: Message("Read-only file system"),
    errno.ENOSPC: Message("No space left on device"),
    errno.EDQUOT: Message("Disk quota exceeded"),
    errno.ENOENT: Message("No such file or directory"),
    errno.EEXIST: Message("File exists"),
    errno.EISDIR: Message("Is a directory"),
    errno.ENOTDIR: Message("Not a directory"),
    errno.ENAMETOOLONG: Message("File name too long"),
    errno.EBUSY: Message("Device or resource busy"),
    errno.EIO: Message("Input/output error"),
}


def why_refused(error: OSError) -> str:
    """Why the system would not read or write."""
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
