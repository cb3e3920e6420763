"""Read params/ and data/ into one OfficeYear, all at once or file by file as it is asked for.

What is wrong never stops the reading: it is an issue, so that all of it is told at once and a draft can print what is
there. A file that nothing reads, though somebody meant it to be read, is an issue too.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from nianbao.errors import InputError
from nianbao.form import TABLE_NAMES, CellRef, Edition, Section
from nianbao.inputs.attachments import is_attachment, load_attachments, meant_attachment
from nianbao.inputs.figures import load_figures
from nianbao.inputs.files import Files
from nianbao.inputs.prose import tidied
from nianbao.inputs.settings import YearSettings, load_settings
from nianbao.inputs.tables import load_table
from nianbao.inputs.workbook import open_book
from nianbao.inputs.yaml_file import unreadable
from nianbao.model import Attachment, Cell, Figure, InputIssue, IssueKind, Office, OfficeYear, ReportKey, Source, Text
from nianbao.paths import Project, is_by_product

Key = TypeVar("Key", bound=Hashable)
Entry = TypeVar("Entry")
_COPY = re.compile(r"副本|备份|copy|[（(]\d+[）)]", re.IGNORECASE)
# 五、存在的主要问题, 第五部分 问题; so many letters of a title name it.
_NUMBERED = re.compile(r"第?([一二三四五六])(?:部分|[、.．_ -])\s*")
_FEWEST_LETTERS = 4
# Endings of what people write words and tables in.
_WORDS = frozenset({".md", ".markdown", ".txt", ".doc", ".docx", ".wps", ".rtf", ".odt", ".pdf", ".htm", ".html", ""})
_BOOKS = ("xlsx", "xls", "et", "ods")
_TABLES = frozenset({".csv", ".tsv", ".xls", ".xlsx", ".et", ".ods", ".txt"})


def load(project: Project, key: ReportKey, files: Files | None = None) -> OfficeYear:
    """All inputs of one report, with an issue for whatever is wrong in them, in the order of the form.

    ``files`` records what was read; a new record is kept where none is given.
    """
    files = files or Files(project)
    office, settings, issues = load_settings(files, key)
    cells: dict[CellRef, Cell] = {}
    for table in settings.edition.tables:
        found = load_table(files, key, table)
        cells |= found.cells
        issues += found.issues
    figures = load_figures(files, key)
    issues += figures.issues
    texts: dict[str, Text] = {}
    lost: dict[str, str] = {}
    for section in settings.edition.sections:
        text, noted = load_text(files, key, section, settings.edition)
        issues += noted
        if text is not None:
            texts[section.slug] = text
        else:
            named = any(issue.kind is IssueKind.UNREADABLE for issue in noted)
            lost[section.slug] = "" if named else project.text_file(key, section).name
    attachments: Mapping[str, Attachment] = {}
    try:
        attachments, noted = load_attachments(files, key)
        issues += [*noted, *_stray_files(files, key, settings.edition)]
    except InputError as error:
        issues.append(unreadable(error, project.relative(project.data_of(key))))
    meant = {issue.near for issue in issues if issue.kind is IssueKind.STRAY} | {""}
    issues += _given_twice(files, key, settings.edition)
    report = _office_year(files, key, office, settings, cells)
    ledger = _read_ledger_on_demand(files, key, settings.edition)
    return replace(
        report,
        figures=figures.figures,
        texts=texts,
        issues=tuple(issues),
        ledger=ledger,
        attachments=attachments,
        unread=frozenset(slug for slug, name in lost.items() if name in meant),
    )


def open_lazily(key: ReportKey, files: Files) -> OfficeYear:
    """The same inputs, but each file is read (and recorded in ``files``) when something of it is first asked for.

    ``issues`` stay empty: whoever needs them, the checks, loads everything.
    """
    office, settings, _ = load_settings(files, key)
    edition = settings.edition
    cells: _ReadOnDemand[CellRef, Cell] = _ReadOnDemand(
        tuple(table.code for table in edition.tables),
        lambda ref: ref.table,
        lambda code: load_table(files, key, edition.table(code)).cells,
    )
    figures: _ReadOnDemand[str, Figure] = _ReadOnDemand(
        ("figures",), lambda _: "figures", lambda _: load_figures(files, key).figures
    )
    texts: _ReadOnDemand[str, Text] = _ReadOnDemand(
        tuple(section.slug for section in edition.sections),
        lambda slug: slug,
        lambda slug: _as_mapping(slug, load_text(files, key, edition.section(slug), edition)[0]),
    )
    ledger = _read_ledger_on_demand(files, key, edition)
    attachments: _ReadOnDemand[str, Attachment] = _ReadOnDemand(
        ("attachments",), lambda _: "attachments", lambda _: load_attachments(files, key)[0]
    )
    report = _office_year(files, key, office, settings, cells)
    return replace(report, figures=figures, texts=texts, ledger=ledger, attachments=attachments)


def _read_ledger_on_demand(files: Files, key: ReportKey, edition: Edition) -> _ReadOnDemand[str, Figure]:
    """What the register of requests yields for the words, read when a text first asks for it."""

    def read(_: str) -> dict[str, Figure]:
        from nianbao.inputs.ledger.stated import ledger_figures

        return ledger_figures(files, key, edition)

    return _ReadOnDemand(("ledger",), lambda _: "ledger", read)


def load_text(files: Files, key: ReportKey, section: Section, edition: Edition) -> tuple[Text | None, list[InputIssue]]:
    """The narrative of one section, tidied, and what is wrong in it; None where there is none or it is empty."""
    path = files.find(files.project.text_file(key, section))
    where = files.project.relative(path)
    try:
        book = open_book(files, key)
        if book is not None:
            where = book.where
        content = files.text(path) if book is None else book.texts(edition).get(section.slug)
    except InputError as error:
        return None, [unreadable(error, where)]
    if content is None or not content.strip():
        return None, []
    template, issues = tidied(content, section.titles, where)
    if not template.strip():
        return None, issues
    return Text(section.slug, template.rstrip() + "\n", Source(where)), issues


def _given_twice(files: Files, key: ReportKey, edition: Edition) -> list[InputIssue]:
    """Files of their own beside a workbook that holds the same: which of them holds is for people to say."""
    project = files.project
    book = files.find(project.workbook_file(key))
    if not book.is_file():
        return []
    own = [project.table_file(key, name) for name in (*(table.code for table in edition.tables), "figures")]
    own += [project.text_file(key, section) for section in edition.sections]
    there = [project.relative(found) for path in own if (found := files.find(path)).is_file()]
    if not there:
        return []
    names = "、".join(there)
    words = (
        f"同时存在 report.xlsx 和 {names}，只能保留一种（现读取 report.xlsx），请移走另一种",
        f"report.xlsx and {', '.join(there)} are both there: keep one of the two",
    )
    return [InputIssue(IssueKind.UNREADABLE, Source(project.relative(book)), found="twice", words=words)]


def _as_mapping(slug: str, text: Text | None) -> dict[str, Text]:
    return {} if text is None else {slug: text}


def _office_year(
    files: Files, key: ReportKey, office: Office, settings: YearSettings, cells: Mapping[CellRef, Cell]
) -> OfficeYear:
    return OfficeYear(
        key=key,
        office=office,
        edition=settings.edition,
        published=settings.published,
        profile=settings.profile,
        fonts=settings.fonts,
        rules=settings.rules,
        sealed=settings.sealed,
        template=settings.template,
        cells=cells,
        figures={},
        texts={},
        files=tuple(files.read),
    )


class _ReadOnDemand(Mapping[Key, Entry]):
    """A mapping in parts (files), each read when one of its entries is first asked for: so reads can be told exactly.

    ``part_of`` says in which part a key lies, ``load`` reads a part once.
    """

    def __init__(
        self, parts: tuple[str, ...], part_of: Callable[[Key], str], load: Callable[[str], Mapping[Key, Entry]]
    ) -> None:
        self._parts = parts
        self._part_of = part_of
        self._load = load
        self._loaded: dict[str, Mapping[Key, Entry]] = {}

    def __repr__(self) -> str:
        return f"_ReadOnDemand({len(self._loaded)} of {len(self._parts)} parts read)"

    def __getitem__(self, key: Key) -> Entry:
        part = self._part_of(key)
        if part not in self._parts:
            raise KeyError(key)
        return self._read(part)[key]

    def __iter__(self) -> Iterator[Key]:
        for part in self._parts:
            yield from self._read(part)

    def __len__(self) -> int:
        return sum(len(self._read(part)) for part in self._parts)

    def _read(self, part: str) -> Mapping[Key, Entry]:
        if part not in self._loaded:
            self._loaded[part] = self._load(part)
        return self._loaded[part]


def _stray_files(files: Files, key: ReportKey, edition: Edition) -> list[InputIssue]:
    """An issue for each file of the office-year that no section and no table reads, with the nearest right name."""
    project = files.project
    narratives = {project.text_file(key, section).name: section.title for section in edition.sections}
    tables = {project.table_file(key, table.code).name: table.caption for table in edition.tables}
    registers = [path.name for path in project.ledger_files(key) if path.parent == project.data_of(key)]
    tables |= {"figures.csv": "其他数据", registers[0]: "台账"}
    folder, words = project.data_of(key), project.narrative_of(key)
    issues: list[InputIssue] = []
    for path in _loose(files, words, set(narratives)):
        if is_attachment(path.name):
            continue
        meant = meant_attachment(path.name) or _meant(path, narratives)
        missing = meant if meant and not files.find(words / meant).exists() else None
        issues.append(_stray(project.relative(path), meant, missing, narratives, is_text=path.suffix.lower() in _WORDS))
    for path in _loose(files, folder, {*tables, *registers}):
        in_wrong_folder = path.name in narratives
        meant = f"narrative/{path.name}" if in_wrong_folder else _meant(path, tables)
        if meant is None or path.suffix.lower() not in _TABLES | ({".md"} if in_wrong_folder else set()):
            continue  # a file of the office's own, which a notebook may read
        names = registers if meant in registers else [meant]
        missing = None if any(files.find(folder / name).exists() for name in names) else meant
        issues.append(_stray(project.relative(path), meant, missing, {**narratives, **tables}, is_text=in_wrong_folder))
    return issues


def _loose(files: Files, folder: Path, known: set[str]) -> Iterator[Path]:
    """The folder's files under other names than the known ones, in any capitals."""
    plain = {name.casefold() for name in known}
    for path in files.listing(folder):
        if path.name.casefold() not in plain and not is_by_product(path.name) and not path.is_dir():
            yield path


