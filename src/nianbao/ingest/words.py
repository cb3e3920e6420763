"""Compare printed labels: width, spaces, punctuation, traditional characters, and the form's own words.

Every label comes from the declaration of the form; none is typed here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from nianbao.form import EDITIONS, SECTIONS, Column, Edition, Row, Shape, Table
from nianbao.form.cells import NOTE_MARKS
from nianbao.ingest.carrier import NO_CHARACTER

# Characters that only traditional writing has, all of them frequent in the form's labels.
_TRADITIONAL = re.compile("[開條項數據關係總計與處類屬於報務機構組織學單請辦廢現許強範規領複訟維糾結審為門對]")
# So many of them make a text traditional; a single one may be somebody's name.
_TRADITIONAL_LEAST = 8

_NOT_HAN = re.compile(r"[^\u3400-\u4dbf\u4e00-\u9fff〇]+")
_BRACKETED = re.compile(r"[（(][^（()）]*[)）]?\s*$")
_NUMERAL = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十]+[)）、.．]|[（(]?\d{1,2}[)）、.．])\s*")


def is_legible(text: str) -> bool:
    """Whether every letter of a text can be told."""
    return NO_CHARACTER not in text


def fits(unread: str, name: str) -> bool:
    """Whether a name may be the one of which some letters cannot be told: each of these stands for one letter."""
    pattern = ".".join(map(re.escape, unread.split(NO_CHARACTER)))
    return re.fullmatch(pattern, name, re.DOTALL) is not None


@cache
def _converter(way: str) -> Any:
    from opencc import OpenCC

    return OpenCC(way)


def is_traditional(text: str) -> bool:
    """Whether the text is written in traditional characters."""
    return any(count == _TRADITIONAL_LEAST for count, _ in enumerate(_TRADITIONAL.finditer(text), start=1))


def simplified(text: str) -> str:
    """The text in simplified characters, word by word as it stands (檔案 becomes 档案, not 文件)."""
    return str(_converter("t2s").convert(text))


def width_folded(text: str) -> str:
    """The text with half-width digits, letters and punctuation; raised and circled marks beside digits are left out.

    Normalisation would make digits of them: 1293① -> 12931.
    """
    return text if text.isascii() else unicodedata.normalize("NFKC", NOTE_MARKS.sub("", text))


def core(text: str) -> str:
    """The Chinese characters of a text: what is left of a label when numerals' dots, brackets and spaces go."""
    return _NOT_HAN.sub("", text)


def bare(label: str) -> str:
    """The core of a label without its numeral: 1.属于国家秘密 -> 属于国家秘密, （七）总计 -> 总计."""
    return core(_NUMERAL.sub("", label))


def without_brackets(text: str) -> str:
    """The text without a bracketed remark at its end: 规章（县级无此项） -> 规章."""
    return _BRACKETED.sub("", text)


def numeral_of(text: str) -> str:
    """The numeral with which a text begins, without its dot or brackets: 3, 七; empty where there is none."""
    match = _NUMERAL.match(text)
    return re.sub(r"[^\d一二三四五六七八九十]", "", match[0]) if match else ""


def has_numeral(text: str) -> bool:
    """Whether the text begins with a numeral: 3. or （七）."""
    return _NUMERAL.match(text) is not None


@cache
def _foreign(label: str) -> tuple[str, ...]:
    """The label as it comes back from a page in traditional characters with the vocabulary of Taiwan."""
    return tuple({simplified(_converter(way).convert(label)) for way in ("s2twp", "s2t")} - {label})


@dataclass(frozen=True)
class RowWords:
    """The ways in which a row's label is written, as cores; ``shared`` ones are column heads as well.

    ``printed`` are the label alone and, in the first row that they span, with the labels above it, each with where the
    label itself begins; ``numeral`` is the label's own.
    """

    code: str
    cores: tuple[str, ...]
    groups: tuple[str, ...]
    shared: bool
    printed: tuple[tuple[str, int], ...]
    numeral: str


@dataclass(frozen=True)
class TableWords:
    """What can stand in a table besides values: rows in order, heads, and all its words as one string."""

    table: Table
    rows: tuple[RowWords, ...]
    heads: tuple[str, ...]
    groups: tuple[str, ...]
    vocabulary: str = field(repr=False)


