"""Rules on the words themselves: blanks left in, doubled words, marks, outline, personal data, words of the form.

Each looks at one text with patterns whose cost grows with its length only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from nianbao.checks.subject import Prose
from nianbao.checks.text.counts import chinese_number, number_of
from nianbao.checks.text.personal import personal
from nianbao.checks.text.sentences import LONGEST_TEXT
from nianbao.checks.text.text_log import Found, TextLog, words_around
from nianbao.model import FindingState, OfficeKind

_MEASURE = r"(?:人次|件次|万元|亿元|件|条|次|个|篇|期|份|项|场|名|家|宗|元|起|%)"
_BLANK = re.compile(
    r"【待填|待填写|待补充|待填(?=[，。；）】\]])|[＿]{1,}|_{3,}|(?:\\_){3,}"
    rf"|(?:\\?_){{2,}}(?={_MEASURE})|(?<![A-Za-z0-9.×])(?:[XxＸｘ×]{{1,6}}|[NＮ]{{1,4}}|[nM]|[○◯〇]{{2,6}}|[*＊△]{{1,4}})(?:[万千百亿]|余|多)*(?={_MEASURE})"
    r"|(?<![A-Za-z0-9])[XＸ×]{2,6}(?=[一-鿿])"
    r"|[\[【（(]\s*(?:数字|数据|数量|内容|日期|单位|名称|填写|请填)[^\]】\n]{0,8}[\]】]|\\\[(?:数字|数据|数量|日期|名称)[^\]\n]{0,6}\\?\]"
    rf"|(?<=[一-鿿”》])[ \t\u3000]{{1,8}}(?={_MEASURE}[，。；、：）])"
    r"|“\s{0,4}”|《\s{0,4}》"
    r"|(?<=附件)(?:[XxＸ×]{1,4}|[○〇]{1,2})"
    r"|[（(【\[](?:金额|数额)[）)】\]](?=元|万元)|[【\[](?:联系|办公|监督|咨询)?(?:电话|邮编|邮政编码|地址|邮箱|传真|网址)[】\]]"
    rf"|\d[XxＸｘ]{{2,4}}(?=人|{_MEASURE})"
    rf"|(?<=[一-鿿])[（(【\[][ \t\u3000]{{0,8}}[）)】\]](?={_MEASURE})"
    r"|[{｛][一-鿿]{1,12}[}｝]|(?:待核实?|待定|待统计|待查|待更新)(?=[）)\]】，。；])"
    r"|(?:(?<=行政许可)|(?<=行政处罚)|(?<=行政强制)|(?<=规范性文件)|(?<=增加)|(?<=减少))(?=(?:件|宗|项|条|期|篇|人次)[，。；、）])"
    rf"|(?:(?<=人员)|(?<=干部)|(?<=群众)|(?<=共计)|(?<=累计)|(?<=合计)|(?<=总计)|(?<=[一-鿿]共))(?=(?:人次|条|件|篇|项|场|期|份)[，。；、）])"
    rf"|(?<=信息)(?=条[，。；）])|(?<=解读)(?=篇[，。；）])|(?<=[一-鿿])(?:[?？]{{2,}}|…{{1,2}})(?={_MEASURE}[，。；、])"
)
# 举办业务培训期，: no number before the measure; （待财政局提供后补充）.
_NO_TIMES = re.compile(
    r"(?:举办|组织|开展|开办|召开)[一-鿿]{0,10}(?:培训班?|会议|例会|活动|讲座|检查|督查|调研)(?=(?:期|次|场|场次|人次)[，。；、）])"
    r"|[（(](?![^）)\n]{0,16}(?:申请人|第三方|权利人))(?:待|等)[^）)\n]{1,20}(?:后|再|补充|填写|填报|更新|提供)[^）)\n]{0,4}"
    r"(?:补充|填写|填报|更新|填入|补入|补上)[）)]"
)
# 一是…；二是…；三是。
# 同比增长%: the number before it is missing.
_NO_NUMBER = re.compile(
    r"(?<=[量数额率])(?:已|均|累计|合计)?(?:达到|达|超过|共计|合计)(?=[。；]|，[^，。；]{0,12}(?:[较比]|同比|其中)|$)"
    r"|(?:(?<=增长)|(?<=下降)|(?<=上升)|(?<=减少)|(?<=提高)|(?<=占比)|(?<=占)|(?<=率为)|(?<=率达))%(?=[，。；、）])"
)
_EMPTY_ITEM = re.compile(r"(?<=[；。，：])[一二三四五六七八九]是(?=[；。\n]|$)")
# 下一步，我厅将: the end of a section that breaks off.
_UNFINISHED = re.compile(r"(?<=[一-鿿])(?:[将和与及对把以并或]|通过|进一步|不断|[，、])$")
_REFERENCE = re.compile(r"[{｛]{2}[^{}｛｝\n]{0,60}[}｝]{2}|[{｛]\s?[a-z_]{2,20}\.[a-z_.]{2,40}\s?[}｝]")
_SOMEBODY = re.compile(
    r"(?<!张)(?<!王)(?<!李)某某(?=任|担任|同志|负责|牵头|为组长)|某某?(?:省|市|县|区|镇|乡|街道|局|委(?!托)|办公室)"
)
# Two words side by side that belong to different phrases (政务公开|公开专区).
_PAIRS = frozenset(
    {"公开", "管理", "服务", "信息", "申请", "监督", "机关", "单位", "工作", "政府", "研究", "一件", "一条"}
)
_DOUBLED = re.compile(r"([一-鿿]{2,4})\1(?![一-鿿]{0,1}\1)")
# 工作工作，… 工作工作稳步…: the second begins no other phrase (工作工作人员, 公开公开专区 do).
_ENDS_PHRASE = re.compile(
    r"$|[，。；：、）\n]|稳步|有序|有力|有效|扎实|顺利|取得|开展|持续|得到|不断|深入|全面|更加|进一步|再上|平稳|高效|提质|专项|督查|检查|培训|考核|条例|领导小组"
)
# 240条件, 1200余人余: two measures behind one number (件次 and 场次 are one).
_TWO_MEASURES = re.compile(
    r"\d[万余多]?(?:[件条份篇宗起项例期场名]次?|[人次])余?[件条份篇宗项期场名](?=[，。；、）\n]|$)"
    r"|\d余[件条份篇宗起项例期场名人次]+余[件条份篇宗起项例期场名人次]"
)
_DOUBLED_SIGNS = re.compile(
    r"(?<!目)的的|信息信息(?=公开)|了了(?!解|结|却|然)|等等等|([达共约超近有至])\1(?=\d)|和和(?!谐|平|睦|解|美)|及及(?!时|格)|下下(?=[，。；、])|在在(?!线|建|职|岗|校|编|册|办|于|地)|与与|被被|是是(?!非|否)|对对(?!照|标|接|应|比|外|口)|以以(?!及)|"
    r"申申请|申请申请(?![人书表量数件])|展展(?!望|示|览|现|出|销|会|位|厅|开)|展展开展|进进一步|加加强|提提高|推推进|，{2,}|%{2,}|(?<=\d)[，。、](?=(?:件|条|篇|人次|份|期)[，。；、])|。{2,}(?!。)|、{2,}|；{2,}|,,+|，。|。，|、，|，、|；。"
)
_HALF_MARK = re.compile(r"(?<=[一-鿿])[,;?!](?=[一-鿿“])")
_OUTLINES = (
    ("“一是”", re.compile(r"(?<![一-鿿\d])([二三四五六七八九]|十[一二三四五六七八九]?)是|(?<![之其唯统十万单])(一)是")),
    (
        "“（一）”",
        re.compile(
            r"(?m)(?:^[# \t\u3000]{0,12}|(?<=[。；：]))[（(]([一二三四五六七八九]|十[一二三四五六七八九]?)[）)]"
        ),
    ),
    ("“（1）”", re.compile(r"(?m)(?:^[# \t\u3000]{0,12}|(?<=[。；：]))[（(](\d{1,2})[）)]")),
    ("“一、”", re.compile(r"(?<=[，；：。])([一二三四五六七八九])、(?=[一-鿿])(?![一二三四五六七八九十])")),
    ("“1.”", re.compile(r"(?m)(?:^[# \t\u3000]{0,12}|(?<=[。；：]))(\d{1,2})(?:[.．]|、)(?=[一-鿿])")),
)
_UNNAMED = re.compile(r"(?m)(?:^|[，。；：])(?:部分|多数|少数|一些|大多数|某些|有些|不少)(?P<who>地区|地方|省市|部门)")
_NAMED = re.compile(r"[我本全各](?:市|县|区|省|州|旗|镇|乡|局|委|办|单位)|辖区")
_FORM_WORDS = re.compile(
    r"本列数据的勾稽关系|第一项加第二项之和|填报说明|填表说明|填写说明|[（(【\[［](?:此处|这里|本处|以上|以下|本段|本项)?[，：]?(?:请|由(?=[^）)】\n]{1,8}(?:补充|填写|提供))|需?补充|可根据|删除|如有，请(?:[^）)】\n]{0,12}(?:填写|填报)))[^）)】\n]{0,30}|请(?:在此|在这里|如实|据实|根据[^，。]{0,10})填写|只计这一情形|不计其他情形|此处(?:填写|插入|添加|补充|放置|加)|请根据实际情况填写|（删除本提示）"
    r"|[（(【\[][^）)】\]\n]{0,24}(?:请删除|可删除|删除此|自行删除|请补充|请填写|请核实|(?:[没如若]?[有无]的?|没有的?|则)，?请(?:填|写|注明|详细|说明|列|据实|如实))[^）)】\]\n]{0,12}[）)】\]]"
)


def check_wording(text: TextLog) -> None:
    """The rules on the words of one text; of each rule the first places only."""
    prose = text.prose
    looks = {
        "TEXT-BLANK": _blanks(text),
        "WORDS-DOUBLED": _doubled(prose),
        "WORDS-MARKS": chain(_marks(prose), _open_titles(prose)),
        "WORDS-OUTLINE": _outline(prose),
        "WORDS-SUBJECT": _unnamed(text),
        "WORDS-PERSONAL": personal(prose),
        "WORDS-FORM": _of_the_form(prose),
    }
    for rule, places in looks.items():
        found = list(islice(places, _MOST))
        for one in found:
            text.found(rule, one.words, one.start, one.scope, one.state)
        if not found:
            text.passed(rule)


# Of one rule and text no more than so many places are told: who mends them sees the rest.
_MOST = 20


def check_read(text: TextLog) -> None:
    """WORDS-LENGTH: a text beyond any report's length is not read to its end, which is said."""
    length = len(text.prose.text)
    if length > LONGEST_TEXT:
        words = (
            f"长达{length}字，句子只核对了前{LONGEST_TEXT}字",
            f"of {length} characters the sentences of the first {LONGEST_TEXT} were read",
        )
        text.found("WORDS-LENGTH", words, 0, "", FindingState.UNCERTAIN)


