"""Match groups of values with rows of a table: by label, then by position where one reading is left."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz

from nianbao.ingest.grouped import Group, GroupedLines
from nianbao.ingest.words import RowWords, TableWords, bare, core, has_numeral, without_brackets

# A damaged label counts as read from this likeness on (0 to 100), if no other row's label is nearly as like.
_LIKE = 75
_MARGIN = 15
# Shorter labels have no redundancy from which to mend them.
_MENDABLE = 4
# A label may go on after its values (they stand at half its height): at least so much of it must stand on each side.
_SPLIT_LEAST = 2
# What a match counts: a whole label (and its length), a label that goes on behind its values; a likeness, less.
_EXACT = 10.0
_SPLIT = 8.0
_NUMBERED_END = re.compile(r"(?:(\d{1,2})[.、]|[(（]([一二三四五六七八九十]+)[)）]|([一二三四五六七八九十])、)$")


@dataclass
class Matches:
    """Row code -> its group; ``doubles`` are rows whose label stands before values in more than one place.

    ``shares`` are rows whose values stand in the group of the row before, because their own label is lost.
    """

    rows: dict[str, Group] = field(default_factory=dict)
    doubles: dict[str, list[Group]] = field(default_factory=dict)
    shares: dict[str, tuple[str, ...]] = field(default_factory=dict)


def match_rows(
    grouped: GroupedLines, words: TableWords, width_of: Callable[[str], int], *, whole: bool = False
) -> Matches:
    """The rows that the groups hold; ``width_of`` says how many values a row has.

    ``whole``: another part of the report follows, so that the table's last row must be among the groups.
    """
    texts = [core(group.text) for group in grouped.groups]
    following = [*texts, core("".join(grouped.rest))][1:]
    candidates = [
        _candidates(group, words, text, after)
        for group, text, after in zip(grouped.groups, texts, following, strict=True)
    ]
    found = Matches()
    for group, row in _best_chain(candidates):
        found.rows[words.rows[row].code] = grouped.groups[group]
    in_order = dict(found.rows)
    _out_of_order(found, candidates, grouped, words)
    taken = {group.index for group in found.rows.values()}
    for index, scores in enumerate(candidates):
        for row, score in scores.items():
            code = words.rows[row].code
            again = index not in taken and code in found.rows and score > _EXACT
            if again and _may_be(grouped.groups[index], width_of(code)):
                found.doubles.setdefault(code, []).append(grouped.groups[index])
    if len(in_order) == len(found.rows):
        _by_position(found, grouped, words, width_of, whole=whole)
    return found


def _may_be(group: Group, width: int) -> bool:
    """Whether a group can hold a row's values: a ruled line of fewer cells is of another table (申请渠道 | 总计)."""
    return bool(group.filled) and not (group.ruled and group.together and len(group.values) < width)


def _out_of_order(found: Matches, candidates: list[dict[int, float]], grouped: GroupedLines, words: TableWords) -> None:
    """Give rows that stand out of the form's order their groups: whole labels, next to rows of the table."""
    codes = {index: row.code for index, row in enumerate(words.rows)}
    free: dict[int, str] = {}
    for index, scores in enumerate(candidates):
        exact = [codes[row] for row, score in scores.items() if score > _EXACT and codes[row] not in found.rows]
        if len(exact) == 1 and len(scores) == 1 and grouped.groups[index].filled:
            free[index] = exact[0]
    free = {index: code for index, code in free.items() if list(free.values()).count(code) == 1}
    taken = {group.index for group in found.rows.values()}
    while near := [index for index in free if {index - 1, index + 1} & taken]:
        for index in near:
            found.rows[free.pop(index)] = grouped.groups[index]
            taken.add(index)


def _candidates(group: Group, words: TableWords, text: str, after: str) -> dict[int, float]:
    """Row index -> how well its label stands before the group; nothing for a label that names two rows."""
    last = group.texts[-1] if group.texts else ""
    if not text or _names_two_rows(last, words):
        return {}
    plain = core(without_brackets(group.text))
    ends = (text, plain, bare(last))
    found = {
        index: score for index, row in enumerate(words.rows) if (score := _exact(group, row, ends, after)) is not None
    }
    return found or _mended(last, text, words)


def _exact(group: Group, row: RowWords, ends: tuple[str, str, str], after: str) -> float | None:
    text, plain, last = ends
    for form in row.cores:
        if text.endswith(form) or plain.endswith(form):
            if row.shared and not _stands_alone(group, row, form):
                continue
            return _EXACT + len(form)
        if last == form and not row.shared:
            return _EXACT + len(form)
    for form, begins in row.printed:
        if text[-_SPLIT_LEAST:] not in form or after[:_SPLIT_LEAST] not in form:
            continue
        for cut in range(len(form) - _SPLIT_LEAST, _SPLIT_LEAST - 1, -1):
            # Where the labels above end and the row's own begins, both may be whole labels of other rows.
            if cut != begins and text.endswith(form[:cut]) and after.startswith(form[cut:]):
                return _SPLIT
    return None


def _stands_alone(group: Group, row: RowWords, form: str) -> bool:
    """Whether a label that is a column head as well (其他, 总计) is a row's here: numbered, or alone in its place."""
    text = without_brackets(group.text) if not core(group.text).endswith(form) else group.text
    before = text[: text.rfind(form[0])] if form in text else re.sub(r"[^\u4e00-\u9fff]+$", "", text)[: -len(form)]
    if numbered := _NUMBERED_END.search(before.rstrip()):
        return row.numeral in numbered.groups()
    rest = core(group.text).removesuffix(form)
    for label in row.groups:
        rest = rest.replace(label, "")
    return not re.sub("[一二三四五六七八九十]", "", rest) and bool(group.filled)


