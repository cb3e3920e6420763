"""Imports that are put off: not loaded until used, then whole; and what that leaves out of a run of the checks."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from nianbao.put_off import left_out, put_off, replaced


@pytest.fixture
def heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a module that notes when it is loaded, in the folder's file "loaded"."""
    (tmp_path / "made_heavy.py").write_text(
        f"with open({str(tmp_path / 'loaded')!r}, 'a') as file:\n    file.write('x')\nvalue = 7\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "made_heavy", raising=False)
    return "made_heavy"


def test_a_module_that_is_put_off_is_loaded_once_and_when_it_is_used(tmp_path: Path, heavy: str) -> None:
    with put_off(heavy):
        import made_heavy  # type: ignore[import-not-found]
    import made_heavy as again

    assert not (tmp_path / "loaded").exists()
    assert again.value == 7
    assert made_heavy is again
    from made_heavy import value

    assert (value, (tmp_path / "loaded").read_text()) == (7, "x")


def test_what_is_only_called_can_be_imported_by_name_without_loading(tmp_path: Path, heavy: str) -> None:
    with (tmp_path / "made_heavy.py").open("a") as file:
        file.write("def double(n):\n    return 2 * n\nclass Pair(list):\n    pass\n")
    with put_off(called={heavy: ("double", "Pair")}):
        from made_heavy import Pair, double  # type: ignore[import-not-found]
    from made_heavy import double as again

    assert again is double
    assert not (tmp_path / "loaded").exists()
    assert double(4) == 8
    pair = Pair([1, 2])
    import made_heavy

    # Loaded, it has its own.
    assert made_heavy.double is not double
    assert type(pair) is made_heavy.Pair
    assert ((tmp_path / "loaded").read_text(), pair) == ("x", [1, 2])


def test_any_other_name_of_a_module_that_is_put_off_loads_it(tmp_path: Path, heavy: str) -> None:
    with put_off(called={heavy: ("double",)}):
        from made_heavy import value  # type: ignore[import-not-found]

        assert ((tmp_path / "loaded").read_text(), value) == ("x", 7)
        with pytest.raises(ImportError, match="double"):
            from made_heavy import double  # noqa: F401


def test_what_is_called_but_not_there_is_missed_when_it_is_called(heavy: str) -> None:
    with put_off(called={heavy: ("double",)}):
        from made_heavy import double  # type: ignore[import-not-found]
    with pytest.raises(KeyError, match="double"):
        double(4)


def test_after_the_block_imports_are_as_ever(tmp_path: Path, heavy: str) -> None:
    with put_off(heavy):
        pass
    __import__(heavy)
    assert (tmp_path / "loaded").exists()


def test_a_module_that_is_not_there_is_missed_at_once() -> None:
    with put_off("no_such_module"), pytest.raises(ModuleNotFoundError):
        __import__("no_such_module")


def test_what_is_left_out_is_missed_in_the_block_alone(tmp_path: Path, heavy: str) -> None:
    with left_out(heavy), pytest.raises(ModuleNotFoundError, match="left out"):
        __import__(heavy)
    assert not (tmp_path / "loaded").exists()
    __import__(heavy)
    assert (tmp_path / "loaded").exists()


def test_a_function_is_replaced_in_the_block_alone_even_where_that_fails() -> None:
    module = ModuleType("library")
    module.read = original = len  # type: ignore[attr-defined]

    def fail() -> None:
        with replaced(module, "read", lambda read: lambda text: -read(text)):
            assert module.read("four") == -4
            raise ImportError

    with pytest.raises(ImportError):
        fail()
    assert module.read is original
