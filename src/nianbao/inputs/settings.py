"""Read params/: who an office is and what its report of a year needs, with an issue for each mistake."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from nianbao.errors.language import shortened
from nianbao.form import EDITIONS, Edition, edition_for
from nianbao.inputs.files import Files
from nianbao.inputs.yaml_file import Setting, SettingError, date, flag, read_file, text
from nianbao.model import (
    NO_LOCAL_RULES,
    InputIssue,
    IssueKind,
    Level,
    LocalRules,
    Office,
    OfficeKind,
    Profile,
    ReportKey,
    Source,
)

Choice = TypeVar("Choice", bound=StrEnum)
DEFAULT_TEMPLATE = "template.docx"
_MONTH_AND_DAY = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True, slots=True)
class YearSettings:
    """What params/<office>/<year>.yaml says."""

    published: datetime.date | None
    profile: Profile
    edition: Edition
    fonts: str | tuple[str, ...]
    rules: LocalRules
    sealed: bool = True
    template: str | None = None  # a file in params/<office>/


def _one_of(choices: type[Choice], chinese: Mapping[str, Choice]) -> Callable[[Any], Choice]:
    def read(value: Any) -> Choice:
        found = value.strip() if isinstance(value, str) else ""
        if found in chinese:
            return chinese[found]
        try:
            return choices(found.lower())
        except ValueError:
            words = "、".join(
                f"{choice}（{_first(chinese, choice)}）" for choice in choices if choice in chinese.values()
            )
            raise SettingError(f"应为以下之一：{words}", f"must be one of {', '.join(choices)}") from None

    return read


def _first(chinese: Mapping[str, Choice], choice: Choice) -> str:
    return next(word for word, meant in chinese.items() if meant is choice)


def _edition(value: Any) -> Edition:
    if not isinstance(value, str) or value.strip() not in EDITIONS:
        known = ", ".join(EDITIONS)
        raise SettingError(f"应为以下之一：{known}", f"must be one of {known}")
    return EDITIONS[value.strip()]


def _fonts(value: Any) -> str | tuple[str, ...]:
    if value in ("open", "official"):
        return str(value)
    if isinstance(value, list) and value and all(isinstance(name, str) for name in value):
        return tuple(value)
    raise SettingError("应为 open、official 或字体名称的列表", "must be open, official, or a list of font names")


def _month_and_day(value: Any) -> tuple[int, int]:
    """A day of the year after: 01-20, 1月20日."""
    match = _MONTH_AND_DAY.fullmatch(unicodedata.normalize("NFKC", value).strip()) if isinstance(value, str) else None
    if match:
        try:
            day = datetime.date(2023, int(match[1]), int(match[2]))  # a year without 29 February
        except ValueError:
            pass
        else:
            return day.month, day.day
    raise SettingError("应为月和日，如 01-20 或 1月20日", "must be a month and a day such as 01-20")


def _word_file(value: Any) -> str:
    """The name of a Word file beside the settings."""
    name = text(value)
    if not name.lower().endswith(".docx") or name != Path(name).name or "\\" in name:
        raise SettingError(
            "应为本文件夹中的 Word 文件名，如 template.docx", "must be the name of a .docx file beside this file"
        )
    return name


def _characters(value: Any) -> int:
    found = unicodedata.normalize("NFKC", value).strip().removesuffix("字") if isinstance(value, str) else ""
    if not re.fullmatch(r"[1-9]\d{0,5}", found):
        raise SettingError("应为字数，如 1000", "must be a number of characters such as 1000")
    return int(found)


def _list_of_words(value: Any) -> tuple[str, ...]:
    """A list in YAML's ways of writing, or words on one line with 、 between them."""
    words = re.split(r"[、，,；;]", value) if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise SettingError("应为词语的列表，如 [规范性文件, 政策解读]", "must be a list of words")
    return tuple(word.strip() for word in words if word.strip())


def _published_after(year: int) -> Callable[[Any], datetime.date]:
    """The reader of the day of publication: a report tells of the whole year, so that must be over."""

    def read(value: Any) -> datetime.date:
        day = date(value)
        if day.year <= year:
            raise SettingError(f"应晚于{year}年12月31日（年度结束后才能公布）", f"must be after {year} has ended")
        return day

    return read


