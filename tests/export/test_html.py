import base64
import json
import re
from itertools import pairwise
from typing import Any

import pytest
from lxml import html

from builders import made, stitched_notebook
from nianbao.errors import ExportError
from nianbao.export import FILE_NAMES
from nianbao.export.page_parts import OTHER_FORMATS
from nianbao.form import EDITIONS, CellRef, plain_grid
from nianbao.form.cells import NOT_APPLICABLE, State, Value
from nianbao.section import display

CHART = """<svg xmlns="http://www.w3.org/2000/svg" width="460pt" height="200pt" viewBox="0 0 460 200">
<g id="bars"><rect x="10" y="20" width="80" height="150" fill="#37618e"/><text x="20" y="190">2023年</text></g>
<use href="#bars" x="100"/></svg>"""
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'

DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljN"
    "BAAO9TXL0Y4OHwAAAABJRU5ErkJggg=="
)


def page(**parts: Any) -> str:
    return made(stitched_notebook(**parts), "html").decode()


def tree(**parts: Any) -> html.HtmlElement:
    return html.document_fromstring(page(**parts))


@pytest.fixture(scope="module")
def official() -> html.HtmlElement:
    return tree()


def test_the_same_notebook_gives_the_same_page():
    assert page(svg=CHART) == page(svg=CHART)


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_a_page_without_figures_stays_under_60_kilobytes(edition: str):
    assert len(page(edition=edition).encode()) < 60_000


def test_the_page_says_its_language_its_title_and_its_way_in(official: html.HtmlElement):
    assert official.get("lang") == "zh-CN"
    assert official.findtext(".//title") == "示例市人民政府办公室2023年政府信息公开工作年度报告"
    skip = official.find("body")[0]
    assert (skip.tag, skip.get("href"), skip.text) == ("a", "#content", "跳到正文")
    assert official.get_element_by_id("content").tag == "main"


def test_the_contents_lead_to_the_six_sections(official: html.HtmlElement):
    links = official.xpath("//nav[@aria-labelledby='contents']//a")
    assert [link.text for link in links] == [section.heading for section in EDITIONS["2021"].sections]
    for link in links:
        assert official.get_element_by_id(link.get("href")[1:]).text == link.text


def test_no_heading_skips_a_level_and_no_id_occurs_twice():
    shown = (display.text("#### 深的标题\n\n文字"), display.heading("末节", 1, "content"), display.heading("末节", 1))
    root = tree(extra=shown, svg=CHART)
    levels = [int(element.tag[1]) for element in root.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_every_value_names_the_heads_that_govern_it(official: html.HtmlElement):
    form = EDITIONS["2021"]
    values = official.xpath("//table//td[@headers]")
    assert len(values) == len(form.cells)
    for value, ref in zip(values, form.cells, strict=True):
        heads = "".join(official.get_element_by_id(name).text_content() for name in value.get("headers").split())
        table = form.table(ref.table)
        assert table.columns[ref.column].label in heads
        assert table.rows[ref.row].full_label in heads or table.rows[ref.row].label in heads


def test_labels_in_a_group_name_the_group_and_no_other(official: html.HtmlElement):
    (cell,) = [td for td in official.xpath("//td[@headers]") if td.text == "95"]
    names = [official.get_element_by_id(name).text_content() for name in cell.get("headers").split()]
    assert names == ["申请人情况", "自然人", "三、本年度办理结果", "（四）无法提供", "1.本机关不掌握相关政府信息"]


def test_heads_have_scopes_and_a_caption_that_the_heading_repeats_is_only_heard(official: html.HtmlElement):
    assert all(head.get("scope") for head in official.iter("th"))
    captions = official.xpath("//caption")
    assert [caption.text for caption in captions] == [table.caption for table in EDITIONS["2021"].tables]
    assert {caption.get("class") for caption in captions} == {"unseen"}


def test_a_plain_table_keeps_its_caption_in_sight_and_leaves_an_empty_corner_out_of_the_heads():
    root = tree(extra=(display.table(plain_grid("各区情况", ["", "件数"], [["东区", "1,200"]])),))
    (table,) = root.xpath("//table[@class='plain']")
    assert table.find("caption").get("class") is None
    assert [head.text for head in table.iter("th")] == ["件数", "东区"]
    assert table.xpath(".//td[@class='number']/text()") == ["1,200"]


def test_upright_labels_are_set_upright(official: html.HtmlElement):
    assert official.xpath("//th[contains(@class, 'upright')]/span/text()") == ["三、本年度办理结果"]


def test_wide_tables_ask_for_width_inside_their_frame(official: html.HtmlElement):
    frames = official.xpath("//*[@role='region'][table]")
    assert [frame.get("tabindex") for frame in frames] == ["0"] * 3
    assert len({frame.get("aria-label") for frame in frames}) == 3
    assert [bool(frame.find("table").get("style")) for frame in frames] == [False, True, True]


def test_the_page_links_to_the_other_formats_and_says_which_they_are(official: html.HtmlElement):
    links = official.xpath("//nav[@aria-labelledby='formats']//a")
    assert [link.get("href") for link in links] == [other.file for other in OTHER_FORMATS]
    assert [other.file for other in OTHER_FORMATS] == [FILE_NAMES[form] for form in ("pdf", "docx", "xlsx")]
    for link in links:
        assert link.get("href").rpartition(".")[2].upper() in link.text


@pytest.mark.parametrize("formats", [["html"], ["html", "pdf"], ["html", "docx", "xlsx"]])
def test_only_formats_that_are_made_are_linked(formats: list[str]):
    notebook = stitched_notebook()
    notebook.metadata["nianbao"]["formats"] = formats
    content = made(notebook, "html").decode()
    links = html.fromstring(content).xpath("//nav[@aria-labelledby='formats']//a/@href")
    assert links == [other.file for other in OTHER_FORMATS if other.form in formats]
    assert [other.file in content for other in OTHER_FORMATS] == [other.form in formats for other in OTHER_FORMATS]


def test_the_metadata_are_a_report_of_schema_org(official: html.HtmlElement):
    (script,) = official.iter("script")
    data = json.loads(script.text)
    assert (data["@type"], data["inLanguage"], data["datePublished"]) == ("Report", "zh-CN", "2024-01-10")
    assert data["author"]["name"] == "示例市人民政府办公室"


def test_a_draft_says_so_once_in_words_and_across_the_page():
    root = tree(draft=True)
    assert root.find("body").get("class") == "draft"
    assert root.find("body").text_content().count("草稿") == 1
    assert "草稿" not in tree().find("body").text_content()


def test_an_office_named_like_markup_stays_text():
    content = page(office=HOSTILE, extra=(display.text(HOSTILE), display.heading(HOSTILE, 1, HOSTILE)))
    root = html.document_fromstring(content)
    assert [script.get("type") for script in root.iter("script")] == ["application/ld+json"]
    assert json.loads(next(root.iter("script")).text)["author"]["name"] == HOSTILE
    assert not list(root.iter("img"))
    assert not root.xpath("//@*[starts-with(name(), 'on')]")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "JaVaScRiPt:alert(1)"])
