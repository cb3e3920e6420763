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
