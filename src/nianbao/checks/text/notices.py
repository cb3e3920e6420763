"""Rules on the notices and laws that a report rests on: their numbers, titles and orders, and the terms they set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nianbao.checks.text.sentences import Sentence
from nianbao.checks.text.text_log import TextLog
from nianbao.form import EDITIONS, FIRST_YEAR
from nianbao.model import FindingState, OfficeKind, lawful_deadline

# The regulation's order since its revision of 2019; other notices of the same office on disclosure.
_REGULATION = "711"
_KNOWN_NOTICES = frozenset(
    {*(edition.notice for edition in EDITIONS.values())}
    | {"国办公开办函〔2019〕61号", "国办公开办函〔2015〕207号", "国办公开办函〔2016〕206号"}
)
_NOTICE = re.compile(r"国办公开办函[〔（(\[【]?(20\d\d)[〕）)\]】]?(\d{1,3})号")
_TITLED = re.compile(
    r"(?P<title>(?:国务院办公厅|国办)[^。；]{10,80}?)[〉》”的通知]{1,6}[（(](?P<number>国办[^）)]{4,24}号)[）)]"
)
_FEE_NOTICE = "国办函〔2020〕109号"
_FEE_NUMBER = re.compile(r"信息处理费管理办法[〉》”]{0,2}[^，。；]{0,4}[（(](?P<number>国办[^）)]{4,20}号)[）)]")
_ORDER = re.compile(r"(?:国务院|国)令[（(〔]?第?(\d{3})号|第(?=492号)(\d{3})号(?:国务院)?令")
_BY_PRESIDENT = re.compile(r"信息公开条例》[（(](?:中华人民共和国)?(?P<order>(?:国家)?主席令[^）)]{0,10})[）)]")
# The regulation by its name; one of a place (广东省政务公开条例) has the place before it.
_LAW_WORDS = "(?:政府|政务|信息|公开|管理|工作){2,6}"
_LAW = re.compile(rf"《(?P<quoted>(?:中华人民共和国)?{_LAW_WORDS}(?:条例|法))》|(?<!《)中华人民共和国{_LAW_WORDS}条例")
_LAWS = frozenset({"中华人民共和国政府信息公开条例", "政府信息公开条例", "信息公开条例"})
# The terms of articles 30, 32 and 33 of the regulation, in working days.
_DAYS = r"(?P<days>\d{1,3})个?工作日(?:的)?(?:法定)?(?:答复)?(?:期限|时限)?内?"
_RECEIVED = rf"(?:收到|接到)[^，。；\d]{{0,12}}(?:之日)?(?:起|后)?(?:的)?{_DAYS}"
# More than the law has: who answers sooner breaks no term.
_LONG = rf"[^，。；\d]{{0,12}}(?:之日)?(?:起|后)?(?:的)?(?=2[1-9]|[3-9]\d|\d{{3}}){_DAYS}"
_ANSWERED = r"(?:予以|作出)?(?:答复|办结|回复)"
_TERMS = (
    (re.compile(rf"(?<!第三方){_RECEIVED}{_ANSWERED}"), 20),
    (re.compile(rf"答复(?:期限|时限)[^，。；\d延]{{0,20}}自(?:收到|接到){_LONG}(?![^。；]{{0,12}}(?:补正|延))"), 20),
    (re.compile(rf"申请[^，。；\d]{{0,6}}(?:均|都|一律)?在(?=[2-9]\d|\d{{3}}){_DAYS}{_ANSWERED}"), 20),
    (re.compile(rf"延长(?:答复)?(?:的)?期限[^，。；\d]{{0,8}}(?:不超过|最长){_DAYS}"), 20),
    (re.compile(rf"{_RECEIVED}[^，。；\d]{{0,8}}补正"), 7),
    (re.compile(rf"第三方[^。；\d]{{0,16}}{_RECEIVED}"), 15),
)
# Articles of the regulation that what is said to be done by them shows without doubt, and those that may be cited.
_CITED = re.compile(
    r"《(?:中华人民共和国政府信息公开|政府信息公开)?条例》第(?P<article>[一二三四五六七八九十]{1,4})条(?:第[一二三]款)?"
    r"(?:的)?(?:有关|相关)?(?:规定|要求)?(?:，|的)?(?P<deed>[^，。；《》]{0,24})"
)
_ARTICLES = (
    (re.compile(r"^(?:书面|依法|已|逐件|及时|向第三方)*(?:征求|听取)(?:了)?(?:第三方|权利人)"), ("三十二", "十五")),
    (re.compile(r"^(?:依法|已|当场|书面)*(?:一次性)(?:书面)?告知(?:申请人)?[^，。；]{0,6}补正"), ("三十", "二十九")),
    (
        re.compile(r"^(?:我[一-鿿]{1,3}|本机关)?(?:应当|现|依法)*(?:编制|公布|发布)[^，。；]{0,8}年度报告$"),
        ("四十九", "五十"),
    ),
)
# What is not to be disclosed, by the articles of the regulation that say so (13, 17, 36 and 37 are on all of it).
_EXEMPT = {
    "国家秘密": ("十四",),
    "三安全一稳定": ("十四",),
    "第三方|商业秘密|个人隐私": ("十五", "三十二"),
    "内部事务|过程性|执法案卷": ("十六",),
}
_ON_ALL = frozenset({"五", "六", "十三", "十七", "三十六", "三十七"})
_WITHHELD = re.compile(r"不予?公开|不公开")
_ANY_ARTICLE = re.compile(
    r"(?:《(?:中华人民共和国政府信息公开|政府信息公开)?条例》|(?<=依据)条例|(?<=依照)条例|(?<=按照)条例|(?<=根据)条例)"
    r"第(?P<article>[一二三四五六七八九十]{1,4})条"
)
# There are two remedies, reviews and lawsuits.
_NO_REMEDY = re.compile(r"行政仲裁")
# An office's own report is due by 31 January; 31 March is the date of a government's whole area.
_OWN_DEADLINE = re.compile(
    r"(?P<month>[2-9]|1[0-2])月(?:(?P<day>\d{1,2})日|底|末)?(?:之)?前[^。；]{0,24}?(?:公布|公开|发布)"
)
_OWN_REPORT = re.compile(
    r"本(?:机关|单位|局|委|厅|镇|乡|办|所|街道|报告|年度报告)|我[局委厅镇乡办]|局年度报告|镇政府|乡政府"
)
_BY_LAW = re.compile(r"条例|法定|规定|时限要求|期限要求")


@dataclass(frozen=True)
class _Wrong:
    """What is cited wrongly: where, the words on it, and what names it."""

    start: int
    words: tuple[str, str]
    scope: str
    state: FindingState | None = None


def check_notices(text: TextLog, found: Sequence[Sentence]) -> None:
    """WORDS-NOTICE: notices and laws by number, title and order are those of the year; terms are the law's."""
    for sentence in found:
        for looks in (
            _editions,
            _titles,
            _numbers,
            _orders,
            _laws,
            _terms,
            _articles,
            _exemptions,
            _remedies,
            _deadlines,
        ):
            for wrong in looks(text, sentence):
                text.found("WORDS-NOTICE", wrong.words, (sentence, wrong.start), wrong.scope, wrong.state)
    text.passed("WORDS-NOTICE")


