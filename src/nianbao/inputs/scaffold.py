"""Write new inputs: a commented set for one office-year; zeros for what is blank; the list of what is blank."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import InputError, UsageError
from nianbao.errors.language import Message, either
from nianbao.form import OVERVIEW_PARTS, TABLE_NAMES, Axis, CellRef, Edition, Section, Table, edition_for
from nianbao.form.cells import State
from nianbao.form.declaration import CHINESE_DIGITS
from nianbao.inputs.csv_table import FIGURE_COLUMNS, heading_words, table_file, table_text
from nianbao.inputs.figures import load_figures
from nianbao.inputs.files import Files
from nianbao.inputs.load import load
from nianbao.inputs.narrative import BLANK_MARK
from nianbao.inputs.settings import OFFICE_SETTINGS, year_settings
from nianbao.inputs.tables import load_table, totals
from nianbao.inputs.yaml_file import Setting, read_file
from nianbao.model import IssueKind, OfficeYear, ReportKey, Text
from nianbao.paths import Project, check_office_id

_OFFICE_FILE = """# 填报单位。请在冒号后填写（冒号为半角，其后空一格），“#”后的文字只是说明。
name: {name} # 机关全称，如：某某市人民政府办公室
short_name:  # 正文中的简称，如：市政府办公室（可不填）
kind:  # 部门 | 政府 | 政府办公室 | 乡镇街道
level:  # 省级 | 市级 | 县级 | 乡级
parent:  # 上级单位在本项目中的标识（可不填）
covers_area: false  # 政府代表全区域的报告填 true（3月31日前公布），其余填 false
fictional: false  # 虚构的示例单位填 true，真实单位填 false
# sealed: false  # 落款的位置：true（默认）按加盖印章，false 按不加盖印章（GB/T 9704—2012 第7.3.5条）
# template: template.docx  # 本单位的 Word 模板，放在本文件夹；名为 template.docx 的不填也采用
# 上级另有规定时填写（去掉行首的“#”）；只用于某一年的，写入该年的文件：
# deadline: 01-20  # 上级规定的公布期限（月-日），早于法定期限时填
# overview_limit: 1000  # “总体情况”的字数上限
# counts: [规范性文件, 政策解读]  # “总体情况”中必须写明数量的事项
"""
_YEAR_FILE = """# {year}年的报告。
published:  # 落款日期，如：{next}-01-20
profile: official  # official（正式，无图） | illustrated（图文）
# edition: "{edition}"  # 表格版本随年度而定，一般不填
# fonts: open  # open | official（公文字体） | 字体名称的列表
"""
# The counts that most reports state and no table holds; the first six are those that the charts know.
USUAL_FIGURES = (
    ("website", "门户网站公开政府信息", "条"),
    ("new_media", "政务新媒体公开政府信息", "条"),
    ("wechat", "微信公开政府信息", "条"),
    ("weibo", "微博公开政府信息", "条"),
    ("client", "客户端公开政府信息", "条"),
    ("policy_documents", "公开政策文件", "件"),
    ("interpretations", "政策解读", "件"),
    ("trainings", "业务培训", "期"),
    ("processing_fee", "信息处理费", "元"),
)


@dataclass(frozen=True, slots=True)
class Blank:
    """Something that a person has to fill in: the file, the line if there is one, and what."""

    path: str
    what: str
    line: int | None = None
    cells: int = 0

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.path}{f':{self.line}' if self.line else ''}"


def scaffold(project: Project, key: ReportKey, source: ReportKey | None = None, name: str = "") -> list[str]:
    """Write every input file of the office-year that is not there yet; the files written, relative to the project.

    ``source`` is an earlier year of the office: its figures' keys are taken over with blank values, its words as
    comments, and where it is the year before, the cases it carried out become those carried in. ``name`` is the
    office's full name. Nothing that exists is changed. Raises UsageError for an identifier or a year that cannot be.
    """
    check_office_id(key.office)
    edition = edition_for(key.year)
    earlier = load(project, source) if source else None
    wanted = {
        project.office_file(key.office): _OFFICE_FILE.format(name=name),
        project.year_file(key): _YEAR_FILE.format(year=key.year, next=key.year + 1, edition=edition.code),
        project.table_file(key, "figures"): _figures_file(earlier),
    }
    for table in edition.tables:
        known = _carried(edition, table, earlier) if earlier and earlier.key == key.previous else {}
        wanted[project.table_file(key, table.code)] = table_text(table, known, headed=True)
    for section in edition.sections:
        if section.table is None:
            last = earlier.texts.get(section.slug) if earlier else None
            wanted[project.text_file(key, section)] = _narrative(section, last)
    if project.workbook_file(key).is_file():  # tables, counts and words stand in it
        wanted = {path: content for path, content in wanted.items() if path.is_relative_to(project.params)}
    written = [path for path, content in wanted.items() if _written(path, content)]
    return sorted(map(project.relative, written))


def _written(path: Path, content: str) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="") as stream:
            stream.write(content)
    except FileExistsError:
        return False
    return True


def _carried(edition: Edition, table: Table, earlier: OfficeYear) -> dict[CellRef, str]:
    """The cells that last year's report settles: each rule of the form with one cell on both of its sides."""
    settled: dict[CellRef, str] = {}
    for rule in edition.balances:
        whole = rule.table == table.code and rule.axis is Axis.ROWS and rule.across_years
        if whole and len(rule.left) == len(rule.right) == 1:
            for line in edition.lines(rule):
                before = earlier.value(rule.ref(rule.right[0], line))
                settled[rule.ref(rule.left[0], line)] = before.printed
    return settled


