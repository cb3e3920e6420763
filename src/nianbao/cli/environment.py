"""Owns what the commands take from the environment: FONT_DIR, and nothing else. No other room reads it.

May import: nothing of ours.
"""

from __future__ import annotations

import os
from pathlib import Path


def font_dir() -> Path | None:
    """The folder of the office's own fonts (FONT_DIR), or None where that is not set or empty."""
    named = os.environ.get("FONT_DIR", "")
    return Path(named).expanduser().absolute() if named else None
