"""Rules on what is said to be by the regulation: terms, articles, remedies, the day on which a report is due."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.checks.text.counts import number_of
from nianbao.checks.text.sentences import Sentence
from nianbao.checks.text.text_log import Found, TextLog
from nianbao.model import FindingState, OfficeKind, lawful_deadline

# The terms of articles 30, 32 and 33 of the regulation, in working days.
_DAYS = r"(?P<days>\d{1,3}|[一二三四五]?十[一二三四五六七八九]?)个?工作日(?:的)?(?:法定)?(?:答复)?(?:期限|时限)?内?"
_RECEIVED = rf"(?:收到|接到)[^，。；\d]{{0,12}}(?:之日)?(?:起|后)?(?:的)?{_DAYS}"
# More than the law has: who answers sooner breaks no term.
_LONG = rf"[^，。；\d]{{0,12}}(?:之日)?(?:起|后)?(?:的)?(?=2[1-9]|[3-9]\d|\d{{3}}){_DAYS}"
_ANSWERED = r"(?:予以|作出)?(?:答复|办结|回复)"
_TERMS = (
    (re.compile(rf"(?<!第三方){_RECEIVED}{_ANSWERED}"), 20),
    (re.compile(rf"答复(?:期限|时限)[^，。；\d延]{{0,20}}自(?:收到|接到){_LONG}(?![^。；]{{0,12}}(?:补正|延))"), 20),
    (
        re.compile(
            r"条例》?(?:第[一二三四五六七八九十]{1,4}条)?(?:规定的|关于)(?:法定)?(?:(?:答复|办理|办结)?(?:期限|时限)(?:为|是))?(?P<days>\d{1,3}|[一二三四五]?十[一二三四五六七八九]?)个?工作日(?![^。；]{0,12}(?:补正|第三方|征求|延长))"
        ),
        20,
    ),
    (re.compile(rf"申请[^，。；\d]{{0,6}}(?:均|都|一律)?在(?=[2-9]\d|\d{{3}}){_DAYS}{_ANSWERED}"), 20),
    (re.compile(rf"第三十三条[^，。；\d]{{0,8}}{_DAYS}"), 20),
    (re.compile(r"(?<!延长)(?<!延期)(?P<days>\d{1,3})个?工作日(?:的)?(?:法定|基本)+(?:答复|办理)(?:期限|时限)"), 20),
    (re.compile(rf"延长(?:答复)?(?:的)?期限[^，。；\d]{{0,8}}(?:不超过|最长){_DAYS}"), 20),
    (re.compile(rf"延长(?:期限)?(?:最多|最长)?不(?:得)?超过{_DAYS}"), 20),
    (re.compile(rf"{_RECEIVED}[^，。；\d]{{0,8}}补正"), 7),
    (re.compile(rf"第三方[^。；\d]{{0,16}}{_RECEIVED}"), 15),
)
# Articles of the regulation that what is said to be done by them shows without doubt, and those that may be cited.
_CITED = re.compile(
    r"《(?:中华人民共和国政府信息公开|政府信息公开)?条例》(?:（[^（）]{1,30}）)?第(?P<article>[一二三四五六七八九十]{1,4})条(?:第[一二三]款)?"
    r"(?:的)?(?:有关|相关)?(?:规定|要求)?(?:，|的)?(?P<deed>[^，。；《》]{0,60})"
)
_ON_CONTENT, _ON_REPORTS = ("五十",), ("四十九", "五十")
_ARTICLES = (
    (re.compile(r"^(?:书面|依法|已|逐件|及时|向第三方)*(?:征求|听取)(?:了)?(?:第三方|权利人)"), ("三十二", "十五")),
    (re.compile(r"^(?:依法|已|当场|书面)*(?:一次性)(?:书面)?告知(?:申请人)?[^，。；]{0,6}补正"), ("三十", "二十九")),
    (
        re.compile(r"^(?![、和及与至])[^，。；]{0,16}?(?:编制|公布|发布|形成)[^，。；]{0,40}(?:年度报告|年报|本报告)$"),
        _ON_REPORTS,
    ),
    (
        re.compile(r"^(?:关于)?(?:自?收到申请之日起|答复期限为?|在)?(?:20|二十)个工作日内?(?:予以)?(?:答复|的规定)"),
        ("三十三",),
    ),
    (re.compile("^关于答复期限"), ("三十三",)),
    (re.compile("^关于[^，。；]{0,10}年度报告(?:的)?(?:主要)?内容"), _ON_CONTENT),
    (re.compile("^关于[^，。；]{0,10}年度报告"), _ON_REPORTS),
)
# 年度报告的内容依照《条例》第五十条确定
_CONTENT_BEFORE = re.compile(r"年度报告(?:的|应当|应)?(?:包括|包含)?(?:主要)?(?:内容|事项)[^，。；]{0,6}$")
# The regulation has so many articles; 55 is on bodies that are no offices, by which these may report.
_LAST_ARTICLE, _OF_PUBLIC_BODIES = 56, "五十五"
_PUBLIC_BODY = re.compile("(?:学院|大学|学校|中学|小学|幼儿园|医院|公司|集团)$")
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
# The terms of reviews (60 days) and of lawsuits (six months), which somebody who is not content may begin.
_REMEDY_TERMS = (
    (re.compile(r"(?P<term>\d{1,3})(?:个工作)?[日天](?:之)?内[^，。；\d]{0,10}(?:申请|提起|提出)行政复议"), 60),
    (re.compile(r"(?P<term>\d{1,2}|[一二三四五六七八九])个月(?:之)?内[^，。；\d]{0,14}(?:提起|提出)(?:行政)?诉讼"), 6),
)
_BY_LAW = re.compile(r"条例|法定|规定|时限要求|期限要求")


def by_the_regulation(text: TextLog, sentence: Sentence) -> Iterator[Found]:
    """What the sentence says of the regulation's terms, articles, remedies and dates and is not so."""
    for looks in (_terms, _articles, _items, _exemptions, _remedies, _deadlines):
        yield from looks(text, sentence)


