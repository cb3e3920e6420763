"""What the steps of a report make: executed sections, the stitched report, its files, and where they lie.

May import: form, model.offices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nianbao.form import Section
from nianbao.model.offices import ReportKey

# The MIME type of what a section displays besides tables: titles, headings, texts, figures, closings.
BLOCK_MIME = "application/vnd.nianbao.block+json"


@dataclass(frozen=True)
class SectionRun:
    """One executed section: which section, the notebook file it came from, and the executed notebook (JSON text).

    ``reads`` are the project files that the section read, by their names relative to the project: the SHA-256 of what
    it read, "absent" where there was no such file; a folder's listing has a name that ends with "/".
    """

    section: Section
    notebook: str
    executed: str
    reads: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"SectionRun({self.section.stem}, {self.notebook})"


@dataclass(frozen=True)
class Report:
    """A stitched report: its key and the notebook (JSON text) from which every exporter draws."""

    key: ReportKey
    notebook: str

    def __repr__(self) -> str:
        return f"Report({self.key})"


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of the finished report: its name in the report's folder and its bytes."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Published:
    """Where a finished report lies; ``changed`` is False where it stood there already, byte for byte.

    ``kept`` are files of people that were in its folder, by the names that they have now, relative to the project.
    """

    key: ReportKey
    folder: Path
    files: tuple[str, ...]
    changed: bool = True
    kept: tuple[str, ...] = ()
