"""Read sentences from left to right: each count takes the matter, the body and the span that the words name last.

The counts become statements; comparing them is left to ``figures`` and ``arithmetic``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nianbao.checks.text import mentions
from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.applications import read_application
from nianbao.checks.text.counts import MONEY, PERCENT, Count, counts
from nianbao.checks.text.names import OF_A_KIND
from nianbao.checks.text.sentences import Sentence
from nianbao.checks.text.statements import (
    DOUBT,
    Context,
    Reading,
    Relation,
    Setting,
    Span,
    State,
    Statement,
    Turn,
    Whose,
)
from nianbao.checks.text.surroundings import in_its_place
from nianbao.checks.text.table_two import read_table_two
from nianbao.checks.text.turns import TREND, turns

_WHOSE = {"area": Whose.AREA, "below": Whose.BELOW, "own": Whose.OWN, "body": Whose.OTHER}
_MARK = re.compile(
    "|".join(
        f"(?P<{name}>{words})"
        for name, words in (
            ("area", mentions.AREA),
            ("below", mentions.BELOW),
            ("own", mentions.OWN),
            ("last", mentions.LAST),
            ("this", mentions.THIS),
            ("part", mentions.PART_OF_YEAR),
            ("years", mentions.YEARS),
            (
                "year",
                r"(?<![较比与同由从])(?<!结转)(?<!转[至入到])20\d\d年(?:度)?(?!(?:末|底)?(?:未办结|未结|受理)?(?:的)?(?:结转|转结|转入|转|遗留)|\d|同期|以来|至|—)",
            ),
            ("body", mentions.BODY),
            *mentions.MATTERS,
        )
    )
)
_SEPARATOR = re.compile(r"[，；、：（）]")
_MATTERS = frozenset(name for name, _ in mentions.MATTERS)


def read_sentence(sentence: Sentence, setting: Setting) -> State:
    """The sentence as read: a statement for each of its counts, and the context at its end."""
    placed = sentence.part == "依申请公开" or setting.slug == "applications"
    state = State(
        sentence,
        setting,
        counts(sentence),
        Context(setting.matter or ("applications" if placed else "")),
        placed,
        setting.about_disclosure or setting.slug in {"review", "applications"} or placed,
    )
    position = 0
    outside: Context | None = None
    state.turns = turns(state.counts, setting.year)
    told = {count.index: (turn, place) for turn in state.turns for place, count in enumerate(turn.counts)}
    for count in state.counts:
        if count.depth and outside is None:
            outside = replace(state.context)
        elif not count.depth and outside is not None:
            # What was said in brackets ends with them.
            state.context, outside = outside, None
        _take(state, sentence.text[position : count.start])
        position = count.end
        if count.unit in {"个", "家"} and re.search(r"(?:^|等)$", count.clause) and _BODIES.match(count.tail):
            state.context.whose = Whose.BELOW
        relation = _relation(state, count)
        reading = None
        compared = relation is not Relation.PLAIN and (count.counted or count.unit in {PERCENT, *MONEY})
        turn, place = told.get(count.index, (None, 0))
        if relation is Relation.AVERAGE:
            reading = read_application(state, replace(count, clause=vocab.AVERAGE.sub("", count.clause)))
        elif compared:
            reading = _in_turn(state, count, turn, place) if turn else _compared(state, count)
        if (
            relation is Relation.PLAIN
            and (count.exact or count.bounds)
            and ((turn and turn.years) or _of_one_year(state, count))
        ):
            name = turn.names[place] if turn and turn.names else ""
            named = (
                replace(count, clause=name, lead=name) if name else _with_its_name(count, state.counts[count.index - 1])
            )
            heads = count.unit == "人次" and vocab.APPLICATION_END.search(count.clause)  # 收到申请12人次
            named = replace(named, unit="件") if heads else named
            reading = (read_application(state, named) if named.counted else None) or read_table_two(state, named)
        reading = in_its_place(state, count, reading)
        if reading is not None and not count.exact:
            reading = replace(reading, sure=False, doubt=DOUBT)
        context = state.context
        span = _span(state, turn.years[place]) if turn and turn.years else context.span
        reading = None if span is Span.BEYOND else reading
        told_so = turn is not None
        state.statements.append(Statement(count, context.matter, context.whose, span, relation, reading, told_so))
    _take(state, sentence.text[position:])
    return state


def _take(state: State, words: str) -> None:
    """Let the words change the context; the last mention of each kind decides.

    Who and when are not taken from the words right behind a count: they are said of that count alone.
    """
    context = state.context
    own_part = _SEPARATOR.search(words) if state.statements else None
    begins = 0 if not state.statements else own_part.start() if own_part else len(words)
    for match in _MARK.finditer(words):
        name = match.lastgroup or ""
        if name in _MATTERS:
            context.matter, context.mentioned = name, True
        elif match.start() < begins:
            continue
        elif name in _WHOSE:
            context.whose = _whose(state, name, words[: match.end()])
        elif name == "year":
            context.span = _span(state, int(match[0][:4]))
        else:
            context.span = {"last": Span.LAST, "this": Span.YEAR, "part": Span.PART, "years": Span.BEYOND}[name]
    state.disclosure = state.disclosure or vocab.DISCLOSURE.search(words) is not None


# 全县公安机关, 全市卫健系统: all bodies of a field.
_FIELD = re.compile(r"全(?:市|省|县|区|州|盟|旗)[一-鿿]{2,6}(?:机关|系统|部门)$")


def _whose(state: State, name: str, words: str) -> Whose:
    if name != "body":
        return _WHOSE[name]
    if _FIELD.search(words):
        return Whose.AREA
    named = (form for form in state.setting.own_names if words.endswith(form))
    own = any(
        form not in OF_A_KIND or not re.search(r"(?![年度])[一-鿿]$", words[: -len(form)]) for form in named
    ) or re.search(r"[我本][一-鿿]{0,2}$", words)
    if not own and _is_part_of_ours(state, words):
        return Whose.BELOW
    # 办公室收到 at the beginning of a clause is the office that speaks.
    bare = re.search(r"(?:^|[^一-鿿])(?:办公室|机关|局|委|厅|中心)$", words)
    return Whose.OWN if own else Whose.UNSAID if bare else Whose.OTHER


def _is_part_of_ours(state: State, words: str) -> bool:
    """管委会综合执法局: a body that is named by the office's own name before its own."""
    named = re.search(r"(?<![一-鿿])[一-鿿]{5,16}$", words)
    forms = [form for form in state.setting.own_names if len(form) > 2]
    return named is not None and any(named[0].startswith(form) and named[0] != form for form in forms)


