"""One rule for characters that nobody sees, whatever the format."""

import pytest

import builders
from nianbao.errors import ExportError
from nianbao.export import FORMATS
from nianbao.export.blocks import Paragraph, Run
from nianbao.export.document import Document, read_document
from nianbao.form import plain_grid
from nianbao.form.cells import State, Value
from nianbao.section import display

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20">{}</text></svg>'


def document(*shown: display.Display, **parts: object) -> Document:
    return read_document(builders.stitched_notebook(extra=shown, **parts))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("character", ["\x00", "\x02", "\x0b", "\x1b", "\x7f", "\x9c", "\ufffe", "\ufffd"])
def test_a_control_character_is_refused_by_name_in_every_format(form: str, character: str):
    notebook = builders.stitched_notebook(extra=(display.table(plain_grid("表", ["列"], [[f"甲{character}乙"]])),))
    with pytest.raises(ExportError, match=rf"U\+{ord(character):04X} .*“甲□乙”") as caught:
        builders.made(notebook, form)
    assert caught.value.where == "六、其他需要报告的事项, table row 2, column 1"


@pytest.mark.parametrize(
    ("shown", "where"),
    [
        (display.text("甲\x01"), "六、其他需要报告的事项, block 2"),
        (display.text("- 甲\n- \x01"), "六、其他需要报告的事项, block 2, item 2"),
        (display.heading("（一）\x01", 2), "the heading '（一）\\x01'"),
        (display.closing("\x01"), "the closing"),
        (
            display.picture(SVG.format("甲"), "甲\x01"),
            "cell 15, the picture's alternative text",
        ),
        (display.picture(SVG.format("甲\x85\x9f"), "甲"), "cell 15, the picture “甲”"),
    ],
)
def test_the_place_of_a_control_character_is_named(shown: display.Display, where: str):
    with pytest.raises(ExportError) as caught:
        document(shown)
    assert caught.value.where == where


@pytest.mark.parametrize("part", ["title", "office"])
def test_a_control_character_in_the_metadata_is_refused(part: str):
    notebook = builders.stitched_notebook(office="甲\x01" if part == "office" else "甲")
    notebook.metadata["nianbao"]["title"] += "\x02" if part == "title" else ""
    with pytest.raises(ExportError, match=r"U\+000[12]"):
        read_document(notebook)


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\xad", "\u202e", "\u2066", "\u200d", "\ufe0f", "\U000e0100"])
def test_format_characters_are_left_out_everywhere(unseen: str):
    words = f"朱{unseen}镕"
    found = document(
        display.text(words),
        display.table(plain_grid(words, [words], [[words]])),
        display.picture(SVG.format(words), words, words),
        office=words,
        value_of=lambda _: Value(State.TEXT, words),
    )
    assert ascii(unseen)[1:-1] not in ascii(found)
    assert found.office == "朱镕"
    assert Paragraph((Run("朱镕"),)) in found.blocks


def test_line_ends_of_other_systems_are_line_ends():
    (block,) = [b for b in document(display.text("甲\u2028乙", "notice")).blocks if getattr(b, "role", "") == "notice"]
    assert isinstance(block, Paragraph)
    assert block.text == "甲\n乙"


def test_a_document_without_such_characters_is_left_as_it_is():
    notebook = builders.stitched_notebook()
    assert read_document(notebook) == read_document(notebook)
    assert "示例市" in repr(read_document(notebook))
