"""Rules on what each section holds: the six sections and their order, customary parts, counts, problems, the fee."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.checks.finding_log import Facts, FindingLog
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.counts import counts
from nianbao.checks.text.sentences import PART_WORDS, Sentence, part_headings
from nianbao.checks.text.text_log import TextLog, section_name
from nianbao.form import Edition, Section
from nianbao.model import FindingState, Source

_ANNOUNCED = re.compile(
    r"(?<!第)([一二三四五六七八九]|(?<!\d)\d)个?大?(?:部分|项内容|个方面)(?=组成|构成|内容|，|。|$|：)"
)
_SECTION_WORDS = (
    ("总体情况", "概述"),
    ("主动公开政府信息", "主动公开情况", "主动公开、"),
    ("收到和处理", "依申请公开", "申请情况"),
    ("行政复议", "复议"),
    ("存在的主要问题", "存在问题", "主要问题", "存在主要问题"),
    ("其他需要报告", "其他事项", "其他报告"),
)
_NOTHING = re.compile(
    r"(?:本单位|本机关|本年度|目前|暂时|我.)*(?:暂)?(?:无|没有|不存在)(?:明显|主要|突出|存在)*(?:的)?(?:问题|情况)?(?:及改进情况)?"
)
_NAMED_ANEW = re.compile(r"^[一二]?(?:存在的?(?:主要)?问题|主要问题|问题)(?:及改进情况)?(?=无|没有|暂)")
_SIGNS = re.compile(r"[\s\W_]+")
_FEWEST_WORDS = 12


def check_sections(subject: Subject, log: FindingLog) -> None:
    """Each section without a table has a text; headings of other sections stand in none; lines follow the form."""
    edition = subject.report.edition
    texts = subject.report.texts
    for section in edition.sections:
        if section.table is None and section.slug not in texts and section.slug != "problems":
            words = (f"缺少“{section.heading}”", f"section {section.number} ({section.slug}) is missing")
            log.add(
                "WORDS-SECTIONS", subject.key, _state_of_lack(subject, section.slug), words, Facts(scope=section.slug)
            )
        else:
            log.passed("WORDS-SECTIONS", subject.key)
    titles = {name: section for section in edition.sections for name in section.titles}
    for slug, prose in subject.texts.items():
        for line, section in _foreign_headings(prose.text, titles, slug):
            words = (
                f"{section_name(slug)}的文字中出现“{section.heading}”的标题，部分划分或顺序有误",
                f"{slug} holds the heading of section {section.number}",
            )
            source = prose.source_at(line)
            log.breach("WORDS-SECTIONS", subject.key, words, Facts(scope=f"{slug}:{section.slug}", source=source))
    _check_order(subject, edition, log)


def _state_of_lack(subject: Subject, slug: str) -> FindingState:
    """What it means that a section is not there: of a published report, the copy may have been cut.

    Of one whose file cannot be read, the finding on the file says all that is to be done.
    """
    if slug in subject.report.unread:
        return FindingState.NOT_ASSESSABLE
    if subject.bound:
        return FindingState.FAIL
    whole = all(ref in subject.report.cells for ref in subject.report.edition.cells)
    return FindingState.UNCERTAIN if whole else FindingState.NOT_ASSESSABLE


def _foreign_headings(text: str, titles: Mapping[str, Section], slug: str) -> list[tuple[int, Section]]:
    found: list[tuple[int, Section]] = []
    for match in re.finditer(
        r"(?m)^[ \t\u3000]{0,8}#{0,6}[ \t\u3000]{0,8}[一二三四五六][、.．]\s*(.{2,30}?)\s*$", text
    ):
        section = titles.get(match[1])
        if section is not None and section.slug != slug:
            found.append((match.start(), section))
    return found


def _check_order(subject: Subject, edition: Edition, log: FindingLog) -> None:
    """Where all texts come from one published file, their lines tell the order of the sections."""
    places = [(text.source.path, text.source.line) for text in subject.report.texts.values()]
    if len({path for path, _ in places}) != 1 or len(places) < 2 or any(line is None for _, line in places):
        return
    order = [section.slug for section in edition.sections]
    texts = [text for text in subject.report.texts.values() if text.slug in order]
    by_line = [text.slug for text in sorted(texts, key=lambda text: text.source.line or 0)]
    by_form = sorted(by_line, key=order.index)
    if by_line == by_form:
        log.passed("WORDS-SECTIONS", subject.key)
        return
    words = ("六个部分的顺序与规定不符", f"the sections stand in the order {', '.join(by_line)}")
    log.breach("WORDS-SECTIONS", subject.key, words, Facts(expected=", ".join(by_form), scope="order"))


def check_parts(subject: Subject, log: FindingLog) -> None:
    """WORDS-PARTS: section 1 speaks of the five customary parts, and its headings stand in their order."""
    prose = subject.texts.get("overview")
    if prose is None:
        return
    missing = [name for name, pattern in PART_WORDS.items() if not pattern.search(prose.text)]
    headed = part_headings(prose.text)
    in_order = [name for name in PART_WORDS if name in headed]
    if not missing and headed == in_order:
        log.passed("WORDS-PARTS", subject.key)
        return
    if missing:
        words = (f"总体情况没有写到：{'、'.join(missing)}", f"section 1 lacks: {', '.join(missing)}")
    else:
        words = (f"总体情况各部分的顺序为{'、'.join(headed)}", f"the parts of section 1 stand so: {', '.join(headed)}")
    log.breach("WORDS-PARTS", subject.key, words, Facts(scope="overview", source=prose.source))


def check_problems(subject: Subject, log: FindingLog) -> None:
    """WORDS-PROBLEMS: section 5 says more than that there are none."""
    text = subject.report.texts.get("problems")
    lines = [] if text is None else [line for line in text.template.splitlines() if not line.lstrip().startswith("#")]
    bare = _NAMED_ANEW.sub("", _SIGNS.sub("", "".join(lines)))
    if len(bare) >= _FEWEST_WORDS or (bare and not _NOTHING.fullmatch(bare)):
        log.passed("WORDS-PROBLEMS", subject.key)
        return
    section = subject.report.edition.section("problems")
    words = (
        f"“{section.heading}”{'为空' if not bare else f'只写了“{bare}”'}，应写明问题和改进情况",
        "section 5 is empty" if not bare else f"section 5 says no more than {bare!r}",
    )
    source = None if text is None else text.source
    state = _state_of_lack(subject, "problems") if text is None else FindingState.FAIL
    log.add("WORDS-PROBLEMS", subject.key, state, words, Facts(scope="problems", source=source))


def check_announced(text: TextLog, found: Sequence[Sentence]) -> None:
    """WORDS-ANNOUNCED: the number of parts that a preamble announces is that of its list and of the form."""
    sections = text.subject.report.edition.sections
    for sentence in found:
        for match in _ANNOUNCED.finditer(sentence.raw):
            number = int(match[1]) if match[1].isdigit() else "〇一二三四五六七八九".index(match[1])
            behind = sentence.raw[match.end() :] if sentence.raw[match.end() : match.end() + 1] in "：（，" else ""
            lists = (sentence.raw[: match.start()], behind)
            listed = max(sum(any(word in said for word in words) for words in _SECTION_WORDS) for said in lists)
            if text.slug == "overview" and listed < 3 and "报告" not in sentence.raw:
                continue  # 主要集中在三个方面
            if number == len(sections) and listed in {0, 1, 2, number}:
                text.passed("WORDS-ANNOUNCED")
                continue
            said = f"，所列只有{listed}项" if listed > 2 else ""
            words = (
                f"称报告有{match[0]}{said}，格式规定为{len(sections)}部分",
                f"{number} parts announced, {listed} listed, the form has {len(sections)}",
            )
            at = (sentence, match.start())
            text.found("WORDS-ANNOUNCED", words, at, "", expected=len(sections), actual=number)


def check_length(text: TextLog, read: Sequence[Sentence]) -> None:
    """WORDS-LENGTH: section 1 is to have no more than so many characters (spaces and marks of Markdown aside)."""
    limit = text.subject.report.rules.overview_limit
    length = sum(len(sentence.raw) + 1 for sentence in read)
    if length <= limit:
        text.passed("WORDS-LENGTH")
        return
    words = (f"约{length}字，超过{limit}字", f"about {length} characters, more than {limit}")
    text.found("WORDS-LENGTH", words, 0, "", expected=f"<={limit}", actual=length)


def check_prescribed(text: TextLog, read: Sequence[Sentence]) -> None:
    """WORDS-COUNTS: counts that a local notice prescribes (``counts`` of the settings) stand in section 1."""
    wanted = text.subject.report.rules.counts
    written = "\n".join(sentence.text for sentence in read)
    lacking = [
        name
        for name in wanted
        if not re.search(rf"{re.escape(name)}[^，。；\n]{{0,20}}?\d|\d[^，。；\n]{{0,8}}?{re.escape(name)}", written)
    ]
    if not lacking:
        text.passed("WORDS-COUNTS")
        return
    words = (f"没有写明要求的数量：{'、'.join(lacking)}", f"lacks the counts of {', '.join(lacking)}")
    text.found("WORDS-COUNTS", words, 0, "")


_FEE = re.compile(r"信息处理费|处理费|收费|收取(?:任何|相关)?费用|费用|免费")
_NONE = re.compile(
    r"(?:未|没有|没|不|无|均未|从未|未曾)(?:发生|产生|有|存在|向申请人|向任何人|对申请人|实际|出现|依申请公开|政府信息公开)*"
    r"(?:收取|收|征收|计收|发出|涉及)?(?:过|任何|相关|有关|政府|信息公开|依申请公开|政府信息公开|的)*(?:信息处理费|处理费|费用|收费)"
    r"|信息处理费(?:收取|收费|金额|情况|总|计|额|为|：)*(?:0|零|无)(?!\.?\d)|均为免费|免费提供|零收费|免收|(?:金额|总额|收费|件数)[^，。；]{0,16}?(?:均|都)?(?:为|是)(?:0(?!\.?\d)|零)(?:元|件)?"
)
_AMOUNT = re.compile(
    r"(?:信息处理费|处理费)(?:用)?(?:的)?(?:收取|总|共|计|金额|总额|合计|收入|情况|为|是|：|总计|共计|累计|，(?=共|金额|总))*$"
)
# 发出收费通知2件，总金额340元: in a sentence on the fee.
_NOTICED = re.compile(r"^，?(?:实际)?(?:收取|收费)?(?:总?金额|总额|共收取|实际收取)(?:为|共|合计|共计|是|：)*$")
_YUAN = {"元": 1, "万元": 10_000}
# From the 2021 edition on, section 6 states the fee (国办函〔2020〕109号 came into force in 2021).
_FIRST_EDITION = "2021"
FIGURE = "processing_fee"


@dataclass(frozen=True)
class Stated:
    """One statement of the year's fee, in 元."""

    amount: Decimal
    printed: str
    source: Source


