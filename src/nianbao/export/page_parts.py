"""What all our pages share: how their templates are read, and the formats that a report's page names beside it.

Portal and comparison take it without waiting for the exporters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import jinja2

from nianbao.errors.language import told_in
from nianbao.export import FILE_NAMES, page


@dataclass(frozen=True, slots=True)
class OtherFormat:
    """The report in another format, to which the page links where that is made."""

    form: str
    file: str
    text: str
    media_type: str
    name: str = ""  # under which it is saved


OTHER_FORMATS = (
    OtherFormat("pdf", FILE_NAMES["pdf"], "PDF 版（供打印、存档）", "application/pdf"),
    OtherFormat(
        "docx",
        FILE_NAMES["docx"],
        "DOCX 版（可编辑文档）",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    OtherFormat(
        "xlsx",
        FILE_NAMES["xlsx"],
        "XLSX 版（表格数据）",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
)


def page_templates(package: str) -> jinja2.Environment:
    """A package's templates for pages: everything is escaped but what our own code wrote or cleaned (Markup)."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(package),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["chinese"] = partial(told_in, "zh")  # pages are Chinese, whatever the terminal speaks
    environment.globals["sheet"] = page  # the page of print, for the style sheets
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False}
    return environment
