from __future__ import annotations

import io
import re
import zipfile
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Length, Mm
from docx.table import Table
from lxml import etree

from builders import made, stitched_notebook
from long_reports import own_table
from looks import converted, needs_soffice
from nianbao.errors import ExportError
from nianbao.export.document import read_document
from nianbao.form import Grid, plain_grid
from nianbao.section import display

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="160" viewBox="0 0 320 160">'
    '<rect x="20" y="20" width="80" height="100" fill="#336699"/>'
    '<text x="20" y="145" font-family="sans-serif" font-size="16">2023年</text></svg>'
)
TITLE = "2023年政府信息公开工作年度报告"


def exported(*extra: display.Display, **options) -> bytes:
    return made(stitched_notebook(extra=extra, **options), "docx")


def opened(*extra: display.Display, **options) -> docx.document.Document:
    return docx.Document(io.BytesIO(exported(*extra, **options)))


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}


def paragraph(word: docx.document.Document, text: str) -> docx.text.paragraph.Paragraph:
    return next(item for item in word.paragraphs if text in item.text)


def expected(grid: Grid) -> list[list[str]]:
    """The text that stands in each cell of the underlying raster, a merged cell's in all of its own."""
    texts = [[""] * len(grid.widths) for _ in grid.rows]
    for y, x, cell in grid.placed():
        for down in range(cell.rowspan):
            for right in range(cell.colspan):
                texts[y + down][x + right] = cell.text
    return texts


def texts_of(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize(("edition", "year"), [("2021", 2023), ("2019", 2019)])
def test_every_cell_of_every_table_stands_where_the_form_has_it(edition, year):
    notebook = stitched_notebook(edition=edition, year=year)
    content = made(notebook, "docx")
    word = docx.Document(io.BytesIO(content))
    assert [texts_of(table) for table in word.tables] == [expected(grid) for grid in read_document(notebook).tables]


def test_a_merged_cell_is_one_cell_and_not_many_with_the_same_words():
    applications = opened().tables[1]
    cells = applications.rows[5].cells
    assert cells[0]._tc is applications.rows[20].cells[0]._tc
    assert cells[0].text == "三、本年度办理结果"
    assert etree.tostring(applications._tbl, encoding="unicode").count("三、本年度办理结果") == 1


def test_the_heads_of_tables_repeat_and_no_row_is_cut_in_two():
    proactive, applications, review = opened().tables
    repeated = [
        [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] for table in (applications, review)
    ]
    assert [flags.count(True) for flags in repeated] == [3, 3]
    assert all(flags[:3] == [True] * 3 for flags in repeated)
    rows = [row for table in (proactive, applications, review) for row in table.rows]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_a_table_of_the_form_that_a_page_can_hold_is_never_parted():
    first, _, last = opened().tables[:3]
    for table in (first, last):
        rows = [[cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells] for row in table.rows]
        assert all(all(row) for row in rows[:-1])
        assert not any(rows[-1])


def test_no_row_of_a_table_of_ones_own_stands_alone_on_a_page():
    rows = opened(own_table(9)).tables[-1].rows
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next or False for row in rows]
    assert kept == [True] * 4 + [False] * 4 + [True, False]


def test_the_rows_of_a_group_stay_together_and_groups_may_be_parted():
    rows = opened().tables[1].rows
    kept = [row.cells[-1].paragraphs[0].paragraph_format.keep_with_next or False for row in rows]
    groups = [(7, 14), (15, 17), (18, 22), (23, 25)]  # （三）, （四）, （五）, （六）: first and last row
    assert [kept[first:last] for first, last in groups] == [[True] * (last - first) for first, last in groups]
    assert not any(kept[last] for _, last in groups[1:])


def test_tables_are_as_wide_as_the_type_area_in_fixed_columns():
    for table in opened().tables:
        assert table._tbl.tblPr.find(qn("w:tblLayout")).get(qn("w:type")) == "fixed"
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        assert sum(widths) == round(Mm(156) / 635)
        for row in table._tbl.tr_lst:
            assert sum(int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row.tc_lst) == sum(widths)


def test_narrow_heads_break_into_equal_lines_without_a_break_in_their_words():
    heads = {cell.text: cell for row in opened().tables[1].rows[:3] for cell in row.cells}
    assert heads["自然人"].paragraphs[0].runs[0].font.size.pt == 9  # at 五号 its last character would stand alone
    inner = heads["商业企业"]
    free = inner.width.pt - 2.8 - inner.paragraphs[0].paragraph_format.left_indent.pt * 2
    assert 18 <= free < 27  # room for two characters of 9 pt, not for three


