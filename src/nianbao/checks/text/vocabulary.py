"""Owns the words by which texts state counts, as patterns: verbs, matters, what comes before and after a number.

Imports nothing of ours.
"""

from __future__ import annotations

import re

APPLICATION = (
    r"(?:政府信息公开(?:的)?申请|政府信息依申请公开(?:申请)?|依申请公开(?:政府信息|信息)?(?:的)?(?:申请|信件|事项|办件)?"
    r"|(?:政府)?信息公开(?:的)?申请|公开申请|依申请|政府信息申请|申请)"
)
FILL = (
    r"(?:的|为|有|是|共|共计|总计|合计|计|达|达到|数量|总数|总量|件数|案件|事项|信件|情况|各类|全年|：|，(?=共|总|合)|"
    r"已|人|了)*$"
)
APPLICATION_COUNTERS = frozenset({"件", "宗", "起", "条", "份", "个", "例", "件次", "次", "项"})
CASE_COUNTERS = frozenset({"件", "宗", "起", "例", "个", "次"})


def _compiled(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


# A difference, a plan or a sum over years is no count of this year.
DIFFERENCE = re.compile(
    r"(?:增加|减少|增长|下降|上升|提高|降低|净增|同比增|同比减|多|少|增至|降至|升至|增到|减为|减至|变为|增幅|降幅|较|比|由|从)"
    r"(?:了|到|约|近|出|为)?$"
)
OTHER_TIME = re.compile(
    r"历年|近[一二三四五两几\d]+年|(?<!今年)以来|五年来|年均|月均|日均|平均|下一步|明年|计划|拟|力争|目标"
)
CUMULATED = re.compile(r"累计")
WHOLE_YEAR = re.compile(r"全年|本年|今年|年度|一年来|年共|年累计")
# Which year the words are about: the last one named decides, a comparison or a carry-over aside.
YEAR_MEANT = re.compile(
    r"(?P<this>本年|今年|全年|年内)"
    r"|(?<![较比与同由从])(?:(?P<year>20\d\d)年(?:度)?|(?P<last>上一?年度?|去年|往年))"
    r"(?!度|(?:末|底)?(?:未办结|未结)?(?:的)?(?:结转|转结|转入|转)|相比|同期|末|底|以来|至|—|增|减|多|少)"
    r"|(?P<end>(?:上一?年|去年|20\d\d年)(?:末|底)?(?:尚未|未)审结)"
)
AREA = re.compile(
    r"全市|全省|全县|全区|全州|全盟|全旗|全镇|全系统|各县|各区|各市|各部门|各单位|各级|各镇|各乡|各街道|县（市、区）|"
    r"县（区）|市直|区直|县直|下属|所属|直属|系统内|辖区|指导"
)
BODY = re.compile(r"(?:局|委|办|镇|乡|街道|县|区|厅|处|科|所|站|中心|公司|学校|医院|部门|本级|办公室)(?:的|为)?$")
BODY_DID = re.compile(
    r"(?<![我本全各])(?:局|委|厅|处|镇|乡|街道|中心|大队|公司|医院|学校|[市县区](?=[^市县区]{0,2}(?:收|受|办|答)))"
    r"(?:共|全年|本年|新|累计|分别)*(?:收到|受理|接到|接收|新收|办结|答复)"
)
CHANNEL = re.compile(r"网上|网络|在线|线上|平台|信函|邮寄|邮政|当面|现场|传真|邮箱|邮件|来函|窗口|电话|渠道|网站|线下")
OTHER_MATTER = re.compile(
    r"咨询|留言|来信|建议|提案|信箱|热线|投诉|12345|信访|举报|来电|来访|诉求|问政|公文|属性|评论|私信|意见|问卷|招标|"
    r"许可|登记证|备案审查|减免|培训|补正|会商|征求"
)
ON_APPLICATIONS = re.compile(
    r"信息公开申请|依申请公开(?:政府信息|信息)?(?:申请|信件|件|事项|方面|工作|情况|\d)|公开申请|申请公开|申请信息公开"
)
OTHER_TOPIC = re.compile(r"咨询|留言|来信|建议|提案|信箱|热线|投诉|12345|信访|来电|来访|诉求|问政|问卷|公文")
REVIEWING = re.compile(
    r"备案|审理|审结|受理|办理|代理|应诉|指导|调解|出庭|听证|承办|化解|新收|收到|作为复议机关|复议机关"
)
DISCLOSURE = re.compile(r"信息公开|依申请公开|政务公开|公开申请|公开工作")
REVIEW_TRAP = re.compile(r"一审|二审|再审|上诉|应诉|尚未审结|未审结|备案|败诉|撤诉|复议和诉讼纠错")

INTAKE_LEADS = _compiled(
    {
        "carried_out": (
            r"(?:结转|转入|转)(?:至|到|入)?(?:下一?年度?|次年|来年)(?:继续)?(?:办理)?(?:的)?"
            rf"(?:{APPLICATION})?{FILL}"
        ),
        "carried_in": (
            r"(?:上一?年度?|去年|20\d\d年度?)(?:末|底)?(?:未办结|未结)?(?:的)?(?:结转|转结|转入|转)"
            rf"(?:下来|至本年度?|到本年度?|本年度?)?(?:继续办理)?(?:的)?(?:{APPLICATION})?{FILL}"
        ),
        "new": rf"新(?:收到|收|接收|接到|受理|增|提交)(?:的)?(?:[^，；：]{{0,18}}?{APPLICATION})?{FILL}",
        "intake": rf"(?:收办|应办理?|应办总|应答复)(?:的)?(?:[^，；：]{{0,18}}?{APPLICATION})?{FILL}",
        "received": rf"(?:收到|接到|接收|受理|收取|收悉|登记|收件)(?:了|的)?(?:[^，；：]{{0,28}}?){APPLICATION}{FILL}",
        "handled": rf"办理(?:了|的)?(?:[^，；：]{{0,18}}?){APPLICATION}{FILL}",
        "processed": rf"(?:办结|办理完毕|答复|办复|处理完毕)(?:了|的)?(?:[^，；：]{{0,18}}?{APPLICATION})?{FILL}",
    }
)
INTAKE_TAILS = _compiled(
    {
        "carried_out": (
            r"^(?:申请)?(?:正在办理|尚在办理|在办|未到期|尚在期限之内)?(?:中)?(?:，)?(?:已)?"
            r"(?:结转|转入|转)(?:至|到|入)?(?:下一?年度?|次年|来年)"
        ),
        "carried_in": (
            r"^(?:申请)?(?:为|系|是|属)(?:上一?年度?|去年|20\d\d年度?)(?:末|底)?(?:未办结)?(?:的)?(?:结转|转结|转入)(?!后)"
        ),
    }
)
RESULTS = {
    "予以公开": r"(?<!部分)(?:予以公开|同意公开|准予公开|全部公开|答复公开)",
    "部分公开": r"部分(?:予以)?公开|区分处理",
    "不予公开": r"不予公开|不公开|不同意公开",
    "无法提供": r"无法提供|信息不存在",
    "不予处理": r"不予处理|不予受理",
    "其他处理": r"(?:其他|其它)(?:方式)?处理|作其他处理",
}
RESULT = _compiled(RESULTS)
RESULT_END = re.compile(rf"(?:{'|'.join(RESULTS.values())})(?:决定|答复|处理)?(?:的)?(?:{APPLICATION})?(?:的)?{FILL}")
RESULT_TAIL = re.compile(
    rf"^(?:申请)?(?:被|作|作出|予|决定|依法|属|属于|为|系|因故)*(?:{'|'.join(RESULTS.values())})(?:$|的|决定|答复|申请|处理)"
)
REASON = re.compile(
    r"秘密|法律|法规|禁止|安全|稳定|第三方|商业|隐私|内部事务|过程性|案卷|查询|不掌握|另行制作|不明确|信访|举报|投诉|重复|"
    r"出版物|反复|重新出具|逾期|补正|缴费|费用|撤回|撤销申请|因"
)
APPLICANTS = _compiled(
    {
        "natural_person": rf"(?:自然人|公民|个人)(?:提出|提交|申请)?(?:的)?{FILL}",
        "commercial": rf"商业企业(?:提出|提交|申请)?(?:的)?{FILL}",
        "research": rf"科研机构(?:提出|提交|申请)?(?:的)?{FILL}",
        "social": rf"社会公益组织(?:提出|提交|申请)?(?:的)?{FILL}",
        "legal_service": rf"法律服务机构(?:提出|提交|申请)?(?:的)?{FILL}",
        "organisations": rf"法人(?:或|和|及|、)?其[他它]组织(?:提出|提交|申请)?(?:的)?{FILL}",
    }
)
REVIEW_END = re.compile(rf"行政(?P<kind>复议|诉讼)(?:的)?(?:案件|申请|案|事项)?(?:的)?{FILL}")
BOTH_REVIEWS = re.compile(
    rf"行政复议(?:案件|申请)?(?:、|和|及|与|或|以及|或者)(?:提起)?(?:行政)?诉讼(?:案件)?(?:的)?{FILL}"
)
OUTCOMES = _compiled(
    {
        "upheld": rf"(?:结果)?维持(?:原行政行为|原决定)?(?:的)?{FILL}",
        "corrected": rf"(?:结果)?(?:纠正|纠错)(?:的)?{FILL}",
        "other": rf"其[他它]结果(?:的)?{FILL}",
        "pending": rf"(?:尚未|未)审结(?:的)?{FILL}",
    }
)
