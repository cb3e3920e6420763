"""Find files beside the inputs that nothing reads, though somebody meant them to be read.

May import: form, model, paths, inputs.files.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

from nianbao.form import TABLE_NAMES, Edition
from nianbao.inputs.files import Files
from nianbao.model import InputIssue, IssueKind, ReportKey, Source

# What programs leave beside the files that they have open, and what systems leave in folders.
_PASSED_OVER = re.compile(r"[.~].*|.*(?:~|\.tmp|\.bak|\.swp|\.lock)|Thumbs\.db|desktop\.ini", re.IGNORECASE)
_COPY = re.compile(r"副本|备份|copy|[（(]\d+[）)]", re.IGNORECASE)
# Endings of what people write words and tables in.
_WORDS = frozenset({".md", ".markdown", ".txt", ".doc", ".docx", ".wps", ".rtf", ".odt", ".pdf", ".htm", ".html", ""})
_TABLES = frozenset({".csv", ".tsv", ".xls", ".xlsx", ".et", ".ods", ".txt"})


def stray_files(files: Files, key: ReportKey, edition: Edition) -> list[InputIssue]:
    """An issue for each file of the office-year that no section and no table reads, with the nearest right name."""
    project = files.project
    narratives = {project.text_file(key, section).name: section.title for section in edition.sections}
    tables = {project.table_file(key, table.code).name: table.caption for table in edition.tables}
    tables["figures.csv"] = "其他数据"
    folder = project.data_of(key)
    issues: list[InputIssue] = []
    for path in _loose(files, folder / "narrative", set(narratives)):
        meant = _meant(path, narratives)
        missing = meant if meant and not files.find(folder / "narrative" / meant).exists() else None
        issues.append(_issue(project.relative(path), meant, missing, narratives, is_text=path.suffix.lower() in _WORDS))
    for path in _loose(files, folder, {*tables}):
        in_wrong_folder = path.name in narratives
        meant = f"narrative/{path.name}" if in_wrong_folder else _meant(path, tables)
        if meant is None or path.suffix.lower() not in _TABLES | ({".md"} if in_wrong_folder else set()):
            continue  # a file of the office's own, which a notebook may read
        missing = meant if not files.find(folder / meant).exists() else None
        issues.append(_issue(project.relative(path), meant, missing, {**narratives, **tables}, is_text=in_wrong_folder))
    return issues


def _loose(files: Files, folder: Path, known: set[str]) -> Iterator[Path]:
    """The folder's files under other names than the known ones, in any capitals."""
    plain = {name.casefold() for name in known}
    for path in files.listing(folder):
        if path.name.casefold() not in plain and not _PASSED_OVER.fullmatch(path.name) and not path.is_dir():
            yield path


def _meant(path: Path, known: dict[str, str]) -> str | None:
    """The right name that the file's name is nearest to, by its spelling, its number or its title."""
    stem = re.split(r"\.(?:md|csv|txt)", path.name.casefold())[0].rsplit(".", 1)[0]
    bare = _COPY.split(stem)[0].strip(" -—_")
    for name, title in known.items():
        own = name.rsplit(".", 1)[0]
        if bare == own or (title and title in stem) or TABLE_NAMES.get(own, "□") in stem:
            return name
    by_stem = {name.rsplit(".", 1)[0]: name for name in known}
    near = difflib.get_close_matches(bare, by_stem, n=1, cutoff=0.75)
    return by_stem[near[0]] if near else None


def _issue(path: str, meant: str | None, missing: str | None, known: dict[str, str], *, is_text: bool) -> InputIssue:
    """The finding: certain where the right file is missing or the words are lost, else a thing to look at."""
    shown = path.encode("utf-8", "backslashreplace").decode()
    if meant is None:
        names = "、".join(known)
        words = (f"没有栏目读取此文件，可用的文件名：{names}", f"no section reads this file; known: {', '.join(known)}")
    elif missing:
        form = "" if path.casefold().endswith((".md", ".csv")) else "，并另存为纯文本（表格存为 CSV UTF-8）"
        words = (f"没有栏目读取此文件，是否应命名为 {meant}{form}", f"nothing reads this file; should it be {meant}?")
    else:
        words = (f"没有栏目读取此文件（已有 {meant}），如为多余请移走", f"nothing reads this file ({meant} is there)")
    certain = bool(missing) or (is_text and not _COPY.search(path))
    return InputIssue(IssueKind.STRAY, Source(shown), found=shown, near=meant, words=words, doubtful=not certain)
