"""Sketches of texts of any length, and the passages that two texts share."""

from __future__ import annotations

import time

from checks.generate import CITY, office_year
from nianbao.checks.text.alike import clauses, passages, sketch_of


def test_a_clause_of_any_length_is_sketched() -> None:
    report = office_year({}, office=CITY, texts={"overview": "字" * 70_000})
    assert list(sketch_of(report).sizes) == [70_000]


def test_passages_of_many_lines_cost_little_more_than_their_length() -> None:
    text = "逐项梳理群众来电来访反映的办事难点。\n" * 20_000
    mine = list(clauses(text))
    start = time.process_time()
    assert passages(text, mine, {mine[0].code}) == ["逐项梳理群众来电来访反映的办事难点"]
    assert time.process_time() - start < 2
