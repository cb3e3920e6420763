"""Owns notebooks of ours as text: nbformat's own layout, without the checks that were made when they were read or run.

May import: json_text, put_off. nbformat validates and copies at each reading and writing; a report's notebooks would
pay that thirty times. What comes from outside is read with nbformat itself, and the stitched notebook is validated as a
whole.
"""

from __future__ import annotations

import json
from typing import cast

from nianbao.json_text import json_text
from nianbao.put_off import SCHEMA_FORMATS, left_out

with left_out(*SCHEMA_FORMATS):
    from nbformat import NotebookNode, from_dict
    from nbformat.v4.rwbase import rejoin_lines, split_lines


def as_text(notebook: NotebookNode) -> str:
    """The notebook as nbformat lays it out: keys sorted, long texts as lists of lines."""
    apart = NotebookNode(notebook, cells=[_with_own_texts(cell) for cell in notebook.cells])
    return json_text(split_lines(apart), sort_keys=True).decode()


def from_text(text: str) -> NotebookNode:
    """The notebook that ``as_text`` has written."""
    return cast("NotebookNode", rejoin_lines(from_dict(json.loads(text))))


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
