"""Words as Markdown writes them: with the signs of emphasis and of links around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from nianbao.pipeline.take.word_blocks import Letter
from nianbao.pipeline.take.word_parts import address_of

EMPHASIS = {"bold": "**", "italic": "*"}  # by the name in a Letter
_MARKS = (*EMPHASIS.values(), "`")
_ACTIVE = re.compile(r"([\\`*_\[\]<])")
_ADJACENT = re.compile(r"\]\((<[^<>\n]*>|[^()\s]*)\)\[((?:\\.|[^\[\]\\\n])*)\]\((<[^<>\n]*>|[^()\s]*)\)")
_OPENING = re.compile(r"^(\d{0,9})([.)](?=\s)|(?<!\d)[#>+~=-])")  # of a heading, a list, a rule, a quotation
_ADDRESS = re.compile(r"\]\([^)\n]*\)")  # of a link, after its words


def style_of(letter: Letter) -> tuple[bool, bool, str]:
    """How a letter looks."""
    return letter.bold, letter.italic, letter.href


def written(letters: Sequence[Letter], *, escape: bool, looks: bool = True) -> str:
    """New words as a narrative writes them, emphasis and links marked."""
    parts = []
    for href, group in groupby(letters, key=lambda letter: letter.href):
        words = _emphasised(list(group), escape=escape, looks=looks)
        parts.append(f"[{words}{closing(href)}" if href and looks else words)
    return "".join(parts)


def closing(href: str) -> str:
    """What comes after the words of a link."""
    return f"](<{href}>)" if re.search(r"[\s()]", href) else f"]({href})"


def _emphasised(letters: Sequence[Letter], *, escape: bool, looks: bool) -> str:
    parts: list[str] = []
    mark = ""
    for letter in [*letters, Letter("")]:
        wanted = "".join(sign for name, sign in EMPHASIS.items() if looks and getattr(letter, name))
        if wanted != mark:
            parts += [mark[::-1], wanted]
            mark = wanted
        parts.append(_ACTIVE.sub(r"\\\1", letter.char) if escape else letter.char)
    words = "".join(parts)
    return _OPENING.sub(r"\1\\\2", words) if escape else words


def join_links(words: str) -> str:
    """Markdown with each two links of one address made one that stand beside each other."""
    found = _ADJACENT.search(words)
    while found:
        one, other = (address_of(found[group].strip("<>")) for group in (1, 3))
        if one == other:
            words = f"{words[: found.start()]}{found[2]}]({found[1]}){words[found.end() :]}"
        found = _ADJACENT.search(words, found.start() + (one != other))
    return words


def standing_out(letters: Sequence[Letter]) -> Iterator[str]:
    """The words that are bold, emphasised or linked, with their marks."""
    for style, group in groupby(letters, key=style_of):
        words = list(group)
        if any(style) and any(letter.char.strip() for letter in words):
            yield written(words, escape=False)


def widened(content: str, begin: int, end: int) -> tuple[int, int]:
    """The stretch with the marks right around it, which would be left with nothing between them."""
    for mark in _MARKS:
        size = len(mark)
        if content[max(begin - size, 0) : begin] == mark == content[end : end + size]:
            return begin - size, end + size
    if content[max(begin - 1, 0) : begin] == "[" and (address := _ADDRESS.match(content, end)):
        return begin - 1, address.end()
    return begin, end


def relinked(content: str, begin: int, end: int, was: str, wanted: str) -> Iterator[tuple[int, int, str]]:
    """What is to be put in the place of which stretches, that these words link elsewhere, or to nothing."""
    address = _ADDRESS.match(content, end)
    if not was:
        yield from ((begin, begin, "["), (end, end, closing(wanted)))
    elif content[max(begin - 1, 0) : begin] == "[" and address:
        if not wanted:
            yield begin - 1, begin, ""
        yield end, address.end(), closing(wanted) if wanted else ""
