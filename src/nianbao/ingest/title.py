"""Find what a report says of itself: whose it is, for which year, and when it was published."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.ingest.carrier import NO_CHARACTER, Line
from nianbao.ingest.words import fits, is_legible, width_folded

# A title or a heading is short; a line longer than this is a sentence.
LONGEST_TITLE = 60
NOT_A_NAME = ""
SENTENCE = re.compile("[。；！？，]")

_CHINESE_YEAR = "[一二][〇○零O0一二三四五六七八九]{3}"
_YEAR = rf"(?P<year>[12]\d{{3}}|{_CHINESE_YEAR})"
_OPEN = r"(?:(?:政府|政务)?信息(?:主动)?|政务)公开(?:工作)?(?:情况)?的?"
_REPORT = rf"{_OPEN}(?:年度)?(?:工作)?(?:情况)?的?(?:年度)?(?:总结)?的?(?:报告|年报|总结)"
# 某局2023年…年度报告, 2023年某局…年度报告; 某局…年度报告（2023年度）; 某局政府信息公开2023年度报告.
_TITLES = (
    re.compile(rf"(?P<office>.*?){_YEAR}\s*年\s*度?(?P<after>[^\d（）()]{{0,30}}?){_REPORT}"),
    re.compile(
        rf"(?P<office>[^\d]*?)(?P<after>){_REPORT}\s*[（(【—-]?\s*{_YEAR}(?:\s*年\s*度?\s*[）)】]?|\s*[）)】])\s*$"
    ),
    re.compile(rf"(?P<office>[^\d]*?)(?P<after>){_OPEN}{_YEAR}\s*年?度?(?:年度)?(?:工作)?(?:情况)?(?:报告|年报)"),
)
_WITHOUT_YEAR = re.compile(rf"(?P<office>[^\d]{{0,40}}?){_REPORT}")
_NAME = r"(?P<office>[^，。；：\d《》]{3,40}?)"
_OUT = "(?:公布|发布|公开|将)"
# A preamble that announces or makes the report: 现公布某局2023年…年度报告, 某局编制了2023年…年度报告; one that begins
# 2023年，某局认真….
_PREAMBLES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:现将|现|特|予以)?{_OUT}{_NAME}{_YEAR}\s*年\s*度?(?:政府|政务)?信息公开",
        rf"{_OUT}{_YEAR}\s*年\s*度?{_NAME}(?:政府|政务)?信息公开",
        rf"(?:^|[，。；])\s*{_NAME}(?:现|特)(?:向社会)?{_OUT}\s*{_YEAR}\s*年",
        rf"(?:^|[，。；])\s*(?:本(?:年度)?(?:年?报告)?)?(?:现|系)?由?\s*{_NAME}(?:现?编制|组织编制|编写)(?:完成|形成|了)?",
        rf"由{_NAME}(?:按照|根据|依据|依照|结合|负责|组织|编制|编写|制作)",
        rf"(?:^|\n)\s*{_YEAR}\s*年度?，{_NAME}(?:认真|严格|深入|坚持|按照|贯彻|全面|积极|高度|紧紧|围绕|在|以|持续|始终)",
    )
)
# What pages print beside the title: 来源：某局.
_MAKER = re.compile(r"(?:机构|机关|主体|来源|单位|部门)\s*[:：]\s*(?P<office>[\u4e00-\u9fff（）()]{4,30})(?=\s|$)")
_STATING_YEAR = (
    *(pattern for pattern in _PREAMBLES if "year" in pattern.groupindex),
    re.compile(rf"{_YEAR}\s*年\s*度?[^，。；]{{0,30}}?信息公开[^，。；]{{0,12}}?(?:报告|年报)"),
)
_PERIOD = re.compile(r"(20\d\d)\s*年\s*1\s*月\s*1\s*日?\s*(?:起|至|到|-|—|–|~|～)")
# A section that begins with the year speaks of it: 2025年，我局….
_BEGINS = re.compile(
    rf"\s*(?:[（(][一二三四五六七八九十]+[)）][^。，；：\d]{{0,20}}[。：:]?)?\s*{_YEAR}\s*年度?(?!\s*\d)"
)
_ANY_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年(?!\s*\d{1,2}\s*月)")
_FILE_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_DATE = re.compile(r"([12]\d{3})年(\d{1,2})月(\d{1,2})日|([12]\d{3})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_CHINESE_DATE = re.compile(
    r"([二〇○零O一三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
# What a page prints beside its date, above the text.
_PUBLISHED = re.compile(
    r"(?:发布|发文|成文|公开|更新|印发|信息|录入|上传)?(?:时间|日期)\s*[:：]\s*(?P<date>[12]\d{3}[^:：]*)|^(?P<alone>[12]\d{3}[年./-]\d.*)$"
)
_CHINESE_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | dict.fromkeys(
    "○零O0", "0"
)
_CHINESE_MARKS = str.maketrans(",;:", "，；：")
_NUMERALS = "一二三四五六七八九"
# A letter that cannot be told stands in a name as itself.
_OFFICE = re.compile(rf"[\u3400-\u9fff\U00020000-\U0003ffff（）()、·〇\s{NO_CHARACTER}]{{3,40}}")
_WITH_NUMBER = re.compile(rf"[\u4e00-\u9fff{NO_CHARACTER}]{{2,20}}\d{{1,5}}[\u4e00-\u9fff（）{NO_CHARACTER}]{{2,20}}")
_BRACKETS = str.maketrans("()", "（）")
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]+[)）、.．]")
_NO_OFFICE = (
    "目录",
    "首页",
    "索引",
    "当前",
    "您现在",
    "您当前",
    "发布",
    "来源",
    "信息",
    "附件",
    "根据",
    "按照",
    "关于印发",
    "公布",
    "公开",
    "向社会",
)
# How the name of an office ends; for a line that is only thought to be one.
_ENDS_LIKE_OFFICE = re.compile(
    r"(?:[局委厅办会院处队站所署部府校园省市州盟县区旗乡镇村]|中心|办公室|街道|管委会|学校|小学|中学|医院|公司|机关|支队|大队|集团|社|馆|台)"
    r"(?:[（(][^（()）]*[)）])?$"
)


@dataclass(frozen=True)
class Stated:
    """What a report says of itself; None for what it doesn't say, NOT_A_NAME for words that are no office's name."""

    office: str | None = None
    year: int | None = None
    published: datetime.date | None = None


# Marks of a heading and of bold type around a line of Markdown.
_MARKDOWN = "#* \t\u3000\n"


def stated(
    head: Sequence[Line], title: str, overview: Sequence[Line], signature: Sequence[str], *, sheet: bool = False
) -> Stated:
    """Office, year and date, from where a reader finds them.

    ``head``: the lines above section 1; ``title``: of the file itself, or of its ``sheet``; ``overview``: the lines of
    section 1; ``signature``: the lines below the report, its date the last.
    """
    above = [text for line in head if line.stands_alone and (text := line.text.strip(_MARKDOWN))]
    found = _from_titles(above)
    if found.year is None and (titled := title_of(title)):
        found = Stated(titled.office or found.office, titled.year)
    preamble = _plain("".join(above))
    first = [_plain(line.text) for line in overview if line.text.strip()][:2]
    year = found.year or _year_in(preamble) or _year_of_sections(overview)
    told = [found.office, _office_in(preamble), _signed(signature), _office_in("\n".join(first))]
    names = list(filter(None, [*told, office_name(title) if sheet else None, _maker(above)]))
    # A letter that cannot be told in one place may be told in another.
    office = next((name for name in names if is_legible(name) and fits(names[0], name)), names[0] if names else None)
    dates = [date for text in signature if (date := date_of(text))]
    published = dates[-1] if dates else _date_above(above)
    if year is None and published and published.month <= _LATEST_MONTH:
        year = published.year - 1
    return Stated(office, year or _only_year(overview), published)


def _plain(text: str) -> str:
    return width_folded(text).translate(_CHINESE_MARKS)


# A report is published in the first months of the next year, late ones too.
_LATEST_MONTH = 6


def title_of(text: str) -> Stated | None:
    """Office and year of a text that is the title of an annual report; None for any other."""
    plain = re.sub(r"(?<=[\u4e00-\u9fff\d])\s+(?=[\u4e00-\u9fff\d（(])", "", width_folded(text)).strip("《》 #*")
    if len(text) > 2 * LONGEST_TITLE or "公开" not in plain:
        return None
    plain = re.sub(r"^(?:[【\[][^】\]]{1,10}[】\]]|附件\d*[:：]?|[（(]?\d{1,3}[)）.、．])\s*", "", plain)
    for pattern in _TITLES:
        match = pattern.match(plain)
        if match is None or SENTENCE.search(match["office"].replace(",", "，")) or "《" in match["office"]:
            continue
        office = office_name(match["office"]) or (office_name(match["after"]) if match["after"] else None)
        if office is None and match["office"].strip("关于的 "):
            office = NOT_A_NAME
        if match["after"] and not (office or match["after"] in {"关于", "的"}):
            continue
        return Stated(office, year_number(match["year"]))
    return None


def _from_titles(above: Sequence[str]) -> Stated:
    """The title nearest above the report, in one line or over several."""
    for index in range(len(above) - 1, -1, -1):
        for count in (1, 2, 3, 4):
            if (found := title_of(" ".join(above[index : index + count]))) is None:
                continue
            return found if found.office is not None else Stated(_beside(above, index, index + count), found.year)
    for index, text in enumerate(above):
        if match := _WITHOUT_YEAR.fullmatch(width_folded("".join(text.split())).strip("《》")):
            return Stated(office_name(match["office"]) or _beside(above, index, index + 1))
    return Stated()


def _beside(above: Sequence[str], start: int, end: int) -> str | None:
    """The name that stands alone above a title, or below it."""
    before = _standing_alone(above[start - 1]) if start else None
    after = _standing_alone(above[end].strip("（）()")) if end < len(above) else None
    return before or (after if after and _ENDS_LIKE_OFFICE.search(after) else None)


def _standing_alone(text: str) -> str | None:
    name = office_name(text)
    return name if name and not _NUMBERED.match(name) else None


def _year_in(preamble: str) -> int | None:
    if match := _PERIOD.search(preamble) or next(filter(None, (one.search(preamble) for one in _STATING_YEAR)), None):
        return year_number(match["year"] if "year" in match.groupdict() else match[1])
    return None


def _only_year(lines: Sequence[Line]) -> int | None:
    """The one year of which section 1 speaks at all."""
    years = {year for line in lines for year in _ANY_YEAR.findall(width_folded(line.text))}
    return int(years.pop()) if len(years) == 1 else None


def _maker(above: Sequence[str]) -> str | None:
    found = (match["office"] for text in above if (match := _MAKER.search(text)))
    return next((name for name in found if _ENDS_LIKE_OFFICE.search(name) and not name.endswith("网站")), None)


def _year_of_sections(lines: Sequence[Line]) -> int | None:
    """The year with which lines of section 1 begin, where they all name the same."""
    years = {year_number(match["year"]) for line in lines if (match := _BEGINS.match(width_folded(line.text)))}
    return years.pop() if len(years) == 1 else None


def _office_in(preamble: str) -> str | None:
    for pattern in _PREAMBLES:
        for match in pattern.finditer(preamble):
            name = office_name(match["office"])
            if name and _ENDS_LIKE_OFFICE.search(name) and not name.startswith(("本", "我")):
                return name
    return None


def _signed(signature: Sequence[str]) -> str | None:
    for text in signature:
        name = office_name(re.split(r"[12二]\d{3}[年.]|[二][〇○零]", text)[0].strip("（）() "))
        if name and _ENDS_LIKE_OFFICE.search(name):
            return name
    return None


def office_name(text: str) -> str | None:
    """The text as an office's name, where it can be one."""
    plain = re.sub(
        r"^(?:(?:现|特)(?!代)将?(?:公布|发布|公开)?|关于)|关于(?:[报公发印上][\u4e00-\u9fff])?$",
        "",
        "".join(text.split()),
    )
    plain = plain.strip("《》“”:：-—_|").translate(_BRACKETS)
    known = _OFFICE.fullmatch(plain) or (_WITH_NUMBER.fullmatch(plain) and _ENDS_LIKE_OFFICE.search(plain))
    if not known or plain.startswith(_NO_OFFICE) or "信息公开" in plain:
        return None
    return plain


