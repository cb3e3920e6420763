"""Pairs of office-years with differences drawn by lot: every one is listed, in every form, and none is invented."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.form import EDITIONS, CellRef
from nianbao.form.cells import BLANK, NOT_APPLICABLE, Value, number, parse
from nianbao.model import Figure, ReportKey, Source
from nianbao.site.comparison.compare import comparison
from nianbao.site.comparison.history import over_years
from nianbao.site.comparison.page import body
from nianbao.site.comparison.told import as_json, as_text
from nianbao.site.comparison.values import Comparison, Fate, ReportSide
from nianbao.site.comparison.workbook import as_workbook
from nianbao.site.entries import Entry

PAIRS = (("2019", "2019"), ("2019", "2021"), ("2021", "2021"))
YEARS = {"2019": (2019, 2020), "2021": (2021, 2022)}
OTHER = [row for row in EDITIONS["2021"].table("applications").rows if row.startswith("other_")]

VALUE = st.one_of(
    st.integers(0, 99_999).map(number),
    st.decimals(0, 1000, places=4, allow_nan=False).map(number),
    st.sampled_from([number(0), BLANK, NOT_APPLICABLE, parse("若干")]),
)
# No two sentences of these have more in common than their ends.
SENTENCES = ["".join(chr(0x4E00 + 40 * place + step) for step in range(24)) for place in range(24)]


@st.composite
def cells(draw: st.DrawFn) -> tuple[tuple[str, str], Mapping[CellRef, Value], Mapping[CellRef, Value]]:
    """Two editions, and the cells of two reports: the same where both have them, but for some."""
    pair = draw(st.sampled_from(PAIRS))
    before, after = (EDITIONS[code].cells for code in pair)
    start = draw(st.dictionaries(st.sampled_from(sorted({*before, *after})), VALUE, max_size=12))
    edits = draw(st.dictionaries(st.sampled_from(sorted(after)), VALUE, max_size=12))
    one = {ref: start.get(ref, number(4)) for ref in before}
    return pair, one, {ref: edits.get(ref, start.get(ref, number(4))) for ref in after}


def side(edition: str, place: int, cells: Mapping[CellRef, Value], **others: object) -> ReportSide:
    """The earlier (0) or the later report; both are one office's."""
    key = ReportKey("zhencheng", YEARS[edition][place])
    return ReportSide(key, "真城市档案局", edition, cells, **{"sentences": {}, "figures": {}, **others})  # type: ignore[arg-type]


def put(one: ReportSide, other: ReportSide) -> Comparison:
    return comparison("years", [one, other])


def stated(cells: Mapping[CellRef, Value], ref: CellRef) -> tuple[object, ...] | None:
    """What a report says in a cell of either edition; None where its own has none."""
    if ref in cells:
        return cells[ref].state, cells[ref].number
    if ref.row != "other":
        return None
    parts = [cells[CellRef(ref.table, row, ref.column)].number for row in OTHER]
    numbers = [part for part in parts if part is not None]
    whole = number(sum(numbers)) if len(numbers) == len(parts) else BLANK
    return whole.state, whole.number


@settings(deadline=None, max_examples=20)
@given(cells())
def test_cells_that_differ_are_those_that_were_drawn(
    drawn: tuple[tuple[str, str], Mapping[CellRef, Value], Mapping[CellRef, Value]],
) -> None:
    (before, after), one, other = drawn
    found = put(side(before, 0, one), side(after, 1, other))
    pairs = {ref: (stated(one, ref), stated(other, ref)) for ref in {*one, *other}}
    wanted = {str(ref) for ref, (left, right) in pairs.items() if left and right and left != right}
    assert {line.code for table in found.tables for line in table.lines if line.differs} == wanted
    told = as_json(found)["tables"].values()
    listed = [cell["cell"] for table in told for cell in table["cells"]]
    assert Counter(listed) == Counter(map(str, pairs))
    assert sum(line.startswith("  ") and not line.startswith("  note") for line in as_text(found)) == len(wanted)
    page = body(found)
    assert sum(int(count) for count in _between(page, "<caption>不同的", "格</caption>")) == len(wanted)
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(found)))
    rows = [row for name in ("表二", "表三", "表四") for row in book[name].iter_rows(min_row=2, values_only=True)]
    assert {row[0] for row in rows if str(row[-1]).startswith("不同")} == wanted


