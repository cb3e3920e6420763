"""Tell which quantity of tables 3 and 4 a count states, by the verb, the noun and the words between."""

from __future__ import annotations

import re
from dataclasses import replace

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.applicants import read_applicant
from nianbao.checks.text.carried import carried
from nianbao.checks.text.counts import Count
from nianbao.checks.text.nouns import requests_named
from nianbao.checks.text.quantities import rows_meant
from nianbao.checks.text.reviews import read_outcome, read_review
from nianbao.checks.text.statements import DOUBT, Reading, State
from nianbao.checks.text.surroundings import bounded

_IN_TIME = re.compile(r"当年|年内|按时|按期|及时|如期|期限|时限|规定时间")
_AMONG = re.compile(
    r"^[^，；。]{0,10}?[（，]?(?:其中|(?<![不未])(?:含|包括|包含|内含))[^；。]{0,12}?(?:\d+[件宗条份个起])?[^；。]{0,6}?(?:结转|转入)(?!下|至下|到下|次年)"
)
# 14件申请共涉及具体事项39项
_MATTERS = re.compile(r"(?:(?<!申请)事项|问题|内容|诉求|信息)[^，；]{0,2}$")
# 答复中引用第三十六条的48件
_CITED = re.compile("(?:引用|适用|依据|援引)[^，；]*第")
# 处理的9件第三方事项
_OF_A_MATTER = re.compile(r"(?!政府信息|信息|申请|公开|依申请|事项)[一-鿿]{2,8}?(?:事项|类|申请)")
# 登记18件，另有上年转来1件: the first is without the second.
_ADDED = re.compile(
    r"[^，；。\d]{0,6}[，、](?:另有?|加上?|连同|外加)[^，；。\d]{0,4}(?:上一?年|去年|20\d\d年)[^，；。\d]{0,8}\d"
)
# 在全部302件答复中.
_ALL_ANSWERED = re.compile(r"(?:在|对|就)?(?:全部|所有)(?:的)?")
_ANSWERS = re.compile(r"(?:已)?(?:答复|办结)(?:件|申请|决定)?(?:之)?中")
_CARRIED_TOO = re.compile(r"(?:上一?年|去年|20\d\d年)[^，；。]{0,8}(?:结转|转入)|结转[^，；。\d]{0,6}\d+[件宗条份]")
# 涉及投诉举报的26件: what is asked for, whatever the answer was.
_TOPIC = re.compile("涉及|关于|有关|针对|反映")
# 投诉举报处理情况类申请: what is asked for, and no reason of an answer.
_ON_HANDLING = re.compile(r"(?:处理|办理|调查|查处|处置)(?:情况|结果|过程|进展|信息)")
_GIVEN = re.compile(
    r"全部(?:或者?|和|及|以及|、)部分(?:地)?(?:提供|公开)(?:了)?(?:政府)?(?:信息)?(?:共|合计|的|有|为)*$|"
    r"(?<!不予)公开类(?:答复|申请|结果)?(?:合计|共计|共|总计)?(?:为|有)?$"
)
# 不予公开9件系因第三方权益
_REASON_BEHIND = re.compile(r"(?:申请)?(?:系|是|均|都)*(?:因|由于|涉及|属于)(?P<words>.{2,24})$")
_ASKED = re.compile(r"征求|要求补正|补正通知|经补正|一次性|补正告知|通知补正|告知[^，；]{0,4}补正|延期|延长|收到第三方")
# 全年办结的312件申请中, in section 5.
_OF_THE_YEAR = re.compile(
    r"(?:我[一-鿿]{1,2})?(?:全年|本年度?|20\d\d年度?)(?:我[一-鿿]{1,2})?(?:共|累计)?(?:新?收到|新收|受理|办结|答复)的"
)
# Requests that were not mended, or repeat others: several rows say so.
_NO_LONGER = re.compile(r"(?:申请)?(?:被|已|依法)*不再处理(?!其)")
_THEN_PART = re.compile(
    r"[^，。；\d]{0,4}[，、；](?:其中)?(?:部分公开|不予公开|不公开|无法提供|信息不存在|不存在|(?:本机关)?不掌握)"
)
# 其余6件作不予公开、无法提供或其他处理.
_LIST_OF_RESULTS = re.compile(
    rf"[^，；。、]{{0,4}}(?:{vocab.ANY_RESULT})(?:(?:、|和|及|或|以及)(?:{vocab.ANY_RESULT}))+"
)
# Requests singled out by their matter: what follows is said of these alone.
_SUBSET = re.compile(r"^对?(?:于|涉及|关于|针对|有关)[^，；]{2,}的$")
# 已办结申请中公开11件: what stands before 中 is of another count.
_BASE = re.compile(r"[^，；：]{0,30}?(?:申请|件|案件|事项|结果)(?:之)?中(?=[^心国央小层，；：]{2}|$)")