def test_a_number_too_long_for_its_column_is_set_smaller():
    grid = plain_grid("", [f"{year}年" for year in range(2010, 2022)], [["1"] * 11 + ["123456789012"]])
    cells = opened(display.table(grid)).tables[-1].rows[1].cells
    assert cells[1].paragraphs[0].runs[0].font.size.pt == 10.5
    assert cells[11].paragraphs[0].runs[0].font.size.pt * 0.5 * 12 <= cells[11].width.pt


def test_a_caption_is_printed_only_where_no_heading_says_the_same():
    word = opened(display.table(plain_grid("各区公开数量", ["区", "件"], [["东区", "3"]])))
    assert [item.text for item in word.paragraphs if item.style.name == "表题"] == ["各区公开数量"]
    captions = [table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) for table in word.tables]
    assert captions[0] == "主动公开政府信息情况"
    assert captions[-1] == "各区公开数量"


def test_tables_that_follow_each_other_stay_apart():
    grid = plain_grid("", ["区", "件"], [["东区", "3"]])
    body = opened(display.table(grid), display.table(grid)).element.body
    tags = [etree.QName(child).localname for child in body]
    assert all(pair != ("tbl", "tbl") for pair in pairwise(tags))


def test_words_stand_in_styles_with_chinese_names():
    word = opened(display.text("注：有关说明。", "note"), display.text("草稿提示", "notice"))
    styles = {
        text: paragraph(word, text).style.name for text in (TITLE, "一、总体情况", "（一）主动公开", "本报告依据")
    }
    assert list(styles.values()) == ["Title", "Heading 1", "Heading 2", "公文正文"]
    assert paragraph(word, "注：有关").style.name == "表注"
    assert paragraph(word, "草稿提示").style.name == "提示"
    assert paragraph(word, "2024年1月10日").style.name == "落款"
    assert word.tables[0].rows[2].cells[0].paragraphs[0].style.name == "表格文字"
    assert word.tables[0].rows[0].cells[0].paragraphs[0].style.name == "表头"


def test_headings_show_in_the_navigation_pane_and_stay_with_what_follows():
    styles = opened().styles
    levels = [
        styles[name].element.pPr.find(qn("w:outlineLvl")).get(qn("w:val"))
        for name in ("Heading 1", "Heading 2", "Heading 3")
    ]
    assert levels == ["0", "1", "2"]
    assert all(styles[name].paragraph_format.keep_with_next for name in ("Heading 1", "Heading 2", "Heading 3"))
    assert styles["公文正文"].base_style.name == "Normal"


def test_no_heading_level_is_left_out():
    word = opened(display.heading("甲", 1), display.text("#### 乙\n\n文字"))
    assert paragraph(word, "乙").style.name == "Heading 2"


def test_styles_name_the_official_faces_and_sizes():
    styles = opened().styles
    faces = {
        name: styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Title", "Heading 1", "Heading 2", "公文正文")
    }
    assert list(faces.values()) == ["方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"]
    assert [styles[name].font.size.pt for name in faces] == [22, 16, 16, 16]
    fonts = etree.fromstring(parts(exported())["word/fontTable.xml"].encode())
    named = {font.get(qn("w:name")): font[0].get(qn("w:val")) for font in fonts}
    assert set(faces.values()) <= set(named)
    assert "FangSong" in named["仿宋_GB2312"].split(",")


