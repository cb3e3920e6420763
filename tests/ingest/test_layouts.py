from __future__ import annotations

import random

import pytest

from ingest.damage import TEXT_LAYOUTS, Report, chance_of, grids, report, rows_of, text_of
from nianbao.form import EDITIONS, CellRef
from nianbao.form.cells import State, parse
from nianbao.ingest import GapKind, Ingested
from nianbao.ingest.read import read_bytes

# Layouts that keep every border: nothing may be missing from an undamaged report in them.
BORDERED = ("tabs", "pipes", "both_pipes", "html")


def ingest(content: str, name: str = "report.txt") -> Ingested:
    return read_bytes(content.encode(), name)[0]


def wrong(found: Ingested, made: Report) -> list[str]:
    return [
        f"{ref}: read {cell.value.printed!r}, printed {made.values[ref].printed!r}"
        for ref, cell in found.cells.items()
        if (cell.value.state, cell.value.number) != (made.values[ref].state, made.values[ref].number)
    ]


def damaged(made: Report, chance: random.Random) -> str:
    """Lines lost, equal lines removed, half-width marks, traditional characters, the end cut off."""
    text = made.content
    if chance.random() < 0.25:
        from opencc import OpenCC

        text = OpenCC(chance.choice(("s2twp", "s2t", "s2hk"))).convert(text)
    if chance.random() < 0.3:
        text = text.translate(str.maketrans("（），：．", "(),:."))
    lines = text.split("\n")
    if made.kind == "txt" and chance.random() < 0.3:
        del lines[chance.randrange(len(lines))]
    if made.kind == "txt" and chance.random() < 0.1:
        lines = [line for line, above in zip(lines, [None, *lines], strict=False) if line != above]
    text = "\n".join(lines)
    return text[: chance.randrange(len(text))] if chance.random() < 0.4 else text


@pytest.mark.parametrize("style", [*TEXT_LAYOUTS, "html"])
def test_an_undamaged_report_is_read_whole_or_its_gaps_are_named(style: str) -> None:
    for seed in range(12):
        made = report(chance_of(f"{style}{seed}"), style, blanks=False)
        found = ingest(made.content)
        assert wrong(found, made) == []
        assert found.edition == made.edition.code
        named = {ref for gap in found.gaps for ref in gap.cells}
        assert {ref for ref in made.values if ref not in found.cells} <= named
        if style != "glued":
            assert len(found.cells) == len(made.values)


@pytest.mark.parametrize("style", BORDERED)
def test_blanks_are_kept_apart_from_zeros_where_the_borders_show_them(style: str) -> None:
    seen = right = 0
    for seed in range(12):
        made = report(chance_of(f"{style} blanks {seed}"), style)
        found = ingest(made.content)
        assert wrong(found, made) == []
        seen += len(made.values)
        right += len(found.cells)
    assert right >= 0.99 * seen


@pytest.mark.parametrize("seeds", [range(5), pytest.param(range(5, 25), marks=pytest.mark.slow)], ids=["few", "many"])
@pytest.mark.parametrize("style", [*TEXT_LAYOUTS, "html"])
def test_a_damaged_report_yields_right_values_or_none(style: str, seeds: range) -> None:
    for seed in seeds:
        chance = chance_of(f"{style} damaged {seed}")
        made = report(chance, style, blanks=False)
        found = ingest(damaged(made, chance))
        assert wrong(found, made) == [], f"{style} {seed}"
        assert found.edition in {made.edition.code, None}


def test_labels_broken_over_lines_and_page_numbers_between_them_do_no_harm() -> None:
    for seed in range(12):
        chance = chance_of(seed)
        made = report(chance, "cell_a_line", blanks=False)
        lines: list[str] = []
        for number, line in enumerate(made.content.split("\n")):
            breakable = len(line) > 8 and not line[0].isdigit() and "。" not in line and "年" not in line
            cut = chance.randint(3, len(line) - 2) if breakable and line[0] not in "一二三四五六" else len(line)
            lines += [line[:cut], line[cut:]] if cut < len(line) else [line]
            if number % 15 == 14:
                lines += ["", f"－{number // 15}－", ""]
        found = ingest("\n".join(lines))
        assert wrong(found, made) == []
        assert len(found.cells) == len(made.values)


def test_values_that_stand_in_the_middle_of_their_label_belong_to_it() -> None:
    made = report(chance_of(3), "spaces", "2021", blanks=False)
    label = made.edition.table("applications").rows["other_not_corrected"].label
    lines = []
    for line in made.content.split("\n"):
        before, found, values = line.partition(label)
        lines += [f"{before}{label[:14]}{values}", label[14:]] if found else [line]
    found_report = ingest("\n".join(lines))
    assert wrong(found_report, made) == []
    assert len(found_report.cells) == len(made.values)


