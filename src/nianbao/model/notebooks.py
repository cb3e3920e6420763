"""Notebooks as files: what a run leaves in one, by which no two versions of a notebook differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# What our engine, papermill, Jupyter and its widgets note of a run, in a notebook's metadata and in those of its cells.
_OF_RUNS = frozenset({"nianbao", "papermill", "widgets"})
_OF_RUNS_OF_CELLS = frozenset({"execution", "papermill"})


def lasting_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """A notebook's metadata without what a run notes; of the language its name is kept, not the exact version."""
    language = {"name": metadata.get("language_info", {}).get("name", "python")}
    return {key: value for key, value in metadata.items() if key not in _OF_RUNS} | {"language_info": language}


def lasting_cell_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata of a cell without what a run notes."""
    return {key: value for key, value in metadata.items() if key not in _OF_RUNS_OF_CELLS}


def without_runs(content: bytes) -> bytes:
    """A notebook's file as Jupyter writes it, without what a run by hand has left: outputs, counts, times, versions.

    Bytes that are no notebook are given back as they are.
    """
    try:
        notebook = json.loads(content)
        notebook["metadata"] = lasting_metadata(notebook["metadata"])
        for cell in notebook["cells"]:
            cell["metadata"] = lasting_cell_metadata(cell["metadata"])
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
    except (AttributeError, KeyError, TypeError, ValueError):
        return content
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
