"""Split one line into its parts: stretches of label text, and values, glued ones included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nianbao.form.cells import CellKind, State, parse
from nianbao.ingest.carrier import NO_CHARACTER, NO_RESULT, OVER_BORDER, Line, Place
from nianbao.ingest.words import core, raw_vocabulary, vocabulary, width_folded

# A printed value is short; whatever is longer is text (the longest seen is an amount with its unit).
_LONGEST_VALUE = 24
_PAGE_NUMBER = re.compile(r"\s*(?:[-—–―·•]+\s*\d{1,3}\s*[-—–―·•]+|第\s*\d{1,3}\s*页.{0,12}|\d{1,3}\s*/\s*\d{1,3})\s*")
_RULE_OF_DASHES = re.compile(r":?-{3,}:?")
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?(?:件|条|项|宗|起|个|次|份|万元|亿元|元)?")
# A remark in a cell is not longer than this.
_LONGEST_NOTE = 200
_UNITS = "(?:件|条|项|宗|起|个|次|份|万元|亿元|元)?"
_NOTED = re.compile(
    rf"(?P<number>[+-]?\d[\d,]*(?:\.\d+)?{_UNITS})\s*"
    r"(?:[*※†#。↑↓▲▼]+|注\s*\d{0,2}|[\[【]\s*(?:注\s*)?\d{1,2}\s*[\]】]|[(（\[【][^()（）]*[\u4e00-\u9fff][^()（）]*[)）\]】]"
    r"|[,;，；:、 ]?\s*(?:注[:：]|其中|含|包括|备注|说明|详?见|均为|同上年)[^|]*)"
)
_NOTED_BEFORE = re.compile(
    rf"[(（\[【][^()（）]*[\u4e00-\u9fff][^()（）]*[)）\]】]\s*(?P<number>\d[\d,]*(?:\.\d+)?{_UNITS})"
)
_GLUED_SIGNS = re.compile(r"(?<=[^\s/])/+$")
# A value can be glued to a label's last character, not to a sign, which may be a value itself.
_GLUES = re.compile(r"[\u4e00-\u9fff)”\"]$")
_ENUMERATOR = re.compile(r"[.、](?=\s*[\u4e00-\u9fff])")
# Two numbers or more that stand in one cell, or one that is broken over its lines.
_SEVERAL = re.compile(r"\d[\d,.]*(?:\s+\d[\d,.]*)+")
# A number of which a digit, or all, cannot be told.
_UNTOLD = re.compile(rf"[+-]?[\d,{NO_CHARACTER}]+(?:\.[\d{NO_CHARACTER}]+)?")
_NOTHING = re.compile(r"(?!)")
_CELLS_WITH_ONE = 4
# A share of a line this large must be words of the form for the line to belong to a table.
_COVERED = 0.8


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a line: label text, or a value with its place.

    ``glued``: no space stands between it and the label. ``closed``: no digit of it can have been cut off. ``index`` is
    its cell in a ruled line of ``length`` cells.
    """

    text: str
    place: Place
    is_value: bool
    glued: bool = False
    closed: bool = True
    index: int = 0
    length: int = 0


def without_note(cell: str) -> str:
    """The number of a cell with a remark behind or before it: 12（含网上8件）, 12*, 12。, 12 注：…; else the cell."""
    if cell.isdigit() or len(cell) > _LONGEST_NOTE:
        return cell
    match = _NOTED.fullmatch(cell) or _NOTED_BEFORE.fullmatch(cell)
    return match["number"] if match else cell


@lru_cache(maxsize=4096)
def is_value(text: str) -> bool:
    """Whether a text on its own is what stands in a value cell: a number, with a unit or not, or a sign for none."""
    if text in {NO_RESULT, OVER_BORDER}:
        return True
    if not text or len(text) > _LONGEST_VALUE:
        return False
    if NO_CHARACTER in text:
        return _UNTOLD.fullmatch(text) is not None
    kinds = (CellKind.COUNT, CellKind.CHANGE, CellKind.MONEY_ANY_UNIT)
    return any(parse(text, kind).state in {State.NUMBER, State.NOT_APPLICABLE} for kind in kinds)


def is_page_number(text: str) -> bool:
    """Whether a line is a running page number: －５－, 第5页, 5/12."""
    return _PAGE_NUMBER.fullmatch(width_folded(text)) is not None


def is_separator(line: Line) -> bool:
    """Whether a row is Markdown's rule between head and body: | --- | --- |."""
    cells = [cell.strip() for cell in line.cells if cell.strip()]
    return len(cells) > 1 and all(_RULE_OF_DASHES.fullmatch(cell) for cell in cells)


