"""Owns params/: YAML with known keys only -> values; a wrong key or value names its file and line.

May import: errors, form, model, paths, inputs.files.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from nianbao.errors import InputError, nearest
from nianbao.form import EDITIONS, Edition, edition_for
from nianbao.inputs.files import Files
from nianbao.model import Level, Office, OfficeKind, Profile, ReportKey

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a settings file: how its value is read, and whether it must be there."""

    read: Callable[[Any], Any]
    required: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class YearSettings:
    """What params/<office>/<year>.yaml says."""

    published: datetime.date | None
    profile: Profile
    edition: Edition
    fonts: str | tuple[str, ...]


def _string(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text")
    return value.strip()


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _date(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date):
        raise ValueError("must be a date such as 2024-01-10")
    return value


def _one_of(choices: type[Choice]) -> Callable[[Any], Choice]:
    def read(value: Any) -> Choice:
        try:
            return choices(value)
        except ValueError:
            raise ValueError(f"must be one of {', '.join(choices)}") from None

    return read


def _edition(value: Any) -> Edition:
    if str(value) not in EDITIONS:
        raise ValueError(f"must be one of {', '.join(EDITIONS)}")
    return EDITIONS[str(value)]


def _fonts(value: Any) -> str | tuple[str, ...]:
    if value in ("open", "official"):
        return str(value)
    if isinstance(value, list) and value and all(isinstance(name, str) for name in value):
        return tuple(value)
    raise ValueError("must be open, official, or a list of font names")


OFFICE_SETTINGS = {
    "name": Setting(_string, required=True),
    "short_name": Setting(_string),
    "kind": Setting(_one_of(OfficeKind), required=True),
    "level": Setting(_one_of(Level), required=True),
    "parent": Setting(_string),
    "covers_area": Setting(_flag, default=False),
    "fictional": Setting(_flag, default=False),
}
YEAR_SETTINGS = {
    "published": Setting(_date, required=True),
    "profile": Setting(_one_of(Profile), default=Profile.OFFICIAL),
    "edition": Setting(_edition),
    "fonts": Setting(_fonts, default="open"),
}


def load_office(files: Files, office: str) -> Office:
    """Who the office is; InputError where its file is missing or wrong."""
    path = files.project.office_file(office)
    text = files.required(path, f"make one: nianbao new {office} YEAR")
    found = read_settings(text, OFFICE_SETTINGS, files.project.relative(path))
    found["short_name"] = found["short_name"] or found["name"]
    return Office(id=office, **found)


def load_year(files: Files, key: ReportKey) -> YearSettings:
    """What this year's report needs; InputError where the file is missing or wrong."""
    path = files.project.year_file(key)
    text = files.required(path, f"make one: nianbao new {key.office} {key.year}")
    found = read_settings(text, YEAR_SETTINGS, files.project.relative(path))
    found["edition"] = found["edition"] or edition_for(key.year)
    return YearSettings(**found)


def read_settings(text: str, settings: Mapping[str, Setting], where: str) -> dict[str, Any]:
    """The values of a YAML mapping with these keys and no others; every mistake is named, with its line."""
    entries = _entries(text, where)
    problems: list[str] = []
    found = {key: setting.default for key, setting in settings.items()}
    for key, value, line in entries:
        if key not in settings:
            near = nearest(str(key), settings)
            advice = f"did you mean {near!r}?" if near else f"known: {', '.join(settings)}"
            problems.append(f"line {line}: unknown key {key!r}; {advice}")
        elif value is not None:
            try:
                found[key] = settings[key].read(value)
            except ValueError as error:
                problems.append(f"line {line}: {key} {error}, not {value!r}")
    given = {key for key, value, _ in entries if value is not None}
    blank = [key for key, setting in settings.items() if setting.required and key not in given]
    problems += [f"{key} is still blank" for key in blank]
    if problems:
        raise InputError("; ".join(problems), where=where, hint="mend the file and run again")
    return found


def _entries(text: str, where: str) -> list[tuple[Any, Any, int]]:
    """The mapping's keys with their values and lines; a key given twice is refused."""
    try:
        loader = _LOADER(text)
        try:
            node = loader.get_single_node()
            values = loader.construct_document(node) if node else {}
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{where}:{mark.line + 1}" if mark else where
        problem = getattr(error, "problem", None) or str(error)
        raise InputError(f"is no valid YAML: {problem}", where=place, hint="check spaces, colons and quotes") from error
    if node is None:
        return []
    if not isinstance(node, yaml.MappingNode):
        raise InputError("must hold lines of 'key: value'", where=where, hint="see params/ of another office")
    lines: dict[Any, int] = {}
    for key_node, _ in node.value:
        line = key_node.start_mark.line + 1
        if key_node.value in lines:
            raise InputError(f"{key_node.value!r} is given twice", where=f"{where}:{line}", hint="keep one of them")
        lines[key_node.value] = line
    return [(key, value, lines.get(str(key), 1)) for key, value in values.items()]
