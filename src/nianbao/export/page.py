"""The page of GB/T 9704-2012, in millimetres, for PDF, the print of HTML and DOCX; titles broken into lines on it.

Source: 5.1 (A4), 5.2 (head 37 mm, binding edge 28 mm, type area 156 x 225 mm, 22 lines of 28 characters), 7.5 (the page
number 7 mm under the type area); 7.3.1 for titles (回行时词意完整，排列对称，长短适宜，间距恰当).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from itertools import combinations, pairwise

WIDTH, HEIGHT = 210, 297
HEAD, BINDING_EDGE = 37, 28
AREA_WIDTH, AREA_HEIGHT = 156, 225
FOOT = HEIGHT - HEAD - AREA_HEIGHT
FORE_EDGE = WIDTH - BINDING_EDGE - AREA_WIDTH
NUMBER_BELOW = 7
LINES, CHARACTERS = 22, 28
SIZE = 16  # 三号, in points
TITLE_SIZE = 22  # 二号, in points

_POINTS = 72 / 25.4  # in a millimetre

AREA_POINTS = AREA_WIDTH * _POINTS
LINE = AREA_HEIGHT * _POINTS / LINES  # points from one line to the next
TITLE_CHARACTERS = int(AREA_POINTS / TITLE_SIZE)  # how many characters of the title fill a line


# A line may end after one of these (parts of an office's name), or begin with one of the others.
_ENDS = re.compile(
    r"人民政府|委员会|管委会|办公室|办事处|自治[区州县旗]|开发区|管理局|管理委员会|[省市县区州盟旗镇乡]|街道|局|厅|院|中心|年"
)
_BEGINS = (
    "政府信息公开",
    "工作年度报告",
    "年度报告",
    "人民政府",
    "办公室",
    "委员会",
    "管理委员会",
    "街道办事处",
    "关于",
)
_MOST_BREAKINGS = 10_000  # a title of so many sensible breakings is none of an office's: it is broken line by line
# What a break within a word and what another line cost, in squared characters of unevenness.
_CUT = 100.0
_LINE = 15.0
# An office this much longer than the date, with a seal, or longer than this, without one, goes to the same edge.
_MUCH, _LONG = 4.0, 24.0
_WAIST = 40.0  # what a line costs that is shorter than both of its neighbours
_EVEN = 0.6  # characters by which lines may differ and still look alike
_NEVER_FIRST = "，。、；：！？）〕》”’】…—·,.;:!?)]"
_NEVER_LAST = "（〔《“‘【(["


def text_width(text: str) -> float:
    """The width in Chinese characters; digits and Latin letters take about half of one."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.55 for char in text)


def title_lines(text: str, width: float) -> tuple[str, ...]:
    """The title in as few lines as ``width`` (in Chinese characters) allows, broken where sense allows it."""
    text = text.strip()
    if text_width(text) <= width or len(text) < 4:
        return (text,)
    sensible = _sensible_places(text)
    fewest = int(-(-text_width(text) // width))
    # One line more is worth it where it saves a word from being cut; a title too odd for both takes what it needs.
    for count in range(fewest, len(text)):
        found = [
            broken
            for more in (0, 1)
            if (broken := _shaped(text, width, count + more, sensible) or _broken(text, width, count + more, sensible))
        ]
        if found:
            return min(found)[1]
    return (text,)


def closing_insets(lines: Sequence[str], *, sealed: bool) -> list[float]:
    """How far each line under the report stands in from the right, in characters: GB/T 9704-2012, 7.3.5.

    With a seal, the date four characters in and the office centred above it. Without one, the office two in and the
    date two to the right of its beginning; a longer date two in. Where their lengths differ much, or there are more
    lines than these two, all stand two in.
    """
    widths = [text_width(line) + _seams(line) / 4 for line in lines]
    if len(widths) != 2 or (abs(widths[0] - widths[1]) > _MUCH if sealed else max(widths) > _LONG):
        return [2.0] * len(lines)
    office, date = widths
    if sealed:
        return [4.0 + (date - office) / 2, 4.0]
    inset = max(2.0, office - date)
    return [inset + date + 2 - office, inset]


def _seams(line: str) -> int:
    """Between Chinese and digits Word and LibreOffice leave a quarter of a character."""
    return sum(left.isascii() != right.isascii() for left, right in pairwise(line))


def _sensible_places(text: str) -> frozenset[int]:
    places = {match.end() for match in _ENDS.finditer(text)}
    places |= {match.start() for word in _BEGINS for match in re.finditer(word, text)}
    # 市|区 of 市区 or 办公|室: a break inside a longer word of the list is none.
    inside = {
        place for match in re.finditer("|".join(_BEGINS), text) for place in range(match.start() + 1, match.end())
    }
    return frozenset(places - inside)


def _shaped(text: str, width: float, count: int, sensible: frozenset[int]) -> tuple[float, tuple[str, ...]] | None:
    """The best breaking at sensible places alone; lines that grow, or grow and then shrink, come before a waist.

    None where no breaking fits, or there are too many to try each.
    """
    if math.comb(len(sensible), count - 1) > _MOST_BREAKINGS:
        return None
    ideal = text_width(text) / count
    found = []
    for breaks in combinations(sorted(sensible), count - 1):
        lines = tuple(text[start:end] for start, end in zip((0, *breaks), (*breaks, len(text)), strict=True))
        widths = [text_width(line) for line in lines]
        if max(widths) <= width and min(widths) >= 2:
            waist = sum(
                b < a - _EVEN and b < c - _EVEN for a, b, c in zip(widths, widths[1:], widths[2:], strict=False)
            )
            shrinks = count == 2 and widths[0] > widths[1] + _EVEN
            unevenness = sum((line - ideal) ** 2 for line in widths)
            found.append((unevenness + _LINE * count + _WAIST * waist + shrinks, lines))
    return min(found, default=None)


def _broken(text: str, width: float, count: int, sensible: frozenset[int]) -> tuple[float, tuple[str, ...]] | None:
    """The best breaking into ``count`` lines with its cost, or None where no breaking fits."""
    ideal = text_width(text) / count
    # best[n][place]: (cost, places of the breaks) of the text up to ``place`` in n lines
    best: list[dict[int, tuple[float, tuple[int, ...]]]] = [{0: (0.0, ())}]
    for _ in range(count):
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, breaks) in best[-1].items():
            for end in range(start + 2, len(text) + 1):
                line = text_width(text[start:end])
                if line > width:
                    break
                if end < len(text) and not _may_break(text, end):
                    continue
                here = cost + (line - ideal) ** 2 + (0 if end == len(text) or end in sensible else _CUT)
                if end not in reached or here < reached[end][0]:
                    reached[end] = (here, (*breaks, end))
        best.append(reached)
    if len(text) not in best[-1]:
        return None
    cost, ends = best[-1][len(text)]
    lines = tuple(text[start:end] for start, end in zip((0, *ends), ends, strict=False))
    return cost + _LINE * count, lines


def _may_break(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return not (before.isascii() and after.isascii() and before.isalnum() and after.isalnum())
