from __future__ import annotations

import datetime

import pytest

from nianbao.errors import InputError
from nianbao.inputs.settings import OFFICE_SETTINGS, YEAR_SETTINGS, read_settings


def test_settings_are_read_with_their_types() -> None:
    found = read_settings('published: 2024-01-10\nedition: "2019"\nfonts: [甲体, 乙体]\n', YEAR_SETTINGS, "y.yaml")
    assert found["published"] == datetime.date(2024, 1, 10)
    assert found["edition"].code == "2019"
    assert found["fonts"] == ("甲体", "乙体")
    assert found["profile"].value == "official"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("publishd: 2024-01-10\npublished: 2024-01-10", "line 1: unknown key 'publishd'; did you mean 'published'"),
        ("published: soon", "line 1: published must be a date such as 2024-01-10"),
        ("published: 2024-01-10\nprofile: fancy", "line 2: profile must be one of official, illustrated"),
        ("published:", "published is still blank"),
        ("published: 2024-01-10\npublished: 2024-01-11", "given twice"),
        ("published: [2024", "no valid YAML"),
        ("- a\n- b", "must hold lines of 'key: value'"),
        ("published: 2024-13-45", "no valid YAML|must be a date"),
    ],
)
def test_a_wrong_setting_names_its_line_and_what_it_must_be(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_settings(text, YEAR_SETTINGS, "params/x/2023.yaml")


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_settings("nam: x\nlevel: village\n", OFFICE_SETTINGS, "office.yaml")
    assert "'nam'" in caught.value.what
    assert "level must be one of" in caught.value.what
    assert "kind is still blank" in caught.value.what
