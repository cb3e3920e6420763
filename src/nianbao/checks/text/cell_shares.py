"""Tell part and whole of a share that no count states, by the tables: 自然人申请占81%."""

from __future__ import annotations

import re
from decimal import Decimal

from nianbao.checks.subject import Subject
from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.quantities import rows_meant
from nianbao.checks.text.shares import Judged, pairs_held
from nianbao.checks.text.statements import State, Statement

_KIND_SHARE = re.compile(r"(?:^|的)(?P<who>[^，；：]{2,12}?)(?:提出|提交)?(?:的)?(?:申请)?(?:量|数量|件)?(?:，)?占")


# 公开及部分公开占比47.1%
_KIND_SHARED = re.compile(r"^(?:其中)?(?P<who>[一-鿿、]{2,16}?)(?:占比|比例|比重)(?:为|达|约|是)?$")


def share_of_cells(subject: Subject, state: State, entry: Statement) -> Judged | None:
    """自然人申请占81%: of a kind of applicant or a result that no count states, by table 3."""
    if of_reviews := _share_of_reviews(subject, entry):
        return of_reviews
    match = _KIND_SHARE.search(entry.count.clause) or _KIND_SHARED.search(entry.count.clause)
    bare = _BARE_SHARE.match(entry.count.clause)
    if match is None and not bare and re.search(r"占比|比例|比重|分别占", state.sentence.text[: entry.count.start]):
        match = re.fullmatch(r"[，、；]?(?:其中)?(?P<who>[一-鿿]{2,8})", entry.count.clause)  # 占比：自然人80.9%
    if match is None and bare and not entry.count.index:
        # 申请人以自然人为主，占88.6%
        match = _FOREMOST.search(entry.count.lead.removesuffix(entry.count.clause))
    if match is None or not (state.placed or entry.matter == "applications"):
        return None
    kinds = [name for name, words in vocab.APPLICANTS.items() if re.search(words, match["who"])]
    if not kinds and (pairs := _other_words(subject, match["who"])):
        return Judged(pairs, False)
    results = [name for name, words in vocab.RESULTS.items() if words.search(match["who"])]
    if not kinds and not results and (rows := rows_meant("", match["who"])):
        # 信访举报投诉类申请占不予处理申请的60%
        group = next((name for name, words in vocab.RESULTS.items() if words.search(entry.count.clause)), "processed")
        return Judged(pairs_held(subject, [(f"row.{rows[0]}", group)]), False) if len(rows) == 1 else None
    if len(kinds) + bool(results) != 1:
        return None
    named = [(f"{row}.{kinds[0]}", row) for row in ("new", "intake", "processed")] if kinds else []
    named += [("+".join(results), row) for row in ("processed", "answered", "new", "intake")] if results else []
    pairs = pairs_held(subject, named)
    return Judged(pairs, False) if pairs else None


# 复议诉讼合计32件，其中诉讼占比43.8%
_SUITS_SHARE = re.compile(r"^(?:其中)?(?:行政)?(?P<kind>复议|诉讼)(?:案件)?(?:占比|占|比例|比重)(?:为|达|约|是)?$")


def _share_of_reviews(subject: Subject, entry: Statement) -> Judged | None:
    match = _SUITS_SHARE.search(entry.count.clause)
    if match is None or not entry.count.index or "诉讼" not in entry.count.sentence.text[: entry.count.start]:
        return None
    name = "reconsideration.total" if match["kind"] == "复议" else "litigation.total"
    pairs = pairs_held(subject, [(name, "review.total")])
    return Judged(pairs, False) if pairs else None


def _other_words(subject: Subject, who: str) -> list[tuple[Decimal, Decimal]]:
    """企业占14.3%: kinds of applicants in words that may mean several columns."""
    meant = [columns for columns, words in vocab.OTHER_APPLICANTS.items() if re.fullmatch(words, who)]
    rows = ("new", "intake", "processed")
    named = [
        ("+".join(f"{row}.{column}" for column in one.split("+")), row)
        for columns in meant
        for one in columns
        for row in rows
    ]
    return pairs_held(subject, named)


_BARE_SHARE = re.compile(r"占比|比例|比重|占(?:全部|总|全年|申请|办结|受理|新收|比)")
_FOREMOST = re.compile(
    r"(?:以|^|，|：)(?P<who>[^，：]{2,12}?)(?:提出的)?(?:申请)?(?:为主|居多|最多|占绝大多数|占多数|占大多数)，$"
)
