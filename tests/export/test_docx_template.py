from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from builders import stitched_notebook
from looks import converted, needs_soffice
from nianbao.errors import ExportError
from nianbao.export import export, page
from nianbao.export.document import read_document
from nianbao.export.docx_template import PLACE, STYLES
from nianbao.model import WordTemplate
from office_template import office_template, our_template, template_bytes


def exported(template: bytes | None, **options: bool) -> bytes:
    document = read_document(stitched_notebook(**options))
    own = WordTemplate("params/shili/template.docx", template) if template is not None else None
    return export(replace(document, template=own), "docx")[0].content


def opened(template: bytes | None, **options: bool) -> WordDocument:
    return docx.Document(io.BytesIO(exported(template, **options)))


def test_our_template_is_a_word_file_of_the_declared_page_with_a_place_and_a_theme():
    content = our_template()
    word = docx.Document(io.BytesIO(content))
    assert [one.text for one in word.paragraphs] == [PLACE]
    assert set(STYLES) <= {style.name for style in word.styles}
    section = word.sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.left_margin, section.right_margin)
    declared = (page.WIDTH, page.HEIGHT, page.HEAD, page.BINDING_EDGE, page.FORE_EDGE)
    assert lengths == pytest.approx([Mm(length) for length in declared], abs=Mm(0.1))
    assert section._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")) == str(int(page.LINE * 20))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "word/theme/theme1.xml" in archive.namelist()
    assert len(content) < 10_000


def test_cover_header_and_faces_of_an_offices_template_are_kept_around_the_report():
    template = template_bytes(office_template())
    content = exported(template)
    assert content == exported(template)
    word = docx.Document(io.BytesIO(content))
    texts = [one.text for one in word.paragraphs]
    assert texts[:2] == ["某某县人民政府", "年度报告汇编"]
    assert texts[-1] == "封底说明"
    assert PLACE not in texts
    assert texts.index("一、总体情况") < texts.index("2024年1月10日") < texts.index("封底说明")
    assert len(word.inline_shapes) == 1
    assert [section.header.paragraphs[0].text for section in word.sections] == ["某某县政务公开"] * 2
    assert word.styles["公文正文"].element.rPr.rFonts.get(qn("w:eastAsia")) == "华文仿宋"
    # Tables are as wide as the text area of the section in which the report stands.
    width = sum(int(column.get(qn("w:w"))) for column in word.tables[0]._tbl.tblGrid)
    assert width == pytest.approx(Mm(150) / 635, abs=2)


def test_a_draft_has_its_mark_beside_what_stands_in_the_header():
    word = opened(template_bytes(office_template()), draft=True)
    header = word.sections[0].header
    assert header.paragraphs[0].text == "某某县政务公开"
    assert 'string="草稿"' in header._element.xml
    assert [one.text[:2] for one in word.paragraphs[:4]] == ["某某", "年度", "", "草稿"]


def test_without_a_marked_place_the_report_comes_after_the_cover():
    cover = office_template()
    for paragraph in [one for one in cover.paragraphs if one.text in {PLACE, "封底说明"}]:
        paragraph._p.getparent().remove(paragraph._p)
    texts = [one.text for one in opened(template_bytes(cover)).paragraphs]
    assert texts[1] == "年度报告汇编"
    assert texts[-1] == "2024年1月10日"


def test_what_a_template_lacks_is_named_in_one_error():
    with pytest.raises(ExportError) as caught:
        exported(template_bytes(docx.Document()))
    message = str(caught.value)
    assert "params/shili/template.docx" in message
    assert all(name in message for name in ("公文正文", "表格文字", "落款", "段首标题", "Hyperlink", "List Number（"))
    assert "Heading 1" not in message
    assert "styles" in message


@pytest.mark.parametrize("spoil", [lambda _: b"no Word file", lambda content: content[:500]])
def test_a_template_that_is_no_word_file_is_an_error_that_names_it(spoil: Callable[[bytes], bytes]):
    with pytest.raises(ExportError, match=r"template\.docx.*is no Word document"):
        exported(spoil(template_bytes(office_template())))


def test_two_places_are_refused():
    word = office_template()
    word.add_paragraph(PLACE)
    with pytest.raises(ExportError, match="there may be one"):
        exported(template_bytes(word))


def test_a_place_that_ends_a_section_passes_the_end_on():
    word = docx.Document(io.BytesIO(our_template()))
    word.add_section(WD_SECTION.NEW_PAGE)
    place, end = word.paragraphs
    place._p.getparent().remove(place._p)
    end.text = PLACE
    word.sections[0].top_margin = Pt(100)
    word.add_paragraph("附页")
    made = opened(template_bytes(word))
    assert len(made.sections) == 2
    assert made.sections[0].top_margin == Pt(100)
    assert [one.text for one in made.paragraphs][-2:] == ["2024年1月10日", "附页"]


@pytest.mark.slow
@needs_soffice
@pytest.mark.parametrize("lines", [8, 12, 16])
def test_on_a_narrower_page_table_2_stands_whole_under_its_heading_in_libreoffice(tmp_path: Path, lines: int):
    document = read_document(stitched_notebook(overview="\n\n".join(["政策公开。"] * lines)))
    own = WordTemplate("params/shili/template.docx", template_bytes(office_template()))
    path = tmp_path / f"{lines}.docx"
    path.write_bytes(export(replace(document, template=own), "docx")[0].content)
    (pdf,) = converted(tmp_path, "pdf", path)
    pages = [page.extract_text() for page in pytest.importorskip("pypdf").PdfReader(pdf).pages]
    (heading,) = [number for number, words in enumerate(pages) if "二、主动公开政府信息情况" in "".join(words.split())]
    assert [name in pages[heading] for name in ("第二十条第（一）项", "行政强制", "行政事业性收费")] == [True] * 3
