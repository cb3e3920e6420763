"""Measures the live preview: from a save to the page in a headless Chromium, and an hour of saves.

    python benchmarks/bench_preview.py [--rounds 20] [--saves 500] [--profile illustrated]

Prints the medians of the rounds for a word of a narrative, the code of a section, a chart, and a cell of a CSV file,
with its checks; then, with --saves, what so many saves leave behind, every other of them broken and each as soon as the
last is answered: memory of all processes after the first fifth and at the end, stray processes, edits that are missing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "preview")]

from measure import memory_of
from running import Running, alive, processes_below, running

from browser import Browser
from nianbao.paths import Project

_DATA = "data/shili/2023"
_REPORT = "document.querySelector('iframe').contentDocument"
_IDLE = "document.querySelector('#status').className === ''"


def main() -> None:
    """Measure as asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--saves", type=int, default=0)
    parser.add_argument("--profile", default="illustrated")
    asked = parser.parse_args()
    # Without compiled modules every import is slow, which nobody's own machine does.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("params", "data", "notebooks", "expectations"):
            shutil.copytree(ROOT / part, folder / "project" / part)
        project = Project(folder / "project")
        with running(project, "--profile", asked.profile) as preview, Browser(folder / "browser") as browser:
            browser.open(preview.address)
            _shown(browser, f"document.documentElement.dataset.shown && {_IDLE} && true")
            if asked.rounds:
                _latencies(project, browser, asked.rounds)
            if asked.saves:
                _hour(project, browser, preview, asked.saves)
            below = processes_below(preview.process.pid)
            preview.end()
            time.sleep(1)
            print(f"processes left at the end: {len(alive(below))}")


def _latencies(project: Project, browser: Browser, rounds: int) -> None:
    print("| from a save to the page | median, s | slowest, s |\n| --- | ---: | ---: |")
    edits: dict[str, Callable[[int], tuple[Path, bytes, str]]] = {
        "a word of a narrative": lambda n: _word(project, n),
        "code of a section": lambda n: _code(project, n),
        "a chart": lambda n: _chart(project, n),
        "a cell of a CSV, checks included": lambda n: _cell(project, n),
    }
    for name, edit in edits.items():
        took = []
        for number in range(rounds + 2):  # the first two warm it up
            path, content, arrived = edit(number)
            began = time.perf_counter()
            path.write_bytes(content)
            if not _shown(browser, arrived):
                sys.exit(f"{name}: nothing arrived; the page says: {browser.run('document.body.innerText')}")
            if number > 1:
                took.append(time.perf_counter() - began)
            _shown(browser, _IDLE)
            time.sleep(0.3)
        print(f"| {name} | {statistics.median(took):.2f} | {max(took):.2f} |")


def _word(project: Project, number: int) -> tuple[Path, bytes, str]:
    path = project.root / _DATA / "narrative" / "01_overview.md"
    text = _original(path).replace("\n\n", f"\n\n第{number}次改写。", 1)
    return path, text.encode(), f"{_REPORT}.body.textContent.includes('第{number}次改写。')"


def _code(project: Project, number: int) -> tuple[Path, bytes, str]:
    path = project.notebooks / "04_review.ipynb"
    notebook = json.loads(_original(path))
    notebook["cells"][-1]["source"] = f"print('第{number}次改码')"
    return path, json.dumps(notebook).encode(), f"{_REPORT}.body.textContent.includes('第{number}次改码')"


def _chart(project: Project, number: int) -> tuple[Path, bytes, str]:
    path = project.notebooks / "03_applications.ipynb"
    colour = f"#b0{number:04x}"
    text = _original(path).replace('\\"C2\\"', f'\\"{colour}\\"', 1)
    drawn = f"[...{_REPORT}.images].some(one => atob(one.src.split(',')[1]).includes('{colour}'))"
    return path, text.encode(), drawn


def _cell(project: Project, number: int) -> tuple[Path, bytes, str]:
    path = project.root / _DATA / "proactive.csv"
    first, *lines = _original(path).splitlines()
    row, label, column, _ = lines[0].split(",")
    text = "\n".join([first, f"{row},{label},{column},{7000 + number}", *lines[1:]]) + "\n"
    return path, text.encode(), f"{_REPORT}.body.textContent.includes('{7000 + number}') && {_IDLE}"


def _hour(project: Project, browser: Browser, preview: Running, saves: int) -> None:
    """Every other save is broken: a name that is none, a CSV cell that is none, a notebook that is none, in turn."""
    notebook, table = project.notebooks / "04_review.ipynb", project.root / _DATA / "proactive.csv"
    failed = "!document.querySelector('#error').hidden"
    mended = "document.querySelector('#error').hidden"
    blocked = "!document.querySelector('#ribbon').hidden"
    began, early, lost = time.perf_counter(), 0.0, 0
    for number in range(saves // 2):
        path, content, arrived = (_word, _code, _chart, _cell)[number % 4](project, 1000 + number)
        kind = number % 3
        if kind == 0:
            broken, bad, sign = notebook, _original(notebook).replace("section.text()", "no_such_name"), failed
        elif kind == 1:
            broken, bad, sign = table, _original(table).replace(",0\n", ",十二\n", 1), blocked
        else:
            broken, bad, sign = notebook, _original(notebook)[:200], failed
        now = broken.read_bytes()
        broken.write_bytes(bad.encode())
        lost += not _shown(browser, f"{sign} && {_IDLE}")
        broken.write_bytes(now)
        path.write_bytes(content)
        lost += not _shown(browser, f"{arrived} && {mended} && {_IDLE}")
        if number == saves // 10:
            early = _memory(preview)
        if number % 25 == 24:
            print(
                f"  {2 * number + 2} saves, {time.perf_counter() - began:.0f} s, {_memory(preview):.0f} MB", flush=True
            )
    late = _memory(preview)
    print(f"{saves} saves in {time.perf_counter() - began:.0f} s, {lost} lost; memory {early:.0f} MB after a fifth,")
    print(f"{late:.0f} MB at the end ({late / early - 1:+.0%}); {len(processes_below(preview.process.pid))} processes")


def _original(path: Path) -> str:
    return (ROOT / path.relative_to(next(p for p in path.parents if p.name == "project"))).read_text("utf-8")


def _shown(browser: Browser, condition: str) -> bool:
    """Wait in the page until the condition holds; False where it does not within half a minute."""
    look = f"""new Promise(done => {{ const end = Date.now() + 30000, look = () => {{
        let holds = false; try {{ holds = {condition} }} catch (error) {{}}
        if (holds || Date.now() > end) done(Boolean(holds)); else setTimeout(look, 5) }}; look() }})"""
    return bool(browser.run(look))


def _memory(preview: Running) -> float:
    """Of all processes of the preview, in MB; pages that they share are counted once (proportional set size)."""
    return sum(map(memory_of, processes_below(preview.process.pid))) / 1e6


if __name__ == "__main__":
    main()
