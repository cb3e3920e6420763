"""Owns the one quiet palette of charts and of the 图解 page, and the face of their words.

May import: nothing of ours.
"""

from __future__ import annotations

FONT_FAMILY = "Noto Sans SC"

# Steps of lightness in blue and one warm accent: told apart in grey and by colour-blind readers alike, and each
# neighbour differs in hatching too.
PALETTE = ("#1f3d5c", "#4d7ea8", "#a3c1da", "#d8b365", "#8c8c8c", "#e3e3e3")
HATCHES = ("", "", "", "///", "\\\\\\", "")
# A seventh series and those after it have the colours once more, hatched where they were plain.
MORE_HATCHES = ("///", "///", "///", "", "", "xxx")
INK = "#262626"
SOFT = "#55585e"
GROUND = "#f0f4f8"
GRID = "#e3e3e3"
AXIS = "#8c8c8c"


def look(index: int) -> tuple[str, str]:
    """The colour and the hatching of the series of that number, from 0."""
    turn, place = divmod(index, len(PALETTE))
    return PALETTE[place], (MORE_HATCHES if turn % 2 else HATCHES)[place]
