"""The words by which official texts state counts: one place for every synonym, the form's own labels first.

Patterns only; imports the form.
"""

from __future__ import annotations

import re

from nianbao.form import EDITIONS

APPLICATION = (
    r"(?:政府信息公开(?:的)?申请(?:件|事项)?|政府信息依申请公开(?:申请|件|事项)?|依申请(?:政府信息公开|信息公开|公开)(?:政府信息|信息)?(?:的)?(?:申请|信件|事项|办件|案件|件(?!\d))?"
    r"|(?:政府)?信息公开(?:的)?申请(?:件|事项)?|(?:政府)?信息公开事项|公开申请(?:件)?|依申请(?:件|事项)?|政府信息申请|申请(?:公开)?(?:政府)?信息公开(?:的)?(?:事项|申请|信件)?|申请公开(?:政府信息)?(?:的)?(?:事项|申请)?|申请事项|申请(?:件|信件|量)?)"
)
# What may stand between words that matter and their number.
FILL = (
    r"(?:的|为|有|是|共|共计|总计|合计|计|达|达到|均|数量|总数|总量|件数|案件|事项|信件|情况|各类|全年|：|，(?=共|总|合)|"
    r"已|人|了|（|、(?=共|合计)|等|数|仅|各)*$"
)
APPLICATION_END = re.compile(rf"{APPLICATION}{FILL}")
APPLICATION_MEASURES = frozenset({"件", "宗", "起", "条", "份", "个", "例", "件次", "次", "项", "人"})
CASE_MEASURES = frozenset({"件", "宗", "起", "例", "个", "次"})

# Verbs by what a count behind them is of.
NEW = r"新(?:收到|接收|接到|受理|收|增|提交)"
RECEIVED = r"(?:收到|接到|接收|受理|收取|收悉|登记|收件|收办|接受|(?<!新)收(?!费|办|集|录|件|取))"
INTAKE = r"(?:收办|应办理?|应办总|应答复|需办理|在办(?!结|理|复|毕|件))"
PROCESSED = r"(?<!未)(?<!尚未)(?:办结|办理完毕|办理完成|答复|办复|处理完毕|回复|办毕|办理答复)"
HANDLED = r"(?:办理|处理)(?!情况|结果|过程|进展|信息)"
VERB = re.compile(
    rf"(?P<new>{NEW})|(?P<intake>{INTAKE})|(?P<received>{RECEIVED})|(?P<processed>{PROCESSED})|(?P<handled>{HANDLED})"
)

_LAST = r"(?:上一?年度?|去年|往年|以前年度|{last}年度?)"
_NEXT = r"(?:下一?年度?|次年|来年|明年|跨年度?|{next}年度?)"
CARRY = r"(?:结转|转结|转入|转来|接转|遗留|转)"


def carried_in(year: int) -> re.Pattern[str]:
    """Words before a count of what last year handed on: 上年结转, 2022年未办结转入, 结转上年."""
    last = _LAST.replace("{last}", str(year - 1))
    return re.compile(
        rf"(?:{last}(?:末|底)?(?:未办结|未结|尚未办结|受理)?(?:的)?{CARRY}(?:下来|至本年度?|到本年度?|本年度?|今年|至今年)?(?:继续办理|办理)?"
        rf"|(?:{CARRY}|承?接|接续|续办){last})(?:的)?(?:未办结)?(?:的)?(?:{APPLICATION})?{FILL}"
    )


def carried_out(year: int) -> re.Pattern[str]:
    """Words before a count of what is handed on to next year: 结转下年度继续办理, 转2024年办理."""
    following = _NEXT.replace("{next}", str(year + 1))
    return re.compile(
        rf"{CARRY}(?:至|到|入)?{following}(?:度)?(?:继续)?(?:办理|处理|答复|办结)?(?:的)?(?:{APPLICATION})?{FILL}"
    )


def carried_in_behind(year: int) -> re.Pattern[str]:
    """The same words behind the count: 9件为上年结转."""
    last = _LAST.replace("{last}", str(year - 1))
    return re.compile(
        rf"^(?:{APPLICATION})?(?:（)?(?:为|系|是|属|属于|由)?{last}(?:末|底)?(?:未办结)?(?:的)?{CARRY}(?!后)"
    )


