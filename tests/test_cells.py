from __future__ import annotations

from decimal import Decimal

import pytest

from nianbao.form.cells import BLANK, CellKind, State, Value, number, parse


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("12", 12),
        ("１２", 12),
        ("1,808,595", 1808595),
        ("12件", 12),
        (" 12 ", 12),
        ("　0　", 0),
        ("-3", -3),
        ("−3", -3),
    ],
)
def test_numbers_are_read_however_they_are_typed(printed: str, value: int) -> None:
    assert parse(printed).number == value
    assert parse(printed).state is State.NUMBER


@pytest.mark.parametrize("printed", ["", "   ", "　", None])
def test_an_empty_cell_is_blank_and_never_zero(printed: str | None) -> None:
    assert parse(printed) == BLANK
    assert parse(printed).number is None


@pytest.mark.parametrize("printed", ["/", "-", "—", "－", "无", "不适用", " / "])
def test_a_sign_for_not_applicable_is_neither_blank_nor_text(printed: str) -> None:
    assert parse(printed).state is State.NOT_APPLICABLE
    assert parse(printed).json == "NA"


def test_money_is_kept_exactly_as_given() -> None:
    value = parse("18.8710", CellKind.MONEY)
    assert value.number == Decimal("18.8710")
    assert value.printed == "18.8710"
    assert parse("59237.2449万元", CellKind.MONEY).number == Decimal("59237.2449")


@pytest.mark.parametrize(("printed", "value"), [("减4", -4), ("+4", 4), ("-4", -4), ("增3", 3), ("0", 0)])
def test_a_change_has_a_sign_and_keeps_its_print(printed: str, value: int) -> None:
    read = parse(printed, CellKind.CHANGE)
    assert read.number == value
    assert read.printed == printed


@pytest.mark.parametrize(
    ("printed", "amount"), [("251000元", 251000), ("240万元", 240), ("0", 0), ("3.5亿元", Decimal("3.5"))]
)
def test_an_amount_with_a_unit_of_its_own_keeps_the_unit(printed: str, amount: int | Decimal) -> None:
    read = parse(printed, CellKind.MONEY_ANY_UNIT)
    assert read.number == amount
    assert read.printed == printed
    assert read.json == (printed if printed.endswith("元") else amount)


def test_a_decimal_count_is_a_number_for_the_checks_to_refuse() -> None:
    assert parse("3.5").number == Decimal("3.5")


@pytest.mark.parametrize("printed", ["约12", "12-14", "abc", "十二", "1 2", "12元整"])
def test_anything_else_is_text_as_found(printed: str) -> None:
    assert parse(printed) == Value(State.TEXT, printed)


def test_json_keeps_the_four_states_apart() -> None:
    assert [number(0).json, BLANK.json, parse("/").json, parse("x").json] == [0, None, "NA", "x"]