def _terms(_: TextLog, sentence: Sentence) -> Iterator[Found]:
    """A term that is told as the law's and is not."""
    for pattern, days in _TERMS if _BY_LAW.search(sentence.raw) else ():
        for match in pattern.finditer(sentence.raw):
            if number_of(match["days"]) != days:
                words = (
                    f"“{match[0]}”与条例规定的{days}个工作日不符",
                    f"the law's term is {days} working days, not {match['days']}",
                )
                yield Found(match.start(), words, FindingState.UNCERTAIN, "term")


# Article 36 says in seven items what is answered to whom.
_ITEM = re.compile(r"第三十六条(?:第一款)?第?（?(?P<item>[一二三四五六七八九十]{1,2})）?项")
_ITEMS = {
    "一": "已(?:经)?主动公开",
    "二": "(?<!不)予以公开|可以公开",
    "三": "不予公开",
    "四": "不存在|不掌握|未检索到|没有所申请",
    "五": "不属于[^，。；]{0,8}负责|不负责公开",
    "六": "重复申请|重复处理",
    "七": "工商|不动产登记|企业登记",
}


def _items(_: TextLog, sentence: Sentence) -> Iterator[Found]:
    for match in _ITEM.finditer(sentence.raw):
        around = (
            re.split("[；。]", sentence.raw[: match.start()])[-1] + re.split("[；。]", sentence.raw[match.end() :])[0]
        )
        said = [item for item, words in _ITEMS.items() if re.search(words, around)]
        if match["item"] in _ITEMS and (len(said) != 1 or match["item"] in said):
            continue
        words = (
            f"“{match[0]}”有误" + (f"，该情形见第（{said[0]}）项" if len(said) == 1 else "，该条共七项"),
            "another item of article 36 is on that",
        )
        yield Found(match.start(), words, FindingState.UNCERTAIN, f"item-{match['item']}")


def _articles(text: TextLog, sentence: Sentence) -> Iterator[Found]:
    """An article of the regulation that is not on what is done by it, or that there is not."""
    public = _PUBLIC_BODY.search(text.subject.report.office.name)
    for match in _ANY_ARTICLE.finditer(sentence.raw):
        if "信息公开条例" in match[0] and number_of(match["article"]) > _LAST_ARTICLE:
            words = (
                f"“{match[0]}”有误，条例共{_LAST_ARTICLE}条",
                f"the regulation has {_LAST_ARTICLE} articles",
            )
            yield Found(match.start("article"), words, FindingState.UNCERTAIN, f"article-{match['article']}")
    for match in _CITED.finditer(sentence.raw):
        right = next((articles for deed, articles in _ARTICLES if deed.search(match["deed"])), ())
        if _CONTENT_BEFORE.search(sentence.raw[: match.start()]):
            right = _ON_CONTENT
        if right and match["article"] not in right and not (public and match["article"] == _OF_PUBLIC_BODIES):
            words = (
                f"“{match[0]}”条款有误，该事项见《条例》第{right[0]}条",
                f"article {match['article']} is cited for what another article says",
            )
            yield Found(match.start("article"), words, FindingState.UNCERTAIN, f"article-{match['article']}")


def _exemptions(_: TextLog, sentence: Sentence) -> Iterator[Found]:
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
        yield Found(match.start("article"), words, FindingState.UNCERTAIN, f"article-{match['article']}")


def _remedies(_: TextLog, sentence: Sentence) -> Iterator[Found]:
    for pattern, right in _REMEDY_TERMS:
        for match in pattern.finditer(sentence.text):
            if number_of(match["term"]) != right:
                words = (f"“{match[0]}”的期限有误，应为{right}", f"the term of {match[0]} is {right}")
                yield Found(match.start(), words, FindingState.UNCERTAIN, "remedy")
    for match in _NO_REMEDY.finditer(sentence.raw):
        words = (
            f"“{match[0]}”有误，对政府信息公开的救济途径是行政复议和行政诉讼",
            "the remedies are reviews and lawsuits, there is no arbitration",
        )
        yield Found(match.start(), words, FindingState.UNCERTAIN, match[0])


def _deadlines(text: TextLog, sentence: Sentence) -> Iterator[Found]:
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
            yield Found(match.start(), words, FindingState.UNCERTAIN, "deadline")


_OF_OTHERS = re.compile(r"[市县区省州](?:政府|级)|本级政府|政府办")
