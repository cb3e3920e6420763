"""Code that is kept: the same code, and never that of anything else."""

from __future__ import annotations

import sys
from pathlib import Path
from types import CodeType

import fastjsonschema
import jinja2
import nbformat
import pytest
from nbformat.v4 import nbformat_minor, nbformat_schema

from nianbao import kept_code
from nianbao.export import html
from nianbao.notebooks import kept


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Python, and so we, would keep code: a folder that is not there yet."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "kept"


def code(source: str) -> CodeType:
    return compile(source, "<made>", "eval")


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_kept_is_recalled_for_the_same_alone(folder: Path) -> None:
    assert kept_code.recall("sum", "1 + 1") is None
    kept_code.keep("sum", "1 + 1", code("1 + 1"))
    assert kept_code.recall("sum", "1 + 1") == code("1 + 1")
    assert kept_code.recall("sum", "1 + 2") is None
    assert kept_code.recall("difference", "1 + 1") is None
    kept_code.keep("sum", "1 + 2", code("1 + 2"))
    assert kept_code.recall("sum", "1 + 1") is None
    assert len(files(folder)) == 1


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied"])
def test_what_is_damaged_is_not_used_but_kept_anew(folder: Path, damage: str) -> None:
    kept_code.keep("sum", "1 + 1", code("1 + 1"))
    (file,) = files(folder)
    whole = file.read_bytes()
    file.write_bytes({"cut": whole[:-1], "changed": whole[:-1] + b"?", "emptied": b""}[damage])
    assert kept_code.recall("sum", "1 + 1") is None
    kept_code.keep("sum", "1 + 1", code("1 + 1"))
    assert file.read_bytes() == whole


def test_nothing_is_kept_where_python_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    kept_code.keep("sum", "1 + 1", code("1 + 1"))
    assert not folder.exists()


def test_where_nothing_can_be_written_nothing_is_said(folder: Path) -> None:
    folder.write_text("a file in the folder's place")
    kept_code.keep("sum", "1 + 1", code("1 + 1"))
    assert kept_code.recall("sum", "1 + 1") is None
    assert files(folder.parent) == [folder]


def test_a_page_of_kept_templates_is_the_same_and_compiles_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def blocks() -> str:
        return html._template.__wrapped__().environment.get_template("blocks.html.j2").render()

    first = blocks()
    assert sorted(file.name.split(".cpython")[0] for file in files(folder)) == [
        "kept-blocks.html.j2",
        "kept-report.html.j2",
    ]
    with monkeypatch.context() as patch:
        patch.setattr(jinja2.Environment, "compile", None)
        assert blocks() == first
    monkeypatch.setitem(html._OPTIONS, "trim_blocks", False)
    monkeypatch.setattr(jinja2.Environment, "compile", None)
    with pytest.raises(TypeError):
        blocks()


SCHEMA = nbformat.validator._get_schema_json(nbformat.v4, version=4, version_minor=nbformat_minor)
GOOD = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
CELL = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "source": "1", "execution_count": None}


def verdict(validate: object, notebook: object) -> object:
    try:
        return validate(notebook)  # type: ignore[operator]
    except fastjsonschema.JsonSchemaValueException as error:
        return error.message, error.path, error.rule, error.definition


def test_the_kept_schema_says_of_each_notebook_what_the_fresh_one_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (4, nbformat_minor) in nbformat_schema
    fresh = fastjsonschema.compile(SCHEMA)
    compile_once = kept(fastjsonschema.compile)
    compile_once(SCHEMA)
    monkeypatch.setattr(fastjsonschema, "compile_to_code", None)
    again = compile_once(SCHEMA)
    notebooks = [
        GOOD,
        {**GOOD, "cells": [CELL]},
        {**GOOD, "cells": [{**CELL, "id": "not an id!"}]},
        {**GOOD, "cells": [{**CELL, "cell_type": "tune"}]},
        {**GOOD, "cells": [{**CELL, "execution_count": -1}]},
        {**GOOD, "cells": {}},
        {**GOOD, "nbformat": 3},
        {},
        [],
    ]
    verdicts = [verdict(fresh, each) for each in notebooks]
    assert [verdict(again, each) for each in notebooks] == verdicts
    assert [isinstance(each, tuple) for each in verdicts] == [False, False, *[True] * 7]


def test_another_schema_is_compiled_for_itself() -> None:
    compile_once = kept(fastjsonschema.compile)
    compile_once(SCHEMA)
    other = compile_once({"type": "string"})
    assert other("a") == "a"
    named = compile_once({"$id": "some", "type": "integer"})
    assert named(1) == 1
