"""Bind numbers in words: those of cells refer to them, sums and rates are written as such, the rest as figures.

A number is bound where the words name cells and the values agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.form import CellRef, Edition, RowRole
from nianbao.form.cells import State
from nianbao.ingest.words import bare, core
from nianbao.inputs.names import percentage
from nianbao.model import Cell

_UNIT = "件次|人次|条|件|次|期|个|宗|起|份|人|名|篇|部|场|家|项|户|册|批|类|页|点|万元|元|%|％"
# Units in which requests, documents and decisions are counted.
_CASES = frozenset({"件", "宗", "起", "条", "份", "件次", "项", "万元"})
_COUNT = re.compile(rf"(?<![\d.．A-Za-z第〔\[/-])(?<!\d[,，])(\d{{1,12}}(?:\.\d{{1,6}})?)(?=余?多?\s*({_UNIT}))")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?=年)")
# Names of documents and their numbers are quoted, not stated.
_QUOTED = re.compile(r"《[^《》]*》|〔[^〔〕]*〕\s*\d*\s*号?|https?://\S+")
_CLAUSE = re.compile(r"[，。；：、！？,;:!?\n（）()]")
# Braces of the text: each would be taken for a part of a reference, or join those of a number's.
_JINJA = re.compile(r"[{}]+")
_LABEL = 20
# What may stand between a name and its number.
_GAP = r"[^，。；、：\d]{0,8}$"
_REQUESTS = re.compile(r"申请|依申请")
# What is said right before a number that counts a row's total; the first that fits decides. The words are those of
# published reports, the rows are found by their role in the form.
_CARRIED_OUT = re.compile(r"(?:结转|转)(?:至|到|入)?下(?:一)?年度?[^，。；]{0,10}$")
_CARRIED_ON = re.compile(r"[^，。；]{0,4}(?:结转|转)(?:至|到|入)?下")
_CARRIED_IN = re.compile(r"上一?年度?结转[^，。；]{0,8}$")
_PROCESSED = re.compile(r"(?:办结|答复|办理完?结)[^，。；]{0,8}$")
_INTAKE = re.compile(r"(?:收到|新收|受理|收办|新提交|办理)[^，。；]{0,16}$")
# Columns of table 2, by the verb before the number.
_VERBS = {"本年制发": "制发|制定|印发|出台|新增", "本年废止": "废止|失效", "现行有效": "(?:现行)?有效"}
# A rate: of a part in a whole, or of growth.
_RATE = re.compile(rf"(?:率|占|比例|比重){_GAP}")
_GROWTH = re.compile(r"(?:增长|上升|增加|提高|提升|下降|减少|降低)(?:了|约|幅度为|率为)?$")
# So many numbers before a rate may be its part and its whole.
_NEAR = 6


@dataclass(frozen=True, slots=True)
class NewFigure:
    """A count that no table holds, as a line of figures.csv."""

    key: str
    label: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class _Stated:
    """A number of the text: where it stands, its value, and the expression that is written for it."""

    start: int
    value: Decimal
    expression: str


class Binder:
    """Binds the numbers of one report's texts; ``figures`` collects the counts that no cell holds.

    ``last`` are last year's cells, where they are known: rates of growth are then written as such.
    """

    def __init__(
        self, edition: Edition, cells: Mapping[CellRef, Cell], year: int, last: Mapping[CellRef, Cell] | None = None
    ) -> None:
        self.edition = edition
        self.cells = cells
        self.last = last or {}
        self.year = year
        self.figures: list[NewFigure] = []
        table = edition.table("applications")
        *self._applicants, self._total = table.columns
        by_role = {role: [code for code, row in table.rows.items() if row.role is role] for role in RowRole}
        self._new, self._carried_in = by_role[RowRole.INTAKE]
        self._processed, self._carried_out = by_role[RowRole.SUM][0], by_role[RowRole.CARRIED][0]

    def bound(self, slug: str, text: str) -> str:
        """The text as a template: numbers as references, what Jinja would take for its own as it stands."""
        quoted = [match.span() for match in _QUOTED.finditer(text)]
        edits: list[tuple[int, int, str]] = [
            (match.start(), match.end(), f"{{{{ '{match[0]}' }}}}") for match in _JINJA.finditer(text)
        ]
        stated: list[_Stated] = []
        for match in _COUNT.finditer(text):
            if any(start <= match.start(1) < end for start, end in quoted):
                continue
            expression, end = self._expression(slug, text, match, stated)
            if expression:
                edits.append((match.start(1), end, f"{{{{ {expression} }}}}"))
                stated.append(_Stated(match.start(1), Decimal(match[1]), expression))
        for match in _YEAR.finditer(text):
            inside = any(start <= match.start() < end for start, end in quoted)
            if not inside and int(match[1]) == self.year:
                edits.append((match.start(1), match.end(1), "{{ year }}"))
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _expression(
        self, slug: str, text: str, match: re.Match[str], stated: Sequence[_Stated]
    ) -> tuple[str | None, int]:
        """What is written for a number, and where what it replaces ends; None where it stays as it stands."""
        number, unit = match[1], match[2]
        paragraph = text.rfind("\n", 0, match.start()) + 1
        before = text[paragraph : match.start()]
        if unit in _CASES:
            for refs in self._named(before, text[match.end() : match.end() + 12], unit):
                if self._sum(refs) == Decimal(number):
                    return " + ".join(map(str, refs)), match.end(1)
        if unit in {"%", "％"}:
            near = _near(stated, paragraph, max(paragraph, text.rfind("。", 0, match.start())))
            if rate := self._rate(before, f"{number}%", near):
                return rate, match.end(1) + len(unit)
        if number != _canonical(number):
            # A figure prints its digits only: 007 would come back as 7.
            return None, match.end(1)
        return self._figure(slug, text, match), match.end(1)

    def _figure(self, slug: str, text: str, match: re.Match[str]) -> str:
        key = f"{slug}_{1 + sum(figure.key.startswith(f'{slug}_') for figure in self.figures)}"
        label = _CLAUSE.split(text[: match.start()])[-1].strip(" #*-")[-_LABEL:]
        # Enumerations say what they count behind the number: 18个主题.
        label = label or _CLAUSE.split(text[match.end(1) :])[0][:_LABEL] or key
        self.figures.append(NewFigure(key, label, match[1], match[2]))
        return f"figures.{key}"

    def _sum(self, refs: Sequence[CellRef], cells: Mapping[CellRef, Cell] | None = None) -> Decimal | None:
        """The sum of cells that all hold numbers."""
        held = self.cells if cells is None else cells
        values = [held[ref].value for ref in refs if ref in held]
        if len(values) < len(refs) or any(value.state is not State.NUMBER for value in values):
            return None
        return sum((Decimal(value.number or 0) for value in values), Decimal())

    def _named(self, before: str, after: str, unit: str) -> Iterator[tuple[CellRef, ...]]:
        """The cells, one or a sum, that the words around a number name, the likeliest first."""
        sentence = re.split("[。\n]", before)[-1]
        yield from self._reviews(sentence)
        yield from self._documents(sentence, unit)
        if _REQUESTS.search(before):
            yield from self._requests(sentence, after)

    def _request(self, row: str, column: str | None = None) -> CellRef:
        return CellRef("applications", row, column or self._total)

    def _requests(self, sentence: str, after: str) -> Iterator[tuple[CellRef, ...]]:
        if _CARRIED_OUT.search(sentence) or _CARRIED_ON.match(after[1:]):
            yield (self._request(self._carried_out),)
        elif _CARRIED_IN.search(sentence):
            yield (self._request(self._carried_in),)
        for label, rows in self._results():
            if re.search(re.escape(label) + _GAP, sentence):
                yield tuple(map(self._request, rows))
        if re.search(f"自然人{_GAP}", sentence):
            yield (self._request(self._new, self._applicants[0]),)
        elif re.search(f"(?:法人|组织){_GAP}", sentence):
            yield tuple(self._request(self._new, column) for column in self._applicants[1:])
        elif _PROCESSED.search(sentence):
            yield (self._request(self._processed),)
        elif _INTAKE.search(sentence):
            yield (self._request(self._new),)
            yield (self._request(self._new), self._request(self._carried_in))

    def _results(self) -> Iterator[tuple[str, list[str]]]:
        """The labels of the results of requests, those of several rows with all of these."""
        rows = {
            code: row for code, row in self.edition.table("applications").rows.items() if row.role is RowRole.RESULT
        }
        for group in dict.fromkeys(row.groups[-1] for row in rows.values() if len(row.groups) > 1):
            yield bare(group), [code for code, row in rows.items() if row.groups[-1] == group]
        for code, row in rows.items():
            yield bare(re.sub(r"（[^（）]*）$", "", row.label)), [code]

    def _reviews(self, sentence: str) -> Iterator[tuple[CellRef, ...]]:
        """Reviews and lawsuits: a kind's total, or one outcome of the kind that was named last."""
        table = self.edition.table("review")
        *outcomes, total = table.columns
        groups = dict.fromkeys(group for row in table.rows.values() for group in row.groups)
        kinds = [(row.label, [code]) for code, row in table.rows.items()]
        kinds += [(group, [code for code, row in table.rows.items() if group in row.groups]) for group in groups]
        places = sorted((sentence.rfind(label), codes) for label, codes in kinds if label in sentence)
        if not places:
            return
        place, codes = places[-1]
        for outcome in outcomes:
            if re.search(core(table.columns[outcome].label).removeprefix("结果") + _GAP, sentence[place:]):
                yield tuple(CellRef(table.code, code, outcome) for code in codes)
        if re.fullmatch(rf"[^\d]*?{_GAP}", sentence[place:][:30]):
            yield tuple(CellRef(table.code, code, total) for code in codes)

    def _documents(self, sentence: str, unit: str) -> Iterator[tuple[CellRef, ...]]:
        """Table 2: documents by the verb before the number, decisions and fees by their name."""
        table = self.edition.table("proactive")
        first = table.blocks[0]
        names = [(name, row.code) for row in first.rows for name in (row.label, *row.aliases)]
        # 规章 ends in no other name; of names that contain each other the last and longest is meant.
        placed = [(sentence.rfind(name) + len(name), len(name), code) for name, code in names if name in sentence]
        for column in first.columns if placed else ():
            verb = next((verbs for head, verbs in _VERBS.items() if column.label.startswith(head)), None)
            if verb and re.search(f"(?:{verb}){_GAP}", sentence):
                yield (CellRef(table.code, max(placed)[2], column.code),)
        for block in table.blocks[1:]:
            money = unit == "万元"
            columns = [column.code for column in block.columns if ("收费" in column.label) is money]
            for row in block.rows:
                if len(block.columns) == len(columns) == 1 and re.search(re.escape(row.label) + _GAP, sentence):
                    yield (CellRef(table.code, row.code, columns[0]),)

    def _rate(self, before: str, shown: str, near: Sequence[_Stated]) -> str | None:
        """A rate as an expression: of numbers stated before it, of all requests dealt with, or of growth."""
        sentence = re.split("[。\n]", before)[-1]
        if _GROWTH.search(sentence):
            return self._growth(sentence, shown, near)
        if not _RATE.search(sentence):
            return None
        refs = [self._request(row) for row in (self._processed, self._new, self._carried_in)]
        done, all_of_them = self._sum(refs[:1]), self._sum(refs[1:])
        if _PROCESSED.search(sentence) and _is(done, all_of_them, shown):
            return f"percent({refs[0]}, {refs[1]} + {refs[2]})"
        for named in self._requests(sentence, ""):
            for row in (self._new, self._processed):
                if _is(self._sum(named), self._sum([self._request(row)]), shown):
                    return f"percent({' + '.join(map(str, named))}, {self._request(row)})"
        for part, whole in _pairs(near[-_NEAR:]):
            if part.value <= whole.value and _is(part.value, whole.value, shown):
                return f"percent({part.expression}, {whole.expression})"
        return None

    def _growth(self, sentence: str, shown: str, near: Sequence[_Stated]) -> str | None:
        for now, base in _pairs(near[-_NEAR:]):
            if _is(abs(now.value - base.value), base.value, shown):
                less, more = sorted((now, base), key=lambda one: one.value)
                return f"percent({more.expression} - {less.expression}, {base.expression})"
        ref = self._request(self._new)
        now_, last = self._sum([ref]), self._sum([ref], self.last)
        if now_ is None or last is None or "申请" not in sentence or not _is(abs(now_ - last), last, shown):
            return None
        return f"percent({ref} - last.{ref}, last.{ref})" if now_ > last else f"percent(last.{ref} - {ref}, last.{ref})"


def _near(stated: Sequence[_Stated], paragraph: int, sentence: int) -> list[_Stated]:
    """The numbers that a rate may be of: those of its sentence, and cells named before it in its paragraph.

    None where its sentence states no number: what a rate is of is then not said.
    """
    if not any(one.start >= sentence for one in stated):
        return []
    return [
        one
        for one in stated
        if one.start >= sentence or (one.start >= paragraph and not one.expression.startswith("figures."))
    ]


def _pairs(near: Sequence[_Stated]) -> Iterator[tuple[_Stated, _Stated]]:
    """Every two numbers, those nearest to the end first; rates are no parts of rates."""
    counts = [one for one in reversed(near) if not one.expression.startswith("percent(")]
    for distance in range(1, len(counts)):
        for one, two in zip(counts, counts[distance:], strict=False):
            yield one, two
            yield two, one


def _is(part: Decimal | None, whole: Decimal | None, shown: str) -> bool:
    """Whether the share of ``part`` in ``whole`` is printed so."""
    return part is not None and whole is not None and whole != 0 and percentage(part, whole)[1] == shown


def _canonical(number: str) -> str:
    whole, dot, rest = number.partition(".")
    return f"{int(whole)}{dot}{rest}"
