"""The tables of both editions, declared once; every label, column and rule elsewhere derives from here.

Source: the formats annexed to 国办公开办函〔2019〕60号 and 〔2021〕30号.
"""

from __future__ import annotations

from nianbao.form.cells import CellKind
from nianbao.form.declaration import Block, Column, Row, RowRole, Shape, Table

_ITEM_1 = "第二十条第（一）项"
_ITEM_5 = "第二十条第（五）项"
_ITEM_6 = "第二十条第（六）项"
_ITEM_8 = "第二十条第（八）项"
_ITEM_9 = "第二十条第（九）项"

_REGULATIONS = Row("regulations", "规章")
_LICENCES = Row("licences", "行政许可")
_PENALTIES = Row("penalties", "行政处罚")
_COERCIVE = Row("coercive_measures", "行政强制")
_FEES = Row("fees", "行政事业性收费")

_DOCUMENTS_2021 = (
    Column("made", "本年制发件数"),
    Column("repealed", "本年废止件数"),
    Column("in_force", "现行有效件数"),
)
_DECISIONS_2021 = (Column("decisions", "本年处理决定数量"),)

PROACTIVE_2021 = Table(
    "proactive",
    "主动公开政府信息情况",
    Shape.STACKED,
    (
        Block(
            _DOCUMENTS_2021,
            (_REGULATIONS, Row("normative_documents", "行政规范性文件", aliases=("规范性文件",))),
            _ITEM_1,
        ),
        Block(_DECISIONS_2021, (_LICENCES,), _ITEM_5),
        Block(_DECISIONS_2021, (_PENALTIES, _COERCIVE), _ITEM_6),
        Block((Column("amount", "本年收费金额（单位：万元）", CellKind.MONEY),), (_FEES,), _ITEM_8),
    ),
    corner="信息内容",
)

_DOCUMENTS_2019 = (
    Column("made", "本年新制作数量"),
    Column("published", "本年新公开数量"),
    Column("in_public", "对外公开总数量"),
)
_ITEMS_2019 = (
    Column("last_year", "上一年项目数量"),
    Column("change", "本年增/减", CellKind.CHANGE),
    Column("decisions", "处理决定数量"),
)

PROACTIVE_2019 = Table(
    "proactive",
    "主动公开政府信息情况",
    Shape.STACKED,
    (
        Block(_DOCUMENTS_2019, (_REGULATIONS, Row("normative_documents", "规范性文件")), _ITEM_1),
        Block(_ITEMS_2019, (_LICENCES, Row("other_services", "其他对外管理服务事项")), _ITEM_5),
        Block(_ITEMS_2019, (_PENALTIES, _COERCIVE), _ITEM_6),
        Block(_ITEMS_2019[:2], (_FEES,), _ITEM_8),
        Block(
            (Column("projects", "采购项目数量"), Column("amount", "采购总金额", CellKind.MONEY_ANY_UNIT)),
            (Row("procurement", "政府集中采购"),),
            _ITEM_9,
        ),
    ),
    corner="信息内容",
)

ORGANISATIONS = "法人或其他组织"
_APPLICANTS = (
    Column("natural_person", "自然人"),
    Column("commercial", "商业企业", group=ORGANISATIONS),
    Column("research", "科研机构", group=ORGANISATIONS),
    Column("social", "社会公益组织", group=ORGANISATIONS),
    Column("legal_service", "法律服务机构", group=ORGANISATIONS),
    Column("other", "其他", group=ORGANISATIONS),
    Column("total", "总计"),
)

RESULTS = "三、本年度办理结果"
_DENIED = "（三）不予公开"
_UNAVAILABLE = "（四）无法提供"
_NOT_PROCESSED = "（五）不予处理"
_OTHER = "（六）其他处理"


def _result(code: str, label: str, group: str | None = None, aliases: tuple[str, ...] = ()) -> Row:
    groups = (RESULTS,) if group is None else (RESULTS, group)
    return Row(code, label, groups, RowRole.RESULT, aliases)


_OTHER_2021 = (
    _result(
        "other_not_corrected",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        _OTHER,
        ("1.逾期不补正",),
    ),
    _result(
        "other_fee_unpaid",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        _OTHER,
        ("2.逾期不缴费",),
    ),
    _result("other_reasons", "3.其他", _OTHER),
)
_OTHER_2019 = (_result("other", _OTHER),)


def _applications(other: tuple[Row, ...]) -> Table:
    rows = (
        Row("new", "一、本年新收政府信息公开申请数量", role=RowRole.INTAKE),
        Row("carried_in", "二、上年结转政府信息公开申请数量", role=RowRole.INTAKE),
        _result("granted", "（一）予以公开"),
        _result(
            "partially_granted",
            "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
            aliases=("（二）部分公开",),
        ),
        _result("denied_state_secret", "1.属于国家秘密", _DENIED),
        _result("denied_prohibited_by_law", "2.其他法律行政法规禁止公开", _DENIED),
        _result("denied_security_stability", "3.危及“三安全一稳定”", _DENIED),
        _result("denied_third_party", "4.保护第三方合法权益", _DENIED),
        _result("denied_internal_affairs", "5.属于三类内部事务信息", _DENIED),
        _result("denied_process_information", "6.属于四类过程性信息", _DENIED),
        _result("denied_enforcement_file", "7.属于行政执法案卷", _DENIED),
        _result("denied_administrative_query", "8.属于行政查询事项", _DENIED),
        _result("unavailable_not_held", "1.本机关不掌握相关政府信息", _UNAVAILABLE),
        _result("unavailable_needs_creation", "2.没有现成信息需要另行制作", _UNAVAILABLE),
        _result("unavailable_still_unclear", "3.补正后申请内容仍不明确", _UNAVAILABLE),
        _result("not_processed_petition", "1.信访举报投诉类申请", _NOT_PROCESSED),
        _result("not_processed_repeat", "2.重复申请", _NOT_PROCESSED),
        _result("not_processed_publication", "3.要求提供公开出版物", _NOT_PROCESSED),
        _result("not_processed_excessive", "4.无正当理由大量反复申请", _NOT_PROCESSED),
        _result("not_processed_reconfirmation", "5.要求行政机关确认或重新出具已获取信息", _NOT_PROCESSED),
        *other,
        Row("processed", "（七）总计", (RESULTS,), RowRole.SUM),
        Row("carried_out", "四、结转下年度继续办理", role=RowRole.CARRIED),
    )
    return Table(
        "applications",
        "收到和处理政府信息公开申请情况",
        Shape.NESTED,
        (Block(_APPLICANTS, rows, "申请人情况"),),
        note="（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
    )


APPLICATIONS_2021 = _applications(_OTHER_2021)
APPLICATIONS_2019 = _applications(_OTHER_2019)

LITIGATION = "行政诉讼"
REVIEW = Table(
    "review",
    "政府信息公开行政复议、行政诉讼情况",
    Shape.ACROSS,
    (
        Block(
            (
                Column("upheld", "结果维持"),
                Column("corrected", "结果纠正"),
                Column("other", "其他结果"),
                Column("pending", "尚未审结"),
                Column("total", "总计"),
            ),
            (
                Row("reconsideration", "行政复议"),
                Row("litigation_direct", "未经复议直接起诉", (LITIGATION,)),
                Row("litigation_after_reconsideration", "复议后起诉", (LITIGATION,)),
            ),
        ),
    ),
)
