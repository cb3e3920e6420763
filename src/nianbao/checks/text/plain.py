"""Whether every word of a statement is known: only then may what disagrees with it be a ``fail``.

A word that is not in the list here may say whose a count is, of what time, of which part, or of what else; no rule can
tell. The list holds what leaves a count the office's own, of the whole year, of all requests (or of one row of the
tables).
"""

from __future__ import annotations

import re
from functools import lru_cache

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import MEASURES
from nianbao.checks.text.sentences import Sentence
from nianbao.checks.text.statements import Setting

# Who: the office, or the whole area where its report is on that.
_OURS = r"(?:我|本)(?:局|委|办|厅|院|镇|乡|街道|县|市|区|单位|机关|级|中心|州|旗|站|队|所|省|会|行政机关)(?:政府|机关)?"
_AREA = r"全(?:市|省|县|区|州|盟|旗|镇|乡|街道)(?:各级行政机关)?"
# When: the year of the report, as a whole; what is said of next year is the result of being handed on.
_WHEN = (
    r"(?:本|当)年度?|年度|今年(?:以来)?|全年|年内|一年来|1月1日(?:至|到)12月31日|截[至止]目前|目前|"
    r"(?:截[至止])?(?:20\d\d年)?(?:年底|年末|底|末|12月(?:31日|底))"
)
# The year before: in a comparison, or as where requests were handed on from.
_LAST = r"(?:上一?年度?|去年)(?:同期|末|底)?"
_COMPARED = (
    r"同比|(?:比|较|与|同|和|由|从)(?=上|去|20)|相比|持平|增加|减少|增长|下降|上升|提高|降低|增幅|降幅|增至|降至|净增|"
    r"多|少|增|减|升|降|率"
)
_VERBS = (
    r"新?(?:收到|接到|接收|受理|接受|收取|收办|登记|收)|办结|应?办理(?:完毕|完成)?|答复|办复|处理(?:完毕)?|回复|办毕|"
    r"应办|作出|制定|制发|印发|出台|制作|发布|废止|宣布失效|失效|实施|结转|转入|转结|遗留|继续|发生|引发|引起|提起|提出|提交|"
    r"公开|维持|纠正|纠错|审结|审理|起诉|直接|被|予以|作|占|不服|收取|征收|收费|开展|产生|出现|涉及"
)
_NOUNS = (
    rf"{vocab.APPLICATION}|{vocab.ANY_RESULT}|(?:政府)?信息(?:公开)?(?:工作)?|政务公开|"
    r"(?:政府)?规章|(?:行政)?规范性文件|现行(?:有效)?|有效|行政(?:许可|处罚|强制)(?:措施)?|行政事业性收费|信息处理费|"
    r"行政(?:复议|诉讼)|复议后?|诉讼|未经|案件?|行为|原|决定|结果|"
    r"文件|[甲乙丙丁]类|自然人|公民|法人|其[他它]组织|商业企业|企业|科研机构|社会公益组织|法律服务机构|组织|其[他它]|"
    r"国家秘密|法律(?:、?行政)?法规禁止|三安全一稳定|第三方(?:合法权益)?|商业秘密|个人隐私|内部事务(?:信息)?|"
    r"过程性信息|行政执法案卷|行政查询事项|本(?:机关|单位)不掌握(?:相关)?(?:政府信息)?|没有现成信息(?:需要另行制作)?|信息不存在|"
    r"补正后申请内容仍不明确|信访(?:举报|投诉)?类?|重复申请|反复申请|逾期不补正|总数|总量|数量|件数|金额|情况|事项|信件"
)
_SMALL = (
    r"方面|悉数|含|转(?=[至到入])|"
    r"共计?|总(?:计|额)?|合计|累计|均|都|已|全部|所有|依法|按期|按时|按规定|及时|法定期限内|其中|分别|尚|未|没有|无|不|任何|过|"
    r"的|了|为|是|有|达到?|计|等|因|由|对|向|并|且|和|及|与|或者?|以及|、|系|属于?|类|于|在|至|到|下|其余|剩余|余|需|"
    r"分|按|从|看|新|人|次|量|项|另|即|前|后|个|百分点|以上|申请人|情形|中|内|以"
)
_SIGNS = r"[，；：。（）\d.%“”□、\-~]|[一二两三四五六七八九十百千万亿零〇]+"
_REVIEW = re.compile(r"(?:行政)?(?:复议|诉讼)")
_CLAUSE_END = re.compile(r"[，；：（）]")
_NEXT = r"下一?年度?|次年|来年|跨年度?"


@lru_cache(maxsize=256)
def _known(year: int, area_is_ours: bool, names: tuple[str, ...]) -> re.Pattern[str]:
    ours = [re.escape(name) for name in names] + [_OURS, *([_AREA] if area_is_ours else [])]
    years = rf"(?:{year}|{year - 1}|{year + 1})年度?"
    words = [*ours, years, _WHEN, _LAST, _NEXT, _NOUNS, _VERBS, _COMPARED, _SMALL, MEASURES, _SIGNS]
    return re.compile("|".join(words))


def unknown_words(sentence: Sentence, setting: Setting, end: int) -> str:
    """The first words of the sentence, up to the clause of ``end``, that the list lacks; empty if it has them all."""
    known = _known(setting.year, setting.area_is_ours, setting.own_names)
    text, position, begun = sentence.text, 0, -1
    stop = _CLAUSE_END.search(text, end)
    last = stop.start() if stop else len(text)
    while position < last:
        match = known.match(text, position, last)
        if match:
            if begun >= 0:
                break
            position = match.end()
        else:
            begun = position if begun < 0 else begun
            position += 1
    if begun >= 0:
        return text[begun:position]
    # Reviews and lawsuits may be of any act of the office.
    review = _REVIEW.search(text, 0, last)
    return review[0] if review and setting.slug != "review" and not vocab.DISCLOSURE.search(text, 0, last) else ""