KIND_WORDS = {
    "政府": OfficeKind.GOVERNMENT,
    "人民政府": OfficeKind.GOVERNMENT,
    "政府办公室": OfficeKind.GOVERNMENT_OFFICE,
    "政府办公厅": OfficeKind.GOVERNMENT_OFFICE,
    "办公室": OfficeKind.GOVERNMENT_OFFICE,
    "部门": OfficeKind.DEPARTMENT,
    "政府部门": OfficeKind.DEPARTMENT,
    "乡镇": OfficeKind.TOWNSHIP,
    "街道": OfficeKind.TOWNSHIP,
    "乡镇街道": OfficeKind.TOWNSHIP,
    "乡镇（街道）": OfficeKind.TOWNSHIP,
}
LEVEL_WORDS = {
    "省级": Level.PROVINCE,
    "省": Level.PROVINCE,
    "市级": Level.CITY,
    "市": Level.CITY,
    "地市级": Level.CITY,
    "县级": Level.COUNTY,
    "县": Level.COUNTY,
    "区级": Level.COUNTY,
    "区县级": Level.COUNTY,
    "县区级": Level.COUNTY,
    "乡级": Level.TOWNSHIP,
    "乡镇级": Level.TOWNSHIP,
    "乡镇": Level.TOWNSHIP,
}
_PROFILE_WORDS = {
    "正式": Profile.OFFICIAL,
    "无图": Profile.OFFICIAL,
    "图文": Profile.ILLUSTRATED,
    "带图": Profile.ILLUSTRATED,
}
# What a local notice asks beyond the law: for an office, or for one of its years alone.
_LOCAL_SETTINGS = {
    "deadline": Setting(_month_and_day),
    "overview_limit": Setting(_characters),
    "counts": Setting(_list_of_words),
}
# How the report is printed: for an office, or for one of its years alone.
_PRINT_SETTINGS = {
    "sealed": Setting(flag),
    "template": Setting(_word_file),
}
OFFICE_SETTINGS = {
    "name": Setting(text, required=True),
    "short_name": Setting(text),
    "kind": Setting(_one_of(OfficeKind, KIND_WORDS), required=True),
    "level": Setting(_one_of(Level, LEVEL_WORDS), required=True),
    "parent": Setting(text),
    "covers_area": Setting(flag, default=False),
    "fictional": Setting(flag, default=False),
    **_PRINT_SETTINGS,
    **_LOCAL_SETTINGS,
}


def year_settings(year: int) -> dict[str, Setting]:
    """The settings of ``params/<office>/<year>.yaml``."""
    return {
        "published": Setting(_published_after(year), required=True),
        "profile": Setting(_one_of(Profile, _PROFILE_WORDS), default=Profile.OFFICIAL),
        "edition": Setting(_edition),
        "fonts": Setting(_fonts, default="open"),
        **_PRINT_SETTINGS,
        **_LOCAL_SETTINGS,
    }


def load_settings(files: Files, key: ReportKey) -> tuple[Office, YearSettings, list[InputIssue]]:
    """Who the office is and what this year's report needs, as far as it can be read, and what is wrong."""
    office, own, issues = _read_office(files, key.office)
    found, more = read_file(files, files.project.year_file(key), year_settings(key.year))
    printed = {name: own[name] if found[name] is None else found[name] for name in _PRINT_SETTINGS}
    says = files.project.year_file(key) if found["template"] else files.project.office_file(key.office)
    template, wrong = _template(files, key.office, printed["template"], files.project.relative(says))
    year = YearSettings(
        found["published"],
        found["profile"],
        found["edition"] or edition_for(key.year),
        found["fonts"],
        _local_rules(found, _local_rules(own, NO_LOCAL_RULES)),
        printed["sealed"] is not False,
        template,
    )
    return office, year, [*issues, *more, *wrong]


def _template(files: Files, office: str, named: str | None, says: str) -> tuple[str | None, list[InputIssue]]:
    """The office's Word template, relative to the project: the one that ``says`` names, else template.docx, if any."""
    path = files.project.template_file(office, named or DEFAULT_TEMPLATE)
    where = files.project.relative(path)
    if path.is_file():
        return where, []
    if named is None:
        return None, []
    words = (
        f"template 填的 {shortened(named)} 不存在，请把 Word 模板放到 {where}，或删去 template 一行",
        f"template names a file that is not there: put it at {where}, or take the line out",
    )
    return None, [InputIssue(IssueKind.UNREADABLE, Source(says), found="template", words=words)]


def load_office(files: Files, office: str) -> tuple[Office, list[InputIssue]]:
    """Who the office is, with a word in the place of what is missing, and what is wrong with its file."""
    found, _, issues = _read_office(files, office)
    return found, issues


def _read_office(files: Files, office: str) -> tuple[Office, dict[str, Any], list[InputIssue]]:
    path = files.project.office_file(office)
    found, issues = read_file(files, path, OFFICE_SETTINGS)
    name = found["name"] or "【缺：机关名称】"
    short_name, parent = found["short_name"] or name, found["parent"]
    if parent and not files.project.office_file(parent.strip("/.")).is_file():
        source = Source(files.project.relative(path))
        words = (
            f"parent 填的“{shortened(parent)}”不是本项目中单位的标识，未使用",
            f"parent {shortened(parent)!r} is the identifier of no office of this project",
        )
        issues.append(InputIssue(IssueKind.TAKEN, source, found="parent", words=words))
    kind, level = found["kind"] or OfficeKind.UNKNOWN, found["level"] or Level.COUNTY
    known = {"parent": parent, "covers_area": found["covers_area"], "fictional": found["fictional"]}
    read = Office(id=office, name=name, short_name=short_name, kind=kind, level=level, **known)
    return read, found, issues


def _local_rules(found: Mapping[str, Any], otherwise: LocalRules) -> LocalRules:
    """The local rules of a file; what it does not say is as ``otherwise``."""
    return replace(otherwise, **{name: found[name] for name in _LOCAL_SETTINGS if found[name] is not None})