def _span(state: State, year: int) -> Span:
    behind = state.setting.year - year
    return {0: Span.YEAR, 1: Span.LAST}.get(behind, Span.BEYOND)


def _in_turn(state: State, count: Count, turn: Turn, place: int) -> Reading | None:
    """What a difference that is told in turn is of: the name at its place, or the count before at that place."""
    if turn.names:
        unit = "件" if count.unit == PERCENT else count.unit
        named = replace(count, clause=turn.names[place], lead=turn.names[place], tail="", unit=unit)
        return read_application(state, named) or read_table_two(state, named)
    first = turn.counts[0].index
    before = [entry for entry in state.statements[:first] if entry.relation is Relation.PLAIN and not entry.count.depth]
    several = len(turn.counts)
    if _FIRST_ONES.search(turn.counts[0].clause) and len(before) > place:
        return before[place].reading
    return before[place - several].reading if len(before) >= several else None


# 许可5208件、处罚733件、强制14件，前两项较上年分别增长3.9%和4.4%
_FIRST_ONES = re.compile("前[两二三四]?[项者类个种]")
_SUMS_UP = re.compile("合计|总计|共计")
# 占比最高的是自然人，达35件; 申请人主要是自然人，有35件.
_BARE = re.compile(r"(?:共|达到?|为|有|是|多达|高达|合计|数量|总数|计|的)+")
_FOREMOST = re.compile(
    r"^.*?以(?=[^，]{2,10}为主$)|为主$|(?:占比|数量)?(?:最[高多大]|居首位?|居多)$|^.*?(?:最[多高大]|主要|其次|居首|首位|第一)[^，]{0,8}?(?:是|为|有|来自)"
)


def _with_its_name(count: Count, before: Count) -> Count:
    """The count with its name where a comma parts them; the name stands in the clause before."""
    name, comma, _ = count.lead.removesuffix(count.clause).rpartition("，")
    name = _FOREMOST.sub("", re.split(r"[，；：]", name)[-1])
    if count.index and before.tail and name.startswith(before.tail):
        return count  # 7件公开、10件其他处理，共计17件: the name is of the count before it
    if count.index and before.unit == PERCENT and not name:
        name = re.split("占", before.clause)[0]  # 信访举报类申请占9.5%，共4件
    if count.depth or not comma or not name or not _BARE.fullmatch(count.clause):
        return count
    if count.index and (
        _SUMS_UP.match(count.clause) or any(by.match(count.tail) for by in vocab.APPLICANT_TAIL.values())
    ):
        return count  # 4件执法案卷和1件内部事务信息不予公开，合计5件; 30件予以公开，有26件来自自然人
    return replace(count, clause=name + count.clause, lead=name + count.clause)


