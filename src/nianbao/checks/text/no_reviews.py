"""Read statements that there were no reviews or lawsuits, or none of an outcome: 未发生行政复议, 无一件被纠正."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.checks.text.kinds import Universal
from nianbao.checks.text.statements import State
from nianbao.checks.text.vocabulary import DISCLOSURE

NO = r"(?:未|没有|无|均未|暂未|暂无|均无|尚未|从未|不存在|未曾|零)"
_HAPPENED = r"(?:新)?(?:发生|出现|产生|引发|收到|接到|受理|接收|涉及|发现|有|被|提起|提出|申请)*(?:过|任何|一起|1起)*"
_REVIEW = re.compile(rf"{NO}{_HAPPENED}(?:过)?(?P<matter>[^，：；]{{0,60}}?(?:复议|诉讼)[^，：；]{{0,60}})")
# 行政复议、行政诉讼均未发生: what the clause before it names.
_NONE_AFTER = re.compile(
    rf"(?:案件|情况|事项|申请)?(?:均|都|也|全年|本年)*"
    rf"(?:{NO}(?:发生|出现|产生|收到|涉及)(?!.{{0,20}}(?:纠正|败诉))|为零|(?:均|都)为(?:零|0))"
)
_REACH = 60
_REVIEW_NOT = re.compile(r"纠正|败诉|撤销|变更|违法|责令|维持|纠错|未经|上诉|二审|尚未|逾期|审结|其他")
# 未发生被纠错的行政复议案件, 行政诉讼无败诉情况.
_NO_OUTCOME = re.compile(
    rf"{NO}(?:发生|出现|产生|存在|有|因|被)*(?:[^，；：、\d]{{0,14}}?(?P<outcome>纠正|纠错|败诉|维持)(?:的)?[^，；：]{{0,8}}?(?:复议|诉讼|案件|情况|情形|$))"
)
# 没有一件信息公开案件被行政复议机关纠正, 无一被纠正.
_NOT_ONE_LOST = re.compile(
    rf"{NO}(?:任何)?一?[件宗起例]?(?:(?!及时|完全|得到|彻底)[^，；：]){{0,20}}?"
    r"被(?:[^，；：]{0,10}?(?:机关|法院|政府|判决|判令|裁定|决定))?(?:依法|予以)?(?P<outcome>纠正|纠错)(?=$|[，；])"
)


def no_reviews(state: State, *, placed: bool) -> Iterator[Universal]:
    """No reviews, or no lawsuits, at all."""
    text = state.sentence.text
    found = [(match.start(), match[0], match["matter"]) for match in _REVIEW.finditer(text)]
    for start, said, matter in (*found, *_none_after(text)):
        of_some = re.search(r"\d[^，；。\d]{0,8}[中里]$", text[max(0, start - _REACH) : start])
        if of_some or _REVIEW_NOT.search(said) or re.search(r"[1-9]", said):
            continue  # 5件申请里没有一件引发复议
        direct = "直接" in matter and "复议" not in matter
        suits = "litigation_direct.total" if direct else "litigation.total"
        named = (("复议", "reconsideration.total"), ("诉讼", suits))
        wanted = tuple(quantity for word, quantity in named if word in matter)
        # 未发生A，B均… : the clause alone decides; its subject may stand in the sentence before it.
        sure = placed or state.disclosure or DISCLOSURE.search(text[: start + len(said)]) is not None
        if wanted:
            yield Universal("TEXT-NONE", wanted, sure, start, said[:40])


def _none_after(text: str) -> Iterator[tuple[int, str, str]]:
    """Where the statement begins, its words, and the words before the one that says none."""
    for match in _NONE_AFTER.finditer(text):
        matter = re.split("[，：；]", text[max(0, match.start() - _REACH) : match.start()])[-1]
        yield match.start() - len(matter), matter + match[0], matter


def no_outcomes(state: State, *, placed: bool) -> Iterator[Universal]:
    """None of an outcome, of the reviews or lawsuits that the sentence names."""
    text = state.sentence.text
    counted = any(name.endswith(".total") for entry in state.statements for name in entry.quantities)
    unsaid = state.setting.slug == "overview" and _BOTH.search(text) is not None
    if not (placed or state.disclosure or counted or unsaid) or not re.search("复议|诉讼", text):
        return
    found = {match.start(): match for pattern in (_NOT_ONE_LOST, _NO_OUTCOME) for match in pattern.finditer(text)}
    for match in found.values():
        if state.unrelated_at(match.start()):
            continue
        own = re.split("[，；]", text[: match.start()])[-1] + match[0]
        words = text[max(text.rfind("；", 0, match.start()), match.start() - 24, 0) : match.end()]
        suits = "litigation"
        if _BY_COURT.search(match[0]):
            words, suits = "诉讼", _suits_counted(state, match.start())
        elif re.search("复议|诉讼", own):
            words = own
        named = (("(?<!未经)(?<!先经)复议(?!后)", "reconsideration"), ("诉讼", suits))
        lost = match["outcome"] == "败诉"
        name = "upheld" if match["outcome"] == "维持" else "corrected"
        for word, kind in named:
            if re.search(word, words) and not (lost and kind == "reconsideration"):
                yield Universal("TEXT-NONE", (f"{kind}.{name}",), False, match.start(), match[0])


def _suits_counted(state: State, position: int) -> str:
    """The lawsuits that the sentence has counted before, where it has counted those of one kind only; else all."""
    told = [entry.quantities[0] for entry in state.statements if entry.quantities and entry.count.end <= position]
    suits = [name.removesuffix(".total") for name in told if name.startswith("litigation") and name.endswith(".total")]
    return suits[0] if len(suits) == 1 else "litigation"


_BOTH = re.compile(r"(?:^|[，；])(?:行政)?复议[、和及与](?:行政)?诉讼案件")
_BY_COURT = re.compile("法院|判决|判令")
