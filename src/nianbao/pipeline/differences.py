"""What differs between two versions of one file of a report, in words: which cell, key, paragraph or page.

May import: errors; outlines of the pipeline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from nianbao.errors.language import Message
from nianbao.pipeline.outlines import Line, outline, parts

# No more than so many differences of one file are told: the rest follows from the same cause.
SHOWN = 12
_CONTEXT = 16
# Digests of the report's own files, in the manifest and the crate: what differs is told of the files themselves.
_FOLLOWS = re.compile(r"(?:files|@graph)\[(?!arcp:)[^\]]*\]\.sha256 ")
_ONLY_DIGESTS = Message("nothing but the digests of other files that differ")
_LONGEST = 60


def differences(name: str, old: bytes, new: bytes) -> list[str]:
    """What differs between ``old`` and ``new``, in the words of the file's format; empty where nothing does.

    First what a reader sees (a table's cell, a paragraph, a page), then, where that is all the same, the parts of
    the file, and last the place of the first byte.
    """
    if old == new:
        return []
    try:
        told: list[str] = list(_compared(outline(name, old), outline(name, new)))
        told = told or list(_compared(parts(name, old), parts(name, new)))
        rest = [line for line in told if not _FOLLOWS.match(line)]
        told = rest or ([_ONLY_DIGESTS] if told else [])
    except Exception as error:  # noqa: BLE001 -- a damaged file must be told of, whatever its reader says
        told = [Message("one of the two cannot be read: {kind}: {error}", kind=type(error).__name__, error=error)]
    if len(told) > SHOWN:
        told = [*told[:SHOWN], Message("… and {count} more", count=len(told) - SHOWN)]
    return told or [_first_byte(old, new)]


def _compared(old: Sequence[Line], new: Sequence[Line]) -> Iterator[str]:
    """Lines that are different, gone or new. What is numbered (a paragraph) may move; what has an address may not."""
    before, after = ([(line.place if line.fixed else line.kind, line.text) for line in lines] for lines in (old, new))
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _paired(old[a:b], new[c:d])


def _paired(gone: Sequence[Line], come: Sequence[Line]) -> Iterator[str]:
    """As many lines as before take each other's places; otherwise those with the same address belong together."""
    pairs = list(zip(gone, come, strict=False))
    if len(gone) == len(come) and all(a.place == b.place or a.kind == b.kind != "" for a, b in pairs):
        yield from (_changed(b.place, a.text, b.text) for a, b in pairs)
        return
    there = {line.place: line for line in come}
    for line in gone:
        match = there.pop(line.place, None) if line.fixed else None
        if match:
            yield _changed(line.place, line.text, match.text)
        else:
            yield Message("{place} is gone: {text}", place=line.place, text=_cut(line.text))
    yield from (Message("{place} is new: {text}", place=line.place, text=_cut(line.text)) for line in there.values())


def _changed(place: str, old: str, new: str) -> str:
    return Message("{place} {change}", place=place, change=_change(old, new))


def _change(old: str, new: str) -> str:
    """The stretch that differs, with a little of what stands around it: '…received 14 cases…' → '…15…'."""
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    same_end = 0
    while same_end < min(len(old), len(new)) - start and old[-1 - same_end] == new[-1 - same_end]:
        same_end += 1
    return f"{_stretch(old, start, same_end)} → {_stretch(new, start, same_end)}"


def _stretch(text: str, start: int, same_end: int) -> str:
    first, last = max(0, start - _CONTEXT), min(len(text), len(text) - same_end + _CONTEXT)
    shown = f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
    return repr(shown) if len(shown) <= 3 * _LONGEST else repr(shown[: 3 * _LONGEST] + "…")


def _cut(text: str) -> str:
    return repr(text if len(text) <= _LONGEST else text[:_LONGEST] + "…")


def _first_byte(old: bytes, new: bytes) -> str:
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    around = slice(max(0, at - 8), at + 24)
    return Message(
        "byte {at} of {before} ({after}): {old} → {new}",
        at=at,
        before=len(old),
        after=len(new),
        old=repr(old[around]),
        new=repr(new[around]),
    )
