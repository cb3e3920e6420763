"""Tell which count of table 4 a sentence states: reviews, lawsuits, and what became of them."""

from __future__ import annotations

import re

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import Count
from nianbao.checks.text.statements import DOUBT, Reading, State
from nianbao.checks.text.surroundings import bounded

# 行政复议案件37件，其中信息公开类6件: the 37 are of all acts.
_SOME_ON_DISCLOSURE = re.compile(r"^[^。；]{0,6}其中[^，。；\d]{0,12}信息公开")
# 县政府作为复议机关收到复议申请25件: as who decides, of reviews of others.
_AS_REVIEWER = re.compile(r"作为(?:行政)?复议(?:机关|机构)|复议机构|行政复议局")
_REVIEWS = re.compile(r"复议(?!后|[和及、与])")
_BOTH = re.compile(r"复议[^，；]{0,8}诉讼|诉讼[^，；]{0,8}复议")
# 收到行政复议1件: of an office that reviews no acts of others, against its own.
_RECEIVED = re.compile(r"(?:收到|接到|受理)(?=$|行政|(?:政府)?信息公开)")
# 1件信息公开行政诉讼案件至年底尚未审结
_PENDING = re.compile(
    r"(?:政府)?(?:信息公开)?(?:类)?(?:行政)?(?P<kind>复议|诉讼)(?:案件|案|申请)?(?:截?至)?(?:年底|年末|年终|目前|20\d\d年底|12月31日)?"
    r"(?:仍|还|尚|均|正)*(?:未审结|未结案|未办结|未作出决定|在审理(?:中|之中)?|处于审理(?:中|之中))"
)
# 1件行政复议经审理被纠正
_CLOSED_SO = re.compile(
    r"(?:政府)?(?:信息公开)?(?:类)?(?:行政)?(?P<kind>复议|诉讼)(?:案件|案)?(?:(?:经|由|被)[^，；\d均全都]{2,8}?)?"
    r"(?:已|依法|判决|决定)*(?:被|予以|获|得到)+(?P<outcome>维持|纠正)$"
)
# 10起复议、诉讼案件
_BOTH_BEHIND = re.compile(r"(?:政府)?(?:信息公开)?(?:类)?(?:行政)?复议(?:案件)?[、和及与]?(?:行政)?诉讼")
# Sections in which reviews may be told without the words of disclosure; in 5 and 6 they may be of anything.
_OF_ANYTHING = frozenset({"problems", "other"})
_UNSAID = frozenset({"overview", *_OF_ANYTHING})
# 发生行政复议1件, in section 1: most likely of disclosure, though it does not say so.
_HAPPENED = re.compile(
    r"的|经|发生|收到|接到|受理|产生|引发|提起|提出|被|申请|共|全年|本年度?|年度?内?|因|我[一-鿿]|\d|行政|，|、"
)


_CLOSED_ONES = re.compile(r"(?:已经?)?(?:审结|办结|结案|结)的?(?:政府)?(?:信息公开)?(?:行政)?(?P<kind>复议|诉讼)")
_NONE_OF = re.compile(r"[^，；]{0,8}[中里](?:均|都)?(?:没有|未|无)")


def read_review(state: State, count: Count) -> Reading | None:
    """The reviews or lawsuits of table 4 that the count states, or None."""
    others = state.unrelated_at(count.start) or _SOME_ON_DISCLOSURE.match(count.after)
    if others or vocab.OUTCOME_TAIL["pending"].match(count.tail) or _NONE_OF.match(count.tail):
        return None
    if closed := _CLOSED_ONES.match(count.tail):  # 3件已结诉讼全部维持
        kind = _review_name(closed["kind"]).removesuffix(".total")
        return bounded(state, Reading((f"{kind}.total-{kind}.pending",), sure=False, doubt=DOUBT))
    return _with_outcome(state, count) or _all_cases(state, count)


def _with_outcome(state: State, count: Count) -> Reading | None:
    told = _PENDING.match(count.tail) or _CLOSED_SO.match(count.tail)
    if not told or not (state.disclosure or state.placed or vocab.DISCLOSURE.search(count.tail)):
        return None
    kind = "reconsideration" if told["kind"] == "复议" else "litigation"
    outcome = {"维持": "upheld", "纠正": "corrected"}.get(told.groupdict().get("outcome") or "", "pending")
    return bounded(state, Reading((f"{kind}.{outcome}",), sure=False, doubt=DOUBT))


