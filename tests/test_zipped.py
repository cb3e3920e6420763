import io
import zipfile

from nianbao.export.zipped import packed_files

NAMES = ("a.xml", "_rels/.rels", "[Content_Types].xml", "media/one.png")


def _files(*names: str) -> dict[str, bytes]:
    return {name: f"content of {name}, and once more: content of {name}".encode() for name in names}


def test_the_order_of_the_entries_does_not_change_the_bytes():
    assert packed_files(_files(*NAMES)) == packed_files(_files(*reversed(NAMES)))


def test_the_content_types_come_first_no_time_is_told_and_every_content_is_kept():
    with zipfile.ZipFile(io.BytesIO(packed_files(_files(*NAMES)))) as made:
        assert made.testzip() is None
        assert made.namelist() == ["[Content_Types].xml", "_rels/.rels", "a.xml", "media/one.png"]
        assert {name: made.read(name) for name in made.namelist()} == _files(*NAMES)
        assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_pictures_that_are_packed_already_are_stored_as_they_are():
    with zipfile.ZipFile(io.BytesIO(packed_files(_files(*NAMES)))) as made:
        kinds = {entry.filename: entry.compress_type for entry in made.infolist()}
    assert kinds["media/one.png"] == zipfile.ZIP_STORED
    assert {kind for name, kind in kinds.items() if not name.endswith(".png")} == {zipfile.ZIP_DEFLATED}
