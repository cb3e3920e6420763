"""Sentences with verdicts: what a careful reader finds right, wrong, or no statement on the tables at all.

The figures that they are read against are those of ``world`` (a city's office, 2023) and ``empty`` (nothing at all).
"""

from __future__ import annotations

from checks.generate import CITY, office_year, zeros
from nianbao.cells import number
from nianbao.form import CellRef
from nianbao.model import Figure, OfficeYear, Source

_APPLICATIONS = {
    "new": (101, 14, 2, 3, 5, 1),
    "carried_in": (8, 1, 0, 0, 0, 0),
    "granted": (33, 5, 1, 1, 1, 0),
    "partially_granted": (18, 2, 0, 1, 1, 0),
    "denied_state_secret": (2, 0, 0, 0, 0, 0),
    "denied_third_party": (6, 1, 0, 0, 0, 0),
    "denied_internal_affairs": (5, 1, 0, 0, 0, 0),
    "denied_administrative_query": (2, 0, 0, 0, 0, 0),
    "unavailable_not_held": (20, 3, 1, 1, 1, 0),
    "unavailable_needs_creation": (4, 1, 0, 0, 0, 0),
    "not_processed_petition": (7, 0, 0, 0, 0, 0),
    "not_processed_repeat": (4, 0, 0, 0, 1, 0),
    "other_not_corrected": (2, 0, 0, 0, 0, 1),
    "other_reasons": (2, 0, 0, 0, 0, 0),
}
_REVIEW = {
    "reconsideration": (4, 1, 1, 0),
    "litigation_direct": (1, 0, 0, 1),
    "litigation_after_reconsideration": (2, 0, 1, 0),
}
_PROACTIVE = {
    "regulations": {"made": 2, "repealed": 1, "in_force": 23},
    "normative_documents": {"made": 14, "repealed": 9, "in_force": 173},
    "licences": {"decisions": 5120},
    "penalties": {"decisions": 348},
    "coercive_measures": {"decisions": 26},
    "fees": {"amount": 131},
}


def world(fee: int = 1560) -> OfficeYear:
    """新收126, 上年结转9, 办结128 (予以公开41, 部分公开22, 不予公开17, 无法提供31, 不予处理12, 其他处理5), 结转7."""
    cells = zeros()
    columns = ("natural_person", "commercial", "research", "social", "legal_service", "other")
    for row, counts in _APPLICATIONS.items():
        for column, count in zip(columns, counts, strict=True):
            cells[CellRef("applications", row, column)] = number(count)
    results = [row for row in _APPLICATIONS if row not in {"new", "carried_in"}]
    for index, column in enumerate(columns):
        done = sum(_APPLICATIONS[row][index] for row in results)
        taken = _APPLICATIONS["new"][index] + _APPLICATIONS["carried_in"][index]
        cells[CellRef("applications", "processed", column)] = number(done)
        cells[CellRef("applications", "carried_out", column)] = number(taken - done)
    for row in {ref.row for ref in cells if ref.table == "applications"}:
        total = sum(int(cells[CellRef("applications", row, column)].number or 0) for column in columns)
        cells[CellRef("applications", row, "total")] = number(total)
    for row, counts in _REVIEW.items():
        named = dict(zip(("upheld", "corrected", "other", "pending", "total"), (*counts, sum(counts)), strict=True))
        cells |= {CellRef("review", row, column): number(count) for column, count in named.items()}
    for row, values in _PROACTIVE.items():
        cells |= {CellRef("proactive", row, column): number(count) for column, count in values.items()}
    figure = Figure("processing_fee", "信息处理费", number(fee), "元", "", Source("figures.csv", 2))
    return office_year(cells, office=CITY, figures={"processing_fee": figure})


def empty() -> OfficeYear:
    """An office-year in which nothing happened."""
    return office_year(zeros())