def _names_two_rows(text: str, words: TableWords) -> bool:
    """Whether one cell holds the labels of two rows (行政处罚、行政强制): its values are of neither alone."""
    rest = core(text)
    for group in words.groups:
        rest = rest.replace(group, "、")
    named = 0
    for row in words.rows:
        if row.shared:
            continue
        form = next((form for form in row.cores if form in rest), None)
        if form:
            rest = rest.replace(form, "、")
            named += 1
    return named > 1


def _mended(last: str, text: str, words: TableWords) -> dict[int, float]:
    """The one row whose label is like the text before the values, for labels that are damaged or have a tail."""
    label = bare(without_brackets(last)) or bare(last)
    known = {*words.groups, *words.heads}
    if len(label) < _MENDABLE or label in known:
        return {}
    likeness: dict[int, float] = {}
    for index, row in enumerate(words.rows):
        forms = [form for form in row.cores if len(form) >= _MENDABLE]
        windows = [(form, candidate) for form in forms for candidate in (label, text[-len(form) :])]
        likeness[index] = max((fuzz.ratio(form, candidate) for form, candidate in windows), default=0)
        tailed = [form for form in forms if label.startswith(form) and len(label) - len(form) <= _MENDABLE]
        if tailed and not row.shared:
            likeness[index] = max(likeness[index], 90)
    ranked = sorted(likeness.items(), key=lambda item: -item[1])
    (best, first), (_, second) = ranked[0], ranked[1]
    return {best: first / 20} if first >= _LIKE and first - second >= _MARGIN else {}


def _best_chain(candidates: list[dict[int, float]]) -> list[tuple[int, int]]:
    """The pairs (group, row) with both rising and the highest sum of scores."""
    best: list[tuple[float, int, int, tuple[int, int] | None]] = []
    at: dict[tuple[int, int], tuple[float, tuple[int, int] | None]] = {}
    for group, scores in enumerate(candidates):
        fresh = []
        for row, score in scores.items():
            total, previous = max(
                ((known, (g, r)) for known, g, r, _ in best if r < row),
                key=lambda item: item[0],
                default=(0.0, None),
            )
            fresh.append((total + score, group, row, previous))
        for total, _, row, previous in fresh:
            at[group, row] = (total, previous)
        best += fresh
        # Of the chains that end in one row only the best can be continued best.
        leaders: dict[int, tuple[float, int, int, tuple[int, int] | None]] = {}
        for entry in best:
            if entry[2] not in leaders or entry[0] > leaders[entry[2]][0]:
                leaders[entry[2]] = entry
        best = list(leaders.values())
    if not best:
        return []
    end = max(best, key=lambda entry: entry[0])
    chain: list[tuple[int, int]] = []
    step: tuple[int, int] | None = (end[1], end[2])
    while step is not None:
        chain.append(step)
        step = at[step][1]
    return chain[::-1]


def _by_position(
    found: Matches, grouped: GroupedLines, words: TableWords, width_of: Callable[[str], int], *, whole: bool
) -> None:
    """Give groups without a label to the rows between two labelled ones, where the counts leave one reading."""
    codes = [row.code for row in words.rows]
    anchors = [(-1, -1)] + [(codes.index(code), group.index) for code, group in found.rows.items()]
    if whole and found.rows:
        anchors.append((len(codes), len(grouped.groups)))
    anchors.sort()
    for (row, group), (next_row, next_group) in pairwise(anchors):
        missing = codes[row + 1 : next_row]
        if not missing:
            continue
        between = [other for other in grouped.groups[group + 1 : next_group] if other.filled]
        nameless = [
            other for other in between if _nameless(other, words, [words.rows[codes.index(code)] for code in missing])
        ]
        widths = [width_of(code) for code in missing]
        if len(between) == len(nameless) == len(missing):
            fits = all(
                len(other.filled) == width and (other.ruled or other.together or width == 1 or other.texts)
                for other, width in zip(nameless, widths, strict=True)
            )
            if fits:
                found.rows |= dict(zip(missing, nameless, strict=True))
        elif not between and row >= 0:
            own = grouped.groups[group]
            if not own.together and len(own.values) == len(own.filled) == width_of(codes[row]) + sum(widths):
                found.shares[codes[row]] = tuple(missing)


def _nameless(group: Group, words: TableWords, missing: list[RowWords]) -> bool:
    """Whether nothing stands before the group but heads and the labels that span several rows."""
    rest = core(group.text)
    if not rest:
        return True
    if has_numeral(group.texts[-1]) and bare(group.texts[-1]) not in words.groups:
        # A numeral of its own says that there was a label: it must be a piece of the one that is missing.
        return any(bare(group.texts[-1]) in form for row in missing for form in row.cores)
    if len(group.texts) == 1 and any(rest in row.cores for row in words.rows):
        return False
    labels = {form for row in words.rows if not row.shared for form in row.cores}
    known = {*words.groups, *words.heads, *words.vocabulary.split("|")} - labels
    for text in sorted(known, key=lambda word: (-len(word), word)):
        if len(text) > 1:
            rest = rest.replace(text, "")
    return len(re.sub("[一二三四五六七八九十]", "", rest)) <= 1
