"""Tidy what people type into a narrative file, line by line, and set its filled-in text as Markdown.

``tidied`` keeps the number of lines, so that whatever is found later has the file's line; ``as_markdown`` makes a
paragraph of each line, as Chinese writers mean it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nianbao.form import TABLE_NAMES
from nianbao.model import InputIssue, IssueKind, Source

# Line ends inside a paragraph as Word and other programs write them; one sign stands for all until Markdown is made.
LINE_END = "\u2028"
_LINE_ENDS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
# Word's own signs: hyphens that are no break or soft, the ends of cells and fields.
_WORD_SIGNS = str.maketrans({"\x1e": "-", "\x1f": None, "\x07": None, "\x13": None, "\x14": None, "\x15": None})
# What no document can hold: controls, halves of characters, code points that are no characters, a misread sign.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]")

_COMMENTS = (("{#", "#}"), ("<!--", "-->"))
# A file with more problems than this is not helped by a longer list.
_MAX_ISSUES = 20
_OPENS = re.compile(r"[{｛](?=[{｛])|(?<=[{｛])[{｛]|[{｛](?=\s?[%％])")
_CLOSES = re.compile(r"[}｝](?=[}｝])|(?<=[}｝])[}｝]|(?<=[%％])\s?[}｝]")
_TAG = re.compile(r"\{\{(?:[^{}'\"]|'[^'\n]*'|\"[^\"\n]*\")*\}\}|\{%(?:[^{}'\"]|'[^'\n]*'|\"[^\"\n]*\")*%\}")
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_PLAIN_SIGNS = {ord("。"): ".", ord("、"): ",", ord("“"): '"', ord("”"): '"', ord("‘"): "'", ord("’"): "'"}
_FULL_HASHES = re.compile(r"(＃{1,6})\s*(?=\S)")
_HASHES = re.compile(r"(#{1,6})(?=[（(\u4e00-\u9fff])")
_HEADING = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]\s*[^。；！？：:;,，\s][^。；！？：:;]{0,29}")
_PICTURE = re.compile(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)")
_HTML = re.compile(
    r"</?(?:u|b|i|s|p|br|hr|em|strong|span|div|font|a|img|sup|sub|table|tr|td|th|center|h[1-6])(?:\s[^<>\n]*)?/?>|<!--",
    re.I,
)
_STRAY_BRACE = re.compile(r"[{｛]+[%％#]?[ \t]*([\w.．。]*)[ \t]*[%％#]?[}｝]*|[}｝]+")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# The name of a cell or a figure as references have it (applications.new.total); no address of a page or of a person.
_BARE_NAME = re.compile(
    rf"(?<![\w./@-])(?:{'|'.join([*TABLE_NAMES, 'figures', 'ledger', 'last'])})(?:\.[a-z_]\w*)+(?![\w/@])", re.ASCII
)


@dataclass
class _Notes:
    """The issues of one file; how something was taken is told once, with its first line."""

    path: str
    issues: list[InputIssue] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)

    def taken(self, line: int, zh: str, en: str) -> None:
        if zh not in self._told:
            self._told.add(zh)
            self.issues.append(InputIssue(IssueKind.TAKEN, Source(self.path, line), found=en, words=(zh, en)))

    def wrong(self, kind: IssueKind, line: int, column: int, words: tuple[str, str]) -> None:
        if len(self.issues) >= _MAX_ISSUES:
            return
        source = Source(self.path, line, str(column))
        self.issues.append(InputIssue(kind, source, found=words[1], words=words))


def tidied(content: str, titles: Collection[str], path: str) -> tuple[str, list[InputIssue]]:
    """The template as it is meant, line for line, with what was taken for something else and what is wrong.

    Comments are blanked; full-width braces and signs in references become plain; ``##（一）`` and a line that reads
    （一）… become headings; a heading that is one of ``titles``, the section's own, goes, for the report prints it.
    """
    notes = _Notes(path)
    text = _without_comments(_braces(content, notes))
    text = _TAG.sub(lambda match: _plain_tag(match[0]), text)
    text = _strays(text, notes)
    lines = [_line(number, line, notes) for number, line in enumerate(text.split("\n"), start=1)]
    _drop_own_heading(lines, titles, notes)
    return "\n".join(lines), notes.issues


def _without_comments(text: str) -> str:
    """The text with its comments blanked, line ends kept; one that never ends is no comment."""
    for opening, closing in _COMMENTS:
        parts: list[str] = []
        position = 0
        while (start := text.find(opening, position)) >= 0 and (end := text.find(closing, start)) >= 0:
            parts += [text[position:start], "\n" * text.count("\n", start, end)]
            position = end + len(closing)
        text = "".join([*parts, text[position:]])
    return text


def _braces(content: str, notes: _Notes) -> str:
    """The text with full-width braces of references made plain; a single one in the words stays as it is."""

    def plain(match: re.Match[str]) -> str:
        return unicodedata.normalize("NFKC", match[0])

    text = _CLOSES.sub(plain, _OPENS.sub(plain, content))
    if text != content:
        first = next(index for index, (old, new) in enumerate(zip(content, text, strict=False)) if old != new)
        line = content.count("\n", 0, first) + 1
        notes.taken(line, "全角花括号已按 {{ }} 读取", "full-width braces were read as {{ }}")
    return text


def _plain_tag(tag: str) -> str:
    """A reference with half-width signs, of the same length; what stands in quotes is left."""
    parts = _QUOTED.split(tag)
    quoted = [*_QUOTED.findall(tag), ""]
    plain = ("".join(map(_plain_sign, part)) for part in parts)
    return "".join(part + quote for part, quote in zip(plain, quoted, strict=True))


def _plain_sign(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    return _PLAIN_SIGNS.get(ord(char), folded if len(folded) == 1 else char)


def _strays(text: str, notes: _Notes) -> str:
    """The text without braces that would open what nothing closes; each stray one is told, with what to write."""
    masked = _TAG.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    lines = text.split("\n")
    for number, rest in enumerate(masked.split("\n")):
        if not _STRAY_BRACE.search(rest):
            _bare_names(number + 1, lines[number], rest, notes)
            continue
        kept = list(lines[number])
        for match in _STRAY_BRACE.finditer(rest):
            name = _plain_tag(match[1] or "").strip(".")
            right = f"，应写作 {{{{ {name} }}}}" if name else "，引用应写作 {{ 名称 }}"
            right_en = f": write {{{{ {name} }}}}" if name else ": a reference reads {{ figures.website }}"
            shown = match[0].strip()[:30]
            words = (f"花括号不成对或写法不对：“{shown}”{right}", f"stray braces {shown!r}{right_en}")
            notes.wrong(IssueKind.REFERENCE, number + 1, match.start() + 1, words)
            for index in range(match.start(), match.end()):
                if rest[index] == "{" and rest[index + 1 : index + 2] in {"{", "%", "#"}:
                    kept[index] = "｛"  # Jinja would take it for its own
        lines[number] = "".join(kept)
    return "\n".join(lines)


def _bare_names(number: int, line: str, masked: str, notes: _Notes) -> None:
    """Tell of a reference's name that stands without braces, or in signs that are none: 【figures.website】.

    ``masked`` is the line without its references; a name right behind a reference is in braces that are printed.
    """
    for match in _BARE_NAME.finditer(masked.translate(_HALF_WIDTH)):
        name = match[0]
        if line[: match.start()].rstrip().endswith("}}"):
            continue
        words = (
            f"引用缺少花括号：“{name}”，应写作 {{{{ {name} }}}}",
            f"{name!r} is no reference: write {{{{ {name} }}}}",
        )
        notes.wrong(IssueKind.REFERENCE, number, match.start() + 1, words)


def _line(number: int, line: str, notes: _Notes) -> str:
    line = _LINE_ENDS.sub(LINE_END, line.translate(_WORD_SIGNS))
    if found := _FORBIDDEN.search(line):
        code = f"U+{ord(found[0]):04X}"
        around = _FORBIDDEN.sub("□", line[max(0, found.start() - 8) : found.end() + 8])
        words = (
            f"有看不见的控制字符 {code}（在“{around}”处），请删去重打",
            f"holds the control character {code}: type the words around it anew",
        )
        notes.wrong(IssueKind.CHARACTER, number, found.start() + 1, words)
        line = _FORBIDDEN.sub("", line)
    for pattern, zh, en in (
        (_PICTURE, "图片不能放入文字，请删去", "pictures cannot stand in a narrative: take it out"),
        (_HTML, "网页标记会原样印出，请删去", "markup of web pages would be printed as typed: take it out"),
    ):
        if match := pattern.search(line):
            words = (f"“{match[0][:30]}”：{zh}", f"{match[0][:30]!r}: {en}")
            notes.wrong(IssueKind.MARKUP, number, match.start() + 1, words)
    if full := _FULL_HASHES.match(line):
        notes.taken(number, "全角“＃”已按标题处理", "a heading with full-width signs was taken as one")
        line = "#" * len(full[1]) + " " + line[full.end() :]
    if _HASHES.match(line):
        notes.taken(number, "“#”后缺少空格，已按标题处理", "a heading without a blank after # was taken as one")
        return _HASHES.sub(r"\1 ", line, count=1)
    if _HEADING.fullmatch(line.strip()):
        notes.taken(number, "单独成行的“（一）…”已按标题处理", "a line that reads （一）… was taken as a heading")
        return f"## {line.strip()}"
    return line


def _drop_own_heading(lines: list[str], titles: Collection[str], notes: _Notes) -> None:
    """Blank the first line that says anything where it is the section's heading."""
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        bare = "".join(line.lstrip("#").split()).strip("*")
        title = re.sub(r"^[（(]?[一二三四五六1-6][）)]?[、.．]?", "", bare)
        if title in titles:
            lines[index] = ""
            notes.taken(
                index + 1, f"文中的本节标题“{bare}”已略去，以免重复印出", "the section's own heading was left out"
            )
        return