@pytest.mark.parametrize(
    ("glued", "expected"),
    [
        ("000", [0, 0, 0]),
        ("1000", [10, 0, 0]),
        ("025", [0, 2, 5]),
        ("2011", None),
        ("12", None),
        ("00", None),
        ("1234567", None),
    ],
)
def test_glued_digits_are_split_only_where_one_split_is_possible(glued: str, expected: list[int] | None) -> None:
    text = (
        "二、主动公开政府信息情况\n第二十条第（一）项\n信息内容本年制发件数本年废止件数现行有效件数\n"
        f"规章{glued}\n行政规范性文件000\n三、收到和处理政府信息公开申请情况\n"
    )
    found = ingest(text)
    columns = ("made", "repealed", "in_force")
    values = [found.cells.get(CellRef("proactive", "regulations", column)) for column in columns]
    if expected is None:
        assert values == [None] * 3
        assert any(gap.what in {GapKind.GLUED, GapKind.UNCLEAR} and gap.row == "regulations" for gap in found.gaps)
    else:
        assert [cell.value.number if cell else None for cell in values] == expected


def table_text(edition: str, table: str, printed: str = "7") -> list[list[str]]:
    form = EDITIONS[edition]
    return rows_of(grids(form, dict.fromkeys(form.cells, parse(printed)))[table], "none")


def page(edition: str, rows: list[list[str]]) -> str:
    return "\n".join(["二、主动公开政府信息情况", *text_of(rows, "tabs"), "三、收到和处理政府信息公开申请情况", ""])


def test_heads_in_another_order_move_the_values_with_them() -> None:
    rows = table_text("2021", "proactive")
    rows[1][1], rows[1][2] = rows[1][2], rows[1][1]
    rows[2] = ["规章", "5", "3", "9"]
    found = ingest(page("2021", rows))
    read = {ref.column: cell.value.number for ref, cell in found.cells.items() if ref.row == "regulations"}
    assert read == {"repealed": 5, "made": 3, "in_force": 9}


def test_one_cell_that_names_two_rows_gives_its_values_to_neither() -> None:
    rows = [row for row in table_text("2021", "proactive") if row[0] != "行政处罚"]
    merged = [["行政处罚、行政强制", *row[1:]] if row[0] == "行政强制" else row for row in rows]
    found = ingest(page("2021", merged))
    assert not {ref.row for ref in found.cells} & {"penalties", "coercive_measures"}


def test_a_lost_label_between_two_that_are_there_leaves_one_reading() -> None:
    rows = [["", *row[1:]] if row[0] == "行政处罚" else row for row in table_text("2021", "proactive")]
    found = ingest(page("2021", rows))
    assert found.cells[CellRef("proactive", "penalties", "decisions")].value.number == 7


def test_the_2019_form_is_told_by_its_heads_whatever_the_year() -> None:
    text = "示例县虚构局2022年政府信息公开工作年度报告\n" + page("2019", table_text("2019", "proactive"))
    found = ingest(text)
    assert (found.year, found.edition) == (2022, "2019")


def test_a_row_that_names_2019_wording_in_the_2021_form_is_still_2021() -> None:
    rows = [["规范性文件", *row[1:]] if row[0] == "行政规范性文件" else row for row in table_text("2021", "proactive")]
    found = ingest(page("2021", rows))
    assert found.edition == "2021"
    assert found.cells[CellRef("proactive", "normative_documents", "in_force")].value.number == 7


def test_signs_units_and_words_in_cells_are_kept_apart() -> None:
    rows = table_text("2021", "proactive")
    rows[2] = ["规章（县级无此项）", "/", "", "12件"]
    rows[3] = ["行政规范性文件", "约3", "1,024", "－"]
    found = ingest(page("2021", rows))
    states = {(ref.row, ref.column): cell.value for ref, cell in found.cells.items()}
    assert states["regulations", "made"].state is State.NOT_APPLICABLE
    assert states["regulations", "repealed"].state is State.BLANK
    assert states["regulations", "in_force"].number == 12
    assert states["normative_documents", "made"].state is State.TEXT
    assert states["normative_documents", "repealed"].number == 1024
    assert states["normative_documents", "in_force"].state is State.NOT_APPLICABLE


def test_tables_given_as_pictures_are_named_and_their_file_names_are_no_values() -> None:
    text = (
        "示例分局\n2022年政府信息公开工作年度报告\n一、总体情况\n文字。\n二、主动公开政府信息情况\n1675000000000\n"
        "三、收到和处理政府信息公开申请情况\nd5b5f316b2d8c8b60cedb05304d00000\n"
        "四、政府信息公开行政复议、行政诉讼情况\n五、存在的主要问题及改进情况\n文字。\n"
    )
    found = ingest(text)
    assert not found.cells
    assert found.edition is None
    assert [gap.what for gap in found.gaps] == [GapKind.PICTURE, GapKind.PICTURE, GapKind.LOST]


def test_a_number_at_which_the_document_ends_may_be_longer_and_is_left_out() -> None:
    text = page("2021", table_text("2021", "proactive")[:5]).split("\n三、")[0] + "\t12"
    text = text.replace("行政许可\t12", "行政许可").rstrip()
    ended = text.rsplit("\n", 1)[0] + "\n第二十条第（五）项\n信息内容\t本年处理决定数量\n行政许可\t12"
    found = ingest(ended)
    assert CellRef("proactive", "licences", "decisions") not in found.cells
    assert any(gap.what is GapKind.CUT for gap in found.gaps)


def test_every_value_says_where_it_was_read() -> None:
    found = ingest(page("2021", table_text("2021", "proactive")), "来稿.txt")
    cell = found.cells[CellRef("proactive", "regulations", "made")]
    assert str(cell.source) == "来稿.txt:4"