def _figures_file(earlier: OfficeYear | None) -> str:
    usual = [[key, label, "", unit, ""] for key, label, unit in USUAL_FIGURES]
    kept = [[figure.key, figure.label, "", figure.unit, ""] for figure in earlier.figures.values()] if earlier else []
    chinese = [words[0] for words in heading_words(None).values()]
    return table_file([FIGURE_COLUMNS, chinese, *(kept or usual)])


_HELP = """{# 本文件为纯文字，一行就是一段；“## （一）…”是小标题。数字请写成引用，不要手工填写，例如：
   {{ year }} 本年度　{{ applications.new.total }} 新收申请总数　{{ figures.website }} 其他数据中的一项
   可用的名称见 docs/clerks.zh-CN.md。写完后删去所有“待填”标记；本说明不会印出。 #}
"""


def _narrative(section: Section, last: Text | None) -> str:
    """Customary sub-headings with marks where a person writes; comments never reach the report."""
    if section.slug == "overview":
        names = [f"（{CHINESE_DIGITS[number]}）{part}" for number, part in enumerate(OVERVIEW_PARTS, 1)]
        parts = [("", "全年工作概述"), *zip(names, OVERVIEW_PARTS, strict=True)]
    elif section.slug == "problems":
        parts = [("（一）存在的主要问题", "存在的主要问题"), ("（二）改进情况", "改进情况")]
    else:
        parts = [("", "信息处理费收取情况及其他需要报告的事项")]
    before = _parts_of(last.template if last else "", [title for title, _ in parts])
    body = []
    for index, (title, what) in enumerate(parts):
        words = before.get(index, "").replace("#}", "# }").strip()
        kept = f"\n{{# 上年文字，供参考，不会印出：\n{words}\n#}}" if words else ""
        body.append((f"## {title}\n\n" if title else "") + f"{BLANK_MARK}：{what}】{kept}")
    return _HELP + "\n\n".join(body) + "\n"


def _parts_of(template: str, titles: list[str]) -> dict[int, str]:
    """Last year's words by the part in which they stood; words under another heading stay with them."""
    names = [re.sub(r"^（.*?）", "", title) for title in titles]
    found: dict[int, list[str]] = {}
    current = 0
    for line in template.split("\n"):
        title = line.lstrip("#").strip() if line.startswith("#") else ""
        place = next((index for index, name in enumerate(names) if name and name in title), None)
        if place is not None:
            current = place
        else:
            found.setdefault(current, []).append(line)
    return {index: "\n".join(lines) for index, lines in found.items()}


