"""Tell which column of table 3 a count states: the kind of applicant that its words name, and of which row."""

from __future__ import annotations

import re

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import Count
from nianbao.checks.text.quantities import WHOLES, rows_meant
from nianbao.checks.text.statements import DOUBT, Reading, Relation, State, Statement

_EACH = re.compile("[和、及与][^，；]*各(?:提出|申请|收到)?$")
# 本年新收申请中，自然人提出118件
_AMONG_NEW = re.compile(r"新收(?:到)?的?(?:政府信息公开|信息公开)?申请(?:件)?(?:之)?中")
# 转入下年度的18件中，商业企业9件，恰占一半；法律服务机构3件
_AMONG_CARRIED = re.compile(r"(?:结转|转入)[^；。\d]{0,14}\d+件(?:申请)?中，")
_CARRIED = ("carried_out", "carried_in")
# 18件结转申请中有9件来自商业企业.
_BASE_CARRIED = re.compile(r"结转[^，；。]{0,6}中[^，；。]{0,4}$")
# 还有2件自然人的申请结转下一年度; 剩余5件（自然人1件、企业4件）转入下年.
_HANDED_ON = re.compile(r"^[^，；。\d]{0,8}(?:结转|转入|转至)")
_CARRIED_ONES = re.compile(r"结转(?:件|的?申请)的?(?:申请人|中)|跨年度?办理的[^，；]{0,8}中")
_LEFT_OVER = re.compile(r"(?:未到期|未办结|未到答复期|年末)[^，；]{0,4}结转$|(?:剩余|余下|尚余)$")
# 予以公开件中自然人45件、商业企业30件.
_INSIDE = re.compile(
    r"(?P<result>予以公开|部分公开|不予公开|无法提供|不予处理|其他处理)的?(?:申请|事项|答复)?件?中(?=[^，；]{0,2}[自商科社法其])"
)
_LEFT = re.compile(r"(?:剩余|其余|余下|尚余|尚有|还有|未办结|结转|转入|转出)[^，；。\d]{0,8}\d+[件条份]$")


def read_applicant(state: State, count: Count) -> Reading | None:
    """The requests of a kind of applicant, or of several together, that the count states; else None."""
    clause = count.clause.removeprefix("其中")
    verb = vocab.VERB.search(clause) is not None
    if re.search(r"向|保障|服务(?!机构)|满足|[增减多少]加?的$", clause) or (verb and re.search(r"公民|个人", clause)):
        return None
    if _EACH.search(clause):
        return None  # 企业和其他组织各1件
    if together := vocab.APPLICANTS_TOGETHER.search(clause) or vocab.APPLICANTS_TOGETHER_BEHIND.match(count.after):
        named = [name for name, words in vocab.APPLICANTS_APART.items() if re.search(words, together["kinds"])]
        sums = tuple("+".join(f"{row}.{name}" for name in named) for row in _rows_of_applicants(state, count))
        return Reading(sums, sure=False, doubt=DOUBT)
    several = sum(bool(re.search(words, clause)) for words in vocab.APPLICANTS.values())
    for column in vocab.APPLICANTS:
        behind = not verb and vocab.APPLICANT_TAIL[column].search(count.tail)
        if (several < 2 and vocab.APPLICANT_END[column].search(clause)) or behind:
            rows = _rows_of_applicants(state, count)
            meant = rows_meant("", clause) if behind else ()
            if len(meant) == 1:  # 要求重新出具已获取信息的1件系自然人提出
                return Reading((f"row.{meant[0]}.{column}",), sure=False, doubt=DOUBT)
            parent = next((entry for entry in reversed(state.statements) if entry.quantities[:1] == ("new",)), None)
            sure = rows == WHOLES and parent is not None and parent.reading is not None and parent.reading.sure
            return Reading(tuple(f"{row}.{column}" for row in rows), sure=sure)
    return _applicant_in_other_words(state, count, clause) if several == 0 and not verb else None


def _rows_of_applicants(state: State, count: Count) -> tuple[str, ...]:
    """The rows that applicants may be of: what is carried over or a result, where the sentence told that last."""
    since = state.sentence.text.rfind("；", 0, count.start)
    if _AMONG_NEW.search(state.sentence.text, max(since, 0), count.start):
        return ("new",)
    if _AMONG_CARRIED.search(state.sentence.text, 0, count.start):
        return (*_CARRIED, *WHOLES)
    before = [entry for entry in state.statements if entry.count.start > since and entry.quantities]
    named = [entry.quantities for entry in before if entry.quantities[0].rpartition(".")[0] in {"", "row"}]
    if _is_carried(state.sentence.text, count, max(since, 0)):
        return _CARRIED
    if inside := list(_INSIDE.finditer(state.sentence.text, max(since, 0), count.start)):
        return tuple(name for name, words in vocab.RESULTS.items() if words.search(inside[-1]["result"])) or WHOLES
    told = [entry.count.clause for entry in state.statements if entry.count.start > since and _may_be_whole(entry)]
    if told and _LEFT_OVER.search(told[-1]):
        return _CARRIED
    own = named and (named[-1][0] in {*_CARRIED, *vocab.RESULTS} or named[-1][0].startswith("row."))
    return (*named[-1], *WHOLES) if own else WHOLES


def _is_carried(text: str, count: Count, since: int) -> bool:
    """Whether the words around a count say that it is of what is carried over."""
    before_brackets = text[: text.rfind("（", 0, count.start)] if count.depth else ""
    return bool(
        _BASE_CARRIED.search(text[max(0, count.start - 12) : count.start])
        or _CARRIED_ONES.search(text, since, count.start)
        or _HANDED_ON.match(count.after)
        or _LEFT.search(before_brackets[-24:])
    )


def _may_be_whole(entry: Statement) -> bool:
    """Whether it may be the whole that kinds of applicants are given of."""
    return entry.relation is Relation.PLAIN and not entry.kind


def _applicant_in_other_words(state: State, count: Count, clause: str) -> Reading | None:
    """企业申请13件, 律师9件: never certain, for 企业 may be all organisations."""
    for columns, pattern in vocab.OTHER_APPLICANT_END.items():
        if pattern.search(clause):
            rows = _rows_of_applicants(state, count)
            sums = ["+".join(f"{row}.{column}" for column in one.split("+")) for row in rows for one in columns]
            return Reading(tuple(sums), sure=False, doubt=DOUBT)
    return None
