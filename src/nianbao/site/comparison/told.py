"""A comparison as text for a terminal, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from nianbao.errors.language import Message, either, told_in, tr
from nianbao.model import Number
from nianbao.site.comparison.values import (
    ABSENT,
    ComparedTable,
    ComparedWords,
    Comparison,
    Fate,
    Line,
    Row,
    SentencePair,
)

_WORDS = {
    Fate.KEPT: Message("kept"),
    Fate.MOVED: Message("moved"),
    Fate.CHANGED: Message("reworded"),
    Fate.NEW: Message("new"),
    Fate.GONE: Message("gone"),
}
_MARKS = {Fate.GONE: "[-{}-]", Fate.NEW: "{{+{}+}}", Fate.KEPT: "{}"}


def fate_word(fate: Fate) -> str:
    """What became of a sentence, in the Chinese word that pages and workbooks print."""
    return told_in("zh", _WORDS[fate])


def as_text(found: Comparison) -> Iterator[str]:
    """What differs, for a terminal; every cell and every sentence stands in the other formats."""
    years = dict.fromkeys(str(side.key.year) for side in found.reports)
    offices = dict.fromkeys(side.office for side in found.reports)
    yield tr("Annual reports compared: {offices}; {years}", offices=offices, years=years)
    for note in found.notes:
        yield f"  {tr(note)}"
    for table in (*found.tables, found.figures):
        yield from _table(table, found)
    for words in found.words:
        if len(found.words) > 1:
            other = next(side.office for side in found.reports if side.key == words.other)
            yield tr("Words beside those of {office}", office=other)
        for section in words.sections:
            yield from _section(section)
    if found.history:
        yield from _history(found)
    for alike in found.alike:
        yield tr(
            "Alike: about {share}% of the words of {office} are those of {name} ({other})",
            share=alike.share,
            office=alike.office,
            name=alike.other_name,
            other=alike.other,
        )
        yield from (f"  “{passage}”" for passage in alike.passages)


def _table(table: ComparedTable, found: Comparison) -> Iterator[str]:
    if not table.lines:
        return
    caption = Message("Counts of the narrative") if table is found.figures else table.caption
    yield tr("{table}: {count} of {all} differ", table=caption, count=len(table.differing), all=len(table.lines))
    yield from ("  " + tr("note: {text}", text=tr(note)) for note in table.notes)
    for line in table.differing:
        yield "  " + tr("{name}: {text}", name=line.label, text=_values(line, found))


def _values(line: Line, found: Comparison) -> str:
    heads = [either(head, head.removesuffix("年")) for head in found.heads]
    first, *rest = zip(heads, line.values, strict=True)
    parts = [f"{first[0]} {first[1].shown}"]
    for (head, value), change in zip(rest, line.differences, strict=True):
        told = tr(" ({steps})", steps=[change.shown, change.shown_rate]) if change.amount else ""
        parts.append(f"{head} {value.shown}{told}")
    return "　".join(parts)


def _section(section: ComparedWords) -> Iterator[str]:
    counts = [f"{tr(_WORDS[fate])} {section.count(fate)}" for fate in Fate if section.count(fate)]
    yield tr("{heading} (sentences: {counts})", heading=section.heading, counts=counts)
    for pair in section.pairs:
        if pair.fate is not Fate.KEPT:
            yield "  " + tr("{name}: {text}", name=_WORDS[pair.fate], text=marked(pair))


def marked(pair: SentencePair) -> str:
    """A sentence with its changed words between [- -] (gone) and {+ +} (new)."""
    if pair.pieces:
        return "".join(_MARKS[piece.fate].format(piece.text) for piece in pair.pieces)
    return pair.after or pair.before


def _history(found: Comparison) -> Iterator[str]:
    history = found.history
    if history is None:
        return
    results, applicants = Message("Results over the years"), Message("Applicants over the years")
    for name, rows in ((results, history.results), (applicants, history.applicants)):
        yield tr("{name} ({office})", name=name, office=map(str, history.years))
        for row in rows:
            told = (ABSENT if value is None else f"{value}{row.unit}" for value in row.values)
            yield "  " + tr("{name}: {text}", name=row.label, text="　".join(told))


def as_json(found: Comparison) -> dict[str, Any]:
    """The whole comparison; numbers are numbers, what is not stated is null, with its state beside it."""
    return {
        "by": found.by,
        "title": found.title,
        "reports": [
            {"office": side.key.office, "name": side.office, "year": side.key.year, "edition": side.edition}
            for side in found.reports
        ],
        "tables": {table.code: _table_json(table) for table in found.tables},
        "figures": _table_json(found.figures)["cells"],
        "words": [
            {
                "office": words.other.office,
                "year": words.other.year,
                "sections": {section.slug: [_pair_json(pair) for pair in section.pairs] for section in words.sections},
            }
            for words in found.words
        ],
        "history": None
        if found.history is None
        else {
            "years": list(found.history.years),
            **{
                name: [_row_json(row) for row in getattr(found.history, name)]
                for name in ("results", "applicants", "figures")
            },
        },
        "alike": [
            {
                "office": each.office,
                "other": each.other,
                "name": each.other_name,
                "share": float(each.share),
                "passages": list(each.passages),
            }
            for each in found.alike
        ],
        "notes": [told_in("zh", note) for note in found.notes],
    }


def _table_json(table: ComparedTable) -> dict[str, Any]:
    cells = [
        {
            "cell": line.code,
            "label": line.label,
            "values": [
                {
                    "value": None if value.value is None else value.value.json,
                    "state": value.state,
                    **({"sum_of": list(value.sums)} if value.sums else {}),
                }
                for value in line.values
            ],
            "differences": [
                {"kind": change.kind.value, "amount": _plain(change.amount), "rate": _plain(change.rate)}
                | ({"unit": change.unit} if change.unit else {})
                for change in line.differences
            ],
        }
        for line in table.lines
    ]
    return {"caption": table.caption, "cells": cells, "notes": [told_in("zh", note) for note in table.notes]}


def _pair_json(pair: SentencePair) -> dict[str, Any]:
    pieces = (
        {"pieces": [{"fate": piece.fate.value, "text": piece.text} for piece in pair.pieces]} if pair.pieces else {}
    )
    return {"fate": pair.fate.value, "before": pair.before or None, "after": pair.after or None, **pieces}


def _row_json(row: Row) -> dict[str, Any]:
    return {"label": row.label, "unit": row.unit, "values": [_plain(value) for value in row.values]}


def _plain(value: Number | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value
