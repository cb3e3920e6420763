from __future__ import annotations

import codecs

import pytest

from nianbao.inputs.encodings import encoding_of, utf_16_without_mark

_TEXTS = (
    "代码,名称,总计\nnew,本年新收,12\n",
    "全年收到申请12件，办结12件。",
    "本机关没有收到申请，没有收取费用。",
    "row,label,column,value\nregulations,规章,made,0\n",
    "# 一、总体情况\n\n公开信息１３２６条；𬭊河局。\n",
)


@pytest.mark.parametrize("text", _TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gb18030"])
def test_the_encoding_of_a_text_is_told_without_a_mark(text: str, encoding: str) -> None:
    if encoding == "gb18030" and text.isascii():
        return
    assert encoding_of(text.encode(encoding)) == (b"", encoding)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_mark_says_the_encoding(mark: bytes) -> None:
    encoding = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}[mark]
    assert encoding_of(mark + "规章,1\n".encode(encoding)) == (mark, encoding)


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02\x03" * 50,
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        bytes(64),
        "规章,1\n".encode("utf-16-le")[:-1],
        "规章,1\n".encode("utf-32-le"),
        "规章\x02,1\n".encode("utf-16-le"),
        "\ue000\ue001\ue002,1\n".encode("utf-16-le"),
        "𝔄λφабв1\n".encode("utf-16-be"),
    ],
)
def test_what_is_not_certain_is_no_text(content: bytes) -> None:
    assert encoding_of(content) is None


@pytest.mark.parametrize(
    "text", ["this app can break", "Bush hid the facts", "啊阿埃挨哎唉哀皑癌蔼矮艾碍爱隘", "0,1,2,3,4,5"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_short_texts_of_other_encodings_are_not_taken_for_utf_16(text: str, encoding: str) -> None:
    assert utf_16_without_mark(text.encode(encoding)) is None
