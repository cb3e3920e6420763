"""Owns the reading of counts of documents, decisions and charges, which table 2 holds.

May import: checks.text.
"""

from __future__ import annotations

import re
from decimal import Decimal

from nianbao.checks.text.claims import Claim, Setting
from nianbao.checks.text.counts import Count
from nianbao.checks.text.flat import Sentence

_FILL = r"(?:的|为|有|是|共|共计|总计|合计|计|达|达到|数量|总数|件数|分别|了|：|，(?=共|总|合)|本年|年内|全年)*$"
_DOCUMENT = r"(?:(?<!法律)(?<!法规)(?:政府|地方政府)?规章(?!制度)|(?:行政)?规范性文件)"
_MADE = r"(?:制定|制发|新制定|新制作|制作)(?:并(?:公开|发布|印发|公布))?"
_ISSUED = r"(?:出台|印发|发布|新增)"
_REPEALED = r"(?:废止|宣布失效|失效)(?:和宣布失效|或宣布失效|失效)?"
_IN_FORCE = r"(?:现行有效|继续有效|有效)"
# Words between an action and its document that change nothing: 制定本级政府行政规范性文件3件.
_BETWEEN = (
    r"(?:了|的|市|县|区|镇|乡|本级|政府|及其|办公室|（|）|以|名义|各类|新|本机关|本单位|我局|我市|我县|我镇|有关|相关)*"
)
_ACTIONS = {
    "made": (_MADE, True),
    "issued": (_ISSUED, False),
    "repealed": (_REPEALED, True),
    "in_force": (_IN_FORCE, True),
}
_ACTION_THEN_DOCUMENT = {
    name: re.compile(rf"{words}{_BETWEEN}(?P<documents>{_DOCUMENT}(?:[、和及与]{_BETWEEN}{_DOCUMENT})*){_FILL}")
    for name, (words, _) in _ACTIONS.items()
}
_DOCUMENT_THEN_ACTION = {
    name: re.compile(rf"(?P<documents>{_DOCUMENT})(?:本年|今年|年内|全年|由|经|：|，)*{words}(?:的)?{_FILL}")
    for name, (words, _) in _ACTIONS.items()
}
_ACTION_ALONE = {
    name: re.compile(rf"^(?:[、，和及并且]|同时|年末|至年底)*(?:新)?{words}(?:的)?{_FILL}")
    for name, (words, _) in _ACTIONS.items()
}
_DOCUMENT_ALONE = re.compile(rf"^[、，和及与]*{_BETWEEN}(?P<documents>{_DOCUMENT}){_FILL}")
# Other things that are done with documents: these counts are in no cell.
_OTHER_DEED = re.compile(
    r"代|起草|审核|审查|清理|备案|解读|报送|修订|修改|公开|评估|征求|拟|草案|目录|库|收录|转发|学习|宣传|党|公布|集中"
)
_COUNTERS = frozenset({"件", "部", "个", "份", "项"})
_DECISION_COUNTERS = frozenset({"件", "宗", "起", "例", "件次", "次"})
_DECISIONS = {"许可": "licences", "处罚": "penalties", "强制": "coercive_measures"}
_DECISION = re.compile(
    r"(?P<verb>作出|实施|办理|办结|受理|处理|完成|下达|查处)?(?:了|的|各类|各项|全部)*"
    rf"行政(?P<kind>许可|处罚|强制)(?:措施)?(?:处理)?(?:决定|案件|案)*(?:数量)?{_FILL}"
)
_VERB_HELD = re.compile(r"(作出|实施|办理|下达)(?:了)?行政(?:许可|处罚|强制)[^，]*$")
_PUBLISHED = re.compile(r"公开|公示|上网|发布|信息|录入|归集|推送|公布|报送|复议|诉讼|评查|案卷|抽查|培训|审核|平台")
_FEES = re.compile(r"行政事业性收费(?:总?金额|收入|总额)?(?:的)?(?:收取|征收)?(?:为|共|共计|合计|总计|计|是|：)*$")
_SCALES = {"元": 1, "万元": 10_000, "亿元": 100_000_000}


