"""Where every file is, and which office-years there are: the only place that spells a folder."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import UnknownNameError, UsageError, known_names
from nianbao.errors.folders import listing
from nianbao.errors.language import Message

if TYPE_CHECKING:
    from nianbao.form import Section
    from nianbao.model import ReportKey

# The notebook of ``nianbao statement``, which is no section of the form.
STATEMENT = "statement"
_FOLDER = re.compile(r"[^/\\\0]{1,80}")
_YEAR = re.compile(r"[12][0-9]{3}")
_YEARS = re.compile(r"(\d{4})(?:\s*[-–—]\s*(\d{4}))?")
# What programs leave beside the files that they have open, and what systems leave in folders.
_BY_PRODUCT = re.compile(
    r"[.~#].*|4913|.*(?:~|\.tmp|\.bak|\.sw[a-z]|\.lock|\.part|\.crswap|___jb_(?:tmp|old)___)|Thumbs\.db|desktop\.ini|__pycache__",
    re.IGNORECASE,
)
_OFFICE_ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Project:
    """A project folder: params/, data/, notebooks/, expectations/ and outputs/ below ``root``.

    ``own_state`` and ``own_outputs`` are where a process that runs beside others keeps what may be thrown away, and
    where finished reports go that do not go into the folder.
    """

    root: Path
    own_state: Path | None = field(default=None, repr=False)
    own_outputs: Path | None = field(default=None, repr=False)

    @property
    def params(self) -> Path:
        """Parameters of all offices."""
        return self.root / "params"

    @property
    def data(self) -> Path:
        """Tables, figures and narratives of all offices."""
        return self.root / "data"

    @property
    def notebooks(self) -> Path:
        """The section notebooks, shared ones and those of single offices."""
        return self.root / "notebooks"

    @property
    def expectations(self) -> Path:
        """The Great Expectations suites."""
        return self.root / "expectations"

    @property
    def outputs(self) -> Path:
        """The finished reports."""
        return self.own_outputs or self.root / "outputs"

    @property
    def state(self) -> Path:
        """What may be thrown away at any time: evidence of failures, the store of steps."""
        return self.own_state or self.root / ".nianbao"

    @property
    def run_log(self) -> Path:
        """What each run did, why, and for how long: a JSON line for each."""
        return self.state / "runs.jsonl"

    def office_file(self, office: str) -> Path:
        """Who the office is."""
        return self.params / office / "office.yaml"

    def year_file(self, key: ReportKey) -> Path:
        """What this year's report needs."""
        return self.params / key.office / f"{key.year}.yaml"

    def waivers_file(self, office: str) -> Path:
        """The verdicts of people on findings."""
        return self.params / office / "waivers.yaml"

    def template_file(self, office: str, name: str) -> Path:
        """The office's own Word template of that name."""
        return self.params / office / name

    def data_of(self, key: ReportKey) -> Path:
        """The folder of one office-year's tables, figures and narrative."""
        return self.data / key.office / str(key.year)

    def table_file(self, key: ReportKey, table: str) -> Path:
        """One statutory table, or ``figures``."""
        return self.data_of(key) / f"{table}.csv"

    def ledger_files(self, key: ReportKey) -> list[Path]:
        """Where the register of requests may be: in the year's folder, or in the office's for several years."""
        folders = (self.data_of(key), self.data / key.office)
        return [folder / f"ledger.{ending}" for folder in folders for ending in ("xlsx", "csv")]

    def workbook_file(self, key: ReportKey) -> Path:
        """The workbook that may hold tables, counts and texts instead of the files of their own."""
        return self.data_of(key) / "report.xlsx"

    def unit_lists(self, area: str) -> list[Path]:
        """The area's lists of units: ``units.csv`` and those that hold from a year on; InputError as ``years``."""
        files = listing(self.params / area, f"params/{area}/")
        return [path for path in files if path.stem.startswith("units") and path.suffix in {".csv", ".xlsx"}]

    def adjustments_file(self, key: ReportKey) -> Path:
        """What is added to or taken from an area's sums, with reasons."""
        return self.params / key.office / f"adjustments-{key.year}.csv"

    def answers_of(self, key: ReportKey) -> Path:
        """Where an area keeps the lists of problems that came back from its units, with their answers."""
        return self.data_of(key) / "整改"

    def text_file(self, key: ReportKey, section: Section) -> Path:
        """The narrative of one section."""
        return self.narrative_of(key) / f"{section.stem}.md"

    def narrative_of(self, key: ReportKey) -> Path:
        """The folder of one office-year's narratives and attachments."""
        return self.data_of(key) / "narrative"

    def notebook(self, office: str, section: Section | None) -> Path:
        """The notebook that makes the section, or (None) the statement, for the office: its own, where there is one."""
        name = f"{section.stem if section else STATEMENT}.ipynb"
        return own if (own := self.notebooks / office / name).is_file() else self.notebooks / name

    def output_of(self, key: ReportKey, *, draft: bool = False) -> Path:
        """The folder of the finished report, or of its draft."""
        return self.outputs / key.office / f"{key.year}{'-草稿' if draft else ''}"

    def kept_of(self, key: ReportKey) -> Path:
        """Where files go that people have left in the report's folder, when that is made anew."""
        return self.outputs / key.office / f"{key.year}-另存"

    def evidence_of(self, key: ReportKey) -> Path:
        """Where a failed run keeps the notebooks as far as they ran."""
        return self.state / "failed" / key.office / str(key.year)

    def relative(self, path: Path) -> str:
        """The path relative to the project, with forward slashes on every system; whole where it is elsewhere."""
        return (path.relative_to(self.root) if path.is_relative_to(self.root) else path).as_posix()

    def offices(self) -> list[str]:
        """The known offices, sorted; InputError where params/ refuses to be listed."""
        return [folder.name for folder in listing(self.params, "params/") if self._has(folder.name)]

    def _has(self, office: str) -> bool:
        """Whether the office is there; one whose folder lets nobody in is, so that it is not passed over."""
        file = self.office_file(office)
        return file.parent.is_dir() and (not os.access(file.parent, os.X_OK) or file.is_file())

    def years(self, office: str) -> list[int]:
        """The years of the office, sorted; none for what is no folder's name. InputError where its folder refuses."""
        if not _FOLDER.fullmatch(office) or office in {".", ".."}:
            return []
        files = listing(self.params / office, f"params/{office}/")
        return [int(file.stem) for file in files if file.suffix == ".yaml" and _YEAR.fullmatch(file.stem)]

    def key(self, office: str, year: int) -> ReportKey:
        """The key of a known office-year; UnknownNameError lists the known ones."""
        from nianbao.form import FIRST_YEAR
        from nianbao.model import ReportKey

        # Asked for by name: to list them all takes a province longer than to read a section's inputs.
        there = _OFFICE_ID.fullmatch(office) and self._has(office)
        if not there and office not in (known := self.offices()):
            hint = None if known else Message("make one: nianbao new OFFICE YEAR")
            raise UnknownNameError("office", office, known, where=str(self.params), hint=hint)
        if year < FIRST_YEAR:
            raise UsageError(
                Message("there is no statutory form for {year}", year=year),
                hint=Message(
                    "the form of the annual report was laid down for {first} and later years", first=FIRST_YEAR
                ),
            )
        if year not in (years := self.years(office)):
            names = list(map(str, years)) or [Message("(none)")]
            raise UsageError(
                Message(
                    "{office} has no inputs for {year}; known years: {years}", office=office, year=year, years=names
                ),
                where=self.relative(self.params / office),
                hint=Message("make them: nianbao new {office} {year}", office=office, year=year),
            )
        return ReportKey(office, year)