def _between(text: str, head: str, tail: str) -> list[str]:
    return [part.partition(tail)[0] for part in text.split(head)[1:]]


@settings(deadline=None, max_examples=25)
@given(cells())
def test_the_portals_page_leaves_out_no_cell_that_differs(
    drawn: tuple[tuple[str, str], Mapping[CellRef, Value], Mapping[CellRef, Value]],
) -> None:
    (before, after), one, other = drawn
    lines = {
        line.code: line
        for table in over_years([_entry(side(after, 1, other)), _entry(side(before, 0, one))]).tables
        for _, members in table.rows
        for line in members
    }
    pairs = {ref: (stated(one, ref), stated(other, ref)) for ref in {*one, *other}}
    wanted = {str(ref) for ref, (left, right) in pairs.items() if left and right and left != right}
    assert {code for code, line in lines.items() if line.differs} == wanted


def _entry(one: ReportSide) -> Entry:
    printed = {str(ref): value.printed for ref, value in one.cells.items()}
    return Entry(one.key.office, one.key.year, one.office, "", "", one.edition, True, printed, (), {})


NUMBERED = st.lists(
    st.tuples(st.sampled_from(["kept", "gone", "changed", "new"]), st.integers(0, 999)), max_size=len(SENTENCES)
)


@settings(deadline=None, max_examples=60)
@given(NUMBERED)
def test_sentences_meet_the_fate_that_was_drawn(drawn: Sequence[tuple[str, int]]) -> None:
    said = [
        (fate, f"{words}，全年{count}件。", f"{words}，全年{count + 1}件。")
        for (fate, count), words in zip(drawn, SENTENCES, strict=False)
    ]
    before = tuple(old for fate, old, _ in said if fate != "new")
    after = tuple({"kept": old}.get(fate, new) for fate, old, new in said if fate != "gone")
    cells = dict.fromkeys(EDITIONS["2021"].cells, number(0))
    one, other = (
        side("2021", place, cells, sentences={"overview": words}) for place, words in enumerate((before, after))
    )
    (words,) = put(one, other).words
    pairs = [pair for section in words.sections for pair in section.pairs]
    assert Counter(pair.fate.value for pair in pairs) == Counter(fate for fate, _, _ in said)
    for fate, old, new in said:
        (pair,) = [pair for pair in pairs if (pair.before or pair.after) in {old, new}]
        assert pair.fate.value == fate
        assert (pair.before, pair.after) == {
            "kept": (old, old),
            "gone": (old, ""),
            "changed": (old, new),
            "new": ("", new),
        }[fate]
        if fate == "changed":
            marks = [(piece.fate, piece.text) for piece in pair.pieces if piece.fate is not Fate.KEPT]
            assert marks == [(Fate.GONE, old[len(words_of(old)) : -2]), (Fate.NEW, new[len(words_of(new)) : -2])]


def words_of(sentence: str) -> str:
    """What stands before the number."""
    return sentence.rstrip("件。").rstrip("0123456789")


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 99), st.sampled_from("条件"))),
    st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 99), st.sampled_from("条件"))),
)
def test_counts_of_the_narrative_differ_as_drawn(
    before: Mapping[str, tuple[int, str]], after: Mapping[str, tuple[int, str]]
) -> None:
    cells = dict.fromkeys(EDITIONS["2021"].cells, number(0))
    one, other = (
        side("2021", place, cells, figures={key: _figure(key, *said) for key, said in figures.items()})
        for place, figures in enumerate((before, after))
    )
    found = put(one, other).figures
    assert {line.code for line in found.lines} == {*before, *after}
    assert {line.code for line in found.differing} == {
        key for key in {*before, *after} if before.get(key) != after.get(key)
    }
    for line in found.differing:
        left, right = before.get(line.code), after.get(line.code)
        told = right[0] - left[0] if left and right and left[1] == right[1] else None
        assert line.differences[0].amount == told


def _figure(key: str, value: int, unit: str) -> Figure:
    return Figure(key, key, number(value), unit, "", Source("figures.csv"))
