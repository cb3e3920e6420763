"""Owns notebooks of ours as text, in nbformat's own layout, without the checks made when they were read or run; and the
schema that nbformat checks by, compiled once.

May import: json_text, kept_code, put_off. nbformat validates and copies at each reading and writing; a report's
notebooks would pay that thirty times. What comes from outside is read with nbformat itself, and the stitched notebook
is validated as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any, cast

import fastjsonschema  # nbformat's

from nianbao import kept_code
from nianbao.json_text import json_text
from nianbao.put_off import SCHEMA_FORMATS, left_out, replaced

with left_out(*SCHEMA_FORMATS):
    from nbformat import NotebookNode, from_dict, validate
    from nbformat.v4 import new_notebook
    from nbformat.v4.rwbase import rejoin_lines, split_lines

Validate = Callable[[Any], Any]


def as_text(notebook: NotebookNode) -> str:
    """The notebook as nbformat lays it out: keys sorted, long texts as lists of lines."""
    apart = NotebookNode(notebook, cells=[_with_own_texts(cell) for cell in notebook.cells])
    return json_text(split_lines(apart), sort_keys=True).decode()


def from_text(text: str) -> NotebookNode:
    """The notebook that ``as_text`` has written."""
    return cast("NotebookNode", rejoin_lines(from_dict(json.loads(text))))


@cache
def compile_schema() -> None:
    """Have nbformat know the schema of notebooks; it would compile it anew in each process, for a tenth of a second.

    For whoever is about to have it read or check a notebook.
    """
    with replaced(fastjsonschema, "compile", kept):
        validate(new_notebook())


def kept(compile_anew: Callable[..., Validate]) -> Callable[..., Validate]:
    """What compiles as ``compile_anew`` of fastjsonschema does, but once for each version of schema and package.

    Any option, and a schema that names itself, is for ``compile_anew``: nbformat's is compiled without.
    """

    def compile_once(schema: dict[str, Any], **options: Any) -> Validate:
        if options or {"id", "$id"} & schema.keys():
            return compile_anew(schema, **options)
        made_of = f"fastjsonschema {fastjsonschema.VERSION}\n{json.dumps(schema)}"
        code = kept_code.recall("schema", made_of)
        if code is None:
            code = compile(fastjsonschema.compile_to_code(schema), "<schema of notebooks>", "exec")
            kept_code.keep("schema", made_of, code)
        names: dict[str, Any] = {}
        exec(code, names)  # noqa: S102 -- as fastjsonschema does itself
        return cast("Validate", names["validate"])

    return compile_once


def _with_own_texts(cell: NotebookNode) -> NotebookNode:
    """The cell with copies of whatever holds texts: splitting changes it in place."""
    own = NotebookNode(cell)
    if "attachments" in own:
        own["attachments"] = {name: dict(bundle) for name, bundle in own["attachments"].items()}
    if "outputs" in own:
        own["outputs"] = [_with_own_data(output) for output in own["outputs"]]
    return own


def _with_own_data(output: NotebookNode) -> NotebookNode:
    own = NotebookNode(output)
    if "data" in own:
        own["data"] = dict(own["data"])
    return own
