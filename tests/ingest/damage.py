"""Reports in the layouts that are seen on the web, made from the form with random values, and damaged at random."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from nianbao.form import EDITIONS, CellRef, Edition, Grid, GridCell, layout
from nianbao.form.cells import Value, parse

TEXT_LAYOUTS = (
    "tabs",
    "pipes",
    "both_pipes",
    "cell_a_line_pipes",
    "cell_a_line",
    "cell_a_line_apart",
    "spaces",
    "glued",
)
SIGNS = ("/", "-", "—", "无")
NARRATIVE = {
    "overview": "本机关围绕中心工作推进公开，全年公开信息{a}条，办理行政许可{b}件、行政处罚{c}件，备案行政复议案件{a}件。",
    "problems": "一是公开不够及时；二是人员不足。下一步将加强培训{b}次。",
    "other": "本年度未收取信息处理费，没有其他需要报告的事项。",
}


@dataclass
class Report:
    """A report as it was before the damage, and as it stands in the file."""

    edition: Edition
    values: dict[CellRef, Value]
    content: str
    kind: str
    notes: list[str]


def chance_of(seed: object) -> random.Random:
    """The same choices for the same seed."""
    return random.Random(str(seed))  # noqa: S311 -- damage, no secret


def values_for(edition: Edition, chance: random.Random, blanks: bool = True) -> dict[CellRef, Value]:
    """A value for every cell: mostly zeros, as in life; grouped digits, units and signs now and then."""
    return {ref: parse(_printed(chance, blanks), kind) for ref, kind in edition.cells.items()}


def _printed(chance: random.Random, blanks: bool) -> str:
    draw = chance.random()
    if draw < 0.5:
        return "0"
    if draw < 0.9:
        return str(chance.choice((chance.randint(1, 9), chance.randint(10, 999), chance.randint(1000, 9_999_999))))
    if draw < 0.95 and blanks:
        return chance.choice(SIGNS)
    return "" if blanks else "0"


def grids(edition: Edition, values: dict[CellRef, Value]) -> dict[str, Grid]:
    """The printed tables."""
    return {table.code: layout(table, values.__getitem__, edition.code) for table in edition.tables}


def rows_of(grid: Grid, pads: str) -> list[list[str]]:
    """The rows as a copy keeps them: merged cells once, or with the empty cells that they cover, in place or behind."""
    width = sum(cell.colspan for cell in grid.rows[0].cells)
    found = []
    for row in grid.rows:
        cells: list[str] = []
        behind = 0
        for cell in row.cells:
            cells.append(cell.text)
            if pads == "in_place":
                cells += [""] * (cell.colspan - 1)
            behind += cell.colspan - 1
        if pads == "behind":
            cells += [""] * behind
        found.append(cells)
    return found if width else []


def unmerged(grid: Grid) -> list[list[str]]:
    """The rows of a spreadsheet without merged cells: what a merged cell covers is empty, downwards too."""
    width = len(grid.widths)
    rows = [[""] * width for _ in grid.rows]
    for y, x, cell in grid.placed():
        rows[y][x] = cell.text
    return rows


def text_of(rows: list[list[str]], style: str) -> Iterator[str]:
    """The lines of a table in one of the text layouts."""
    joined = {
        "tabs": "\t".join,
        "pipes": lambda cells: " | ".join(cells).rstrip() + " |",
        "both_pipes": lambda cells: "| " + " | ".join(cells) + " |",
        "spaces": lambda cells: " ".join(filter(None, cells)),
        "glued": lambda cells: "    " + "".join(cells),
    }
    for cells in rows:
        if style in joined:
            yield joined[style](cells)
        elif style == "cell_a_line_pipes":
            yield from _closed_by_pipes(cells)
        else:
            for cell in filter(None, cells):
                yield cell
                if style == "cell_a_line_apart":
                    yield ""


def _closed_by_pipes(cells: list[str]) -> Iterator[str]:
    """A line for each cell that holds something; the pipes of empty ones stand together in a line."""
    for filled, members in groupby(cells, key=bool):
        if filled:
            yield from (f"{cell} |" for cell in members)
        else:
            yield "|" * len(list(members))


def html_of(grid: Grid, chance: random.Random, merged: bool) -> str:
    """The table as a web page has it."""
    if not merged:
        body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in unmerged(grid))
        return f"<table>{body}</table>"
    return (
        "<table>"
        + "".join(f"<tr>{''.join(_td(cell, chance) for cell in row.cells)}</tr>" for row in grid.rows)
        + "</table>"
    )


def _td(cell: GridCell, chance: random.Random) -> str:
    spans = f' rowspan="{cell.rowspan}" colspan="{cell.colspan}"' if chance.random() < 0.9 else ""
    inner = chance.choice(("{}", "<p>{}</p>", "<p><span>{}</span></p>", "\n  <p style='x'>{}</p>&nbsp;")).format(
        cell.text
    )
    return f"<td{spans}>{inner}</td>"


def report(chance: random.Random, style: str, edition: str | None = None, blanks: bool = True) -> Report:
    """An undamaged report in one layout."""
    form = EDITIONS[edition or chance.choice(tuple(EDITIONS))]
    values = values_for(form, chance, blanks)
    year = 2020 if form.code == "2019" else 2023
    lines = ["示例县虚构局", f"{year}年政府信息公开工作年度报告", ""]
    numbers = {name: chance.randint(0, 999) for name in "abc"}
    pads = chance.choice(("none", "behind", "in_place")) if "pipes" in style or style == "tabs" else "none"
    for section in form.sections:
        lines.append(section.heading)
        if section.table:
            grid = grids(form, values)[section.table]
            if style == "html":
                lines.append(html_of(grid, chance, merged=chance.random() < 0.7))
            else:
                lines += text_of(rows_of(grid, pads), style)
        else:
            lines.append(NARRATIVE[section.slug].format(**numbers))
    lines += ["示例县虚构局", f"{year + 1}年1月10日", ""]
    if style == "html":
        body = "".join(line if line.startswith("<table") else f"<p>{line}</p>\n" for line in lines if line)
        menu = "<div><ul><li><a href='#'>首页</a></li><li>政务公开 12</li><li>行政许可 5</li></ul></div>"
        foot = "<div><p>主办单位：示例县 备案 12345</p><p>【打印】【关闭】</p></div>"
        return Report(form, values, f"<html><body>{menu}<div>{body}</div>{foot}</body></html>", "html", [style, pads])
    return Report(form, values, "\n".join(lines), "txt", [style, pads])
