"""Read attachments: files of the narrative folder that are named 附件.md, or 附件1.md, 附件2 名单.md and so on.

Source: GB/T 9704-2012, 7.3.4 (附件说明) and 7.3.7 (附件): one attachment has no number, several are numbered from 1;
each has a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import InputError
from nianbao.inputs.files import Files
from nianbao.inputs.prose import tidied
from nianbao.inputs.yaml_file import unreadable
from nianbao.model import Attachment, InputIssue, IssueKind, ReportKey, Source, Text

MARK = "附件"
_NUMERALS = "一二三四五六七八九十"
# 附件, 附件1, 附件２：名单, 附件三 名单, 附件名单; a copy (附件1 - 副本, 附件(1)) is none.
_NAME = re.compile(
    rf"附件(?P<number>\s*\d{{1,2}}(?!\d)|[{_NUMERALS}](?![^\s.．、：:_—-]))?[\s.．、：:_—-]*(?P<title>[^()（）]*)"
)
_COPY = re.compile("副本|备份|copy", re.IGNORECASE)
# The line with which people begin an attachment: its mark, which is printed anyhow.
_OWN_MARK = re.compile(rf"#{{0,6}}\s*附件\s*[\d{_NUMERALS}]{{0,2}}\s*[:：]?")
_TITLE = re.compile(r"#\s+(?P<title>.+)")
_NO_TITLE = "【缺：附件名称】"
_ENDING = ".md"


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of an attachment: its number (None where its name has none) and the title that its name has."""

    path: Path
    number: int | None
    title: str


def is_attachment(name: str) -> bool:
    """Whether a file of this name is an attachment."""
    path = Path(name)
    return path.suffix.lower() == _ENDING and _parsed(path.stem) is not None


def meant_attachment(name: str) -> str | None:
    """The name that a file of an attachment should have that is no Markdown: 附件1.md of 附件1.docx."""
    path = Path(name)
    return f"{path.stem}{_ENDING}" if path.suffix.lower() != _ENDING and _parsed(path.stem) else None


def _parsed(stem: str) -> tuple[int | None, str] | None:
    found = _NAME.fullmatch(stem)
    if found is None or _COPY.search(stem):
        return None
    digits = (found["number"] or "").strip()
    number = _NUMERALS.index(digits) + 1 if digits in _NUMERALS and digits else int(digits) if digits else None
    return number, found["title"].strip()


def load_attachments(files: Files, key: ReportKey) -> tuple[Mapping[str, Attachment], list[InputIssue]]:
    """The attachments of one report by their marks, in the order of their numbers, and what is wrong with them."""
    found = sorted(_found(files, key), key=lambda one: (one.number or 0, one.path.name))
    issues = list(_misnumbered(files, found))
    attachments: dict[str, Attachment] = {}
    for one in found:
        mark = MARK if len(found) == 1 else f"{MARK}{one.number or ''}"
        attachment, noted = _attachment(files, one, mark)
        issues += noted
        if attachment is not None:
            attachments.setdefault(mark, attachment)
    return attachments, issues


def _found(files: Files, key: ReportKey) -> Iterator[_Found]:
    for path in files.listed(files.project.narrative_of(key)):
        if path.suffix.lower() == _ENDING and not path.is_dir() and (parsed := _parsed(path.stem)):
            yield _Found(path, *parsed)


def _misnumbered(files: Files, found: Sequence[_Found]) -> Iterator[InputIssue]:
    """An issue where several attachments are not numbered 1, 2, 3 …, at the first file that is out of order."""
    if len(found) == 1 and found[0].number in {None, 1}:
        return
    for expected, one in enumerate(found, start=1):
        if one.number != expected:
            words = (
                f"附件应从1起连续编号、不重复（现有：{'、'.join(each.path.name for each in found)}）",
                f"attachments are numbered 1, 2, 3 …: there are {', '.join(each.path.name for each in found)}",
            )
            yield _issue(files.project.relative(one.path), 0, words)
            return


def _attachment(files: Files, found: _Found, mark: str) -> tuple[Attachment | None, list[InputIssue]]:
    """The attachment that a file holds, tidied as narratives are; None where it cannot be read."""
    where = files.project.relative(found.path)
    try:
        content = files.text(found.path) or ""
    except InputError as error:
        return None, [unreadable(error, where)]
    template, issues = tidied(content, (), where)
    title, text = parted(template)
    if not title.strip():
        title = found.title or _NO_TITLE
    if title == _NO_TITLE:
        words = (
            "附件没有名称：第一行请写“# 附件名称”，或写在文件名里（附件1 名称.md）",
            "the attachment has no title: begin it with a heading, or put the title into the file's name",
        )
        issues.append(_issue(where, 1, words))
    if not text.strip():
        issues.append(_issue(where, 1, ("附件只有名称，没有内容", "the attachment has a title and no words")))
    return Attachment(mark, Text(mark, title, Source(where)), Text(mark, text.rstrip() + "\n", Source(where))), issues


def _issue(where: str, line: int, words: tuple[str, str]) -> InputIssue:
    return InputIssue(IssueKind.UNREADABLE, Source(where, line or None), found=words[1], words=words)


def parted(template: str) -> tuple[str, str]:
    """The title in a tidied template, and the text without it, line for line; no title where no heading begins it.

    A line above the title that says no more than 附件1 goes, for the report prints it.
    """
    lines = template.split("\n")
    title = ""
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        if _OWN_MARK.fullmatch(line.strip()):
            lines[index] = ""
        elif heading := _TITLE.fullmatch(line.strip()):
            title = "\n" * index + heading["title"].strip("* \t\u3000")
            lines[index] = ""
            break
        else:
            break
    return title, "\n".join(lines)