def fill_zeros(project: Project, key: ReportKey) -> list[str]:
    """Write 0 into every blank cell of the statutory tables, and the sums into their blank totals; the files changed.

    Raises InputError where a table cannot be read without doubt: it is left as it is.
    """
    if project.workbook_file(key).is_file():
        where = project.relative(project.workbook_file(key))
        raise InputError("holds the tables", where=where, zh="表格在此工作簿中，请直接在其中填0")
    files = Files(project)
    edition = edition_for(key.year)
    changed = []
    for table in edition.tables:
        path = files.find(project.table_file(key, table.code))
        found = load_table(files, key, table)
        wrong = [issue for issue in found.issues if issue.kind is not IssueKind.TAKEN]
        if wrong:
            zh, en = wrong[0].words or (f"有不认识的内容“{wrong[0].found}”", f"cannot be read: {wrong[0].found!r}")
            raise InputError(en, where=str(wrong[0].source), zh=f"{zh}；请先改正，再填0")
        sums = {rule.ref(rule.right[0], line) for rule in totals(edition, table) for line in edition.lines(rule)}
        values = {ref: cell.value for ref, cell in found.cells.items()}
        blank = {ref for ref, value in values.items() if value.state is State.BLANK}
        if blank:
            known = {ref: value.printed for ref, value in values.items() if ref not in blank}
            known |= dict.fromkeys(blank - sums, "0")
            path.write_text(table_text(table, known, headed=True), encoding="utf-8", newline="")
            # Now that their parts are there, the sums follow: they are written where nobody typed any.
            worked_out = {ref: cell.value.printed for ref, cell in load_table(files, key, table).cells.items()}
            path.write_text(table_text(table, worked_out, headed=True), encoding="utf-8", newline="")
            changed.append(project.relative(path))
    return changed


def blanks(project: Project, key: ReportKey) -> list[Blank]:
    """What is still blank in the inputs of one office-year; nothing where they are complete."""
    files = Files(project)
    found = _blank_settings(files, project.office_file(key.office), OFFICE_SETTINGS)
    found += _blank_settings(files, project.year_file(key), year_settings(key.year))
    edition = edition_for(key.year)
    for table in edition.tables:
        cells = load_table(files, key, table).cells
        empty = [ref for ref in table.cells if ref not in cells or cells[ref].value.state is State.BLANK]
        if empty:
            what = Message(
                "{table} “{caption}”: {count} blank cells of {all}",
                table=TABLE_NAMES[table.code],
                caption=table.caption,
                count=len(empty),
                all=len(table.cells),
            )
            found.append(Blank(project.relative(project.table_file(key, table.code)), what, cells=len(empty)))
    figures = [figure for figure in load_figures(files, key).figures.values() if figure.value.state is State.BLANK]
    if figures:
        shown = "、".join(figure.label for figure in figures[:3]) + ("…" if len(figures) > 3 else "")
        what = Message(
            "{count} blank figures ({shown}); lines that are not used may go", count=len(figures), shown=shown
        )
        found.append(Blank(figures[0].source.path, what, figures[0].source.line))
    for section in edition.sections:
        path = files.find(project.text_file(key, section))
        for number, line in enumerate((files.text(path) or "").split("\n"), start=1):
            if BLANK_MARK in line:
                found.append(Blank(project.relative(path), line.strip(), number))
    return found


def _blank_settings(files: Files, path: Path, settings: dict[str, Setting]) -> list[Blank]:
    """Every setting of the file that is blank or wrong."""
    _, issues = read_file(files, path, settings)
    return [
        Blank(issue.source.path, either(*issue.words), issue.source.line)
        for issue in issues
        if issue.words and issue.kind is IssueKind.UNREADABLE
    ]


def proposed_id(known: Iterable[str]) -> str:
    """An identifier that no office has yet: danwei1, danwei2, …"""
    taken = set(known)
    return next(f"danwei{number}" for number in range(1, len(taken) + 2) if f"danwei{number}" not in taken)


def office_named(project: Project, name: str) -> str | None:
    """The identifier of the office whose full or short name this is, where there is just one."""
    files = Files(project)
    found = []
    for office in project.offices():
        settings, _ = read_file(files, project.office_file(office), OFFICE_SETTINGS)
        if name in {settings["name"], settings["short_name"]}:
            found.append(office)
    if len(found) > 1:
        raise UsageError(
            Message("{count} offices are called “{name}”: {found}", count=len(found), name=name, found=found),
            hint="use the identifier",
        )
    return found[0] if found else None