def carried_out_behind(year: int) -> re.Pattern[str]:
    """The same words behind the count: 7件正在办理并结转下年."""
    following = _NEXT.replace("{next}", str(year + 1))
    return re.compile(
        rf"^(?:{APPLICATION})?(?:[在至]?年[底末])?(?:正在办理|尚在办理|在办|未到期|未到答复期限|[尚仍]在(?:法定)?(?:办理|答复)?期限之?内|未办结)?(?:中)?(?:的)?[，、（]?(?:已|将|需|并|按规定|依法)*"
        rf"{CARRY}(?:至|到|入)?{following}(?![^，；。（）]{{0,14}}?[\d一二三四五六七八九十两百零]+[件宗条份个起])"
    )


def _groups() -> dict[str, str]:
    """The results of table 3 by group, with synonyms; the printed words are the form's."""
    synonyms = {
        "予以公开": r"(?<!部分)(?<!不)(?:予以?公开|同意公开|准予公开|全部公开|答复公开|依法公开|全文公开)"
        r"|(?<=答复为)公开|(?<![分不动予意准])公开(?=(?:和|或|及|与|、)部分公开)",
        "部分公开": r"(?<!全部[或和及、])(?<!全部或者)(?<!全部以及)(?:部分(?:予以|准予|同意)?公开|部分提供)|区分处理",
        "不予公开": r"不予(?:以)?公开|不公开|不同意公开|不准予公开|决定不公开",
        "无法提供": r"无法提供",
        "不予处理": r"不予处理|不予受理",
        "其他处理": r"(?:其他|其它)(?:方式|情形|类)?处理|作其他处理",
    }
    table = EDITIONS["2021"].table("applications")
    printed = {row.group for row in table.rows.values() if row.groups and row.code != "processed"}
    return {name: synonyms.get(name, name) for name in synonyms if name in printed}