def _all_cases(state: State, count: Count) -> Reading | None:
    lead = re.split(r"[，；：]", count.lead)[-1] if count.lead else ""
    if _BOTH_BEHIND.match(count.after) and (state.disclosure or state.setting.slug in _UNSAID):
        alike = not vocab.DISCLOSURE.search(count.sentence.text)
        return bounded(state, Reading(("review.total",), sure=False, doubt=DOUBT, if_alike=alike))
    both = vocab.BOTH_REVIEWS.search(count.lead)
    single = vocab.REVIEW_END.search(lead)
    behind = None if single or both else vocab.REVIEW_TAIL.match(count.tail)
    match = both or single or behind
    if match is None or _AS_REVIEWER.search(count.sentence.text[: count.start].rpartition("；")[2]):
        return None
    words = count.lead if both else lead
    earlier = words[: match.start()] if match is not behind else words + match[0]
    earlier = re.split(r"[；：]", earlier)[-1]
    disclosed = state.disclosure or vocab.DISCLOSURE.search(words)
    listed = re.split(r"[，；：（]", count.sentence.text[: count.start])[-1] if lead[:1] in {"、", "和", "及"} else ""
    spoken = re.sub(vocab.DISCLOSURE, "信息公开", listed[: -len(match[0])] or earlier)
    for name in state.setting.own_names:
        spoken, earlier = spoken.replace(name, ""), earlier.replace(name, "")
    received = not state.setting.reviews_others and state.setting.slug == "overview" and bool(state.placed or disclosed)
    if vocab.REVIEW_TRAP.search(_RECEIVED.sub("", spoken) if received else spoken):
        return None
    if not disclosed and (
        state.setting.slug not in _UNSAID or _HAPPENED.sub("", words if match is behind else earlier)
    ):
        return None
    named = match.groupdict()
    quantity = "review.total" if both else _review_name(named.get("suit") or named["kind"])
    if both and count.clause.endswith("各"):  # 行政复议和行政诉讼各1件
        return bounded(state, Reading(("reconsideration.total", "litigation.total"), sure=False, doubt=DOUBT))
    caused = re.search(r"因|被|引发|引起|涉及|提起|发生|产生|涉", earlier + count.lead[:12])
    placed = state.setting.slug in {"review", "applications"} or state.placed
    sure = bool(caused or placed or vocab.DISCLOSURE.search(words))
    sure = sure and not (received and _RECEIVED.search(spoken))
    by_the_form = quantity.startswith("litigation_")  # 未经复议直接起诉, 复议后起诉
    alike = state.setting.slug in _OF_ANYTHING and not by_the_form and not vocab.DISCLOSURE.search(count.sentence.text)
    found = Reading((quantity,), sure=sure and bool(placed or disclosed), doubt=DOUBT, if_alike=alike)
    return bounded(state, found)


def _review_name(kind: str) -> str:
    if "未经" in kind or kind == "直接起诉":
        return "litigation_direct.total"
    if kind.startswith(("复议后", "先经")) or (kind.startswith("复议") and kind != "复议"):
        return "litigation_after_reconsideration.total"
    return "reconsideration.total" if "复议" in kind else "litigation.total"


def read_outcome(state: State, count: Count) -> Reading | None:
    """维持4件, 1件被纠正: of the reviews or lawsuits that the sentence counted before."""
    totals = [entry for entry in state.statements if entry.quantities and entry.quantities[0].endswith(".total")]
    alone = state.setting.slug == "overview" and re.match(r"[、和及与]?(?:行政)?(?:复议|诉讼)", count.clause)
    as_reviewer = _AS_REVIEWER.search(state.sentence.text[: count.start].rpartition("；")[2])
    if state.unrelated_at(count.start) or as_reviewer or not (totals or state.disclosure or alone):
        return None
    kind = "reconsideration" if state.context.matter == "review" else "litigation"
    both = (totals and totals[-1].quantities == ("review.total",)) or _BOTH.search(count.clause)
    together = ("review",) if re.match("，?(?:共|合计|总计)", count.lead) else ()
    suits = {entry.quantities[0] for entry in totals[-2:]}
    apart = len(suits) == 2 and "；" in state.sentence.text[totals[-1].count.end : count.start]
    if totals and totals[-1].quantities[0].startswith("litigation_") and not apart:
        kind = totals[-1].quantities[0].removesuffix(".total")  # 复议后起诉3件，维持2件
    if _REVIEWS.search(count.own_words):
        kind = "reconsideration"  # 4件行政复议维持3件
    # 诉讼5件，其中直接起诉2件、复议后起诉3件，维持3件: of all or of the last
    split = kind.startswith("litigation_") and any(entry.quantities[0] == "litigation.total" for entry in totals)
    together = ("litigation",) if split else together
    for name in vocab.OUTCOMES:
        bare = not re.search(
            r"[一-鿿]", re.sub(r"^(?:行政)?(?:复议|诉讼)(?:案件)?(?=中)|其中|，|中?有|结果|另有?", "", count.own_words)
        )
        if vocab.OUTCOME_END[name].search(count.clause) or (bare and vocab.OUTCOME_TAIL[name].search(count.tail)):
            if re.search(r"一审|二审|再审|上一?年", count.clause):
                return None
            sure = bool(totals) and totals[-1].reading is not None and totals[-1].reading.sure and not both
            kinds = ("review",) if both else (kind, *together)
            names = tuple(f"{one}.{name}" for one in kinds)
            return bounded(state, Reading(names, sure=sure and not together, doubt=DOUBT))
    if totals and not both and vocab.CLOSED_END.search(count.clause):
        closed = tuple(f"{one}.total-{one}.pending" for one in (kind, *together))
        return bounded(state, Reading(closed, sure=False, doubt=DOUBT))
    spoken = count.own_words.removeprefix("其中") or count.tail
    said = [name for name, words in vocab.SPOKEN_OUTCOMES.items() if words.search(spoken)]
    if len(said) != 1 or re.search(r"一审|二审|再审|上诉|上一?年", state.sentence.text):
        return None
    return bounded(state, Reading((f"review.{said[0]}" if both else f"{kind}.{said[0]}",), sure=False, share=True))
