"""Tell of letters that a file shows and gives no meaning to: where they stand, and which known office may be meant.

A PDF draws them from a font that has no entry for them; other files hold bytes or signs that are no character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from nianbao.errors import IngestError
from nianbao.form import SECTIONS
from nianbao.ingest.carrier import NO_CHARACTER, Line, quoted
from nianbao.ingest.result import Gap, GapKind, Ingested
from nianbao.ingest.words import fits, is_legible

# What may be a bullet of a symbol font begins a line; a letter stands behind others, a digit before others.
_WITHIN = re.compile(rf"\w{NO_CHARACTER}|(?<=.){NO_CHARACTER}\d")
# So much of a line is quoted, from before the letter to behind it.
_QUOTED = 12
_WHAT_NEXT = "请对照原件核对，或用原文档另存（PDF请嵌入全部字体）后重新读取"
_WHAT_NEXT_EN = "compare it with the document, or save that anew (a PDF with all its fonts) and read it again"


def of_name(name: str, file: str) -> Gap:
    """What to say of an office's name of which some letters cannot be told."""
    return Gap(
        GapKind.LETTERS,
        file,
        f"机关名称“{quoted(name)}”中第{_places(name)}个字无法识别，没有归入任何机关；{_WHAT_NEXT}",
        f"the office's name {quoted(name)!r}: letter {_places(name, ', ')} cannot be told, and it is joined with no "
        f"office; {_WHAT_NEXT_EN}",
    )


def of_lines(head: Sequence[Line], sections: Mapping[str, Sequence[Line]], file: str) -> Iterator[Gap]:
    """One gap for the title and for each section whose words hold such letters, with the first place and how many."""
    titles = {section.slug: section.heading for section in SECTIONS}
    for slug, lines in (("", head), *sections.items()):
        texts = [(line, cell) for line in lines for cell in line.cells if not line.ruled]
        hits = [(line, text, match) for line, text in texts for match in _WITHIN.finditer(text)]
        if not hits:
            continue
        line, text, first = hits[0]
        words = quoted(text[max(0, first.start() - _QUOTED) : first.end() + _QUOTED])
        zh, english = (titles[slug], slug) if slug else ("标题和引言", "title and preamble")
        yield Gap(
            GapKind.LETTERS,
            f"{file} {line.place}".strip(),
            f"{zh}：“{words}”等{len(hits)}处有字无法识别；{_WHAT_NEXT}",
            f"{english}: {len(hits)} letters cannot be told, the first in {words!r}; {_WHAT_NEXT_EN}",
        )


def with_proposals(ingested: Ingested, known: Iterable[str]) -> Ingested:
    """The report with the known offices named that its office may be, where its name cannot be told in full."""
    name = ingested.office_name
    if name is None or is_legible(name) or not (fitting := sorted({one for one in known if fits(name, one)})):
        return ingested
    zh, english = f"可能是“{'”“'.join(fitting)}”，未能确定。", f"it may be {', '.join(fitting)}: "
    told = of_name(name, ingested.file)
    gaps = (
        replace(gap, message=f"{zh}{gap.message}", message_en=f"{english}{gap.message_en}")
        if gap.message == told.message
        else gap
        for gap in ingested.gaps
    )
    return replace(ingested, gaps=tuple(gaps))


def no_year(file: str, gaps: Iterable[Gap]) -> IngestError:
    """The error for a report of which no year is known: it names none, or digits of its title cannot be told."""
    if any(gap.what is GapKind.LETTERS and not gap.cells for gap in gaps):
        what, zh = "has a title of which letters cannot be told, and names no year", "标题中有字无法识别，读不出年度"
    else:
        what, zh = "names no year", "没有写明是哪一年的报告"
    hint = "say which year it reports on with --year"
    return IngestError(what, where=file, hint=hint, zh=f"{zh}，请用 --year 指明")


def _places(name: str, mark: str = "、") -> str:
    return mark.join(str(index) for index, letter in enumerate(name, start=1) if letter == NO_CHARACTER)