def is_by_product(name: str) -> bool:
    """Whether a file of this name is no input but what an editor or the system has left: swap, lock, backup, hidden."""
    return _BY_PRODUCT.fullmatch(name) is not None


def listing_digest(names: Iterable[str]) -> str:
    """SHA-256, in hex, of what a folder holds, by-products of editors aside."""
    listed = sorted(name for name in names if not is_by_product(name))
    return hashlib.sha256("\n".join(listed).encode(errors="surrogateescape")).hexdigest()


def check_office_id(office: str) -> str:
    """The identifier itself; UsageError where it could not be a folder's name everywhere."""
    if not _OFFICE_ID.fullmatch(office):
        raise UsageError(
            Message("{office!r} cannot be an office's identifier", office=office),
            hint="use a letter followed by letters, digits, - or _, all lower case: panzhihua, shili-jiaoyu",
        )
    return office


def shipped() -> Path:
    """Where the package's own notebooks, suites and pages are: in a wheel beside the code, else in the repository."""
    package = Path(__file__).parent
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parents[1]


def project_at(folder: Path, results: Path | None = None) -> Project:
    """The project in the folder, with reports and state in ``results`` where that is given."""
    return Project(folder, results.resolve() / ".nianbao", results.resolve()) if results else Project(folder)


def find_project(start: Path, results: Path | None = None) -> Project:
    """The project that holds ``start``: the nearest folder upwards with params/ and notebooks/ in it.

    ``results``: where its finished reports and its state are, if not in it.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "params").is_dir() and (folder / "notebooks").is_dir():
            return project_at(folder, results)
    raise UsageError(
        Message("no project here: neither {start} nor a folder above it has params/ and notebooks/", start=start),
        hint="change into the project's folder, say where it is with --project, or make one: nianbao init FOLDER",
    )


def parse_years(texts: Sequence[str]) -> frozenset[int] | None:
    """The years named by ``2023``, ``2021-2023`` and lists of these joined by commas; None where nothing is named.

    Raises UsageError for anything else, and for a range that runs backwards.
    """
    years: set[int] = set()
    for part in (part.strip() for text in texts for part in re.split(r"[,，]", text)):
        match = _YEARS.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise UsageError(
                Message("{part!r} is no year and no range of years", part=part),
                hint="write 2023, 2021-2023 or 2021,2023",
            )
        years.update(range(first, last + 1))
    return frozenset(years) if texts else None


def select_offices(project: Project, patterns: Sequence[str] = ()) -> list[str]:
    """The offices that match one of the patterns, sorted; all by default. UsageError where a pattern matches none."""
    known = project.offices()
    for pattern in patterns:
        if not any(fnmatchcase(office, pattern) for office in known):
            raise UsageError(
                Message("no office matches {pattern!r}", pattern=pattern),
                where="params",
                hint=known_names(pattern, known),
            )
    return [office for office in known if not patterns or any(fnmatchcase(office, pattern) for pattern in patterns)]


def select(project: Project, offices: Sequence[str] = (), years: Sequence[str] = ()) -> list[ReportKey]:
    """The office-years that match one of the patterns and one of the years, sorted; all of them by default.

    Raises UsageError where a pattern or the whole choice matches nothing; it names what is known.
    """
    from nianbao.form import FIRST_YEAR
    from nianbao.model import ReportKey

    wanted = parse_years(years)
    having = ((office, project.years(office)) for office in select_offices(project, offices))
    keys = [ReportKey(office, year) for office, known_years in having for year in known_years if year >= FIRST_YEAR]
    selected = [key for key in keys if wanted is None or key.year in wanted]
    if not selected:
        found = sorted({key.year for key in keys})
        hint = Message("make inputs: nianbao new OFFICE YEAR")
        if found:
            hint = Message("known years: {years}", years=map(str, found))
        raise UsageError("there is no report to make", where="params", hint=hint)
    return selected
