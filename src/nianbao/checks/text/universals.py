"""Read statements on all or none: 未收到申请, 没有结转, 全部办结, 无被纠正的复议."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.kinds import Universal, kinds, last_counted
from nianbao.checks.text.no_reviews import NO, no_outcomes, no_reviews
from nianbao.checks.text.quantities import rows_meant
from nianbao.checks.text.statements import State, Statement
from nianbao.checks.text.vocabulary import APPLICATION

_NEUTRAL = (
    r"(?:过|任何|公民|个人|自然人|法人|社会|群众|或|和|及|、|者|其他|其它|组织|单位|以|的|提出|提交|书面|网上|形式|各类|关于|有关|本年|"
    r"申请人|因|政府|信息公开|申请公开|要求|当面|线上|线下|通过|渠道|电子|方面|类|向本机关|向我局|相关)*"
)
_NEW = re.compile(
    rf"{NO}(?:新)?(?:收到|接到|受理|接收|接受|收|有)(?:过|到)?{_NEUTRAL}{APPLICATION}(?P<after>[^，、：；（）]*)"
)
_NEW_ALONE = re.compile(
    rf"^(?:[^，：]{{0,10}}(?:年度?|本单位|本机关|我.))?{NO}(?:政府信息)?(?:依申请公开|信息公开申请|公开申请)(?:政府信息)?(?:申请|事项|件|情况|信件)?$"
)
_NOBODY = re.compile(
    r"(?:无人|没有人|未有人|无一人)(?:向[^，]{1,8})?(?:提出|提交|申请)+(?:公开)?(?:政府)?信息(?:公开)?(?:申请)?$"
)
# 收到的申请为零, 申请数量均为0.
_NEW_ZERO = re.compile(
    rf"(?:收到|受理)[^，；。]{{0,12}}{APPLICATION}(?:数量|总数)?(?:均)?(?:为)(?:零|0件?|〇)$|(?:零申请|零受理)(?!的)"
)
_DOCUMENTS = re.compile(
    rf"{NO}(?:新)?(?P<deed>制定|制发|制作|印发|出台|发布)(?:过|任何|新的|的|出台|发布|印发)*(?P<documents>(?:政府)?规章(?!制度)|(?:行政)?规范性文件)(?!解读|清理)"
    r"(?:[、和或及与]+(?P<more>(?:行政)?规范性文件|规章(?!制度)))?"
)
_IN_FORCE = re.compile(r"(?:没有|无|不存在)现行(?:有效)?(?:的)?(?P<documents>(?:行政)?规范性文件|规章)")
_REPEALED = re.compile(rf"{NO}废止(?:过|任何)?(?P<documents>(?:行政)?规范性文件|规章)")
_DECISIONS = re.compile(
    rf"{NO}(?:作出|实施|办理|开展)(?:过|任何)?(?P<kind>行政(?:许可|处罚|强制)(?:(?:[、和及或与]|以及)(?:行政)?(?:许可|处罚|强制))*)(?!.{{0,6}}(?:复议|诉讼))"
    r"|(?:无|没有|未发生)(?P<kinds>(?:[、和及]?行政(?:许可|处罚|强制)(?:措施)?)+)(?:事项|案件|决定|情况|行为)?(?=$|[，；])"
)
_NO_FEES = re.compile(rf"{NO}(?:收取|征收|产生|发生|开展)?(?:过|任何)?行政事业性收费")
_CARRIED_OUT = re.compile(
    r"(?:无|没有|未有|不存在)(?:申请|案件|件)?(?:需要?)?(?:结转|跨年结转)(?:至|到)?(?:下一?年度?|次年|20\d\d年度?|情况)|(?:无|没有)结转(?:件|申请)?$|无一件?结转|(?:没有|无)一?件?(?:申请)?跨年度?办理"
)
_CARRIED_IN = re.compile(
    r"(?:无|没有|未有)(?:上一?年度?|去年)结转|(?:上一?年度?|去年)(?:无|没有|未有)(?:申请|案件|件)?结转"
)
_DONE = re.compile(
    r"(?<!占)(?:全部|均已|均|都已|都|已全部|全都|悉数|已)(?:得到|予以|已|能)?"
    r"(?P<how>(?:依法|依规|按时|按期|按照?规定|及时|在[^，；]{0,14}?[内前]|如期|规范|妥善|依法依规|严格)*)"
    r"(?:进行)?(?:予以|了)?(?P<deed>办结|答复|办理完毕|办复|处理完毕|办理完成|回复|办毕|办理答复)"
    r"(?!的|件|总|数|量|类|率|中|书|均|都|决定|意见|文书|内容|结果|申请)"
)
_IN_TIME = re.compile(r"按时|按期|期限|时限|如期|规定时间|内")
_DONE_OTHER = re.compile(
    r"到期|建议|提案|咨询|留言|来信|信访|投诉|问题|整改|热线|信箱|事项清单|任务|上一?年|结转|问政|诉求|转办|复议|诉讼|去年"
)
_CARRIED_WORDS = re.compile(r"(?:上一?年度?|去年)(?:末|底)?|结转|转入")
_ANSWERED_ONES = re.compile(r"(?:答复|办结|到期|应办)的?$")
_PART_ONLY = re.compile(r"减免|重复|补正|不予|涉密|延期|收费|第三方|反复|国家秘密|不公开|许可|转办")
_BELOW = re.compile(r"各县|各区|各市|各部门|各单位|各镇|各乡|下属|所属|直属")

# 有7个单位全年未收到申请: of some bodies alone.
_SOME_BODIES = re.compile(
    r"[\d一二三四五六七八九十两几多]+(?:余|多)?[个家][^，；。]{0,10}(?:单位|部门|乡镇|镇街|街道|镇|乡|县|区|局|机关)"
)
# 各站所未收到申请: of those below, though the office may have; 全镇各站所 is all.
_EACH_BODY = re.compile(r"^[^全]{0,6}各(?:科室|股室|处室|站|所|村|社区|中心|下属)|^[^全]{0,6}(?:下属|所属|直属)")
# 最少的2月没有收到申请
_ONE_MONTH = re.compile(r"(?<!\d)(?:[1-9]|1[0-2])月(?:份)?(?!\d|底|末|至|到)")
_NO_RESULT = re.compile(
    rf"(?!未予){NO}(?:出现|作出|存在|有|发生|涉及)*(?:过|任何)*(?P<result>{vocab.ANY_RESULT})(?:政府信息)?(?:的|决定|答复)*(?:情况|情形|申请|案件|事项|$)"
)
# 没有一件申请是按不予处理来办的.
_NOT_ONE = re.compile(
    rf"(?:没有|无|未有)(?:任何)?一[件宗例](?:政府信息公开|信息公开)?{APPLICATION}(?:是|被|因|属于?|按照?|以|作|需要?|涉及)*(?P<result>{vocab.ANY_RESULT})"
)
_NO_APPLICANT = re.compile(
    rf"{NO}(?:收到|接到|受理|接收)(?:过)?(?P<who>[^，；]{{2,40}}?)(?:提出|提交|申请|递交)*的{APPLICATION}"
    rf"|(?:没有|无)(?P<whose>[^，；]{{2,40}}?)(?:提出|提交|递交)(?:过|的)?{APPLICATION}"
)
_NOT_FROM = re.compile(rf"(?:没有|无)来自(?P<who>[^，；]{{2,24}}?)的{APPLICATION}")
_NO_ROW = re.compile(
    rf"{NO}(?:出现|发生|收到|存在|有|因)*(?P<words>[^，；]{{2,24}}?)(?:的)?(?:情况|情形|申请)(?=$|[，；])"
)
# 没有以保护第三方合法权益为由作出不予公开答复.
_NO_REASON = re.compile(
    rf"{NO}(?:以|因)(?P<words>[^，；]{{2,24}}?)(?:为由|为理由|而)(?:作出|决定)?(?P<result>{vocab.ANY_RESULT})(?:政府信息)?(?:的)?"
    r"(?:答复|决定|处理|情况|情形|案件|申请)*(?=$|[，；])"
)
# 与2021年一样，我镇没有收到申请: none in that year either.
_NONE_AS_BEFORE = re.compile(
    rf"^[与和同](?:上一?年|去年|(?P<year>20\d\d)年)(?:度)?(?:一样|相同|同样)，[^，；。]{{0,20}}?{_NEW.pattern}$"
)
_OF_A_KIND = "|".join(vocab.APPLICANTS.values())
_AS_LAST_YEAR = re.compile(r"[与同和较比](?:上一?年|去年|(?P<year>20\d\d)年)(?:度|同期)?(?:相比)?持平")
_ON_ALL = re.compile(rf"{APPLICATION}(?:数量?|总量)?$")


def universals(state: State) -> list[Universal]:
    """The statements of the sentence on all or none."""
    text, year = state.sentence.text, state.setting.year
    if _BELOW.search(text) and not state.setting.area_is_ours:
        return []
    placed = state.placed or state.setting.slug in {"applications", "review"}
    found = [*_applications(text), *no_reviews(state, placed=placed), *_tables(text), *_done(state), *kinds(state)]
    found += [*_results(state, placed=placed), *_as_last_year(state), *no_outcomes(state, placed=placed)]
    last = re.compile(rf"上一?年度?(?!结转)|去年|(?<!结转)(?<!转入)(?<!转至)20(?!{year % 100:02d})\d\d年(?!度?结转)")
    clauses = ((entry, re.split(r"[，：；]", text[: entry.start])[-1]) for entry in found)
    return [
        entry
        for entry, clause in clauses
        if (entry.quantities == ("carried_in",) or not last.search(clause + _bare(entry)))
        and not _ONE_MONTH.search(clause)
        and not _SOME_BODIES.search(clause)
        and not _EACH_BODY.search(clause)
    ]


def _bare(entry: Universal) -> str:
    """The words of the statement, those on next year aside."""
    return "" if entry.last else re.sub(r"结转(?:至|到|下|20).*", "", entry.printed)


def _applications(text: str) -> Iterator[Universal]:
    for match in _NEW.finditer(text):
        if not _PART_ONLY.search(match[0]) and match["after"] in {"", "事项", "件", "信件", "情况", "数量", "的情况"}:
            yield Universal("TEXT-NONE", ("new",), True, match.start(), match[0])
    for start, clause in _clauses(text):
        if _NEW_ALONE.match(clause) or _NOBODY.search(clause):
            yield Universal("TEXT-NONE", ("new",), True, start, clause)
        elif _NEW_ZERO.search(clause) and not _PART_ONLY.search(clause):
            yield Universal("TEXT-NONE", ("new",), False, start, clause)


def _results(state: State, *, placed: bool) -> Iterator[Universal]:
    """没有不予公开的情形, 未收到科研机构提交的申请: none of a result or a kind of applicant, never for certain."""
    text = state.sentence.text
    matches = (*_NO_RESULT.finditer(text), *_NOT_ONE.finditer(text)) if placed or state.disclosure else ()
    for match in matches:
        name = next(name for name, words in vocab.RESULTS.items() if words.search(match["result"]))
        yield Universal("TEXT-NONE", (name,), False, match.start(), match[0])
    for match in _NO_ROW.finditer(text) if placed or state.disclosure else ():
        rows = rows_meant("", match["words"])
        if len(rows) == 1 and not re.search(rf"[以之]外|{vocab.RESULT_TAIL.pattern}", match["words"]):
            yield Universal("TEXT-NONE", (f"row.{rows[0]}",), False, match.start(), match[0])
    for match in _NO_REASON.finditer(text) if placed or state.disclosure else ():
        group = next(name for name, words in vocab.RESULTS.items() if words.search(match["result"]))
        if len(rows := rows_meant(group, match["words"])) == 1:
            yield Universal("TEXT-NONE", (f"row.{rows[0]}",), False, match.start(), match[0])
    for match in (*_NO_APPLICANT.finditer(text), *_NOT_FROM.finditer(text)):
        who = match["who"] or match["whose"]
        kinds = [name for name, words in vocab.APPLICANTS.items() if re.search(words, who)]
        if not {"natural_person", "organisations"} & set(kinds):
            yield Universal("TEXT-NONE", tuple(f"new.{name}" for name in kinds), False, match.start(), match[0])


def _as_last_year(state: State) -> Iterator[Universal]:
    """新收183件，与上年持平; 与上年一样，没有收到申请."""
    none = _NONE_AS_BEFORE.match(state.sentence.text.rstrip("。"))
    if none and not none["after"] and int(none["year"] or state.setting.year - 1) == state.setting.year - 1:
        yield Universal("TEXT-NONE", ("new",), False, none.start(), none[0], last=True)
    for match in _AS_LAST_YEAR.finditer(state.sentence.text):
        on_all = "new" if _ON_ALL.search(state.sentence.text[: match.start()]) else ""
        name = last_counted(state, match.start()) or on_all
        own = re.split("[，；：]", state.sentence.text[: match.start()])[-1]
        if re.search(_OF_A_KIND, own) or name.endswith(".organisations"):
            continue  # 商业企业申请与上年持平; 企业1件，与上年持平, of which kind is not said
        if name and int(match["year"] or state.setting.year - 1) == state.setting.year - 1:
            yield Universal("TEXT-FIGURE", (name,), False, match.start(), match[0], name, last=True)


def _tables(text: str) -> Iterator[Universal]:
    for match in _DOCUMENTS.finditer(text):
        sure = match["deed"] in {"制定", "制发", "制作"}
        rows = _rows((match["documents"] or "") + (match["more"] or ""))
        yield Universal("TEXT-NONE", tuple(f"{row}.made" for row in rows), sure, match.start(), match[0])
    for pattern, column in ((_REPEALED, "repealed"), (_IN_FORCE, "in_force")):
        for match in pattern.finditer(text):
            names = tuple(f"{row}.{column}" for row in _rows(match["documents"]))
            yield Universal("TEXT-NONE", names, False, match.start(), match[0])
    kinds = {"许可": "licences", "处罚": "penalties", "强制": "coercive_measures"}
    for match in _DECISIONS.finditer(text):
        named = [f"{row}.decisions" for word, row in kinds.items() if word in (match["kind"] or match["kinds"])]
        yield Universal("TEXT-NONE", tuple(named), False, match.start(), match[0])
    for match in _NO_FEES.finditer(text):
        yield Universal("TEXT-NONE", ("fees.amount",), False, match.start(), match[0])
    for pattern, quantity in ((_CARRIED_OUT, "carried_out"), (_CARRIED_IN, "carried_in")):
        for match in pattern.finditer(text):
            yield Universal("TEXT-NONE", (quantity,), True, match.start(), match[0])


def _rows(words: str) -> list[str]:
    return [row for row, word in (("regulations", "规章"), ("normative_documents", "文件")) if word in words]


def _done(state: State) -> Iterator[Universal]:
    text = state.sentence.text
    if any(entry.quantities[:1] == ("carried_out",) for entry in state.statements):
        return
    for match in _DONE.finditer(text):
        about = state.placed or re.search(APPLICATION, text[: match.start()])
        stretch = re.split(r"[：；]", text[: match.start()])[-1]
        last_clause = re.split(r"，", stretch)[-1]
        told = [entry for entry in state.statements if entry.count.end <= match.start() and entry.count.counted]
        new = told and told[-1].quantities[:1] in {("new",), ("intake",)}
        others = _CARRIED_WORDS.sub("", stretch[-40:]) if new else stretch[-40:]  # 上年结转2件和本年新收26件已全部办结
        if not about or _DONE_OTHER.search(others) or re.search(r"其中|其余|内容|事项$", last_clause):
            continue
        if match[0].startswith("已") and not re.match("已全部", match[0]):
            continue
        counted = [entry for entry in state.statements if entry.count.end <= match.start() and entry.count.counted]
        if counted and _ANSWERED_ONES.search(counted[-1].count.clause):
            continue  # 已答复的302件均按期办结
        if counted and counted[-1].reading is None and not re.search(rf"{APPLICATION}", last_clause):
            continue  # 征求第三方意见9件，发出补正通知25件，均按期办结
        in_time = _IN_TIME.search(match["how"] or "") is not None
        # 均按期答复 is true with cases in hand whose term is not over; 全部按期办结 asks for a look.
        if in_time and match["deed"] not in {"办结", "办毕", "办理完毕"}:
            continue
        sure = not in_time and re.search("申请|收到|受理", stretch) is not None
        names = _done_of(counted, last_clause, match.start())
        if names:
            yield Universal("TEXT-DONE", names, sure and names == _ALL_REQUESTS, match.start(), match[0])


_ALL_REQUESTS = ("carried_out",)


def _done_of(counted: list[Statement], last_clause: str, position: int) -> tuple[str, ...]:
    """What is then zero by the words: all that is carried over, or that of the kinds of applicants that they name."""
    kind = counted[-1] if counted and counted[-1].kind == "applicant" else None
    if kind and kind.count.end > position - len(last_clause):
        return (f"carried_out.{kind.quantities[0].split('+')[0].rpartition('.')[2]}",)  # 企业提出的9件亦全部办结
    if named := [name for name, words in vocab.APPLICANTS_APART.items() if re.search(words, last_clause)]:
        return tuple(f"carried_out.{name}" for name in named)  # 企业申请当年全部办结
    whole = any(entry.quantities[:1] in {("new",), ("intake",)} for entry in counted)
    # 企业申请3件、社会组织和律师各1件，均已办结: of these alone, whichever they are.
    return () if not whole and any(entry.kind == "applicant" for entry in counted) else _ALL_REQUESTS


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    position = 0
    for clause in re.split(r"[，：；]", text):
        yield position, clause
        position += len(clause) + 1
