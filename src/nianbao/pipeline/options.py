"""Owns what kind of report is wanted.

May import: model. The commands make it, every step reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nianbao.model import Profile

FORMATS = ("html", "pdf", "docx", "xlsx")


@dataclass(frozen=True)
class Options:
    """What kind of report is wanted: formats, profile (None: as the year's parameters say), draft, store or not.

    ``font_dir`` is the folder of the office's own fonts.
    """

    formats: tuple[str, ...] = FORMATS
    profile: Profile | None = None
    draft: bool = False
    store: bool = True
    font_dir: Path | None = None

    @property
    def variant(self) -> str:
        """Keeps results of different furnishings of the same report apart."""
        return f"{self.profile.value if self.profile else 'default'}{'-draft' if self.draft else ''}"
