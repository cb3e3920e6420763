"""Owns the way from a report as read to input files: params/ and data/ of one office-year, complete.

May import: errors, form, model, paths, inputs, and ingest's bind, result and values.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path

from nianbao.errors import UsageError
from nianbao.form import Edition, edition_for
from nianbao.ingest.bind import Binder
from nianbao.ingest.result import Ingested
from nianbao.ingest.values import edition_of, kind_of, level_of
from nianbao.inputs.scaffold import table_file, table_text
from nianbao.inputs.tables import FIGURE_COLUMNS
from nianbao.model import OfficeKind, Profile, ReportKey
from nianbao.paths import Project, check_office_id


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
            f"{key} has inputs already: {', '.join(there)}",
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
    """Path -> content of every file of the year."""
    wanted = {project.year_file(key): _year_file(ingested, key, edition)}
    for table in edition.tables:
        printed = {ref: cell.value.printed for ref, cell in ingested.cells.items() if ref.table == table.code}
        wanted[project.table_file(key, table.code)] = table_text(table, printed)
    binder = Binder(edition, ingested.cells, key.year)
    for section in edition.sections:
        if text := ingested.sections.get(section.slug):
            wanted[project.text_file(key, section)] = binder.bound(section.slug, text) + "\n"
    lines = [[figure.key, figure.label, figure.value, figure.unit, ""] for figure in binder.figures]
    wanted[project.table_file(key, "figures")] = table_file([FIGURE_COLUMNS, *lines])
    return wanted


def _office_file(ingested: Ingested, fallback: str) -> str:
    name = ingested.office_name or fallback
    kind, level = kind_of(name), level_of(name)
    lines = [
        f"# Read from {_comment(ingested.file)}; kind and level are what the name suggests: check them.",
        f"name: {_quoted(name)}" + ("" if ingested.office_name else "  # 原件未写明机关名称，请核对"),
        f"kind: {kind.value}",
        f"level: {level.value}",
        f"covers_area: {'true' if kind is OfficeKind.GOVERNMENT else 'false'}",
    ]
    return "\n".join(lines) + "\n"


def _year_file(ingested: Ingested, key: ReportKey, edition: Edition) -> str:
    lines = [f"# Read from {_comment(ingested.file)}"]
    if ingested.published:
        lines.append(f"published: {ingested.published.isoformat()}")
    else:
        # Article 49 of the regulation: organs publish by 31 January.
        lines.append(
            f"published: {datetime.date(key.year + 1, 1, 31).isoformat()}  # 原件未写明日期，此为法定期限，请核对"
        )
    lines.append(f"profile: {Profile.OFFICIAL.value}")
    if edition is not edition_for(key.year):
        lines.append(f'edition: "{edition.code}"  # the report was published in this form')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """The text as a YAML scalar, whatever characters it has."""
    return json.dumps(text, ensure_ascii=False)


def _comment(name: str) -> str:
    return " ".join(name.split())
