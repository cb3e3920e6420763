"""Tell what an office's name says: its kind and level, and which published reports are of one office.

Names are written longer and shorter, and two offices may share one.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, takewhile
from pathlib import Path
from typing import NamedTuple

from nianbao.ingest.carrier import quoted
from nianbao.ingest.words import fits, is_legible
from nianbao.model import Level, Office, OfficeKind

# What a name has or leaves out without meaning another office: 丁山镇, 丁山镇人民政府; 东街街道, 东街街道办事处.
_TAIL = re.compile(
    r"(?:(?<=[省市县区旗州盟乡镇])人民政府|(?<=街道)办事处|(?<=街道)办|(?<=开发区)管委会|(?<=[新园景]区)管委会)$"
)
# Long ways of writing, and the short ones that mean the same.
_SHORT = ((re.compile(r"(?:人民)?政府办公[室厅]$"), "政府办"), (re.compile(r"管理委员会$"), "管委会"))
_PLACE = re.compile(r"^[\u4e00-\u9fff]{1,8}?(?:省|自治区|自治州|市|州|盟|县|区|旗)")
_YEAR = re.compile(r"20\d\d(?:年度?)?")
_IN_A_PLACE = re.compile(r"[省市州盟县区旗乡镇](?:/|$)")
_REMARK = re.compile(r"（[^（）]*）$")
_COMMITTEE = re.compile("委员会$")
_BRACKETS = str.maketrans("()", "（）")

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
    """One report: the office's name, the year, and the file in which it is, with its folders, as it was given."""

    name: str
    year: int
    file: Path


@dataclass(frozen=True)
class Offices:
    """The name of the office of each report, in order, and pairs of names that may be of one office."""

    names: tuple[str, ...]
    alike: tuple[tuple[str, str], ...]


def offices_of(reports: Sequence[Named]) -> Offices:
    """One name an office; what is certain is joined, what is only likely is told.

    Certain is a name with or without 人民政府 or 办事处 at its end, in one folder or in folders called by years. The
    same name in two other folders may be of two offices, as may be a name with and without its place.
    """
    folders = _folders([report.file for report in reports])
    identities = [_identity(report, folder) for report, folder in zip(reports, folders, strict=True)]
    by_office: dict[_Identity, list[str]] = {}
    for report, identity in zip(reports, identities, strict=True):
        by_office.setdefault(identity, []).append(report.name)
    shown = {identity: quoted(max(names, key=len)) for identity, names in by_office.items()}
    count = Counter(shown.values())
    full = {
        identity: f"{name}（{identity.place or identity.folder}）" if count[name] > 1 and any(identity[1:]) else name
        for identity, name in shown.items()
    }
    pairs = ((full[one], full[two]) for one, two in combinations(full, 2) if _may_be_one(one, two))
    return Offices(tuple(full[identity] for identity in identities), tuple(pairs))


class _Identity(NamedTuple):
    """What tells an office from others: its name in short, its place by the file's name, and the folder."""

    name: str
    place: str
    folder: str


def _folders(files: Sequence[Path]) -> list[str]:
    """The folder of each file, without years and without what all have in common."""
    parts = [
        [_YEAR.sub("", part).strip("-_ ") for part in os.fsencode(file.parent).decode("utf-8", "replace").split("/")]
        for file in files
    ]
    common = sum(1 for _ in takewhile(lambda names: len(set(names)) == 1, zip(*parts, strict=False)))
    return ["/".join(filter(None, names[common:])) for names in parts]


def plain_name(name: str) -> str:
    """A name without what offices write or leave out at its end: equal for names that are certainly of one office."""
    plain = "".join(name.split()).translate(_BRACKETS)
    for pattern, short in _SHORT:
        plain = pattern.sub(short, plain)
    return _TAIL.sub("", plain)


def _identity(report: Named, folder: str) -> _Identity:
    plain = plain_name(report.name)
    if not is_legible(plain):
        # Two names with a letter that cannot be told are never known to be one: each stands for itself.
        file = os.fsencode(report.file.name).decode("utf-8", "replace")
        return _Identity(plain, "", f"{folder}/{file}" if folder else file)
    place = None if _PLACE.match(plain) else _PLACE.match(report.file.stem)
    return _Identity(plain, place[0] if place and not report.name.startswith(place[0]) else "", folder)


def _may_be_one(one: _Identity, two: _Identity) -> bool:
    """Whether two names may be of one office: the same in two folders, without the place, longer and shorter."""
    if not (is_legible(one.name) and is_legible(two.name)):
        return fits(one.name, two.name) or fits(two.name, one.name)
    if one.name == two.name:
        return one.place == two.place and not (_IN_A_PLACE.search(one.folder) and _IN_A_PLACE.search(two.folder))
    if one.folder and two.folder and one.folder != two.folder:
        return False
    short, long = sorted((_REMARK.sub("", one.name), _REMARK.sub("", two.name)), key=len)
    before = long[: -len(short)]
    if long.endswith(short):
        return len(short) > 2 and (not before or before[-1] in "局部厅" or _PLACE.fullmatch(before) is not None)
    # 教体局, 教育和体育局; 卫健委, 卫生健康委员会: the same letters in their order, from the place to the end.
    end = _COMMITTEE.sub("委", long)
    letters = iter(end)
    return (
        len(short) > 3 and short[:2] == end[:2] and short[-1] == end[-1] and all(letter in letters for letter in short)
    )


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