def read_application(state: State, count: Count) -> Reading | None:
    """The quantity of table 3 or 4 that the count states, or None."""
    matter = state.context.matter
    if among := _BASE.match(count.clause):
        count = replace(count, clause=count.clause[among.end() :])
    if count.unit in vocab.CASE_MEASURES and (found := read_review(state, count)):
        return found
    if matter in {"review", "litigation"}:
        return read_outcome(state, count) if count.unit in vocab.CASE_MEASURES else None
    if count.unit not in vocab.APPLICATION_MEASURES or not _on_applications(state, count):
        return None
    if _GIVEN.search(count.clause):
        return bounded(state, Reading(vocab.GIVEN, sure=False, doubt=DOUBT))
    if vocab.ALL_INTAKE.search(count.clause):
        return bounded(state, Reading(("intake",), sure=False, doubt=DOUBT))
    found = carried(state, count) or _result(state, count) or read_applicant(state, count) or _verb(state, count)
    if found and any(_SUBSET.search(earlier.count.clause) for earlier in state.statements):
        found = replace(found, sure=False, share=True)  # 对涉及第三方的6件申请征求意见后，4件不予公开
    return bounded(state, found)


def _on_applications(state: State, count: Count) -> bool:
    matter = state.context.matter
    matters = count.unit == "项" and _MATTERS.search(count.clause)
    if matters or matter in {"documents", "decisions"} or vocab.ATTRIBUTES.search(state.sentence.text):
        return False
    if matter == "none":
        # 信访举报投诉类12件不予处理 is a row of table 3.
        # 属于信访、举报、投诉活动而不予处理的96件; no 提案答复公开93条
        ended = vocab.RESULT_END.search(count.clause) if vocab.REASON.search(count.clause) else None
        told = vocab.RESULT_TAIL.search(count.tail) or ended
        return bool(state.placed or state.disclosure) and told is not None
    if matter == "information":
        named = [vocab.RESULT_END, *vocab.ROW_END.values()]
        return bool(state.placed or state.disclosure) and any(words.search(count.clause) for words in named)
    if state.setting.slug == "problems" and _OF_THE_YEAR.fullmatch(count.clause):
        return matter in {"", "applications"} and count.tail.startswith("申请")
    if re.match(rf"(?:{vocab.APPLICATION})", count.tail):
        return matter == "applications" or vocab.DISCLOSURE.search(count.tail) is not None
    return matter == "applications" and (state.placed or state.disclosure or state.context.mentioned)


