"""Read the counts that narratives state and no table holds: ``figures.csv``, or the workbook's sheet of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from nianbao.errors import InputError
from nianbao.errors.language import shortened
from nianbao.form.cells import CellKind, parse
from nianbao.inputs.csv_table import FIGURE_COLUMNS, CsvTable, heading_words, read_table
from nianbao.inputs.files import Files
from nianbao.inputs.workbook import open_book
from nianbao.inputs.yaml_file import unreadable
from nianbao.model import Figure, InputIssue, IssueKind, ReportKey, Source

_MAX_ISSUES = 20
# Units of figures that count things, so that their values are whole.
COUNTING_UNITS = frozenset("件条次个期篇份项人场家部宗起名批册户类页") | {"人次", "件次", "场次", "篇次", "条次"}


@dataclass
class FigureFile:
    """What figures.csv held."""

    figures: dict[str, Figure] = field(default_factory=dict)
    issues: list[InputIssue] = field(default_factory=list)


def load_figures(files: Files, key: ReportKey) -> FigureFile:
    """The counts that the narrative states; a missing file means that there are none, what is wrong is an issue."""
    path = files.find(files.project.table_file(key, "figures"))
    where = files.project.relative(path)
    found = FigureFile()
    try:
        book = open_book(files, key)
        if book is not None:
            path, where = files.project.workbook_file(key), book.where
        text = files.text(path) if book is None else book.figures_text()
        if text is None:
            return found
        sheet = read_table(text, heading_words(None), where)
        _require_value(sheet, where)
    except InputError as error:
        found.issues.append(replace(unreadable(error, where), table="figures"))
        return found
    for line in sheet.lines:
        texts = {name: line.texts.get(name, "") for name in FIGURE_COLUMNS}
        name, source = texts["key"], Source(where, line.number, "value")
        if words := _wrong_key(name, found.figures):
            place = Source(where, line.number, "key")
            found.issues.append(InputIssue(IssueKind.UNREADABLE, place, "figures", shortened(name), words=words))
            continue
        # Money and shares stay as given; what counts things is whole where it was written with decimals (14.0).
        value = parse(texts["value"], CellKind.COUNT if texts["unit"] in COUNTING_UNITS else CellKind.MONEY)
        found.figures[name] = Figure(name, texts["label"], value, texts["unit"], texts["note"], source)
    del found.issues[_MAX_ISSUES:]
    return found


def _require_value(sheet: CsvTable, where: str) -> None:
    if "value" not in sheet.header:
        raise InputError(
            "has no column value",
            where=f"{where}:{sheet.header_line}",
            hint=f"the first line must read: {','.join(FIGURE_COLUMNS)}",
            zh=f"缺少列 value（数值），第一行应为：{','.join(FIGURE_COLUMNS)}",
        )


def _wrong_key(name: str, known: Mapping[str, Figure]) -> tuple[str, str] | None:
    if name in known:
        line = known[name].source.line
        return f"代码“{name}”与第{line}行重复，请保留一处", f"key {name!r} is given twice, first in line {line}"
    if name.isidentifier():
        return None
    proposed = "_".join("".join(char if char.isalnum() else " " for char in name).split())
    advice = f"，可写作 {proposed}" if proposed.isidentifier() else ""
    if not name:
        return "本行没有代码", "the line has no key"
    return (
        f"“{shortened(name)}”不能作代码：用小写字母、数字和下划线{advice}",
        f"{shortened(name)!r} cannot be a key: use lower-case words joined by _, such as policy_files",
    )