def _meant(path: Path, known: dict[str, str]) -> str | None:
    """The right name that the file's name is nearest to, by its spelling, its number or its title."""
    stem = re.split(r"\.(?:md|csv|txt)", path.name.casefold())[0].rsplit(".", 1)[0]
    bare = _COPY.split(stem)[0].strip(" -—_")
    numbered = _NUMBERED.match(stem)
    words = stem[numbered.end() :] if numbered else stem
    for place, (name, title) in enumerate(known.items()):
        own = name.rsplit(".", 1)[0]
        if name.endswith(".md") and numbered and "一二三四五六".index(numbered[1]) == place:
            return name
        if len(words) >= _FEWEST_LETTERS and words in title:
            return name
        if bare == own or (title and title in stem) or TABLE_NAMES.get(own, "□") in stem:
            return name
    by_stem = {name.rsplit(".", 1)[0]: name for name in known}
    near = difflib.get_close_matches(bare, by_stem, n=1, cutoff=0.75)
    return by_stem[near[0]] if near else None


def _stray(path: str, meant: str | None, missing: str | None, known: dict[str, str], *, is_text: bool) -> InputIssue:
    """The finding: certain where the right file is missing or the words are lost, else a thing to look at."""
    shown = path.encode("utf-8", "backslashreplace").decode()
    # A workbook of the very name of a table: which of the two holds is for people to say.
    twins = {f"{meant.removesuffix('csv')}{ending}" for ending in _BOOKS} if meant and not missing else set()
    twin = shown.rpartition("/")[2].casefold() in twins
    if meant is None:
        names = "、".join(known)
        words = (f"没有栏目读取此文件，可用的文件名：{names}", f"no section reads this file; known: {', '.join(known)}")
    elif missing:
        form = (
            ""
            if path.casefold().endswith((".md", ".csv", ".txt")) or meant.endswith(".xlsx")
            else "，并另存为纯文本（表格存为 CSV UTF-8）"
        )
        words = (f"没有栏目读取此文件，是否应命名为 {meant}{form}", f"nothing reads this file; should it be {meant}?")
    elif twin:
        words = (
            f"与 {meant} 并存，报告读取的是 {meant}：请将此文件另存为 CSV UTF-8 覆盖它，或移走此文件",
            f"{meant} is read, and not this file beside it: keep one of the two",
        )
    else:
        words = (f"没有栏目读取此文件（已有 {meant}），如为多余请移走", f"nothing reads this file ({meant} is there)")
    certain = bool(missing) or twin or (is_text and not _COPY.search(path))
    return InputIssue(IssueKind.STRAY, Source(shown), found=shown, near=meant, words=words, doubtful=not certain)
