"""Tell which quantity of table 2 a count states: documents made, repealed, in force; decisions; charges."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from nianbao.checks.text.counts import MONEY, Count
from nianbao.checks.text.statements import DOUBT, Context, Reading, Span, State, Whose

_FILL = (
    r"(?:的|为|有|是|共|共计|总计|合计|计|达|达到|数量|总数|总量|件数|数|分别|了|：|，(?=共|总|合)|本年|年内|全年)*$"
)
_DOCUMENT = r"(?:(?<!法律)(?<!法规)(?:政府|地方政府)?规章(?!制度)|(?:行政)?规范性文件)"
# Words between an action and its document that change nothing: 制定本级政府行政规范性文件3件.
_BETWEEN = (
    r"(?:了|的|市|县|区|镇|乡|本级|政府|及其|及|办公室|（|）|以|名义|各类|新|本机关|本单位|"
    r"我局|我市|我县|我镇|有关|相关)*"
)
# What is done with documents, and whether the words leave no doubt that it is the column of the table.
_ACTIONS = {
    "made": (r"新?(?:制定|制发|制作)(?:并(?:公开|发布|印发|公布))?", True),
    "issued": (r"新?(?:出台|印发|发布|增)", False),
    "repealed": (r"(?:废止|宣布失效|失效)(?:和宣布失效|或宣布失效|失效)?", True),
    "in_force": (r"(?:现行有效|继续有效|有效)", True),
}
_ACTION_THEN_DOCUMENT = {
    name: re.compile(rf"{words}{_BETWEEN}(?P<documents>{_DOCUMENT}(?:[、和及与]{_BETWEEN}{_DOCUMENT})*){_FILL}")
    for name, (words, _) in _ACTIONS.items()
}
_DOCUMENTS = rf"(?P<documents>{_DOCUMENT}(?:[、和及与]{_DOCUMENT})*)"
_DOCUMENT_THEN_ACTION = {
    name: re.compile(rf"{_DOCUMENTS}(?:本年|今年|年内|全年|由|经|：|，)*{words}(?:的)?{_FILL}")
    for name, (words, _) in _ACTIONS.items()
}
_AT_THE_END = r"(?:截?至|截止)?(?:20\d\d年)?(?:年?底|年末|12月31日|目前)"
_BEFORE = rf"(?:[、，和及并且；]|(?:未|没有|无)废止(?:文件)?|同时|{_AT_THE_END}|全部|其中|本年度?|今年|20\d\d年度?)*"
_ACTION_ALONE = {
    name: re.compile(rf"^{_BEFORE}(?:新)?{words}(?:的)?(?:文件)?{_FILL}") for name, (words, _) in _ACTIONS.items()
}
# 行政规范性文件制发14件 and 14件行政规范性文件 after their verb.
_ACTION_END = {name: re.compile(rf"(?:{words})(?:了|的)*$") for name, (words, _) in _ACTIONS.items()}
_DOCUMENT_TAIL = re.compile(rf"^(?P<documents>{_DOCUMENT})(?=$|均|都|全部|已)")
_DOCUMENT_ALONE = re.compile(rf"^[、，和及与]*{_BETWEEN}(?P<documents>{_DOCUMENT}){_FILL}")
# Other things that are done with documents: these counts are in no cell.
_OTHER_DEED = re.compile(
    r"代|起草|审核|审查|清理|备案|解读|报送|修订|修改|公开|评估|征求|拟|草案|目录|库|收录|转发|学习|宣传|党|公布|集中|上级|会签"
)
_MEASURES = frozenset({"件", "部", "个", "份", "项"})
_DECISION_MEASURES = frozenset({"件", "宗", "起", "例", "件次", "次", "项"})
DECISIONS = {"许可": "licences", "处罚": "penalties", "强制": "coercive_measures"}
_DECISION = re.compile(
    r"(?P<verb>作出|实施|办理|办结|受理|处理|完成|下达|查处|执行|审批)?(?:了|的|各类|各项|全部)*"
    rf"行政(?P<kind>许可|处罚|强制)(?:措施)?(?:处理)?(?:决定|案件|案|执行)*(?:数量|办理)?{_FILL}"
)
# 全年许可140件，处罚2件; 12件行政处罚中
_SHORT_DECISION = re.compile(
    rf"(?:^|[、和及])(?:全[年市省县区镇乡]|本年度?|共|累计|作出|实施|办理|其中)*(?P<kind>许可|处罚|强制){_FILL}"
)
_DECISION_TAIL = re.compile(r"行政(?P<kind>许可|处罚|强制)(?:决定|案件)?(?:[中里均都全和与及]|$)")
# 行政许可、行政处罚、行政强制合计5907件.
_TOGETHER = re.compile(
    r"(?:[、和及与]?(?:行政)?(?:许可|处罚|强制)(?:措施)?){2,3}(?:决定|案件|事项|三项|三类|两项|两类)*(?:合计|共计|总计|共)(?:为|达)?$"
)
_SURE_VERBS = frozenset({"作出", "实施", "办理", "下达"})
_PUBLISHED = re.compile(r"公开|公示|上网|发布|公布|推送|归集|录入|报送")
_OTHER_COUNT = re.compile(r"信息|复议|诉讼|评查|案卷|抽查|培训|审核|平台|办件|简易|一般程序|涉企|领域|类$|其中")
_FEES = re.compile(r"行政事业性收费(?:总?金额|收入|总额)?(?:的)?(?:收取|征收)?(?:为|共|共计|合计|总计|计|是|：)*$")
_SCALES = {"元": 1, "万元": 10_000, "亿元": 100_000_000}


def read_table_two(state: State, count: Count) -> Reading | None:
    """The quantity of table 2 that the count states, or None."""
    found = _document(state, count) or _decision(state, count) or _fee(count)
    if found and re.search(r"以[^，；]{2,16}名义", count.lead):
        return Reading(found.quantities, sure=False, share=True)  # by whose name: a part
    whose, ours = state.context.whose, state.setting.area_is_ours
    if found is None or whose is Whose.UNSAID or whose is Whose.OWN or (whose is Whose.AREA and ours):
        partial = found is not None and state.context.span is Span.PART
        if partial and found is not None and found.if_alike:
            return None
        return Reading(found.quantities, sure=False, share=True) if found and partial else found
    of_area = whose is Whose.AREA
    elsewhere = found.if_alike or not (ours or of_area)
    return None if elsewhere else Reading(found.quantities, sure=False, share=True, of_area=of_area)


def _document(state: State, count: Count) -> Reading | None:
    if count.unit not in _MEASURES:
        return None
    lead, context = re.split(r"[；：]", count.lead)[-1], state.context
    for order in (_ACTION_THEN_DOCUMENT, _DOCUMENT_THEN_ACTION):
        for name, pattern in order.items():
            if match := pattern.search(lead):
                rows = _rows(match["documents"])
                context.action, context.document = name, rows[-1]
                before = re.split(r"[，、]", lead[: match.start()])[-1]
                if name == "repealed" and _CLEARED.fullmatch(before):
                    return Reading((f"{rows[0]}.repealed",), sure=False)
                return _made(name, rows, sure=not _OTHER_DEED.search(before))
    if behind := _DOCUMENT_TAIL.match(count.tail):
        for name, pattern in _ACTION_END.items():
            if pattern.search(count.clause) and not _OTHER_DEED.search(count.clause):
                context.action, context.document = name, _rows(behind["documents"])[-1]
                return _made(name, _rows(behind["documents"]), sure=True)
    return _document_going_on(state, lead, count.sentence.text[: count.start])


def _document_going_on(state: State, lead: str, before: str) -> Reading | None:
    """废止9件, 现行有效173件: of the documents named before."""
    context = state.context
    becomes = _IN_FORCE_BECOMES.search(before)
    if becomes and "规" in (becomes["documents"] or ""):
        context.document = _rows(becomes["documents"])[-1]
    named = re.findall(_DOCUMENT, before.removesuffix(lead))
    if context.document and named and _rows(named[-1])[-1] != context.document:
        context.document, context.action = _rows(named[-1])[-1], ""  # 规章8件；行政规范性文件净增5件，年末为64件
    if not context.document:
        return _document_alone(context, lead)
    for name, pattern in _ACTION_ALONE.items():
        if pattern.search(lead):
            context.action = name
            part = "其中" in lead  # 其中新制定3件、修订1件
            made = _made(name, (context.document,), sure=True)
            return replace(made, sure=False, share=True) if made and part else made
    if becomes or _LEFT_AT_THE_END.search(lead):
        return _made("in_force", (context.document,), sure=False)
    if context.action and (match := _DOCUMENT_ALONE.search(lead)):
        context.document = _rows(match["documents"])[-1]
        return _made(context.action, (context.document,), sure=lead.startswith("、"))
    if named := re.findall(_DOCUMENT, lead):  # what is done with it is not known, but what follows is of it
        context.document, context.action = _rows(named[-1])[-1], ""
    return None


def _document_alone(context: Context, lead: str) -> Reading | None:
    """Documents named first, with no word of what was done with them: most likely those in force."""
    named = _ON_HAND.search(lead) or _NO_DEED.fullmatch(lead)
    if named is None:
        return None
    context.document = _rows(named["documents"])[-1]
    in_force = Reading((f"{context.document}.in_force",), sure=False, doubt=DOUBT, if_alike=True)
    return in_force if _NO_DEED.fullmatch(lead) else None


# 规范性文件140件，较上年净增12件; 现有规范性文件5件, of which some may be told next.
_ON_HAND = re.compile(rf"(?:现有|共有|现存)(?P<documents>{_DOCUMENT}){_FILL}")
_NO_DEED = re.compile(rf"(?:全[市省县区镇]|我[市省县区镇局委])?(?P<documents>{_DOCUMENT})(?:共|总数|数量|为|有)*")
# 现行有效文件由上年末的17件增至20件: the second is what is in force now.
_IN_FORCE_BECOMES = re.compile(
    rf"(?:^|[，；])现行有效(?:的)?(?P<documents>{_DOCUMENT}|文件)?(?:总数|数量|总量)?(?:由|从)(?:(?:上一?年|去年|20\d\d年)(?:末|底)?的?)?"
    r"\d{1,5}[件个份部](?:增加?|减少?|[上下]?[升降]|变)[至到为]$"
)
# 年初90件，制发15件，废止3件，年末102件
_LEFT_AT_THE_END = re.compile("^[，、](?:年末|年底|期末)[共有为余计]*$")
# 清理废止 is one word for the deed, but the documents may be of earlier years or of departments.
_CLEARED = re.compile(r"(?:共|累计|年内|全年|本年度?)*(?:清理|集中清理)$")


def _made(action: str, rows: tuple[str, ...], *, sure: bool) -> Reading | None:
    if not sure and action != "in_force":
        return None
    column = "made" if action == "issued" else action
    names = "+".join(f"{row}.{column}" for row in rows)
    return Reading((names,), sure=sure and _ACTIONS[action][1] and len(rows) == 1)


def _decision(state: State, count: Count) -> Reading | None:
    if together := _TOGETHER.search(re.split("[，；：]", count.sentence.text[: count.start])[-1]):
        kinds = [row for word, row in DECISIONS.items() if word in together[0]]
        return Reading(("+".join(f"{row}.decisions" for row in kinds),), sure=False)
    match = _DECISION.search(count.lead)
    if count.unit not in _DECISION_MEASURES or match is None:
        return _short_decision(state, count)
    before = re.split(r"[，；：]", count.lead[: match.start()])[-1]
    if _OTHER_COUNT.search(before) or re.search(r"行政复议|行政诉讼", count.clause):
        return None
    if _PUBLISHED.search(before):
        state.context.deed = ""
        return Reading((f"{DECISIONS[match['kind']]}.decisions",), sure=False, doubt=DOUBT, if_alike=True)
    verb = match["verb"] or (state.context.deed if not before.strip("、，和及") else None)
    state.context.deed = verb or ""
    sure = verb in _SURE_VERBS or "处理决定" in match[0]
    if count.unit == "项" and not verb:
        return None
    return Reading((f"{DECISIONS[match['kind']]}.decisions",), sure=sure and count.unit != "项")


def _short_decision(state: State, count: Count) -> Reading | None:
    if count.unit not in _DECISION_MEASURES or state.context.matter in {"review", "litigation"}:
        return None
    short = _SHORT_DECISION.search(count.clause) or _DECISION_TAIL.match(count.tail)
    kind = f"{DECISIONS[short['kind']]}.decisions" if short else ""
    return Reading((kind,), sure=False, doubt=DOUBT, if_alike=True) if kind else None


def _fee(count: Count) -> Reading | None:
    return Reading(("fees.amount",)) if count.unit in MONEY and _FEES.search(count.lead) else None


def _rows(documents: str) -> tuple[str, ...]:
    rows = ["regulations"] if "规章" in documents else []
    return tuple([*rows, "normative_documents"] if "文件" in documents else rows)


def in_wan(count: Count) -> tuple[Decimal, Decimal]:
    """The amount and its last printed place in 万元, the unit of table 2."""
    scale = _SCALES[count.unit]
    return count.value * scale / 10_000, count.step * scale / 10_000
