"""JSON as it stands in files: indented for people, the same bytes each time."""

from __future__ import annotations

import json
from typing import Any


def json_text(value: Any, *, sort_keys: bool = False) -> bytes:
    """The value as JSON in UTF-8, two spaces of indent, a line end after it; TypeError for what JSON cannot hold."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=sort_keys) + "\n").encode()
