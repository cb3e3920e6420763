"""Owns which names of ``nianbao.section`` are imported late, and from which of its modules; what else leads to pandas.

May import: nothing of ours. pandas and matplotlib cost half a second: official reports, which have no charts, do
without them; and whoever asks what a notebook will need gets the answer without loading any of it.
"""

from __future__ import annotations

LATE = {
    "applicants_chart": "charts",
    "bars_by_year": "charts",
    "figure_display": "figure",
    "infographic_page": "infographic",
    "results_chart": "charts",
}

# The methods of a SectionView that give frames.
FRAMES = ("figures", "frame", "history")
