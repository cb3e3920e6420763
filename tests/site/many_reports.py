"""Many made-up finished reports: balanced tables, and texts of which no two are alike."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat

from builders import made, stitched_notebook
from nianbao.export import FILE_NAMES
from nianbao.form import CellRef, edition_for
from nianbao.form.cells import number
from nianbao.inputs.invented import invented_values
from nianbao.model import ExportedFile, ReportKey
from nianbao.paths import Project
from nianbao.store.disk import with_sums

ROOT = Path(__file__).resolve().parents[2]
YEARS = (2020, 2021, 2022, 2023, 2024)
AREA = "shi"
_SENTENCES, _LONGEST = 65, 90  # a text of about three thousand characters
_OTHER_FILES = {"pdf": 150_000, "docx": 40_000, "xlsx": 20_000}


class Words:
    """Sentences drawn by which character follows which two in the narratives of data/: they pack as people's own do.

    From year to year an office keeps half of its sentences and changes a quarter.
    """

    def __init__(self, seed: int) -> None:
        self._drawn = random.Random(seed)  # noqa: S311 -- no secret
        self._after: dict[str, list[str]] = defaultdict(list)
        for path in sorted((ROOT / "data").glob("*/*/narrative/*.md")):
            plain = re.sub(r"\{\{.*?\}\}", "12", re.sub(r"[#*\-\s]", "", path.read_text("utf-8")))
            for sentence in re.findall(r"[^。]+。", plain):
                ordered = f"^{sentence}"
                for place in range(1, len(ordered)):
                    self._after[ordered[max(0, place - 2) : place]].append(ordered[place])

    def sentence(self) -> str:
        """A new one."""
        said = "^"
        while len(said) < _LONGEST and not said.endswith("。"):
            said += self._drawn.choice(self._after[said[-2:]])
        return re.sub(r"\d+", lambda _: str(self._drawn.randrange(1, 3000)), said[1:].rstrip("。")) + "。"

    def year(self, before: Sequence[str] = ()) -> list[str]:
        """A year's sentences, those of the year before at hand."""
        found = []
        for sentence in before:
            chance = self._drawn.random()
            changed = f"{sentence[:-9]}{self.sentence()[:8]}。" if chance < 0.75 else self.sentence()
            found.append(sentence if chance < 0.5 else changed)
        return found or [self.sentence() for _ in range(_SENTENCES)]


def make_reports(project: Project, count: int) -> None:
    """Finished reports of ``count`` office-years, and a list of units, a tenth of which have none."""
    words = Words(1)
    units = []
    for place in range(-(-count // len(YEARS))):
        office, name = f"unit{place:05d}", f"甲市第{place}局"
        units.append(f"{office},{name}")
        _write(project.office_file(office), f"name: {name}\nkind: department\nlevel: city\nfictional: true\n")
        said: list[str] = []
        values: dict[CellRef, int] | None = None
        for year in YEARS[: count - place * len(YEARS)]:
            key = ReportKey(office, year)
            _write(project.year_file(key), f"published: {year + 1}-01-20\n")
            # The rows of another edition are others: nothing is carried over from them.
            values = invented_values(edition_for(year), key, None if year == 2021 else values)
            said = words.year(said)
            finish(project, key, name, values, said)
    _write(project.office_file(AREA), "name: 甲市人民政府\nkind: government\nlevel: city\nfictional: true\n")
    units += [f"late{place},甲市迟报第{place}局" for place in range(len(units) // 10)]
    lines = [f"{unit},yes,,,," for unit in units]
    _write(
        project.params / AREA / "units.csv",
        "\n".join(["office,name,counted,reason,deadline,contact_note,aliases", *lines]) + "\n",
    )
    project.notebooks.mkdir(exist_ok=True)


def change_one(project: Project, seed: int) -> None:
    """Give one office's report of a middle year other figures and other words."""
    key = ReportKey("unit00000", YEARS[2])
    values = {ref: value + 1 + seed for ref, value in invented_values(edition_for(key.year), key, None).items()}
    finish(project, key, "甲市第0局", values, Words(2 + seed).year())


def finish(project: Project, key: ReportKey, name: str, values: Mapping[CellRef, int], said: Sequence[str]) -> None:
    """A finished report with these figures and sentences; stand-ins for all formats but the page."""
    paragraphs = "\n\n".join("".join(said[start : start + 8]) for start in range(0, len(said), 8))
    notebook = stitched_notebook(
        edition=edition_for(key.year).code,
        year=key.year,
        office=name,
        value_of=lambda ref: number(values[ref]),
        overview=paragraphs,
    )
    files = {"report.ipynb": nbformat.writes(notebook).encode(), FILE_NAMES["html"]: made(notebook, "html")}
    files |= {FILE_NAMES[form]: f"{key} ".encode().ljust(size) for form, size in _OTHER_FILES.items()}
    folder = project.output_of(key)
    folder.mkdir(parents=True, exist_ok=True)
    for each in with_sums([ExportedFile(file, content) for file, content in files.items()]):
        (folder / each.name).write_bytes(each.content)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
