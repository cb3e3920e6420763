"""示例市: a fictional city with twelve units and two years, in which a whole campaign can be tried.

Made from the form and the names below, the same whenever it is made. The first year is complete. Of the second, eight
units have handed in, three workbooks lie in 来件/, one of them wrong, and one unit has sent nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from nianbao.campaign.sums import sums_of, write_sums
from nianbao.campaign.workbook import form_workbook
from nianbao.form import CellRef, edition_for
from nianbao.form.cells import number
from nianbao.inputs import load
from nianbao.inputs.invented import invent
from nianbao.inputs.own_project import start_project
from nianbao.inputs.units import Level
from nianbao.inputs.workbook import parts_of
from nianbao.model import Cell, ReportKey
from nianbao.paths import Project

AREA, NAME = "shilishi", "示例市"
YEARS = (2022, 2023)
INBOX = "来件"
# Identifier, name, kind, level, and what the words are about.
_UNITS = (
    ("slszfb", "示例市人民政府办公室", "government_office", "city", "政府会议和政策文件"),
    ("slsfgw", "示例市发展和改革委员会", "department", "city", "重大项目和价格"),
    ("slsjyj", "示例市教育局", "department", "city", "招生入学"),
    ("slsgaj", "示例市公安局", "department", "city", "户籍和出入境"),
    ("slsmzj", "示例市民政局", "department", "city", "社会救助"),
    ("slsczj", "示例市财政局", "department", "city", "预算决算"),
    ("slsrsj", "示例市人力资源和社会保障局", "department", "city", "就业和社会保险"),
    ("slszjj", "示例市住房和城乡建设局", "department", "city", "保障性住房"),
    ("slsjtj", "示例市交通运输局", "department", "city", "公路建设"),
    ("slswjw", "示例市卫生健康委员会", "department", "city", "医疗服务"),
    ("qingshan", "青山镇人民政府", "township", "township", "惠农补贴和村务"),
    ("slsswj", "国家税务总局示例市税务局", "department", "city", "税费优惠"),
)
_AREA_TOPIC = "全市重点领域"
# Two years of words, neither a copy of the other: section 1 by its five parts, section 5 by its two, section 6.
# □ stands for what the unit's words are about.
_WORDS = {
    2022: (
        "□信息及时公开，门户网站发布{{ figures.website }}条。",
        "申请逐件登记、限时答复，全年新收{{ applications.new.total }}件。",
        "公文起草时即确定公开属性。",
        "调整网站栏目，检索更方便。",
        "开展培训{{ figures.trainings }}期，纳入年度考核。",
        "□的解读形式不多，少数栏目更新慢。",
        "将增加图解，按月检查栏目。",
        "没有收取信息处理费，没有其他需要报告的事项。",
    ),
    2023: (
        "围绕群众关心的□，全年在网站公开信息{{ figures.website }}条，政策解读{{ figures.interpretations }}件。",
        "畅通信函、当面和网上渠道，共办理{{ applications.processed.total }}件，与申请人充分沟通。",
        "对历年文件开展清理，标注有效性。",
        "政务新媒体发布{{ figures.new_media }}条，与网站同步。",
        "邀请公众评议，按评议意见改进。",
        "公众参与□事项的途径偏少；基层人员变动频繁。",
        "拟建立意见征集台账，并编印操作手册。",
        "本年度未收取信息处理费，无其他需要报告的事项。",
    ),
}
_NOT_COUNTED = {"slsswj": "垂直管理单位，由上级机关汇总"}
_LATE = {"slsgaj": "2024-02-02"}
_IN_WORKBOOKS = ("slsjyj", "slsmzj", "qingshan")
_WRONG = "slsmzj", CellRef("applications", "carried_out", "natural_person")
_NOT_SENT = "slsjtj"


def make_example(folder: Path) -> Project:
    """Make the project in a new or empty folder; UsageError where it holds anything."""
    project = start_project(folder, AREA, YEARS[-1])
    offices = [office for office, *_ in (*_UNITS, (AREA,))]
    before = YEARS[0] - 1  # so that the first year takes over as many cases as it hands on
    invent(project, [ReportKey(office, year) for office in offices for year in (before, *YEARS)], "official")
    for office in offices:
        _forget(project, ReportKey(office, before))
    for office, name, kind, level, topic in _UNITS:
        _write_words(project, office, topic)
        _put(
            project.office_file(office),
            f"name: {name}\nkind: {kind}\nlevel: {level}\nparent: {AREA}\nfictional: true\n",
        )
    area = f"name: {NAME}人民政府\nkind: government\nlevel: city\ncovers_area: true\nfictional: true\n"
    _put(project.office_file(AREA), area)
    _write_words(project, AREA, _AREA_TOPIC)
    _put(project.params / AREA / "units.csv", "".join(f"{line}\n" for line in _list()))
    for office, day in _LATE.items():
        _put(project.year_file(ReportKey(office, YEARS[-1])), f"published: {day}\n")
    (project.root / INBOX).mkdir()
    for office in _IN_WORKBOOKS:
        _send(project, ReportKey(office, YEARS[-1]))
    _forget(project, ReportKey(_NOT_SENT, YEARS[-1]))
    for year in YEARS:
        _add_up(project, ReportKey(AREA, year))
    reason = "市教育局与市政府办公室为同一案件的共同被申请人"
    adjustments = f"table,row,column,amount,reason,level\n表四,行政复议,结果维持,-1,{reason},\n"
    _put(project.adjustments_file(ReportKey(AREA, YEARS[-1])), adjustments)
    return project


def _list() -> Iterator[str]:
    yield "office,name,counted,reason,deadline,contact_note"
    for office, name, *_ in _UNITS:
        counted = "否" if office in _NOT_COUNTED else "是"
        yield f"{office},{name},{counted},{_NOT_COUNTED.get(office, '')},,"


def _write_words(project: Project, office: str, topic: str) -> None:
    for year, sentences in _WORDS.items():
        key, said = ReportKey(office, year), [sentence.replace("□", topic) for sentence in sentences]
        for section in edition_for(year).sections:
            parts = [
                (part, said.pop(0))
                for part in parts_of(edition_for(year))
                if part.section == section.slug and part.required
            ]
            blocks = [f"## {part.heading}\n\n{text}" if part.heading else text for part, text in parts]
            if blocks:
                _put(project.text_file(key, section), "\n\n".join(blocks) + "\n")


def _send(project: Project, key: ReportKey) -> None:
    """What the office states goes into a filled workbook in 来件/ and out of the project."""
    given = load(project, key)
    office, ref = _WRONG
    if key.office == office:
        cell = given.cells[ref]
        given = replace(given, cells={**given.cells, ref: Cell(number((cell.value.number or 0) + 1), cell.source)})
    name = given.office.name
    path = project.root / INBOX / f"{name}{key.year}年政府信息公开工作年度报告填报表.xlsx"
    path.write_bytes(form_workbook(project, key, name, given))
    _forget(project, key)


def _forget(project: Project, key: ReportKey) -> None:
    project.year_file(key).unlink()
    shutil.rmtree(project.data_of(key))


def _add_up(project: Project, key: ReportKey) -> None:
    """The area's own inputs: the sums where they are complete; else its words alone."""
    settings = f"published: {key.year + 1}-03-20\nprofile: illustrated\n"
    _put(project.year_file(key), settings)
    for path in project.data_of(key).glob("*.csv"):
        if path.name != "figures.csv":
            path.unlink()
    sums = sums_of(project, key, Level.AREA)
    if sums.rollup.complete:
        write_sums(project, sums)


def _put(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8", newline="")
