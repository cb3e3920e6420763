"""What became of a file that a unit sent, and which cells, counts and words it changed.

May import: form, model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from nianbao.errors.language import Message, either, tr
from nianbao.form import CellRef, place_name
from nianbao.form.cells import State
from nianbao.model import IssueKind, OfficeYear

_MOST_SHOWN = 20


class Taken(StrEnum):
    """What became of a file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"

    @property
    def words(self) -> Message:
        """The word for people."""
        return _WORDS[self]


_WORDS = {
    Taken.NEW: Message("newly taken"),
    Taken.CHANGED: Message("changed"),
    Taken.UNCHANGED: Message("as it was"),
    Taken.REFUSED: Message("refused"),
}


@dataclass(frozen=True)
class Outcome:
    """What became of one file: whose it is, what changed (cell, from, to), why it was refused, where the old state is.

    ``problems`` are cells of an accepted file that could not be read.
    """

    file: str
    taken: Taken
    office: str = ""
    name: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    why: str = ""
    kept: str = ""
    problems: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The outcome for a terminal."""
        whose = tr("{name} ({office})", name=self.name, office=self.office) if self.office else ""
        yield f"{tr(self.taken.words)}  {self.file}  {whose}{tr(self.why)}"
        if self.kept:
            yield "    " + tr("what was there is now in {folder}", folder=self.kept)
        for place, before, after in self.changes[:_MOST_SHOWN]:
            blank = tr("(blank)")
            yield "    " + tr("{where}: {what}", where=place, what=f"{before or blank} → {after or blank}")
        if len(self.changes) > _MOST_SHOWN:
            yield "    " + tr("and {count} more changes", count=len(self.changes) - _MOST_SHOWN)
        yield from ("    " + tr("to be put right: {problem}", problem=problem) for problem in self.problems)


def changes_of(before: OfficeYear, after: OfficeYear) -> Iterator[tuple[str, str, str]]:
    """Each cell, count and text that is not what it was: its name, before, after."""
    for ref in dict.fromkeys([*before.edition.cells, *after.edition.cells]):
        old, new = before.value(ref), after.value(ref)
        if (old.state, old.number) != (new.state, new.number):
            yield _named(ref), old.printed, new.printed
    for key in dict.fromkeys([*before.figures, *after.figures]):
        one, other = before.figures.get(key), after.figures.get(key)
        texts = [figure.value.printed if figure else "" for figure in (one, other)]
        if texts[0] != texts[1]:
            named = other or one
            label = named.label if named else key
            yield either(f"其他数据·{label}", f"figure {label}"), texts[0], texts[1]
    for section in after.edition.sections:
        words = [report.texts.get(section.slug) for report in (before, after)]
        shown = [" ".join(text.template.split()) if text else "" for text in words]
        if shown[0] != shown[1]:
            yield either(f"{section.title}（文字）", f"{section.title} (words)"), _short(shown[0]), _short(shown[1])


def _named(ref: CellRef) -> str:
    return place_name(ref.table, ref.row, ref.column)


def _short(text: str) -> str:
    length = len(text)
    return text if length <= 24 else f"{text[:24]}…{either(f'（{length}字）', f' ({length} characters)')}"


def problems_of(report: OfficeYear) -> Iterator[str]:
    """What could not be read of the inputs that were taken, each with its place."""
    for issue in report.issues:
        if issue.kind is not IssueKind.TAKEN and "params/" not in issue.source.path:
            place = tr("{where}: {what}", where=issue.source.place, what="") if issue.source.place else ""
            yield f"{place}{either(*issue.words) if issue.words else issue.found}"
    for ref, cell in report.cells.items():
        if cell.value.state is State.TEXT:
            named = f"{_named(ref)}“{cell.value.printed[:20]}”"
            said = either(f"{named}不是数字", f"{named} is not a number")
            yield tr("{where}: {what}", where=cell.source.place or cell.source, what=said)