def _result(state: State, count: Count) -> Reading | None:
    stretch = count.clause
    if re.fullmatch(r"(?:其中|已|同意|决定|、|，)*公开", stretch) and _THEN_PART.match(count.after):
        # 公开38件、无法提供12件: in full or in part, where the sentence tells no other.
        names = ("予以公开",) if "部分公开" in state.sentence.text else tuple(reversed(vocab.GIVEN))
        return Reading(names, sure=False, doubt=DOUBT)
    if _NO_LONGER.search(stretch) or _NO_LONGER.match(count.tail):
        rows = rows_meant("", stretch + count.tail)
        spoken = (f"row.{rows[0]}",) if len(rows) == 1 else ("其他处理", "不予处理", "row.other_not_corrected")
        return Reading(spoken, sure=False, doubt=DOUBT)
    if vocab.RESULT_END.search(stretch):
        return _reason_behind(count) or _named_result(state, stretch)
    if tail := vocab.RESULT_TAIL.search(count.tail):
        return _result_behind(count, tail[0])
    if behind := vocab.ROW_BEHIND.match(count.tail):
        return _row(behind["words"], [name for name, words in vocab.RESULTS.items() if words.search(behind["result"])])
    named = None
    if count.depth or _is_part(count):
        named = (_row(stretch, [state.context.group]) if state.context.group else None) or _row(stretch, [])
    return named or _row_at(count)


def _reason_behind(count: Count) -> Reading | None:
    """The row of the result before the count whose reason stands behind it."""
    groups = [name for name, words in vocab.RESULTS.items() if words.search(count.clause)]
    reason = _REASON_BEHIND.match(count.tail)
    return _row(reason["words"], groups) if reason else None


def _result_behind(count: Count, tail: str) -> Reading | None:
    if listed := _LIST_OF_RESULTS.match(count.after):
        named = [name for name, pattern in vocab.RESULTS.items() if pattern.search(listed[0])]
        return Reading(("+".join(named),), sure=False, doubt=DOUBT)
    names = [name for name, pattern in vocab.RESULTS.items() if pattern.search(tail)]
    before = re.sub(r"其中|有|，|有关|的|另有?", "", count.own_words)
    if len(names) != 1 or not re.search(r"[一-鿿]", before):
        # 3件申请全部予以公开: all of those that the sentences before speak of, which need not be all of the year.
        of_all = re.search("均|全部|都", tail) is not None
        subject = re.split("[，；：]", count.lead.removesuffix(count.clause).rstrip("，"))[-1]
        if len(names) == 1 and len(rows := rows_meant(names[0], subject)) == 1:
            return Reading((f"row.{rows[0]}", names[0]), sure=False, doubt=DOUBT)  # 执法案卷类申请较多，12件不予公开
        return Reading((names[0],), sure=not of_all, doubt=DOUBT if of_all else "") if len(names) == 1 else None
    return _row(before, names) or Reading((names[0],), sure=False, share=True)


def _row_at(count: Count) -> Reading | None:
    """对重复申请8件依法告知, 1件因未缴纳费用…: the row whose words stand right before or behind the count."""
    behind = re.match(r"(?:申请)?(?:因|属于?|系|为)(?!自然人|个人|企业|公民|法人)([^，。；]{0,16})", count.tail)
    rows = [row for row, pattern in vocab.ROW_END.items() if pattern.search(count.clause)]
    if _TOPIC.search(count.clause):
        rows = [row for row in rows if row != "not_processed_petition"]
    if behind and not re.sub(r"其中|另|有|，", "", count.clause):
        rows = [row for row, words in vocab.ROW_WORDS.items() if re.search(words, behind[1])]
    if len(rows) != 1 or _ASKED.search(count.clause + count.after[:12]):
        return None
    return Reading((f"row.{rows[0]}",), sure=False, doubt=DOUBT)


def _named_result(state: State, stretch: str) -> Reading | None:
    names = [name for name, pattern in vocab.RESULTS.items() if pattern.search(stretch)]
    state.context.group = names[-1]
    if len(names) > 1 and stretch.endswith("各"):
        return None
    if len(names) > 1:
        row = _row(stretch, names[:1]) if "无法提供" in names else None
        return row or Reading(("+".join(names),), sure=False)
    if vocab.REASON.search(vocab.RESULTS[names[0]].sub("", stretch)):
        return _row(stretch, names)
    share = vocab.CHANNEL.search(stretch) is not None or re.match("(?:其中)?(?:含|包括|包含)", stretch) is not None
    # 全部或部分公开: with what else it is told is not known
    joined = re.search("[或和及与]", vocab.RESULTS[names[0]].split(stretch, maxsplit=1)[0]) is not None
    return Reading((names[0],), sure=not share and not joined, share=share)


