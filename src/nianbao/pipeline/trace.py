"""Trace a printed number back: where it is printed, by which cell, from which line of which file.

Runs nothing: it reads inputs and what the last run left.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from nianbao.errors import UnknownNameError
from nianbao.errors.language import Message
from nianbao.form import TABLE_MIME, Axis, Balance, CellRef
from nianbao.inputs import Files, load, references, render
from nianbao.inputs.ledger.stated import LedgerLine, lines_behind
from nianbao.model import BLOCK_MIME, OfficeYear, ReportKey, Source, Text
from nianbao.paths import Project
from nianbao.pipeline.summed import Origin, Summed, summed
from nianbao.store import file_digest

_WRITTEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_TOKEN = re.compile(r"[\w.]+")
_AROUND = 14  # characters of a sentence shown on each side of a number


@dataclass(frozen=True)
class Shown:
    """A notebook's cell that displays the number, numbered as in JupyterLab's source, and what it displayed."""

    notebook: str
    cell: int
    source: str
    executed: str
    executed_cell: int
    printed: str


@dataclass(frozen=True)
class Stated:
    """A line of a narrative that refers to the number: as written, and as it reads when filled in."""

    year: int
    path: str
    line: int
    written: tuple[str, ...]
    reads: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A rule of the form that the number takes part in, in the report of ``year``."""

    id: str
    year: int
    says: str
    source: str


