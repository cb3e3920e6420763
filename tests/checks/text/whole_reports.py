"""Made-up reports of offices of many kinds, printed as text: their tables fit, their words are neutral.

A sentence is put into one of the customary parts of section 1 (z, y, g, p, j: from 主动公开 to 监督保障), into section 5
(w), section 6 (q) or the preamble (pre; ``pre!`` in its place).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nianbao.checks.subject import Subject
from nianbao.form import EDITIONS, RowRole
from nianbao.ingest import read, to_office_year
from nianbao.model import OfficeYear, ReportKey, Text

Row = Sequence[int]
_EDITION = EDITIONS["2021"]
_KINDS = 6
_NEUTRAL = {
    "z": "围绕群众关切做好公开，及时更新各类栏目。",
    "y": "畅通申请渠道，规范办理流程。",
    "g": "严格审核把关，落实先审后发要求。",
    "p": "做好网站专栏的日常维护。",
    "j": "加强组织领导，定期开展自查。",
    "w": "存在的问题：公开的深度还不够，业务能力有待提高。改进情况：组织业务学习，细化公开内容。",
    "q": "本年度没有收取信息处理费。",
    "pre": "",
}


@dataclass(frozen=True)
class Made:
    """One made-up report's figures: rows of table 3 by kind of applicant, from the left; the rest as printed."""

    name: str
    office: str
    year: int
    rows: tuple[tuple[str, Row], ...]
    documents: tuple[Row, ...]
    decisions: Row
    fee: str
    review: tuple[Row, ...]

    def printed(self) -> str:
        """The whole report as a text, with a mark where a sentence may be put into each part."""
        period = f"所列数据的统计期限自{self.year}年1月1日起至{self.year}年12月31日止。"
        part = {name: f"{words}〔{name}〕" for name, words in _NEUTRAL.items()}
        lines = [
            f"{self.office}{self.year}年政府信息公开工作年度报告",
            f"本报告根据《中华人民共和国政府信息公开条例》和国办公开办函〔2021〕30号编制，{period}",
            "一、总体情况",
            f"（一）主动公开。{part['z']}",
            f"（二）依申请公开。{part['y']}",
            f"（三）政府信息管理。{part['g']}",
            f"（四）政府信息公开平台建设。{part['p']}",
            f"（五）监督保障。{part['j']}",
            "二、主动公开政府信息情况",
            *self._table_two(),
            "三、收到和处理政府信息公开申请情况",
            *self._table_three(),
            "四、政府信息公开行政复议、行政诉讼情况",
            "行政复议\t行政诉讼",
            "结果维持\t结果纠正\t其他结果\t尚未审结\t总计\t未经复议直接起诉\t复议后起诉",
            "\t".join(["结果维持\t结果纠正\t其他结果\t尚未审结\t总计"] * 2),
            "\t".join(str(count) for group in self.review for count in (*group, sum(group))),
            "五、存在的主要问题及改进情况",
            part["w"],
            "六、其他需要报告的事项",
            part["q"],
        ]
        return "\n".join(lines) + "\n"

    def _table_two(self) -> list[str]:
        licences, penalties, coercive = self.decisions
        named = zip(("规章", "行政规范性文件"), self.documents, strict=True)
        return [
            "第二十条第（一）项",
            "信息内容\t本年制发件数\t本年废止件数\t现行有效件数",
            *("\t".join(map(str, (name, *counts))) for name, counts in named),
            "第二十条第（五）项\n信息内容\t本年处理决定数量",
            f"行政许可\t{licences}",
            "第二十条第（六）项\n信息内容\t本年处理决定数量",
            f"行政处罚\t{penalties}\n行政强制\t{coercive}",
            "第二十条第（八）项\n信息内容\t本年收费金额（单位：万元）",
            f"行政事业性收费\t{self.fee}",
        ]

    def _table_three(self) -> list[str]:
        table = _EDITION.table("applications")
        counts = {code: [*row, *[0] * (_KINDS - len(row))] for code, row in self.rows}
        results = [code for code, row in table.rows.items() if row.role is RowRole.RESULT]
        counts["processed"] = [sum(counts.get(code, [0] * _KINDS)[kind] for code in results) for kind in range(_KINDS)]
        lines = [
            "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）\t申请人情况",
            "自然人\t法人或其他组织\t总计",
            "商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他",
        ]
        for code, row in table.rows.items():
            values = counts.get(code, [0] * _KINDS)
            lines.append("\t".join([*row.groups, row.label, *map(str, values), str(sum(values))]))
        return lines


def _made(name: str, figures: Mapping[str, Any]) -> Made:
    documents, review = map(tuple, figures["documents"]), map(tuple, figures["review"])
    rows = tuple((row, tuple(counts)) for row, counts in figures["applications"].items())
    return Made(
        name,
        figures["office"],
        figures["year"],
        rows,
        tuple(documents),
        figures["decisions"],
        figures["fee"],
        tuple(review),
    )


_FIGURES = tomllib.loads((Path(__file__).parent / "data" / "reports.toml").read_text(encoding="utf-8"))
_MADE = {name: _made(name, figures) for name, figures in _FIGURES.items()}
NAMES = tuple(name for name in _MADE if not name.endswith("-last"))


@cache
def _read(name: str) -> OfficeYear:
    made = _MADE[name]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.txt"
        file.write_text(made.printed(), encoding="utf-8")
        return to_office_year(read(file), ReportKey(made.office, made.year))


def subject_of(name: str, said: Mapping[str, str]) -> Subject:
    """The report of that name with the sentences in their places, as ``audit`` has it from the printed text."""
    report, last = _read(name), f"{name}-last"
    texts = {slug: replace(text, template=_filled(text.template, said)) for slug, text in report.texts.items()}
    preamble = report.preamble
    if preamble is not None:
        words = said.get("pre!") or preamble.template + said.get("pre", "")
        preamble = Text("preamble", words, preamble.source)
    whole = replace(report, texts=texts, preamble=preamble)
    # Last year's figures alone: its neutral words are those of this year.
    return Subject(whole, replace(_read(last), texts={}) if last in _MADE else None, bound=False)


def _filled(template: str, said: Mapping[str, str]) -> str:
    for name in _NEUTRAL:
        template = template.replace(f"〔{name}〕", said.get(name, ""))
    return template
