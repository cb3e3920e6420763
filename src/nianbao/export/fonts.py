"""The fonts of a report: the families known by name, and the choice of which file serves which style, and why.

A FontSet goes into the fingerprint. Typst finds the files; the open package is always there. Source of the styles:
GB/T 9704-2012, 5.2.2 and 7.3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.errors import UsageError
from nianbao.errors.language import Message

if TYPE_CHECKING:
    import typst


OPEN = "open"
OFFICIAL_FACES = "official"

# Where Debian's TeX packages put fonts that the system's own list leaves out.
_TEX_FOLDERS = (Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),)


class Role(StrEnum):
    """The styles of a report that ask for a face of their own."""

    TITLE = "title"  # 小标宋
    HEADING1 = "heading1"  # 黑体: 一、
    HEADING2 = "heading2"  # 楷体: （一）
    BODY = "body"  # 仿宋
    TABLE = "table"  # 宋体
    PAGE = "page"  # 宋体: page numbers
    FIGURE = "figure"  # the words in pictures, and their captions


class Origin(StrEnum):
    """Where a family comes from; the earlier is preferred."""

    DECLARED = "declared"  # the office's parameters name it
    LICENSED = "licensed"  # the office has bought it
    SYSTEM = "system"  # it comes with the operating system
    FREE = "free"  # Debian packages it
    OPEN = "open"  # it is pinned with our other dependencies


@dataclass(frozen=True, slots=True)
class Family:
    """A family by its customary name; ``names`` are all names under which font files give it.

    ``dark`` families have the weight that a title needs; others are darkened with a thin outline where one is due.
    """

    name: str
    origin: Origin
    roles: tuple[Role, ...]
    names: tuple[str, ...] = ()
    dark: bool = False

    def called(self, name: str) -> bool:
        """Whether the family goes by that name (capitals and spaces don't count)."""
        return _plain_name(name) in {_plain_name(known) for known in (self.name, *self.names)}


def _plain_name(name: str) -> str:
    """A family's name as it is compared: without spaces and capitals."""
    return "".join(name.split()).casefold()


SERIF = "Noto Serif SC"
SANS = "Noto Sans SC"

_SONG = (Role.TABLE, Role.PAGE)
_EVERY_TEXT = (Role.TITLE, Role.HEADING1, Role.HEADING2, Role.BODY, Role.TABLE, Role.PAGE)

# In the order of preference: licensed, the system's, Debian's.
OFFICIAL = (
    Family(
        "方正小标宋简体",
        Origin.LICENSED,
        (Role.TITLE,),
        ("方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
        dark=True,
    ),
    Family("仿宋_GB2312", Origin.LICENSED, (Role.BODY,), ("FangSong_GB2312",)),
    Family("楷体_GB2312", Origin.LICENSED, (Role.HEADING2,), ("KaiTi_GB2312",), dark=True),
    Family("黑体", Origin.SYSTEM, (Role.HEADING1,), ("SimHei",), dark=True),
    Family("仿宋", Origin.SYSTEM, (Role.BODY,), ("FangSong",)),
    Family("楷体", Origin.SYSTEM, (Role.HEADING2,), ("KaiTi",), dark=True),
    Family("宋体", Origin.SYSTEM, (Role.TITLE, *_SONG), ("SimSun",)),
    Family("FandolFang", Origin.FREE, (Role.BODY,), ("FandolFang R",)),
    Family("FandolKai", Origin.FREE, (Role.HEADING2,), ("FandolKai R",), dark=True),
    Family("FandolHei", Origin.FREE, (Role.HEADING1,), ("FandolHei R",), dark=True),
    Family("FandolSong", Origin.FREE, (Role.TITLE, *_SONG), ("FandolSong R",)),
    Family("霞鹜文楷", Origin.FREE, (Role.HEADING2,), ("LXGW WenKai", "LXGW WenKai GB", "霞鹜文楷 GB"), dark=True),
)

# These two are always there; each role ends with both, so that a character is only missing where neither has it.
OPEN_SERIF = Family(SERIF, Origin.OPEN, tuple(role for role in _EVERY_TEXT if role is not Role.HEADING1))
OPEN_SANS = Family(SANS, Origin.OPEN, (Role.HEADING1, Role.FIGURE), dark=True)

# The roles that are printed darker than the text around them, where the face itself is not.
DARKENED = (Role.TITLE, Role.HEADING2)


def _unknown_family(name: str) -> Family:
    """A family that an office names and we don't know: it may serve every style of text."""
    return Family(name, Origin.DECLARED, _EVERY_TEXT)


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
        status = self.path.stat()
        return _digest(self.path, status.st_size, status.st_mtime_ns)

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


def resolve(declared: str | tuple[str, ...], font_dir: Path | None = None) -> FontSet:
    """The fonts for ``open``, ``official``, or a list of family names; ``font_dir`` is the office's own folder.

    ``open`` without a folder is the pinned package and nothing else. Otherwise the first that is installed serves,
    by role: families named in the list, licensed ones, the system's, Debian's, the pinned package. Whatever else
    lies in the folder serves last, for characters that none of these has. Raises UsageError for a folder that is none.
    """
    if font_dir is not None and not font_dir.is_dir():
        what = Message("the folder of fonts {folder!r} is no folder", folder=str(font_dir))
        raise UsageError(what, hint="mend FONT_DIR, or leave it out")
    if isinstance(declared, str):
        if declared not in {OPEN, OFFICIAL_FACES}:
            return resolve((declared,), font_dir)
        if declared == OPEN and font_dir is None:
            return _chosen(declared, (), (), None)
        return _chosen(declared, OFFICIAL, _installed(font_dir), font_dir)
    return _chosen(declared, (*_named(declared), *OFFICIAL), _installed(font_dir), font_dir)


@cache
def typst_fonts(folders: tuple[str, ...]) -> typst.Fonts:
    """The files in the folders, for Typst; kept for the process, for it costs time."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))


def _named(declared: Iterable[str]) -> tuple[Family, ...]:
    known = (*OFFICIAL, OPEN_SERIF, OPEN_SANS)
    return tuple(
        next((family for family in known if family.called(name)), None) or _unknown_family(name) for name in declared
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
    by_name = {_plain_name(font[0]): font for font in reversed(tuple(installed))}
    return [
        Face(family, *by_name[_plain_name(name)])
        for family in wanted
        for name in dict.fromkeys((family.name, *family.names))
        if _plain_name(name) in by_name
    ]


def _others(installed: Iterable[tuple[str, Path, int]], font_dir: Path | None, known: set[str]) -> tuple[Face, ...]:
    """The faces in the office's own folder that are asked for by no style: the last resort for a rare character."""
    own = [font for font in installed if font_dir is not None and font[1].is_relative_to(font_dir)]
    by_name = {name: Face(_unknown_family(name), name, path, index) for name, path, index in reversed(own)}
    return tuple(by_name[name] for name in sorted(by_name.keys() - known))


def _reason(role: Role, face: Face, wanted: Iterable[Family]) -> str:
    passed = []
    for family in wanted:
        if family is face.family:
            break
        if role in family.roles:
            passed.append(family.name)
    why = {
        Origin.DECLARED: Message("named in the parameters"),
        Origin.LICENSED: Message("the office's licensed face"),
        Origin.SYSTEM: Message("comes with the system"),
        Origin.FREE: Message("free face packaged by Debian"),
        Origin.OPEN: Message("the open package pinned with the dependencies"),
    }[face.family.origin]
    names = tuple(dict.fromkeys(passed))
    return Message("{why}; not installed: {names}", why=why, names=names) if names else why


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
def _digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