RESULTS = {name: re.compile(words) for name, words in _groups().items()}
_GRANTED, _PARTLY, *_ = RESULTS
# What was given, in part too; or in full alone.
GIVEN = (f"{_GRANTED}+{_PARTLY}", _GRANTED)
ANY_RESULT = "|".join(pattern.pattern for pattern in RESULTS.values())
RESULT_END = re.compile(
    rf"(?:{ANY_RESULT})(?:决定|答复|处理|申请人|告知)*(?:类|情形)?(?:的)?(?:政府信息|信息|{APPLICATION})?(?:的)?{FILL}"
)
RESULT_TAIL = re.compile(
    rf"^(?:申请)?(?:被|作了?|作出了?|予|决定|依法|属|属于|为|系|因故|均|全部|都|已)*(?:{ANY_RESULT})(?:$|的|决定|答复|申请|处理|系|因)"
)
# 对5件信访举报投诉类申请不予处理.
ROW_BEHIND = re.compile(
    rf"^(?![之当]?中|里|内)(?P<words>[^，；：。]{{2,20}}?)(?:申请|事项|信息)?(?:依法|决定|作出|作|均|都|一律|按规定)*(?P<result>{ANY_RESULT})"
)
REASON = re.compile(
    r"秘密|法律|法规|禁止|安全|稳定|第三方|商业|隐私|内部事务|过程性|案卷|查询|不掌握|未保存|未制作|未获取|未检索到|查无|另行制作|不明确|信访|举报|投诉|重复|"
    r"出版物|反复|重新出具|逾期|补正|缴费|费用|撤回|撤销申请|撤销|因"
)
# Words for single rows that share no three characters with the printed label.
ROW_WORDS = {
    "denied_state_secret": "国家秘密|涉密",
    "denied_third_party": "第三方|商业秘密|个人隐私",
    "denied_internal_affairs": "内部事务|内部管理",
    "denied_process_information": "过程性",
    "denied_enforcement_file": "执法案卷",
    "denied_administrative_query": "行政查询",
    "denied_prohibited_by_law": "法规禁止|法律禁止|禁止公开",
    "denied_security_stability": "三安全一稳定|安全[^，；]{0,4}稳定",
    "unavailable_not_held": "不掌握|未掌握|不存在|未保存|未制作|未获取|未检索到|查无",
    "unavailable_needs_creation": "另行制作|没有现成|加工",
    "unavailable_still_unclear": "不明确",
    "not_processed_petition": "信访|举报|投诉",
    "not_processed_repeat": "重复申请|重复",
    "not_processed_publication": "出版物",
    "not_processed_excessive": "反复申请",
    "not_processed_reconfirmation": "重新出具|确认",
    "other_not_corrected": "逾期不补正|不补正|未补正",
    "other_fee_unpaid": "缴纳费用|缴费",
    "other_reasons": "其他原因",
}
ROW_END = {
    row: re.compile(rf"(?:{words})(?:相关|政府|的|类|等|情形|信息|而|事项|处理)*(?:{APPLICATION})?{FILL}")
    for row, words in ROW_WORDS.items()
}
APPLICANTS = {
    "natural_person": "自然人|公民|个人",
    "commercial": "商业企业",
    "research": "科研机构",
    "social": "社会公益组织",
    "legal_service": "法律服务机构",
    "organisations": "法人(?:或者?|和|及|、)?其[他它]组织|法人(?:申请|提出|提交)?|企业法人|企业和?其他组织"
    "|(?<![我本各和及、])单位(?=申请|提出|提交)",
}
_ASKED = r"(?:提出|提交|提(?=的)|申请|递交|网上|书面|共|合计)*"
APPLICANT_END = {
    name: re.compile(rf"(?:{words}){_ASKED}(?:的)?新?(?:{APPLICATION})?{FILL}") for name, words in APPLICANTS.items()
}
APPLICANT_TAIL = {
    name: re.compile(
        rf"^(?:{APPLICATION})?(?:（)?(?:均|都|全部|全)?(?:为|是|由|系|属于|来自)?(?:{words})(?!就|因|要求|为)"
    )
    for name, words in APPLICANTS.items()
}
# 企业和法律服务机构共提出101件: kinds that are counted together.
APPLICANTS_APART = {name: words for name, words in APPLICANTS.items() if name != "organisations"}
APPLICANTS_APART |= {"commercial": "商业企业|企业|公司"}
_APART = "|".join(APPLICANTS_APART.values())
APPLICANTS_TOGETHER = re.compile(
    rf"(?:^|其中)(?P<kinds>(?:{_APART})(?:(?:、|和|及|与|以及)(?:{_APART}))+){_ASKED}(?:的)?(?:{APPLICATION})?(?:共|合计|共计|总计)+{_ASKED}(?:为|有)?$"
)
# 其余3件来自科研机构和法律服务机构
APPLICANTS_TOGETHER_BEHIND = re.compile(
    rf"^(?:{APPLICATION})?(?:均|都|分别)*(?:为|是|由|系|属于|来自)*(?P<kinds>(?:{_APART})(?:(?:、|和|及|与|以及)(?:{_APART}))+)"
)
# The same kinds in words that the form does not use, and the columns that these may mean.
OTHER_APPLICANTS = {
    ("organisations", "commercial", "commercial+other"): "企业|公司",
    ("legal_service",): "律师事务所|律所|律师",
    ("research",): "高校|院校|科研院所|研究机构|研究院所?",
    ("social",): "社会组织|社会团体|公益组织|公益机构|协会",
    ("natural_person",): "村民|居民|群众|市民",
}
OTHER_APPLICANT_END = {
    columns: re.compile(rf"(?:^|[、，和及与由来自、]|为|是|其中|中)(?:{words}){_ASKED}(?:的)?(?:{APPLICATION})?{FILL}")
    for columns, words in OTHER_APPLICANTS.items()
}
OUTCOMES = {
    "upheld": r"(?:结果)?(?:予以|得到|被|获得?)?维持",
    "corrected": r"(?:结果)?(?:被|予以)?(?:纠正|纠错)",
    "other": r"其[他它]结果",
    "pending": r"(?:尚未|未|暂未|还未)审结|(?:正在|尚在)审理",
}
OUTCOME_END = {name: re.compile(rf"(?:{words})(?:原行政行为|原决定)?(?:的)?{FILL}") for name, words in OUTCOMES.items()}
OUTCOME_TAIL = {
    name: re.compile(
        rf"^(?:案件)?(?:被|为|是|均|予以|结果|，|获|得到|(?:被|经)(?:复议机关|上级机关|[一-鿿]{{0,4}}法院)(?:依法|判决|决定)*)*(?:{words})(?!后)"
    )
    for name, words in OUTCOMES.items()
}
# Cases that have an outcome of any kind.
CLOSED_END = re.compile(
    r"^[，、；]?(?:(?:行政)?(?:复议|诉讼)案件|案件|其中|年内|现|目前|已|均|全部)*"
    rf"(?:审结|办结|结案|结|审理完毕|判决){FILL}"
)
# What a court or a reviewing organ did, in words other than the form's; a result of the form may be told in several.
SPOKEN_OUTCOMES = {
    "upheld": re.compile(r"驳回[^，；]{0,12}?(?:请求|诉请)|(?<!败)胜诉"),
    "corrected": re.compile(r"(?:判决|判令|决定|依法|被|^)+(?:撤销|责令|变更|确认[^，；]{0,6}违法)|败诉"),
    "other": re.compile(r"撤诉|终止|撤回"),
}
REVIEW_END = re.compile(
    rf"(?:行政)?(?P<kind>复议(?:维持|决定|程序)?后(?:再|仍|不服)?(?:提起)?(?:起诉|诉讼)|未经复议(?:直接)?起诉|复议|诉讼|(?:直接)?起诉|(?<=被)诉)(?:的)?(?:案件|申请|案|事项)?(?:的)?{FILL}"
)
REVIEW_TAIL = re.compile(
    r"^(?:案件)?(?:系|为|属于?|是|经)?(?P<suit>未经复议(?:直接)?(?:起诉|提起)?|复议后(?:提起|起诉|直接起诉)|先经(?:过)?复议)"
    r"|^(?!被)(?:（)?[^，。]{0,16}?(?:行政)?(?P<kind>复议|诉讼)(?:案件|申请|案)?(?:年内|当年|本年)?(?:$|（|）|均|都|全部|已|中|的结果|(?=维持|纠正|其他结果|尚未|未审结))"
)
BOTH_REVIEWS = re.compile(
    rf"(?:行政)?复议(?:案件|申请)?(?:、|和|及|与|或|以及|或者)?(?:提起)?(?:行政)?诉讼(?:案件)?(?:的)?{FILL}"
)
# 新收与上年结转合计315件: what is summed is named with the sum.
ALL_INTAKE = re.compile(
    r"(?:新收|结转)[^，；]{0,8}[与和及加][^，；]{0,6}(?:结转|新收)[^，；]{0,3}(?:合计|总计|共计|共)(?:为|达)?$"
)
REVIEW_TRAP = re.compile(
    r"为被告|一审|二审|再审|上诉|应诉|备案|败诉|撤诉|纠错|审理|审结|办结|结案|代理|指导|调解|出庭|听证|承办|化解|新收|复议机关|被申请人|其他|其它|"
    r"收到(?!因|涉|政府信息|信息公开)|受理|办理(?!因|涉|政府信息|信息公开)|信访|许可|处罚|拆迁|征收|工伤|撤回|终止"
)
DISCLOSURE = re.compile(r"信息公开|依申请公开|政务公开|公开申请|公开工作|依申请")
UNRELATED = re.compile(
    r"与(?:政府)?信息公开(?:工作|申请|事项)?(?:均|都)?(?:无关|没有关系|不相关)|(?:非|不涉及|不属于|未涉及)(?:政府)?信息公开(?:类|事项|案件)?|"
    r"(?:均|都)?无(?:政府)?信息公开(?:类|案件)"
)

