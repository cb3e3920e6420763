"""Small worlds for the tests: a stitched notebook made from the form alone, without any input file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from nianbao.export import export
from nianbao.export.document import read_document
from nianbao.form import EDITIONS, CellRef, layout
from nianbao.form.cells import Value, number
from nianbao.section import display
from nianbao.section.display import Display

OVERVIEW = """{year}年，示例市虚构的政府办公室围绕中心工作推进政务公开，各项工作取得新进展。本段用于检查版面：标点（如“引号”、《书名号》、顿号）与数字17849条、英文APP混排。

## （一）主动公开

通过门户网站公开各类政府信息17849条，其中重点领域信息3948条；政策解读**27件**，见[门户网站](https://example.invalid/policy)。

## （二）依申请公开

全年共收到政府信息公开申请14件，办结14件，办结率100%。

- 一是登记及时；
- 二是答复规范。

## （三）政府信息管理

主动公开现行有效规章4件、行政规范性文件43件。

## （四）政府信息公开平台建设

适时更新政府信息公开指南。

## （五）监督保障

组织专项检查，形成问题清单，限期整改。"""


def stitched_notebook(
    edition: str = "2021",
    year: int = 2023,
    profile: str = "official",
    draft: bool = False,
    office: str = "示例市人民政府办公室",
    value_of: Callable[[CellRef], Value] | None = None,
    svg: str | None = None,
    extra: tuple[Display, ...] = (),
    overview: str = OVERVIEW,
) -> nbformat.NotebookNode:
    """A stitched report with every kind of block; values default to a running count so that each cell differs."""
    form = EDITIONS[edition]
    counts = {ref: number(index) for index, ref in enumerate(form.cells, start=1)}
    values = value_of or counts.__getitem__
    shown: list[Display] = [
        display.title(office, f"{year}年政府信息公开工作年度报告"),
        display.text(f"本报告依据有关规定编制，数据的统计期限为{year}年1月1日至{year}年12月31日。", "preamble"),
    ]
    for section in form.sections:
        shown.append(display.heading(section.heading, 1, section.slug))
        if section.table:
            shown.append(display.table(layout(form.table(section.table), values, edition)))
        elif section.slug == "overview":
            shown.append(display.text(overview.format(year=year)))
        else:
            shown.append(display.text(f"{section.title}：本节为检查版面而写的文字，数量为8个文种、18个主题。"))
        if section.slug == "applications" and svg:
            shown.append(display.picture(svg, "各年度申请办理结果柱状图", "图1　申请办理结果"))
    shown += [*extra, display.closing(office, f"{year + 1}年1月10日")]
    return notebook_of(shown, edition, year, profile, draft, office)


def notebook_of(
    shown: Iterable[Display],
    edition: str = "2021",
    year: int = 2023,
    profile: str = "official",
    draft: bool = False,
    office: str = "示例市人民政府办公室",
) -> nbformat.NotebookNode:
    """What a report shows, as the stitched notebook of it."""
    cells = [new_code_cell("", outputs=[_output(item)], id=f"cell-{index}") for index, item in enumerate(shown)]
    notebook: nbformat.NotebookNode = new_notebook(cells=cells)
    notebook.metadata["nianbao"] = {
        "title": f"{year}年政府信息公开工作年度报告",
        "office": {"id": "shili", "name": office, "fictional": True},
        "year": year,
        "edition": edition,
        "published": f"{year + 1}-01-10",
        "profile": profile,
        "draft": draft,
        "version": "0",
    }
    return notebook


def _output(item: Display) -> Any:
    return new_output("display_data", data=item.bundle)


def made(notebook: nbformat.NotebookNode, form: str, font_dir: Path | None = None) -> bytes:
    """One format of a stitched notebook."""
    return export(read_document(notebook), form, font_dir=font_dir)[0].content
