"""Tell what an office's name says: its kind and level, and which published reports are of one office.

Names are written longer and shorter, and two offices may share one. May import: model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from nianbao.model import Level, Office, OfficeKind

# What a name has or leaves out without meaning another office: 丁山镇, 丁山镇人民政府; 东街街道, 东街街道办事处.
_TAIL = re.compile(r"(?:(?<=[省市县区旗州盟乡镇])人民政府|(?<=街道)办事处|(?<=街道)办)$")
_PLACE = re.compile(r"^[\u4e00-\u9fff]{1,8}?(?:省|自治区|自治州|市|州|盟|县|区|旗)")
_YEAR = re.compile(r"20\d\d(?:年度?)?")

# What an office's name says of its kind, the first that fits; and of its level.
_KINDS = (
    (("街道", "镇人民政府", "乡人民政府", "苏木"), OfficeKind.TOWNSHIP),
    (("人民政府办公厅", "人民政府办公室", "政府办公室", "政府办"), OfficeKind.GOVERNMENT_OFFICE),
    (("人民政府", "管理委员会", "管委会"), OfficeKind.GOVERNMENT),
)
# 宿迁市 is how a city's government signs; a department's name says what body it is.
_ENDINGS = (
    (("镇", "乡"), OfficeKind.TOWNSHIP),
    (("省", "自治区", "市", "州", "盟", "县", "区", "旗"), OfficeKind.GOVERNMENT),
    ((*tuple("局委厅办会院处队站所署部"), "中心", "办公室", "分局"), OfficeKind.DEPARTMENT),
)
_LEVELS = (
    (("县", "区", "旗"), Level.COUNTY),
    (("市", "州", "盟"), Level.CITY),
    (("省", "自治区", "国务院"), Level.PROVINCE),
)


@dataclass(frozen=True)
class Named:
    """One report: the office's name, the year and the folder in which its file lies."""

    name: str
    year: int
    folder: str


@dataclass(frozen=True)
class Offices:
    """The name of the office of each report, in order, and pairs of names that may be of one office."""

    names: tuple[str, ...]
    alike: tuple[tuple[str, str], ...]


def offices_of(reports: Sequence[Named]) -> Offices:
    """One name an office; what is certain is joined, what is only likely is told.

    Certain is a name with or without 人民政府 or 办事处 at its end. A name that names no place (中心小学) is that of
    one office within a folder only; folders that are called by years are one.
    """
    by_office: dict[tuple[str, str], list[str]] = {}
    for report in reports:
        by_office.setdefault(_identity(report), []).append(report.name)
    shown = {identity: max(names, key=len) for identity, names in by_office.items()}
    count: dict[str, int] = {}
    for name in shown.values():
        count[name] = count.get(name, 0) + 1
    full = {
        identity: f"{name}（{identity[1]}）" if count[name] > 1 and identity[1] else name
        for identity, name in shown.items()
    }
    names = tuple(full[_identity(report)] for report in reports)
    pairs = (
        (full[one], full[two])
        for one, two in combinations(full, 2)
        if one[0] != two[0] and _may_be_one(one[0], two[0]) and (one[1] == two[1] or not (one[1] and two[1]))
    )
    return Offices(names, tuple(pairs))


def plain_name(name: str) -> str:
    """A name without what offices write or leave out at its end: equal for names that are certainly of one office."""
    return _TAIL.sub("", "".join(name.split()))


def _identity(report: Named) -> tuple[str, str]:
    plain = plain_name(report.name)
    return plain, "" if _PLACE.match(plain) else _YEAR.sub("", report.folder).strip("/ ")


def _may_be_one(one: str, two: str) -> bool:
    """Whether a name is the other without the place before it: 教育局, 某县教育局."""
    short, long = sorted((one, two), key=len)
    return len(short) > 2 and long.endswith(short) and _PLACE.fullmatch(long[: -len(short)]) is not None


def office_of(identifier: str, name: str) -> Office:
    """The office as its name tells it; kind and level are what the name suggests."""
    return Office(identifier, name, name, kind_of(name), level_of(name))


def kind_of(name: str) -> OfficeKind:
    """What a name says of an office's kind; unknown where it says nothing."""
    for words, kind in _KINDS:
        if any(word in name for word in words):
            return kind
    return next((kind for ends, kind in _ENDINGS if name.endswith(ends)), OfficeKind.UNKNOWN)


def level_of(name: str) -> Level:
    """The lowest level of government that a name names; a county's where it names none."""
    if kind_of(name) is OfficeKind.TOWNSHIP:
        return Level.TOWNSHIP
    for words, level in _LEVELS:
        if any(word in name[1:] for word in words):
            return level
    return Level.COUNTY
