"""Owns the rules on words: sections and their order, customary parts, notices cited, an empty section 5.

May import: form, model, checks.ledger, checks.subject, checks.text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Subject
from nianbao.checks.text.compare import where_slug
from nianbao.checks.text.dates import check_deadline, check_period, check_years_named
from nianbao.checks.text.flat import PART_WORDS, Sentence, part_headings
from nianbao.checks.text.similarity import check_similarity
from nianbao.form import EDITIONS, FIRST_YEAR, Edition, Section
from nianbao.model import FindingState

# The regulation before its revision of 2019 (in force on 15 May of that year, before the first report of this form).
_OLD_REGULATION = re.compile(r"国务院令第?492号|第492号(?:国务院)?令")
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
    for slug, found in read.items():
        prose = subject.texts[slug]
        check_years_named(subject, prose, found, ledger)
        check_period(subject, prose, found, ledger)
        _check_notices(subject, slug, found, ledger)
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


def _check_notices(subject: Subject, slug: str, found: Sequence[Sentence], ledger: Ledger) -> None:
    prose = subject.texts[slug]
    for sentence in found:
        for edition in EDITIONS.values():
            if edition.covers(subject.key.year) or not (match := _cites(edition).search(sentence.raw)):
                continue
            words = (
                f"{where_slug(slug)}引用{edition.notice}，该文件不适用于{subject.key.year}年报告",
                f"{slug}: {edition.notice} does not apply to reports for {subject.key.year}",
            )
            source = prose.source_at(sentence.offset(match.start()))
            facts = Facts(actual=edition.notice, scope=f"{slug}:{edition.code}", source=source)
            ledger.breach("WORDS-NOTICE", subject.key, words, facts)
        if subject.key.year >= FIRST_YEAR and (match := _OLD_REGULATION.search(sentence.raw)):
            words = (
                f"{where_slug(slug)}引用修订前的《政府信息公开条例》（国务院令第492号），现行为国务院令第711号",
                f"{slug}: the regulation is cited as it was before its revision",
            )
            source = prose.source_at(sentence.offset(match.start()))
            ledger.breach("WORDS-NOTICE", subject.key, words, Facts(scope=f"{slug}:492", source=source))
    ledger.passed("WORDS-NOTICE", subject.key)


def _cites(edition: Edition) -> re.Pattern[str]:
    """The edition's notice as people write it: brackets of any kind."""
    match = re.fullmatch(r"(\D+)〔(\d+)〕(\d+)号", edition.notice)
    if match is None:
        return re.compile(re.escape(edition.notice))
    return re.compile(rf"{match[1]}[〔（(\[【]?{match[2]}[〕）)\]】]?{match[3]}号")
