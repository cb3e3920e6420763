"""Files of other kinds: OpenDocument, CSV, Markdown, workbooks of many offices."""

from __future__ import annotations

import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from ingest.damage import chance_of, grids, html_of, report, rows_of
from ingest.test_hostile import saved, zipped
from nianbao.errors import IngestError
from nianbao.ingest import Ingested, read, read_all
from nianbao.ingest.archive import shown_name
from nianbao.ingest.read import read_bytes

_URN = "urn:oasis:names:tc:opendocument:xmlns"


def odf(body: str) -> bytes:
    spaces = " ".join(f'xmlns:{name}="{_URN}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    styles = (
        '<office:automatic-styles><style:style style:name="gone"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style></office:automatic-styles>'
    )
    content = f"<office:document-content {spaces}>{styles}<office:body>{body}</office:body></office:document-content>"
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def check(found: Ingested, values: dict) -> None:  # type: ignore[type-arg]
    assert {ref: cell.value.number for ref, cell in found.cells.items()} == {
        ref: value.number for ref, value in values.items()
    }


@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_open_documents_are_read_cell_by_cell(tmp_path: Path, kind: str) -> None:
    made = report(chance_of(f"odf {kind}"), "tabs", "2021", blanks=False)
    body = "<text:p>示例县虚构局2023年政府信息公开工作年度报告</text:p>" if kind == "text" else ""
    for section in made.edition.sections:
        heading = section.heading
        body += f"<text:p>{heading}</text:p>" if kind == "text" else ""
        if section.table:
            rows = rows_of(grids(made.edition, made.values)[section.table], "none")
            title = [[heading]] if kind == "spreadsheet" else []
            body += (
                '<table:table table:name="表">'
                + "".join(
                    "<table:table-row>"
                    + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
                    + "</table:table-row>"
                    for row in [*title, *rows]
                )
                + "</table:table>"
            )
    content = odf(f"<office:{kind}>{body}</office:{kind}>")
    check(read(saved(tmp_path, "a.odt", content), year=2023), made.values)


def test_struck_out_text_of_an_open_document_is_not_read(tmp_path: Path) -> None:
    row = (
        "<text:p>规章</text:p>",
        '<text:p><text:span text:style-name="gone">5</text:span>3</text:p>',
        "<text:p>1</text:p>",
        "<text:p>2</text:p>",
    )
    cells = "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in row)
    body = f"<office:text><text:p>二、主动公开政府信息情况</text:p><table:table><table:table-row>{cells}</table:table-row></table:table></office:text>"
    found = read(saved(tmp_path, "a.odt", odf(body)), year=2023)
    assert sorted(str(cell.value.number) for cell in found.cells.values()) == ["1", "2", "3"]


@pytest.mark.parametrize("mark", [",", ";"])
def test_texts_whose_cells_commas_hold_apart_are_read(tmp_path: Path, mark: str) -> None:
    made = report(chance_of("csv"), "tabs", "2021", blanks=False)
    lines = [mark.join(f'"{cell}"' for cell in line.split("\t")) for line in made.content.split("\n")]
    check(read(saved(tmp_path, "a.csv", "\n".join(lines).encode("gb18030"))), made.values)


def test_headings_and_tables_of_markdown_are_read(tmp_path: Path) -> None:
    made = report(chance_of("markdown"), "both_pipes", "2021", blanks=False)
    content = "\n".join(
        f"## {line}" if line[:1] in "一二三四五六" and "、" in line[:2] and len(line) < 30 and "|" not in line else line
        for line in made.content.split("\n")
    )
    found = read(saved(tmp_path, "a.md", f"# 示例县甲局2023年政府信息公开工作年度报告\n{content}".encode()))
    check(found, made.values)
    assert set(found.sections) >= {"overview", "problems", "other"}


def test_tables_of_html_and_of_bars_stand_side_by_side_in_markdown(tmp_path: Path) -> None:
    made = report(chance_of("markdown and html"), "both_pipes", "2021", blanks=False)
    grid = grids(made.edition, made.values)["applications"]
    copy = html_of(grid, chance_of("copy"), merged=True)
    heading = made.edition.section("review").heading
    text = made.content.replace(heading, f"{copy}\n\n{heading}")
    found = read(saved(tmp_path, "a.md", f"# 示例县甲局2023年政府信息公开工作年度报告\n{text}".encode()))
    check(found, made.values)


def test_tables_that_are_begun_and_never_closed_take_no_longer_than_their_length(tmp_path: Path) -> None:
    began = time.process_time()
    with suppress(IngestError):
        read_bytes(b"x\n" + b"<table " * 100_000, "a.md")
    assert time.process_time() - began < 5