# Documents sorted by whether they may be published: 主动公开的312件，依申请公开的121件，不予公开的53件.
ATTRIBUTES = re.compile(r"公开属性|属性认定|属性(?:为|源头)|拟发公文|主动公开(?:类|的)*(?:文件|公文)?\d")
# Last words before a number that is a difference, or the value it is compared with.
DIFFERENCE = re.compile(
    r"(?:增加|减少|增长|下降|上升|提高|降低|净增|同比增|同比减|环比增|增收|减收|[多少]收|多|少|增至|降至|升至|增到|减为|减至|变为|增幅|降幅|(?<!新)增|[精缩压核]减|减|降|升|差|增量|减量)"
    r"(?:了|到|约|近|出|为|达|量|量为|幅度为)?$"
)
# A difference that is none: the value that is reached.
BECOMES = re.compile(r"(?:[变增减降升加少]为|到|至)$")
# Words before what a count is compared with.
AGAINST = re.compile(r"较|比|与|同(?!意)|由|从|相(?!关|应)")
RISES = re.compile(r"增|升|多|提高|涨|扩大")
COMPARED = re.compile(
    r"(?:较|比|与|同|由|从|对比|相比|高于|低于|超过)(?:于)?[^，；]{0,6}?(?:上一?年度?|去年|前一?年度?|年初|20\d\d年)(?:度)?(?:全年|同期|总量|总数)?(?:的|为|是|有|收到|数量)*[^，；减增降升少多]{0,10}$"
    r"|(?<!接)(?:上一?年|去年)(?:度)?(?:同期)?(?:数)?(?:为|是|的)?$"
)
COMPARED_OUTER = re.compile(
    r"(?:(?:较|比|与|同|对比|由|从)[^，；]{0,6}(?:上一?年度?|去年|20\d\d年度?)|上一?年(?:度|同期)?|去年(?:同期)?|上年同期|20\d\d年(?:度|同期)?)$"
)
CUMULATED = re.compile(r"累计")
BEYOND = re.compile(
    r"历年|近[一二三四五两几\d]+年|(?<!今年)(?<!本年)以来|五年来|年均|月均|日均|平均|下一步|明年|计划|拟|力争|目标|预计|最多|最长|最高|每[一件份名月周季]"
)
# 平均每月, 月均, 每个工作日平均.
AVERAGE = re.compile(
    r"(?P<head>人)均|"
    r"平均每个?(?P<one>期|场|次|家|件|篇|条|人|名|个)|平均每个?(?P<each>月|季度?|周|星期|天|工作日|日)|(?P<short>[月季周日])均(?!匀|衡|等)|"
    r"(?P<per>[场期次])均(?!匀|衡|等|为|由|有|已|未|在|按|能|可)"
)
# A part of all applications: a channel, a matter, a condition, a step on the way.
CHANNEL = re.compile(
    r"网上|网络|在线|线上|互联网|平台|系统|信函|邮寄|邮政|当面|现场|传真|邮箱|邮件|来函|窗口|电话|渠道|网站|线下|纸质|书面|口头"
)
PARTIAL = re.compile(
    rf"{CHANNEL.pattern}|涉及|关于|有关|针对|对于|应于|名义|到期|按期|按时|及时|逾期|延期|延长|批准|经(?!办|济|常|统计|汇总|核|梳)|提前|当日|当场|当年|年内|补正|会商|征求|撤回|撤销|跨年|重大|疑难|复杂|"
    r"^中|高频|征地|日内|工作日|天内|中有|之中|当中|拆迁|征收|减免|收费|抽查|转办|移交|其中|部分|首次|多次|同一|批量|集中|代|不属于|非本机关|自行|主动|另|剩余|其余|主要|最|"
    r"[一-鿿]类$|方面$|领域"
)
# Words that say nothing on which applications are counted.
NEUTRAL = re.compile(
    r"公民|法人|和|或|及|与|、|其[他它]组织|社会公众|社会各界|群众|申请人|自然人|各类|提出|提交|递交|书面|的|了|共|总|全年|本年度?|今年(?:以来)?|"
    r"年度|年|度|累计|合计|全部|所有|依法|依规|规范|有效|妥善|认真|向|对|于|在|期间|我|本|行政机关|单位|机关|因|已|均|并|其|等|直接|实际|"
    r"经?(?:统计|汇总|核实|核对|梳理)|收到|受理|接收|接到|办理|登记|处理|总量|数量|总数|件数|量|件|份|次|一|我?[局委办厅镇乡街道县市区旗州]|□|“|”|-|截至|截止|底|末|12月|31日|\d"
)
