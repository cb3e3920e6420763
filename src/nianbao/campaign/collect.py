"""Take what units sent back: filled workbooks, and reports in Word, PDF or HTML; nothing that was there is lost.

A unit's new folder is built aside and changes places with the old one, which is kept under a number: whenever a run is
stopped, the next one finishes.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nianbao.campaign.returned import Outcome, Returned, Taken, changes_of, problems_of, returned_list
from nianbao.errors import IngestError, InputError, NianbaoError
from nianbao.errors.language import either
from nianbao.form import edition_for
from nianbao.ingest import Ingested, Reader, file_name, find, write
from nianbao.ingest.archive import BROKEN, MAX_BYTES, is_hidden, shown_name
from nianbao.ingest.offices import plain_name
from nianbao.inputs import Files, load
from nianbao.inputs.settings import load_office
from nianbao.inputs.units import Unit, area_key, has_figures, load_units
from nianbao.inputs.workbook import FormBook, read_book
from nianbao.inputs.yaml_file import SettingError, date
from nianbao.model import ReportKey
from nianbao.paths import Project


class Collector:
    """Takes files for one area and year; ``recovered`` names units whose last taking had been cut off."""

    def __init__(self, project: Project, area: str, year: int) -> None:
        self.project = project
        self.key = area_key(project, area, year)
        files = Files(project)
        listing = load_units(files, self.key)
        self.units: Mapping[str, Unit] = listing.offices if listing else {}
        self.names: dict[str, str] = {}
        for unit in self.units.values():
            own = [load_office(files, unit.office)[0].name] if project.office_file(unit.office).is_file() else []
            for name in (unit.name, *own, *unit.aliases):
                if name:
                    self.names.setdefault(plain_name(name), unit.office)
        self.recovered = [office for office in self.units if self._recover(ReportKey(office, year))]

    def take(self, paths: Sequence[str | Path]) -> Iterator[Outcome]:
        """What becomes of each file, folders and archives opened, one after the other."""
        inbox = self.project.state / "collect" / self.key.office
        shutil.rmtree(inbox, ignore_errors=True)
        found = find(paths)
        for passed, why in found.passed:
            yield Outcome(file_name(passed), Taken.REFUSED, why=why)
        with Reader() as reader:
            for given in self._files(found.wanted, inbox):
                if isinstance(given, Outcome):
                    yield given
                    continue
                try:
                    yield self._one(given, reader)
                except NianbaoError as error:
                    yield Outcome(file_name(given), Taken.REFUSED, why=_why(error))
        shutil.rmtree(inbox, ignore_errors=True)

    def _files(self, paths: Sequence[Path], inbox: Path) -> Iterator[Path | Outcome]:
        for number, path in enumerate(paths):
            if path.suffix.lower() != ".zip":
                yield path
                continue
            try:
                with zipfile.ZipFile(path) as archive:
                    for entry in archive.infolist():
                        name = Path(shown_name(entry)).name
                        if entry.is_dir() or is_hidden(entry.filename):
                            continue
                        if entry.file_size > MAX_BYTES:
                            size = f"{MAX_BYTES >> 20} MB"
                            why = either(f"超过{size}", f"is larger than {size}")
                            yield Outcome(f"{path.name}/{name}", Taken.REFUSED, why=why)
                            continue
                        target = inbox / str(number) / name
                        target.parent.mkdir(parents=True, exist_ok=True)
                        target.write_bytes(archive.read(entry))
                        yield target
            except BROKEN:
                yield path  # refused below by its own name

    def _one(self, path: Path, reader: Reader) -> Outcome:
        if path.suffix.lower() in {".xlsx", ".xlsm"}:
            book = read_book(path.read_bytes(), file_name(path))
            if book.identity is not None:
                return self._take_book(path, book)
            if (returned := returned_list(book.sheets)) is not None:
                return self._take_answers(path, returned)
        found = reader.read(path, self.key.year)
        if len(found) != 1:
            raise InputError("holds several reports", zh=f"含有{len(found)}份报告，请分开报送")
        if not isinstance(found[0], Ingested):
            raise found[0]
        return self._take_report(path, found[0])

    def _take_book(self, path: Path, book: FormBook) -> Outcome:
        identity = book.identity
        assert identity is not None  # noqa: S101 -- the caller has looked
        if identity.office not in self.units:
            raise InputError(
                f"is the workbook of no unit of this area ({identity.office})",
                zh=f"不是本地区单位的填报表（{identity.office}）",
            )
        self._check_period(("the workbook", "填报表"), identity.year, identity.edition)
        key = ReportKey(identity.office, self.key.year)

        def fill(building: Project) -> None:
            shutil.copyfile(path, building.workbook_file(key))

        return self._exchange(path, key, fill, book)

    def _take_report(self, path: Path, read: Ingested) -> Outcome:
        office = self.names.get(plain_name(read.office_name or ""))
        if office is None:
            raise InputError(
                f"names no unit of this area ({read.office_name or 'no name'})",
                zh=f"不能确定是哪个单位（文中机关名称：{read.office_name or '未写明'}）",
            )
        self._check_period(("the report", "报告"), read.year, read.edition or None)
        key = ReportKey(office, self.key.year)

        def fill(building: Project) -> None:
            # What is there and says the same stays as it is; a workbook is replaced by what the report holds.
            own = shutil.ignore_patterns(self.project.workbook_file(key).name)
            _copied(self.project.data_of(key), building.data_of(key), own)
            write(building, read, key, overwrite=True)

        outcome = self._exchange(path, key, fill, None)
        gaps = tuple(gap.message for gap in read.gaps)
        return replace(outcome, problems=(*outcome.problems, *gaps))

    def _take_answers(self, path: Path, returned: Returned) -> Outcome:
        """A list of problems that came back: kept for ``status``, an earlier one of the same name beside it."""
        office = self.names.get(plain_name(returned.unit))
        if office is None:
            raise InputError(
                f"is a list of problems of no unit of this area ({returned.unit})",
                zh=f"是问题清单，但不是本地区单位的（{returned.unit or '未写明单位'}）",
            )
        self._check_period(("a list of problems", "问题清单"), returned.year, None)
        count = len(returned.answers)
        words = either(f"：问题清单，整改情况{count}条", f": a list of problems, answers: {count}")
        plain = Outcome(file_name(path), Taken.NEW, office, self.units[office].name or returned.unit, why=words)
        folder = self.project.answers_of(self.key)
        target = folder / path.name
        content = path.read_bytes()
        if not target.is_file():
            _put(target, content)
            return plain
        earlier = target.read_bytes()
        if earlier == content:
            return replace(plain, taken=Taken.UNCHANGED)
        kept = _free_place(folder / "另存")
        _put(kept / path.name, earlier)
        _put(target, content)
        return replace(plain, taken=Taken.CHANGED, kept=self.project.relative(kept))

    def _check_period(self, kind: tuple[str, str], year: int | None, edition: str | None) -> None:
        """InputError where what came is of another year than is collected, or states another edition of the form."""
        english, chinese = kind
        if year != self.key.year:
            raise InputError(
                f"is {english} of {year}, not of {self.key.year}",
                zh=f"是{year or '年度不明'}年的{chinese}，应为{self.key.year}年",
            )
        expected = edition_for(year).code
        if edition is not None and edition != expected:
            raise InputError(f"is of edition {edition}, not {expected}", zh=f"表格版本为{edition}，应为{expected}")

    def _exchange(
        self, path: Path, key: ReportKey, fill: Callable[[Project], object], book: FormBook | None
    ) -> Outcome:
        """Build the unit's new folder aside, compare it with the old one, and let them change places."""
        current = self.project.data_of(key)
        # A small project of its own beside the old folder, so that what is new is read as it will be afterwards.
        building = Project(_building(current))
        shutil.rmtree(building.root, ignore_errors=True)
        _copied(self.project.params / key.office, building.params / key.office)
        new = building.data_of(key)
        new.mkdir(parents=True)
        for extra in self._extras(key):
            (shutil.copytree if extra.is_dir() else shutil.copy2)(extra, new / extra.name)
        fill(building)
        before = load(self.project, key) if has_figures(Files(self.project), key) else None
        files = Files(building)
        if book is not None:  # read already, to see whose it is
            copied = building.workbook_file(key)
            files.kept[copied] = replace(book, where=building.relative(copied))
        after = load(building, key, files)
        changes = tuple(changes_of(before, after)) if before else ()
        unit = self.units[key.office]
        problems = tuple(problems_of(after))
        plain = Outcome(file_name(path), Taken.NEW, key.office, unit.name or after.office.name, problems=problems)
        if before is not None and not changes:
            shutil.rmtree(building.root)
            return replace(plain, taken=Taken.UNCHANGED)
        self._settings(key, book)
        new.rename(_ready(current))
        shutil.rmtree(building.root)
        kept = self._swap(current)
        taken = Taken.CHANGED if before is not None else Taken.NEW
        return replace(plain, taken=taken, changes=changes, kept=kept)

    def _extras(self, key: ReportKey) -> list[Path]:
        """What a unit's folder holds besides tables, counts and words: a register of requests, data and folders."""
        edition = edition_for(key.year)
        own = {self.project.workbook_file(key).name, "figures.csv", *(f"{table.code}.csv" for table in edition.tables)}
        own.add("narrative")
        files = Files(self.project).listing(self.project.data_of(key))
        return [path for path in files if path.name.casefold() not in own]

    def _settings(self, key: ReportKey, book: FormBook | None) -> None:
        """The year's settings of a unit that has none, with the date that its workbook states."""
        path = self.project.year_file(key)
        if path.exists():
            return
        try:
            published = date(book.published).isoformat() if book and book.published else ""
        except SettingError:
            published = ""
        _put(path, f"# {key.year}年的报告。\npublished: {published}\n".encode())

    def _recover(self, key: ReportKey) -> bool:
        """Finish what a run that was stopped had begun: a whole new folder takes its place, a half-made one goes."""
        current = self.project.data_of(key)
        shutil.rmtree(_building(current), ignore_errors=True)
        if not _ready(current).is_dir():
            return False
        self._swap(current)
        return True

    def _swap(self, current: Path) -> str:
        """Put the ready folder in the place of the current one; where the old one is kept now."""
        kept = ""
        if current.exists():
            place = _free_place(current.with_name(f"{current.name}-另存"))
            current.rename(place)
            kept = self.project.relative(place)
        _ready(current).rename(current)
        return kept


def _free_place(folder: Path) -> Path:
    """The next number in a folder of what was kept; the folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = (int(path.name) for path in folder.iterdir() if path.name.isdecimal())
    return folder / str(max(taken, default=0) + 1)


def _put(target: Path, content: bytes) -> None:
    """A file that is whole or not there, whenever the run is stopped."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f"{target.name}.part")
    aside.write_bytes(content)
    aside.replace(target)


def _building(current: Path) -> Path:
    return current.with_name(f"{current.name}.building")


def _ready(current: Path) -> Path:
    return current.with_name(f"{current.name}.ready")


def _copied(source: Path, target: Path, ignored: Callable[[str, list[str]], set[str]] | None = None) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=ignored, dirs_exist_ok=True)


def _why(error: NianbaoError) -> str:
    """Why a file was refused, without its name, which stands before it."""
    if isinstance(error, InputError | IngestError) and error.zh:
        return either(error.zh, error.what)
    return str(error)