def test_the_page_is_that_of_the_national_standard():
    word = opened()
    section = word.sections[0]
    lengths = [section.page_width, section.page_height, section.top_margin, section.left_margin]
    assert lengths == pytest.approx([Mm(210), Mm(297), Mm(37), Mm(28)], abs=Mm(0.1))
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert [width, height] == pytest.approx([Mm(156), Mm(225)], abs=Mm(0.1))
    body = word.styles["公文正文"]
    line = word.styles["Normal"].paragraph_format.line_spacing
    assert height // line == 22
    grid = section._sectPr.find(qn("w:docGrid"))
    assert [grid.get(qn(f"w:{name}")) for name in ("type", "linePitch")] == ["linesAndChars", str(line // 635)]
    spacing = int(body.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert int(Length(width).pt // (body.font.size.pt + spacing)) == 28
    assert body.element.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_page_numbers_are_fields_right_on_odd_pages_and_left_on_even_ones():
    word = opened()
    section = word.sections[0]
    assert word.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (number,) = footer.paragraphs
        assert number.text == "— 1 —"
        assert number._p.pPr.jc.get(qn("w:val")) == side
        assert [item.text for item in number._p.iter(qn("w:instrText"))] == [" PAGE "]


def test_a_draft_says_so_across_odd_and_even_pages_and_a_final_report_does_not():
    headers = [text for name, text in parts(exported(draft=True)).items() if "/header" in name]
    assert len(headers) == 2
    assert all('string="草稿"' in text for text in headers)
    assert not [name for name in parts(exported()) if "/header" in name]


def test_a_draft_says_so_in_its_text_and_its_properties():
    word = docx.Document(io.BytesIO(exported(draft=True)))
    assert word.paragraphs[0].text == "草稿　尚未审定，请勿公开或引用。"
    assert word.core_properties.title.startswith("【草稿】")
    assert word.core_properties.content_status == "草稿"
    final = docx.Document(io.BytesIO(exported()))
    assert "草稿" not in final.paragraphs[0].text + final.core_properties.title + final.core_properties.content_status


def test_the_properties_tell_of_the_office_and_not_of_the_tool():
    content = exported()
    properties = docx.Document(io.BytesIO(content)).core_properties
    assert properties.title == f"示例市人民政府办公室{TITLE}"
    assert properties.author == properties.last_modified_by == "示例市人民政府办公室"
    assert properties.language == "zh-CN"
    assert properties.created == properties.modified
    assert str(properties.created.date()) == "2024-01-10"
    assert "python-docx" not in "".join(parts(content).values())


def test_an_unpublished_report_bears_the_last_day_of_its_year():
    notebook = stitched_notebook()
    notebook.metadata["nianbao"]["published"] = None
    content = made(notebook, "docx")
    assert str(docx.Document(io.BytesIO(content)).core_properties.created.date()) == "2023-12-31"


def test_the_same_report_makes_the_same_bytes():
    assert exported(svg=SVG, draft=True) == exported(svg=SVG, draft=True)


def test_markup_and_fields_stay_text_and_nothing_points_outside():
    words = '<w:p><script>alert(1)</script> { HYPERLINK "https://a.invalid" } =1+1 [x](javascript:alert(1)) &amp;lt;'
    content = exported(display.text(words), office="示例<script>&\"'办公室")
    written = parts(content)
    assert not re.search(r"<(w:)?(script|fldSimple)", "".join(written.values()))
    outside = re.findall(r'Target="([^"]*)"[^>]*TargetMode="External"', "".join(written.values()))
    assert outside == ["https://example.invalid/policy"]  # the link of the narrative
    fields = re.findall(r"<w:instrText[^>]*>([^<]*)<", "".join(written.values()))
    assert set(fields) == {" PAGE "}
    word = docx.Document(io.BytesIO(content))
    assert "<w:p><script>alert(1)</script> { HYPERLINK" in paragraph(word, "alert").text
    assert word.paragraphs[0].text.startswith("示例<script>&\"'办公室")


def test_a_link_can_be_followed_and_prints_no_address():
    word = opened(display.text("见[网**站**](https://b.invalid/x)、<https://c.invalid/>和[信箱](mailto:d@e.invalid)"))
    found = paragraph(word, "信箱")
    assert found.text == "见网站、https://c.invalid/和信箱"
    assert [(link.text, link.address) for link in found.hyperlinks] == [
        ("网", "https://b.invalid/x"),
        ("站", "https://b.invalid/x"),
        ("https://c.invalid/", "https://c.invalid/"),
        ("信箱", "mailto:d@e.invalid"),
    ]
    assert {run.style.name for link in found.hyperlinks for run in link.runs} == {"Hyperlink"}


@pytest.mark.parametrize("place", ["text", "table", "office", "caption"])
def test_a_character_that_xml_cannot_hold_is_named(place):
    words = "甲\x0b乙"
    extra = {
        "text": (display.text(words),),
        "table": (display.table(plain_grid("表", ["列"], [[words]])),),
        "caption": (display.table(plain_grid(words, ["列"], [["1"]])),),
        "office": (),
    }[place]
    with pytest.raises(ExportError, match=r"U\+000B .*found in “甲□乙"):
        exported(*extra, office=words if place == "office" else "示例办公室")


def test_a_line_break_of_the_narrative_stays_one():
    word = opened(display.text("第一行\\\n第二行"))
    assert paragraph(word, "第一行").text == "第一行\n第二行"


def test_each_numbered_list_counts_from_one():
    word = opened(display.text("1. 甲\n2. 乙\n\n间隔\n\n1. 丙"))
    numbers = [paragraph(word, text)._p.pPr.numPr.numId.val for text in ("甲", "乙", "丙")]
    assert numbers[0] == numbers[1] != numbers[2]
    started = word.part.numbering_part.element.findall(f".//{qn('w:startOverride')}")
    assert {item.get(qn("w:val")) for item in started} == {"1"}


def test_a_heading_within_a_paragraph_has_the_face_of_its_layer():
    runs = paragraph(opened(display.text("（一）主动公开方面。全年公开*若干*条。")), "主动公开方面").runs
    assert [(run.text, run.style.name) for run in runs if run.style.name in {"段首标题", "Emphasis"}] == [
        ("（一）主动公开方面。", "段首标题"),
        ("若干", "Emphasis"),
    ]
    assert "".join(run.text for run in runs) == "（一）主动公开方面。全年公开若干条。"


def test_shared_punctuation_takes_the_chinese_face():
    run = next(run for run in paragraph(opened(), "引号").runs if "“" in run.text)
    assert run._r.rPr.rFonts.get(qn("w:hint")) == "eastAsia"


def test_a_figure_arrives_as_a_picture_with_its_words_for_those_who_cannot_see_it():
    word = opened(svg=SVG)
    (shape,) = word.inline_shapes
    assert shape._inline.docPr.get("descr") == "各年度申请办理结果柱状图"
    assert shape.width <= Mm(156)
    assert abs(shape.width / shape.height - 2) < 0.02
    assert paragraph(word, "图1").style.name == "Caption"


def test_a_broken_picture_is_an_error_that_names_it():
    notebook = stitched_notebook(svg=SVG)
    cell = next(cell for cell in notebook.cells for output in cell.outputs if "image/svg+xml" in output.data)
    data = cell.outputs[0].data
    del data["image/svg+xml"]
    data["image/png"] = "bm90IGEgcG5n"
    with pytest.raises(ExportError, match="柱状图"):
        made(notebook, "docx")


def test_the_closing_stands_at_the_right_with_the_office_centred_over_the_date():
    word = opened()
    office, date = word.paragraphs[-2:]
    assert date.paragraph_format.right_indent.pt == 64  # four characters
    assert 0 < office.paragraph_format.right_indent.pt < 64
    long = opened(office="示例省示例市示例自治县人民政府政务服务管理局办公室").paragraphs[-2:]
    assert [item.paragraph_format.right_indent.pt for item in long] == [32, 32]


ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd overflowPunct snapToGrid spacing ind jc "
    "outlineLvl rPr",
    "rPr": "rStyle rFonts b i color spacing kern sz szCs u lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "tcW gridSpan vMerge textDirection vAlign",
    "style": "name basedOn next uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr",
    "sectPr": "pgSz pgMar cols docGrid",
    "lvl": "start numFmt pStyle suff lvlText lvlJc pPr rPr",
}


def test_properties_stand_in_the_order_that_word_insists_on():
    content = exported(display.text("> *甲*\n\n1. **乙**", "note"), display.text("提示", "notice"), svg=SVG, draft=True)
    seen = set()
    for name, text in parts(content).items():
        for element in etree.fromstring(text.encode()).iter(
            "{*}pPr", "{*}rPr", "{*}tblPr", "{*}tcPr", "{*}style", "{*}sectPr", "{*}lvl"
        ):
            kind = etree.QName(element).localname
            order = ORDER[kind].split()
            names = [etree.QName(child).localname for child in element]
            # Those of headers and footers come first, in any order.
            places = [order.index(one) for one in names if not one.endswith("Reference")]
            assert all(one.endswith("Reference") for one in names[: len(names) - len(places)])
            assert places == sorted(places), (name, etree.tostring(element))
            assert len(places) == len(set(places))
            seen.add(kind)
    assert seen == set(ORDER)


@pytest.mark.slow
@needs_soffice
def test_an_edited_report_opens_in_libreoffice_with_all_its_words_and_pages(tmp_path: Path):
    word = opened(svg=SVG, draft=True)
    paragraph(word, "本报告依据").runs[0].text = "编辑之后的文字。"
    edited = tmp_path / "edited.docx"
    word.save(edited)
    (plain,) = converted(tmp_path, "txt:Text (encoded):UTF8", edited)
    text = plain.read_text(encoding="utf-8-sig")
    assert [words in text for words in ("编辑之后的文字。", "三、本年度办理结果", "图1", "尚未审结")] == [True] * 4
    pypdf = pytest.importorskip("pypdf")
    printed = pypdf.PdfReader(*converted(tmp_path, "pdf", edited))
    # Blanks of any width are one glyph where the machine has no Chinese font, and read back as either.
    pages = [" ".join(page.extract_text().split()) for page in printed.pages]
    assert 4 <= len(pages) <= 6
    assert [f"— {number} —" in words for number, words in enumerate(pages, start=1)] == [True] * len(pages)
