"""Measures `checks` over 10, 100, 1,000 and 10,000 office-years: values in memory, or files of a made-up project.

    python benchmarks/bench_checks.py [--files] [COUNT ...]

Prints a Markdown table: seconds on the clock, of computing (all processes together), and milliseconds for each
office-year; the import of the engine is apart.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "tests")]

from checks.generate import CITY, OVERVIEW, TEXTS, consistent, office_year, write_project
from nianbao.checks import check, check_values
from nianbao.checks.engine import Engine
from nianbao.model import OfficeYear, ReportKey
from nianbao.paths import Project

COUNTS = (10, 100, 1000, 10_000)


def made(count: int) -> tuple[list[OfficeYear], dict[ReportKey, OfficeYear]]:
    """So many consistent office-years, each with last year's, and texts that state their counts."""
    reports: list[OfficeYear] = []
    previous: dict[ReportKey, OfficeYear] = {}
    for index in range(count):
        office = replace(CITY, id=f"office{index:05d}")
        last = consistent(index, year=2022, office=office)
        now = consistent(count + index, year=2023, office=office, previous=last)
        cells = {ref: cell.value for ref, cell in now.cells.items()}
        previous[last.key] = last
        reports.append(office_year(cells, office=office, texts={**TEXTS, "overview": OVERVIEW}))
    return reports, previous


def computing() -> float:
    """Seconds of computing so far, those of finished child processes too."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(entry.ru_utime + entry.ru_stime for entry in used)


def main() -> None:
    """Run the counts asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", action="store_true", help="write a project and check it from its files")
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS)
    asked = parser.parse_args()
    started = time.perf_counter()
    Engine()
    print(f"import of the engine and an empty context: {time.perf_counter() - started:.1f} s\n")
    print("| office-years | seconds | computing | ms each | errors |\n|---:|---:|---:|---:|---:|")
    for count in asked.counts:
        reports, previous = made(count)
        if asked.files:
            with tempfile.TemporaryDirectory() as folder:
                project = Project(Path(folder))
                write_project(project, [*previous.values(), *reports])
                started, used = time.perf_counter(), computing()
                report = check(project, [entry.key for entry in reports])
                seconds = time.perf_counter() - started
        else:
            started, used = time.perf_counter(), computing()
            report = check_values(reports, previous)
            seconds = time.perf_counter() - started
        each = seconds * 1000 / count
        spent = computing() - used
        print(f"| {count:,} | {seconds:.2f} | {spent:.2f} | {each:.2f} | {len(report.blocking)} |", flush=True)


if __name__ == "__main__":
    main()
