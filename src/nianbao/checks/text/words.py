"""Rules on a report's parts: sections and their order, customary parts, notices, the preamble, an empty section 5.

May import: form, model, checks.ledger, checks.subject, checks.text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.dates import check_deadline, check_period, check_years_named
from nianbao.checks.text.names import check_names
from nianbao.checks.text.quoting import where_slug
from nianbao.checks.text.sentences import PART_WORDS, Sentence, part_headings, sentences
from nianbao.checks.text.similarity import check_similarity
from nianbao.checks.text.wording import check_length, check_prescribed
from nianbao.form import EDITIONS, FIRST_YEAR, Edition, Section
from nianbao.model import FindingState

# The regulation's order since its revision of 2019; other notices of the same office on disclosure.
_REGULATION = "711"
_OTHER_NOTICES = frozenset({"国办公开办函〔2019〕61号", "国办公开办函〔2015〕207号", "国办公开办函〔2016〕206号"})
_NOTICE = re.compile(r"国办公开办函[〔（(\[【]?(20\d\d)[〕）)\]】]?(\d{1,3})号")
_ORDER = re.compile(r"(?:国务院|国)令[（(〔]?第?(\d{3})号|第(?=492号)(\d{3})号(?:国务院)?令")
_ANNOUNCED = re.compile(r"([一二三四五六七八九]|(?<!\d)\d)个?大?(?:部分|项内容|个方面)(?=组成|构成|内容|，|。|$|：)")
_SECTION_WORDS = (
    ("总体情况", "概述"),
    ("主动公开政府信息", "主动公开情况"),
    ("收到和处理", "依申请公开", "申请情况"),
    ("行政复议", "复议"),
    ("存在的主要问题", "存在问题", "主要问题", "存在主要问题"),
    ("其他需要报告", "其他事项", "其他报告"),
)
_NOTHING = re.compile(
    r"(?:本单位|本机关|本年度|目前|暂时|我.)*(?:暂)?(?:无|没有|不存在)(?:明显|主要|突出|存在)*(?:的)?(?:问题|情况)?(?:及改进情况)?"
)
_SIGNS = re.compile(r"[\s\W_]+")
_FEWEST_WORDS = 12


def check_words(subject: Subject, read: Mapping[str, Sequence[Sentence]], ledger: Ledger) -> None:
    """The rules on words for one office-year; ``read`` are the sentences of each text."""
    _check_sections(subject, ledger)
    _check_parts(subject, ledger)
    _check_problems(subject, ledger)
    texts = [(subject.texts[slug], found) for slug, found in read.items() if slug in subject.texts]
    if subject.preamble is not None:
        texts.append((subject.preamble, sentences(subject.preamble.text)))
    for prose, found in texts:
        check_years_named(subject, prose, found, ledger)
        check_period(subject, prose, found, ledger)
        check_notices(subject, prose, found, ledger)
        if prose.slug in {"preamble", "overview"}:
            check_announced(subject, prose, found, ledger)
        check_names(subject, prose, found, ledger)
    if "overview" in read:
        check_length(subject, read["overview"], ledger)
        check_prescribed(subject, read["overview"], ledger)
    check_similarity(subject, ledger)
    check_deadline(subject, ledger)


def _check_sections(subject: Subject, ledger: Ledger) -> None:
    """Each section without a table has a text; headings of other sections stand in none; lines follow the form."""
    edition = subject.report.edition
    texts = subject.report.texts
    for section in edition.sections:
        if section.table is None and section.slug not in texts and section.slug != "problems":
            words = (f"缺少“{section.heading}”", f"section {section.number} ({section.slug}) is missing")
            ledger.add("WORDS-SECTIONS", subject.key, _state_of_lack(subject), words, Facts(scope=section.slug))
        else:
            ledger.passed("WORDS-SECTIONS", subject.key)
    titles = {name: section for section in edition.sections for name in (section.title, *section.aliases)}
    for slug, prose in subject.texts.items():
        for line, section in _foreign_headings(prose.text, titles, slug):
            words = (
                f"{where_slug(slug)}的文字中出现“{section.heading}”的标题，部分划分或顺序有误",
                f"{slug} holds the heading of section {section.number}",
            )
            source = prose.source_at(line)
            ledger.breach("WORDS-SECTIONS", subject.key, words, Facts(scope=f"{slug}:{section.slug}", source=source))
    _check_order(subject, edition, ledger)


def _state_of_lack(subject: Subject) -> FindingState:
    """What it means that a section is not there: of a published report, the copy may have been cut."""
    if subject.bound:
        return FindingState.FAIL
    whole = all(ref in subject.report.cells for ref in subject.report.edition.cells)
    return FindingState.UNCERTAIN if whole else FindingState.NOT_ASSESSABLE


def _foreign_headings(text: str, titles: Mapping[str, Section], slug: str) -> list[tuple[int, Section]]:
    found: list[tuple[int, Section]] = []
    for match in re.finditer(r"(?m)^\s*#*\s*[一二三四五六][、.．]\s*(.{2,30}?)\s*$", text):
        section = titles.get(match[1])
        if section is not None and section.slug != slug:
            found.append((match.start(), section))
    return found


def _check_order(subject: Subject, edition: Edition, ledger: Ledger) -> None:
    """Where all texts come from one published file, their lines tell the order of the sections."""
    places = [(text.source.path, text.source.line) for text in subject.report.texts.values()]
    if len({path for path, _ in places}) != 1 or len(places) < 2 or any(line is None for _, line in places):
        return
    order = [section.slug for section in edition.sections]
    texts = [text for text in subject.report.texts.values() if text.slug in order]
    by_line = [text.slug for text in sorted(texts, key=lambda text: text.source.line or 0)]
    by_form = sorted(by_line, key=order.index)
    if by_line == by_form:
        ledger.passed("WORDS-SECTIONS", subject.key)
        return
    words = ("六个部分的顺序与规定不符", f"the sections stand in the order {', '.join(by_line)}")
    ledger.breach("WORDS-SECTIONS", subject.key, words, Facts(expected=", ".join(by_form), scope="order"))


def _check_parts(subject: Subject, ledger: Ledger) -> None:
    prose = subject.texts.get("overview")
    if prose is None:
        return
    missing = [name for name, pattern in PART_WORDS.items() if not pattern.search(prose.text)]
    headed = part_headings(prose.text)
    in_order = [name for name in PART_WORDS if name in headed]
    if not missing and headed == in_order:
        ledger.passed("WORDS-PARTS", subject.key)
        return
    if missing:
        words = (f"总体情况没有写到：{'、'.join(missing)}", f"section 1 lacks: {', '.join(missing)}")
    else:
        words = (f"总体情况各部分的顺序为{'、'.join(headed)}", f"the parts of section 1 stand so: {', '.join(headed)}")
    ledger.breach("WORDS-PARTS", subject.key, words, Facts(scope="overview", source=prose.source))


def _check_problems(subject: Subject, ledger: Ledger) -> None:
    text = subject.report.texts.get("problems")
    lines = [] if text is None else [line for line in text.template.splitlines() if not line.lstrip().startswith("#")]
    bare = _SIGNS.sub("", "".join(lines))
    if len(bare) >= _FEWEST_WORDS or (bare and not _NOTHING.fullmatch(bare)):
        ledger.passed("WORDS-PROBLEMS", subject.key)
        return
    section = subject.report.edition.section("problems")
    words = (
        f"“{section.heading}”{'为空' if not bare else f'只写了“{bare}”'}，应写明问题和改进情况",
        "section 5 is empty" if not bare else f"section 5 says no more than {bare!r}",
    )
    source = None if text is None else text.source
    state = _state_of_lack(subject) if text is None else FindingState.FAIL
    ledger.add("WORDS-PROBLEMS", subject.key, state, words, Facts(scope="problems", source=source))


def check_notices(subject: Subject, prose: Prose, found: Sequence[Sentence], ledger: Ledger) -> None:
    """WORDS-NOTICE: the notice (by number or title) and the regulation (by its order) are those of the year."""
    key, slug = subject.key, prose.slug
    known = {edition.notice: edition for edition in EDITIONS.values()}
    for sentence in found:
        cited = {code: match for code, edition in EDITIONS.items() if (match := _cites(edition).search(sentence.raw))}
        right = any(EDITIONS[code].covers(key.year) for code in cited)
        for code, match in cited.items():
            notice = EDITIONS[code].notice
            if right:
                continue
            words = (
                f"{where_slug(slug)}引用{notice}，该文件不适用于{key.year}年报告",
                f"{slug}: {notice} does not apply to reports for {key.year}",
            )
            _cited(subject, prose, sentence, match.start(), (words, f"{slug}:{code}"), ledger)
        for match in _NOTICE.finditer(sentence.raw):
            notice = f"国办公开办函〔{match[1]}〕{match[2]}号"
            if notice not in known and notice not in _OTHER_NOTICES and "年度报告" in sentence.raw:
                words = (
                    f"{where_slug(slug)}引用的{notice}不是年度报告的文件，请核对文号",
                    f"{slug}: {notice} is no notice on the report",
                )
                _cited(subject, prose, sentence, match.start(), (words, f"{slug}:{match[1]}-{match[2]}"), ledger)
        for match in _ORDER.finditer(sentence.raw):
            if (
                key.year >= FIRST_YEAR
                and match[1] != _REGULATION
                and "信息公开条例" in sentence.raw[: match.start() + 40]
            ):
                words = (
                    f"{where_slug(slug)}引用《政府信息公开条例》为国务院令第{match[1]}号，现行为国务院令第{_REGULATION}号",
                    f"{slug}: the regulation is cited by order {match[1]}, it is {_REGULATION}",
                )
                _cited(subject, prose, sentence, match.start(), (words, f"{slug}:{match[1]}"), ledger)
    ledger.passed("WORDS-NOTICE", key)


def _cited(
    subject: Subject, prose: Prose, sentence: Sentence, start: int, said: tuple[tuple[str, str], str], ledger: Ledger
) -> None:
    words, scope = said
    source = prose.source_at(sentence.offset(start))
    ledger.breach("WORDS-NOTICE", subject.key, words, Facts(scope=scope, source=source))


@cache
def _cites(edition: Edition) -> re.Pattern[str]:
    """The edition's notice as people write it: its number with brackets of any kind, or its title."""
    number = re.sub(r"[〔〕]", "[〔〕（）()\\\\[\\\\]【】]{0,2}", edition.notice)
    title = edition.notice_title.replace("国务院办公厅政府信息与政务公开办公室", "")
    title = re.sub(r"[〈〉]", "[〈〉《》<>“”]?", title.removesuffix("的通知"))
    return re.compile(rf"{number}|(?:国务院办公厅|国办)[^，。》]{{0,24}}?{title}")


def check_announced(subject: Subject, prose: Prose, found: Sequence[Sentence], ledger: Ledger) -> None:
    """WORDS-ANNOUNCED: the number of parts that a preamble announces is that of its list and of the form."""
    sections = subject.report.edition.sections
    for sentence in found:
        for match in _ANNOUNCED.finditer(sentence.raw):
            number = int(match[1]) if match[1].isdigit() else "〇一二三四五六七八九".index(match[1])
            listed = sum(any(word in sentence.raw[: match.start()] for word in words) for words in _SECTION_WORDS)
            if number == len(sections) and listed in {0, 1, 2, number}:
                ledger.passed("WORDS-ANNOUNCED", subject.key)
                continue
            said = f"，所列只有{listed}项" if listed > 2 else ""
            words = (
                f"{where_slug(prose.slug)}称报告有{match[0]}{said}，格式规定为{len(sections)}部分",
                f"{prose.slug}: {number} parts announced, {listed} listed, the form has {len(sections)}",
            )
            source = prose.source_at(sentence.offset(match.start()))
            facts = Facts(expected=len(sections), actual=number, scope=prose.slug, source=source)
            ledger.breach("WORDS-ANNOUNCED", subject.key, words, facts)
