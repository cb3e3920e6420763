"""What a section displays, and the words that follow from parameters alone: preamble, dates, the notice.

Values whose MIME bundles carry Markdown or HTML for the notebook and the structured form for every exporter.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any

from nianbao.form import TABLE_MIME, Edition, Grid, GridCell
from nianbao.form.declaration import CHINESE_DIGITS
from nianbao.model import BLOCK_MIME

# In JupyterLab tables have no lines, and their words stand at the right.
_CELL = "border: 1px solid; text-align: center; white-space: normal"


@dataclass(frozen=True)
class Display:
    """Something to display, as a MIME bundle; the last expression of a cell displays it."""

    bundle: dict[str, Any] = field(repr=False)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        # IPython says which types it would like; it takes more without complaint.
        return self.bundle


def title(*lines: str) -> Display:
    """The report's title, in its customary lines."""
    return _block({"kind": "title", "lines": list(lines)}, "# " + "<br>".join(map(_harmless, lines)))


def heading(text: str, level: int = 1, anchor: str | None = None, *, new_page: bool = False) -> Display:
    """A heading: level 1 for a section, 2 for （一）; ``new_page`` begins a page with it, where there are pages."""
    block = {"kind": "heading", "level": level, "text": text, "anchor": anchor}
    return _block(block | ({"new_page": True} if new_page else {}), f"{'#' * (level + 1)} {_harmless(text)}")


def text(markdown: str, role: str = "body") -> Display:
    """A text in Markdown; ``role`` is body, preamble, note or notice."""
    return _block({"kind": "text", "role": role, "markdown": markdown}, _harmless(markdown))


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment with its references filled in: mark, title, text in Markdown, and the name of its file."""

    mark: str
    title: str
    markdown: str
    source: str


def closing(*lines: str, sealed: bool = True, attachments: Sequence[Attached] = ()) -> Display:
    """The office and the date under the report; ``sealed``: placed as for a seal.

    ``attachments`` are listed above them and follow on pages of their own.
    """
    block = {"kind": "closing", "lines": list(lines), **({} if sealed else {"sealed": False})}
    shown = "<br>".join(map(_harmless, lines))
    if attachments:
        block["attachments"] = [asdict(each) for each in attachments]
        listed = "<br>".join(_harmless(f"{each.mark}：{each.title}") for each in attachments)
        pages = (_harmless(f"## {each.mark} {each.title}\n\n{each.markdown}") for each in attachments)
        shown = "\n\n".join((listed, shown, *pages))
    return _block(block, shown)


def table(grid: Grid) -> Display:
    """A table: HTML for the notebook, the structured form for the exporters."""
    return Display({TABLE_MIME: grid.to_json(), "text/html": _html(grid), "text/plain": grid.caption})


def picture(svg: str, alt: str, caption: str = "", *, alt_missing: bool = False) -> Display:
    """A picture as SVG with its alternative text; ``alt_missing`` where that stands in for one nobody wrote."""
    block: dict[str, Any] = {"kind": "figure", "alt": alt, "caption": caption}
    if alt_missing:
        block["alt_missing"] = True
    return Display({BLOCK_MIME: block, "image/svg+xml": svg, "text/plain": alt})


def _block(block: dict[str, Any], markdown: str) -> Display:
    return Display({BLOCK_MIME: block, "text/markdown": markdown, "text/plain": markdown})


def _harmless(markdown: str) -> str:
    """The words as a notebook shows them: a notebook's Markdown may hold HTML, pictures that it fetches and formulas.

    The exporters don't read this: they set the block's own words.
    """
    return markdown.replace("<", "&lt;").replace("![", "!\\[").replace("$", "&#36;")


def _html(grid: Grid) -> str:
    rows = "".join(f"<tr>{''.join(map(_html_cell, row.cells))}</tr>" for row in grid.rows)
    return f'<table style="border-collapse: collapse"><caption>{escape(grid.caption)}</caption>{rows}</table>'


def _html_cell(cell: GridCell) -> str:
    tag = "td" if cell.role in {"value", "note"} else "th"
    spans = "".join(
        f' {name}="{count}"' for name, count in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if count > 1
    )
    return f'<{tag}{spans} style="{_CELL}">{escape(cell.text)}</{tag}>'


FICTIONAL_NOTICE = "演示样例：本报告中的机构、事项和数据均为虚构，不代表任何真实机关。"


def preamble(edition: Edition, year: int) -> str:
    """The opening paragraph: legal basis (regulation and notice), the six parts, the period of the figures."""
    parts = "、".join(section.title.replace("、", "和") for section in edition.sections)
    count = CHINESE_DIGITS[len(edition.sections)]
    return (
        f"按照《中华人民共和国政府信息公开条例》（国务院令第711号）和《{edition.notice_title}》（{edition.notice}）"
        f"的要求，编制本年度报告。报告由{parts}等{count}部分组成，"
        f"数据的统计期限为{year}年1月1日至{year}年12月31日。"
    )


def chinese_date(date: datetime.date | None) -> str:
    """A date as documents print it, 2024年1月10日; blanks to be filled by hand where there is none."""
    return "　　年　月　日" if date is None else f"{date.year}年{date.month}月{date.day}日"
