from __future__ import annotations

import copy
import io
import json
import zipfile
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from builders import made, stitched_notebook
from nianbao.errors.language import told_in
from nianbao.export import export
from nianbao.export.document import read_document
from nianbao.export.zipped import packed_files
from nianbao.form import EDITIONS, CellRef
from nianbao.form.cells import number
from nianbao.pipeline.verify import SHOWN, differences

REF = CellRef("applications", "granted", "total")


def report(changed: bool) -> NotebookNode:
    counts = {ref: number(index) for index, ref in enumerate(EDITIONS["2021"].cells, start=1)}
    if changed:
        counts[REF] = number(9999)
    notebook = stitched_notebook(value_of=counts.__getitem__)
    if changed:
        for cell in notebook.cells:
            for output in cell.outputs:
                replace(output.data)
    return notebook


def replace(data: dict[str, Any]) -> None:
    """17849 becomes 17850 wherever the text states it."""
    for key, item in data.items():
        if isinstance(item, str):
            data[key] = item.replace("17849", "17850")
        elif isinstance(item, dict):
            replace(item)


@pytest.fixture(scope="module")
def both() -> tuple[NotebookNode, NotebookNode]:
    return report(changed=False), report(changed=True)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("html", "table 2, row 6, cell 9 '31' → '9999'"),
        ("docx", "table 2, row 6, cell 9 '31' → '9999'"),
        ("xlsx", "sheet 表3 依申请公开, cell J7 '31' → '9999'"),
    ],
)
def test_a_changed_cell_is_told_by_its_place_and_both_values(
    both: tuple[NotebookNode, NotebookNode], form: str, told: str
) -> None:
    old, new = (export(read_document(one), form)[0] for one in both)
    assert told in differences(new.name, old.content, new.content)


@pytest.mark.parametrize(("form", "place"), [("html", "paragraph "), ("docx", "paragraph "), ("pdf", "page 1 ")])
def test_a_changed_sentence_is_told_with_what_stands_around_it(
    both: tuple[NotebookNode, NotebookNode], form: str, place: str
) -> None:
    old, new = (export(read_document(one), form)[0] for one in both)
    told = [line for line in differences(new.name, old.content, new.content) if "17850" in line]
    assert told[0].startswith(place)
    assert "17849" in told[0]


def test_a_changed_cell_of_a_notebook_is_told_by_cell_and_statutory_address(
    both: tuple[NotebookNode, NotebookNode],
) -> None:
    told = differences("report.ipynb", *(nbformat.writes(one).encode() for one in both))
    assert any(line.startswith("cell ") and ", applications.granted.total " in line for line in told)


def test_a_new_paragraph_is_one_difference() -> None:
    old = b"<html><body><p>one</p><p>two</p><p>three</p></body></html>"
    new = b"<html><body><p>one</p><p>new</p><p>two</p><p>three</p></body></html>"
    assert differences("report.html", old, new) == ["paragraph 2 is new: 'new'"]
    assert differences("report.html", new, old) == ["paragraph 2 is gone: 'new'"]


def test_a_key_of_a_manifest_is_told_by_its_path_and_digests_that_follow_are_left_out() -> None:
    manifest = {
        "inputs": [{"path": "data/a.csv", "sha256": "a" * 64}],
        "software": {"pandas": "3.1.1"},
        "files": [{"path": "report.html", "sha256": "c" * 64}],
    }
    changed = copy.deepcopy(manifest)
    changed["inputs"].insert(0, {"path": "data/0.csv", "sha256": "b" * 64})  # type: ignore[attr-defined]
    changed["software"]["pandas"] = "3.1.2"  # type: ignore[call-overload]
    changed["files"][0]["sha256"] = "d" * 64  # type: ignore[index]
    told = differences("manifest.json", json.dumps(manifest).encode(), json.dumps(changed).encode())
    assert told == [
        "inputs[data/0.csv].path is new: 'data/0.csv'",
        f"inputs[data/0.csv].sha256 is new: '{'b' * 12}…'",
        "software.pandas '3.1.1' → '3.1.2'",
    ]


def test_what_no_reader_sees_is_told_by_the_part_of_the_file(both: tuple[NotebookNode, NotebookNode]) -> None:
    old = made(both[0], "docx")
    with zipfile.ZipFile(io.BytesIO(old)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["docProps/core.xml"] += b"<!-- late -->"
    (told,) = differences("report.docx", old, packed_files(parts))
    assert told.startswith("part docProps/core.xml ")
    assert told_in("zh", told).startswith("部件 docProps/core.xml ")
    assert "late" in told


def test_a_file_cut_short_is_told_of_and_nothing_is_raised(both: tuple[NotebookNode, NotebookNode]) -> None:
    content = made(both[0], "pdf")
    (told,) = differences("report.pdf", content, content[:1000])
    assert told.startswith("one of the two cannot be read")


def test_only_the_first_differences_are_told() -> None:
    old = "\n".join(f"old {line}" for line in range(100)).encode()
    told = differences("notes.txt", old, old.replace(b"old", b"new"))
    assert len(told) == SHOWN + 1
    assert told[-1] == f"… and {100 - SHOWN} more"


def test_files_that_differ_in_bytes_alone_are_told_by_the_first_byte() -> None:
    assert differences("notes.txt", b"one\n", b"one\r\n") == ["byte 3 of 4 (5): b'one\\n' → b'one\\r\\n'"]
    assert differences("notes.txt", b"same", b"same") == []


def test_a_place_is_told_in_chinese_throughout(both: tuple[NotebookNode, NotebookNode]) -> None:
    old = copy.deepcopy(both[0])
    old.cells[0].metadata["note"], old.metadata["note"] = "one", "one"
    new = copy.deepcopy(old)
    new.cells[0].metadata["note"], new.metadata["note"] = "two", "two"
    told = differences("report.ipynb", *(nbformat.writes(one).encode() for one in (old, new)))
    name = new.cells[0].id
    assert told == [f"cell 1 ({name}), metadata.note 'one' → 'two'", "metadata.note 'one' → 'two'"]
    assert [told_in("zh", line) for line in told] == [
        f"第1个单元格（{name}），元数据.note 'one' → 'two'",
        "元数据.note 'one' → 'two'",
    ]
    shown = differences("report.ipynb", *(nbformat.writes(one).encode() for one in both))
    assert not any(word in told_in("zh", line) for line in shown for word in ("output", "metadata", "table cell"))
    (byte,) = differences("notes.txt", b"one\n", b"one\r\n")
    assert told_in("zh", byte) == "第3字节（共4字节，现为5字节）：b'one\\n' → b'one\\r\\n'"
