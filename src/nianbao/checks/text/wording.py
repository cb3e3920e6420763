"""Rules on the words themselves: blanks left in, doubled words, marks, outline, personal data, words of the form.

Each looks at one text with patterns whose cost grows with its length only. May import: form, checks.ledger,
checks.subject, checks.text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.counts import chinese_number
from nianbao.checks.text.quoting import where
from nianbao.checks.text.sentences import LONGEST_TEXT, Sentence
from nianbao.checks.text.statements import State
from nianbao.model import FindingState, OfficeKind

_MEASURE = r"(?:人次|件次|万元|亿元|件|条|次|个|篇|期|份|项|场|名|家|宗|元|起|%)"
_BLANK = re.compile(
    r"【待填|待填写|待补充|待填(?=[，。；）】\]])|[＿]{1,}|(?<![\w*])_{2,}(?![\w*])"
    rf"|(?<![A-Za-z0-9.×])[XxＸｘ×]{{1,6}}(?:[万千百亿]|余|多)*(?={_MEASURE})"
    r"|(?<![A-Za-z0-9])[XＸ×]{2,6}(?=[年月日局委县市区镇乡])"
    r"|[\[【]\s*(?:数字|数据|数量|内容|日期|单位|名称|填写|请填)[^\]】\n]{0,8}[\]】]|\\\[(?:数字|数据|数量|日期|名称)[^\]\n]{0,6}\\?\]"
    rf"|(?<=[一-鿿”》])[ \t\u3000]{{1,8}}(?={_MEASURE}[，。；、：）])"
    rf"|(?<=[一-鿿])[（(][ \t\u3000]{{0,8}}[）)](?={_MEASURE})"
    rf"|(?<=信息)(?=条[，。；）])|(?<=解读)(?=篇[，。；）])|(?<=[一-鿿])(?:[?？]{{2,}}|…{{1,2}})(?={_MEASURE}[，。；、])"
)
# Two words side by side that belong to different phrases (政务公开|公开专区).
_PAIRS = frozenset(
    {"公开", "管理", "服务", "信息", "申请", "监督", "机关", "单位", "工作", "政府", "研究", "一件", "一条"}
)
_DOUBLED = re.compile(r"([一-鿿]{2,4})\1(?![一-鿿]{0,1}\1)")
_DOUBLED_SIGNS = re.compile(
    r"(?<!目)的的|了了(?!解|结|却|然)|和和(?!谐|平|睦|解|美)|及及(?!时|格)|，{2,}|。{2,}(?!。)|、{2,}|；{2,}|,,+|，。|。，|、，|，、|；。"
)
_HALF_MARK = re.compile(r"(?<=[一-鿿])[,;?!](?=[一-鿿“])")
_OUTLINES = (
    ("“一是”", re.compile(r"(?<![一-鿿\d])([二三四五六七八九]|十[一二三四五六七八九]?)是|(?<![之其唯统十万单])(一)是")),
    ("“（一）”", re.compile(r"(?m)^[#\s]*[（(]([一二三四五六七八九]|十[一二三四五六七八九]?)[）)]")),
    ("“1.”", re.compile(r"(?m)^[#\s]*(\d{1,2})(?:[.．]|、)(?=[一-鿿])")),
)
_UNNAMED = re.compile(r"(?m)(?:^|[，。；：])(?:部分|多数|少数|一些|大多数|某些|有些|不少)(?P<who>地区|地方|省市|部门)")
_NAMED = re.compile(r"[我本全各](?:市|县|区|省|州|旗|镇|乡|局|委|办|单位)|辖区")
_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_PERSON = re.compile(
    r"(?:申请人|姓名|当事人|原告|市民|村民|居民|网民|群众|来信人|信访人|联系人)[：:（( ]{0,2}[一-鿿]{2,4}"
    r"|[一-鿿]{1,3}(?:先生|女士|同志)"
)
_FORM_WORDS = re.compile(
    r"本列数据的勾稽关系|第一项加第二项之和|填报说明|填表说明|填写说明|只计这一情形|不计其他情形|此处填写|请根据实际情况填写|（删除本提示）"
)


@dataclass(frozen=True)
class _Found:
    """Something found in a text: where, which rule, and its words."""

    rule: str
    start: int
    words: tuple[str, str]
    state: FindingState | None = None
    scope: str = ""


def check_wording(subject: Subject, prose: Prose, ledger: Ledger) -> None:
    """The rules on the words of one text; of each rule the first places only."""
    looks = {
        "TEXT-BLANK": _blanks(prose),
        "WORDS-DOUBLED": _doubled(prose),
        "WORDS-MARKS": _marks(prose),
        "WORDS-OUTLINE": _outline(prose),
        "WORDS-SUBJECT": _unnamed(subject, prose),
        "WORDS-PERSONAL": _personal(prose),
        "WORDS-FORM": _of_the_form(prose),
    }
    for rule, places in looks.items():
        count = 0
        for found in places:
            count += 1
            if count > _MOST:
                break
            facts = Facts(scope=f"{prose.slug}:{found.scope}", source=prose.source_at(found.start))
            if found.state is None:
                ledger.breach(rule, subject.key, found.words, facts)
            else:
                ledger.add(rule, subject.key, found.state, found.words, facts)
        if not count:
            ledger.passed(rule, subject.key)


# Of one rule and text no more than so many places are told: who mends them sees the rest.
_MOST = 20


def check_read(subject: Subject, prose: Prose, ledger: Ledger) -> None:
    """WORDS-LENGTH: a text beyond any report's length is not read to its end, which is said."""
    if len(prose.text) > LONGEST_TEXT:
        words = (
            f"{where(prose)}长达{len(prose.text)}字，句子只核对了前{LONGEST_TEXT}字",
            f"{prose.slug}: of {len(prose.text)} characters the sentences of the first {LONGEST_TEXT} were read",
        )
        facts = Facts(scope=prose.slug, source=prose.source)
        ledger.add("WORDS-LENGTH", subject.key, FindingState.UNCERTAIN, words, facts)


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - 10) : end + 10].replace("\n", " ").strip()