def _editions(text: TextLog, sentence: Sentence) -> Iterator[_Wrong]:
    """The notice of another year's edition of the form, by number or title."""
    cited = {code: match for code in EDITIONS if (match := _cites(code).search(sentence.raw))}
    if any(EDITIONS[code].covers(text.year) for code in cited):
        return
    for code, match in cited.items():
        notice = EDITIONS[code].notice
        words = (
            f"引用{notice}，该文件不适用于{text.year}年报告",
            f"{notice} does not apply to reports for {text.year}",
        )
        yield _Wrong(match.start(), words, code)


def _titles(_: TextLog, sentence: Sentence) -> Iterator[_Wrong]:
    """The title of one edition's notice with the number of another's."""
    for match in _TITLED.finditer(sentence.raw):
        titled = [code for code in EDITIONS if _cites(code).search(match["title"])]
        numbered = [code for code in EDITIONS if _cites(code).search(match["number"])]
        if len(titled) == 1 and numbered and numbered != titled:
            notice = EDITIONS[titled[0]].notice
            words = (f"文号{match['number']}与文件标题不符，应为{notice}", f"the notice of that title is {notice}")
            yield _Wrong(match.start(), words, "titled")


def _numbers(text: TextLog, sentence: Sentence) -> Iterator[_Wrong]:
    """Numbers that no notice on the report has, and that of the rules on the fee."""
    for match in _NOTICE.finditer(sentence.raw):
        notice = f"国办公开办函〔{match[1]}〕{match[2]}号"
        if notice not in _KNOWN_NOTICES and (text.slug == "preamble" or "年度报告" in sentence.raw):
            words = (f"引用的{notice}不是年度报告的文件，请核对文号", f"{notice} is no notice on the report")
            yield _Wrong(match.start(), words, f"{match[1]}-{match[2]}")
    for match in _FEE_NUMBER.finditer(sentence.raw):
        if _plain_number(match["number"]) != _plain_number(_FEE_NOTICE):
            words = (
                f"《政府信息公开信息处理费管理办法》的文号写为{match['number']}，应为{_FEE_NOTICE}",
                f"the rules on the fee are {_FEE_NOTICE}, not {match['number']}",
            )
            yield _Wrong(match.start(), words, match["number"])


def _plain_number(number: str) -> str:
    return re.sub(r"[^0-9一-鿿]+", " ", number)


def _orders(text: TextLog, sentence: Sentence) -> Iterator[_Wrong]:
    """The order by which the regulation was made known."""
    for match in _ORDER.finditer(sentence.raw):
        about = "信息公开条例" in sentence.raw[: match.start() + 40]
        if about and text.year >= FIRST_YEAR and match[1] != _REGULATION:
            words = (
                f"引用《政府信息公开条例》为国务院令第{match[1]}号，现行为国务院令第{_REGULATION}号",
                f"the regulation is cited by order {match[1]}, it is {_REGULATION}",
            )
            yield _Wrong(match.start(), words, str(match[1]))
    for match in _BY_PRESIDENT.finditer(sentence.raw):
        words = (
            f"“{match[0]}”有误，条例由国务院令第{_REGULATION}号公布",
            f"the regulation is an order of the State Council, {_REGULATION}",
        )
        yield _Wrong(match.start("order"), words, "president")


