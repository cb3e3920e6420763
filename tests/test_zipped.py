import io
import zipfile

import pytest

from nianbao.zipped import stable_zip


def _zip(*names: str, moment: tuple[int, int, int, int, int, int] = (2024, 1, 10, 8, 0, 0)) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in names:
            target.writestr(zipfile.ZipInfo(name, moment), f"content of {name}")
    return made.getvalue()


def test_neither_order_nor_time_of_the_entries_changes_the_bytes():
    earlier = _zip("a.xml", "[Content_Types].xml", "_rels/.rels")
    later = _zip("_rels/.rels", "[Content_Types].xml", "a.xml", moment=(2025, 5, 5, 5, 5, 4))
    assert stable_zip(earlier) == stable_zip(later)


def test_the_content_types_come_first_and_every_content_is_kept():
    with zipfile.ZipFile(io.BytesIO(stable_zip(_zip("a.xml", "_rels/.rels", "[Content_Types].xml")))) as made:
        assert made.namelist() == ["[Content_Types].xml", "_rels/.rels", "a.xml"]
        assert made.read("a.xml") == b"content of a.xml"
        assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_part_is_replaced_and_a_part_that_is_not_there_is_an_error():
    content = _zip("docProps/core.xml")
    with zipfile.ZipFile(io.BytesIO(stable_zip(content, {"docProps/core.xml": b"<fixed/>"}))) as made:
        assert made.read("docProps/core.xml") == b"<fixed/>"
    with pytest.raises(KeyError):
        stable_zip(content, {"docProps/app.xml": b""})