class TableTwoReader:
    """Reads documents made, repealed and in force, decisions and charges from one sentence."""

    def __init__(self, sentence: Sentence, counts: list[Count], setting: Setting) -> None:
        self.sentence = sentence
        self.counts = counts
        self.setting = setting
        self._row: str | None = None
        self._action: str | None = None
        # 办理行政许可N件；行政处罚N件: the verb holds on after the semicolon.
        held = _VERB_HELD.search(setting.paragraph[-40:])
        self._verb: str | None = held[1] if held else None

    def read(self, elsewhen: frozenset[int], doubtful: frozenset[int]) -> list[Claim]:
        """The claims; ``elsewhen`` are counts of other times, ``doubtful`` those of perhaps another body."""
        found: list[Claim] = []
        for count in self.counts:
            if not count.exact or count.index in elsewhen:
                continue
            claim = self._document(count) or self._decision(count) or self._fee(count)
            if claim is not None:
                sure = claim.certain and count.index not in doubtful
                found.append(Claim(claim.count, claim.quantity, sure, claim.also, claim.parts))
        return found

    def _document(self, count: Count) -> Claim | None:
        if count.unit not in _COUNTERS:
            return None
        lead = re.split(r"[；：]", count.lead)[-1]
        for order in (_ACTION_THEN_DOCUMENT, _DOCUMENT_THEN_ACTION):
            for name, pattern in order.items():
                if match := pattern.search(lead):
                    self._action = name
                    rows = _rows(match["documents"])
                    self._row = rows[-1]
                    before = re.split(r"[，、]", lead[: match.start()])[-1]
                    return self._made(count, name, rows, sure=not _OTHER_DEED.search(before))
        if self._row:
            for name, pattern in _ACTION_ALONE.items():
                if pattern.search(lead):
                    self._action = name
                    return self._made(count, name, (self._row,), sure=True)
            if self._action and (match := _DOCUMENT_ALONE.search(lead)):
                self._row = _rows(match["documents"])[-1]
                return self._made(count, self._action, (self._row,), sure=lead.startswith("、"))
        return None

    def _made(self, count: Count, action: str, rows: tuple[str, ...], *, sure: bool) -> Claim | None:
        if not sure and action != "in_force":
            return None
        column = "made" if action == "issued" else action
        names = tuple(f"{row}.{column}" for row in rows)
        certain = sure and _ACTIONS[action][1] and len(names) == 1
        return Claim(count, names[0], certain, parts=names if len(names) > 1 else ())

    def _decision(self, count: Count) -> Claim | None:
        match = _DECISION.search(count.lead)
        if count.unit not in _DECISION_COUNTERS or match is None:
            return None
        before = re.split(r"[，；：]", count.lead[: match.start()])[-1]
        if _PUBLISHED.search(before) or re.search(r"行政复议|行政诉讼", count.clause):
            return None
        verb = match["verb"] or (self._verb if not before.strip("、，和及") else None)
        self._verb = verb
        sure = verb in {"作出", "实施", "办理", "下达"} or "处理决定" in match[0]
        return Claim(count, f"{_DECISIONS[match['kind']]}.decisions", sure)

    def _fee(self, count: Count) -> Claim | None:
        if count.unit in _SCALES and _FEES.search(count.lead):
            return Claim(count, "fees.amount", certain=True)
        return None


def _rows(documents: str) -> tuple[str, ...]:
    rows = ["regulations"] if "规章" in documents else []
    return tuple([*rows, "normative_documents"] if "文件" in documents else rows)


def in_wan(count: Count) -> tuple[Decimal, Decimal]:
    """The amount and its last printed place in 万元, the unit of table 2."""
    scale = _SCALES[count.unit]
    return count.value * scale / 10_000, count.step * scale / 10_000
