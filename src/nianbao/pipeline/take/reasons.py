"""What is said of edits: what they are, why one is not taken back, and what a narrative cannot hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from nianbao.errors.language import Message

BY_FORM = Message("is set by the form of annual reports and cannot be changed in the document")
NO_PLACE = Message("no words of a narrative stand here: a new paragraph has no place")
NO_LOOKS = Message("bold, emphasis and links cannot be taken back: change the file")
NO_NARRATIVE = Message("where it was moved to are no words of a narrative: not moved")
NO_HEADING = Message("a new heading of a section cannot go into a narrative: change the file")
NO_TABLE = Message("a new table cannot go into a narrative: change the file")
OTHER_NUMBER = Message("the list counts otherwise from here on: change its numbers in the file")
BESIDE_LIST = Message("at the margin in Word, so outside the list: indent it there if it belongs to the item above")
NOT_TOGETHER = Message("the changes of this file cannot be taken back together: change the file")
NOT_HELD = Message("a narrative cannot hold it: not taken back")
LOOKS = Message("looks are not taken back, and no words are deleted: change or delete them where that is meant")
EDITED = Message("edited")
PICTURE = Message("picture")
ANOTHER_PICTURE = Message("another picture")
OTHER_BYTES = Message("not the same as the report's, perhaps only compressed anew or in another face: look at it")
# What was done in a tracked change, by its element.
KINDS = {
    "ins": Message("inserted"),
    "del": Message("deleted"),
    "moveTo": Message("moved here"),
    "moveFrom": Message("moved away"),
}


def _crossed_out(words: str) -> Message:
    return Message("crossed out: “{words}”", words=words)


def _hidden(words: str) -> Message:
    return Message("hidden: “{words}”", words=words)


def _raised(words: str) -> Message:
    return Message("raised or lowered: “{words}”", words=words)


def _pointed_at(words: str) -> Message:
    return Message("underlined or highlighted: “{words}”", words=words)


def _dotted(words: str) -> Message:
    return Message("boxed, outlined or with dots of emphasis: “{words}”", words=words)


def _red(words: str) -> Message:
    return Message("in red: “{words}”", words=words)


def _recoloured(words: str) -> Message:
    return Message("in another colour: “{words}”", words=words)


def _resized(words: str) -> Message:
    return Message("in another size: “{words}”", words=words)


RED, RECOLOURED, RESIZED = "red", "recoloured", "resized"
# How the looks are told that no narrative has.
MARKS = {
    "crossed": _crossed_out,
    "hidden": _hidden,
    "raised": _raised,
    "pointed": _pointed_at,
    "dotted": _dotted,
    RED: _red,
    RECOLOURED: _recoloured,
    RESIZED: _resized,
}


def listed(parts: Iterable[str]) -> str:
    """Names one after the other, as a sentence has them; there must be one."""
    return reduce(lambda one, other: Message("{one}, {other}", one=one, other=other), parts)


def by_hand(path: str, line: int) -> Message:
    """Why a change is not taken back though its words are a narrative's: only a person can make it there."""
    return Message("cannot be taken back by itself: change {file}", file=f"{path}:{line}")


def without(tags: Sequence[str]) -> str:
    """The note of a change that takes references away with their words; empty where it takes none."""
    return Message("references gone with the words: {tags}", tags=listed(tags)) if tags else ""


def anew(tags: Sequence[str]) -> Message:
    """The note of a paragraph that gave way to another one, with the references that went."""
    return Message("written anew, without {tags}", tags=listed(tags)) if tags else Message("written anew")
