"""What the manifest and the fingerprints say of fonts: which files serve a report, with digests and reasons.

May import: export. The choice itself is made in export.fonts, the look at the glyphs in export.glyphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nianbao.export.document import Document

# The package that carries the open fonts: its version stands for their bytes.
FONT_PACKAGES = ("pylopdf-fonts-zh-cn", "typst")
# The formats whose bytes depend on which fonts are installed; the others only name faces.
FONT_FORMATS = frozenset({"docx", "pdf"})  # a DOCX has its pictures' words drawn
# What reads the document for the look at its glyphs, besides the fonts.
GLYPH_PACKAGES = ("fonttools", "lxml", "markdown-it-py", "nbformat")
OPEN = "open"


def fonts_used(declared: str | Sequence[str], font_dir: Path | None = None) -> dict[str, Any]:
    """The fonts for what the parameters declare: for each file the roles that it serves first, and why.

    The same fonts give the same bytes on every machine: files are named without their folders. A file that serves
    only where another lacks a character has no roles.
    """
    from nianbao.export.fonts import resolve

    chosen = resolve(declared if isinstance(declared, str) else tuple(declared), font_dir)
    files: dict[tuple[str, str], dict[str, Any]] = {}
    for choice in chosen.choices:
        for face in choice.faces:
            entry = files.setdefault((face.path.name, face.name), {**face.to_json(), "roles": {}})
            if face is choice.faces[0]:
                entry["roles"][choice.role.value] = choice.reason
    named = declared if isinstance(declared, str) else [*declared]
    return {"declared": named, "files": [files[name] for name in sorted(files)], "missing": list(chosen.missing)}


def fallbacks(document: Document, font_dir: Path | None) -> list[str]:
    """The characters of the document that the face of their style lacks, and what serves instead.

    Raises ExportError, for every format alike, where no font has a character: it names it and its place.
    """
    from nianbao.export.fonts import document_fonts
    from nianbao.export.glyphs import check_glyphs

    found = check_glyphs(document, document_fonts(document, font_dir))
    return [str(fallback) for fallback in found]
