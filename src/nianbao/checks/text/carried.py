"""Tell what was carried over from last year and what is carried over to next year, in any words."""

from __future__ import annotations

import re
from functools import cache

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import Count
from nianbao.checks.text.statements import DOUBT, Reading, State, Statement

# 1件正在办理: at the end of the year these are carried over.
_IN_HAND = re.compile(
    r"^(?:申请)?(?:仍|尚|还|均)?(?:正在|尚在|(?<!均)在)(?:依法|按程序|法定期限内|期限内)*(?:办理|处理)|^(?:申请)?(?:仍|尚)?在办(?!申请（含)|^(?:申请)?(?:尚未|未)(?:办结|答复)|^(?:申请)?结转(?=$|[，；。])"
)
# 除5件结转外，其余59件均已办结.
_EXCEPT = frozenset({"除", "除了"})
_LEFT_OUT = re.compile(
    r"(?:申请)?(?!上)[^，；。]{0,12}(?:结转|转入|转至|在办|正在办理|未到期)[^，；。]{0,10}(?:以?外|之外)"
)
_THE_REST = re.compile(rf"^(?:其余|其他|剩余|余下)的?[^，；]{{0,8}}{vocab.PROCESSED}")
_AT_THE_END = re.compile(r"(?:截?至)?(?:本年|当年)?(?:年末|年底|期末)[共仍尚有]{0,2}结转(?:的)?(?:申请)?[为共]?")
_CARRIED = re.compile(r"(?:其中)?(?:的)?(?:结转|跨年度?办理)(?:的)?(?:申请)?")
_SETTLED = re.compile(r"，?[^，；。]{0,8}(?:办结|答复|办理完毕)(?![^，；。]{0,4}\d)")
_CARRIED_TAIL = re.compile(r"结转(?:的)?(?:申请|件)")
_LATER = re.compile(r"(?:其余|其中|剩余|尚余?|另|余下|的|有)+")
_carried_in, _carried_in_behind = cache(vocab.carried_in), cache(vocab.carried_in_behind)
_carried_out, _carried_out_behind = cache(vocab.carried_out), cache(vocab.carried_out_behind)


def carried(state: State, count: Count) -> Reading | None:
    """The requests that last year handed on, those handed on to next year, or the rest without these; else None."""
    year, lead, after = state.setting.year, count.lead, count.after
    if _carried_out(year).search(lead) or _carried_out_behind(year).match(after):
        return Reading(("carried_out",))
    before = state.statements[-1] if state.statements else None
    claimed = before and before.quantities[:1] == ("carried_in",) and _carried_in_behind(year).match(before.count.after)
    if (not claimed and _carried_in(year).search(lead)) or _carried_in_behind(year).match(after):
        dealt = re.search(vocab.PROCESSED, count.clause)
        return Reading(("carried_in",), sure=not dealt, share=bool(dealt))
    if (_CARRIED.fullmatch(count.clause) and not _told_since_semicolon(state, count)) or _CARRIED_TAIL.match(
        count.tail
    ):
        return Reading(("carried_out", "carried_in"), sure=False, doubt=DOUBT)  # 结转3件均为自然人申请
    if _AT_THE_END.fullmatch(count.clause) or _is_left_over(state, count):
        return Reading(("carried_out",), sure=False, doubt=DOUBT)
    if (
        before
        and before.count.clause in _EXCEPT
        and before.quantities[:1] == ("carried_out",)
        and _THE_REST.search(count.clause + count.tail)
    ):
        return Reading(("processed", "new-carried_out"), sure=False, doubt=DOUBT)
    return None


def _told_since_semicolon(state: State, count: Count) -> bool:
    since = count.sentence.text.rfind("；", 0, count.start)
    return any(entry.count.start > since for entry in state.statements)


def carried_and_settled(entry: Statement) -> bool:
    """Whether a count is of requests from last year, of which it says that they were dealt with."""
    return entry.quantities[:1] == ("carried_in",) and _SETTLED.match(entry.count.after) is not None


def _is_left_over(state: State, count: Count) -> bool:
    """Whether a count in other words is of what next year begins with."""
    after = count.after
    if count.clause in _EXCEPT:
        return _LEFT_OUT.match(after) is not None
    if _LATER.fullmatch(count.clause) and re.match(
        rf"[^。；\d]{{0,24}}(?:{state.setting.year + 1}年|次年)[^，。；]{{0,6}}(?:办|答复|处理)", after
    ):
        return True  # 另有7件将于次年1月办结
    if re.fullmatch(r"(?:其余|剩余|尚|另|余下|的|有)*结转", count.clause):
        return any(entry.quantities[:1] == ("processed",) for entry in state.statements)  # 办结3件，结转1件
    if re.fullmatch(
        r"(?:其中|剩余|本年度?|当年|全年|年[内底末]|另有?|尚有|有|的)*(?:尚未|暂未|未)(?:办结|答复|结)(?:的)?(?:申请)?",
        count.clause,
    ):
        # 未办结5件均未超期; 维持16件，纠正4件，未结5件 are reviews
        return re.search("维持|纠正|复议|诉讼", count.sentence.text[: count.start]) is None
    if re.fullmatch(r"[、和及]?(?:尚|仍|正|其中|剩余|另有?|年[末底]|期末)*在办(?:的)?(?:申请)?", count.clause):
        return bool(state.statements) or re.match("年[末底]|期末", count.clause) is not None  # 办结42件、在办2件
    bare = re.sub(r"其中|[另尚还剩其仍]?[有余]|剩余|年[末底]|，|的", "", count.clause)
    return not bare and _IN_HAND.match(after) is not None
