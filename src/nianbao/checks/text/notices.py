"""Rules on the notices and laws that a report rests on: their numbers, titles and orders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from nianbao.checks.text.regulation import by_the_regulation
from nianbao.checks.text.sentences import Sentence
from nianbao.checks.text.text_log import Found, TextLog
from nianbao.form import EDITIONS, FIRST_YEAR
from nianbao.model import FindingState

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
# Other papers of the State Council's office that reports name, by their titles.
_PAPERS = {
    "信息公开信息处理费管理办法": "国办函〔2020〕109号",
    "公共企事业单位信息公开规定制定办法": "国办发〔2020〕50号",
    "全面推进基层政务公开标准化规范化工作的指导意见": "国办发〔2019〕54号",
    "政府网站发展指引": "国办发〔2017〕47号",
    "2019年政务公开工作要点": "国办发〔2019〕14号",
    "2020年政务公开工作要点": "国办发〔2020〕17号",
    "2021年政务公开工作要点": "国办发〔2021〕12号",
    "2022年政务公开工作要点": "国办发〔2022〕8号",
}
_PAPER = re.compile(
    rf"(?P<title>{'|'.join(_PAPERS)})(?:的通知)?[〉》”]{{0,2}}[^，。；]{{0,4}}[（(](?P<number>国办[^）)]{{4,20}}号)[）)]"
)
# 《2022年政务公开工作要点》（川办发〔2021〕12号）: key points for a year are of that year.
_KEY_POINTS = re.compile(
    r"(?P<year>20\d\d)年(?:度)?[^《》。；\d]{0,30}要点(?:的通知)?[〉》”]{1,2}[（(](?P<number>[一-鿿]{1,12}[〔（(\[【](?P<of>20\d\d)[〕）)\]】][^）)]{1,8}号)[）)]"
)
_ORDER = re.compile(r"(?:国务院|国)令[（(〔]?第?(\d{3})号|第(?=492号)(\d{3})号(?:国务院)?令")
_BY_PRESIDENT = re.compile(r"信息公开条例》[（(](?:中华人民共和国)?(?P<order>(?:国家)?主席令[^）)]{0,10})[）)]")
# The regulation by its name; one of a place (广东省政务公开条例) has the place before it.
_LAW_WORDS = "(?:政府|政务|信息|公开|公示|公告|披露|管理|工作){2,6}"
_LAW = re.compile(rf"《(?P<quoted>(?:中华人民共和国)?{_LAW_WORDS}(?:条例|法))》|(?<!《)中华人民共和国{_LAW_WORDS}条例")
_LAWS = frozenset({"中华人民共和国政府信息公开条例", "政府信息公开条例", "信息公开条例"})


def check_notices(text: TextLog, found: Sequence[Sentence]) -> None:
    """WORDS-NOTICE: notices and laws by number, title and order are those of the year; terms are the law's."""
    for sentence in found:
        for looks in (_editions, _titles, _numbers, _documents, _orders, _laws, by_the_regulation):
            for wrong in looks(text, sentence):
                text.found("WORDS-NOTICE", wrong.words, (sentence, wrong.start), wrong.scope, wrong.state)
    text.passed("WORDS-NOTICE")


def _editions(text: TextLog, sentence: Sentence) -> Iterator[Found]:
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
        yield Found(match.start(), words, scope=code)


def _titles(_: TextLog, sentence: Sentence) -> Iterator[Found]:
    """The title of one edition's notice with the number of another's."""
    for match in _TITLED.finditer(sentence.raw):
        titled = [code for code in EDITIONS if _cites(code).search(match["title"])]
        numbered = [code for code in EDITIONS if _cites(code).search(match["number"])]
        if len(titled) == 1 and numbered and numbered != titled:
            notice = EDITIONS[titled[0]].notice
            words = (f"文号{match['number']}与文件标题不符，应为{notice}", f"the notice of that title is {notice}")
            yield Found(match.start(), words, scope="titled")


def _numbers(text: TextLog, sentence: Sentence) -> Iterator[Found]:
    """Numbers that no notice on the report has."""
    for match in _NOTICE.finditer(sentence.raw):
        notice = f"国办公开办函〔{match[1]}〕{match[2]}号"
        if notice not in _KNOWN_NOTICES and (text.slug == "preamble" or "年度报告" in sentence.raw):
            words = (f"引用的{notice}不是年度报告的文件，请核对文号", f"{notice} is no notice on the report")
            yield Found(match.start(), words, scope=f"{match[1]}-{match[2]}")


def _documents(_: TextLog, sentence: Sentence) -> Iterator[Found]:
    """Papers by the number of another paper, or of another year."""
    for match in _PAPER.finditer(sentence.raw):
        right = _PAPERS[match["title"]]
        if _plain_number(match["number"]) != _plain_number(right):
            words = (
                f"《{match['title']}》的文号写为{match['number']}，应为{right}",
                f"the paper of that title is {right}, not {match['number']}",
            )
            yield Found(match.start(), words, scope=match["number"])
    for match in _KEY_POINTS.finditer(sentence.raw):
        national = _PAPER.search(sentence.raw, match.start(), match.end())
        if match["year"] != match["of"] and national is None:
            words = (
                f"{match['year']}年的要点文号写为{match['number']}，年份不符",
                f"key points for {match['year']} have a number of {match['of']}",
            )
            yield Found(match.start(), words, FindingState.UNCERTAIN, match["number"])


def _plain_number(number: str) -> str:
    return re.sub(r"[^0-9一-鿿]+", " ", number)


def _orders(text: TextLog, sentence: Sentence) -> Iterator[Found]:
    """The order by which the regulation was made known."""
    for match in _ORDER.finditer(sentence.raw):
        about = "信息公开条例" in sentence.raw[: match.start() + 40]
        if about and text.year >= FIRST_YEAR and match[1] != _REGULATION:
            words = (
                f"引用《政府信息公开条例》为国务院令第{match[1]}号，现行为国务院令第{_REGULATION}号",
                f"the regulation is cited by order {match[1]}, it is {_REGULATION}",
            )
            yield Found(match.start(), words, scope=str(match[1]))
    for match in _BY_PRESIDENT.finditer(sentence.raw):
        words = (
            f"“{match[0]}”有误，条例由国务院令第{_REGULATION}号公布",
            f"the regulation is an order of the State Council, {_REGULATION}",
        )
        yield Found(match.start("order"), words, scope="president")


def _laws(_: TextLog, sentence: Sentence) -> Iterator[Found]:
    """The regulation by a name that it has not."""
    for match in _LAW.finditer(sentence.raw):
        if (match["quoted"] or match[0]) not in _LAWS:
            words = (
                f"“{match[0]}”名称有误，应为《中华人民共和国政府信息公开条例》",
                f"there is no law by the name of {match[0]}",
            )
            yield Found(match.start(), words, FindingState.UNCERTAIN, match[0])


@cache
def _cites(code: str) -> re.Pattern[str]:
    """The edition's notice as people write it: its number with brackets of any kind, or its title."""
    edition = EDITIONS[code]
    number = re.sub(r"[〔〕]", "[〔〕（）()\\\\[\\\\]【】]{0,2}", edition.notice)
    title = edition.notice_title.replace("国务院办公厅政府信息与政务公开办公室", "")
    title = re.sub(r"[〈〉]", "[〈〉《》<>“”]?", title.removesuffix("的通知"))
    return re.compile(rf"{number}|(?:国务院办公厅|国办)[^，。》]{{0,24}}?{title}")
