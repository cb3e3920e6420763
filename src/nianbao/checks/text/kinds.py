"""Read statements that all are of one kind: 均为自然人, 均予以公开, 均被维持, 均因涉及国家秘密."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.quantities import WHOLES, rows_meant
from nianbao.checks.text.statements import Span, State, Statement
from nianbao.checks.text.vocabulary import APPLICATION

_ALL = (
    r"(?:均|全部|都|全)(?:为|是|系|由|属于|来自)(?:本?辖?区|本地|当地|我[市县区镇])?"
    r"(?:居民|村民|群众|[一-鿿、]{1,12}等|(?:(?!非|不|除|未)[一-鿿、]){1,10}(?=个人|自然人))?"
)
_ALL_APPLICANTS = re.compile(
    rf"{_ALL}(?P<kind>(?:自然人|公民|个人)(?![、和与及或])|商业企业|企业(?![和或及、法])|法人(?:或|和|及)?(?:其[他它]组织)?)"
)
_ALL_RESULTS = re.compile(
    r"(?:均|全部|都)(?:已|依法|按规定|作出|按期|按时|为|是|答复|“|在[^，；：]{0,10}内)*(?P<result>予以?公开|给?予了公开|同意公开|部分公开|不予公开|无法提供|不予处理)(?:决定|答复)?"
)
_ALL_OUTCOMES = re.compile(
    r"(?:均|全部|都|结果为|结果是|结果均为)(?:(?!未|不|非|没)[一-鿿]){0,8}?"
    r"(?:(?P<outcome>维持|纠正)(?!\d)|审结|办结|结案|审理完毕)"
)
_ALL_SUITS = re.compile(
    r"(?:均|都|全部|系|为|是|属|于|经|，)+(?:未经复议|复议后|直接(?=起诉))(?:直接)?(?:起诉|提起)(?![^，；。]{0,8}\d)"
)
_ALL_ROWS = re.compile(r"(?:均|全部|都)(?:是|因|为|系|属|于|由于|涉及|依法)+(?P<words>[^，；：（）]{2,24})")
_REASONED = re.compile(
    rf"^(?:申请)?(?:被|作出?|决定)?(?:{vocab.ANY_RESULT})?(?:的|决定)?(?:申请)?[，（]?(?:系|因|是因|为|属于?)"
    r"(?P<words>[^，；：（）\d]{2,24})(?:$|[，；）])"
)


@dataclass(frozen=True)
class Universal:
    """Quantities that are zero by the words, or equal to ``whole``; ``rule`` is the rule that they break if not."""

    rule: str
    quantities: tuple[str, ...]
    certain: bool
    start: int
    printed: str
    whole: str = ""
    last: bool = False  # the whole is last year's
    least: int = 0  # the quantities are at least that
    given: Statement | None = None  # a count that must be the tables' for it to be said of them


def kinds(state: State) -> Iterator[Universal]:
    """均为自然人, 均予以公开, 均获维持, 均因不掌握: of what the sentence counted last."""
    for look in (_applicants, _results, _rows, _some, _outcomes):
        for found in look(state):
            given = _counted_before(state, found.start)
            alike = given is not None and given.reading is not None and given.reading.if_alike
            yield replace(found, given=given) if alike else found


def _applicants(state: State) -> Iterator[Universal]:
    text = state.sentence.text
    for match in _ONLY.finditer(text):
        named = (name for name, words in vocab.APPLICANTS.items() if re.search(words, match["kind"]))
        yield Universal("TEXT-FIGURE", (f"new.{next(named)}",), False, match.start(), match[0], "new")
    for match in _ALL_APPLICANTS.finditer(text):
        told = [entry.count.end for entry in state.statements if entry.count.end <= match.start()]
        # 9件涉及商业秘密的申请均由企业提出: not of all, as nothing that stands behind a count.
        on_all = "new" if not told and re.search(r"(?:申请|依申请公开)[人件]?$", text[: match.start()]) else ""
        shares = any(entry.count.start < match.start() and entry.kind for entry in state.statements)
        before = last_counted(state, match.start()) or ("" if shares else on_all)
        if before in {*WHOLES, *vocab.RESULTS, "carried_in", "carried_out"} or before.startswith("row."):
            named = (name for name, words in vocab.APPLICANTS.items() if re.search(words, match["kind"]))
            column = next(named, "organisations")  # 企业 may be of any kind
            yield Universal(
                "TEXT-FIGURE",
                (f"{before}.{column}",),
                match["kind"] != "企业" and before in WHOLES,
                match.start(),
                match[0],
                before,
            )


# 仅收到自然人提出的申请.
_ONLY = re.compile(
    rf"(?:仅|只)(?:有|收到|受理|接收)(?P<kind>自然人|公民|个人|法人(?:或|和|及)?其[他它]组织)(?:提出|提交)?(?:的)?{APPLICATION}"
)


def _results(state: State) -> Iterator[Universal]:
    text = state.sentence.text
    for match in _ALL_RESULTS.finditer(text):
        all_said = re.search(rf"(?:所有|全部|所收|收到的|受理的)[^，；]{{0,12}}{APPLICATION}$", text[: match.start()])
        before = "processed" if all_said else last_counted(state, match.start())
        if before in WHOLES and not re.search(r"其中|其余", text[max(0, match.start() - 8) : match.start()]):
            said = match["result"].replace("了", "以")
            name = next(name for name, words in vocab.RESULTS.items() if words.search(said))
            yield Universal("TEXT-FIGURE", (name,), False, match.start(), match[0], "processed")


def _rows(state: State) -> Iterator[Universal]:
    """不予公开的2件均因涉及国家秘密: all of a result for one reason."""
    for match in _ALL_ROWS.finditer(state.sentence.text):
        group = last_counted(state, match.start())
        rows = rows_meant(group, match["words"]) if group in vocab.RESULTS else ()
        if len(rows) == 1 and "等" not in match["words"]:
            yield Universal("TEXT-FIGURE", (f"row.{rows[0]}",), False, match.start(), match[0], group)


def _some(state: State) -> Iterator[Universal]:
    """1件不予公开系涉及国家秘密: so many at least for that reason."""
    for entry in state.statements:
        group = entry.quantities[0] if entry.reading and not entry.reading.share else ""
        match = _REASONED.match(entry.count.after)
        if group not in vocab.RESULTS or match is None or entry.span in _OTHER_YEARS:
            continue
        rows = rows_meant(group, match["words"])
        if len(rows) == 1:
            least = int(entry.count.value)
            yield Universal("TEXT-FIGURE", (f"row.{rows[0]}",), False, entry.count.start, match[0], least=least)


def _outcomes(state: State) -> Iterator[Universal]:
    text = state.sentence.text
    for match in _ALL_OUTCOMES.finditer(text):
        kind = _reviews_before(state, match.start())
        some = None if last_counted(state, match.start()) else _SO_MANY.search(text[: match.start()])
        if some and (not match["outcome"] or _THEN.search(text[: match.start()])):
            continue
        if kind and match["outcome"]:
            name = next(name for name, words in vocab.OUTCOMES.items() if re.search(words, match["outcome"]))
            if some:
                least = int(some["number"])
                yield Universal("TEXT-FIGURE", (f"{kind}.{name}",), False, match.start(), match[0], least=least)
                continue
            yield Universal("TEXT-FIGURE", (f"{kind}.{name}",), False, match.start(), match[0], f"{kind}.total")
        elif kind:
            yield Universal("TEXT-NONE", (f"{kind}.pending",), False, match.start(), match[0])
    yield from _of_the_only_one(state)
    for match in _ALL_SUITS.finditer(text):
        if last_counted(state, match.start()) == "litigation.total":
            name = (
                "litigation_direct.total"
                if re.search("未经|(?<!后)直接", match[0])
                else "litigation_after_reconsideration.total"
            )
            yield Universal("TEXT-FIGURE", (name,), False, match.start(), match[0], "litigation.total")


# 行政诉讼1件，被法院判决纠正.
_ITS_OUTCOME = re.compile(
    r"^(?:案件|案)?，(?:结果|已|经[^，；：]{2,8}?)*(?:被|予以|获得?|由)*(?:[^，；：\d]{0,8}?(?:机关|法院|政府))?(?:依法|判决|决定)*"
    r"(?:被|予以)?(?P<outcome>维持|纠正|撤销)了?(?:原[^，；：]{2,6}|我[一-鿿]{1,3}的?(?:答复|决定|[^，；]{0,8}行为))?(?=$|[，；])"
)


def _of_the_only_one(state: State) -> Iterator[Universal]:
    for entry in state.statements:
        name = entry.quantities[0] if entry.quantities else ""
        match = _ITS_OUTCOME.match(entry.count.after)
        if match and entry.count.value == 1 and name.endswith(".total") and entry.span not in _OTHER_YEARS:
            kind = name.removesuffix(".total")
            said = match["outcome"].replace("撤销", "纠正")
            outcome = next(code for code, words in vocab.OUTCOMES.items() if re.search(words, said))
            yield Universal("TEXT-FIGURE", (f"{kind}.{outcome}",), False, entry.count.start, match[0], name)


def _reviews_before(state: State, position: int) -> str:
    """reconsideration or litigation: what the words say is all of one outcome; empty where they say neither."""
    before = state.sentence.text[:position]
    told = any(name.endswith(".total") for entry in state.statements for name in entry.quantities)
    subject = "" if state.placed or told else "信息公开[^，；]{0,10}"
    named = re.search(rf"{subject}(?:行政)?(?P<kind>复议|诉讼)(?:案件|申请)?(?:的?结果|，(?:结果)?)?$", before)
    if _CLOSED_ONES.search(re.split("[，；：]", before)[-1]):
        return ""
    if named and not ("，" in named[0] and _SOME_REVIEWS.search(re.split("[；：]", before)[-1])):
        return "reconsideration" if named["kind"] == "复议" else "litigation"
    counted = last_counted(state, position)
    return counted.removesuffix(".total") if counted.endswith(".total") else ""


# 3件已结诉讼全部维持: of these alone.
_CLOSED_ONES = re.compile(r"\d[件宗起](?:已结|已审结|审结|办结)的?(?:信息公开)?(?:行政)?(?:复议|诉讼)(?:案件)?$")
# 已审结的3件信息公开复议案件，结果均为维持: not of all.
_SOME_REVIEWS = re.compile(r"审结|办结|结案|已结|其中|其余|上年|去年")
# 3件信息公开复议案件，结果均为维持: so many at least, whichever they are.
_SO_MANY = re.compile(r"(?P<number>[1-9]\d{0,4})[件宗起][^，；：\d]{0,20}，(?:结果)?$")
_THEN = re.compile(r"上一?年|去年|20\d\d年[^，；]{0,20}，(?:结果)?$")
_OTHER_YEARS = frozenset({Span.LAST, Span.BEYOND})


def last_counted(state: State, position: int) -> str:
    """The quantity of the count right before that place; empty where it is a share, another year's, or none."""
    before = _counted_before(state, position)
    told = before.reading if before else None
    if before is None or told is None or told.share or before.span in _OTHER_YEARS:
        return ""
    return told.quantities[0]


def _counted_before(state: State, position: int) -> Statement | None:
    entries = [entry for entry in state.statements if entry.count.end <= position and entry.count.counted]
    return entries[-1] if entries else None