def test_a_link_that_could_run_is_not_a_link(address: str):
    root = tree(extra=(display.text(f"[看这里]({address}) <{address}>"),))
    assert {link.get("href").partition(":")[0] for link in root.xpath("//main//a")} == {"https"}


def test_values_like_markup_stay_text_in_the_table():
    def value_of(ref: CellRef) -> Value:
        return Value(State.TEXT, HOSTILE) if ref.row == "new" else NOT_APPLICABLE

    root = tree(value_of=value_of)
    assert root.xpath("//td[@headers]/text()").count(HOSTILE) == 7
    assert not list(root.iter("img"))


def test_a_figure_is_an_image_with_its_words_and_its_text_stays_text():
    root = tree(svg=CHART)
    (image,) = root.xpath("//figure//img")
    assert image.get("alt") == "各年度申请办理结果柱状图"
    kind, _, data = image.get("src").partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert ">2023年</text>" in base64.b64decode(data).decode()
    assert root.findtext(".//figcaption") == "图1　申请办理结果"


def test_a_figure_that_is_no_svg_is_an_error_and_no_hole():
    with pytest.raises(ExportError, match="figure"):
        page(svg="<p>not a picture</p>")


def test_a_pixel_figure_is_held_in_the_file():
    picture = stitched_notebook()
    picture.cells[3].outputs[0].data = {"image/png": DOT}
    content = made(picture, "html").decode()
    assert f'<img src="data:image/png;base64,{DOT}" alt="图">' in content


def test_a_notice_and_a_note_are_marked_as_such():
    root = tree(extra=(display.text("本报告含虚构数据。", "notice"), display.text("注：已核定。", "note")))
    assert root.xpath("//p[@class='notice'][@role='note']/text()") == ["本报告含虚构数据。"]
    assert root.xpath("//p[@class='note']/text()") == ["注：已核定。"]


def test_text_and_ground_contrast_by_4_5_in_both_schemes():
    schemes = page().split("prefers-color-scheme: dark")
    palettes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", scheme)) for scheme in schemes]
    assert len(palettes) == 2
    for palette in palettes:
        for ink in ("ink", "soft", "link", "accent"):
            for ground in ("paper", "ground", "head", "notice"):
                assert _contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
