"""Letters that a PDF shows and whose font does not say what they are."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdf
import pytest
import typst
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from ingest.damage import chance_of, grids, values_for
from ingest.test_hostile import saved
from ingest.test_pdf_pages import set_table
from nianbao.checks.text.sentences import sentences
from nianbao.errors import IngestError
from nianbao.form import EDITIONS, CellRef
from nianbao.form.cells import Value, number
from nianbao.ingest import GapKind, Ingested, findings_of, read
from nianbao.ingest.offices import Named, offices_of
from nianbao.ingest.unread import with_proposals
from nianbao.ingest.words import fits
from nianbao.model import FindingState, ReportKey

_FORM = EDITIONS["2021"]
_TITLE = "示例县虚构局2023年政府信息公开工作年度报告"
# What a font may say of a letter: nothing, that it is none, one of private use, a blank, a mark without width.
MEANINGLESS = ["", "0000", "FFFD", "E0F0", "0020", "3000", "200B", "0002", "FFFE"]
_NAMES = re.compile(r"(?im)^(<[0-9a-f]+>) <([0-9a-f]+)>$")


def without(content: bytes, letters: str, meaning: str = "") -> bytes:
    """The PDF whose fonts say of these letters that they are ``meaning`` (UTF-16 as hexadecimal digits)."""
    unknown = {letter.encode("utf-16-be").hex().upper() for letter in letters}
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    fonts = (item.get_object() for item in writer._objects)
    for font in [one for one in fonts if isinstance(one, DictionaryObject) and "/ToUnicode" in one]:
        names = font["/ToUnicode"].get_object().get_data().decode("latin1")  # type: ignore[attr-defined]
        stream = StreamObject()
        stream.set_data(
            _NAMES.sub(lambda one: f"{one[1]} <{meaning}>" if one[2].upper() in unknown else one[0], names).encode()
        )
        font[NameObject("/ToUnicode")] = writer._add_object(stream)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def report(
    values: dict[CellRef, Value], title: str = _TITLE, words: str = "没有需要说明的其他情况。", end: str = ""
) -> bytes:
    """A report set as a PDF."""
    source = '#set page(width: 600pt, height: 840pt, margin: 30pt)\n#set text(font: "Noto Sans CJK SC", size: 8pt)\n'
    for section in _FORM.sections:
        body = set_table(grids(_FORM, values)[section.table]) if section.table else words
        title += f"\n\n{section.heading}\n\n{body}"
    return bytes(typst.compile(f"{source}{title}\n\n{end}".encode()))


def zeros() -> dict[CellRef, Value]:
    return dict.fromkeys(_FORM.cells, number(0))


def read_without(folder: Path, letters: str, meaning: str = "", **parts: str) -> Ingested:
    """A report of zeros, read from a PDF whose fonts do not say what these letters are."""
    return read(saved(folder, "a.pdf", without(report(zeros(), **parts), letters, meaning)))


def told(found: Ingested) -> list[str]:
    """The messages about letters outside of tables."""
    return [gap.message for gap in found.gaps if gap.what is GapKind.LETTERS and not gap.table]


@pytest.mark.parametrize("meaning", MEANINGLESS)
def test_a_letter_of_a_name_that_cannot_be_told_makes_no_other_name(tmp_path: Path, meaning: str) -> None:
    found = read_without(tmp_path, "虚", meaning)
    assert (found.office_name, found.year, len(found.cells)) == ("示例县\ufffd构局", 2023, len(_FORM.cells))
    (message,) = told(found)
    assert "“示例县□构局”中第4个字无法识别" in message
    gaps = [one for one in findings_of(found, ReportKey("x", 2023)) if one.message == message]
    assert [one.state for one in gaps] == [FindingState.UNCERTAIN]


def test_a_letter_that_another_place_tells_is_taken_from_there(tmp_path: Path) -> None:
    # 虚 is one of Kangxi's radicals in no font: the signature is set with a letter of another shape.
    found = read_without(tmp_path, "虚", "E123", end="示例县虎构局\n\n2024年1月9日")
    assert found.office_name == "示例县虎构局"
    (message,) = told(found)
    assert message.startswith("标题和引言：“示例县□构局")


def test_another_name_below_is_not_taken_for_the_one_that_cannot_be_told(tmp_path: Path) -> None:
    found = read_without(tmp_path, "虚", "E123", end="示例县教育局\n\n2024年1月9日")
    assert found.office_name == "示例县\ufffd构局"


@pytest.mark.parametrize("meaning", MEANINGLESS)
def test_a_digit_that_cannot_be_told_is_never_left_out(tmp_path: Path, meaning: str) -> None:
    values = values_for(_FORM, chance_of("digits"), blanks=False)
    content = without(report(values, title="示例县虚构局二〇二三年政府信息公开工作年度报告"), "3", meaning)
    found = read(saved(tmp_path, "a.pdf", content))
    wrong = {ref for ref, cell in found.cells.items() if cell.value.number != values[ref].number}
    gone = {ref for ref in values if ref not in found.cells} - {ref for gap in found.gaps for ref in gap.cells}
    assert not wrong
    assert not gone
    threes = {ref for ref, value in values.items() if "3" in value.printed}
    assert threes.isdisjoint(found.cells)
    assert len(found.cells) >= len(values) - len(threes) - 35


def test_a_year_that_cannot_be_told_is_said_to_be_such(tmp_path: Path) -> None:
    found = read_without(tmp_path, "3")
    assert found.year is None
    assert any("202□年" in message for message in told(found))


def test_a_number_of_the_words_is_not_cut_at_a_digit_that_cannot_be_told(tmp_path: Path) -> None:
    found = read_without(tmp_path, "虚", words="全年收到申请1虚3件。", title=_TITLE.replace("虚", "假"))
    assert found.sections["overview"] == "全年收到申请1\ufffd3件。"
    assert not sentences(found.sections["overview"])
    assert all("等1处有字无法识别" in message for message in told(found))
    assert len(told(found)) == 3


def test_a_sign_before_a_line_is_a_bullet_and_no_letter(tmp_path: Path) -> None:
    found = read_without(tmp_path, "虚", "F0B7", words="虚加强培训。", title=_TITLE.replace("虚", "假"))
    assert told(found) == []


def test_a_file_whose_letters_cannot_be_told_is_refused_with_what_to_do(tmp_path: Path) -> None:
    content = without(
        report(zeros()), "".join(set(_TITLE + "".join(row.label for row in _FORM.tables[1].rows.values())))
    )
    with pytest.raises(IngestError, match="letters that no program can tell") as error:
        read(saved(tmp_path, "a.pdf", content))
    assert "嵌入全部字体" in error.value.in_both[0]


def test_letters_beyond_the_first_plane_are_read(tmp_path: Path) -> None:
    assert read_without(tmp_path, "", title=_TITLE.replace("虚", "𬭊")).office_name == "示例县𬭊构局"


def test_known_offices_are_proposed_for_a_name_that_cannot_be_told_in_full(tmp_path: Path) -> None:
    found = read_without(tmp_path, "虚")
    proposed = with_proposals(found, ["示例县虚构局", "示例县教育局"])
    assert [message.split("未能确定")[0] for message in told(proposed)] == ["可能是“示例县虚构局”，"]
    assert with_proposals(found, ["示例县教育局"]) == found


def test_reports_whose_name_cannot_be_told_are_joined_with_no_other() -> None:
    names = ["示例县\ufffd构局", "示例县\ufffd构局", "示例县虚构局"]
    found = offices_of([Named(name, 2021 + index, Path(f"{index}.pdf")) for index, name in enumerate(names)])
    assert found.names == ("示例县□构局（0.pdf）", "示例县□构局（1.pdf）", "示例县虚构局")
    assert len(found.alike) == 3


def test_a_letter_that_cannot_be_told_stands_for_one_letter() -> None:
    assert fits("示例县\ufffd构局", "示例县虚构局")
    assert not fits("示例县\ufffd构局", "示例县构局")
    assert not fits("示例县\ufffd构局", "示例县虚构局机关")
