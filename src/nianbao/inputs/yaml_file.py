"""Read a YAML file of known keys: values, and an issue with its line for each mistake.

Scalars are taken as text and read by the settings themselves, so nothing of what YAML guesses (sexagesimal numbers,
sets, dates) can happen; anchors and deep nesting are refused.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nianbao.errors import InputError, nearest
from nianbao.errors.language import shortened
from nianbao.inputs.files import Files
from nianbao.model import InputIssue, IssueKind, Source

# A settings file is a handful of lines: whatever goes beyond these is none.
_MAX_EVENTS = 4000
_MAX_DEPTH = 6


class SettingError(ValueError):
    """A value that a setting cannot take, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a settings file: how its value (text, a list or a mapping of texts) is read, and whether it must be
    there."""

    read: Callable[[Any], Any]
    required: bool = False
    default: Any = None


def text(value: Any) -> str:
    """The value as text; SettingError where there is none."""
    if not isinstance(value, str) or not value.strip():
        raise SettingError("应为文字", "must be text")
    return value.strip()


def flag(value: Any) -> bool:
    """true or false, 是 or 否."""
    known = {"true": True, "是": True, "yes": True, "false": False, "否": False, "no": False}
    if not isinstance(value, str) or value.strip().lower() not in known:
        raise SettingError("应为 true（是）或 false（否）", "must be true or false")
    return known[value.strip().lower()]


_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")


_CHINESE_DATE = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}


def _in_digits(numeral: str) -> str:
    """二〇二五 as 2025, 二十 as 20, 十一 as 11."""
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return "".join(_DIGITS[digit] for digit in numeral)
    return f"{_DIGITS.get(tens, '1')}{_DIGITS.get(ones, '0')}"


def date(value: Any) -> datetime.date:
    """A date in any customary way of writing: 2025-01-20, 2025年1月20日, 2025/1/20, 20250120, 二〇二五年一月二十日."""
    written = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    if spoken := _CHINESE_DATE.fullmatch(written):
        written = "-".join(_in_digits(numeral) for numeral in spoken.groups())
    match = _DATE.fullmatch(written)
    if match:
        try:
            return datetime.date(*(int(part) for part in match.groups() if part))
        except ValueError:
            pass  # the thirtieth of February
    raise SettingError("应为日期，如 2024-01-10", "must be a date such as 2024-01-10")


def read_file(files: Files, path: Path, settings: Mapping[str, Setting]) -> tuple[dict[str, Any], list[InputIssue]]:
    """The settings of a file; where it is missing or cannot be read, the defaults and an issue."""
    where = files.project.relative(path)
    try:
        content = files.text(path)
    except InputError as error:
        return _defaults(settings), [unreadable(error, where)]
    if content is None:
        missing = ("缺少此文件，可用 nianbao new 生成", "is missing (make one: nianbao new OFFICE YEAR)")
        return _defaults(settings), [_issue(where, None, missing)]
    return read_settings(content, settings, where)


def read_settings(content: str, settings: Mapping[str, Setting], where: str) -> tuple[dict[str, Any], list[InputIssue]]:
    """The values of a YAML mapping with these keys and no others, and an issue for each mistake, with its line."""
    try:
        node = composed(_mended(content, settings), where)
    except InputError as error:
        return _defaults(settings), [unreadable(error, where)]
    if node is not None and not isinstance(node, yaml.MappingNode):
        words = ("每行应写作“名称: 内容”（半角冒号加空格）", "must hold lines of 'key: value'")
        return _defaults(settings), [_issue(where, node.start_mark.line + 1, words)]
    return settings_of(node, settings, where)


def settings_of(
    node: yaml.MappingNode | None, settings: Mapping[str, Setting], where: str
) -> tuple[dict[str, Any], list[InputIssue]]:
    """The same for a mapping that has been parsed."""
    found = _defaults(settings)
    issues: list[InputIssue] = []
    lines: dict[str, int] = {}
    given: set[str] = set()
    for key_node, value_node in node.value if node else ():
        key, line, value = str(_plain(key_node)), key_node.start_mark.line + 1, _plain(value_node)
        if key in lines:
            words = (f"“{shortened(key)}”写了两次，请保留一处", f"{shortened(key)!r} is given twice")
            issues.append(_issue(where, line, words))
        elif key not in settings:
            issues.append(_issue(where, line, _unknown(key, settings)))
        elif value is not None:
            try:
                found[key] = settings[key].read(value)
            except SettingError as error:
                shown = shortened(value if isinstance(value, str) else "…")
                issues.append(
                    _issue(where, line, (f"{key} {error.zh}，现为“{shown}”", f"{key} {error.en}, not {shown!r}"))
                )
            given.add(key)
        lines[key] = line
    for key, setting in settings.items():
        if setting.required and key not in given:
            issues.append(_issue(where, lines.get(key), (f"{key} 尚未填写", f"{key} is still blank")))
    return found, issues


def _defaults(settings: Mapping[str, Setting]) -> dict[str, Any]:
    return {key: setting.default for key, setting in settings.items()}


def _issue(where: str, line: int | None, words: tuple[str, str]) -> InputIssue:
    return InputIssue(IssueKind.UNREADABLE, Source(where, line), found=words[1], words=words)


def unreadable(error: InputError, where: str) -> InputIssue:
    """What stopped the reading of a file, as an issue."""
    path, _, line = (error.where or where).rpartition(":")
    source = Source(path, int(line)) if path and line.isdecimal() else Source(error.where or where)
    return InputIssue(IssueKind.UNREADABLE, source, found=error.what, words=error.in_both)


def _unknown(key: str, settings: Mapping[str, Setting]) -> tuple[str, str]:
    near = nearest(key, settings)
    known = ", ".join(settings)
    zh = f"是否为“{near}”？" if near else f"可用的有：{known}"
    en = f"did you mean {near!r}?" if near else f"known: {known}"
    return f"不认识“{shortened(key)}”，{zh}", f"unknown key {shortened(key)!r}; {en}"


def _mended(content: str, settings: Mapping[str, Setting]) -> str:
    """The text with a half-width colon and a blank after each known key: a full-width one is no colon to YAML."""
    keys = "|".join(map(re.escape, settings))
    return re.sub(rf"^(\s*)({keys})[ \t]*(?:：[ \t]*|:(?=[^\s]))", r"\1\2: ", content, flags=re.MULTILINE)


def composed(content: str, where: str) -> yaml.Node | None:
    """The YAML document as nodes whose scalars are text; InputError with the line where it is none, or too deep."""
    depth = 0
    try:
        # Event by event and in Python: the C parser's composer overruns its stack on deep nesting.
        for count, event in enumerate(yaml.parse(content, Loader=yaml.SafeLoader)):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > _MAX_DEPTH or count > _MAX_EVENTS or isinstance(event, yaml.AliasEvent):
                raise InputError(
                    "nests too deep, repeats by reference or is too long",
                    where=f"{where}:{event.start_mark.line + 1 if event.start_mark else 1}",
                    hint="write plain lines of 'key: value'",
                    zh="嵌套过深、过长或使用了引用（*、&），请改为每行“名称: 内容”",
                )
        return yaml.compose(content, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        # What a mark points at is where the parser noticed: for a colon that is missing, the line after.
        line = _culprit(content, mark.line) if mark else None
        problem = getattr(error, "problem", None) or str(error)
        full_width = line is not None and "：" in _line(content, line)
        raise InputError(
            f"is no valid YAML: {problem}",
            where=f"{where}:{line + 1}" if line is not None else where,
            hint="check spaces, colons and quotes",
            zh="冒号应为半角，其后空一格（名称: 内容）" if full_width else "格式有误，请检查空格、冒号和引号",
        ) from error


def _line(content: str, number: int) -> str:
    lines = content.split("\n")
    return lines[number].split("#")[0] if number < len(lines) else ""


def _culprit(content: str, noticed: int) -> int:
    """The line that is to blame: the nearest one above that has no colon of YAML's, or where it was noticed."""
    for number in range(noticed, max(noticed - 3, -1), -1):
        line = _line(content, number)
        if line.strip() and ":" not in line:
            return number
    return noticed


def _plain(node: yaml.Node) -> Any:
    """A node as text, list or mapping; None where it is blank or null."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(_plain(key)): _plain(value) for key, value in node.value}
    plain = isinstance(node, yaml.ScalarNode) and node.style is None
    return None if plain and node.value.strip() in {"", "~", "null", "Null", "NULL"} else node.value
