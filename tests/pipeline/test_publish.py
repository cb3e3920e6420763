from __future__ import annotations

import importlib
import threading
import time
from pathlib import Path

import pytest

import nianbao.export
import nianbao.runs.run
from nianbao.errors import NianbaoError
from nianbao.model import ExportedFile, ReportKey
from nianbao.paths import Project
from nianbao.pipeline import make_report
from nianbao.pipeline.publish import publish, recover, with_sums
from pipeline import sabotage

# By its name: the package holds a function that is called as the module is.
module = importlib.import_module("nianbao.pipeline.publish")

KEY = ReportKey("shili", 2023)


def files(text: str) -> list[ExportedFile]:
    return with_sums([ExportedFile("report.html", text.encode()), ExportedFile("sections/a.ipynb", b"{}")])


def read(project: Project) -> str:
    return (project.output_of(KEY) / "report.html").read_text()


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_the_sums_are_what_sha256sum_writes(empty: Project) -> None:
    publish(empty, KEY, files("one"))
    lines = (empty.output_of(KEY) / "SHA256SUMS").read_text().splitlines()
    assert lines[0] == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  report.html"
    assert lines[1].endswith("  sections/a.ipynb")


def test_a_report_that_stands_there_already_is_not_touched(empty: Project) -> None:
    publish(empty, KEY, files("one"))
    before = empty.output_of(KEY).stat().st_ino
    publish(empty, KEY, files("one"))
    assert empty.output_of(KEY).stat().st_ino == before


def test_files_of_an_older_report_do_not_stay(empty: Project) -> None:
    publish(empty, KEY, [*files("one"), ExportedFile("old.txt", b"")])
    publish(empty, KEY, files("one"))
    assert not (empty.output_of(KEY) / "old.txt").exists()


def test_without_an_exchange_in_one_step_the_new_report_takes_the_place_too(
    empty: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_exchanged", lambda _one, _other: False)
    publish(empty, KEY, files("one"))
    publish(empty, KEY, files("two"))
    assert read(empty) == "two"
    assert [path.name for path in empty.output_of(KEY).parent.iterdir()] == ["2023"]


def test_a_run_killed_between_the_two_renamings_is_mended_by_the_next(
    empty: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_exchanged", lambda _one, _other: False)
    publish(empty, KEY, files("one"))
    target = empty.output_of(KEY)
    target.rename(target.with_name(".2023-old"))
    (target.with_name(".2023-new-abc")).mkdir()
    recover(empty, KEY)
    assert read(empty) == "one"
    assert [path.name for path in target.parent.iterdir()] == ["2023"]


@pytest.mark.parametrize("taken", ["outputs", "outputs/shili"])
def test_a_file_in_the_place_of_a_folder_is_named(empty: Project, taken: str) -> None:
    (empty.root / taken).parent.mkdir(exist_ok=True)
    (empty.root / taken).write_text("")
    with pytest.raises(NianbaoError, match="move away what stands in the place of a folder") as caught:
        publish(empty, KEY, files("one"))
    assert "outputs" in str(caught.value)


def test_a_file_in_the_place_of_the_report_gives_way(empty: Project) -> None:
    target = empty.output_of(KEY)
    target.parent.mkdir(parents=True)
    target.write_text("not a folder")
    publish(empty, KEY, files("one"))
    assert read(empty) == "one"
    assert [path.name for path in target.parent.iterdir()] == ["2023"]


def test_two_runs_of_the_same_report_at_once_wait_for_each_other(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nianbao.runs.run, "run_section", sabotage.fake_section)
    monkeypatch.setattr(nianbao.export, "export", sabotage.fake_export)
    told: list[tuple[str, str, tuple[str, ...]]] = []
    first_is_inside = threading.Event()

    def run(name: str, pause: float) -> None:
        def tell(step: str, why: tuple[str, ...]) -> None:
            told.append((name, step, why))
            first_is_inside.set()
            time.sleep(pause)

        checked = sabotage.Checked()
        make_report(project, sabotage.KEY, sabotage.OPTIONS, checked, tell)

    first = threading.Thread(target=run, args=("first", 0.02))
    first.start()
    assert first_is_inside.wait(20)
    run("second", 0)
    first.join()
    names = [name for name, _, _ in told]
    assert names == ["first"] * (len(told) // 2) + ["second"] * (len(told) // 2)
    # The second finds all the work done.
    assert not any(why for name, _, why in told if name == "second")
    assert sabotage.state(project.root)["whole"]
