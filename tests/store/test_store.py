from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.store import StepKey, Store, file_digest
from nianbao.store.disk import file_mode

STEP = StepKey(ReportKey("shili", 2023), "section 03_applications")


def now(name: str) -> str:
    return {"a.csv": "1"}.get(name, "absent")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    kept = Store(tmp_path / "store")
    kept.keep(STEP, {"package pandas": "3"}, b"result", {"a.csv": "1"})
    return kept


def test_an_unchanged_step_gives_its_result(store: Store) -> None:
    recalled = store.recall(STEP, {"package pandas": "3"}, now)
    assert recalled.content == b"result"
    assert recalled.reads == {"a.csv": "1"}


def test_a_step_never_run_says_so(store: Store) -> None:
    assert store.recall(StepKey(STEP.key, "stitch"), {}, now).reasons == ("first run",)


def test_changes_are_named(store: Store) -> None:
    assert store.recall(STEP, {"package pandas": "4"}, now).reasons == ("changed: package pandas",)
    assert store.recall(STEP, {"package pandas": "3"}, lambda _: "2").reasons == ("changed: a.csv",)
    assert store.recall(STEP, {"package pandas": "3"}, lambda _: "absent").reasons == ("gone: a.csv",)
    assert store.recall(STEP, {"package pandas": "3", "x": "1"}, now).reasons == ("new: x",)


def test_variants_are_kept_apart(store: Store) -> None:
    assert store.recall(StepKey(STEP.key, STEP.name, "draft"), {"package pandas": "3"}, now).content is None


def entry_of(store: Store) -> Path:
    (entry,) = (path for path in (store.root / "steps").rglob("*") if path.is_file())
    return entry


def test_a_damaged_result_is_rebuilt_and_never_used(store: Store) -> None:
    entry = entry_of(store)
    entry.write_bytes(entry.read_bytes()[:-1] + b"T")
    assert store.recall(STEP, {"package pandas": "3"}, now).reasons == ("the stored result is damaged",)
    assert not entry.exists()


def test_a_folder_in_the_place_of_an_entry_is_damage_that_heals(store: Store) -> None:
    entry = entry_of(store)
    entry.unlink()
    entry.mkdir()
    (entry / "left").touch()
    assert store.recall(STEP, {"package pandas": "3"}, now).reasons == ("first run",)
    store.keep(STEP, {"package pandas": "3"}, b"result", {"a.csv": "1"})
    assert store.recall(STEP, {"package pandas": "3"}, now).content == b"result"


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo\r\n\x00", "政府信息公开".encode()])
def test_any_bytes_are_kept_as_they_are(store: Store, content: bytes) -> None:
    store.keep(STEP, {}, content, {})
    assert store.recall(STEP, {}, now).content == content


def test_a_folder_in_the_store_does_not_keep_it_from_being_tidied(store: Store) -> None:
    strange = store.root / "steps" / "shili" / "folder"
    strange.mkdir(parents=True)
    os.utime(strange, (1, 1))
    store.limit = 0
    assert store.tidy() == 1
    assert store.recall(STEP, {"package pandas": "3"}, now).content is None


def test_only_what_a_store_has_written_is_dropped_and_no_link_is_followed(store: Store, tmp_path: Path) -> None:
    """The store may be a link to a folder in which other things lie."""
    photos = tmp_path / "photos"
    (photos / "2023").mkdir(parents=True)
    (photos / "2023" / "sea.jpg").write_bytes(b"sea")
    (store.root / "notes.txt").write_text("not ours")
    foreign = store.root / "steps" / "shili" / "2023" / "official" / "mine.txt"
    foreign.write_text("not ours either")
    (store.root / "steps" / "shili" / "2023" / "photos").symlink_to(photos / "2023")
    (tmp_path / "link").symlink_to(store.root)
    linked = Store(tmp_path / "link", limit=0)
    assert linked.tidy() == 1
    assert (photos / "2023" / "sea.jpg").read_bytes() == b"sea"
    assert (store.root / "notes.txt").exists()
    assert foreign.read_text() == "not ours either"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": 3}',
        b'{"format": 2, "parts": {}, "reads": [], "result": "x"}',
        b'{"format": 3, "parts": {}, "reads": [null], "result": "x"}',
        b'{"format": 3, "parts": {}, "reads": ["a\\u0000b"], "result": "x"}',
        b'{"format": 3, "parts": {}, "reads": ["a\\ud800b/"], "result": "x"}',
        b'{"format": 3, "parts": {}, "reads": ["/proc/self/mem"], "result": "x"}',
        b'{"format": 3, "parts": {}, "reads": ["../../secret"], "result": "x"}',
        b'{"format": 3, "parts": {}, "reads": ["' + b"n" * 5000 + b'"], "result": "x"}',
        b"[" * 50_000,
    ],
)
def test_a_damaged_record_is_as_if_there_were_none(store: Store, content: bytes) -> None:
    entry_of(store).write_bytes(content + b"\nresult")
    assert store.recall(STEP, {}, now).reasons == ("first run",)


def test_a_name_that_no_file_can_have_is_a_reason_to_run(store: Store, project: Project) -> None:
    store.keep(STEP, {}, b"result", {"data/\udcff.csv": "1", "n" * 300: "1"})
    recalled = store.recall(STEP, {}, partial(file_digest, project))
    assert recalled.content is None
    assert len(recalled.reasons) == 2


def test_results_keep_the_mode_of_the_folder_that_is_shared(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    kept = Store(shared / ".nianbao" / "store")
    kept.keep(STEP, {}, b"result", {})
    entry = entry_of(kept)
    assert entry.stat().st_mode & 0o777 == 0o666
    assert {parent.stat().st_mode & 0o777 for parent in list(entry.parents)[:6]} == {0o777}


def test_a_store_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file in the way")
    kept = Store(tmp_path / "store")
    kept.keep(STEP, {}, b"x", {})
    assert kept.recall(STEP, {}, now).content is None


def test_what_was_used_longest_ago_goes_first(store: Store) -> None:
    for index, content in enumerate((b"x" * 100, b"y" * 100)):
        store.keep(StepKey(STEP.key, f"export {index}"), {}, content, {})
        (path,) = store.root.rglob(f"export-{index}")
        os.utime(path, (1000 + index, 1000 + index))
    small = Store(store.root, limit=sum(path.stat().st_size for path in store.root.rglob("*") if path.is_file()) - 1)
    assert small.tidy() == 1
    assert small.recall(StepKey(STEP.key, "export 0"), {}, now).content is None
    assert small.recall(StepKey(STEP.key, "export 1"), {}, now).content == b"y" * 100


def test_what_a_killed_run_began_to_write_is_dropped_when_it_is_old(store: Store) -> None:
    old, new = entry_of(store).with_name(".aside-old"), entry_of(store).with_name(".aside-new")
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    store.tidy()
    assert not old.exists()
    assert new.exists()
    assert store.recall(STEP, {"package pandas": "3"}, now).content == b"result"


def test_tidying_is_done_once_an_hour(store: Store) -> None:
    old = entry_of(store).with_name(".aside-old")

    def litter() -> None:
        old.write_bytes(b"half")
        os.utime(old, (0, 0))

    litter()
    store.tidy_if_due()
    assert not old.exists()
    litter()
    store.tidy_if_due()
    assert old.exists()
    os.utime(store.root / "tidied", (0, 0))
    store.tidy_if_due()
    assert not old.exists()


def test_a_new_files_owner_may_write_it_in_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    assert file_mode(tmp_path) == 0o644