def _blanks(text: TextLog) -> Iterator[Found]:
    """What is still to be filled in; references left in a published text (our own are rendered before), 某某镇 too."""
    prose, named = text.prose, "某" in text.subject.report.office.name
    patterns = [(_BLANK, None), (_NO_TIMES, None), (_EMPTY_ITEM, None), (_NO_NUMBER, None)] + (
        [] if text.subject.bound else [(_REFERENCE, None)]
    )
    if unfinished := _UNFINISHED.search(prose.text.rstrip(), max(0, len(prose.text.rstrip()) - 40)):
        around = words_around(prose.text, *unfinished.span())
        words = (f"最后一句没有写完（“{around}”）", "the last sentence breaks off")
        yield Found(unfinished.start(), words, FindingState.UNCERTAIN, "unfinished")
    for pattern, state in [*patterns, *([] if named else [(_SOMEBODY, FindingState.UNCERTAIN)])]:
        for match in pattern.finditer(prose.text):
            around = words_around(prose.text, *match.span())
            mark = match[0].strip()
            if mark:
                words = (f"文字尚待填写：“{mark}”（“{around}”），请填写", f"{mark!r} is still to be filled in")
            else:
                words = (f"此处缺少数字（“{around}”），请填写", "a number is missing before its measure word")
            yield Found(match.start(), words, state, re.sub(r"\d+", "#", around))


