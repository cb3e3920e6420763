"""The font families known by name, and which of them serves which style of an official document.

Frozen data. Source of the styles: GB/T 9704-2012, 5.2.2 and 7.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
        return plain_name(name) in {plain_name(known) for known in (self.name, *self.names)}


def plain_name(name: str) -> str:
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


def unknown_family(name: str) -> Family:
    """A family that an office names and we don't know: it may serve every style of text."""
    return Family(name, Origin.DECLARED, _EVERY_TEXT)