@dataclass(frozen=True)
class Trace:
    """All that is known of one number; ``findings`` is None where no report was made that could hold them.

    ``cases`` are the requests that the register counts for it, None where no register bears on it. Their words are not
    shown: they stay in the register.
    """

    ref: str
    office: str
    year: int
    value: int | float | str | None
    place: dict[str, str]
    origin: Origin | None
    shown: tuple[Shown, ...]
    stated: tuple[Stated, ...]
    read_by: tuple[str, ...]
    rules: tuple[Rule, ...]
    findings: tuple[dict[str, Any], ...] | None
    summed: Summed | None = None
    cases: tuple[LedgerLine, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """The trace for tools."""
        return asdict(self)


def trace(project: Project, key: ReportKey, ref: str) -> Trace:
    """The way of the number that narratives call ``ref`` (applications.new.total, figures.website, last.…).

    Raises UnknownNameError with the nearest names where there is no such number.
    """
    if ref.startswith("last."):
        return trace(project, project.key(key.office, key.year - 1), ref.removeprefix("last."))
    files = Files(project)
    report = load(project, key, files)
    tracer = _Tracer(project, report, ref, files)
    cell = tracer.cell
    value, source, place = tracer.of_table(cell) if cell else tracer.of_figure()
    return Trace(
        ref=ref,
        office=key.office,
        year=key.year,
        value=value,
        place=place,
        origin=tracer.origin(source),
        shown=tuple(tracer.shown()),
        stated=tuple(tracer.stated()),
        read_by=tracer.read_by(source),
        rules=tuple(tracer.rules(cell)) if cell else (),
        findings=tracer.findings(cell, source),
        summed=summed(tracer.report, cell, files, tracer.origin) if cell else None,
        cases=lines_behind(files, report, ref),
    )


class _Tracer:
    """Looks one number up in one office-year, in the next one, and in what their last runs left."""

    def __init__(self, project: Project, report: OfficeYear, ref: str, files: Files) -> None:
        cells = {str(cell): cell for cell in report.edition.cells}
        known = [*cells, *(f"figures.{name}" for name in report.figures)]
        if ref not in known:
            known += [f"ledger.{name}" for name in report.ledger]
        if ref not in known:
            raise UnknownNameError("number", ref, known, where=str(report.key))
        self.project = project
        self.report = report
        self.ref = ref
        self.files = files
        self.cell = cells.get(ref)
        after = ReportKey(report.key.office, report.key.year + 1)
        there = after.year in project.years(after.office)
        self.after = load(project, after, files) if there else None

    def of_table(self, cell: CellRef) -> tuple[int | float | str | None, Source | None, dict[str, str]]:
        """Value, source and printed place of a statutory table's cell."""
        table = self.report.edition.table(cell.table)
        section = next(section for section in self.report.edition.sections if section.table == cell.table)
        column = next(column for column in table.columns_of(cell.row) if column.code == cell.column)
        place = {
            "section": section.heading,
            "table": table.caption,
            "row": table.rows[cell.row].full_label,
            "column": f"{column.group}：{column.label}" if column.group else column.label,
        }
        found = self.report.cells.get(cell)
        return self.report.value(cell).json, found.source if found else None, place

    def of_figure(self) -> tuple[int | float | str | None, Source, dict[str, str]]:
        """Value, source and meaning of a count that only the narrative states."""
        kind, _, name = self.ref.partition(".")
        figure = (self.report.figures if kind == "figures" else self.report.ledger)[name]
        place = {kind.removesuffix("s"): figure.label, "unit": figure.unit, "note": figure.note}
        return figure.value.json, figure.source, {name: text for name, text in place.items() if text}

    def origin(self, source: Source | None) -> Origin | None:
        """The line that the number was read from."""
        if source is None or (source.line is None and source.place is None):
            return None
        if source.line is None:  # a cell of a workbook has an address, and no line to show
            return Origin(source.path, None, source.place, "", *self._state_of(source.path))
        lines = (self.files.text(self.project.root / source.path) or "").split("\n")
        raw = lines[source.line - 1] if source.line <= len(lines) else ""
        return Origin(source.path, source.line, source.column, raw, *self._state_of(source.path))

    def _state_of(self, path: str) -> tuple[str, bool | None]:
        """The file's digest now, and whether the last report was made from that state."""
        digest = file_digest(self.project, path)
        made = {entry["path"]: entry["sha256"] for entry in self._left("manifest.json").get("inputs", ())}
        return digest, made[path] == digest if path in made else None

    def shown(self) -> Iterator[Shown]:
        """The cells of the last run that displayed the number: the table's, or the texts that state a figure."""
        words = [part for stated in self.stated() if stated.year == self.report.key.year for part in stated.reads]
        for entry in self._left("manifest.json").get("sections", ()):
            name = f"sections/{entry['section']}.ipynb"
            added = 0
            for number, cell in enumerate(self._left(name).get("cells", ()), start=1):
                added += "injected-parameters" in cell["metadata"].get("tags", ())
                for output in cell.get("outputs", ()):
                    printed = self._printed(output.get("data", {}), words)
                    if printed is not None:
                        source = "".join(cell["source"]).strip()
                        path = self.project.relative(self.project.output_of(self.report.key) / name)
                        yield Shown(entry["notebook"], number - added, source, path, number, printed)

    def _printed(self, data: dict[str, Any], words: list[str]) -> str | None:
        if TABLE_MIME in data:
            cells = (cell for row in data[TABLE_MIME]["rows"] for cell in row["cells"])
            return next((cell["text"] for cell in cells if cell.get("ref") == self.ref), None)
        text = data.get(BLOCK_MIME, {}).get("markdown", "")
        return next((word for word in words if word.strip("…") in text), None)

    def stated(self) -> Iterator[Stated]:
        """The narratives that refer to the number, this year's and, as last.…, next year's."""
        for report, previous, name in ((self.report, None, self.ref), (self.after, self.report, f"last.{self.ref}")):
            if report is not None:
                for text in report.written:
                    yield from self._stated_in(text, report, previous, name)

    def _stated_in(self, text: Text, report: OfficeYear, previous: OfficeYear | None, name: str) -> Iterator[Stated]:
        found = sorted({line for line, path in references(text) if path == name})
        reads = _reads(text, report, previous or self._before(), name) if found else {}
        lines = text.template.split("\n")
        for line in found:
            written = tuple(part for part in _WRITTEN.findall(lines[line - 1]) if name in _TOKEN.findall(part))
            yield Stated(report.key.year, text.source.path, line, written, tuple(reads.get(line, ())))

    def _before(self) -> OfficeYear | None:
        before = self.report.key.previous
        return load(self.project, before, self.files) if before.year in self.project.years(before.office) else None

    def read_by(self, source: Source | None) -> tuple[str, ...]:
        """The notebooks of the sections that read the number's file in the last run."""
        sections = self._left("manifest.json").get("sections", ())
        return tuple(entry["notebook"] for entry in sections if source and source.path in entry["reads"])

    def rules(self, cell: CellRef) -> Iterator[Rule]:
        """The balances in which the cell is a term: of this year's report, and as last year's of the next."""
        for report, previous in ((self.report, False), (self.after, True)):
            for balance in report.edition.balances if report else ():
                for line in report.edition.lines(balance) if report else ():
                    terms = [term for term in (*balance.left, *balance.right) if term.previous is previous]
                    if report and any(balance.ref(term, line) == cell for term in terms):
                        yield Rule(balance.id, report.key.year, _says(balance, line), balance.source)

    def findings(self, cell: CellRef | None, source: Source | None) -> tuple[dict[str, Any], ...] | None:
        """The findings of the last runs, this year's and next year's, that rest on the number."""
        years = [self.report.key, *([self.after.key] if self.after else [])]
        left = [(key, self._left("findings.json", key)) for key in years]
        if not left[0][1]:
            return None
        address = (cell.table, cell.row, cell.column) if cell else None
        return tuple(
            finding
            for key, content in left
            for finding in content.get("findings", ())
            if self._concerns(finding, key.year, address, str(source))
        )

    def _concerns(self, finding: dict[str, Any], year: int, address: tuple[str, ...] | None, source: str) -> bool:
        places = [(year, finding), *((cell.get("year", year), cell) for cell in finding["cells"])]
        mine = self.report.key.year
        here = any((at["table"], at["row"], at["column"]) == address for when, at in places if when == mine)
        return here or source in {finding.get("source"), *(cell.get("source") for cell in finding["cells"])}

    def _left(self, name: str, key: ReportKey | None = None) -> dict[str, Any]:
        """A JSON file that the last run left; empty where it left none."""
        try:
            found = json.loads((self.project.output_of(key or self.report.key) / name).read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def _reads(text: Text, report: OfficeYear, previous: OfficeYear | None, name: str) -> dict[int, list[str]]:
    """By line of the file, the stretches of the filled-in text in which the number stands."""
    rendered = render(text, report, previous)
    found: dict[int, list[str]] = {}
    for binding in rendered.bindings:
        if name in _TOKEN.findall(binding.expression):
            line = rendered.lines[rendered.text.count("\n", 0, binding.start)]
            first = max(rendered.text.rfind("\n", 0, binding.start) + 1, binding.start - _AROUND)
            end = rendered.text.find("\n", binding.end)
            last = min(end if end >= 0 else len(rendered.text), binding.end + _AROUND)
            found.setdefault(line, []).append(f"…{rendered.text[first:last].strip()}…")
    return found


def _says(balance: Balance, line: str) -> str:
    def side(terms: Any) -> str:
        parts = [f"{'-' if term.sign < 0 else '+'} {'last.' if term.previous else ''}{term.code}" for term in terms]
        return " ".join(parts).removeprefix("+ ")

    says = f"{side(balance.left)} = {side(balance.right)}"
    if balance.axis is Axis.ROWS:
        return Message("{sum}, in column {line}", sum=says, line=line)
    return Message("{sum}, in row {line}", sum=says, line=line)
