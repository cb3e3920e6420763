"""Owns the reading of counts: which quantity of the tables a count in a sentence states, and how sure that is.

May import: checks.text. The verb decides; where the words leave a doubt the claim is not certain, and where they
name something else there is no claim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from nianbao.checks.text.counts import Count
from nianbao.checks.text.flat import Sentence

APPLICATION = (
    r"(?:政府信息公开(?:的)?申请|政府信息依申请公开(?:申请)?|依申请公开(?:政府信息|信息)?(?:的)?(?:申请|信件|事项|办件)?"
    r"|(?:政府)?信息公开(?:的)?申请|公开申请|依申请|政府信息申请|申请)"
)
_FILL = (
    r"(?:的|为|有|是|共|共计|总计|合计|计|达|达到|数量|总数|总量|件数|案件|事项|信件|情况|各类|全年|：|，(?=共|总|合)|"
    r"已|人|了)*$"
)
_APPLICATION_COUNTERS = frozenset({"件", "宗", "起", "条", "份", "个", "例", "件次", "次", "项"})
_CASE_COUNTERS = frozenset({"件", "宗", "起", "例", "个", "次"})
_DOCUMENT_COUNTERS = frozenset({"件", "部", "个", "份", "项"})
_DECISION_COUNTERS = frozenset({"件", "宗", "起", "例", "件次", "次"})


@dataclass(frozen=True)
class Claim:
    """A count read as a quantity; ``also`` are quantities that the same words may mean as well.

    ``parts`` are several that it is the sum of; ``reason`` are words that single out one row of a group.
    """

    count: Count
    quantity: str
    certain: bool
    also: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Setting:
    """What a sentence is about as far as its place tells: the section, the year, and whose report it is.

    ``covers_area``: the tables are those of a whole area; ``area_is_ours``: 全市 may mean the office's own tables.
    ``paragraph`` are the sentences before this one in its paragraph, which may say what it goes on about.
    """

    slug: str
    year: int
    covers_area: bool = False
    area_is_ours: bool = False
    own_names: tuple[str, ...] = ()
    paragraph: str = ""


def _compiled(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


# A difference, a plan or a sum over years is no count of this year.
_DIFFERENCE = re.compile(
    r"(?:增加|减少|增长|下降|上升|提高|降低|净增|同比增|同比减|多|少|增至|降至|升至|增到|减为|减至|变为|增幅|降幅|较|比|由|从)"
    r"(?:了|到|约|近|出|为)?$"
)
_OTHER_TIME = re.compile(
    r"历年|近[一二三四五两几\d]+年|(?<!今年)以来|五年来|年均|月均|日均|平均|下一步|明年|计划|拟|力争|目标"
)
_CUMULATED = re.compile(r"累计")
_WHOLE_YEAR = re.compile(r"全年|本年|今年|年度|一年来|年共|年累计")
# Which year the words are about: the last one named decides, a comparison or a carry-over aside.
_YEAR_MEANT = re.compile(
    r"(?P<this>本年|今年|全年|年内)"
    r"|(?<![较比与同由从])(?:(?P<year>20\d\d)年(?:度)?|(?P<last>上一?年度?|去年|往年))"
    r"(?!度|(?:末|底)?(?:未办结|未结)?(?:的)?(?:结转|转结|转入|转)|相比|同期|末|底|以来|至|—|增|减|多|少)"
    r"|(?P<end>(?:上一?年|去年|20\d\d年)(?:末|底)?(?:尚未|未)审结)"
)
_AREA = re.compile(
    r"全市|全省|全县|全区|全州|全盟|全旗|全镇|全系统|各县|各区|各市|各部门|各单位|各级|各镇|各乡|各街道|县（市、区）|"
    r"县（区）|市直|区直|县直|下属|所属|直属|系统内|辖区|指导"
)
_BODY = re.compile(r"(?:局|委|办|镇|乡|街道|县|区|厅|处|科|所|站|中心|公司|学校|医院|部门|本级|办公室)(?:的|为)?$")
_BODY_DID = re.compile(
    r"(?<![我本全各])(?:局|委|厅|处|镇|乡|街道|中心|大队|公司|医院|学校|[市县区](?=[^市县区]{0,2}(?:收|受|办|答)))"
    r"(?:共|全年|本年|新|累计|分别)*(?:收到|受理|接到|接收|新收|办结|答复)"
)
_CHANNEL = re.compile(r"网上|网络|在线|线上|平台|信函|邮寄|邮政|当面|现场|传真|邮箱|邮件|来函|窗口|电话|渠道|网站|线下")
_OTHER_MATTER = re.compile(
    r"咨询|留言|来信|建议|提案|信箱|热线|投诉|12345|信访|举报|来电|来访|诉求|问政|公文|属性|评论|私信|意见|问卷|招标|"
    r"许可|登记证|备案审查|减免|培训|补正|会商|征求"
)
_ON_APPLICATIONS = re.compile(
    r"信息公开申请|依申请公开(?:政府信息|信息)?(?:申请|信件|件|事项|方面|工作|情况|\d)|公开申请|申请公开|申请信息公开"
)
_OTHER_TOPIC = re.compile(r"咨询|留言|来信|建议|提案|信箱|热线|投诉|12345|信访|来电|来访|诉求|问政|问卷|公文")
_REVIEWING = re.compile(
    r"备案|审理|审结|受理|办理|代理|应诉|指导|调解|出庭|听证|承办|化解|新收|收到|作为复议机关|复议机关"
)
_DISCLOSURE = re.compile(r"信息公开|依申请公开|政务公开|公开申请|公开工作")
_REVIEW_TRAP = re.compile(r"一审|二审|再审|上诉|应诉|尚未审结|未审结|备案|败诉|撤诉|复议和诉讼纠错")

_INTAKE_LEADS = _compiled(
    {
        "carried_out": rf"(?:结转|转入|转|结转至|结转到|转至)(?:至|到|入)?(?:下一?年度?|次年|下一年度|来年)(?:继续)?(?:办理)?(?:的)?(?:{APPLICATION})?{_FILL}",
        "carried_in": rf"(?:上一?年度?|去年|20\d\d年度?)(?:末|底)?(?:未办结|未结)?(?:的)?(?:结转|转结|转入|转)(?:下来|至本年度?|到本年度?|本年度?)?(?:继续办理)?(?:的)?(?:{APPLICATION})?{_FILL}",
        "new": rf"新(?:收到|收|接收|接到|受理|增|提交)(?:的)?(?:[^，；：]{{0,18}}?{APPLICATION})?{_FILL}",
        "intake": rf"(?:收办|应办理?|应办总|应答复)(?:的)?(?:[^，；：]{{0,18}}?{APPLICATION})?{_FILL}",
        "received": rf"(?:收到|接到|接收|受理|收取|收悉|登记|收件)(?:了|的)?(?:[^，；：]{{0,28}}?){APPLICATION}{_FILL}",
        "handled": rf"办理(?:了|的)?(?:[^，；：]{{0,18}}?){APPLICATION}{_FILL}",
        "processed": rf"(?:办结|办理完毕|答复|办复|处理完毕)(?:了|的)?(?:[^，；：]{{0,18}}?{APPLICATION})?{_FILL}",
    }
)
_INTAKE_TAILS = _compiled(
    {
        "carried_out": r"^(?:申请)?(?:正在办理|尚在办理|在办|未到期|尚在期限之内)?(?:中)?(?:，)?(?:已)?(?:结转|转入|转)(?:至|到|入)?(?:下一?年度?|次年|来年)",
        "carried_in": r"^(?:申请)?(?:为|系|是|属)(?:上一?年度?|去年|20\d\d年度?)(?:末|底)?(?:未办结)?(?:的)?(?:结转|转结|转入)",
    }
)
_RESULTS = {
    "予以公开": r"(?<!部分)(?:予以公开|同意公开|准予公开|全部公开|答复公开)",
    "部分公开": r"部分(?:予以)?公开|区分处理",
    "不予公开": r"不予公开|不公开|不同意公开",
    "无法提供": r"无法提供|信息不存在",
    "不予处理": r"不予处理|不予受理",
    "其他处理": r"(?:其他|其它)(?:方式)?处理|作其他处理",
}
_RESULT = _compiled(_RESULTS)
_RESULT_END = re.compile(
    rf"(?:{'|'.join(_RESULTS.values())})(?:决定|答复|处理)?(?:的)?(?:{APPLICATION})?(?:的)?{_FILL}"
)
_RESULT_TAIL = re.compile(
    rf"^(?:申请)?(?:被|作|作出|予|决定|依法|属|属于|为|系|因故)*(?:{'|'.join(_RESULTS.values())})(?:$|的|决定|答复|申请|处理)"
)
_REASON = re.compile(
    r"秘密|法律|法规|禁止|安全|稳定|第三方|商业|隐私|内部事务|过程性|案卷|查询|不掌握|另行制作|不明确|信访|举报|投诉|重复|"
    r"出版物|反复|重新出具|逾期|补正|缴费|费用|撤回|撤销申请|因"
)
_APPLICANTS = _compiled(
    {
        "natural_person": rf"(?:自然人|公民|个人)(?:提出|提交|申请)?(?:的)?{_FILL}",
        "commercial": rf"商业企业(?:提出|提交|申请)?(?:的)?{_FILL}",
        "research": rf"科研机构(?:提出|提交|申请)?(?:的)?{_FILL}",
        "social": rf"社会公益组织(?:提出|提交|申请)?(?:的)?{_FILL}",
        "legal_service": rf"法律服务机构(?:提出|提交|申请)?(?:的)?{_FILL}",
        "organisations": rf"法人(?:或|和|及|、)?其[他它]组织(?:提出|提交|申请)?(?:的)?{_FILL}",
    }
)
_REVIEW_END = re.compile(rf"行政(?P<kind>复议|诉讼)(?:的)?(?:案件|申请|案|事项)?(?:的)?{_FILL}")
_BOTH_REVIEWS = re.compile(
    rf"行政复议(?:案件|申请)?(?:、|和|及|与|或|以及|或者)(?:提起)?(?:行政)?诉讼(?:案件)?(?:的)?{_FILL}"
)
_OUTCOMES = _compiled(
    {
        "upheld": rf"(?:结果)?维持(?:原行政行为|原决定)?(?:的)?{_FILL}",
        "corrected": rf"(?:结果)?(?:纠正|纠错)(?:的)?{_FILL}",
        "other": rf"其[他它]结果(?:的)?{_FILL}",
        "pending": rf"(?:尚未|未)审结(?:的)?{_FILL}",
    }
)


class Reader:
    """Reads the counts of one sentence from left to right; what was read before helps to read what follows."""

    def __init__(self, sentence: Sentence, counts: list[Count], setting: Setting) -> None:
        self.sentence = sentence
        self.counts = counts
        self.setting = setting
        self.claims: list[Claim] = []
        self._elsewhen: set[int] = set()

    @cached_property
    def about_applications(self) -> bool:
        """Whether the sentence speaks of applications for disclosure, by its place or by its words."""
        if self.setting.slug == "applications" or self.sentence.part == "依申请公开":
            return True
        return _ON_APPLICATIONS.search(self.setting.paragraph + self.sentence.text) is not None

    @cached_property
    def about_disclosure(self) -> bool:
        """Whether reviews and lawsuits in the sentence are on disclosure, by its place or by its words."""
        placed = self.setting.slug in {"review", "applications"} or self.sentence.part == "依申请公开"
        return placed or _DISCLOSURE.search(self.setting.paragraph + self.sentence.text) is not None

    def read(self) -> list[Claim]:
        """The claims of the sentence."""
        for count in self.counts:
            if count.unit in {"%", "元", "万元", "亿元", "个百分点", "人次"} or not count.exact or self.elsewhen(count):
                continue
            if self.elsewhere(count):
                continue
            claim = self._intake(count) or self._result(count) or self._applicant(count) or self._review(count)
            if claim is not None:
                self.claims.append(claim)
        return self.claims

    def elsewhen(self, count: Count) -> bool:
        """Whether the count is a difference, a plan, of another year, or a sum over years."""
        if _DIFFERENCE.search(count.lead) or _OTHER_TIME.search(count.clause):
            return True
        if _CUMULATED.search(count.clause) and not _WHOLE_YEAR.search(count.before):
            return True
        joined = count.lead[:1] in {"、", "和", "及", "与"} and count.index - 1 in self._elsewhen
        if joined or self._of_another_year(count):
            self._elsewhen.add(count.index)
            return True
        return False

    def _of_another_year(self, count: Count) -> bool:
        meant = None
        for match in _YEAR_MEANT.finditer(count.before):
            meant = match
        if meant is None or meant["this"]:
            return False
        return not meant["year"] or int(meant["year"]) != self.setting.year

    def doubtful(self, count: Count) -> bool:
        """Whether the count may be of the whole area, of another body, or by one channel only."""
        area = not self.setting.covers_area and _AREA.search(count.before) is not None
        channel = _CHANNEL.search(count.clause) is not None and not re.search(r"共|总|全年", count.clause)
        before = self._without_own_name(count.before)
        return area or channel or _BODY.search(count.clause) is not None or _BODY_DID.search(before) is not None

    def elsewhere(self, count: Count) -> bool:
        """Whether the count is of a whole area that is not the office's own."""
        return not self.setting.area_is_ours and _AREA.search(count.before) is not None

    def _without_own_name(self, text: str) -> str:
        for name in self.setting.own_names:
            text = text.replace(name, "本机关")
        return text

    def _claim(self, count: Count, quantity: str, *, sure: bool = True, also: tuple[str, ...] = ()) -> Claim:
        return Claim(count, quantity, sure and not self.doubtful(count), also)

    def _intake(self, count: Count) -> Claim | None:
        if not self.about_applications or count.unit not in _APPLICATION_COUNTERS:
            return None
        for name, pattern in _INTAKE_TAILS.items():
            if pattern.search(count.tail):
                return self._claim(count, name)
        match_of = {name: pattern.search(count.lead) for name, pattern in _INTAKE_LEADS.items()}
        found = next((name for name, match in match_of.items() if match), None)
        if found is None or (found != "carried_out" and self._of_other_matter(count)):
            return None
        if found in {"received", "handled"}:
            return self._received(count, found)
        if found == "carried_in" and self._wrong_year(count):
            return None
        if found == "processed":
            return self._processed(count)
        return self._claim(count, found)

    def _wrong_year(self, count: Count) -> bool:
        years = re.findall(r"(20\d\d)年度?(?:末|底)?(?:未办结)?(?:的)?结?转", count.lead)
        return bool(years) and int(years[-1]) != self.setting.year - 1

    def _of_other_matter(self, count: Count) -> bool:
        """Whether the count is of enquiries, suggestions or the like: by its clause, or by what came last."""
        if _OTHER_MATTER.search(count.clause):
            return True
        return count.before.rfind("申请") < max(
            (match.end() for match in _OTHER_TOPIC.finditer(count.before)), default=-1
        )

    def _received(self, count: Count, found: str) -> Claim | None:
        """收到N件 is what is new, or all that was in hand where carried cases are named among them."""
        after = self.sentence.text[count.end :]
        among = re.match(
            r"[（，]?(?:其中|含|包括|包含|内含)[^；。]{0,12}?(?:\d+[件宗条份个起])?[^；。]{0,6}?(?:结转|转入)(?!下|至下|到下|次年)",
            after,
        )
        if among and "新收" not in after[: among.end()]:
            also = ("processed",) if found == "handled" else ()
            return self._claim(count, "intake", sure=found == "received", also=also)
        if found == "handled":
            return self._claim(count, "processed", sure=False, also=("intake", "new"))
        accepted = "受理" in count.lead and "收到" in count.before.removesuffix(count.lead)
        return self._claim(count, "new", sure=not accepted, also=("intake",))

    def _processed(self, count: Count) -> Claim | None:
        partial = re.search(r"按时|按期|逾期|延期|提前|网上|书面|口头|当日|当场|上一?年|结转", count.clause)
        if _RESULT_TAIL.search(count.tail) or re.search(r"其中", count.clause):
            return None
        return self._claim(count, "processed", sure=not partial)

    def _result(self, count: Count) -> Claim | None:
        if not self.about_applications or count.unit not in _APPLICATION_COUNTERS or self._of_other_matter(count):
            return None
        if re.search(r"公文|属性|文件", count.before):
            return None
        if not _RESULT_END.search(count.lead):
            if not (tail := _RESULT_TAIL.search(count.tail)) or re.search(r"[一-鿿]", count.clause.replace("其中", "")):
                return None
            names = [name for name, pattern in _RESULT.items() if pattern.search(tail[0])]
            return self._claim(count, names[0]) if len(names) == 1 else None
        stretch = re.split(r"[，：；]", count.lead)[-1]
        named = [name for name, pattern in _RESULT.items() if pattern.search(stretch)]
        if len(named) > 1:
            return Claim(count, named[0], certain=False, parts=tuple(named))
        if named and _REASON.search(stretch):
            return Claim(count, named[0], certain=False, reason=stretch)
        return self._claim(count, named[0]) if named else None

    def _applicant(self, count: Count) -> Claim | None:
        if not self.about_applications or not self.claims:
            return None
        parent = next((claim for claim in reversed(self.claims) if not claim.quantity.startswith("new.")), None)
        if parent is None or parent.quantity != "new":
            return None
        for column, pattern in _APPLICANTS.items():
            if pattern.search(count.lead):
                return self._claim(count, f"new.{column}", sure=parent.certain and not parent.also)
        return None

    def _review(self, count: Count) -> Claim | None:
        if not self.about_disclosure or count.unit not in _CASE_COUNTERS or _REVIEW_TRAP.search(count.lead):
            return None
        if both := _BOTH_REVIEWS.search(count.lead):
            return self._review_claim(count, "review.total", both.start())
        if single := _REVIEW_END.search(count.lead):
            kind = "reconsideration" if single["kind"] == "复议" else "litigation"
            return self._review_claim(count, f"{kind}.total", single.start())
        return self._outcome(count)

    def _review_claim(self, count: Count, quantity: str, start: int) -> Claim | None:
        words = re.split(r"[；：]", count.lead[:start])[-1]
        earlier = re.split(r"[；]", count.before)[-1]
        placed = self.setting.slug in {"review", "applications"} or self.sentence.part == "依申请公开"
        caused = re.search(r"因|被|引发|引起|涉及|提起|发生|产生", words) or placed
        reviewing = re.search(r"备案|审理|代理|应诉|指导|调解|出庭|复议机关", earlier) or _REVIEWING.search(
            count.clause
        )
        if reviewing and not _DISCLOSURE.search(count.clause):
            return None
        named = _DISCLOSURE.search(words) or placed
        return self._claim(count, quantity, sure=bool(caused and named) and not reviewing)

    def _outcome(self, count: Count) -> Claim | None:
        totals = [claim for claim in self.claims if claim.quantity.endswith(".total")]
        kinds = set(re.findall(r"复议|诉讼", count.before))
        for name, pattern in _OUTCOMES.items():
            if not pattern.search(count.lead) or not kinds:
                continue
            if re.search("诉讼", count.clause) and not re.search("复议", count.clause):
                kind = "litigation"
            elif re.search("复议", count.clause) and not re.search("诉讼", count.clause):
                kind = "reconsideration"
            elif len(kinds) == 1:
                kind = "reconsideration" if kinds == {"复议"} else "litigation"
            else:
                return None
            return self._claim(count, f"{kind}.{name}", sure=bool(totals) and totals[-1].certain)
        return None