def _row(words: str, groups: list[str]) -> Reading | None:
    """The row of a group that the words single out: 因本机关不掌握."""
    if _ASKED.search(words) or _ON_HANDLING.search(words):
        return None
    rows = rows_meant(groups[-1] if len(groups) == 1 else "", words)
    if not groups and _TOPIC.search(words):
        rows = tuple(row for row in rows if row != "not_processed_petition")
    if len(rows) == 1:
        return Reading((f"row.{rows[0]}",), sure=False, doubt=DOUBT)
    return None


def _is_part(count: Count) -> bool:
    return re.search(r"其中|因|属|主要|包括|为|系|：", count.lead) is not None or count.lead[:1] in {
        "、",
        "，",
        "；",
    }


def _verb(state: State, count: Count) -> Reading | None:
    """新收, 收到, 办结 …: the verb nearest to the count decides, the words around it say whether it is the whole."""
    clause = count.clause
    verbs = list(vocab.VERB.finditer(clause))
    if not verbs and _ALL_ANSWERED.fullmatch(clause) and _ANSWERS.match(count.tail):
        return Reading(("processed", "answered"), sure=False, doubt=DOUBT)
    if not verbs or clause.endswith("、"):  # 10件不予处理、7件另作处理: the verb is of the count before it
        return requests_named(count, first=not state.statements)
    verb = verbs[-1]
    kind = verb.lastgroup or ""
    words = clause[: verb.start()] + clause[verb.end() :]
    timely = kind == "processed" and _IN_TIME.search(words)
    bare = _IN_TIME.sub("", words) if kind == "processed" else words
    for name in state.setting.own_names:
        bare = bare.replace(name, "")
    share = vocab.PARTIAL.search(re.sub(vocab.APPLICATION, "", bare)) is not None
    rest = vocab.NEUTRAL.sub("", re.sub(vocab.APPLICATION, "", bare))
    names, sure = _quantities(state, count, kind, words)
    share = share or bool(_OF_A_MATTER.match(count.tail) or _CITED.search(clause))
    if kind == "processed" and len(rows := rows_meant("", clause)) == 1:
        names, sure = (*names, f"row.{rows[0]}"), False  # 按“本机关不掌握”答复的5件
    if timely:
        names, sure = (*names, "processed-carried_in", "new-carried_out"), False
    return Reading(names, sure and not rest and not share, share, doubt="" if sure and not rest else DOUBT)


def _quantities(state: State, count: Count, kind: str, words: str) -> tuple[tuple[str, ...], bool]:
    if kind == "received" and _ADDED.match(count.after):
        return ("new",), True
    if kind in {"received", "handled"}:
        if _AMONG.match(count.after) and "新收" not in count.after[:30]:
            return (("intake",) if kind == "received" else ("intake", "processed")), kind == "received"
        if kind == "handled":
            return ("processed", "intake", "new"), False
        accepted = "受理" in count.clause and any(entry.quantities[:1] == ("new",) for entry in state.statements)
        return ("new", "intake"), not accepted
    if kind == "processed":
        # 上年结转1件于1月办结，新收14件办结13件; 新收300件，办结287件，上年结转的15件也已办结
        alone = ("processed-carried_in",) if _CARRIED_TOO.search(state.sentence.text) else ()
        whole = re.search(r"共|总|全年|合计", words) is not None and not re.search("[答回]复", count.clause)
        return (("processed", *alone) if whole else ("processed", "answered", "processed-其他处理", *alone)), True
    return (kind,), True
