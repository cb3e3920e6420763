"""Owns the 图解 page of an illustrated report: one composed picture of the year, with its alternative text.

May import: section.display, section.drawing, section.facts, section.palette, section.view. It is written as SVG by
hand: a drawing library would take a hundred times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from nianbao.section.display import Display, heading, picture
from nianbao.section.drawing import Drawing, fitting, length
from nianbao.section.facts import Count, Facts, facts_of, shares
from nianbao.section.palette import AXIS, GRID, GROUND, PALETTE, SOFT
from nianbao.section.view import SectionView

# Points. The width is that of the text on an A4 page set by GB/T 9704 (156 mm); all else follows from it.
WIDTH = 442.0
_GAP = 18.0
_HALF = (WIDTH - _GAP) / 2
_TILES = 3  # key counts in a row
_TILE_GAP = 8.0
_TILE_HEIGHT = 68.0
_PANEL_HEAD = 30.0
_BAR_STEP = 22.0
_DARK, _MIDDLE, _LIGHT, _ACCENT = PALETTE[:4]

# A panel draws itself at a place in a width, and says how high it is.
Panel = Callable[[Drawing, float, float, float], float]


def infographic_page(
    section: SectionView, keys: Sequence[str] = (), channels: Sequence[str] = ()
) -> tuple[Display, ...]:
    """The heading and the picture of the 图解 page; nothing where the year has no numbers to show.

    ``keys`` and ``channels`` are keys of figures.csv, in the order in which they are shown; what an office lacks is
    left out.
    """
    facts = facts_of(section.reports(), keys, channels)
    if not facts.keys:
        return ()
    title = f"附：{facts.year}年政府信息公开工作图解"
    return heading(title, 1, "infographic", new_page=True), picture(_drawn(facts), _alternative(facts))


def _drawn(facts: Facts) -> str:
    drawing = Drawing(WIDTH)
    y = _tiles(drawing, facts.keys)
    panels = _panels(facts)
    for index in range(0, len(panels), 2):
        pair = panels[index : index + 2]
        width = _HALF if len(pair) == 2 else WIDTH
        y += _GAP
        y += max(draw(drawing, place * (_HALF + _GAP), y, width) for place, draw in enumerate(pair))
    return drawing.svg(y + 2)


def _panels(facts: Facts) -> list[Panel]:
    panels: list[Panel] = []
    if facts.results:
        panels.append(partial(_share_bars, title="申请办理结果", counts=facts.results))
    if facts.applicants:
        panels.append(partial(_share_bars, title="申请人构成", counts=facts.applicants))
    if facts.channels:
        panels.append(partial(_compared_bars, title="各渠道公开政府信息", facts=facts))
    if len(facts.years) > 1:
        panels.append(partial(_year_columns, title="历年申请", facts=facts))
    return panels


def _tiles(drawing: Drawing, counts: Sequence[Count]) -> float:
    """The key counts as tiles: a big number, what it counts, how it compares; returns where they end."""
    width = (WIDTH - _TILE_GAP * (_TILES - 1)) / _TILES
    height = _TILE_HEIGHT if any(count.change for count in counts) else _TILE_HEIGHT - 12
    for index, count in enumerate(counts):
        x = index % _TILES * (width + _TILE_GAP)
        y = index // _TILES * (height + _TILE_GAP)
        room = width - 22
        drawing.box((x, y), width, height, GROUND, radius=3)
        drawing.box((x, y), 3, height, _DARK)
        digits = str(count.number)
        size = fitting(digits, 25, room - length(count.unit, 10) - 4)
        drawing.strong((x + 13, y + 29), digits, size, _DARK, unit=count.unit)
        drawing.words((x + 13, y + 45), count.label, fitting(count.label, 10, room))
        if count.change:
            drawing.words((x + 13, y + 59), count.change, 8.5, fill=SOFT)
    rows = -(-len(counts) // _TILES)
    return rows * height + (rows - 1) * _TILE_GAP


def _head(drawing: Drawing, x: float, y: float, width: float, title: str, unit: str) -> None:
    drawing.box((x, y + 2), 3, 12, _ACCENT)
    drawing.strong((x + 9, y + 13), title, 12, _DARK)
    drawing.words((x + width, y + 12.5), f"单位：{unit}", 8.5, fill=SOFT, anchor="end")
    drawing.line((x, y + 20), (x + width, y + 20), GRID)


def _share_bars(drawing: Drawing, x: float, y: float, width: float, title: str, counts: Sequence[Count]) -> float:
    """A bar for each count, with its number and its share."""
    _head(drawing, x, y, width, title, counts[0].unit)
    labels = max(length(count.label, 9.5) for count in counts) + 7
    shown = [f"{count.number}（{share}）" for count, share in zip(counts, shares(counts), strict=True)]
    longest = max(count.number for count in counts)
    room = width - labels - max(length(words, 9) for words in shown) - 5
    for index, (count, words) in enumerate(zip(counts, shown, strict=True)):
        top = y + _PANEL_HEAD + index * _BAR_STEP
        bar = max(1.0, room * float(count.number / longest))
        drawing.words((x + labels - 7, top + 10.5), count.label, anchor="end")
        drawing.box((x + labels, top), bar, 14, _MIDDLE)
        drawing.words((x + labels + bar + 5, top + 10.5), words, 9)
    return _PANEL_HEAD + len(counts) * _BAR_STEP - 8


def _compared_bars(drawing: Drawing, x: float, y: float, width: float, title: str, facts: Facts) -> float:
    """A bar for each channel, and last year's below it where there is one; the labels stand above."""
    counts = facts.channels
    _head(drawing, x, y, width, title, counts[0].unit)
    longest = max(number for count in counts for number in (count.number, count.before or 0))
    compared = any(count.before for count in counts)
    top = y + _PANEL_HEAD
    if compared:
        _legend(drawing, x, top, [(f"{facts.year}年", _DARK), (f"{facts.year - 1}年", _LIGHT)])
        top += 16
    digits = max(length(str(number), 9) for count in counts for number in (count.number, count.before or 0))
    for count in counts:
        drawing.words((x, top + 8.5), count.label, fitting(count.label, 9.5, width))
        top += 13
        for number, fill in ((count.number, _DARK), (count.before, _LIGHT)):
            if number is None:
                continue
            bar = max(1.0, (width - digits - 6) * float(number / longest))
            drawing.box((x, top), bar, 8, fill)
            drawing.words((x + bar + 5, top + 7.2), str(number), 9)
            top += 9.5
        top += 5
    return top - y - 5


