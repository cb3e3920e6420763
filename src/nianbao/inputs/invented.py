"""Made-up office-years: balanced tables, figures and texts, as many as wanted, for benchmarks and tests.

The same call always gives the same files.
"""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nianbao.form import OVERVIEW_PARTS, Balance, CellRef, Edition, RowRole, edition_for
from nianbao.form.cells import CellKind
from nianbao.form.declaration import CHINESE_DIGITS
from nianbao.inputs.csv_table import FIGURE_COLUMNS, table_file, table_text
from nianbao.model import ReportKey
from nianbao.paths import Project

YEARS = (2021, 2022, 2023)

# What no rule settles is chosen first where the rest follows from it: results and what is carried out, then plain
# counts; what comes in and all sums follow.
_CHOSEN_FIRST = (RowRole.RESULT, RowRole.CARRIED, RowRole.PLAIN, RowRole.INTAKE, RowRole.SUM)

_FIGURES = (
    ("website", "门户网站公开政府信息", "条", 12000),
    ("new_media", "政务新媒体公开政府信息", "条", 3500),
    ("policy_documents", "公开政策文件", "件", 50),
    ("interpretations", "政策解读", "件", 80),
    ("library", "政策文件库收录文件", "件", 400),
    ("trainings", "业务培训", "期", 4),
)
_INTRODUCTION = (
    "{{ year }}年，本机关围绕中心工作推进政务公开，健全工作机制，压实工作责任，各项工作取得新进展。"
    "全年新收政府信息公开申请{{ applications.new.total }}件，办理{{ applications.processed.total }}件。"
)
_PARTS = (
    (
        "通过门户网站公开各类政府信息{{ figures.website }}条，通过政务新媒体公开{{ figures.new_media }}条。"
        "集中公开政策文件{{ figures.policy_documents }}件，"
        "发布政策解读{{ figures.interpretations }}件，涵盖**重点领域**。"
    ),
    (
        "登记、审核、办理、答复、归档各环节进一步规范：\n\n- 一是及时登记，逐件编号；\n"
        "- 二是加强会商，统一答复口径；\n- 三是规范答复，写明救济途径。"
    ),
    "政策文件库收录文件{{ figures.library }}件，公文在起草时认定公开属性，对现行有效的文件实行动态管理。",
    "优化栏目设置，完善检索功能，适时更新政府信息公开指南，便于公众查找和使用政府信息。",
    "举办业务培训{{ figures.trainings }}期，把政务公开纳入考核，对检查发现的问题逐项督促整改。",
)
_PROBLEMS = """## （一）存在的主要问题

一是部分政策解读的形式还比较单一；二是个别栏目更新不够及时；三是业务人员的能力有待提高。

## （二）改进情况

一是丰富解读形式，多用图解和视频；二是建立栏目巡查机制，逐月通报；三是加强培训和业务指导。
"""
_OTHER = "本机关{{ year }}年未收取信息处理费，没有其他需要报告的事项。\n"


def invented_keys(count: int, years: Sequence[int] = YEARS) -> list[ReportKey]:
    """``count`` office-years, an office with all its ``years`` after the other."""
    return [ReportKey(f"bench{index // len(years):05d}", years[index % len(years)]) for index in range(count)]


