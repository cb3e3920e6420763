"""The choice of fonts: which file serves which style of a report, and why; a FontSet goes into the fingerprint.

Typst finds the files; the open package is always there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.errors import UsageError
from nianbao.export.document import Document
from nianbao.export.font_families import (
    DARKENED,
    OFFICIAL,
    OPEN_SANS,
    OPEN_SERIF,
    Family,
    Origin,
    Role,
    plain_name,
    unknown_family,
)

if TYPE_CHECKING:
    import typst

OPEN = "open"
OFFICIAL_FACES = "official"

# Where Debian's TeX packages put fonts that the system's own list leaves out.
_TEX_FOLDERS = (Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),)


@dataclass(frozen=True, slots=True)
class Face:
    """One font file that can serve: the name by which Typst knows it, its file, its place in a collection."""

    family: Family
    name: str
    path: Path
    index: int = 0

    @property
    def digest(self) -> str:
        """SHA-256 of the file."""
        return _digest(self.path, *_stamp(self.path))

    def to_json(self) -> dict[str, str]:
        """The face for the manifest: no path, for that differs from machine to machine."""
        return {"family": self.name, "file": self.path.name, "sha256": self.digest}


@dataclass(frozen=True, slots=True)
class Choice:
    """The faces that serve one role, the first for each character that it has; ``reason`` says why it is the first."""

    role: Role
    faces: tuple[Face, ...]
    reason: str

    @property
    def darkened(self) -> bool:
        """Whether the role is printed with a thin outline, for want of a face that is dark enough."""
        return self.role in DARKENED and not self.faces[0].family.dark


@dataclass(frozen=True, slots=True)
class FontSet:
    """The fonts of one report: what was asked for, and a choice for each role."""

    declared: str | tuple[str, ...]
    choices: tuple[Choice, ...]
    missing: tuple[str, ...] = field(default=())

    def choice(self, role: Role) -> Choice:
        """The choice for a role."""
        return next(choice for choice in self.choices if choice.role is role)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders in which the files are, sorted."""
        return tuple(sorted({str(face.path.parent) for choice in self.choices for face in choice.faces}))

    def to_json(self) -> dict[str, Any]:
        """The set for the manifest and the fingerprint: the same fonts give the same value on every machine."""
        declared = self.declared if isinstance(self.declared, str) else list(self.declared)
        roles = {choice.role.value: [face.to_json() for face in choice.faces] for choice in self.choices}
        return {"declared": declared, "roles": roles}


def document_fonts(document: Document, font_dir: Path | None = None) -> FontSet:
    """The fonts that the document's office asks for."""
    return resolve(document.fonts, font_dir)


def resolve(declared: str | tuple[str, ...], font_dir: Path | None = None) -> FontSet:
    """The fonts for ``open``, ``official``, or a list of family names; ``font_dir`` is the office's own folder.

    ``open`` without a folder is the pinned package and nothing else. Otherwise the first that is installed serves,
    by role: families named in the list, licensed ones, the system's, Debian's, the pinned package. Whatever else
    lies in the folder serves last, for characters that none of these has. Raises UsageError for a folder that is none.
    """
    if font_dir is not None and not font_dir.is_dir():
        raise UsageError(f"the folder of fonts {str(font_dir)!r} is no folder", hint="mend FONT_DIR, or leave it out")
    if isinstance(declared, str):
        if declared not in {OPEN, OFFICIAL_FACES}:
            return resolve((declared,), font_dir)
        if declared == OPEN and font_dir is None:
            return _chosen(declared, (), (), None)
        return _chosen(declared, OFFICIAL, _installed(font_dir), font_dir)
    return _chosen(declared, (*_named(declared), *OFFICIAL), _installed(font_dir), font_dir)


def typst_fonts(folders: tuple[str, ...]) -> typst.Fonts:
    """The files in the folders, for Typst; kept for the process, for it costs time."""
    return _typst_fonts(folders)


def _named(declared: Iterable[str]) -> tuple[Family, ...]:
    known = (*OFFICIAL, OPEN_SERIF, OPEN_SANS)
    return tuple(
        next((family for family in known if family.called(name)), None) or unknown_family(name) for name in declared
    )


def _chosen(
    declared: str | tuple[str, ...],
    wanted: tuple[Family, ...],
    installed: tuple[tuple[str, Path, int], ...],
    font_dir: Path | None,
) -> FontSet:
    opened = _open_faces()
    there = [*_faces(wanted, installed), *opened]
    others = _others(installed, font_dir, {face.name for face in there})
    choices = []
    for role in Role:
        able = [face for face in there if role in face.family.roles]
        # A character that no face of the role has comes from the open package, then from the office's own folder,
        # whatever its style.
        faces = tuple(dict.fromkeys([*able, *opened, *others]))
        choices.append(Choice(role, faces, _reason(role, faces[0], wanted)))
    names = {face.family.name for face in there}
    missing = tuple(dict.fromkeys(family.name for family in wanted if family.name not in names))
    return FontSet(declared, tuple(choices), missing)


def _faces(wanted: Iterable[Family], installed: Iterable[tuple[str, Path, int]]) -> list[Face]:
    # The first of a name stays: the office's own folder and the regular weight come first.
    by_name = {plain_name(font[0]): font for font in reversed(tuple(installed))}
    return [
        Face(family, *by_name[plain_name(name)])
        for family in wanted
        for name in dict.fromkeys((family.name, *family.names))
        if plain_name(name) in by_name
    ]


def _others(installed: Iterable[tuple[str, Path, int]], font_dir: Path | None, known: set[str]) -> tuple[Face, ...]:
    """The faces in the office's own folder that are asked for by no style: the last resort for a rare character."""
    own = [font for font in installed if font_dir is not None and font[1].is_relative_to(font_dir)]
    by_name = {name: Face(unknown_family(name), name, path, index) for name, path, index in reversed(own)}
    return tuple(by_name[name] for name in sorted(by_name.keys() - known))


def _reason(role: Role, face: Face, wanted: Iterable[Family]) -> str:
    passed = []
    for family in wanted:
        if family is face.family:
            break
        if role in family.roles:
            passed.append(family.name)
    why = {
        Origin.DECLARED: "named in the parameters",
        Origin.LICENSED: "the office's licensed face",
        Origin.SYSTEM: "comes with the system",
        Origin.FREE: "free face packaged by Debian",
        Origin.OPEN: "the open package pinned with the dependencies",
    }[face.family.origin]
    return why + (f"; not installed: {', '.join(dict.fromkeys(passed))}" if passed else "")


def _open_faces() -> tuple[Face, ...]:
    import pylopdf_fonts_zh_cn as package

    return (
        Face(OPEN_SERIF, OPEN_SERIF.name, package.serif_path()),
        Face(OPEN_SANS, OPEN_SANS.name, package.sans_path()),
    )


@cache
def _installed(font_dir: Path | None) -> tuple[tuple[str, Path, int], ...]:
    """Name, file and index of every upright font, the office's folder first, the regular weight first."""
    import typst

    folders = [str(folder) for folder in (font_dir, *_TEX_FOLDERS) if folder is not None and folder.is_dir()]
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=folders)
    found = [font for font in fonts.fonts() if font.path and font.style == "normal"]
    own = str(font_dir) if font_dir else None
    found.sort(
        key=lambda f: (own is None or not str(f.path).startswith(own), abs(f.weight - 400), str(f.path), f.index)
    )
    return tuple((font.family, Path(str(font.path)), font.index) for font in found)


@cache
def _typst_fonts(folders: tuple[str, ...]) -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


@cache
def _digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