def _compared(state: State, count: Count) -> Reading | None:
    """新收申请较2023年的150件增加33件: what last year's count is of, by the words before 较."""
    bare = count.depth and not vocab.AGAINST.split(count.clause, maxsplit=1)[0]
    outer = re.split(r"[，；：）]", count.outer)[-1] if bare else ""
    if any(int(year) != state.setting.year - 1 for year in re.findall(r"20\d\d(?=年)", outer)):
        return None
    words = vocab.DIFFERENCE.sub("", vocab.AGAINST.split(outer if bare else count.clause, maxsplit=1)[0])
    if not state.statements and _WHEN_ALONE.fullmatch(words):
        # 新收申请数量连续两年上升，2023年同比上升20%
        words = TREND.sub("", re.split(r"[，；：]", count.lead.removesuffix(count.clause).rstrip("，"))[-1])
    if not words and not state.statements and _on_requests(state, count):
        return Reading(("new", "intake", "processed"), sure=False, doubt=DOUBT)  # 与2023年的18件相比减少6件
    if not words or (state.statements and not _with_last_year(state, count, words)):
        return None
    unit = ("万元" if "收费" in words else "件") if count.unit == PERCENT else count.unit
    as_count = replace(count, clause=words, lead=words, tail="", unit=unit)
    return read_application(state, as_count) or read_table_two(state, as_count)


_WHEN_ALONE = re.compile(r"(?:20\d\d年度?|本年度?|今年|全年)?")


def _on_requests(state: State, count: Count) -> bool:
    return state.placed and state.context.matter == "applications" and count.unit in vocab.APPLICATION_MEASURES


def _with_last_year(state: State, count: Count, words: str) -> bool:
    """Whether a later difference has words of its own, and last year is what the sentence compares with."""
    before = state.sentence.text[: count.start]
    named = {int(year) for year in re.findall(r"20\d\d(?=年)", before)} - {state.setting.year}
    compared = re.search(r"上一?年|去年|同比", before) or named
    own = re.sub(r"其中|[增减升降加少长下上多了，、（和及]|同比|总量|总数|数量", "", words)
    return bool(compared) and named <= {state.setting.year - 1} and len(own) > 1


# 市教育局、市公安局等10个部门
_BODIES = re.compile(
    r"(?:[市县区]直|直属|下属|所属|有关|职能|重点|主要)?(?:部门|单位|县|区|镇|乡|街道|科室|股室|处室|局|站所)"
)
# 由146件增至181件, 由146件攀升到181件
_GROWS = re.compile(r"^，?[^，。；、：\d]{1,6}?(?:至|到|为)[^，。；、：\d]{0,8}\d")


# 结转下年18件，较上年结转的11件多7件
_AGAINST_CARRIED = re.compile(rf"(?:^|年度?)[较比](?:上一?年|去年|20\d\d年)度?(?:末|底)?{vocab.CARRY}的?$")


def _of_one_year(state: State, count: Count) -> bool:
    if vocab.BEYOND.search(count.clause) or state.context.span is Span.BEYOND:
        return False
    return not (vocab.CUMULATED.search(count.clause) and state.context.span is not Span.YEAR)


def _relation(state: State, count: Count) -> Relation:
    if vocab.AVERAGE.search(count.clause):
        return Relation.AVERAGE
    if vocab.DIFFERENCE.search(count.lead) and not vocab.BECOMES.search(count.lead):
        return Relation.DIFFERENCE
    if re.search(r"[由从]$", count.lead) and _GROWS.match(count.after):
        return Relation.COMPARED
    bracketed = count.depth and len(count.lead) < 4 and vocab.COMPARED_OUTER.search(count.outer)
    compared = vocab.COMPARED.search(count.clause)
    if bracketed or (compared and (not re.search(vocab.CARRY, compared[0]) or _AGAINST_CARRIED.search(count.clause))):
        return Relation.COMPARED
    joined = count.lead in {"、", "和", "及", "与"} and state.statements
    return state.statements[-1].relation if joined else Relation.PLAIN


def read_section(found: Sequence[Sentence], setting: Setting) -> list[State]:
    """The sentences of a section as read; a paragraph's matter is carried from sentence to sentence."""
    read: list[State] = []
    paragraph, matter, disclosure = -1, "", False
    for sentence in found:
        if sentence.paragraph != paragraph:
            paragraph, matter, disclosure = sentence.paragraph, "", False
        place = replace(setting, matter=matter, about_disclosure=disclosure or setting.about_disclosure)
        state = read_sentence(sentence, place)
        read.append(state)
        disclosure = state.disclosure
        if state.context.mentioned:
            matter = state.context.matter if state.context.matter not in {"none", "information"} else ""
    return read
