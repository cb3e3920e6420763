from __future__ import annotations

import gc

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


def test_what_was_imported_is_not_looked_through_by_the_next_collection() -> None:
    gc.collect()
    with not_collected():
        imported = [[] for _ in range(gc.get_threshold()[0] + 1000)]
    assert gc.get_count()[0] < len(imported)
    assert any(each is imported for each in gc.get_objects(generation=2))
    imported.append(imported)  # type: ignore[arg-type]
    del imported
    assert gc.collect() >= 1
