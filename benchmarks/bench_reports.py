"""Measures whole reports against the pipeline that people write today, and writes docs/performance.md.

    python benchmarks/bench_reports.py [--reports N] [--plain M] [--sizes 10,1000] [--write]

The plain pipeline (plain_pipeline.py) makes M reports, twice; its cost for N is reckoned from these. Everything else is
measured as it stands, from the shell to the last file, in this same run and on this same machine. A machine's speed may
change within minutes: so what is compared most runs before and after what it is compared with, and its mean counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from measure import Measured, mean, measured

from nianbao.inputs.invented import invented_keys, invented_project
from nianbao.model import Profile, ReportKey
from nianbao.paths import Project

ROOT = Path(__file__).resolve().parents[1]
NIANBAO = [sys.executable, "-c", "from nianbao.cli.main import main; main()"]
PLAIN = [sys.executable, str(ROOT / "benchmarks" / "plain_pipeline.py")]


@dataclass(frozen=True)
class Row:
    """One line of the report: what was run, for how many reports, and what came of it."""

    name: str
    reports: int
    run: Measured

    @property
    def each(self) -> float:
        """Seconds a report."""
        return self.run.seconds / self.reports


class Bench:
    """A made-up project in a throwaway folder, and the runs over it."""

    def __init__(self, folder: Path, reports: int, profile: Profile = Profile.OFFICIAL) -> None:
        self.folder, self.profile = folder, profile
        self.keys = invented_keys(reports)
        self.project = invented_project(Project(ROOT), folder / "project", self.keys, profile)
        self.plain_out = folder / "plain"

    def plain(self, count: int) -> Measured:
        """The plain pipeline over the first reports."""
        names = [f"{key.office}:{key.year}" for key in self.keys[:count]]
        return self._told(f"plain, {count}", [*PLAIN, str(self.project.root), str(self.plain_out), *names])

    def report(self, key: ReportKey) -> Measured:
        """One report by ours."""
        return self._told("one report", [*NIANBAO, "report", key.office, str(key.year), "--quiet"])

    def batch(self, *options: str) -> Measured:
        """All reports by ours."""
        return self._told(" ".join(("batch", *options)), [*NIANBAO, "batch", "--log-json", *options])

    def anew(self, *options: str) -> Measured:
        """The same with nothing stored."""
        self.forget()
        return self.batch(*options)

    def forget(self) -> None:
        """No store, no outputs: everything must be made.

        They are put aside, not deleted: for minutes ext4 looks past what was deleted whenever it makes a file, which
        made the next run's files dearer by up to a twentieth of the run.
        """
        for made in (self.project.state, self.project.outputs):
            if made.exists():
                made.rename(Path(tempfile.mkdtemp(dir=self.folder)) / made.name)

    def change(self, keys: Sequence[ReportKey]) -> None:
        """Correct a figure of these reports, as February does."""
        for key in keys:
            path = self.project.table_file(key, "figures")
            lines = path.read_text(encoding="utf-8").splitlines()
            fields = lines[1].split(",")
            fields[2] = str(int(fields[2]) + 1)
            path.write_text("\n".join([lines[0], ",".join(fields), *lines[2:]]) + "\n", encoding="utf-8")

    def change_notebook(self, stem: str, source: str) -> None:
        """Put one more line of code into a section's notebook, as an analyst does."""
        path = self.project.notebooks / f"{stem}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"][-1]["source"] = [f"{source}\n", *notebook["cells"][-1]["source"]]
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")

    def _told(self, name: str, command: list[str]) -> Measured:
        run = measured(command, self.project.root)
        print(f"{name}: {run.seconds:.2f} s, {run.processor:.1f} s of processor, {run.memory:.0f} MB", file=sys.stderr)
        return run


_TIMES = 3  # that each change is made: so short a run varies by a sixth

# What is changed in one section's notebook: nothing that readers see, or one line more that they do.
CHANGES = (
    ("a comment", "04_review", "# changed"),
    ("what a section prints", "04_review", "print('说明')"),
    ("what a section with charts prints", "03_applications", "print('说明')"),
    ("what a section with a chart prints of a frame", "02_proactive", "print(len(section.figures()))"),
)


def single(bench: Bench) -> list[Row]:
    """One report: plain, then ours with nothing stored, nothing changed, and one notebook changed."""
    key = bench.keys[0]
    bench.plain(1)  # modules get compiled, files into memory
    bench.report(key)
    before = bench.plain(1)
    bench.forget()
    rows = [Row("ours, nothing stored, all four formats", 1, bench.report(key))]
    rows.append(Row("ours, nothing changed", 1, bench.report(key)))
    for what, stem, source in CHANGES:
        runs = []
        for _ in range(_TIMES):
            bench.change_notebook(stem, source)
            runs.append(bench.report(key))
        rows.append(Row(f"ours, one section notebook changed: {what}", 1, mean(*runs)))
    plain = Row("plain pipeline, HTML alone", 1, mean(before, bench.plain(1)))
    bench.forget()
    return [plain, *rows]