def invented_project(source: Project, folder: Path, keys: Iterable[ReportKey], profile: str = "illustrated") -> Project:
    """A project in ``folder`` with the notebooks and the shared suites of ``source`` and these made-up office-years.

    What is in the folder already stays, or is overwritten.
    """
    project = Project(folder)
    shared = [*source.notebooks.glob("*.ipynb"), *source.expectations.glob("*.json")]
    for path in shared:
        target = folder / source.relative(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    invent(project, keys, profile)
    return project


def invent(project: Project, keys: Iterable[ReportKey], profile: str = "illustrated") -> None:
    """Write the inputs of these office-years; they balance, within a year and with the year before.

    Each office's years must come in their order and without gaps. What exists is overwritten.
    """
    before: dict[ReportKey, dict[CellRef, int]] = {}
    for key in keys:
        edition = edition_for(key.year)
        values = invented_values(edition, key, before.get(key.previous))
        before = {key: values}
        _write(project.office_file(key.office), _office(key.office))
        _write(project.year_file(key), f"published: {key.year + 1}-01-20\nprofile: {profile}\n")
        shown = {ref: str(value) for ref, value in values.items()}
        for table in edition.tables:
            _write(project.table_file(key, table.code), table_text(table, shown))
        figures = [
            (code, label, str(base + _drawn(f"{key} {code}") % (base // 4)), unit, "")
            for code, label, unit, base in _FIGURES
        ]
        _write(project.table_file(key, "figures"), table_file([FIGURE_COLUMNS, *figures]))
        texts = {"overview": _overview(), "problems": _PROBLEMS, "other": _OTHER}
        for slug, text in texts.items():
            _write(project.text_file(key, edition.section(slug)), text)


def invented_values(edition: Edition, key: ReportKey, before: dict[CellRef, int] | None) -> dict[CellRef, int]:
    """A value for every cell of the edition, such that all its balances hold, those with last year's values too."""
    values: dict[CellRef, int] = {}
    rules = [rule for rule in edition.balances if before is not None or not rule.across_years]
    order = sorted(edition.cells, key=lambda ref: _CHOSEN_FIRST.index(edition.table(ref.table).rows[ref.row].role))
    lines = list(_lines(edition, rules, before or {}))
    _settle(lines, values)
    for ref in order:
        if ref not in values:
            values[ref] = _chosen(edition, ref, _drawn(f"{key} {ref}"))
            _settle(lines, values)
    return values


def _chosen(edition: Edition, ref: CellRef, seed: int) -> int:
    """A small count. The first results and the stock are larger, so that nothing that follows becomes negative."""
    table = edition.table(ref.table)
    row = table.rows[ref.row]
    if row.role is RowRole.RESULT:
        first = next(code for code, other in table.rows.items() if other.role is RowRole.RESULT)
        return 3 + seed % 9 if ref.row == first else max(0, seed % 9 - 5)
    if row.role in {RowRole.CARRIED, RowRole.INTAKE}:
        return seed % 3
    if edition.cells[ref] is CellKind.CHANGE:
        return 0
    columns = [column.code for column in table.columns_of(ref.row)]
    if ref.row == "regulations":
        return 0  # only some offices can make them
    return 2 + seed % 5 if ref.column == columns[0] else (20 + seed % 30 if ref.column == columns[-1] else seed % 2)


@dataclass(frozen=True)
class _Line:
    """A balance's line as what must add up to nothing: a factor for each cell of the year, and last year's part."""

    factors: tuple[tuple[CellRef, int], ...]
    last_year: int


def _lines(edition: Edition, rules: Sequence[Balance], before: dict[CellRef, int]) -> Iterator[_Line]:
    for rule in rules:
        terms = [*((term, term.sign) for term in rule.left), *((term, -term.sign) for term in rule.right)]
        for line in edition.lines(rule):
            factors = tuple((rule.ref(term, line), sign) for term, sign in terms if not term.previous)
            last_year = sum(sign * before.get(rule.ref(term, line), 0) for term, sign in terms if term.previous)
            yield _Line(factors, last_year)


def _settle(lines: Sequence[_Line], values: dict[CellRef, int]) -> None:
    """Fill in every cell that a balance leaves no choice for, until none is left."""
    settled = True
    while settled:
        settled = False
        for line in lines:
            unknown = [(ref, factor) for ref, factor in line.factors if ref not in values]
            if len(unknown) == 1:
                ((ref, factor),) = unknown
                rest = line.last_year + sum(by * values[known] for known, by in line.factors if known != ref)
                values[ref] = -rest // factor
                settled = True


def _drawn(what: str) -> int:
    """A number drawn by lot, always the same one for the same words."""
    return zlib.crc32(what.encode())


def _office(office: str) -> str:
    number = "".join(CHINESE_DIGITS[int(digit)] for digit in office if digit.isdigit()) or "甲"
    return (
        f"name: 示例第{number}局\nshort_name: 示例局\nkind: department\nlevel: city\nparent: null\n"
        "covers_area: false\nfictional: true\n"
    )


def _overview() -> str:
    parts = [
        f"## （{CHINESE_DIGITS[number]}）{part}\n\n{text}"
        for number, (part, text) in enumerate(zip(OVERVIEW_PARTS, _PARTS, strict=True), start=1)
    ]
    return "\n\n".join([_INTRODUCTION, *parts]) + "\n"


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8", newline="")
