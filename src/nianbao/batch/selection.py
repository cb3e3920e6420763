"""Owns the choice of reports: offices by pattern, years by range, every office-year by default.

May import: errors, form, model, paths.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from nianbao.errors import UsageError, known_names
from nianbao.form import FIRST_YEAR
from nianbao.model import ReportKey
from nianbao.paths import Project

_RANGE = re.compile(r"(\d{4})(?:\s*[-–—]\s*(\d{4}))?")


def parse_years(texts: Sequence[str]) -> frozenset[int] | None:
    """The years named by ``2023``, ``2021-2023`` and lists of these joined by commas; None where nothing is named.

    Raises UsageError for anything else, and for a range that runs backwards.
    """
    years: set[int] = set()
    for part in (part.strip() for text in texts for part in re.split(r"[,，]", text)):
        match = _RANGE.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise UsageError(f"{part!r} is no year and no range of years", hint="write 2023, 2021-2023 or 2021,2023")
        years.update(range(first, last + 1))
    return frozenset(years) if texts else None


def select(project: Project, offices: Sequence[str] = (), years: Sequence[str] = ()) -> list[ReportKey]:
    """The office-years that match one of the patterns and one of the years, sorted; all of them by default.

    Raises UsageError where a pattern or the whole choice matches nothing; it names what is known.
    """
    wanted = parse_years(years)
    known = project.offices()
    for pattern in offices:
        if not any(fnmatchcase(office, pattern) for office in known):
            raise UsageError(f"no office matches {pattern!r}", where="params", hint=known_names(pattern, known))
    chosen = [office for office in known if not offices or any(fnmatchcase(office, pattern) for pattern in offices)]
    having = {office: [year for year in project.years(office) if year >= FIRST_YEAR] for office in chosen}
    keys = [ReportKey(office, year) for office, known_years in having.items() for year in known_years]
    selected = [key for key in keys if wanted is None or key.year in wanted]
    if not selected:
        found = sorted({key.year for key in keys})
        hint = f"known years: {', '.join(map(str, found))}" if found else "make inputs: nianbao new OFFICE YEAR"
        raise UsageError("there is no report to make", where="params", hint=hint)
    return selected
