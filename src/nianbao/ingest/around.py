"""What a report says around its figures: the preamble above section 1, and labels of the other edition in its tables.

May import: form, model, ingest.carrier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nianbao.form import EDITIONS, Edition
from nianbao.ingest.carrier import Line
from nianbao.model import InputIssue, IssueKind, Source

# A preamble is a paragraph or two; a page's menus above it are not read to the end.
_LONGEST = 20_000


def preamble_of(head: Sequence[Line]) -> str:
    """The lines above section 1, without what stands in grids."""
    texts = [line.text.strip() for line in head if not line.ruled and line.text.strip()]
    return "\n".join(texts)[-_LONGEST:]


def foreign_labels(edition: Edition, lines: Iterable[Line], file: str) -> Iterator[InputIssue]:
    """Rows of table 2 that bear the label of another edition (规范性文件 in the form of 2021)."""
    table = edition.table("proactive")
    others = {
        row.label: code
        for other in EDITIONS.values()
        if other is not edition
        for code, row in other.table(table.code).rows.items()
        if code in table.rows and row.label != table.rows[code].label
    }
    for line in lines:
        label = line.cells[0].strip() if line.cells else ""
        code = others.get(label)
        if code is not None and any(character.isdigit() for cell in line.cells[1:] for character in cell):
            source = Source(file, place=str(line.place))
            yield InputIssue(IssueKind.WRONG_LABEL, source, table.code, label, row=code, near=table.rows[code].label)
