"""Read plain text: its encoding, and the separators that pasted tables keep (tabs, pipes, commas)."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import pairwise

from nianbao.errors import IngestError
from nianbao.ingest.carrier import MAX_CHARACTERS, NO_CHARACTER, Carrier, Line, Place, bounded
from nianbao.inputs.encodings import utf_16_without_mark

# The share of a text that may be bytes of no character.
_MOST_BROKEN = 0.01


# Marks that lead to a note, as they stand above the line: ①, [2], 注1, *.
_MARK = re.compile(r"\s*[\[（(〔【]?\s*(?:注\s*)?[\d⁰¹²³⁴-⁹₀-₉①-⑳⑴-⒇❶-❿*＊※†a-z]{1,3}\s*[\]）)〕】]?\s*")


# What Markdown crosses out, and its marks of notes: ~~5~~3, 12[^1], 12<sup>1</sup>; a letter that a bar crosses out.
_UNSEEN = re.compile(r"~~[^~\n]{1,200}~~|\[\^\w{1,10}\](?!:)|<(sup|del|s)>[^<\n]{1,40}</\1>|.[\u0335\u0336]")
# Lines of characters as tables are drawn with: upright ones hold cells apart, the others hold nothing.
_DRAWN = frozenset("─━┄┅═┬┼┴┌┐└┘├┤│┃║╔╗╚╝╠╣╦╩╬ \u3000")
_UPRIGHTS = dict.fromkeys(map(ord, "│┃║"), "|")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
# So many rows show that a text is set with a cell a line; a report has more than thirty.
_ROWS_LEAST = 10
# So many runs of question marks are letters that a program could not save.
_LOST = re.compile(r"\?{3,}")
_FEWEST_LOST = 20
# So much of a file tells which mark holds its cells apart.
_SNIFFED = 8192


def is_mark(text: str) -> bool:
    """Whether a raised text is the mark of a note."""
    return _MARK.fullmatch(text) is not None


def decoded(content: bytes, where: str) -> str:
    """The text of a file in UTF-8, UTF-16 or GB18030; IngestError for anything else.

    A few broken bytes, as a copy cut inside a character has them, are shown as such and never guessed.
    """
    if content[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        encodings = ["utf-16"]
    else:
        unmarked = utf_16_without_mark(content)
        encodings = [unmarked] if unmarked else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        text = content.decode(encoding, errors="replace")
        broken = text.count(NO_CHARACTER)
        if broken <= _MOST_BROKEN * len(text) + 1 and "\x00" not in text:
            _require_letters(text, where)
            return text
    hint, zh = (
        "save it as UTF-8, or give the original document",
        "文字编码不是UTF-8、UTF-16或GB18030，请另存为UTF-8，或提供原文档",
    )
    raise IngestError("is no text in UTF-8, UTF-16 or GB18030", where=where, hint=hint, zh=zh)


def _require_letters(text: str, where: str) -> None:
    """Refuse a text whose letters were all saved as question marks."""
    if text.isascii() and len(_LOST.findall(text)) >= _FEWEST_LOST:
        raise IngestError(
            "holds question marks in the place of its Chinese letters: they were lost when it was saved",
            where=where,
            hint="save the document anew as UTF-8 (CSV UTF-8 in a spreadsheet program)",
            zh="汉字都变成了问号，另存时文字已丢失，请从原文档重新另存为UTF-8（表格选“CSV UTF-8”）",
        )


def read_text(content: bytes, where: str) -> Carrier:
    """The lines of a text; tabs and pipes are borders of cells."""
    return Carrier("text", bounded(lines_of(decoded(content, where)), where))


def read_csv(content: bytes, where: str) -> Carrier:
    """The lines of a text whose cells commas (or semicolons) hold apart, quoted or not."""
    text = decoded(content, where)
    # A quotation mark that is never closed makes one cell of all that follows.
    csv.field_size_limit(MAX_CHARACTERS)
    try:
        found = csv.Sniffer().sniff(text[:_SNIFFED], delimiters=",;\t")
        rows = list(csv.reader(io.StringIO(text), delimiter=found.delimiter))
    except csv.Error:
        mark = max(",;\t", key=text.count)
        rows = [line.split(mark) for line in text.splitlines()]
    lines = bounded(_rows(rows), where)
    return Carrier("csv", lines)


def _rows(rows: list[list[str]]) -> Iterator[Line]:
    for number, row in enumerate(rows, start=1):
        cells = [" ".join(cell.split()) for cell in row]
        place = (Place(line=number),)
        if sum(map(bool, cells)) == 1 and cells[0]:
            yield Line((cells[0],), place)
        elif any(cells):
            yield Line(tuple(cells), place, ruled=True)


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a text, numbered from 1, with the cells of its tables."""
    text = _UNSEEN.sub("", text).replace("<br>", " ")
    text = "\n".join("" if _DRAWN.issuperset(line) else line for line in text.split("\n")).translate(_UPRIGHTS)
    rows = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    if _has_a_cell_a_line(rows):
        rows = _joined_cells(rows)
    last = max((index for index, row in enumerate(rows) if row.strip()), default=0)
    for index, row in enumerate(rows):
        place = (Place(line=index + 1),)
        closed = index != last
        if "|" in row or "｜" in row:
            yield _piped(row.replace("｜", "|"), place, closed=closed)
        elif "\t" in row.strip(" \n"):
            cells = [cell.strip() for cell in row.split("\t")]
            while not closed and cells and not cells[-1]:
                # Where the document ends, an empty cell may be one that was cut off.
                cells.pop()
            yield Line(tuple(cells) or ("",), place, ruled=any(cells), closed=closed)
        else:
            yield Line((row.strip(),), place, closed=closed)


def _has_a_cell_a_line(rows: list[str]) -> bool:
    """Whether every cell, blank ones too, has a line that a bar closes, and two bars alone end each row."""
    bars = [row.strip() for row in rows if row.strip() and not row.strip("| \t")]
    alone = [row.strip() == "|" for row in rows]
    in_a_row = any(one and two for one, two in pairwise(alone))
    return in_a_row and bars.count("||") >= _ROWS_LEAST and set(bars) <= {"|", "||"}


def _joined_cells(rows: list[str]) -> list[str]:
    """The rows of such a text each in one line, where their first cell stands; the lines of the others stay empty."""
    found = list(rows)
    cells: list[str] = []
    begun = 0
    for index, row in enumerate(rows):
        plain = row.strip()
        if plain == "||" and cells:
            found[begun : index + 1] = [" | ".join(cells) + " |", *[""] * (index - begun)]
            cells = []
        elif plain.endswith("|") and plain.count("|") == 1:
            begun = begun if cells else index
            cells.append(plain.rstrip("|").strip())
        elif cells and index + 1 < len(rows) and rows[index + 1].strip() == "||":
            # The last cell of a row has no bar.
            cells.append(plain)
        else:
            cells = []
    return found


def _piped(row: str, place: tuple[Place, ...], *, closed: bool) -> Line:
    """A row whose cells are closed by pipes; a pipe at its beginning opens the first one."""
    plain = row.strip()
    cells = [_BOLD.sub(r"\1", cell.strip()) for cell in plain.split("|")]
    if not plain.strip("| \t"):
        return Line(("",) * plain.count("|"), place, ruled=True)
    ended = not cells[-1]
    if ended:
        cells.pop()
    if not cells[0] and len(cells) > 1:
        cells.pop(0)
    return Line(tuple(cells), place, ruled=True, closed=closed or ended)
