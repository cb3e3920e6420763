"""Owns JSON as it stands in files: indented for people, the same bytes each time.

Imports nothing of ours. The standard library's encoder is Python where it indents, and took a twentieth of a report.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

_PLAIN = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def json_text(value: Any, *, sort_keys: bool = False) -> bytes:
    """The value as JSON in UTF-8, two spaces of indent, a line end after it; TypeError for what JSON cannot hold."""
    try:
        return orjson.dumps(value, option=_PLAIN | (orjson.OPT_SORT_KEYS if sort_keys else 0))
    except orjson.JSONEncodeError:
        # Whole numbers of more than 64 bits: a cell may hold any digits.
        return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=sort_keys) + "\n").encode()
