"""Links in Word: set, taken away and led elsewhere, they land in Markdown; a table's are refused."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from nianbao.export import export
from nianbao.model import Options
from nianbao.paths import Project
from nianbao.pipeline import printed_document
from word_desk import Desk

TEXT = """见[政策库](https://policy.invalid/a)，另有说明。

渠道单一。

|栏目|地址|
|-|-|
|政策|[入口](https://policy.invalid/b)|
"""


@pytest.fixture
def own(copied: Callable[[], Project], tmp_path: Path) -> Desk:
    """A report whose section six has links, open in Word."""
    project = copied()
    key = project.key("panzhihua", 2023)
    (project.narrative_of(key) / "06_other.md").write_text(TEXT, "utf-8")
    document = printed_document(project, key, Options(), lambda *_: None)
    return Desk(project, export(document, "docx")[0].content, tmp_path)


def landed(desk: Desk) -> str:
    taken = desk.take()
    assert taken.refused == ()
    return desk.narrative(taken, "06_other")


def linked(desk: Desk, words: str, address: str) -> None:
    paragraph = desk.paragraph(words)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.runs[0]._r
    run.addprevious(link)
    link.append(run)


def test_without_edits_nothing_changes(own: Desk) -> None:
    assert landed(own) == TEXT


def test_a_new_link_lands(own: Desk) -> None:
    linked(own, "渠道单一", "https://other.invalid/")
    assert landed(own) == TEXT.replace("渠道单一。", "[渠道单一。](https://other.invalid/)")


def test_an_address_that_no_report_may_have_is_refused(own: Desk) -> None:
    linked(own, "渠道单一", "file:///c:/secret.doc")
    taken = own.take()
    assert taken.files == ()
    assert ["links" in one.why for one in taken.refused] == [True]


def test_a_field_is_a_link_too(own: Desk) -> None:
    run = own.paragraph("渠道单一").runs[0]._r
    code = f'<w:instrText {nsdecls("w")}> HYPERLINK "https://other.invalid/" </w:instrText>'
    for kind in ("begin", "code", "separate"):
        made = OxmlElement("w:r")
        made.append(parse_xml(code if kind == "code" else f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
        run.addprevious(made)
    end = OxmlElement("w:r")
    end.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="end"/>'))
    run.addnext(end)
    assert landed(own) == TEXT.replace("渠道单一。", "[渠道单一。](https://other.invalid/)")


def test_an_address_that_changed_lands(own: Desk) -> None:
    (relation,) = [one for one in own.word.part.rels.values() if one.target_ref.endswith("invalid/a")]
    relation._target = "https://policy.invalid/c"
    assert landed(own) == TEXT.replace("invalid/a", "invalid/c")


def test_a_link_that_is_taken_away_leaves_its_words(own: Desk) -> None:
    link = own.paragraph("另有说明")._p.find(qn("w:hyperlink"))
    for run in list(link):
        link.addprevious(run)
    link.getparent().remove(link)
    assert landed(own) == TEXT.replace("[政策库](https://policy.invalid/a)", "政策库")


def test_a_link_moves_whole(own: Desk) -> None:
    link = own.paragraph("另有说明")._p.find(qn("w:hyperlink"))
    own.paragraph("渠道单一")._p.append(link)
    moved = TEXT.replace("[政策库](https://policy.invalid/a)", "")
    assert landed(own) == moved.replace("渠道单一。", "渠道单一。[政策库](https://policy.invalid/a)")


def test_words_within_a_link_stay_linked(own: Desk) -> None:
    own.paragraph("另有说明")._p.find(f"{qn('w:hyperlink')}/{qn('w:r')}/{qn('w:t')}").text = "政策资料库"
    assert landed(own) == TEXT.replace("政策库", "政策资料库")


def test_a_paragraph_goes_with_its_links(own: Desk) -> None:
    element = own.paragraph("另有说明")._p
    element.getparent().remove(element)
    assert landed(own) == TEXT.partition("\n\n")[2]


def test_a_tables_link_and_its_bold_words_are_refused(own: Desk) -> None:
    table = own.word.tables[-1]
    table.cell(1, 0).paragraphs[0].runs[0].bold = True
    link = table.cell(1, 1).paragraphs[0]._p.find(qn("w:hyperlink"))
    link.addprevious(deepcopy(link[0]))
    link.getparent().remove(link)
    taken = own.take()
    assert taken.files == ()
    assert ["06_other.md:5" in one.place for one in taken.refused] == [True]


def test_bold_in_a_table_of_the_form_is_refused(own: Desk) -> None:
    own.word.tables[0].cell(2, 3).paragraphs[0].runs[0].bold = True
    (refused,) = own.take().refused
    assert refused.after == "**0**"


def _spread(desk: Desk, before: str, after: str) -> None:
    """The link over words beside it too, each in a hyperlink of its own, as Word and WPS leave it."""
    link = desk.paragraph("另有说明")._p.find(qn("w:hyperlink"))
    for words, put in ((before, link.addprevious), (after, link.addnext)):
        if words:
            other = deepcopy(link)
            other.find(f"{qn('w:r')}/{qn('w:t')}").text = words
            put(other)


@pytest.mark.parametrize(("before", "after"), [("市级", ""), ("", "（新）"), ("市级", "（新）")])
def test_new_words_in_links_beside_one_of_the_same_address_are_one_link(own: Desk, before: str, after: str) -> None:
    _spread(own, before, after)
    assert landed(own) == TEXT.replace("[政策库]", f"[{before}政策库{after}]")


def test_a_link_that_is_led_over_its_neighbours_stays_one(own: Desk) -> None:
    paragraph = own.paragraph("另有说明")
    first, last = paragraph.runs[0], paragraph.runs[-1]
    _spread(own, first.text, "，另有")
    first._r.getparent().remove(first._r)
    last.text = "说明。"
    assert landed(own) == TEXT.replace(
        "见[政策库](https://policy.invalid/a)，另有", "[见政策库，另有](https://policy.invalid/a)"
    )


def test_words_typed_outside_a_link_stay_outside_and_those_inside_within(own: Desk) -> None:
    paragraph = own.paragraph("另有说明")
    paragraph.runs[0].text = "见市级"
    paragraph._p.find(f"{qn('w:hyperlink')}/{qn('w:r')}/{qn('w:t')}").text = "政策法规库"
    paragraph.runs[-1].text = f"（新）{paragraph.runs[-1].text}"
    changed = "见市级[政策法规库](https://policy.invalid/a)（新），另有"
    assert landed(own) == TEXT.replace("见[政策库](https://policy.invalid/a)，另有", changed)


@pytest.mark.parametrize(
    ("written", "saved", "anchor"),
    [
        ("https://policy.invalid", "https://policy.invalid/", ""),
        ("https://policy.invalid/政策?a=1", "https://policy.invalid/政策?a=1", ""),
        ("https://policy.invalid/%E6%94%BF%20b", "https://policy.invalid/政 b", ""),
        ("https://policy.invalid/a#节", "https://policy.invalid/a", "节"),
        ("HTTPS://Policy.invalid/A", "https://policy.invalid/A", ""),
    ],
)
def test_an_address_as_other_programs_write_it_is_no_change(
    copied: Callable[[], Project], tmp_path: Path, written: str, saved: str, anchor: str
) -> None:
    project = copied()
    key = project.key("panzhihua", 2023)
    (project.narrative_of(key) / "06_other.md").write_text(f"见[政策库]({written})。\n", "utf-8")
    document = printed_document(project, key, Options(), lambda *_: None)
    desk = Desk(project, export(document, "docx")[0].content, tmp_path)
    link = next(desk.word.element.body.iter(qn("w:hyperlink")))
    link.set(qn("r:id"), desk.word.part.relate_to(saved, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    if anchor:
        link.set(qn("w:anchor"), anchor)
    taken = desk.take()
    assert (taken.files, taken.refused) == ((), ())