def _doubled(prose: Prose) -> Iterator[Found]:
    for match in _DOUBLED.finditer(prose.text):
        paired = match[1] in _PAIRS and not _ENDS_PHRASE.match(prose.text, match.end())
        if paired or match[1][0] == "一" or len(set(match[1])) == 1:
            continue
        yield _repeat(prose, match)
    for pattern in (_DOUBLED_SIGNS, _TWO_MEASURES):
        for match in pattern.finditer(prose.text):
            yield _repeat(prose, match)


def _repeat(prose: Prose, match: re.Match[str]) -> Found:
    words = (
        f"“{words_around(prose.text, *match.span())}”中“{match[0]}”疑为重复或误用标点",
        f"{match[0]!r} is doubled",
    )
    return Found(match.start(), words, scope=match[0])


def _marks(prose: Prose) -> Iterator[Found]:
    matches = list(_HALF_MARK.finditer(prose.text))
    if matches:
        first = matches[0]
        words = (
            f"中文里有{len(matches)}处半角标点（如“{words_around(prose.text, *first.span())}”），宜改为全角",
            f"{len(matches)} half-width marks in Chinese text",
        )
        yield Found(first.start(), words)


_TITLE_MARKS = re.compile("[《》]")


def _open_titles(prose: Prose) -> Iterator[Found]:
    """A title whose mark is not closed in the text, or not opened: lines may break inside a title."""
    opened: list[int] = []
    alone: list[int] = []
    for match in _TITLE_MARKS.finditer(prose.text):
        if match[0] == "《":
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            alone.append(match.start())
    for start in sorted(opened + alone):
        words = (
            f"书名号不成对（“{words_around(prose.text, start, start + 1)}”），请补全",
            "marks of titles are not in pairs",
        )
        yield Found(start, words, FindingState.WARN, "titles")