_STRUCTURE = re.compile(r"#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s|>|```|~~~|\|")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])\s{1,4}")
_LATIN_END, _LATIN_START = re.compile(r"[A-Za-z0-9,;.!?)'\"]$"), re.compile(r"[A-Za-z0-9('\"]")
_STAR = re.compile(r"(?<=\d)\*(?=\d)")


def as_markdown(text: str) -> str:
    """The filled-in text as Markdown in which every line is a paragraph, and lines with tabs are a table.

    Headings, lists, tables and quotations of Markdown's own stay; a line that goes on in Latin letters belongs to the
    one before.
    """
    return "\n".join(line for line, _ in markdown_lines(text))


def markdown_lines(text: str) -> list[tuple[str, int]]:
    """The lines of ``as_markdown``, each with the number (from 0) of the text's line that it comes from.

    A line that is typed two columns or more behind the mark of an item belongs to it, be it a blank line below: as a
    further paragraph, or as an item of the next level. It is set under the item's words, where Markdown wants it.
    """
    shown: list[tuple[str, int]] = []
    items: list[_Item] = []  # of the list that goes on, from the outermost level
    for index, group in _groups(list(_typed_lines(text))):
        if len(group) > 1:
            items = []
            rows = ((row, index + max(at - 1, 0)) for at, row in enumerate(_table(group)))
            shown += [("", index), *rows, ("", index)]
            continue
        column = _column(group[0])
        before = shown[-1][0] if shown else ""
        line = group[0].strip(" \t\u3000").replace("\t", " ")
        if line:
            items = [item for item in items if item.mark <= column - 2]
        indent = items[-1].words if items and line else 0
        if mark := _ITEM.match(line):
            items.append(_Item(column, indent + mark.end()))
        if indent:
            shown.append((" " * indent + line, index))
            continue
        kin = _STRUCTURE.match(line) and _STRUCTURE.match(before.lstrip())
        goes_on = _LATIN_END.search(before) and _LATIN_START.match(line)
        if line and before and not kin and not goes_on:
            shown.append(("", index))
        shown.append((line, index))
    while shown and not shown[0][0]:
        del shown[0]
    while shown and not shown[-1][0]:
        del shown[-1]
    return shown


class _Item(NamedTuple):
    """An item of a list: the column at which its mark was typed, and that at which its words stand as shown."""

    mark: int
    words: int


def _column(line: str) -> int:
    """The column at which a line's words begin; a tab goes on to the next multiple of four."""
    return len(line[: len(line) - len(line.lstrip(" \t"))].expandtabs(4))


def _typed_lines(text: str) -> Iterator[tuple[int, str]]:
    for index, line in enumerate(_STAR.sub(r"\\*", text).split("\n")):
        yield from ((index, part) for part in line.split(LINE_END))


def _groups(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """Single lines, and runs of two lines or more with tabs between words, each with the number of its first line."""
    group: list[tuple[int, str]] = []
    for index, line in lines:
        if "\t" in line.strip():
            group.append((index, line))
            continue
        yield from _settled(group)
        group = []
        yield index, [line]
    yield from _settled(group)


def _settled(group: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    if group:
        yield group[0][0], [line for _, line in group]


def _table(lines: Sequence[str]) -> list[str]:
    rows = [[cell.strip().replace("|", "\\|") for cell in line.strip("\n").split("\t")] for line in lines]
    width = max(map(len, rows))
    shown = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    return [shown[0], "|" + " --- |" * width, *shown[1:]]