def many(bench: Bench, plain: int) -> tuple[list[Row], Measured]:
    """All reports of one profile: plain (some of them), ours in every way; and the run whose steps are broken down."""
    count, two = len(bench.keys), ("--jobs", "2")
    before = bench.plain(plain)
    cold = mean(bench.anew(*two), bench.anew(*two))
    rows = [
        Row(f"{bench.profile}: plain pipeline, HTML alone, 1 process", plain, mean(before, bench.plain(plain))),
        Row(f"{bench.profile}: ours, nothing stored, 2 processes", count, cold),
        Row(f"{bench.profile}: ours, nothing changed, 2 processes", count, bench.batch(*two)),
    ]
    changed = max(1, count // 10)
    bench.change(bench.keys[:: max(1, count // changed)][:changed])
    rows.append(Row(f"{bench.profile}: ours, {changed} of {count} changed, 2 processes", count, bench.batch(*two)))
    return rows, cold


def by_size(folder: Path, sizes: Sequence[int]) -> Iterator[Row]:
    """Ours with nothing stored, over projects of several sizes, made in ``folder``."""
    for size in sizes:
        bench = Bench(Path(tempfile.mkdtemp(dir=folder)), size)
        yield Row("ours, nothing stored, 2 processes", size, bench.batch("--jobs", "2"))


def steps_of(run: Measured) -> dict[str, float]:
    """Mean seconds a report, by step, from the run's events; what is in no step is the store and the publishing."""
    total: dict[str, float] = defaultdict(float)
    reports = 0
    for line in run.output.splitlines():
        event = json.loads(line)
        if event["event"] == "step":
            total[event["step"]] += event["seconds"]
        elif event["event"] == "outcome":
            reports += 1
            total["whole"] += event["seconds"]
    # The checks run beside the rest: their time is in no report's whole.
    inside = sum(seconds for name, seconds in total.items() if name not in {"whole", "check"})
    total["store, manifest, publishing"] = max(0.0, total.pop("whole") - inside)
    return {name: seconds / reports for name, seconds in total.items()}


INTRODUCTION = """# Performance

Written by `make bench` (`benchmarks/bench_reports.py`); do not edit. Made-up office-years, as official reports and as
illustrated ones, the plain pipeline likewise; from the shell to the last file; memory is the peak of all processes
together, pages they share counted once. The plain pipeline is what people write today
(`benchmarks/plain_pipeline.py`): six notebooks through papermill's default engine, Great Expectations once a report,
HTML by nbconvert, in one process. Ours makes HTML, PDF, DOCX and the workbook, with findings, manifest and digests, on
Dask's workers. A machine's speed may change within minutes: the plain pipeline ran before and after what it is
compared with, and counts with its mean.
"""


def machine() -> str:
    """What was measured on, without names."""
    memory = psutil.virtual_memory().total / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} on {platform.machine()}"
    return f"Machine: {system}, {cores} cores, {memory:.0f} GB, Python {platform.python_version()}."


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table: words first, then numbers."""
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return ["", *("| " + " | ".join(row) + " |" for row in (heads, rule, *rows)), ""]


def page(singles: list[Row], profiles: list[list[Row]], sizes: list[Row], steps: dict[str, float]) -> str:
    """docs/performance.md; the profiles' rows begin with the plain pipeline and ours with nothing stored."""
    plain_one = singles[0].run.seconds
    ones = [
        (row.name, f"{row.run.seconds:.2f}", f"{row.run.seconds / plain_one:.2f}", f"{row.run.memory:.0f}")
        for row in singles
    ]
    all_rows = [
        (
            row.name,
            str(row.reports),
            f"{row.run.seconds:.1f}",
            f"{row.each:.3f}",
            f"{rows[0].each / row.each:.1f}",
            f"{row.run.processor / row.reports:.2f}",
            f"{row.run.memory:.0f}",
        )
        for rows in profiles
        for row in rows
    ]
    by_count = [
        (str(row.reports), f"{row.run.seconds:.1f}", f"{row.each:.3f}", f"{row.run.memory:.0f}")
        for row in sorted([*sizes, profiles[0][1]], key=lambda row: row.reports)
    ]
    longest_first = sorted(steps.items(), key=lambda item: -item[1])
    lines = [INTRODUCTION, machine(), "", "## One report, official"]
    lines += table(("", "seconds", "of the plain pipeline", "memory, MB"), ones)
    lines += [f"## {profiles[0][1].reports} reports", "", f"The plain pipeline made {profiles[0][0].reports} of them."]
    heads = ("", "reports", "seconds", "seconds a report", "times as fast", "processor seconds a report", "memory, MB")
    lines += table(heads, all_rows)
    lines += ["## Size of the batch", "", "Official, nothing stored, 2 processes."]
    lines += table(("reports", "seconds", "seconds a report", "memory, MB"), by_count)
    lines += [
        "## Where a report's time goes",
        "",
        "Official, nothing stored, 2 processes; the checks run beside the rest.",
    ]
    lines += table(("step", "mean seconds"), [(name, f"{seconds:.3f}") for name, seconds in longest_first])
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Measure, print, and with --write keep the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=100, help="how many reports a batch has (default: 100)")
    parser.add_argument("--plain", type=int, default=5, help="how many the plain pipeline makes (default: 5)")
    parser.add_argument("--sizes", default="10,1000", help="more sizes of batches (default: 10,1000)")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        benches = [Bench(Path(tempfile.mkdtemp(dir=folder)), asked.reports, profile) for profile in Profile]
        singles = single(benches[0])
        measured_rows = [many(bench, min(asked.plain, asked.reports)) for bench in benches]
        sizes = list(by_size(Path(folder), [int(size) for size in asked.sizes.split(",") if size]))
    text = page(singles, [rows for rows, _ in measured_rows], sizes, steps_of(measured_rows[0][1]))
    print(text)
    if asked.write:
        (ROOT / "docs" / "performance.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
