"""Measures an area's January: collect, status and rollup over filled workbooks, each as a whole process.

    python benchmarks/bench_campaign.py [COUNT]

Makes the units (3,000 unless told otherwise) with last year's inputs and this year's workbooks, prints how long that
took, and then a Markdown table: seconds on the clock, of computing, and the peak of memory of all processes together.
The sums must be those that pandas makes of what was filled in, cell by cell; else it ends with 1.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "tests")]

from measure import measured

from areas import YEAR, area
from nianbao.campaign.workbook import form_workbook
from nianbao.inputs import load
from nianbao.model import Number, ReportKey
from nianbao.paths import Project

AREA, INBOX = "shi", "inbox"
WITHIN = 180.0  # seconds for all three at 3,000 units


def made(folder: Path, count: int) -> tuple[Project, pd.Series]:
    """An area whose units have sent their workbooks, and the sum of each cell of what stands in them."""
    offices = [f"unit{number:05d}" for number in range(1, count + 1)]
    project = area(folder, offices, years=(YEAR - 1, YEAR), name=AREA)
    (project.root / INBOX).mkdir()
    filled: list[dict[str, Number | None]] = []
    for key in (ReportKey(office, YEAR) for office in offices):
        given = load(project, key)
        filled.append({str(ref): cell.value.number for ref, cell in given.cells.items()})
        (project.root / INBOX / f"{key.office}.xlsx").write_bytes(form_workbook(project, key, given=given))
        project.year_file(key).unlink()
        shutil.rmtree(project.data_of(key))
    return project, pd.DataFrame(filled, dtype=object).sum()


def differences(rollup: str, expected: pd.Series) -> list[str]:
    """The cells in which ``rollup --format json`` says another sum than pandas, or one that lacks a unit."""
    found = json.loads(rollup)
    cells = {
        f"{table}.{row}.{column}": cell
        for table in ("proactive", "applications", "review")
        for row, columns in found[table].items()
        for column, cell in columns.items()
    }
    wrong = [name for name in expected.index if name not in cells or cells[name]["missing"]]
    wrong += [name for name, cell in cells.items() if cell["value"] != float(expected.get(name, -1))]
    return sorted(set(wrong))


def main() -> int:
    """Make the area, run the campaign, compare the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=3000)
    count = parser.parse_args().count
    commands = {
        "collect": [INBOX, "--area", AREA, "--year", str(YEAR)],
        "status": [AREA, str(YEAR), "--as-of", f"{YEAR + 1}-01-26", "--format", "json"],
        "rollup": [AREA, str(YEAR), "--format", "json"],
    }
    with tempfile.TemporaryDirectory() as name:
        started = time.perf_counter()
        project, expected = made(Path(name), count)
        print(f"{count:,} units made in {time.perf_counter() - started:.0f} s\n", flush=True)
        print("| command | seconds | computing | memory, MB |\n|---|---:|---:|---:|", flush=True)
        runs = []
        for command, arguments in commands.items():
            runs.append(measured([sys.executable, "-m", "nianbao", command, *arguments], project.root))
            _row(command, runs[-1].seconds, runs[-1].processor, runs[-1].memory)
        total = sum(run.seconds for run in runs)
        _row("all three", total, sum(run.processor for run in runs), max(run.memory for run in runs))
    handed_in = json.loads(runs[1].output)["rate"]
    wrong = differences(runs[2].output, expected)
    print(
        f"\n{total:.1f} s of {WITHIN:.0f} s; handed in: {handed_in}; {len(expected)} sums, {len(wrong)} not as pandas"
    )
    for cell in wrong:
        print(f"  {cell}")
    return 1 if wrong or handed_in != "100.0%" else 0


def _row(name: str, seconds: float, computing: float, memory: float) -> None:
    print(f"| {name} | {seconds:.2f} | {computing:.2f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
