"""One file cannot hold up, fill or end the reading of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.damage import chance_of, report
from ingest.test_hostile import saved
from nianbao.errors import IngestError
from nianbao.ingest import Ingested, Reader


def good(folder: Path) -> Path:
    return saved(folder, "good.txt", report(chance_of("good"), "tabs", "2021", blanks=False).content.encode())


def test_a_file_that_takes_too_long_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    page = b"<html><p " + b" ".join(b"a%d=1" % number for number in range(60_000)) + b">x</p></html>"
    with Reader(processor_seconds=1) as reader:
        with pytest.raises(IngestError, match="cannot be read within 1 seconds of processor time") as error:
            reader.read(saved(tmp_path, "attributes.html", page))
        assert error.value.where == "attributes.html"
        (found,) = reader.read(good(tmp_path))
    assert isinstance(found, Ingested)
    assert len(found.cells) == 200


def test_a_file_that_takes_too_much_memory_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    # A page of this size stands in memory many times over.
    page = b"<html><table><tr>" + b"<td>1</td>" * 1_200_000 + b"</tr></table></html>"
    with Reader(memory=32 << 20) as reader:
        with pytest.raises(IngestError):
            reader.read(saved(tmp_path, "cells.html", page))
        (found,) = reader.read(good(tmp_path))
    assert isinstance(found, Ingested)


def test_errors_come_back_as_they_are(tmp_path: Path) -> None:
    with Reader() as reader, pytest.raises(IngestError, match="is empty") as error:
        reader.read(saved(tmp_path, "empty.txt", b""))
    assert (error.value.where, error.value.hint) == ("empty.txt", "get the file anew")