def test_a_word_of_nothing_but_counts_takes_no_longer_than_its_length() -> None:
    began = time.process_time()
    read_bytes("示例县2023年政府信息公开工作年度报告\n一、总体情况\n".encode() + "1件".encode() * 120_000, "a.txt")
    assert time.process_time() - began < 8


def test_tables_of_markdown_may_be_html(tmp_path: Path) -> None:
    made = report(chance_of("markdown and html"), "tabs", "2021", blanks=False)
    tables = {section.table: section.heading for section in made.edition.sections if section.table}
    text = "示例县虚构局2023年政府信息公开工作年度报告\n\n一、总体情况\n\n本机关公开渠道运行平稳。\n\n"
    for code, heading in tables.items():
        rows = rows_of(grids(made.edition, made.values)[code], "none")
        body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        text += f"{heading}\n\n<table>\n{body}\n</table>\n\n"
    found = read(saved(tmp_path, "a.md", text.encode()))
    check(found, made.values)
    assert (found.office_name, found.sections["overview"]) == ("示例县虚构局", "本机关公开渠道运行平稳。")


def test_tables_drawn_with_lines_of_characters_are_read(tmp_path: Path) -> None:
    made = report(chance_of("drawn"), "tabs", "2021", blanks=False)
    line = "├" + "─" * 40 + "┤"
    drawn = "\n".join(
        f"│{row.replace(chr(9), '│')}│\n{line}" if "\t" in row else row for row in made.content.split("\n")
    )
    check(read(saved(tmp_path, "a.txt", drawn.encode())), made.values)


def test_a_compilation_holds_as_many_reports_as_titles(tmp_path: Path) -> None:
    one = report(chance_of("one"), "tabs", "2021", blanks=False)
    two = report(chance_of("two"), "tabs", "2021", blanks=False)
    text = f"{one.content}\n{two.content.replace('虚构局', '另一局')}\n相关链接\n示例县丙局2023年政府信息公开工作年度报告\n"
    path = saved(tmp_path, "a.txt", text.encode())
    found = [outcome for outcome in read_all(path) if isinstance(outcome, Ingested)]
    assert [outcome.office_name for outcome in found] == ["示例县虚构局", "示例县另一局"]
    check(found[0], one.values)
    check(found[1], two.values)
    with pytest.raises(IngestError, match="2 reports"):
        read(path)


@pytest.mark.parametrize("title", ["", "政府信息公开工作年度报告\n", "7．{}2023年政府信息公开工作年度报告\n"])
def test_reports_that_follow_each_other_are_never_taken_for_one(tmp_path: Path, title: str) -> None:
    reports = [report(chance_of(f"follow {number}"), "tabs", "2021", blanks=False) for number in range(3)]
    offices = ["示例县甲局", "示例县乙局", "示例县丙局"]
    texts = [
        title.format(office) + made.content.split("\n", 3)[3].replace("示例县虚构局", office).rstrip("\n")
        for made, office in zip(reports, offices, strict=True)
    ]
    found = read_all(saved(tmp_path, "a.txt", "\n".join(texts).encode()))
    assert [one.office_name for one in found if isinstance(one, Ingested)] == offices
    for one, made in zip(found, reports, strict=True):
        check(one, made.values)  # type: ignore[arg-type]


def test_two_pages_in_one_file_are_two_reports(tmp_path: Path) -> None:
    one = report(chance_of("page one"), "html", "2021", blanks=False)
    two = report(chance_of("page two"), "html", "2021", blanks=False)
    path = saved(tmp_path, "a.html", (one.content + two.content.replace("虚构局", "另一局")).encode())
    assert [outcome.office_name for outcome in read_all(path) if isinstance(outcome, Ingested)] == [
        "示例县虚构局",
        "示例县另一局",
    ]


def test_a_title_that_is_printed_twice_is_one_report(tmp_path: Path) -> None:
    made = report(chance_of("twice"), "tabs", "2021", blanks=False)
    title = "示例县虚构局2023年政府信息公开工作年度报告\n"
    contents = "\n".join(section.heading for section in made.edition.sections)
    found = read_all(saved(tmp_path, "a.txt", f"{title}{contents}\n{title}{made.content}".encode()))
    assert len(found) == 1
    check(found[0], made.values)  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_in_archives_that_say_no_encoding_are_read(encoding: str) -> None:
    entry = zipfile.ZipInfo("民政局.xlsx".encode(encoding).decode("cp437"))
    assert shown_name(entry) == "民政局.xlsx"
