"""Owns statements without a digit: that there was none (未发生, 无, 未收到), and that all was done (均已办结).

May import: checks.text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nianbao.checks.text.claims import Setting
from nianbao.checks.text.flat import Sentence
from nianbao.checks.text.vocabulary import APPLICATION

_NO = r"(?:未|没有|无|均未|暂未|暂无|均无|尚未|从未|不存在|未曾)"
_HAPPENED = r"(?:新)?(?:发生|出现|产生|引发|收到|接到|受理|接收|涉及|发现|有|被|提起|提出|申请)*(?:过|任何|一起|1起)*"
_NEUTRAL = (
    r"(?:过|任何|公民|个人|法人|社会|群众|或|和|及|、|者|其他|其它|组织|单位|以|的|提出|提交|书面|网上|形式|各类|关于|有关|本年|"
    r"申请人|因|政府|信息公开|申请公开|要求|当面|线上|线下|通过|渠道|电子)*"
)
_NEW = re.compile(
    rf"{_NO}(?:新)?(?:收到|接到|受理|接收|收|有)(?:过|到)?{_NEUTRAL}{APPLICATION}(?P<after>[^，、：（）]*)"
)
_NEW_ALONE = re.compile(
    rf"^(?:[^，：]{{0,10}}(?:年度?|本单位|本机关|我.))?{_NO}(?:政府信息)?依申请公开(?:政府信息)?(?:申请|事项|件|情况|信件)?$"
)
_REVIEW = re.compile(rf"{_NO}{_HAPPENED}(?:过)?(?P<matter>[^，：；]*?(?:复议|诉讼)[^，：；]*)")
_REVIEW_AFTER = re.compile(
    rf"(?P<matter>(?:因|由|涉及)?[^，：；]*?(?:复议|诉讼)[^，：；]*?)(?:案件|情况|事项|申请)?(?:均|都|也|全年|本年)*"
    rf"{_NO}(?:发生|出现|产生|收到|涉及)(?!.*(?:纠正|败诉))"
)
_REVIEW_NOT = re.compile(r"纠正|败诉|撤销|变更|违法|责令|维持|纠错|未经|上诉|二审|尚未|逾期|审结")
_DISCLOSURE = re.compile(r"信息公开|依申请公开|政务公开|公开工作|公开申请")
_DOCUMENTS = re.compile(
    rf"{_NO}(?:新)?(?:制定|制发|制作)(?:过|任何|新的|的|出台|发布)*(?P<documents>(?:政府)?规章(?!制度)|(?:行政)?规范性文件)"
    r"(?:[、和或及与]+(?P<more>(?:行政)?规范性文件|规章(?!制度)))?"
)
_DECISIONS = re.compile(
    rf"{_NO}(?:作出|实施|办理|开展)(?:过|任何)?行政(?P<kind>许可|处罚|强制)(?!.{{0,6}}(?:复议|诉讼))"
)
_CARRIED_OUT = re.compile(r"(?:无|没有|未有)(?:申请)?(?:需)?结转(?:至|到)?(?:下一?年度?|次年)")
_CARRIED_IN = re.compile(r"(?:无|没有|未有)(?:上一?年度?)结转")
_DONE = re.compile(
    r"(?:全部|均已|均|都已|已全部|全都|悉数)(?:得到|予以|已)?(?P<how>(?:依法|依规|按时|按期|按照?规定|及时|在[^，；]{0,14}?内|如期|规范|妥善|依法依规)*)"
    r"(?:进行)?(?:予以)?(?:办结|答复|办理完毕|办复|处理完毕|办理完成)"
)
_IN_TIME = re.compile(r"按时|按期|期限|时限|如期|规定时间|内")
_DONE_OTHER = re.compile(
    r"到期|建议|提案|咨询|留言|来信|信访|投诉|问题|整改|热线|信箱|事项清单|任务|上一?年|结转|问政|诉求|转办"
)
_PART_ONLY = re.compile(r"减免|重复|补正|不予|涉密|延期|收费|第三方|反复|国家秘密|不公开")
_AREA = re.compile(r"各县|各区|各市|各部门|各单位|各镇|各乡|下属|所属|直属")


@dataclass(frozen=True)
class Nothing:
    """A statement that quantities are zero; ``done`` marks one that all was done, nothing carried over."""

    quantities: tuple[str, ...]
    certain: bool
    start: int
    end: int
    printed: str
    done: bool = False


def nothings(sentence: Sentence, setting: Setting) -> list[Nothing]:
    """The statements of the sentence that there was none of something."""
    text = sentence.text
    if _AREA.search(text):
        return []
    placed = sentence.part == "依申请公开" or setting.slug in {"applications", "review"}
    found = [*_applications(text), *_reviews(text, placed=placed), *_tables(text), *_done(text, placed=placed)]
    last_year = re.compile(rf"上一?年度?(?!结转)|去年|20(?!{setting.year % 100:02d})\d\d年(?!度?结转)")
    return [
        entry for entry in found if not last_year.search(re.split(r"[，：]", text[: entry.start])[-1] + entry.printed)
    ]


def _applications(text: str) -> Iterator[Nothing]:
    for match in _NEW.finditer(text):
        if not _PART_ONLY.search(match[0]) and match["after"] in {"", "事项", "件", "信件", "情况", "数量", "的情况"}:
            yield Nothing(("new",), True, match.start(), match.end(), match[0])
    for start, clause in _clauses(text):
        if _NEW_ALONE.match(clause):
            yield Nothing(("new",), True, start, start + len(clause), clause)


def _reviews(text: str, *, placed: bool) -> Iterator[Nothing]:
    for pattern in (_REVIEW, _REVIEW_AFTER):
        for match in pattern.finditer(text):
            if _REVIEW_NOT.search(match[0]) or re.search(r"\d", match[0]):
                continue
            named = (("复议", "reconsideration.total"), ("诉讼", "litigation.total"))
            wanted = tuple(quantity for word, quantity in named if word in match["matter"])
            # 未发生A，B均… : the clause alone decides; its subject may stand in the sentence before it.
            sure = placed or _DISCLOSURE.search(text[: match.end()]) is not None
            if wanted:
                yield Nothing(wanted, sure, match.start(), match.end(), match[0])


def _tables(text: str) -> Iterator[Nothing]:
    for match in _DOCUMENTS.finditer(text):
        words = (match["documents"] or "") + (match["more"] or "")
        rows = [row for row, word in (("regulations", "规章"), ("normative_documents", "文件")) if word in words]
        yield Nothing(tuple(f"{row}.made" for row in rows), True, match.start(), match.end(), match[0])
    kinds = {"许可": "licences", "处罚": "penalties", "强制": "coercive_measures"}
    for match in _DECISIONS.finditer(text):
        quantity = f"{kinds[match['kind']]}.decisions"
        yield Nothing((quantity,), False, match.start(), match.end(), match[0])
    for pattern, quantity in ((_CARRIED_OUT, "carried_out"), (_CARRIED_IN, "carried_in")):
        for match in pattern.finditer(text):
            yield Nothing((quantity,), True, match.start(), match.end(), match[0])


def _done(text: str, *, placed: bool) -> Iterator[Nothing]:
    for match in _DONE.finditer(text):
        clause = re.split(r"[：]", text[: match.start()])[-1]
        about = re.search(APPLICATION, text[: match.start()]) if not placed else True
        # 均按期办结 is true with cases in hand whose term is not over.
        if not about or _DONE_OTHER.search(clause[-30:]) or _IN_TIME.search(match["how"] or ""):
            continue
        if re.search(r"其中|其余", re.split(r"，", clause)[-1]):
            continue
        sure = re.search("申请|收到|受理", clause) is not None
        yield Nothing(("carried_out",), sure, match.start(), match.end(), match[0], done=True)


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    position = 0
    for clause in re.split(r"[，：]", text):
        yield position, clause
        position += len(clause) + 1