def date_of(text: str) -> datetime.date | None:
    """The date of a line that holds a date and a signature at most."""
    plain = "".join(width_folded(text).split())
    found = _date(plain)
    if found is None:
        return None
    date, start, end = found
    signature = plain[:start]
    if plain[end:].strip(")）") or len(signature) > 40 or SENTENCE.search(signature):
        return None
    return date


def _date_above(above: Sequence[str]) -> datetime.date | None:
    """The date that a page prints above the text: 发布时间：2023-12-20 16:25."""
    for text in above:
        plain = width_folded(text)
        if len(plain) <= 2 * LONGEST_TITLE and (match := _PUBLISHED.search(plain)):
            given = (match["date"] or match["alone"]).strip()
            for plain in (given, "".join(given.split())):
                if (found := _date(plain)) and found[1] == 0:
                    return found[0]
    return None


def _date(plain: str) -> tuple[datetime.date, int, int] | None:
    if match := _DATE.search(plain):
        parts = [int(part) for part in match.groups() if part]
    elif match := _CHINESE_DATE.search(plain):
        parts = [year_number(match[1]), *(_chinese_number(part) for part in match.groups()[1:])]
    else:
        return None
    try:
        return datetime.date(*parts), match.start(), match.end()
    except ValueError:
        return None


def year_number(text: str) -> int:
    """2023 for 2023 and for 二〇二三."""
    return int("".join(_CHINESE_DIGITS.get(character, character) for character in text))


def _chinese_number(text: str) -> int:
    tens, found, ones = text.rpartition("十")
    values = {"": 0, **{digit: value for value, digit in enumerate(_NUMERALS, start=1)}}
    return values.get(ones, 0) + (10 * (values.get(tens, 0) or 1) if found else 0)


def year_of_name(name: str) -> int | None:
    """The year in a file's name, where there is exactly one."""
    found = set(_FILE_YEAR.findall(name))
    return int(found.pop()) if len(found) == 1 else None
