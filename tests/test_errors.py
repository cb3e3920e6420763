from __future__ import annotations

import pickle

from nianbao.errors import ExitCode, InputError, NianbaoError, UnknownNameError, nearest


def test_a_message_says_what_where_and_what_next() -> None:
    error = InputError("is missing", where="data/a.csv", hint="make it")
    assert str(error) == "data/a.csv: is missing\n  make it"
    assert error.exit_code is ExitCode.FINDINGS


def test_an_unknown_name_lists_the_known_ones_with_the_nearest_first() -> None:
    error = UnknownNameError("office", "panzhihau", ["shili", "panzhihua"])
    assert "did you mean 'panzhihua'?" in str(error)
    assert "known: panzhihua, shili" in str(error)
    assert error.exit_code is ExitCode.USAGE


def test_errors_survive_the_way_between_processes() -> None:
    for error in (NianbaoError("x", where="y", hint="z"), UnknownNameError("office", "a", ["b"], where="w")):
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 -- made one line above
        assert type(copy) is type(error)
        assert str(copy) == str(error)


def test_nothing_is_near_a_word_unlike_all_others() -> None:
    assert nearest("zzz", ["new", "total"]) is None