def stated_fees(prose: Prose, found: list[Sentence], year: int) -> Iterator[Stated]:
    """The statements of this year's fee in a text."""
    for sentence in found:
        text = sentence.text
        if not _FEE.search(text) and prose.slug != "other":
            continue
        for match in _NONE.finditer(text):
            of_the_rest = re.search(r"(?:其余|剩余|其[他它]申请)[^，。；]*$", text[: match.start()])
            if not of_the_rest and not re.search(r"上年|去年|减免", text[: match.end()]):
                yield Stated(Decimal(0), match[0], prose.source_at(sentence.offset(match.start())))
        for count in counts(sentence):
            amount = _AMOUNT.search(count.lead) or ("收费通知" in text and _NOTICED.search(count.lead))
            other_year = [int(found_year) for found_year in re.findall(r"(20\d\d)年", text[: count.start])][-1:]
            if count.unit in _YUAN and count.exact and amount and other_year in ([], [year]):
                yield Stated(
                    count.value * _YUAN[count.unit], count.printed, prose.source_at(sentence.offset(count.start))
                )


def check_fees(subject: Subject, stated: list[Stated], *, mentioned: bool, log: FindingLog) -> None:
    """TEXT-FEE: all statements agree with each other, and with the fee that figures.csv or the register has.

    WORDS-FEE: there is a statement.
    """
    report = subject.report
    figure, name = report.figures.get(FIGURE), "figures.csv"
    if (figure is None or figure.number is None) and stated and (figure := report.ledger.get("fees")):
        name = "台账"
    known = figure.number if figure else None
    expected = Decimal(known) if known is not None else stated[0].amount if stated else None
    for entry in stated:
        if entry.amount == expected:
            log.passed("TEXT-FEE", subject.key)
            continue
        source = name if known is not None else f"“{stated[0].printed}”"
        words = (
            f"信息处理费“{entry.printed}”与{source}的{expected}元不一致",
            f"the fee is stated as {entry.amount} yuan here and as {expected} yuan in {source}",
        )
        log.breach(
            "TEXT-FEE",
            subject.key,
            words,
            Facts(expected=expected, actual=entry.amount, scope=entry.printed, source=entry.source),
        )
    if subject.report.edition.code < _FIRST_EDITION:
        return
    if stated or mentioned:
        log.passed("WORDS-FEE", subject.key)
        return
    words = (
        "第六部分没有说明本年度收取信息处理费的情况（未收取也应说明）",
        "section 6 does not state the year's information-processing fee (none must be stated too)",
    )
    if subject.bound and "other" not in subject.texts:
        # That section 6 is not there is told already.
        log.add("WORDS-FEE", subject.key, FindingState.NOT_ASSESSABLE, words)
        return
    log.breach("WORDS-FEE", subject.key, words)


def mentions_fee(text: str) -> bool:
    """Whether the text speaks of the fee at all."""
    return _FEE.search(text) is not None
