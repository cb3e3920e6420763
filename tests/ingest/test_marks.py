"""What is raised, crossed out, hidden or printed across a page is no digit of a number."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import typst

from ingest.test_hostile import docx, saved, xlsx, zipped
from nianbao.form import CellRef
from nianbao.form.cells import State, parse
from nianbao.ingest import GapKind, read

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
HEADS = ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")


def documents(folder: Path, name: str, content: bytes) -> list[int | None]:
    """The three values of 规章, as they are read from a file."""
    found = read(saved(folder, name, content), year=2023)
    refs = (CellRef("proactive", "regulations", column) for column in ("made", "repealed", "in_force"))
    return [found.cells[ref].value.number if ref in found.cells else None for ref in refs]  # type: ignore[misc]


def page(cell: str, style: str = "", row: str = "<tr>") -> bytes:
    heads = "".join(f"<td>{head}</td>" for head in HEADS)
    return (
        f"<html><style>{style}</style><body><p>二、主动公开政府信息情况</p><table><tr>{heads}</tr>"
        f"<tr><td>规章</td><td>{cell}</td><td>7</td><td>8</td></tr>{row}</table><p>三、收到和处理政府信息公开申请情况</p>"
        "</body></html>"
    ).encode()


@pytest.mark.parametrize(
    "cell",
    [
        "46<sup>1</sup>",
        "46<sup>①</sup>",
        "46<sup>[2]</sup>",
        "46①",
        "46²",
        "46*",
        "46<span style='vertical-align:super;font-size:8px'>3</span>",
        "<del>5</del>46",
        "<s>45</s><u>46</u>",
        "<strike>4</strike>46",
        "<span style='text-decoration: line-through'>9</span>46",
        "<span style='display:none'>88</span>46",
        "<b hidden>3</b>46",
        "<font style='font-size:0'>3</font>46",
        "<span style='position:absolute;left:-9999px'>3</span>46",
        "<span class='gone'>3</span>46",
        "<span style='color:#fff'>3</span>46",
        "4\u200b6",
        "\ufeff46 ",
        "46<style>.x{top:1px}</style><script>1</script>",
        "46<a href='#note3'>3</a>",
        "46<span style='vertical-align: 5px; font-size: 60%'>3</span>",
        "46<span style='position: relative; top: -5px'>3</span>",
        "<p class='gone'>3</p><p>46</p>",
        "<span style='font-size:1px'>3</span>46",
        "<font color='#FFFFFF'>3</font>46",
        "<span style='color: rgba(0,0,0,0)'>3</span>46",
        "<span style='position:absolute;clip:rect(0,0,0,0)'>3</span>46",
        "<span style='display:inline-block;width:0;overflow:hidden'>3</span>46",
        "<span class='sr-only'>3</span>46",
        "<div style='position:absolute;transform:rotate(-30deg)'>2023</div>46",
        "<input value='46'>",
        "<textarea>46</textarea>",
        "<select><option>3<option selected>46</select>",
        "46<p>（含转办3件）</p>",
        "46<br>其中网上40件",
        "４６件",
        "46。",
        "46↑",
    ],
)
def test_a_page_shows_46_and_nothing_else_is_read(tmp_path: Path, cell: str) -> None:
    style = ".gone { display: none } @media print { .u { display: none } }"
    assert documents(tmp_path, "a.html", page(cell, style)) == [46, 7, 8]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_page_in_utf_16_is_a_page(tmp_path: Path, encoding: str) -> None:
    assert documents(tmp_path, "a.html", page("46").decode().encode(encoding)) == [46, 7, 8]


def test_a_row_that_is_hidden_is_not_read(tmp_path: Path) -> None:
    row = "<tr style='display:none'><td>规章</td><td>1</td><td>1</td><td>1</td></tr>"
    assert documents(tmp_path, "a.html", page("46", row=row)) == [46, 7, 8]


def test_a_cell_that_holds_nothing_but_raised_or_white_figures_is_read(tmp_path: Path) -> None:
    assert documents(tmp_path, "a.html", page("<sup>46</sup>")) == [46, 7, 8]
    assert documents(tmp_path, "a.html", page("<span style='color:white'>46</span>")) == [46, 7, 8]


@pytest.mark.parametrize(
    ("values", "unread", "why"),
    [
        ("<td>12（5）</td><td>7</td><td>8</td>", ["made"], "一个单元格内有多个数字"),
        ("<td colspan='3'>0</td>", ["made", "repealed", "in_force"], "数值个数少于栏数"),
    ],
)
def test_values_that_are_not_certain_are_said_with_their_place(
    tmp_path: Path, values: str, unread: list[str], why: str
) -> None:
    content = page("46").replace(b"<td>46</td><td>7</td><td>8</td>", values.encode())
    (gap,) = (gap for gap in read(saved(tmp_path, "a.html", content), year=2023).gaps if gap.row == "regulations")
    assert [ref.column for ref in gap.cells] == unread
    assert f"“规章”：{why}" in gap.message
    assert gap.place.endswith("table 1 row 2 cell 2")


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def cell(*runs: str) -> str:
    return f"<w:tc><w:p>{''.join(runs)}</w:p></w:tc>"


def document(value: str, head: str = "") -> str:
    rows = [[run(text) for text in HEADS], [run("规章"), value, run("7"), run("8")]]
    body = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows)
    ends = (f"<w:p>{run(text)}</w:p>" for text in ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"))
    return f"<w:tbl>{body}</w:tbl>".join(ends) + head


@pytest.mark.parametrize(
    "value",
    [
        run("46") + run("1", '<w:vertAlign w:val="superscript"/>'),
        run("46") + run("1", '<w:position w:val="6"/><w:sz w:val="12"/>'),
        run("5", "<w:strike/>") + run("46"),
        run("5", "<w:dstrike/>") + run("46", '<w:strike w:val="0"/>'),
        run("5", "<w:vanish/>") + run("46"),
        run("5", '<w:sz w:val="2"/>') + run("46"),
        run("5", '<w:color w:val="FFFFFF"/>') + run("46"),
        run("5", '<w:rStyle w:val="a"/>') + run("46"),
        run("46") + "</w:p><w:p>" + run("（含转办3件）"),
        f"<w:r><w:ruby><w:rt>{run('3')}</w:rt><w:rubyBase>{run('46')}</w:rubyBase></w:ruby></w:r>",
        '</w:p><w:p><w:pPr><w:pStyle w:val="b"/></w:pPr>' + run("9") + "</w:p><w:p>" + run("46"),
        f"<w:sdt><w:sdtContent>{run('46')}</w:sdtContent></w:sdt>",
        f"<w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:ins>{run('46')}</w:ins>",
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('0')}</w:sdtContent></w:sdt>{run('46')}",
        '<w:r><w:sym w:font="Times New Roman" w:char="F034"/></w:r><w:r><w:sym w:font="宋体" w:char="0036"/></w:r>',
        f'<m:oMath xmlns:m="{_MATH}"><m:r><m:t>46</m:t></m:r></m:oMath>',
        run("46") + "</w:p></w:tc><w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p>" + run("9"),
    ],
)
def test_a_document_shows_46_and_nothing_else_is_read(tmp_path: Path, value: str) -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    styles = (
        f'<w:styles xmlns:w="{word}"><w:style w:styleId="b"><w:rPr><w:strike/></w:rPr></w:style>'
        '<w:style w:styleId="a"><w:basedOn w:val="b"/></w:style></w:styles>'
    )
    body = f'<w:document xmlns:w="{word}"><w:body>{document(value)}</w:body></w:document>'
    parts = {"word/document.xml": body.encode(), "word/styles.xml": styles.encode()}
    assert documents(tmp_path, "a.docx", zipped(parts)) == [46, 7, 8]


@pytest.mark.parametrize(
    "shown",
    [
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
        f'<m:oMath xmlns:m="{_MATH}"><m:f><m:num><m:r><m:t>4</m:t></m:r></m:num><m:den><m:r><m:t>6</m:t></m:r></m:den></m:f></m:oMath>',
    ],
)
def test_a_sign_and_a_fraction_are_neither_blanks_nor_digits(tmp_path: Path, shown: str) -> None:
    path = saved(tmp_path, "a.docx", docx(document(shown)))
    found, ref = read(path, year=2023), CellRef("proactive", "regulations", "made")
    assert ref not in found.cells
    assert [gap.what for gap in found.gaps if ref in gap.cells] == [GapKind.LETTERS]


def test_rows_in_content_controls_and_tables_in_text_boxes_are_read(tmp_path: Path) -> None:
    body = document(run("46"))
    controlled = body.replace("<w:tr>", "<w:sdt><w:sdtContent><w:tr>").replace(
        "</w:tr>", "</w:tr></w:sdtContent></w:sdt>"
    )
    assert documents(tmp_path, "a.docx", docx(controlled)) == [46, 7, 8]
    table = body[body.index("<w:tbl>") : body.index("</w:tbl>") + len("</w:tbl>")]
    box = f"<w:txbxContent>{table}</w:txbxContent>"
    boxed = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert documents(tmp_path, "b.docx", docx(body.replace(table, boxed))) == [46, 7, 8]


def test_a_document_in_the_strict_form_of_the_standard_is_read(tmp_path: Path) -> None:
    usual, strict = "schemas.openxmlformats.org/wordprocessingml/2006/main", "purl.oclc.org/ooxml/wordprocessingml/main"
    body = f'<w:document xmlns:w="http://{usual}"><w:body>{document(run("46"))}</w:body></w:document>'
    content = zipped({"word/document.xml": body.replace(usual, strict).encode()})
    assert documents(tmp_path, "a.docx", content) == [46, 7, 8]


def test_a_row_that_was_deleted_is_not_read(tmp_path: Path) -> None:
    body = document(run("46"))
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell(run('规章'))}{cell(run('1')) * 3}</w:tr>"
    assert documents(tmp_path, "a.docx", docx(body.replace("</w:tbl>", gone + "</w:tbl>"))) == [46, 7, 8]


@pytest.mark.parametrize(
    "value",
    [
        "46#super[1]",
        "46#super(typographic: false)[12]",
        "46#super(typographic: false)[①]",
        "#strike[5]46",
        "#strike(stroke: 1.5pt)[45] 46",
        "#text(fill: white)[3]46",
    ],
)
def test_a_printed_page_shows_46_and_nothing_else_is_read(tmp_path: Path, value: str) -> None:
    heads = "".join(f"[{head}]," for head in HEADS)
    source = (
        "#set page(width: 420pt, height: 300pt, background: rotate(28deg, text(60pt, fill: luma(220))[2023 1234]))\n"
        '#set text(font: "Noto Sans CJK SC", size: 10pt)\n'
        f"二、主动公开政府信息情况\n\n#table(columns: 4, {heads}[规章],[{value}],[7],[8])\n\n"
        "三、收到和处理政府信息公开申请情况\n"
    )
    (tmp_path / "a.typ").write_text(source, encoding="utf-8")
    assert documents(tmp_path, "a.pdf", typst.compile(tmp_path / "a.typ")) == [46, 7, 8]


def test_a_watermark_over_the_table_is_not_read(tmp_path: Path) -> None:
    heads = "".join(f"[{head}]," for head in HEADS)
    source = (
        "#set page(width: 420pt, height: 200pt, background: place(dy: 20pt, text(50pt, fill: luma(225))[9999999999]))\n"
        '#set text(font: "Noto Sans CJK SC", size: 10pt)\n'
        f"二、主动公开政府信息情况\n\n#table(columns: 4, {heads}[规章],[46],[7],[8])\n"
    )
    (tmp_path / "a.typ").write_text(source, encoding="utf-8")
    assert documents(tmp_path, "a.pdf", typst.compile(tmp_path / "a.typ")) == [46, 7, 8]


def pale_pages(folder: Path, setting: str, cell: str, pages: int = 1) -> Path:
    """A PDF with the table of 规章 on its last page, whose values are set as told."""
    heads = "".join(f"[{head}]," for head in HEADS)
    source = (
        f'#set page(width: 420pt, height: 300pt{setting})\n#set text(font: "Noto Sans CJK SC", size: 9pt)\n'
        f"示例县虚构局2023年政府信息公开工作年度报告\n\n一、总体情况\n\n{'本年工作正常。#pagebreak()' * (pages - 1)}\n\n"
        f"二、主动公开政府信息情况\n\n#let big(body) = text(size: 24pt, fill: luma(205), body)\n"
        f"#table(columns: 4, {heads}[规章],{cell.format(46)},{cell.format(7)},{cell.format(8)})\n"
    )
    (folder / "a.typ").write_text(source, encoding="utf-8")
    return saved(folder, "a.pdf", typst.compile(folder / "a.typ"))


def values_and_doubts(path: Path) -> tuple[list[int | None], list[str]]:
    found = read(path, year=2023)
    cells = [
        found.cells.get(CellRef("proactive", "regulations", column)) for column in ("made", "repealed", "in_force")
    ]
    doubts = [gap.message for gap in found.gaps if "水印" in gap.message]
    return [cell.value.number if cell else None for cell in cells], doubts  # type: ignore[misc]


def test_large_pale_numbers_in_cells_are_the_values(tmp_path: Path) -> None:
    assert values_and_doubts(pale_pages(tmp_path, "", "[#big[{}]]")) == ([46, 7, 8], [])


@pytest.mark.parametrize("mark", ["50pt, fill: luma(225))[9999999999]", "50pt, fill: rgb(0, 0, 0, 25))[9999999999]"])
def test_a_level_watermark_over_the_cells_is_left_out_without_a_word(tmp_path: Path, mark: str) -> None:
    setting = f", background: place(dy: 75pt, text({mark})"
    path = pale_pages(tmp_path, setting, "[{}]")
    assert values_and_doubts(path) == ([46, 7, 8], [])


def test_a_level_watermark_at_one_place_of_each_page_is_left_out_without_a_word(tmp_path: Path) -> None:
    setting = ", background: place(dy: 220pt, text(50pt, fill: luma(225))[草稿2024])"
    assert values_and_doubts(pale_pages(tmp_path, setting, "[{}]", pages=3)) == ([46, 7, 8], [])


def test_large_pale_text_on_one_page_outside_of_tables_is_left_out_and_said(tmp_path: Path) -> None:
    setting = ", background: place(dy: 220pt, text(50pt, fill: luma(225))[草稿2024])"
    values, doubts = values_and_doubts(pale_pages(tmp_path, setting, "[{}]"))
    assert values == [46, 7, 8]
    assert len(doubts) == 1
    assert doubts[0].startswith("第1页：")
    assert "2024”像是水印" in doubts[0]


@pytest.mark.parametrize("by", [36, 42, 48, 54])
def test_large_pale_numbers_that_run_over_a_border_are_said(tmp_path: Path, by: int) -> None:
    # Borders cut digits of 46, or part them: how it lies depends on the font.
    path = pale_pages(tmp_path, "", f"[#move(dx: {by}pt)[#big[{{}}]]]")
    values, doubts = values_and_doubts(path)
    assert values[0] is None
    assert values[1] in {None, 7}
    assert doubts or over_a_border(path)


def over_a_border(path: Path) -> list[str]:
    """What is said of numbers that run over borders."""
    return [gap.message for gap in read(path, year=2023).gaps if "越过单元格边框" in gap.message]


def moved_page(folder: Path, by: str, cells: tuple[str, str, str] = ("46", "7", "8"), inset: str = "5pt") -> Path:
    """A PDF in which the first value of 规章 is moved by so much, in units of a digit's width, from its cell's right."""
    first, *others = cells
    heads = "".join(f"[{head}]," for head in HEADS)
    source = (
        '#set page(width: 420pt, height: 300pt)\n#set text(font: "Noto Sans CJK SC", size: 9pt)\n'
        "示例县虚构局2023年政府信息公开工作年度报告\n\n二、主动公开政府信息情况\n\n"
        f"#let moved = context move(dx: {inset} + {by} * measure[0].width)[{first}]\n"
        f"#table(columns: (80pt, 80pt, 80pt, 80pt), inset: {inset}, {heads}[规章],align(right, moved),"
        f"{''.join(f'[{other}],' for other in others)})\n"
    )
    (folder / "a.typ").write_text(source, encoding="utf-8")
    return saved(folder, "a.pdf", typst.compile(folder / "a.typ"))


def test_a_number_of_which_a_border_cuts_a_digit_is_of_the_cell_that_holds_the_others(tmp_path: Path) -> None:
    for by in ("0.4", "0.6"):
        path = moved_page(tmp_path, by, ("46", "", "8"))
        assert values_and_doubts(path)[0] == [46, None, 8]
        assert not over_a_border(path)


@pytest.mark.parametrize("by", ["1", "0.9", "1.1"])
def test_a_number_with_digits_on_both_sides_of_a_border_is_unread_and_said(tmp_path: Path, by: str) -> None:
    for cells in (("46", "7", "8"), ("4613", "", "8")):
        path = moved_page(tmp_path, by, cells)
        assert values_and_doubts(path)[0] == [None, None, 8]
        assert len(over_a_border(path)) == 1
        assert CellRef("proactive", "regulations", "made") not in read(path, year=2023).cells


def test_a_number_with_a_digit_in_the_middle_of_a_border_is_unread_and_said(tmp_path: Path) -> None:
    path = moved_page(tmp_path, "0.5", ("6", "", "8"))
    assert values_and_doubts(path)[0] == [None, None, 8]
    assert over_a_border(path)


def test_numbers_of_narrow_cells_that_touch_are_never_one(tmp_path: Path) -> None:
    path = moved_page(tmp_path, "0", ("46", "7", "8"), inset="0pt")
    assert values_and_doubts(path)[0] == [None, None, 8]
    assert over_a_border(path)
    assert values_and_doubts(moved_page(tmp_path, "-0.5", ("46", "7", "8"), inset="0pt"))[0] == [46, 7, 8]


def test_numbers_on_each_other_in_a_cell_are_unread_and_said(tmp_path: Path) -> None:
    path = moved_page(tmp_path, "2.5", ("46", "#move(dx: -5pt)[97]", "8"))
    assert values_and_doubts(path)[0] == [None, None, 8]
    assert over_a_border(path)


def test_a_number_over_a_border_in_a_table_of_the_offices_own_is_said_in_its_place(tmp_path: Path) -> None:
    moved = "context move(dx: 5pt + measure[0].width)[46]"
    own = f"#table(columns: (80pt, 40pt, 40pt), inset: 5pt, [渠道],[上年],[本年],[网上],align(right, {moved}),[])"
    path = moved_page(tmp_path, "0", ("46", "7", "8"))
    source = (tmp_path / "a.typ").read_text("utf-8") + f"\n六、其他需要报告的事项\n\n各渠道情况如下。\n\n{own}\n"
    (tmp_path / "a.typ").write_text(source, encoding="utf-8")
    path.write_bytes(typst.compile(tmp_path / "a.typ"))
    text = read(path, year=2023).sections["other"]
    assert text.count("没有读取") == 2
    assert "46" not in text


def test_parts_of_a_cells_text_that_are_crossed_out_or_raised_are_not_read(tmp_path: Path) -> None:
    strike, raised = "<rPr><strike/></rPr>", '<rPr><vertAlign val="superscript"/></rPr>'
    rich = f"<is><r>{strike}<t>5</t></r><r><t>46</t></r><r>{raised}<t>1</t></r></is>"
    cells = "".join(
        f'<c r="{column}2" t="inlineStr"><is><t>{head}</t></is></c>' for column, head in zip("ABCD", HEADS, strict=True)
    )
    content = (
        f'<worksheet xmlns="{_SHEET}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>二、主动公开政府信息情况</t></is></c></row>'
        f'<row r="2">{cells}</row><row r="3"><c r="A3" t="inlineStr"><is><t>规章</t></is></c>'
        f'<c r="B3" t="inlineStr">{rich}</c><c r="C3"><v>7</v></c><c r="D3"><v>8</v></c></row></sheetData></worksheet>'
    )
    assert documents(tmp_path, "a.xlsx", xlsx(content.encode())) == [46, 7, 8]


def test_a_formula_without_its_result_is_said_to_be_one(tmp_path: Path) -> None:
    content = (
        f'<worksheet xmlns="{_SHEET}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>二、主动公开政府信息情况</t></is></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>规章</t></is></c><c r="B3"><f>1+1</f></c><c r="C3"><v>7</v></c>'
        '<c r="D3"><v>8</v></c></row></sheetData></worksheet>'
    )
    assert documents(tmp_path, "a.xlsx", xlsx(content.encode())) == [None, 7, 8]
    gaps = read(tmp_path / "a.xlsx", year=2023).gaps
    assert any("公式没有计算结果" in gap.message and len(gap.cells) == 1 for gap in gaps)


@pytest.mark.parametrize("printed", ["12①", "12²", "①12", "１２③"])
def test_a_mark_beside_a_number_never_becomes_a_digit(printed: str) -> None:
    assert parse(printed).state is State.TEXT


def book(cell: str, styles: str = "", row: str = "") -> bytes:
    heads = "".join(
        f'<c r="{name}2" t="inlineStr"><is><t>{head}</t></is></c>' for name, head in zip("ABCD", HEADS, strict=True)
    )
    content = (
        f'<worksheet xmlns="{_SHEET}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>二、主动公开政府信息情况</t></is></c></row>'
        f'<row r="2">{heads}</row>{row}<row r="4"><c r="A4" t="inlineStr"><is><t>规章</t></is></c>{cell}'
        '<c r="C4"><v>7</v></c><c r="D4"><v>8</v></c></row></sheetData></worksheet>'
    )
    archive = xlsx(content.encode())
    if not styles:
        return archive
    parts = zipfile.ZipFile(io.BytesIO(archive))
    named = {name: parts.read(name) for name in parts.namelist()}
    return zipped({**named, "xl/styles.xml": f'<styleSheet xmlns="{_SHEET}">{styles}</styleSheet>'.encode()})


@pytest.mark.parametrize(
    "styles",
    [
        '<fonts><font/><font><strike/></font></fonts><cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs>',
        '<numFmts><numFmt numFmtId="99" formatCode=";;;"/></numFmts><cellXfs><xf/><xf numFmtId="99"/></cellXfs>',
        '<fonts><font/><font><color rgb="FFFFFFFF"/></font></fonts><cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs>',
    ],
)
def test_a_cell_that_is_crossed_out_as_a_whole_or_formatted_to_show_nothing_is_blank(
    tmp_path: Path, styles: str
) -> None:
    assert documents(tmp_path, "a.xlsx", book('<c r="B4" s="1"><v>46</v></c>', styles)) == [None, 7, 8]
    assert documents(tmp_path, "b.xlsx", book('<c r="B4" s="0"><v>46</v></c>', styles)) == [46, 7, 8]


@pytest.mark.parametrize("code", ['m"月"d"日"', "0%", '0!.0,"万"'])
def test_a_number_that_its_format_shows_as_another_is_text(tmp_path: Path, code: str) -> None:
    shown = code.replace('"', "&quot;")
    styles = (
        f'<numFmts><numFmt numFmtId="99" formatCode="{shown}"/></numFmts><cellXfs><xf/><xf numFmtId="99"/></cellXfs>'
    )
    path = saved(tmp_path, "a.xlsx", book('<c r="B4" s="1"><v>46</v></c>', styles))
    value = read(path, year=2023).cells[CellRef("proactive", "regulations", "made")].value
    assert (value.state, value.printed[:2]) == (State.TEXT, "46")


def test_a_row_of_a_sheet_that_is_hidden_is_not_read(tmp_path: Path) -> None:
    hidden = '<row r="3" hidden="1"><c r="A3" t="inlineStr"><is><t>规章</t></is></c><c r="B3"><v>1</v></c></row>'
    assert documents(tmp_path, "a.xlsx", book('<c r="B4"><v>46</v></c>', row=hidden)) == [46, 7, 8]


def test_a_formula_that_gives_an_empty_text_is_a_blank(tmp_path: Path) -> None:
    assert documents(tmp_path, "a.xlsx", book('<c r="B4" t="str"><f>IF(1,"","")</f><v></v></c>')) == [None, 7, 8]
    assert not read(tmp_path / "a.xlsx", year=2023).gaps[0].row


def test_a_formula_of_a_document_without_its_result_is_said_to_be_one(tmp_path: Path) -> None:
    code = "<w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r>"
    assert documents(tmp_path, "a.docx", docx(document(code))) == [None, 7, 8]
    assert any("公式没有计算结果" in gap.message for gap in read(tmp_path / "a.docx", year=2023).gaps)


@pytest.mark.parametrize(
    "cell", ["46[^1]", "46<sup>1</sup>", "~~5~~46", "~~5~~ 46", "**46**", "5\u033646", "46<br>（含转办3件）"]
)
def test_a_text_in_markdown_shows_46_and_nothing_else_is_read(tmp_path: Path, cell: str) -> None:
    rows = [f"| {' | '.join(HEADS)} |", "| --- | --- | --- | --- |", f"| 规章 | {cell} | 7 | 8 |"]
    text = "\n".join(["## 二、主动公开政府信息情况", "", *rows, "", "## 三、收到和处理政府信息公开申请情况", ""])
    assert documents(tmp_path, "a.md", text.encode()) == [46, 7, 8]


@pytest.mark.parametrize(
    "cell", ["4<img src='6.png'>", "<img src='4.gif'>6", "<img src='46.png' alt='46'>", "1<img>,046"]
)
def test_a_digit_that_is_a_picture_of_a_page_is_not_left_out(tmp_path: Path, cell: str) -> None:
    found, ref = read(saved(tmp_path, "a.html", page(cell)), year=2023), CellRef("proactive", "regulations", "made")
    assert ref not in found.cells
    assert any(ref in gap.cells for gap in found.gaps if gap.what is GapKind.LETTERS)


@pytest.mark.parametrize(
    "cell", ["46<img src='dot.gif' width='1' height=1>", "<img alt='' src='x.png'>46", "46<img alt=''>"]
)
def test_a_picture_that_decorates_is_no_digit(tmp_path: Path, cell: str) -> None:
    assert documents(tmp_path, "a.html", page(cell)) == [46, 7, 8]


def test_a_digit_that_is_a_picture_of_a_document_is_not_left_out(tmp_path: Path) -> None:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    picture = f'<w:r><w:drawing><wp:inline xmlns:wp="{drawing}"/></w:drawing></w:r>'
    found = read(saved(tmp_path, "a.docx", docx(document(run("4") + picture))), year=2023)
    ref = CellRef("proactive", "regulations", "made")
    assert ref not in found.cells
    assert any(ref in gap.cells for gap in found.gaps if gap.what is GapKind.LETTERS)


def test_a_title_with_blank_cells_beside_it_is_the_title(tmp_path: Path) -> None:
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c><c r="B{0}"/><c r="C{0}"/></row>'
    lines = ["示例县甲局2022年政府信息公开工作年度报告", "一、总体情况", "平稳。"]
    sheet = "".join(row.format(number, text) for number, text in enumerate(lines, start=1))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>'
    found = read(saved(tmp_path, "a.xlsx", xlsx(content.encode())))
    assert (found.office_name, found.year) == ("示例县甲局", 2022)
