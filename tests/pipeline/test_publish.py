from __future__ import annotations

import errno
import importlib
import os
import threading
import time
from pathlib import Path

import pytest

import nianbao.export
import nianbao.runs.run
from nianbao.errors import NianbaoError
from nianbao.model import ExportedFile, Options, ReportKey
from nianbao.paths import Project
from nianbao.pipeline import make_report
from nianbao.pipeline.publish import publish, recover
from nianbao.store.disk import with_sums
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
    publish(empty, KEY, with_sums([ExportedFile("report.html", b"one"), ExportedFile("old.txt", b"")]))
    publish(empty, KEY, files("one"))
    assert not (empty.output_of(KEY) / "old.txt").exists()


def test_without_an_exchange_in_one_step_the_new_report_takes_the_place_too(
    empty: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "exchanged", lambda _one, _other: False)
    publish(empty, KEY, files("one"))
    publish(empty, KEY, files("two"))
    assert read(empty) == "two"
    assert [path.name for path in empty.output_of(KEY).parent.iterdir()] == ["2023"]


def test_a_run_killed_between_the_two_renamings_is_mended_by_the_next(
    empty: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "exchanged", lambda _one, _other: False)
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
    assert [path.read_text() for path in kept(empty).values()] == ["not a folder"]


def kept(project: Project) -> dict[str, Path]:
    """What was kept of people's files, by name, without the folder that is named by the time."""
    base = project.kept_of(KEY)
    found = (path for path in base.rglob("*") if path.is_symlink() or path.is_file())
    return {"/".join(path.relative_to(base).parts[1:]): path for path in found}


def test_files_of_people_are_kept_aside_and_named(empty: Project) -> None:
    publish(empty, KEY, files("one"))
    folder = empty.output_of(KEY)
    (folder / "report.html").write_text("one, edited by hand")
    (folder / "盖章扫描件.pdf").write_bytes(b"signed")
    (folder / "notes").mkdir()
    (folder / "notes" / "call.txt").write_text("by telephone")
    (folder / "link").symlink_to("/nowhere")
    done = publish(empty, KEY, files("two"))
    assert read(empty) == "two"
    assert kept(empty).keys() == {"report.html", "盖章扫描件.pdf", "notes/call.txt", "link"}
    assert kept(empty)["report.html"].read_text() == "one, edited by hand"
    assert sorted(done.kept) == sorted(empty.relative(path) for path in kept(empty).values())
    # What this run has written is no one's but its own.
    assert publish(empty, KEY, files("three")).kept == ()


def test_nothing_is_moved_where_nothing_changes(empty: Project) -> None:
    publish(empty, KEY, files("one"))
    signed = empty.output_of(KEY) / "盖章扫描件.pdf"
    signed.write_bytes(b"signed")
    assert not publish(empty, KEY, files("one")).changed
    assert signed.exists()
    assert kept(empty) == {}


def test_a_link_in_the_place_of_the_report_is_kept_and_not_followed(empty: Project, tmp_path: Path) -> None:
    target = empty.output_of(KEY)
    target.parent.mkdir(parents=True)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "sea.jpg").write_bytes(b"sea")
    target.symlink_to(tmp_path / "photos", target_is_directory=True)
    publish(empty, KEY, files("one"))
    assert read(empty) == "one"
    assert (tmp_path / "photos" / "sea.jpg").exists()
    (link,) = (path for path in empty.kept_of(KEY).rglob("*") if path.is_symlink())
    assert link.name == "2023"


def test_what_a_killed_run_had_swapped_out_is_kept_by_the_next(empty: Project) -> None:
    publish(empty, KEY, files("one"))
    target = empty.output_of(KEY)
    left = target.with_name(".2023-old-abc")
    left.mkdir()
    (left / "SHA256SUMS").write_text("")
    (left / "盖章扫描件.pdf").write_bytes(b"signed")
    (target.with_name(".2023-new-def")).mkdir()
    (target.with_name(".2023-new-def") / "report.html").write_text("half")
    assert len(recover(empty, KEY)) == 1
    assert kept(empty).keys() == {"盖章扫描件.pdf"}
    assert sorted(path.name for path in target.parent.iterdir()) == ["2023", "2023-另存"]


def test_a_folder_that_may_not_be_written_leaves_nothing_behind(empty: Project) -> None:
    publish(empty, KEY, files("one"))
    target = empty.output_of(KEY)
    (target / "own.txt").write_text("mine")
    target.chmod(0o555)
    publish(empty, KEY, files("two"))
    assert read(empty) == "two"
    assert kept(empty).keys() == {"own.txt"}
    assert sorted(path.name for path in target.parent.iterdir()) == ["2023", "2023-另存"]


def test_a_mount_point_in_the_place_of_the_report_is_said_to_be_one(
    empty: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(empty, KEY, files("one"))
    target, rename = empty.output_of(KEY), Path.rename

    def busy(self: Path, to: Path) -> Path:
        if self == target:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(self))
        return rename(self, to)

    monkeypatch.setattr(module, "exchanged", lambda _one, _other: False)
    monkeypatch.setattr(Path, "rename", busy)
    with pytest.raises(NianbaoError, match="mount outputs/ itself"):
        publish(empty, KEY, files("two"))
    assert read(empty) == "one"
    assert [path.name for path in target.parent.iterdir()] == ["2023"]


def test_a_draft_has_a_place_and_names_of_its_own(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nianbao.runs.run, "run_section", sabotage.fake_section)

    def make(*, draft: bool) -> Path:
        options = Options(("html",), draft=draft, store=False)
        return make_report(project, KEY, options, sabotage.Checked(), lambda _step, _why: None)[0].folder

    final = make(draft=False)
    before = {path.name: path.read_bytes() for path in final.iterdir() if path.is_file()}
    draft = make(draft=True)
    assert draft.name == "2023-草稿"
    assert (draft / "report-草稿.html").is_file()
    assert not (draft / "report.html").exists()
    assert {path.name: path.read_bytes() for path in final.iterdir() if path.is_file()} == before


def test_formats_that_are_there_stay_and_are_of_the_same_state(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nianbao.runs.run, "run_section", sabotage.fake_section)
    monkeypatch.setattr(nianbao.export, "export", sabotage.fake_export)

    def made(*formats: str) -> dict[str, bytes]:
        options = Options(formats, store=False)
        folder = make_report(project, KEY, options, sabotage.Checked(), lambda _step, _why: None)[0].folder
        assert sabotage.state(project.root)["whole"]
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    first = made("html", "pdf")
    assert made("html") == first
    text = project.root / sabotage.TEXT
    text.write_text(text.read_text(encoding="utf-8") + "\n又一段。\n", encoding="utf-8")
    changed = made("html")
    assert changed.keys() == first.keys()
    assert changed["report.pdf"] != first["report.pdf"]


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
