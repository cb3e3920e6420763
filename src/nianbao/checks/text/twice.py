"""Find what a report tells twice with two numbers, in the same words or in others.

In other words: the same platform or activity, the same kind of deed and measure, and nothing else that is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import MONEY
from nianbao.checks.text.quantities import WHOLES
from nianbao.checks.text.statements import OF_THE_YEAR, Relation, State, Statement, Whose
from nianbao.checks.text.table_two import in_wan
from nianbao.checks.text.text_log import TextLog
from nianbao.model import FindingState

_FILLERS = re.compile(
    r"全年|本年度?|今年|一年来|一年间|年内|20\d\d年度?|[，、：（）]|共|已|累计|总计|合计|主动|的|及时|我[局办镇县市区]|本单位"
)
# What is told, each by one name; the longer words first.
_MATTERS = {
    "website": "(?:政府)?门户网站|政府网站|官方网站|官网|网站",
    "wechat": "(?:政务)?(?:微信)?公众(?:号|平台)|政务微信|官方微信|微信",
    "weibo": "(?:政务|官方)?微博",
    "video": "抖音号?|视频号|快手号?",
    "headlines": "今日头条|头条号",
    "gazette": "政府公报|公报",
    "interpretation": "(?:政策)?解读(?:材料|文章|稿件|信息|稿)?",
    "trained": "参训|受训|参加培训|培训(?:干部|人员|工作人员)",
    "training": "(?:业务|专题|集中)?培训(?:班|会|活动)?",
    "press": "(?:新闻)?发布会",
    "consultation": "(?:群众|现场|电话)?咨询",
    "letters": "(?:市长|县长|区长|镇长|局长|书记|领导)信箱(?:来信|留言)?|群众来信|来信",
    "hotline": "(?:12345)?(?:政务服务)?(?:便民)?热线(?:工单|诉求)?",
    "suggestions": "(?:人大)?(?:代表)?建议",
    "proposals": "(?:政协)?(?:委员)?提案",
    "media": "(?:政务)?新媒体(?:账号)?",
    "open_day": "政府开放日(?:活动)?|开放日活动?",
    "meetings": "(?:专题|工作|推进|联席)?会议",
}
_MATTER = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _MATTERS.items()))
_PLATFORMS = frozenset({"website", "wechat", "weibo", "video", "headlines", "gazette"})
_DEEDS = {
    "published": "出刊|出版|编印|刊印|公开|发布|推送|刊发|发文|登载|推出|编发|更新",
    "held": "举办|举行|组织|开展|召开|开办|承办",
    "done": "办结|答复|回复|办复",
    "taken": "办理|收到|受理|接听|接收|接待|收办",
    "run": "开设|开通|运营|运维|管理|现有|拥有|建有|共有",
}
_DEED = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _DEEDS.items()))
_NEUTRAL = re.compile(
    rf"{_FILLERS.pattern}|政府|政务|信息|各类|各种|官方|通过|依托|利用|借助|经|在|于|上|由|人民|工作|活动|了|有|计|总|数|量|为|等|相关|仅|只|就|"
    r"[县区市镇乡局](?:政府)?|办公室|街道(?:办事处)?|我|本|该|年度|年|图文|消息|内容|原创|“[^“”]{1,20}”"
)
_THEN_NAMED = re.compile("(?:举办|举行|组织|开展|召开|开办|运维|运营|开设|管理)[了的]$")
_ON_DISCLOSURE = re.compile("(?:政府)?信息公开|政务公开")
# For whom it was held, which has the same words in both places: 面向市属学校.
_OF_WHOM = re.compile("(?:面向|针对|对)[一-鿿]{2,8}|全[省市县区镇乡]")
_NAME = re.compile(r"“([^“”]{1,20})”")
# Numbers of times and of pieces are two things: 推送342期、发布1042条.
_MEASURES = {"篇": "条", "则": "条", "幅": "条", "场": "次", "期": "次", "场次": "次", "名": "人", "人次": "人"}

# Of one matter so many accounts by name are kept, so that a text costs no more than its length.
_MOST = 20

Account = tuple[State, Statement, frozenset[str]]
Told = dict[tuple[str, ...], list[Account]]


def check_twice(text: TextLog, states: Sequence[State], told: Told) -> None:
    """TEXT-TWICE: one matter with two numbers (公开政府信息14320条 … 公开政府信息9999条).

    ``told`` is what the texts before this one tell; what this one tells is added.
    """
    for number, state in enumerate(states):
        for entry in state.statements:
            _compare_posts(text, state, entry, told)
            _compare_named(text, states, number, entry)
            _compare_referred(text, states, number, entry)
            _compare_amounts(text, state, entry)
            if not _is_whole(state, entry):
                continue
            key = _key(state, entry)
            if key is not None:
                _compare(text, state, entry, key, told.setdefault(key, []))
    text.passed("TEXT-TWICE")


# Whom an office has for its disclosure, as the whole of it: 网格员共有42名; 12个社区的36名政务公开网格员.
_POST = "(?:网格员|信息员|联络员|联系人|专管员|管理员|审核员|专职人员|兼职人员)"
_HAVE = "(?:现有|共有|配有|配备|设有|设立|明确|确定|聘任|聘请|选聘)了?"
_HAS = re.compile(
    rf"{_HAVE}(?P<whom>[一-鿿]{{0,6}}{_POST})共?$|(?P<post>[一-鿿]{{0,6}}{_POST})(?:队伍)?(?:现有|共有|共计|总数|共|有|为|达|是)+$"
)
_ALL_OF_THEM = re.compile(rf"{_HAVE}$|(?:全部|所有|全体)的?$|(?:社区|村|单位|部门|科室|站所|村居|镇街|乡镇)的$")
_POST_BEHIND = re.compile(rf"(?P<post>[一-鿿]{{0,6}}?{_POST})")
# What may stand before it and leaves it the whole.
_WHOLE = re.compile(r"[我本全][一-鿿]{1,2}|[对由向将]|组织|共|现|目前|全年|辖区|街道|年内|已|均|还|并")


def _compare_posts(text: TextLog, state: State, entry: Statement, told: Told) -> None:
    """One kind of post in the same words, with two numbers."""
    count = entry.count
    own = entry.relation is Relation.PLAIN and count.exact and entry.span in OF_THE_YEAR
    before, behind = _HAS.search(count.clause), _ALL_OF_THEM.search(count.clause)
    named = before or (_POST_BEHIND.match(count.tail) if behind else None)
    if not own or not named:
        return
    rest = count.clause[: (before or behind or named).start()]
    post = named["post"] or named["whom"]
    for name in state.setting.own_names:
        post, rest = post.removeprefix(name), rest.replace(name, "")
    if _WHOLE.sub("", rest):
        return
    key = ("post", post.removeprefix("的"), _MEASURES.get(count.unit, count.unit))
    accounts = told.setdefault(key, [])
    if not accounts:
        accounts.append((state, entry, frozenset()))
    elif accounts[0][1].count.value != count.value:
        _tell(text, accounts[0][1], entry)


# 全年乡村两级张贴上述公示67期: of what the sentences before have counted.
_ABOVE = re.compile(r"(?:上述|以上|前述|这些)(?P<noun>[一-鿿]{2,8}?)(?:共计?|合计|总计|共有|为|有|计)*$")
_LOOKS_BACK = 4


def _compare_named(text: TextLog, states: Sequence[State], number: int, entry: Statement) -> None:
    above = _ABOVE.search(entry.count.clause)
    if above is None or not entry.count.exact:
        return
    for state in reversed(states[max(0, number - _LOOKS_BACK) : number]):
        same = [
            other
            for other in state.statements
            if other.count.unit == entry.count.unit and other.relation is Relation.PLAIN and other.count.exact
            if other.count.clause.endswith(above["noun"]) or other.count.tail.startswith(above["noun"])
        ]
        if same and (len(same) > 1 or same[0].count.value == entry.count.value):
            return
        if same:
            _tell(text, same[0], entry)
            return


# 上述48件文件; 在发布的12860条信息中.
_REFERS = re.compile(r"(?:上述|以上|前述|这些|(?P<verb>[一-鿿]{2})的)$")
_NOUN = re.compile(r"(?P<noun>[一-鿿]{2})[一-鿿]{0,6}?(?P<among>(?:之)?[中里]$)?")
_FEWEST = 20


def _compare_referred(text: TextLog, states: Sequence[State], number: int, entry: Statement) -> None:
    """梳理文件46件；上述48件文件均…: a count that refers to the one before it, with a digit typed wrongly."""
    count = entry.count
    refers, noun = _REFERS.search(count.clause), _NOUN.match(count.tail)
    if refers and count.exact and not refers["verb"] and _compare_requests(text, states, number, entry):
        return
    if not refers or not noun or not count.exact or count.value < _FEWEST or (refers["verb"] and not noun["among"]):
        return
    near = [other for state in states[max(0, number - _LOOKS_BACK) : number] for other in state.statements]
    near += states[number].statements[: count.index]
    alike = [other for other in near if other.count.unit == count.unit and other.count.exact and not other.reading]
    values = {other.count.value for other in alike}
    if any(count.value in {one, one + other, abs(one - other)} for one in values for other in list(values)[:_MOST]):
        return
    meant = [other for other in alike if noun["noun"] in other.count.clause + other.count.tail]
    meant = [other for other in meant if not refers["verb"] or refers["verb"] in other.count.clause]
    if len(meant) == 1 and sum(values) != count.value and _mistyped(str(meant[0].count.value), str(count.value)):
        _tell(text, meant[0], entry)


# 45120.37万元，合45.12亿元: one amount in two units.
_OTHER_UNIT = re.compile(r"[，（、]?(?:折?合|约合|即|换算为?)")


def _compare_amounts(text: TextLog, state: State, entry: Statement) -> None:
    before = state.statements[entry.count.index - 1] if entry.count.index else entry
    money = {entry.count.unit, before.count.unit} <= MONEY
    if entry is before or not money or not _OTHER_UNIT.fullmatch(entry.count.lead):
        return
    amount, step = in_wan(entry.count)
    if abs(amount - in_wan(before.count)[0]) >= step:
        _tell(text, before, entry)


def _compare_requests(text: TextLog, states: Sequence[State], number: int, entry: Statement) -> bool:
    """收到申请300件…对上述310件申请: where the paragraph has told one count of requests only; whether that was so."""
    near = states[max(0, number - _LOOKS_BACK) : number + 1]
    near = [state for state in near if state.sentence.paragraph == states[number].sentence.paragraph]
    told = [other for state in near for other in state.statements]
    told = [
        other
        for other in told
        if other.count.start < entry.count.start or other.count.sentence is not entry.count.sentence
    ]
    plain = [other for other in told if other.count.unit == entry.count.unit and other.relation is Relation.PLAIN]
    if len(plain) != 1 or not plain[0].count.exact or not set(plain[0].quantities[:1]) & set(WHOLES):
        return False
    if plain[0].count.value != entry.count.value:
        _tell(text, plain[0], entry)
    return True


def _mistyped(one: str, other: str) -> bool:
    """Whether two numbers differ by one digit, or by two that changed places."""
    if len(one) != len(other):
        return False
    places = [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    return len(places) == 1 or (len(places) == 2 and sorted(one) == sorted(other))


def _compare(
    text: TextLog,
    state: State,
    entry: Statement,
    key: tuple[str, ...],
    before: list[tuple[State, Statement, frozenset[str]]],
) -> None:
    names = frozenset(_NAME.findall(entry.count.lead))
    alike = [one for one in before if one[2] == names or not (one[2] and names)]
    if not alike:
        if len(before) < _MOST:
            before.append((state, entry, names))
        return
    other_state, other, _ = alike[0]
    if other.count.value == entry.count.value:
        return
    # 公众号发布312条；该公众号共发布321条: in one sentence only what stands behind a semicolon is told anew.
    between = state.sentence.text[other.count.end : entry.count.start]
    if other_state.sentence is state.sentence and (key[0] != "matter" or "；" not in between):
        return
    _tell(text, other, entry)


def _tell(text: TextLog, other: Statement, entry: Statement) -> None:
    words = (
        f"“{entry.count.clause}”前后数字不一：{other.count.printed}与{entry.count.printed}",
        f"the same matter is stated as {other.count.printed} and as {entry.count.printed}",
    )
    facts = {"expected": other.count.printed, "actual": entry.count.printed}
    name = _FILLERS.sub("", entry.count.clause)
    text.found("TEXT-TWICE", words, entry.count, name, FindingState.UNCERTAIN, **facts)


def _is_whole(state: State, entry: Statement) -> bool:
    count = entry.count
    return (
        entry.relation is Relation.PLAIN
        and entry.span in OF_THE_YEAR
        and not count.depth
        and count.exact
        and "其中" not in count.lead
        and "、" not in count.lead[:1]
        and not vocab.ATTRIBUTES.search(state.sentence.text)
    )


def _key(state: State, entry: Statement) -> tuple[str, ...] | None:
    """What the count is of: what its words name, whatever the words, else the words where these say enough."""
    count = entry.count
    if (named := _matter(state, entry)) is not None:
        return named
    name = _FILLERS.sub("", count.clause)
    name = re.sub("^全[省市县区镇乡州旗]", "", name) if state.setting.area_is_ours else name
    return ("words", name, count.unit) if count.counted and len(name) >= 4 else None


def _matter(state: State, entry: Statement) -> tuple[str, ...] | None:
    count = entry.count
    if entry.whose not in {Whose.UNSAID, Whose.OWN, Whose.AREA} or count.unit in {"%", "倍", "余"}:
        return None
    words = count.lead if re.fullmatch(r"[^，；：]*，[^，；：]*", count.lead) else count.clause
    if _THEN_NAMED.search(words) and not _MATTER.search(words):
        words += count.tail  # 只组织了2期业务培训
    words = _ON_DISCLOSURE.sub("", words)
    found = {match.lastgroup or "" for match in _MATTER.finditer(words)}
    rest = _MATTER.sub("", words)
    deeds = {match.lastgroup or "" for match in _DEED.finditer(rest)}
    rest = _DEED.sub("", rest)
    for name in state.setting.own_names:
        rest = rest.replace(name, "")
    rest = _NEUTRAL.sub("", rest)
    if not found or len(deeds) > 1 or (rest and not _OF_WHOM.fullmatch(rest)):
        return None
    if found <= _PLATFORMS and deeds != {"published"}:
        return None
    unit = _MEASURES.get(count.unit, count.unit)
    area = "area" if entry.whose is Whose.AREA and not state.setting.area_is_ours else ""
    deed = "" if found & {"training", "press", "meetings", "open_day", "media"} else "".join(deeds)
    return ("matter", *sorted(found), deed, unit, area, rest)