def _laws(_: TextLog, sentence: Sentence) -> Iterator[_Wrong]:
    """The regulation by a name that it has not."""
    for match in _LAW.finditer(sentence.raw):
        if (match["quoted"] or match[0]) not in _LAWS:
            words = (
                f"“{match[0]}”名称有误，应为《中华人民共和国政府信息公开条例》",
                f"there is no law by the name of {match[0]}",
            )
            yield _Wrong(match.start(), words, match[0], FindingState.UNCERTAIN)


def _terms(_: TextLog, sentence: Sentence) -> Iterator[_Wrong]:
    """A term that is told as the law's and is not."""
    for pattern, days in _TERMS if _BY_LAW.search(sentence.raw) else ():
        for match in pattern.finditer(sentence.text):
            if int(match["days"]) != days:
                words = (
                    f"“{match[0]}”与条例规定的{days}个工作日不符",
                    f"the law's term is {days} working days, not {match['days']}",
                )
                yield _Wrong(match.start(), words, "term", FindingState.UNCERTAIN)


def _articles(_: TextLog, sentence: Sentence) -> Iterator[_Wrong]:
    """An article of the regulation that is not on what is done by it."""
    for match in _CITED.finditer(sentence.raw):
        for deed, articles in _ARTICLES:
            if deed.search(match["deed"]) and match["article"] not in articles:
                words = (
                    f"“{match[0]}”条款有误，该事项见《条例》第{articles[0]}条",
                    f"article {match['article']} is cited for what another article says",
                )
                yield _Wrong(match.start("article"), words, f"article-{match['article']}", FindingState.UNCERTAIN)


def _exemptions(_: TextLog, sentence: Sentence) -> Iterator[_Wrong]:
    """Withheld for one reason by the article of another: 涉及国家秘密…依据《条例》第二十条不予公开."""
    for match in _ANY_ARTICLE.finditer(sentence.raw):
        before = re.split("[；。]", sentence.raw[: match.start()])[-1]
        around = before + re.split("[；。]", sentence.raw[match.end() :])[0]
        reasons = [articles for words, articles in _EXEMPT.items() if re.search(words, around)]
        if len(reasons) != 1 or not _WITHHELD.search(around) or match["article"] in {*reasons[0], *_ON_ALL}:
            continue
        words = (
            f"“{match[0]}”条款有误，该事由见《条例》第{reasons[0][0]}条",
            f"article {match['article']} is cited for a reason that article {reasons[0][0]} gives",
        )
        yield _Wrong(match.start("article"), words, f"article-{match['article']}", FindingState.UNCERTAIN)


def _remedies(_: TextLog, sentence: Sentence) -> Iterator[_Wrong]:
    for match in _NO_REMEDY.finditer(sentence.raw):
        words = (
            f"“{match[0]}”有误，对政府信息公开的救济途径是行政复议和行政诉讼",
            "the remedies are reviews and lawsuits, there is no arbitration",
        )
        yield _Wrong(match.start(), words, match[0], FindingState.UNCERTAIN)


def _deadlines(text: TextLog, sentence: Sentence) -> Iterator[_Wrong]:
    """A later date than the law's as that of the office's own report."""
    office = text.subject.report.office
    if office.covers_area or office.kind not in {OfficeKind.DEPARTMENT, OfficeKind.TOWNSHIP}:
        return
    if "年度报告" not in sentence.raw or not _OWN_REPORT.search(sentence.raw):
        return
    due = lawful_deadline(text.year + 1, area=False)
    for match in _OWN_DEADLINE.finditer(sentence.raw):
        between = re.split("[，；]", sentence.raw[: match.start()])[-1]
        if int(match["month"]) > due.month and not _OF_OTHERS.search(between):
            words = (
                f"“{match[0]}”与规定不符，本单位年度报告应在{due.month}月{due.day}日前公布",
                f"the office's own report is due by {due:%d %B}",
            )
            yield _Wrong(match.start(), words, "deadline", FindingState.UNCERTAIN)


_OF_OTHERS = re.compile(r"[市县区省州](?:政府|级)|本级政府|政府办")


@cache
def _cites(code: str) -> re.Pattern[str]:
    """The edition's notice as people write it: its number with brackets of any kind, or its title."""
    edition = EDITIONS[code]
    number = re.sub(r"[〔〕]", "[〔〕（）()\\\\[\\\\]【】]{0,2}", edition.notice)
    title = edition.notice_title.replace("国务院办公厅政府信息与政务公开办公室", "")
    title = re.sub(r"[〈〉]", "[〈〉《》<>“”]?", title.removesuffix("的通知"))
    return re.compile(rf"{number}|(?:国务院办公厅|国办)[^，。》]{{0,24}}?{title}")