# (where, sentence): where is the customary part of section 1 (1 to 5), or a section's slug.
RIGHT = (
    (2, "全年新收政府信息公开申请126件，上年结转9件，办结128件，结转下年度继续办理7件。"),
    (2, "2023年，共收到政府信息公开申请126件。"),
    (2, "2023年共收到政府信息公开申请135件（其中9件为上年结转），办结128件。"),
    (2, "本年度收到依申请公开信件126宗，已办结128宗（含上年结转）。"),
    (2, "全年收办政府信息公开申请135件。"),
    (2, "共受理政府信息公开申请一百二十六件，结转下年度继续办理七件。"),
    (2, "全市公民、法人和其他组织向本机关提出的申请，新收１２６件，含2022年结转9件共135件。"),
    (2, "今年以来，我办新收到依申请公开126条，答复128条。"),
    (2, "办结的128件中，予以公开41件，部分公开22件，不予公开17件，无法提供31件，不予处理12件，其他处理5件。"),
    (2, "共答复申请128件，其中41件予以公开、22件部分公开、17件不予公开、31件无法提供、12件不予处理，作其他处理5件。"),
    (2, "办结128件：同意公开的41件，区分处理后部分公开的22件，决定不予公开的17件。"),
    (2, "予以公开和部分公开合计63件，占办结总数的49.22%。"),
    (2, "不予公开17件，其中属于国家秘密2件，涉及第三方合法权益7件。"),
    (2, "因本机关不掌握而无法提供的26件，均告知了可以咨询的单位。"),
    (2, "新收126件，其中自然人101件，法人或其他组织25件。"),
    (2, "新收政府信息公开申请126件，较上年增加6件，增长5%。"),
    (2, "与上年相比，申请量有所上升，全年新收申请126件，增加6件。"),
    (2, "办结率94.8%，结转下年度继续办理7件。"),
    (2, "收到申请126件，通过网络提交80件、信函提交46件。"),
    (2, "2022年结转9件，本年新收126件，应办135件，办结128件，办结率为94.81%。"),
    (2, "因政府信息公开引发行政复议6件、行政诉讼5件，其中行政复议被纠正1件。"),
    (2, "政府信息公开类行政复议案件6件，结果维持4件；行政诉讼案件5件，结果维持3件。"),
    (2, "被申请行政复议、提起行政诉讼共11件。"),
    (2, "全年没有因信息公开被问责的情况，7件申请正在办理，结转下一年度。"),
    (2, "新收126件政府信息公开申请，其中5件由法律服务机构提出。"),
    (3, "本年制发规章2件、废止1件，现行有效23件；制发行政规范性文件14件，废止9件，现行有效173件。"),
    (3, "现行有效规章23件、行政规范性文件173件均已公开。"),
    (1, "制定规章2部，制定行政规范性文件14件。"),
    (1, "作出行政许可决定5120件、行政处罚决定348件、行政强制26件。"),
    (1, "办理行政许可5120件，行政处罚348件。"),
    (1, "全年行政事业性收费131万元。"),
    (1, "公开政府信息17849条，其中重点领域信息3948条，政策解读27条。"),
    (1, "人大代表建议112条，政协提案93条，合计205条。"),
    (1, "市政策文件库收录文件403件，其中市政府文件126件、市政府办公室文件277件。"),
    (5, "收回有效问卷1260份，其中满意1138份，满意率90.32%。"),
    ("other", "2023年共收取信息处理费1560元，涉及申请9件。"),
    ("other", "本年度信息处理费收取金额为1560元，上年度为1280元。"),
    ("review", "行政复议6件，行政诉讼5件。"),
)
# The same without any heading, as short reports of townships and bureaus are written.
RIGHT_PLAIN = (
    (
        0,
        "2023年，我办共收到依申请公开政府信息申请126件，上年度结转9件，均已按时办理。其中，予以公开41件，部分公开22件，其他处理5件。",
    ),
    (0, "依申请公开方面：2023年度共收到依申请公开126件，较2022年增加6件。"),
    (
        0,
        "本年度新收到政府信息公开申请126件(自然人101件,法人25件),上年结转9件,共135件。其中:予以公开41件,转下年度办理7件。",
    ),
    (0, "2023年度，因政府信息公开被申请行政复议6件，其中维持4件，纠正1件；行政诉讼5件，1件尚未审结。"),
    (0, "收到公民申请信息公开事项126条，办结128条，结转下年度办理7条。"),
    (0, "办理行政许可5,120件次；行政处罚348宗；行政强制26宗；行政事业性收费131.00万元。"),
    (0, "本年度共制发规范性文件14件，现行有效173件，废止9件。"),
    (0, "市政府制定规章2件；以市政府及办公室名义制定行政规范性文件14件，现行有效行政规范性文件共173件。"),
    (0, "政府信息公开申请中，信访举报投诉类7件不予处理，重复申请5件不予处理。"),
    (0, "2023年度新收申请126件（政府信息公开类），审结行政复议案件412件，其中涉及政府信息公开的行政复议案件6件。"),
    (0, "受理政府信息公开申请126件次，答复率100%，未出现超期答复。"),
    (0, "全年收到政府信息公开申请126件，除7件结转下年度办理外，其余均已办结。"),
    (0, "全年收到政府信息公开申请126件，其中119件已全部办结，7件正在办理并结转下年。"),
    (0, "本年度政府信息公开申请数量比上年增长了5%，未发生超期情况。"),
    (0, "全年新收政府信息公开申请126件，同比减少4件，同比下降3.08%。"),
    (0, "全年受理的行政复议案件中无政府信息公开类案件被撤销。"),
    (0, "对收到的126件政府信息公开申请逐件登记，做到件件有答复。"),
    (0, "推进规章和行政规范性文件集中公开，集中公开规章23件、规范性文件173件。"),
    (0, "起草并报请印发规范性文件3件，其中以市政府名义印发2件。"),
    (0, "公开行政许可结果1200件、行政处罚决定书300份。"),
)
WRONG_PLAIN = (
    (
        0,
        "2023年，我办共收到依申请公开政府信息申请126件，上年度结转9件。其中，予以公开41件，部分公开25件。",
        "TEXT-FIGURE",
    ),
    (0, "依申请公开方面：2023年度共收到依申请公开120件，较2022年增加6件。", "TEXT-FIGURE"),
    (0, "本年度新收到政府信息公开申请126件,上年结转6件,办结128件。", "TEXT-FIGURE"),
    (0, "收到公民申请信息公开事项126条，办结128条，结转下年度办理1条。", "TEXT-FIGURE"),
    (0, "2023年度，因政府信息公开被申请行政复议6件，其中维持3件，纠正1件。", "TEXT-FIGURE"),
    (0, "办理行政许可5,210件次；行政处罚348宗。", "TEXT-FIGURE"),
    (0, "办理行政许可5,120件次；行政处罚348宗；行政强制62宗。", "TEXT-FIGURE"),
    (0, "行政事业性收费113.5万元。", "TEXT-FIGURE"),
    (0, "本年度共制发规范性文件41件，现行有效173件。", "TEXT-FIGURE"),
    (0, "以市政府及办公室名义制定行政规范性文件14件，现行有效行政规范性文件共137件。", "TEXT-FIGURE"),
    (0, "我单位2023年没有收到公民、法人和其他组织提出的政府信息公开申请。", "TEXT-NONE"),
    (0, "全年无因政府信息公开引起的行政复议、行政诉讼案件。", "TEXT-NONE"),
    (0, "2023年共收到政府信息公开申请126件，均已办结，无结转。", "TEXT-DONE"),
    (0, "本年度收到政府信息公开申请126件，办结率达100%。", "TEXT-PERCENT"),
    (0, "本机关全年收到依申请公开政府信息12件。", "TEXT-FIGURE"),
    (0, "全年新收政府信息公开申请126件，同比减少4件，同比下降8.03%。", "TEXT-PERCENT"),
)
# Sentences with numbers that are no statement on a cell, or on another one than the nearest words suggest.
TRAPS = (
    (2, "备案审查行政复议案件134件，指导各县区办理行政复议答复。"),
    (2, "市司法局审理行政复议案件89件，其中政府信息公开类12件。"),
    (2, "依据《中华人民共和国行政复议法》第11条，规范答复文书3份。"),
    (2, "办理人大代表建议答复238件，政协提案答复公开84件。"),
    (2, "受理政策咨询4126件，当日答复3917件。"),
    (2, "其中网上申请80件，当面申请16件，信函申请30件。"),
    (2, "市教育局收到申请33件，市住建局收到申请28件。"),
    (2, "全市各级行政机关共收到政府信息公开申请2860件，办结2799件。"),
    (2, "较2022年增加15件，同比增长13.5%。"),
    (2, "2022年收到申请120件，办结118件。"),
    (2, "近三年累计收到政府信息公开申请352件。"),
    (2, "收到申请约130件，办结一百余件。"),
    (2, "对涉及两个以上部门的58件申请组织会商。"),
    (2, "发出补正通知21件，征求第三方意见16件。"),
    (2, "2022年末尚未审结的行政复议案件2件和行政诉讼案件3件均已审结。"),
    (2, "一审行政诉讼案件3件，二审2件。"),
    (2, "申请人主动撤回4件。"),
    (2, "其他处理5件（含申请人主动撤回4件）。"),
    (2, "收到减免费用的申请3件，均予以减免。"),
    (2, "按时办结率100%，群众满意率98%。"),
    (2, "12345热线办结6520件，回复率100%。"),
    (2, "平均办理时限12天，比法定时限缩短8天。"),
    (2, "年内到期的申请均在法定期限内答复。"),
    (2, "未收到重复申请，未收到要求减免费用的申请。"),
    (2, "没有被责令改正的行政复议案件，未发生行政诉讼败诉情况。"),
    (2, "申请人未经复议直接起诉的案件由法律顾问应诉。"),
    (3, "认定公文公开属性486件，主动公开的312件，依申请公开的121件，不予公开的53件。"),
    (3, "审核行政规范性文件31件，清理规范性文件196件，报备规范性文件15件。"),
    (3, "转发上级规范性文件8件，解读规范性文件20件，公开规范性文件40件。"),
    (3, "修订完善规章制度6项，制定工作制度3项。"),
    (1, "公示行政许可信息3120条，公开行政处罚强制类信息9条。"),
    (1, "行政许可事项120项，行政处罚事项45项。"),
    (1, "公开信息1.2万余条，同比增长30%。"),
    (1, "市本级公开信息500条，其中A区公开120条，B县公开80条，另有专题12条。"),
    (1, "办理行政许可事项5000余件。"),
    (5, "组织培训5期，参训640人次；发现问题61个，已整改57个。"),
    (5, "发出问卷1300份，收回1260份，满意率为95%。"),
    ("problems", "下一年计划制定规范性文件10件。"),
    ("problems", "政策解读27件中，图解占比不足30%。"),
    ("problems", "各县区答复被纠正的案件有12件。"),
)
# (where, sentence, rule): a careful reader finds a contradiction.
WRONG = (
    (2, "全年新收政府信息公开申请162件。", "TEXT-FIGURE"),
    (2, "2023年，共收到政府信息公开申请125件。", "TEXT-FIGURE"),
    (2, "本年度收到依申请公开信件136件。", "TEXT-FIGURE"),
    (2, "共受理政府信息公开申请128件。", "TEXT-FIGURE"),
    (2, "共收到政府信息公开申请126件（其中9件为上年结转）。", "TEXT-FIGURE"),
    (2, "全年收办政府信息公开申请126件。", "TEXT-FIGURE"),
    (2, "含上年度结转8件，办结128件。", "TEXT-FIGURE"),
    (2, "新收126件，结转下年度继续办理6件。", "TEXT-FIGURE"),
    (2, "全年办结申请135件。", "TEXT-FIGURE"),
    (2, "共答复政府信息公开申请一百二十件。", "TEXT-FIGURE"),
    (2, "办结申请128件，其中予以公开40件。", "TEXT-FIGURE"),
    (2, "办结128件，其中部分公开23件，不予公开17件。", "TEXT-FIGURE"),
    (2, "答复128件，19件不予公开。", "TEXT-FIGURE"),
    (2, "无法提供30件，不予处理12件。", "TEXT-FIGURE"),
    (2, "不予处理21件，其他处理5件。", "TEXT-FIGURE"),
    (2, "作其他处理4件（含申请人主动撤回2件）。", "TEXT-FIGURE"),
    (2, "新收126件，其中自然人110件，法人或其他组织16件。", "TEXT-FIGURE"),
    (2, "因政府信息公开引发行政复议5件。", "TEXT-FIGURE"),
    (2, "因信息公开被提起行政诉讼4件。", "TEXT-FIGURE"),
    (2, "被申请行政复议、提起行政诉讼共10件。", "TEXT-FIGURE"),
    (2, "行政复议6件，结果维持5件。", "TEXT-FIGURE"),
    (2, "全年未收到政府信息公开申请。", "TEXT-NONE"),
    (2, "2023年度，本机关无依申请公开事项。", "TEXT-NONE"),
    (2, "未发生因政府信息公开引起的行政复议和行政诉讼。", "TEXT-NONE"),
    (2, "因政府信息公开引发的行政复议、行政诉讼均未出现。", "TEXT-NONE"),
    (2, "没有结转下年度办理的申请。", "TEXT-NONE"),
    (2, "收到的126件申请全部办结。", "TEXT-DONE"),
    (2, "收到申请126件，均已答复。", "TEXT-DONE"),
    (2, "共收到申请135件，办结128件，办结率100%。", "TEXT-PERCENT"),
    (2, "办结率98.5%。", "TEXT-PERCENT"),
    (2, "新收申请126件，较上年增加6件，增长8%。", "TEXT-PERCENT"),
    (2, "新收126件，其中自然人101件，法人或其他组织24件。", "TEXT-SUM"),
    (3, "制发规章3件，现行有效23件。", "TEXT-FIGURE"),
    (3, "制发行政规范性文件14件，废止8件，现行有效173件。", "TEXT-FIGURE"),
    (3, "现行有效规章23件、行政规范性文件137件均已公开。", "TEXT-FIGURE"),
    (3, "全年未制定行政规范性文件。", "TEXT-NONE"),
    (1, "作出行政许可决定5012件、行政处罚决定348件。", "TEXT-FIGURE"),
    (1, "办理行政许可5120件，行政处罚384件。", "TEXT-FIGURE"),
    (1, "全年行政事业性收费113万元。", "TEXT-FIGURE"),
    (1, "市政策文件库收录文件403件，其中市政府文件136件、市政府办公室文件277件。", "TEXT-SUM"),
    (1, "办理建议提案答复205件，其中人大代表建议112件、政协提案90件。", "TEXT-SUM"),
    ("other", "2023年未收取信息处理费。", "TEXT-FEE"),
    ("other", "2023年共收取信息处理费1650元。", "TEXT-FEE"),
    ("review", "行政复议7件，行政诉讼5件。", "TEXT-FIGURE"),
)
RIGHT += RIGHT_PLAIN
WRONG += WRONG_PLAIN
# Said of a year in which nothing happened: all true.
NOTHING_RIGHT = (
    (2, "2023年未收到政府信息公开申请，未发生因政府信息公开引发的行政复议和行政诉讼。"),
    (2, "全年无依申请公开申请。"),
    (2, "收到政府信息公开申请0件，办结0件，行政复议、行政诉讼0件。"),
    (2, "无结转下年度办理的申请，上年结转零件。"),
    (3, "未制定规章和行政规范性文件，现行有效0件。"),
    ("other", "本机关未收取任何信息处理费用。"),
)
NOTHING_WRONG = (
    (2, "全年收到政府信息公开申请1件，已办结。", "TEXT-FIGURE"),
    (2, "收到申请三件，全部予以公开。", "TEXT-FIGURE"),
    (2, "因政府信息公开引发行政诉讼1件。", "TEXT-FIGURE"),
    (3, "制发行政规范性文件2件。", "TEXT-FIGURE"),
)
