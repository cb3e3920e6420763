"""Who sets what: the names of what the report prints by itself, of places, and of the numbers that references print.

May import: form, model, paths, export, take.merge, take.printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from nianbao.export.blocks import Closing, Paragraph, Title
from nianbao.export.document import Document
from nianbao.form import CellRef
from nianbao.model import OfficeYear
from nianbao.paths import Project
from nianbao.pipeline.take.merge import Kept
from nianbao.pipeline.take.printed import Printed, Reference
from nianbao.pipeline.take.word_blocks import WordTable

_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")


class House:
    """Answers for one report what its printed blocks are, where they come from, and where a number is kept."""

    def __init__(
        self,
        project: Project,
        report: OfficeYear,
        previous: Callable[[], OfficeYear | None],
        document: Document,
        printed: Sequence[Printed],
    ) -> None:
        self.report = report
        self.previous = previous
        self.printed = printed
        office = project.relative(project.office_file(report.key.office))
        year = project.relative(project.year_file(report.key))
        by_form = "由年报格式规定，不能在文档中修改"
        self._own: list[tuple[str, str, str]] = []
        for block in document.blocks:
            if isinstance(block, Title):
                self._own += [(line, "报告标题", f"由机关名称和年度写出，请改 {office}") for line in block.lines]
            elif isinstance(block, Closing):
                self._own += [
                    (line, "落款", f"由机关名称和发布日期写出，请改 {office} 或 {year}") for line in block.lines
                ]
            elif isinstance(block, Paragraph) and block.role == "preamble":
                self._own.append((block.text, "导语", by_form))
            elif isinstance(block, Paragraph) and block.role == "notice":
                self._own.append((block.text, "声明", f"由 {office} 的 fictional 决定"))
        self._headings = {section.heading: ("章节标题", by_form) for section in report.edition.sections}

    def what(self, printed: Printed) -> tuple[str, str]:
        """The name of what is printed, and why it cannot be changed in the document."""
        if isinstance(printed.block, WordTable):
            caption = printed.grid.caption if printed.grid else ""
            return f"表“{caption}”", "表格由数据文件排出"
        if printed.block.heading == 1 and printed.text in self._headings:
            return self._headings[printed.text]
        for text, name, why in self._own:
            if printed.text and printed.text in text:
                return name, why
        return "报告自行排出的文字", "由该节的笔记本排出，请改 notebooks/"

    def place(self, index: int) -> str:
        """Where a printed block stands: its section, and file and line where it is a narrative's."""
        if not 0 <= index < len(self.printed):
            return "文首" if index < 0 else "文末"
        printed = self.printed[index]
        section = printed.section.heading if printed.section else "文首"
        return f"{section}（{printed.spot.path}:{printed.spot.line}）" if printed.spot else section

    def kept(self, kept: Kept) -> str:
        """Why a bound number stays: by the name of its cell or figure, with the line where it is kept."""
        said = "；".join(self._reference(reference) for reference in kept.references)
        return f"“{kept.before}”由引用写出：{said}"

    def _reference(self, reference: Reference) -> str:
        names = dict.fromkeys(_NAME.findall(reference.numbers))
        if not names:
            return f"{reference.tag}，由参数写出"
        return "、".join(f"{name}{self._kept_in(name)}" for name in names)

    def _kept_in(self, name: str) -> str:
        report: OfficeYear | None = self.report
        if name.startswith("last."):
            report, name = self.previous(), name.removeprefix("last.")
        if report is None:
            return ""
        kind, _, rest = name.partition(".")
        if kind == "figures" and rest in report.figures:
            figure = report.figures[rest]
            return f"（{figure.label}），请改 {figure.source}"
        if kind == "ledger":
            return "，由依申请公开台账算出，请改台账"
        row, _, column = rest.partition(".")
        cell = report.cells.get(CellRef(kind, row, column))
        return f"，请改 {cell.source}" if cell else ""
