from __future__ import annotations

import io
import os
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.damage import chance_of, report
from nianbao.errors import IngestError, NianbaoError
from nianbao.ingest import carrier, read, sheet
from nianbao.ingest.read import MAX_BYTES, read_bytes

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def saved(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def docx(body: str, head: str = "") -> bytes:
    document = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": document.encode()})


def xlsx(sheet: bytes) -> bytes:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
    )
    workbook = (
        f'<workbook xmlns="{_SHEET}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    return zipped(
        {
            "xl/workbook.xml": workbook.encode(),
            "xl/_rels/workbook.xml.rels": relations.encode(),
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "is a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "old Office document"),
        (b"PK\x03\x04broken", "is damaged"),
        (b"%PDF-1.7\nnothing more", "no PDF that can be read"),
        (b"Rar!\x1a\x07\x00", "packed archive"),
        (b"\x00\x01\x02\x03" * 50, "is no text"),
        (b"{\\rtf1 a}", "Rich Text Format"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "web archive"),
        (b"???2023???\n???,12\n" * 20, "question marks in the place of its Chinese letters"),
        (docx("", '<!DOCTYPE x [<!ENTITY a "aaaa">]>'), "holds no text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_report_is_refused_in_words(tmp_path: Path, content: bytes, what: str) -> None:
    with pytest.raises(IngestError, match=what) as error:
        read(saved(tmp_path, "来稿.pdf", content))
    assert error.value.hint
    assert error.value.where == "来稿.pdf"


def test_the_suffix_of_a_file_decides_nothing(tmp_path: Path) -> None:
    made = report(chance_of("suffix"), "html", "2021", blanks=False)
    found = read(saved(tmp_path, "report.doc", made.content.encode()))
    assert found.carrier == "html"
    assert len(found.cells) == len(made.values)


def test_a_file_larger_than_any_report_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(IngestError, match="MB"):
        read(path)


def test_a_folder_or_a_pipe_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="is no file"):
        read(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(IngestError, match="is no file"):
            read(tmp_path / "pipe")


def test_one_endless_line_of_digits_is_read_at_once_and_gives_no_value(tmp_path: Path) -> None:
    found = read(saved(tmp_path, "line.txt", "二、主动公开政府信息情况\n规章".encode() + b"1" * 1_500_000))
    assert not found.cells


def test_a_line_of_signs_of_which_tables_are_drawn_costs_no_more_than_its_length(tmp_path: Path) -> None:
    text = "一、总体情况\n" + "─ " * 200_000 + "末\n"
    assert not read(saved(tmp_path, "a.txt", text.encode())).cells


def test_endless_rows_are_refused(tmp_path: Path) -> None:
    rows = "二、主动公开政府信息情况\n" + "规章 1 2 3\n" * 6_000
    with pytest.raises(IngestError, match="rows of values"):
        read(saved(tmp_path, "rows.txt", rows.encode()))


def test_a_zip_bomb_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    bomb = zipped({"word/document.xml": b" " * (70 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    with pytest.raises(IngestError, match="unpacks to more than"):
        read(saved(tmp_path, "bomb.docx", bomb))


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = saved(tmp_path, "secret.txt", "机密".encode())
    head = f'<!DOCTYPE w:document [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY a "甲甲甲甲">]>'
    body = "<w:p><w:r><w:t>二、主动公开政府信息情况 &e;&a;文</w:t></w:r></w:p>"
    found = read(saved(tmp_path, "entities.docx", docx(body, head)))
    assert "机密" not in str(found.sections)


def test_entities_that_multiply_are_stopped(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12))
    head = f'<!DOCTYPE w:document [<!ENTITY e0 "lol">{levels}]>'
    with pytest.raises(IngestError):
        read(saved(tmp_path, "lol.docx", docx("<w:p><w:r><w:t>&e11;</w:t></w:r></w:p>", head)))


def test_a_table_with_more_cells_than_any_report_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (carrier, sheet):
        monkeypatch.setattr(module, "MAX_CELLS", 2_000)
    row = "<tr>" + "<td>1</td>" * 100 + "</tr>"
    with pytest.raises(IngestError, match="2,000 cells"):
        read(saved(tmp_path, "wide.html", f"<html><table>{row * 30}</table></html>".encode()))
    cells = "".join(f'<c r="{chr(65 + x)}1"><v>1</v></c>' for x in range(26))
    rows = f'<row r="1">{cells}</row>' * 100
    content = f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    with pytest.raises(IngestError, match="2,000 cells"):
        read(saved(tmp_path, "long.xlsx", xlsx(content.encode())))


def test_a_merge_of_a_whole_sheet_is_refused(tmp_path: Path) -> None:
    sheet = (
        f'<worksheet xmlns="{_SHEET}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    )
    with pytest.raises(IngestError, match="200,000 merged cells"):
        read(saved(tmp_path, "merged.xlsx", xlsx(sheet.encode())))


def test_absurd_spans_cost_nothing(tmp_path: Path) -> None:
    page = (
        '<html><p>文字</p><table><tr><td colspan="999999999" rowspan="99999999">规章</td><td>1</td></tr></table></html>'
    )
    assert not read(saved(tmp_path, "spans.html", page.encode())).sections


def test_a_page_nested_beyond_all_sense_is_refused(tmp_path: Path) -> None:
    deep = "<div>" * 5000 + "二、主动公开政府信息情况" + "</div>" * 5000
    with pytest.raises(IngestError):
        read(saved(tmp_path, "deep.html", f"<html><body>{deep}</body></html>".encode()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_texts_are_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    made = report(chance_of("encoding"), "tabs", "2021", blanks=False)
    assert len(read(saved(tmp_path, "report.txt", made.content.encode(encoding))).cells) == len(made.values)


def test_a_broken_byte_costs_no_more_than_its_place(tmp_path: Path) -> None:
    made = report(chance_of("byte"), "tabs", "2021", blanks=False)
    found = read(saved(tmp_path, "report.txt", made.content.encode().replace("虚构".encode(), b"\xff", 1)))
    assert len(found.cells) == len(made.values)


def test_a_year_without_a_statutory_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="2015"):
        read(saved(tmp_path, "old.txt", "示例局2015年政府信息公开工作年度报告\n一、概述\n文字。".encode()))


_FORM = "一、总体情况 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况 规章 行政许可 3.其他 （七）总计 自然人 结果维持 規章".split()  # noqa: SIM905 -- one line is easier to read
_WORDS = st.sampled_from(
    [*_FORM, "0", "12", "/", "|", "||", "\t", "\n", "000", "1.", "（", "）", "2023年", "减4", "\x00"]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.lists(_WORDS, max_size=60).map("".join), st.text(max_size=200)))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NianbaoError):
        read_bytes(text.encode("utf-8", "surrogatepass"), "x")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_damage_to_a_documents_bytes_is_read_or_refused(data: st.DataObject) -> None:
    row = (
        "<w:tr><w:tc><w:p><w:r><w:t>规章</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr>"
    )
    sheet = f'<worksheet xmlns="{_SHEET}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
    page = "<html><body><p>二、主动公开政府信息情况</p><table><tr><td>规章<td>1</table></body></html>"
    whole = data.draw(st.sampled_from([docx(f"<w:tbl>{row}</w:tbl>"), xlsx(sheet.encode()), page.encode()]))
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    kept = bytes(content[: data.draw(st.integers(0, len(content)))])
    with suppress(NianbaoError):
        read_bytes(kept, "x")
