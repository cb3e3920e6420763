from __future__ import annotations

import gc
from importlib import import_module
from pathlib import Path

import pytest

from nianbao.garbage import not_collected


@pytest.mark.parametrize("enabled", [True, False])
def test_collections_are_as_they_were_after_an_import_that_fails(*, enabled: bool) -> None:
    def fail() -> None:
        with not_collected():
            assert not gc.isenabled()
            raise ImportError

    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        with pytest.raises(ImportError):
            fail()
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()


@pytest.mark.parametrize("frozen", [False, True])
def test_what_was_imported_is_not_looked_through_by_the_next_collection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, frozen: bool
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / f"made_{frozen}.py").write_text(f"made = [[] for _ in range({gc.get_threshold()[0] + 1000})]")
    gc.unfreeze()  # whatever tests before this one have frozen
    gc.enable()
    try:
        if frozen:
            gc.freeze()
        with not_collected():
            made = import_module(f"made_{frozen}").made
        assert gc.get_count()[0] < len(made)
        assert any(each is made for each in gc.get_objects(generation=2)) is not frozen
        assert (gc.get_freeze_count() > 0) is frozen
    finally:
        gc.unfreeze()


def test_garbage_is_not_old_where_nothing_was_imported() -> None:
    with not_collected():
        young: list[object] = []
    assert not any(each is young for each in gc.get_objects(generation=2))