_LISTED = re.compile(
    r"(?P<number>[两二三四五六七八九])(?:(?:个|点|项|条|大|类)?(?:方面)?(?:的)?(?:主要|突出)?"
    r"(?:问题|不足|短板|困难|差距|薄弱环节|方面|措施|举措|工作)|个|点|项)(?:[^。；\n]{0,4})[：:。]\s{0,4}"
    r"(?:(?P<words>一是)|（一）)(?P<list>[^\n]{1,2000})"
)
_ITEMS = (re.compile(r"（([一二三四五六七八九])）"), re.compile(r"(?<![一-鿿])([一二三四五六七八九])是"))


def _outline(prose: Prose) -> Iterator[Found]:
    """Numbers that skip or repeat: 一是…三是; each new 一 begins anew; three that are announced and two told."""
    for match in _LISTED.finditer(prose.text):
        told = [1]
        for numeral in _ITEMS[match["words"] is not None].findall(match["list"]):
            if chinese_number(numeral) != told[-1] + 1:
                break
            told.append(told[-1] + 1)
        if told[-1] != chinese_number(match["number"]):
            around = words_around(prose.text, match.start(), match.start("list"))
            words = (
                f"“{around}”称有{match['number']}项，只列了{told[-1]}项",
                f"{match['number']} announced, {told[-1]} listed",
            )
            yield Found(match.start(), words, scope="announced")
    for name, pattern in _OUTLINES:
        last = 0
        for match in pattern.finditer(prose.text):
            numeral = match[1] or match[2]
            number = number_of(numeral)
            if number not in {1, last + 1} and (last or name == "“一是”"):
                words = (
                    f"序号{name}不连续：“{words_around(prose.text, *match.span())}”前缺少第{last + 1}项",
                    f"outline number {number} follows {last}",
                )
                yield Found(match.start(), words, scope=name)
            last = number


def _unnamed(text: TextLog) -> Iterator[Found]:
    """部分地区…, 多数部门…: generated text speaks of nobody; a government may mean those below it."""
    prose = text.prose
    below = text.subject.report.office.kind in {OfficeKind.GOVERNMENT, OfficeKind.GOVERNMENT_OFFICE, OfficeKind.UNKNOWN}
    for match in _UNNAMED.finditer(prose.text):
        if below and (match["who"] == "部门" or _NAMED.search(prose.text[max(0, match.start() - 40) : match.start()])):
            continue
        around = words_around(prose.text, *match.span())
        words = (f"“{around}”没有具体主语，请写明是哪些单位", "the words name nobody")
        yield Found(match.start(), words, FindingState.UNCERTAIN, match[0])


def _of_the_form(prose: Prose) -> Iterator[Found]:
    for match in _FORM_WORDS.finditer(prose.text):
        words = (
            f"留有格式的说明文字“{words_around(prose.text, *match.span())}”",
            "instructions of the form were left in",
        )
        yield Found(match.start(), words, scope=match[0])