@cache
def words_of(table: Table, *, foreign: bool = False) -> TableWords:
    """The words of one table; ``foreign`` adds what conversion between scripts makes of them."""
    heads = {bare(column.label) for column in table.columns.values()}
    rows: list[RowWords] = []
    spanned: set[tuple[str, ...]] = set()
    for row in table.rows.values():
        above = [depth for depth in range(len(row.groups)) if row.groups[: depth + 1] not in spanned]
        spanned |= {row.groups[: depth + 1] for depth in above}
        rows.append(_row_words(row, heads, row.groups[above[0] :] if above else (), foreign=foreign))
    groups = {bare(group): None for row in table.rows.values() for group in row.groups}
    printed = _printed(table)
    everything = [core(text) for text in printed]
    if foreign:
        everything += [core(form) for text in printed for form in _foreign(text)]
    everything += [form for row in rows for form in row.cores]
    return TableWords(table, tuple(rows), tuple(_heads(table)), tuple(groups), "|".join(everything))


def _row_words(row: Row, heads: set[str], above: tuple[str, ...], *, foreign: bool) -> RowWords:
    forms = [row.label, without_brackets(row.label), *row.aliases]
    if foreign:
        forms += [form for label in tuple(forms) for form in _foreign(label)]
    cores = sorted({bare(form) for form in forms}, key=lambda text: (-len(text), text))
    starts = ["".join(above[index:]) for index in range(len(above) + 1)]
    printed = {core(start + form): len(core(start)) for form in forms for start in starts}
    return RowWords(
        code=row.code,
        cores=tuple(cores),
        groups=tuple(bare(group) for group in row.groups),
        shared=bare(row.label) in heads,
        printed=tuple(printed.items()),
        numeral=numeral_of(row.label),
    )


def _heads(table: Table) -> list[str]:
    columns = [column for block in table.blocks for column in block.columns]
    texts = [column.label for column in columns] + [column.group for column in columns if column.group]
    return [core(text) for text in dict.fromkeys(texts)]


def _printed(table: Table) -> list[str]:
    """Every text that the form prints in a table, in its order, with what stands above it."""
    texts = [table.caption, table.note or "", table.corner or ""]
    for block in table.blocks:
        texts += [block.heading or "", *(_column_text(column) for column in block.columns)]
        # Heads are also broken over lines and read across: all of them in one string, in their order.
        texts.append("".join(column.label for column in block.columns))
        for row in block.rows:
            texts += [row.full_label, *row.aliases]
        texts.append("".join(row.label for row in block.rows))
    if table.shape is Shape.ACROSS:
        texts.append("".join(row.groups[0] if row.groups else row.label for row in table.rows.values()))
    return texts


def _column_text(column: Column) -> str:
    return f"{column.group or ''}{column.label}"


@cache
def vocabulary() -> str:
    """Every word of every table of both editions and of the section titles: what makes a line part of a table."""
    tables = [words_of(table, foreign=True).vocabulary for edition in EDITIONS.values() for table in edition.tables]
    titles = [core(text) for section in SECTIONS for text in (section.heading, *section.aliases)]
    return "|".join([*tables, *titles])


@cache
def raw_vocabulary() -> str:
    """The printed labels of all tables with their punctuation, in half width: tells 本年增/减 from a sign for none."""
    printed = (text for edition in EDITIONS.values() for table in edition.tables for text in _printed(table))
    return "|".join(width_folded(text) for text in printed)


@cache
def marks_of(edition: Edition) -> tuple[str, ...]:
    """The labels of an edition's tables that tell it from the others: no other edition has them in any label."""
    others = "|".join(
        core(text)
        for other in EDITIONS.values()
        if other is not edition
        for table in other.tables
        for text in _printed(table)
    )
    labels = (
        bare(without_brackets(label))
        for table in edition.tables
        for label in (
            *(column.label for column in table.columns.values()),
            *(row.label for row in table.rows.values()),
        )
    )
    return tuple(dict.fromkeys(label for label in labels if label not in others))
