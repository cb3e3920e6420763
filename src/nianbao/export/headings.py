"""Owns the headings that stand within a paragraph: （一）主动公开方面。 as its first words.

May import: nothing of ours. Source: GB/T 9704-2012, 7.3.3 (第二层用楷体).
"""

from __future__ import annotations

import re

# The numeral of the second layer, then words up to the first full stop; a whole sentence of narrative is none.
_RUN_IN = re.compile(r"（[一二三四五六七八九十]{1,3}）[^。；！？\n]{1,30}。(?=.)")


def run_in_length(paragraph: str) -> int:
    """How many characters at the paragraph's beginning are a heading of the second layer; 0 for most."""
    found = _RUN_IN.match(paragraph)
    return found.end() if found else 0
