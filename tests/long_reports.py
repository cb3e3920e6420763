"""Long made-up reports for the tests: text, charts and tables of its own in every section, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

import nbformat

import builders
from nianbao.form import EDITIONS, layout, plain_grid
from nianbao.form.cells import number
from nianbao.section import display
from nianbao.section.display import Display

SENTENCES = (
    "本机关围绕“一网通办”“一网公开”“一网协同”推进工作，全年公开信息{}条。",
    "按照《条例》（国务院令第711号）的要求，答复申请{}件，办结率98%。",
    "“找不到”“看不懂”的问题逐项整改，群众少跑路{}次。",
    "对公开专栏的栏目、文件和链接进行检查，修复失效链接{}个，更新指南3次。",
)
WIDTH = 439.2  # points, as the house's charts have it


def chart(height: float, words: str = "件数（件）") -> str:
    """A chart of some millimetres' height in type of 9 points, drawn like the house's."""
    tall = height / 25.4 * 72
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}pt" height="{tall:.1f}pt" '
        f'viewBox="0 0 {WIDTH} {tall:.1f}" font-family="Noto Sans SC" font-size="9">'
        f'<rect width="{WIDTH}" height="{tall:.1f}" fill="#eee"/><text x="0" y="12">{words}</text></svg>'
    )


def picture(height: float, caption: str = "图　有关情况") -> Display:
    return display.picture(chart(height), "件数", caption)


def own_table(rows: int, caption: str = "") -> Display:
    cells = [[str(count), "教育局", str(count * 7)] for count in range(1, rows + 1)]
    return display.table(plain_grid(caption, ["序号", "单位", "件数"], cells))


def long_report(seed: int, sections: int) -> nbformat.NotebookNode:
    """A report whose narrative has so many sections of the second level, with charts and tables among their text."""
    chance = random.Random(seed)  # noqa: S311 -- test data, no secret
    form = EDITIONS["2021"]
    shown = [display.title("示例市人民政府办公室", "2023年政府信息公开工作年度报告")]
    for section in form.sections:
        shown.append(display.heading(section.heading, 1, section.slug))
        if section.table:
            table = layout(form.table(section.table), lambda _: number(chance.randint(0, 9999)), "2021")
            shown += [display.table(table), *(_picture(chance) for _ in range(chance.randint(0, 2)))]
        for _ in range(sections if section.slug == "overview" else sections // 3):
            shown += _narrative(chance)
    return builders.notebook_of([*shown, display.closing("示例市人民政府办公室", "2024年1月10日")])


def _narrative(chance: random.Random) -> Iterator[Display]:
    if chance.random() < 0.6:
        yield display.heading("（一）有关工作情况", 2)
    for _ in range(chance.randint(1, 5)):
        yield display.text(text(chance, chance.choice([40, 90, 140, 220, 400])))
        kind = chance.random()
        if kind < 0.35:
            yield _picture(chance)
        elif kind < 0.45:
            yield own_table(chance.randint(3, 28), chance.choice(["", "附表　各单位办理情况"]))


def text(chance: random.Random, characters: int) -> str:
    words = ""
    while len(words) < characters:
        words += chance.choice(SENTENCES).format(chance.randint(100, 99999))
    return words


def _picture(chance: random.Random) -> Display:
    return picture(chance.choice([45, 55, 66, 74, 84, 95, 110]))