def _blanks(prose: Prose) -> Iterator[_Found]:
    for match in _BLANK.finditer(prose.text):
        around = _around(prose.text, *match.span())
        place = prose.source_at(match.start())
        words = (f"{place}：文字尚待填写（“{around}”）", f"{place}: a number or word is still to be filled in")
        yield _Found("TEXT-BLANK", match.start(), words, scope=re.sub(r"\d+", "#", around))


def _doubled(prose: Prose) -> Iterator[_Found]:
    for match in _DOUBLED.finditer(prose.text):
        if match[1] in _PAIRS or match[1][0] == "一" or len(set(match[1])) == 1:
            continue
        yield _repeat(prose, match)
    for match in _DOUBLED_SIGNS.finditer(prose.text):
        yield _repeat(prose, match)


def _repeat(prose: Prose, match: re.Match[str]) -> _Found:
    words = (
        f"{where(prose)}“{_around(prose.text, *match.span())}”中“{match[0]}”疑为重复或误用标点",
        f"{prose.slug}: {match[0]!r} is doubled",
    )
    return _Found("WORDS-DOUBLED", match.start(), words, scope=match[0])


def _marks(prose: Prose) -> Iterator[_Found]:
    matches = list(_HALF_MARK.finditer(prose.text))
    if matches:
        first = matches[0]
        words = (
            f"{where(prose)}中文里有{len(matches)}处半角标点（如“{_around(prose.text, *first.span())}”），宜改为全角",
            f"{prose.slug}: {len(matches)} half-width marks in Chinese text",
        )
        yield _Found("WORDS-MARKS", first.start(), words)


def _outline(prose: Prose) -> Iterator[_Found]:
    """Numbers that skip or repeat: 一是…三是; each new 一 begins anew."""
    for name, pattern in _OUTLINES:
        last = 0
        for match in pattern.finditer(prose.text):
            numeral = match[1] or match[2]
            number = int(numeral) if numeral.isdigit() else chinese_number(numeral) or 0
            if number not in {1, last + 1} and (last or name == "“一是”"):
                words = (
                    f"{where(prose)}序号{name}不连续：“{_around(prose.text, *match.span())}”前缺少第{last + 1}项",
                    f"{prose.slug}: outline number {number} follows {last}",
                )
                yield _Found("WORDS-OUTLINE", match.start(), words, scope=name)
            last = number


def _unnamed(subject: Subject, prose: Prose) -> Iterator[_Found]:
    """部分地区…, 多数部门…: generated text speaks of nobody; a government may mean those below it."""
    below = subject.report.office.kind in {OfficeKind.GOVERNMENT, OfficeKind.GOVERNMENT_OFFICE, OfficeKind.UNKNOWN}
    for match in _UNNAMED.finditer(prose.text):
        if below and (
            match["who"] == "部门"
            or prose.slug == "problems"
            or _NAMED.search(prose.text[max(0, match.start() - 40) : match.start()])
        ):
            continue
        around = _around(prose.text, *match.span())
        words = (f"{where(prose)}“{around}”没有具体主语，请写明是哪些单位", f"{prose.slug}: the words name nobody")
        yield _Found("WORDS-SUBJECT", match.start(), words, FindingState.UNCERTAIN, match[0])