def _year_columns(drawing: Drawing, x: float, y: float, width: float, title: str, facts: Facts) -> float:
    """Two columns for each year: applications that came in and that were dealt with."""
    _head(drawing, x, y, width, title, facts.years[0][1].unit)
    _legend(drawing, x, y + _PANEL_HEAD, [("新收", _DARK), ("办结", _LIGHT)])
    top, height = y + _PANEL_HEAD + 30, 110.0
    longest = max(count.number for _, *counts in facts.years for count in counts)
    step = width / len(facts.years)
    column = min(26.0, step * 0.36)
    for index, (year, *counts) in enumerate(facts.years):
        middle = x + step * (index + 0.5)
        for side, (count, fill) in enumerate(zip(counts, (_DARK, _LIGHT), strict=True)):
            tall = height * float(count.number / longest)
            left = middle - column + side * column
            drawing.box((left + side, top + height - tall), column - 1, tall, fill)
            digits = str(count.number)
            place = (left + side + column / 2 - 0.5, top + height - tall - 3)
            drawing.words(place, digits, fitting(digits, 9, column + 1), anchor="middle")
        drawing.words((middle, top + height + 13), f"{year}年", anchor="middle")
    drawing.line((x, top + height), (x + width, top + height), AXIS, 0.8)
    return top + height + 16 - y


def _legend(drawing: Drawing, x: float, y: float, entries: Sequence[tuple[str, str]]) -> None:
    for name, fill in entries:
        drawing.box((x, y), 9, 9, fill)
        drawing.words((x + 13, y + 8), name, 9)
        x += 13 + length(name, 9) + 14


def _alternative(facts: Facts) -> str:
    """All that the picture shows, in sentences."""
    parts = [f"{facts.year}年政府信息公开工作图解", "主要数据：" + _listed(facts.keys)]
    if facts.results:
        parts.append("申请办理结果：" + _with_shares(facts.results))
    if facts.applicants:
        parts.append("申请人构成：" + _with_shares(facts.applicants))
    if facts.channels:
        parts.append("各渠道公开政府信息：" + _listed(facts.channels))
    if len(facts.years) > 1:
        each = (f"{year}年新收{new.number}件、办结{done.number}件" for year, new, done in facts.years)
        parts.append("历年申请：" + "，".join(each))
    return "。".join(parts) + "。"


def _listed(counts: Sequence[Count]) -> str:
    changes = (f"（{count.change}）" if count.change else "" for count in counts)
    return "，".join(
        f"{count.label}{count.number}{count.unit}{words}" for count, words in zip(counts, changes, strict=True)
    )


def _with_shares(counts: Sequence[Count]) -> str:
    pairs = zip(counts, shares(counts), strict=True)
    return "，".join(f"{count.label}{count.number}{count.unit}（{share}）" for count, share in pairs)
