"""What units sent back: whose it is, what changed, what is refused and why; nothing that was there is lost."""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path

import pytest

from areas import YEAR, area, office_file, units_file
from campaign.fill import fill, saved
from nianbao.campaign import collect as module
from nianbao.campaign.collect import Collector
from nianbao.campaign.returned import Outcome, Taken
from nianbao.campaign.workbook import form_workbook
from nianbao.form import CellRef, edition_for
from nianbao.inputs import load
from nianbao.inputs.invented import invented_values
from nianbao.model import ReportKey
from nianbao.paths import Project

NEXT = YEAR + 1
FORM = edition_for(NEXT)
CELL = CellRef("proactive", "licences", "decisions")


@pytest.fixture(autouse=True)
def in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "zh")


@pytest.fixture
def shi(tmp_path: Path) -> Project:
    return area(tmp_path / "project", ["a", "b", "c"])


def filled(project: Project, office: str, inbox: Path, name: str = "", **cells: object) -> Path:
    """A unit's workbook, filled in so that it balances, in the inbox."""
    key = ReportKey(office, NEXT)
    last = {ref: int(cell.value.number or 0) for ref, cell in load(project, key.previous).cells.items()}
    values = {**invented_values(FORM, key, last), **({CELL: cells["licences"]} if cells else {})}
    inbox.mkdir(exist_ok=True)
    path = inbox / (name or f"{office}.xlsx")
    path.write_bytes(saved(fill(form_workbook(project, key), FORM, values)))
    return path


def collected(project: Project, *paths: Path, year: int = NEXT) -> list[Outcome]:
    return list(Collector(project, "shi", year).take(paths))


def test_a_filled_workbook_becomes_the_units_input(shi: Project, tmp_path: Path) -> None:
    (outcome,) = collected(shi, filled(shi, "a", tmp_path / "in"))
    assert (outcome.taken, outcome.office, outcome.name) == (Taken.NEW, "a", "甲市第1局")
    report = load(shi, ReportKey("a", NEXT))
    assert report.value(CELL).number is not None
    assert str(report.cells[CELL].source).startswith(f"data/a/{NEXT}/report.xlsx:表二!")


def test_the_same_again_is_unchanged_and_a_change_is_told_by_cell(shi: Project, tmp_path: Path) -> None:
    collected(shi, filled(shi, "a", tmp_path / "in", licences=5))
    before = (shi.workbook_file(ReportKey("a", NEXT))).read_bytes()
    assert [one.taken for one in collected(shi, filled(shi, "a", tmp_path / "in", licences=5))] == [Taken.UNCHANGED]
    (outcome,) = collected(shi, filled(shi, "a", tmp_path / "in", licences=6))
    assert outcome.taken is Taken.CHANGED
    assert [change[1:] for change in outcome.changes] == [("5", "6")]
    assert outcome.kept == f"data/a/{NEXT}-另存/1"
    assert (shi.root / outcome.kept / "report.xlsx").read_bytes() == before


def test_files_of_strangers_and_of_other_years_are_refused_by_name(shi: Project, tmp_path: Path) -> None:
    stranger = filled(shi, "c", tmp_path / "in")
    units_file(shi, "shi", ["a", "b"])
    own = filled(shi, "a", tmp_path / "in")
    found = {one.file: one for one in collected(shi, stranger, own)}
    assert found["c.xlsx"].taken is Taken.REFUSED
    assert "不是本地区单位的填报表（c）" in found["c.xlsx"].why
    assert found["a.xlsx"].taken is Taken.NEW
    (late,) = collected(shi, own, year=YEAR)
    assert late.why == f"是{NEXT}年的填报表，应为{YEAR}年"


def test_a_broken_file_stops_no_other(shi: Project, tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    filled(shi, "a", inbox)
    (inbox / "b.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    found = {one.file: one.taken for one in collected(shi, inbox)}
    assert found == {"a.xlsx": Taken.NEW, "b.xlsx": Taken.REFUSED}


def test_archives_are_opened(shi: Project, tmp_path: Path) -> None:
    one, other = filled(shi, "a", tmp_path / "in"), filled(shi, "b", tmp_path / "in")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in (one, other):
            archive.write(path, f"填报/{path.name}")
    assert [outcome.office for outcome in collected(shi, tmp_path / "all.zip")] == ["a", "b"]


def test_what_cannot_be_read_is_named_by_its_cell(shi: Project, tmp_path: Path) -> None:
    (outcome,) = collected(shi, filled(shi, "a", tmp_path / "in", licences="约12"))
    assert outcome.taken is Taken.NEW
    assert any("约12" in problem and "表二!" in problem for problem in outcome.problems)


def test_a_report_in_words_is_taken_by_the_name_in_it(shi: Project, tmp_path: Path) -> None:
    office_file(shi, "a", "某县丁山镇人民政府", level="county")
    units_file(shi, "shi", ["a,某县丁山镇", "b", "c"])
    text = f"某县丁山镇人民政府{NEXT}年政府信息公开工作年度报告\n一、总体情况\n{NEXT}年认真做好政府信息公开工作。\n"
    text += "五、存在的主要问题及改进情况\n一是形式单一；二是加强培训。\n六、其他需要报告的事项\n没有收取信息处理费。\n"
    path = tmp_path / "report.txt"
    path.write_text(text, "utf-8")
    (outcome,) = collected(shi, path)
    assert (outcome.taken, outcome.office) == (Taken.NEW, "a")
    assert "信息处理费" in load(shi, ReportKey("a", NEXT)).texts["other"].template


def test_other_files_of_the_unit_stay_with_it(shi: Project, tmp_path: Path) -> None:
    folder = shi.data_of(ReportKey("a", NEXT))
    folder.mkdir(parents=True)
    (folder / "ledger.csv").write_text("编号\n", "utf-8")
    collected(shi, filled(shi, "a", tmp_path / "in"))
    assert (folder / "ledger.csv").read_text("utf-8") == "编号\n"


class StoppedError(Exception):
    """The run is killed here."""


@pytest.mark.parametrize("at", [1, 4, *(pytest.param(at, marks=pytest.mark.slow) for at in (0, 2, 3, 5, 6, 7))])
def test_a_run_that_is_killed_loses_nothing_and_the_next_one_finishes(
    shi: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Killed before the nth change of the disk: afterwards the old state or the new one is there, and then the new."""
    collected(shi, filled(shi, "a", tmp_path / "in", licences=5))
    path = filled(shi, "a", tmp_path / "in", licences=6)
    steps = iter(range(100))

    def stopping(call):  # type: ignore[no-untyped-def]
        def wrapped(*arguments, **options):  # type: ignore[no-untyped-def]
            if next(steps) == at:
                raise StoppedError
            return call(*arguments, **options)

        return wrapped

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", stopping(Path.rename))
        patched.setattr(module.shutil, "copyfile", stopping(module.shutil.copyfile))
        patched.setattr(module.shutil, "copytree", stopping(module.shutil.copytree))
        patched.setattr(Path, "mkdir", stopping(Path.mkdir))
        with contextlib.suppress(StoppedError):
            collected(shi, path)
    everything = [found.read_bytes() for found in (shi.data / "a").rglob("report.xlsx")]
    assert everything
    collected(shi, path)
    assert load(shi, ReportKey("a", NEXT)).value(CELL).number == 6
    kept = [load_from.read_bytes() for load_from in (shi.data / "a" / f"{NEXT}-另存").rglob("report.xlsx")]
    assert kept
    assert not list((shi.data / "a").glob("*.building"))
    assert not list((shi.data / "a").glob("*.ready"))
