"""Write input files from a report as read: params/ and data/ of one office-year, complete."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from nianbao.errors import UsageError
from nianbao.errors.language import Message
from nianbao.form import Edition, edition_for
from nianbao.form.cells import State, Value
from nianbao.ingest.bind import Binder
from nianbao.ingest.offices import kind_of, level_of
from nianbao.ingest.result import Ingested, edition_of
from nianbao.ingest.words import is_legible
from nianbao.inputs import Files, load, render
from nianbao.inputs.csv_table import FIGURE_COLUMNS, table_file, table_text
from nianbao.inputs.figures import load_figures
from nianbao.inputs.tables import load_table
from nianbao.model import OfficeKind, OfficeYear, Profile, ReportKey, lawful_deadline
from nianbao.paths import Project, check_office_id

_PUBLISHED_LINE = re.compile(r"^published:.*$", re.MULTILINE)


def write(
    project: Project, ingested: Ingested, key: ReportKey, *, name: str | None = None, overwrite: bool = False
) -> tuple[str, ...]:
    """Write the inputs of the office-year from a report as read; the files written, relative to the project.

    The office's own file is kept where there is one; ``name`` is used where the report doesn't name its office. Raises
    UsageError where inputs of that year are there already and ``overwrite`` is not asked for, and for an identifier or
    a year that cannot be.
    """
    check_office_id(key.office)
    edition_for(key.year)
    edition = edition_of(ingested, key)
    wanted = _files(project, ingested, key, edition)
    there = sorted(project.relative(path) for path in wanted if path.exists())
    if there and not overwrite:
        raise UsageError(
            Message("{key} has inputs already: {there}", key=key, there=there),
            hint="ask for overwriting if they may be lost, or choose another office or year",
        )
    office = project.office_file(key.office)
    if not office.exists():
        wanted[office] = _office_file(ingested, name or key.office)
    for path, content in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return tuple(sorted(map(project.relative, wanted)))


def _files(project: Project, ingested: Ingested, key: ReportKey, edition: Edition) -> dict[Path, str]:
    """Path -> content of every file of the year that changes; what the report didn't hold stays as it is."""
    wanted: dict[Path, str] = {}
    year_file = project.year_file(key)
    if (settings := _year_file(ingested, key, edition, year_file)) is not None:
        wanted[year_file] = settings
    there = Files(project)
    for table in edition.tables:
        path = project.table_file(key, table.code)
        kept = load_table(there, key, table).cells if path.exists() else {}
        read = {
            ref: cell
            for ref, cell in ingested.cells.items()
            if ref.table == table.code and not (ref in kept and _adds_nothing(cell.value, kept[ref].value))
        }
        if read or not path.exists():
            wanted[path] = table_text(table, {ref: cell.value.printed for ref, cell in {**kept, **read}.items()})
    last = load(project, key.previous) if project.table_file(key.previous, "applications").exists() else None
    binder = Binder(edition, ingested.cells, key.year, last.cells if last else None)
    as_they_print = _printed(project, key, last)
    written = []
    for section in edition.sections:
        text = ingested.sections.get(section.slug)
        if text and as_they_print.get(section.slug) != text:
            written.append(section.slug)
            wanted[project.text_file(key, section)] = binder.bound(section.slug, text) + "\n"
    path = project.table_file(key, "figures")
    lines = [[figure.key, figure.label, figure.value, figure.unit, ""] for figure in binder.figures]
    if lines or not path.exists():
        kept_lines = _kept_figures(there, key, written) if path.exists() else []
        wanted[path] = table_file([FIGURE_COLUMNS, *kept_lines, *lines])
    return wanted


def _adds_nothing(read: Value, kept: Value) -> bool:
    """Whether a cell as read is blank, or holds the same number or words as the one that is there: 7.5 and 7.50."""
    if State.NUMBER in {read.state, kept.state} and read.state is not State.BLANK:
        return read.number == kept.number
    return read.state is State.BLANK or (read.state, read.printed) == (kept.state, kept.printed)


def _printed(project: Project, key: ReportKey, last: OfficeYear | None) -> dict[str, str]:
    """The words of the sections as the inputs that are there print them; nothing of those that cannot be printed."""
    if not project.year_file(key).exists():
        return {}
    report = load(project, key)
    rendered = {slug: render(text, report, last) for slug, text in report.texts.items()}
    return {slug: one.text.strip() for slug, one in rendered.items() if not one.issues}


def _kept_figures(there: Files, key: ReportKey, written: Sequence[str]) -> list[list[str]]:
    """The figures that are there, without those of an earlier reading of the sections that are written anew."""
    ours = re.compile(rf"(?:{'|'.join(map(re.escape, written))})_\d+")
    return [
        [figure.key, figure.label, figure.value.printed, figure.unit, figure.note]
        for figure in load_figures(there, key).figures.values()
        if not ours.fullmatch(figure.key)
    ]


def _office_file(ingested: Ingested, fallback: str) -> str:
    told = ingested.office_name if is_legible(ingested.office_name or "") else None
    name = told or fallback
    kind, level = kind_of(name), level_of(name)
    lines = [
        f"# Read from {_comment(ingested.file)}; kind and level are what the name suggests: check them.",
        f"name: {_quoted(name)}" + ("" if told else "  # 原件未写明机关名称，或有字无法识别，请核对"),
        f"kind: {kind.value}",
        f"level: {level.value}",
        f"covers_area: {'true' if kind is OfficeKind.GOVERNMENT else 'false'}",
    ]
    return "\n".join(lines) + "\n"


def _year_file(ingested: Ingested, key: ReportKey, edition: Edition, path: Path) -> str | None:
    """The year's settings; of those that are there only the date changes, and only where the report has one."""
    if path.exists():
        text = path.read_text(encoding="utf-8")
        said = _PUBLISHED_LINE.search(text)
        if ingested.published is None or (said and ingested.published.isoformat() in said[0]):
            return None
        date = f"published: {ingested.published.isoformat()}"
        return _PUBLISHED_LINE.sub(date, text, count=1) if said else f"{text.rstrip()}\n{date}\n"
    lines = [f"# Read from {_comment(ingested.file)}"]
    if ingested.published:
        lines.append(f"published: {ingested.published.isoformat()}")
    else:
        due = lawful_deadline(key.year + 1, area=kind_of(ingested.office_name or "") is OfficeKind.GOVERNMENT)
        lines.append(f"published: {due.isoformat()}  # 原件未写明日期，此为法定期限，请核对")
    lines.append(f"profile: {Profile.OFFICIAL.value}")
    if edition is not edition_for(key.year):
        lines.append(f'edition: "{edition.code}"  # the report was published in this form')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """The text as a YAML scalar, whatever characters it has."""
    return json.dumps(text, ensure_ascii=False)


def _comment(name: str) -> str:
    return " ".join(name.split())
