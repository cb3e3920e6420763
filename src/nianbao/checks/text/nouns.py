"""Tell which requests a count is of where no verb does: 政府信息公开申请126件, 18件新收申请."""

from __future__ import annotations

import re

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import Count
from nianbao.checks.text.statements import DOUBT, Reading


def requests_named(count: Count, *, first: bool) -> Reading | None:
    """The requests that the nouns beside the count name; ``first``: the sentence begins with it."""
    return _noun_alone(count) or (_followed_by_noun(count) if first else None)


# 18件新收申请全部来自自然人; 2件申请分别于3月和9月收到.
_REQUESTS = re.compile(rf"^(?P<new>新收到?的?)?{vocab.APPLICATION}(?!人|表|书|公开)")


def _followed_by_noun(count: Count) -> Reading | None:
    """What a sentence on so many requests begins with: those of the year, or some of them."""
    match = _REQUESTS.match(count.tail)
    if match is None or vocab.NEUTRAL.sub("", count.clause):
        return None
    if match["new"]:
        return Reading(("new",), sure=False, doubt=DOUBT)
    return Reading(("new", "intake", "processed"), sure=False, doubt=DOUBT, if_alike=True)


def _noun_alone(count: Count) -> Reading | None:
    """政府信息公开申请126件, without a verb."""
    bare = re.sub(rf"{vocab.APPLICATION}(?:{vocab.FILL})?", "", count.clause.removeprefix("其中"))
    bare = vocab.NEUTRAL.sub("", bare)
    if re.search(rf"{vocab.APPLICATION}{vocab.FILL}", count.clause) and not bare and "其中" not in count.lead:
        names = ("new", "intake") if re.search("申请(?:总)?[量数]", count.clause) else ("new", "intake", "processed")
        return Reading(names, sure=False, doubt=DOUBT)
    return None