def _personal(prose: Prose) -> Iterator[_Found]:
    for match in _IDENTITY.finditer(prose.text):
        digits = match[0].upper()
        if (
            "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11]
            == digits[-1]
        ):
            words = (f"{where(prose)}出现身份证号码，公布前必须删去", f"{prose.slug}: an identity number")
            yield _Found("WORDS-PERSONAL", match.start(), words, scope="identity")
    for match in _MOBILE.finditer(prose.text):
        named = _PERSON.search(prose.text[max(0, match.start() - 20) : match.end() + 12])
        advice = "和姓名，公布前必须删去" if named else "，请确认是否可以公布"
        words = (
            f"{where(prose)}出现手机号码{advice}",
            f"{prose.slug}: a mobile number{' beside a name' if named else ''}",
        )
        yield _Found("WORDS-PERSONAL", match.start(), words, None if named else FindingState.WARN, "mobile")


def _of_the_form(prose: Prose) -> Iterator[_Found]:
    for match in _FORM_WORDS.finditer(prose.text):
        words = (
            f"{where(prose)}留有格式的说明文字“{_around(prose.text, *match.span())}”",
            f"{prose.slug}: instructions of the form were left in",
        )
        yield _Found("WORDS-FORM", match.start(), words, scope=match[0])


_FILLERS = re.compile(
    r"全年|本年度?|今年|20\d\d年度?|[，、：（）]|共|已|累计|总计|合计|主动|的|及时|我[局办镇县市区]|本单位"
)


def check_twice(subject: Subject, prose: Prose, states: Sequence[State], ledger: Ledger) -> None:
    """TEXT-TWICE: the same words with two numbers (公开政府信息14320条 … 公开政府信息9999条)."""
    stated: dict[tuple[str, str], State] = {}
    values: dict[tuple[str, str], object] = {}
    for state in states:
        for entry in state.statements:
            count = entry.count
            name = _FILLERS.sub("", count.clause)
            whole = entry.relation.value == "plain" and entry.span.value in {"unsaid", "year"} and not count.depth
            if (
                not whole
                or not count.counted
                or not count.exact
                or len(name) < 4
                or "其中" in count.lead
                or "、" in count.lead[:1]
            ):
                continue
            key = (name, count.unit)
            if key not in stated:
                stated[key], values[key] = state, count.value
            elif values[key] != count.value and stated[key].sentence is not state.sentence:
                words = (
                    f"{where(prose)}“{count.clause}”前后数字不一：{values[key]}与{count.value}{count.unit}",
                    f"{prose.slug}: the same matter is stated as {values[key]} and as {count.value}",
                )
                source = prose.source_at(state.sentence.offset(count.start))
                facts = Facts(
                    expected=str(values[key]), actual=str(count.value), scope=f"{prose.slug}:{name}", source=source
                )
                ledger.add("TEXT-TWICE", subject.key, FindingState.UNCERTAIN, words, facts)
    ledger.passed("TEXT-TWICE", subject.key)


def check_length(subject: Subject, read: Sequence[Sentence], ledger: Ledger) -> None:
    """WORDS-LENGTH: section 1 is to have no more than so many characters (spaces and marks of Markdown aside)."""
    limit = subject.report.rules.overview_limit
    length = sum(len(sentence.raw) + 1 for sentence in read)
    if length <= limit:
        ledger.passed("WORDS-LENGTH", subject.key)
        return
    words = (f"第一部分约{length}字，超过{limit}字", f"section 1 has about {length} characters, more than {limit}")
    source = subject.texts["overview"].source
    ledger.breach(
        "WORDS-LENGTH", subject.key, words, Facts(expected=f"<={limit}", actual=length, scope="overview", source=source)
    )


def check_prescribed(subject: Subject, read: Sequence[Sentence], ledger: Ledger) -> None:
    """WORDS-COUNTS: counts that a local notice prescribes (``counts`` of the settings) stand in section 1."""
    wanted = subject.report.rules.counts
    text = "\n".join(sentence.text for sentence in read)
    lacking = [
        name
        for name in wanted
        if not re.search(rf"{re.escape(name)}[^，。；\n]{{0,20}}?\d|\d[^，。；\n]{{0,8}}?{re.escape(name)}", text)
    ]
    if not lacking:
        ledger.passed("WORDS-COUNTS", subject.key)
        return
    words = (f"第一部分没有写明要求的数量：{'、'.join(lacking)}", f"section 1 lacks the counts of {', '.join(lacking)}")
    ledger.breach("WORDS-COUNTS", subject.key, words, Facts(scope="overview", source=subject.texts["overview"].source))