def parts_of(
    line: Line, labels: frozenset[str] = frozenset(), known: frozenset[str] = frozenset(), *, leading: bool = False
) -> list[Part]:
    """The parts of a line in order; blanks of ruled lines are values that are empty.

    What follows a cell that is exactly one of the row ``labels`` is a value whatever it says, unless it is a word of
    the form as well (``known``: heads and labels). ``leading`` keeps the blanks with which a line begins: they are
    values where a row has no label.
    """
    if not line.ruled:
        return list(_loose(line.text, line.place, closed=line.closed))
    cells = [without_note(width_folded(cell).strip()) for cell in line.cells]
    label = _label_index(cells, labels, known)
    # Among cells with a number each, one with two numbers holds none for the cell beside it.
    numbers = sum(map(is_value, filter(None, cells)))
    several = _SEVERAL if numbers >= _CELLS_WITH_ONE else _NOTHING
    parts: list[Part] = []
    for index, cell in enumerate(cells):
        place = line.place_of(index)
        closed = line.closed or index + 1 < len(cells)
        if not cell:
            if parts or leading:
                parts.append(Part("", place, is_value=True, index=index, length=len(cells)))
        elif is_value(cell) or (label is not None and index > label) or several.fullmatch(cell):
            parts.append(Part(cell, place, is_value=True, closed=closed, index=index, length=len(cells)))
        else:
            found = list(_loose(cell, place, closed=closed))
            # Digits in a label are no value of a row whose cells have borders and where one of them is blank.
            is_label = not any(part.is_value for part in parts) and "" in cells[index + 1 :] and numbers > 1
            parts += [Part(cell, place, is_value=False)] if is_label and found[-1].is_value else found
    return parts


def _label_index(cells: list[str], labels: frozenset[str], known: frozenset[str]) -> int | None:
    """The last cell that is exactly a row label and is followed by nothing that the form prints itself."""
    cores = [core(cell) for cell in cells]
    for index in range(len(cells) - 1, -1, -1):
        if cores[index] in labels:
            if any(text in known - labels for text in cores[:index]):
                # Behind another head, 总计 and 其他 are heads too.
                return None
            rest = [text for text in cores[index + 1 :] if text]
            return None if any(text in known for text in rest) else index
    return None


def _loose(text: str, place: Place, *, closed: bool) -> Iterator[Part]:
    """The parts of a line whose cells are held apart by spaces, or by nothing at all."""
    words = width_folded(text).split()
    for index, word in enumerate(words):
        ended = closed or index + 1 < len(words)
        if is_value(word):
            yield Part(word, place, is_value=True, closed=ended)
        else:
            yield from _word(word, place, closed=ended)


def _word(word: str, place: Place, *, closed: bool) -> Iterator[Part]:
    """The parts of a word in which labels and values may be glued: 规章000."""
    start = 0
    for match in _NUMBER.finditer(word):
        digits, end = match[0], match.end()
        if _ENUMERATOR.match(word, end):
            # 0002.重复申请: the last digit is the next label's numeral.
            digits, end = digits[:-1], end - 1
        # The character alone is looked at: all the text before would be, again and again, in a long word.
        last = word[match.start() - 1] if match.start() > start else "章"
        if not digits or not _GLUES.match(last) or last == "第" or not _ends_here(word, end):
            continue
        if match.start() > start:
            yield Part(word[start : match.start()], place, is_value=False)
        yield Part(digits, place, is_value=True, glued=True, closed=closed or end < len(word))
        start = end
    rest = word[start:]
    signs = _GLUED_SIGNS.search(rest)
    if signs and rest[-3:] not in raw_vocabulary():
        yield Part(rest[: signs.start()], place, is_value=False)
        for sign in signs[0]:
            yield Part(sign, place, is_value=True, glued=True)
    elif rest:
        yield Part(rest, place, is_value=False)


def _ends_here(word: str, end: int) -> bool:
    """Whether a value can end here: at the end of the word, or before a word of the form."""
    if end == len(word):
        return True
    following = core(re.split(r"\d[\d,.]*(?=\D|$)", word[end : end + 16].lstrip(".、0123456789"), maxsplit=1)[0])[:4]
    return len(following) > 1 and following in vocabulary()


def is_tabular(parts: list[Part]) -> bool:
    """Whether the parts of a plain line are words of the form and values and nothing else: no sentence."""
    text = "".join(part.text for part in parts if not part.is_value)
    if not text:
        return bool(parts)
    if any(mark in text for mark in "。；;！？"):
        return False
    words = core(re.sub(r"[（(][^（()）]*[)）]", "", text)) or core(text)
    rest = re.sub(r"(?<!\d)\d{1,2}[.、]", "", text)
    if not words:
        return not any(character.isalnum() for character in rest)
    if any(character.isdigit() for character in re.sub(r"[（(][^()（）]*[)）]?", "", rest)):
        return False
    return any(_coverage(found) >= _COVERED for found in {words, core(text)})


@lru_cache(maxsize=4096)
def _coverage(text: str) -> float:
    """The share of the characters that lie in pieces of at least two characters of the form's words."""
    # No line of a table is as long as all labels of a table in one.
    if len(text) > 1500:
        return 0.0
    known = vocabulary()
    if text in known:
        return 1.0
    covered = position = 0
    while position < len(text):
        length = 0
        while position + length < len(text) and text[position : position + length + 1] in known:
            length += 1
        if length > 1:
            covered += length
            position += length
        else:
            position += 1
    return covered / len(text)
