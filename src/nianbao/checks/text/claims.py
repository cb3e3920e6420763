"""Owns the reading of counts: which quantity of the tables a count in a sentence states, and how sure that is.

May import: checks.text. The verb decides; where the words leave a doubt the claim is not certain, and where they
name something else there is no claim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import Count
from nianbao.checks.text.flat import Sentence


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
        return vocab.ON_APPLICATIONS.search(self.setting.paragraph + self.sentence.text) is not None

    @cached_property
    def about_disclosure(self) -> bool:
        """Whether reviews and lawsuits in the sentence are on disclosure, by its place or by its words."""
        placed = self.setting.slug in {"review", "applications"} or self.sentence.part == "依申请公开"
        return placed or vocab.DISCLOSURE.search(self.setting.paragraph + self.sentence.text) is not None

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
        if vocab.DIFFERENCE.search(count.lead) or vocab.OTHER_TIME.search(count.clause):
            return True
        if vocab.CUMULATED.search(count.clause) and not vocab.WHOLE_YEAR.search(count.before):
            return True
        joined = count.lead[:1] in {"、", "和", "及", "与"} and count.index - 1 in self._elsewhen
        if joined or self._of_another_year(count):
            self._elsewhen.add(count.index)
            return True
        return False

    def _of_another_year(self, count: Count) -> bool:
        meant = None
        for match in vocab.YEAR_MEANT.finditer(count.before):
            meant = match
        if meant is None or meant["this"]:
            return False
        return not meant["year"] or int(meant["year"]) != self.setting.year

    def doubtful(self, count: Count) -> bool:
        """Whether the count may be of the whole area, of another body, or by one channel only."""
        area = not self.setting.covers_area and vocab.AREA.search(count.before) is not None
        channel = vocab.CHANNEL.search(count.clause) is not None and not re.search(r"共|总|全年", count.clause)
        before = self._without_own_name(count.before)
        return (
            area or channel or vocab.BODY.search(count.clause) is not None or vocab.BODY_DID.search(before) is not None
        )

    def elsewhere(self, count: Count) -> bool:
        """Whether the count is of a whole area that is not the office's own."""
        return not self.setting.area_is_ours and vocab.AREA.search(count.before) is not None

    def _without_own_name(self, text: str) -> str:
        for name in self.setting.own_names:
            text = text.replace(name, "本机关")
        return text

    def _claim(self, count: Count, quantity: str, *, sure: bool = True, also: tuple[str, ...] = ()) -> Claim:
        return Claim(count, quantity, sure and not self.doubtful(count), also)

    def _intake(self, count: Count) -> Claim | None:
        if not self.about_applications or count.unit not in vocab.APPLICATION_COUNTERS:
            return None
        tails = (name for name, pattern in vocab.INTAKE_TAILS.items() if pattern.search(count.tail))
        if tail := next(tails, None):
            return self._claim(count, tail)
        leads = (name for name, pattern in vocab.INTAKE_LEADS.items() if pattern.search(count.lead))
        return self._intake_before(count, next(leads, None))

    def _intake_before(self, count: Count, found: str | None) -> Claim | None:
        if found is None or (found != "carried_out" and self._of_other_matter(count)):
            return None
        if found in {"received", "handled"}:
            return self._received(count, found)
        if found == "processed":
            return self._processed(count)
        return None if found == "carried_in" and self._wrong_year(count) else self._claim(count, found)

    def _wrong_year(self, count: Count) -> bool:
        years = re.findall(r"(20\d\d)年度?(?:末|底)?(?:未办结)?(?:的)?结?转", count.lead)
        return bool(years) and int(years[-1]) != self.setting.year - 1

    def _of_other_matter(self, count: Count) -> bool:
        """Whether the count is of enquiries, suggestions or the like: by its clause, or by what came last."""
        if vocab.OTHER_MATTER.search(count.clause):
            return True
        return count.before.rfind("申请") < max(
            (match.end() for match in vocab.OTHER_TOPIC.finditer(count.before)), default=-1
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
        if vocab.RESULT_TAIL.search(count.tail) or re.search(r"其中", count.clause):
            return None
        return self._claim(count, "processed", sure=not partial)

    def _result(self, count: Count) -> Claim | None:
        if not self.about_applications or count.unit not in vocab.APPLICATION_COUNTERS:
            return None
        if self._of_other_matter(count) or re.search(r"公文|属性|文件", count.before):
            return None
        if not vocab.RESULT_END.search(count.lead):
            return self._result_after(count)
        stretch = re.split(r"[，：；]", count.lead)[-1]
        named = [name for name, pattern in vocab.RESULT.items() if pattern.search(stretch)]
        if len(named) > 1:
            return Claim(count, named[0], certain=False, parts=tuple(named))
        if named and vocab.REASON.search(stretch):
            return Claim(count, named[0], certain=False, reason=stretch)
        return self._claim(count, named[0]) if named else None

    def _result_after(self, count: Count) -> Claim | None:
        """N件不予公开: the result stands after the count, and nothing before it says otherwise."""
        tail = vocab.RESULT_TAIL.search(count.tail)
        if tail is None or re.search(r"[一-鿿]", count.clause.replace("其中", "")):
            return None
        names = [name for name, pattern in vocab.RESULT.items() if pattern.search(tail[0])]
        return self._claim(count, names[0]) if len(names) == 1 else None

    def _applicant(self, count: Count) -> Claim | None:
        if not self.about_applications or not self.claims:
            return None
        parent = next((claim for claim in reversed(self.claims) if not claim.quantity.startswith("new.")), None)
        if parent is None or parent.quantity != "new":
            return None
        for column, pattern in vocab.APPLICANTS.items():
            if pattern.search(count.lead):
                return self._claim(count, f"new.{column}", sure=parent.certain and not parent.also)
        return None

    def _review(self, count: Count) -> Claim | None:
        if not self.about_disclosure or count.unit not in vocab.CASE_COUNTERS or vocab.REVIEW_TRAP.search(count.lead):
            return None
        if both := vocab.BOTH_REVIEWS.search(count.lead):
            return self._review_claim(count, "review.total", both.start())
        if single := vocab.REVIEW_END.search(count.lead):
            kind = "reconsideration" if single["kind"] == "复议" else "litigation"
            return self._review_claim(count, f"{kind}.total", single.start())
        return self._outcome(count)

    def _review_claim(self, count: Count, quantity: str, start: int) -> Claim | None:
        words = re.split(r"[；：]", count.lead[:start])[-1]
        earlier = re.split(r"[；]", count.before)[-1]
        placed = self.setting.slug in {"review", "applications"} or self.sentence.part == "依申请公开"
        caused = re.search(r"因|被|引发|引起|涉及|提起|发生|产生", words) or placed
        reviewing = re.search(r"备案|审理|代理|应诉|指导|调解|出庭|复议机关", earlier) or vocab.REVIEWING.search(
            count.clause
        )
        if reviewing and not vocab.DISCLOSURE.search(count.clause):
            return None
        named = vocab.DISCLOSURE.search(words) or placed
        return self._claim(count, quantity, sure=bool(caused and named) and not reviewing)

    def _outcome(self, count: Count) -> Claim | None:
        totals = [claim for claim in self.claims if claim.quantity.endswith(".total")]
        kinds = set(re.findall(r"复议|诉讼", count.before))
        for name, pattern in vocab.OUTCOMES.items():
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
