"""The PDF: page, title, headings, tables, standards and tags, as a reader or a machine finds them."""

from __future__ import annotations

import functools
import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from nbformat import NotebookNode
from pypdf.generic import ArrayObject, DictionaryObject, NumberObject

import builders
from nianbao.errors import ExportError
from nianbao.form import EDITIONS, layout, plain_grid
from nianbao.form.cells import number
from nianbao.section import display

POINTS = 72 / 25.4  # to a millimetre
BODY = pytest.approx(156 * POINTS / 28, abs=0.01)  # the size of the text: 28 characters to the line
RED_DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljN"
    "BAAO9TXL0Y4OHwAAAABJRU5ErkJggg=="
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120"><rect width="300" height="120" fill="#ddd"/>'
    '<text x="20" y="60" font-family="Noto Sans SC">办结数量</text></svg>'
)


def made(notebook: NotebookNode) -> bytes:
    return builders.made(notebook, "pdf")


@functools.cache
def sample(edition: str = "2021") -> bytes:
    return made(builders.stitched_notebook(edition=edition))


def opened(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    """All text of the file without the breaks of its lines."""
    return "".join("".join(page.extract_text().split()) for page in opened(content).pages)


def text_of(content: bytes, page: int) -> str:
    return "".join(opened(content).pages[page].extract_text().split())


def placed_text(content: bytes, page: int) -> list[tuple[float, float, float, str]]:
    """The text runs of a page: x and y in points from the lower left corner, size, words."""
    found: list[tuple[float, float, float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            found.append((cm[4] + tm[4], cm[5] + tm[5], size, text.strip()))

    opened(content).pages[page].extract_text(visitor_text=visit)
    return found


class Element:
    """One element of the structure tree."""

    def __init__(self, raw: DictionaryObject) -> None:
        self.raw = raw
        self.kind = str(raw.get("/S", ""))

    @property
    def children(self) -> list[Element]:
        kids = self.raw.get("/K", ArrayObject())
        return [Element(kid.get_object()) for kid in kids if isinstance(kid.get_object(), DictionaryObject)]

    def all(self, kind: str) -> list[Element]:
        below = [element for child in self.children for element in child.all(kind)]
        return [self, *below] if self.kind == kind else below

    def attribute(self, name: str) -> object:
        for attributes in self.raw.get("/A", ArrayObject()):
            if name in attributes:
                return attributes[name]
        return None


def structure(content: bytes) -> Element:
    return Element(opened(content).trailer["/Root"]["/StructTreeRoot"])  # type: ignore[arg-type,index]


def test_the_page_is_a4_with_the_text_area_of_the_standard() -> None:
    page = opened(sample()).pages[0]
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    runs = [run for run in placed_text(sample(), 0) if run[2] == BODY]
    left = min(x for x, *_ in runs)
    top = max(y for _, y, _, _ in placed_text(sample(), 1))
    assert left == pytest.approx(28 * POINTS, abs=1)
    assert 842 - 37 * POINTS - 30 < top < 842 - 37 * POINTS


def test_a_full_page_holds_22_lines_of_28_characters() -> None:
    content = made(builders.stitched_notebook(overview="政" * 28 * 60))
    runs = [run for run in placed_text(content, 1) if run[2] == BODY]
    assert len({round(y) for _, y, _, _ in runs}) == 22
    assert {len(text) for *_, text in runs} == {28}


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages() -> None:
    for page, side in ((0, "right"), (1, "left"), (2, "right")):
        runs = [run for run in placed_text(sample(), page) if run[2] == 14]
        x, y = runs[0][:2]
        assert [text for *_, text in runs] == ["—", str(page + 1), "—"]
        assert y < 35 * POINTS
        assert (x > 400) is (side == "right")


def test_the_title_is_set_in_2hao_and_every_first_line_is_indented() -> None:
    title = [text for _, _, size, text in placed_text(sample(), 0) if size == 22]
    assert "".join(title).replace(" ", "") == "示例市人民政府办公室2023年政府信息公开工作年度报告"
    preamble = next(run for run in placed_text(sample(), 0) if run[3].startswith("本报告依据"))
    assert preamble[0] == pytest.approx(28 * POINTS + 2 * 156 * POINTS / 28, abs=1)


@pytest.mark.parametrize("edition", sorted(EDITIONS))
def test_every_value_and_label_of_the_form_can_be_read_in_its_order(edition: str) -> None:
    year = EDITIONS[edition].last_year or 2023
    found = words(made(builders.stitched_notebook(edition=edition, year=year)))
    position = 0
    for section in EDITIONS[edition].sections:
        position = found.index(section.heading, position)
    table = EDITIONS[edition].table("applications")
    first = next(index for index, ref in enumerate(EDITIONS[edition].cells, start=1) if ref.table == table.code)
    position = 0
    for offset, row in enumerate(table.rows.values()):
        numbers = "".join(str(first + offset * len(table.columns) + n) for n in range(len(table.columns)))
        position = found.index(row.label + numbers, position)


def test_group_labels_come_before_the_rows_that_they_group() -> None:
    found = words(sample())
    assert found.index("（三）不予公开") < found.index("1.属于国家秘密")
    assert found.index("三、本年度办理结果") < found.index("（一）予以公开")


def test_the_upright_label_and_the_head_are_printed_again_on_the_next_page() -> None:
    content = low_table(8)
    pages = [text_of(content, page) for page in range(len(opened(content).pages))][-2:]
    label = [page for page, text in enumerate(pages) if "三、本年度办理结果" in text]
    head = [page for page, text in enumerate(pages) if "法人或其他组织" in text]
    assert label == head == [0, 1]
    assert "1.属于国家秘密" in pages[0]


def low_table(lines: int) -> bytes:
    """A page that begins with so many lines of text, and table 3 once more after them."""
    table = EDITIONS["2021"].table("applications")
    shown = (
        display.heading("附", 1, new_page=True),
        display.text("\n\n".join(["文。"] * lines)),
        display.table(layout(table, lambda _: number(7), "2021")),
    )
    return made(builders.stitched_notebook(extra=shown))


@pytest.mark.parametrize("lines", [0, 5, 9, 14, 21, 22, 27])
@pytest.mark.parametrize("edition", sorted(EDITIONS))
def test_wherever_the_page_breaks_each_page_with_results_names_them(edition: str, lines: int) -> None:
    content = made(builders.stitched_notebook(edition=edition, overview="\n\n".join(["文。"] * lines) + "\n{year}"))
    for page in range(len(opened(content).pages)):
        text = text_of(content, page)
        results = ("（一）予以公开", "（三）不予公开", "（四）无法提供", "（五）不予处理", "（七）总计")
        assert any(result in text for result in results) is ("三、本年度办理结果" in text)


def test_no_heading_stands_alone_at_the_foot_of_a_page() -> None:
    headings = {section.heading for section in EDITIONS["2021"].sections}
    for lines in range(8, 16):
        content = made(builders.stitched_notebook(overview="\n\n".join(["文。"] * lines) + "\n{year}"))
        for page in range(len(opened(content).pages)):
            body = [run[3] for run in placed_text(content, page) if run[2] != 14]
            assert "".join(body[-1:]).replace(" ", "") not in headings


def test_the_file_declares_both_standards_its_title_language_author_and_date() -> None:
    reader = opened(sample())
    assert reader.xmp_metadata is not None
    xmp = sample()[sample().index(b"<?xpacket begin") :].decode("utf-8", "ignore")
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert reader.metadata is not None
    assert reader.metadata.title == "示例市人民政府办公室2023年政府信息公开工作年度报告"
    assert reader.metadata.author == "示例市人民政府办公室"
    assert str(reader.metadata.creation_date)[:10] == "2024-01-10"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"  # type: ignore[index]


def test_a_report_without_a_date_is_dated_the_last_day_of_its_year() -> None:
    notebook = builders.stitched_notebook()
    notebook.metadata["nianbao"]["published"] = None
    metadata = opened(made(notebook)).metadata
    assert metadata is not None
    assert str(metadata.creation_date)[:10] == "2023-12-31"


def test_the_six_sections_are_bookmarks() -> None:
    top = [entry["/Title"] for entry in opened(sample()).outline if isinstance(entry, dict)]
    assert top == [section.heading for section in EDITIONS["2021"].sections]


def test_every_cell_of_table_3_is_tagged_with_its_heads() -> None:
    tables = structure(sample()).all("/Table")
    assert [table.attribute("/Summary") for table in tables] == [table.caption for table in EDITIONS["2021"].tables]
    heads = {str(cell.raw["/ID"]): cell for cell in tables[1].all("/TH")}
    assert {cell.attribute("/Scope") for cell in heads.values()} == {"/Column", "/Row"}
    values = tables[1].all("/TD")
    assert len(values) == 7 * len(EDITIONS["2021"].table("applications").rows)
    for value in values:
        scopes = [heads[str(name)].attribute("/Scope") for name in value.attribute("/Headers")]  # type: ignore[attr-defined]
        assert {"/Column", "/Row"} <= set(scopes)


def test_the_names_of_head_cells_are_registered_and_sorted() -> None:
    names = structure(sample()).raw["/IDTree"]["/Names"]  # type: ignore[index]
    keys = [str(name) for name in names[::2]]
    assert keys == sorted(keys)
    assert set(keys) == {str(cell.raw["/ID"]) for cell in structure(sample()).all("/TH")}
    assert all(str(element.get_object()["/ID"]) == key for key, element in zip(keys, names[1::2], strict=True))


def test_the_content_of_each_page_is_in_the_order_of_its_tags() -> None:
    reader = opened(sample())
    tagged = list(tagged_marks(structure(sample()), None))
    for page in reader.pages:
        contents = page.get_contents()
        assert contents is not None
        drawn = [int(mark) for mark in re.findall(rb"/MCID (\d+).*?>>\s*BDC", contents.get_data())]
        assert drawn == [mark for place, mark in tagged if place == page.indirect_reference.idnum]
        assert drawn


def tagged_marks(element: Element, page: object) -> Iterator[tuple[object, int]]:
    """Page and number of each marked content below the element, in the order of the tags."""
    here = element.raw.raw_get("/Pg").idnum if "/Pg" in element.raw else page
    for kid in element.raw.get("/K", ArrayObject()):
        value = kid.get_object()
        if isinstance(value, NumberObject):
            yield here, int(value)
        elif "/MCID" in value:
            yield value.raw_get("/Pg").idnum, int(value["/MCID"])
        elif value.get("/Type") != "/OBJR":
            yield from tagged_marks(Element(value), here)


def test_the_same_notebook_gives_the_same_bytes() -> None:
    assert made(builders.stitched_notebook()) == made(builders.stitched_notebook())


def test_a_draft_says_so_on_every_page_and_a_report_does_not() -> None:
    draft = made(builders.stitched_notebook(draft=True))
    assert all("草稿" in page.extract_text() for page in opened(draft).pages)
    assert "草稿" not in words(sample())


def test_a_draft_says_so_in_its_text_and_its_metadata() -> None:
    draft = made(builders.stitched_notebook(draft=True))
    assert "尚未审定，请勿公开或引用" in words(draft)
    about = opened(draft).metadata
    assert about.title.startswith("【草稿】")
    assert "草稿" in about["/Keywords"]
    assert "草稿" not in str(opened(sample()).metadata)


def test_pictures_bring_their_alternative_text_and_their_words() -> None:
    content = made(builders.stitched_notebook(profile="illustrated", svg=SVG))
    figures = structure(content).all("/Figure")
    assert [figure.raw["/Alt"] for figure in figures] == ["各年度申请办理结果柱状图"]
    assert "图1申请办理结果" in words(content).replace("\u3000", "")
    assert "办结数量" in words(content)


def test_a_png_is_set_too() -> None:
    shown = display.Display({"image/png": RED_DOT, "text/plain": ""})
    content = made(builders.stitched_notebook(extra=(shown,)))
    assert len(structure(content).all("/Figure")) == 1


def test_a_picture_reads_no_file_and_keeps_no_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.svg").write_text(SVG.replace("办结数量", "机密"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    evil = SVG.replace("</svg>", '<image href="secret.svg" width="9" height="9"/><script>alert(1)</script></svg>')
    content = made(builders.stitched_notebook(svg=evil))
    assert "机密" not in words(content)
    assert b"/JavaScript" not in content


@pytest.mark.parametrize(
    "evil",
    ['#panic("x")', '#import "x.typ": *', "$a_1$ @ref <label>", '#eval("1+1")', "*b* _i_ `r` // c", "\\u{41} #[x]"],
)
def test_typst_code_in_an_offices_words_stays_words(evil: str) -> None:
    notebook = builders.stitched_notebook(office=evil, extra=(display.heading(evil, 2), display.closing(evil)))
    notebook.cells.append(display_cell(display.table(plain_grid(evil, [evil], [[evil]]))))
    content = made(notebook)
    assert words(content).count("".join(evil.split())) >= 4
    assert opened(content).metadata.author == evil  # type: ignore[union-attr]


def display_cell(item: display.Display) -> NotebookNode:
    from nbformat.v4 import new_code_cell, new_output

    return new_code_cell("", outputs=[new_output("display_data", data=item.bundle)], id="extra")


def test_only_web_and_mail_addresses_become_links() -> None:
    shown = display.text("[甲](javascript:alert(1)) [乙](https://example.invalid/b)")
    content = made(builders.stitched_notebook(extra=(shown,)))
    addresses = [
        annotation.get_object()["/A"]["/URI"]
        for page in opened(content).pages
        for annotation in page.get("/Annots", ())
    ]
    assert addresses == ["https://example.invalid/policy", "https://example.invalid/b"]


@pytest.mark.parametrize(
    "office", ["甲" * 60, "示例省示例自治州示例市经济技术开发区管理委员会社会事务和政务公开综合协调服务中心"]
)
def test_a_long_name_breaks_without_leaving_a_character_alone(office: str) -> None:
    title = [text for _, _, size, text in placed_text(made(builders.stitched_notebook(office=office)), 0) if size == 22]
    assert all(len(line) > 3 for line in title)
    assert "".join(title).replace(" ", "").startswith(office)


def test_a_wide_number_is_set_smaller_and_stays_in_its_column() -> None:
    content = made(builders.stitched_notebook(value_of=lambda _: number(1808595)))
    sizes = {size for page in range(4) for _, _, size, text in placed_text(content, page) if text == "1808595"}
    assert min(sizes) < 8
    assert words(content).count("1808595") == len(EDITIONS["2021"].cells)


def test_odd_content_is_set_without_a_fault() -> None:
    odd = (
        display.table(plain_grid("", [], [])),
        display.table(plain_grid("长", ["甲", "乙"], [["文" * 1500, "1"]])),
        display.heading("", 1),
        display.text("##### 深\n\n文\n\n# 浅\n\n文\t\u200b字"),
        display.text("1. 一\n2. 二\n\n- 甲\n  - 乙"),
        display.text("甲" * 300, "notice"),
    )
    assert "浅" in words(made(builders.stitched_notebook(extra=odd)))


def test_a_character_that_no_font_has_is_an_error_that_names_it_and_its_place() -> None:
    notebook = builders.stitched_notebook(extra=(display.text("私用\ue000字"),))
    with pytest.raises(ExportError, match=r"六、其他需要报告的事项.*U\+E000"):
        made(notebook)


def test_every_font_is_embedded() -> None:
    if shutil.which("pdffonts") is None:
        pytest.skip("pdffonts (poppler-utils) is not installed")
    listed = subprocess.run(["pdffonts", "-"], input=sample(), capture_output=True, check=True).stdout.decode()
    rows = listed.splitlines()[2:]
    assert len(rows) == 2
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_the_text_copies_out_in_reading_order_with_pdftotext() -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=sample(), capture_output=True, check=True).stdout
    found = "".join(text.decode().split())
    places = [found.index(section.heading) for section in EDITIONS["2021"].sections]
    assert places == sorted(places)
    assert found.index("（四）无法提供") < found.index("1.本机关不掌握相关政府信息")
