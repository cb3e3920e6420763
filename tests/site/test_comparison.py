"""Reports side by side: every difference is listed once, none is made up, and what cannot be told is said."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.cli.site import compare
from nianbao.errors import UsageError
from nianbao.errors.language import told_in
from nianbao.export.markdown import blocks_of_markdown
from nianbao.form import EDITIONS, CellRef
from nianbao.form.cells import BLANK, NOT_APPLICABLE, CellKind, State, Value, number, parse
from nianbao.model import Figure, ReportKey, Source
from nianbao.paths import Project
from nianbao.site.comparison.compare import alike_texts, compare_offices, compare_years, comparison
from nianbao.site.comparison.page import as_page, body
from nianbao.site.comparison.tables import compared_figures, compared_tables
from nianbao.site.comparison.values import Fate, Kind, Line, ReportSide, SentencePair
from nianbao.site.comparison.words import changed_words, compare_sentences, sentences_of, split_sentences
from nianbao.site.comparison.workbook import as_workbook

FORM = EDITIONS["2021"].cells
REFS = sorted(FORM)


def side(
    cells: Mapping[CellRef, Value],
    *,
    year: int = 2023,
    edition: str = "2021",
    words: Sequence[str] = (),
    figures: Mapping[str, Figure] | None = None,
) -> ReportSide:
    return ReportSide(
        ReportKey("zhencheng", year), "真城市档案局", edition, cells, {"overview": tuple(words)}, figures or {}
    )


def lines_of(before: ReportSide, after: ReportSide) -> dict[str, Line]:
    return {line.code: line for table in compared_tables([before, after]) for line in table.lines}


def count(key: str, value: int, unit: str = "条") -> Figure:
    return Figure(key, key, number(value), unit, "", Source("figures.csv"))


EDITS = st.one_of(
    st.integers(0, 999_999).map(number),
    st.decimals(0, 10**6, places=4, allow_nan=False).map(number),
    st.sampled_from([BLANK, NOT_APPLICABLE, parse("若干")]),
)


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(st.sampled_from(REFS), EDITS, max_size=30),
    st.dictionaries(st.sampled_from(REFS), EDITS, max_size=12),
)
def test_every_cell_that_was_changed_is_listed_once_and_no_other(
    start: dict[CellRef, Value], edits: dict[CellRef, Value]
) -> None:
    before = {ref: start.get(ref, number(7)) for ref in REFS}
    after = before | edits
    found = [line for table in compared_tables([side(before), side(after)]) for line in table.lines if line.differs]
    wanted = [ref for ref in REFS if not _is_same(before[ref], after[ref])]
    assert sorted(line.code for line in found) == sorted(map(str, wanted))
    for line in found:
        ref = CellRef(*line.code.split("."))
        (change,) = line.differences
        if before[ref].number is None or after[ref].number is None:
            assert change.kind is Kind.UNKNOWN
            assert change.amount is change.rate is None
        else:
            assert change.amount == after[ref].number - before[ref].number  # type: ignore[operator]


def _is_same(one: Value, other: Value) -> bool:
    return one.state is other.state and one.number == other.number


def test_differences_are_exact_and_a_rate_from_zero_is_not_told() -> None:
    fees, made = CellRef("proactive", "fees", "amount"), CellRef("proactive", "regulations", "made")
    before = {fees: parse("59237.2449", CellKind.MONEY), made: number(0)}
    after = {fees: parse("59237.2452", CellKind.MONEY), made: number(3)}
    found = lines_of(side(before), side(after))
    change = found[str(fees)].differences[0]
    assert change.amount == Decimal("0.0003")
    assert (change.shown, change.shown_rate) == ("+0.0003", "0%")
    change = found[str(made)].differences[0]
    assert (change.shown, change.shown_rate) == ("+3", "—")


def test_a_blank_is_a_dash_and_never_zero() -> None:
    ref = CellRef("applications", "new", "research")
    line = lines_of(side({ref: BLANK}), side({ref: number(0)}))[str(ref)]
    assert [value.shown for value in line.values] == ["—", "0"]
    assert line.differs
    assert (line.differences[0].shown, line.differences[0].shown_rate) == ("—", "—")


def test_the_row_that_the_later_edition_splits_is_compared_by_its_sum() -> None:
    parts = [row for row in EDITIONS["2021"].table("applications").rows if row.startswith("other_")]
    assert len(parts) == 3
    before = {CellRef("applications", "other", "total"): number(9)}
    after = {CellRef("applications", row, "total"): number(place) for place, row in enumerate(parts, start=2)}
    found = lines_of(side(before, year=2020, edition="2019"), side(after, year=2021))
    line = found["applications.other.total"]
    assert [value.shown for value in line.values] == ["9", "9＊"]
    assert line.differences[0].kind is Kind.SAME
    assert all(found[f"applications.{row}.total"].differences[0].kind is Kind.NOT_IN_FORM for row in parts)
    del after[CellRef("applications", parts[1], "total")]
    line = lines_of(side(before, year=2020, edition="2019"), side(after, year=2021))["applications.other.total"]
    assert line.values[1].value == BLANK
    assert line.differences[0].kind is Kind.UNKNOWN


def test_what_only_one_edition_has_is_named_and_never_compared() -> None:
    tables = compared_tables([side({}, year=2020, edition="2019"), side({}, year=2021)])
    proactive = next(table for table in tables if table.code == "proactive")
    both = EDITIONS["2019"].cells.keys() & FORM.keys()
    for line in proactive.lines:
        compared = line.differences[0].kind is not Kind.NOT_IN_FORM
        assert compared == (CellRef(*line.code.split(".")) in both)
    notes = "".join(told_in("zh", note) for note in proactive.notes)
    for word in (
        "政府集中采购（采购项目数量、采购总金额）",
        "对外公开总数量",
        "现行有效件数",
        "国办公开办函〔2019〕60号",
    ):
        assert word in notes
    assert not any(table.notes for table in compared_tables([side({}), side({}, year=2022)]))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("251000元", "260000元", "+9000元"),
        ("251000元", "26万元", "+0.9万元"),
        ("25.1万元", "251000元", "0"),
        ("25.1", "26.1", "+1.0"),
        ("25.1", "26.1万元", "—"),
    ],
)
def test_amounts_are_compared_in_one_unit_or_not_at_all(before: str, after: str, shown: str) -> None:
    ref = CellRef("proactive", "procurement", "amount")
    values = [{ref: parse(text, CellKind.MONEY_ANY_UNIT)} for text in (before, after)]
    one, other = (side(cells, year=2019 + place, edition="2019") for place, cells in enumerate(values))
    assert lines_of(one, other)[str(ref)].differences[0].shown == shown


def test_a_change_has_a_difference_and_no_rate() -> None:
    ref = CellRef("proactive", "licences", "change")
    one, other = (
        side({ref: parse(text, CellKind.CHANGE)}, year=2019 + place, edition="2019")
        for place, text in enumerate(("减4", "+4"))
    )
    change = lines_of(one, other)[str(ref)].differences[0]
    assert (change.amount, change.rate) == (8, None)


def test_counts_of_the_narrative_go_by_their_keys_and_units() -> None:
    before = side({}, figures={"website": count("website", 40), "app": count("app", 3), "gazette": count("gazette", 2)})
    after = side({}, figures={"website": count("website", 50), "app": count("app", 3, "期")})
    found = {line.code: line for line in compared_figures([before, after]).lines}
    assert found["website"].differences[0].rate == 25
    assert found["app"].differences[0].kind is Kind.UNKNOWN
    assert [value.shown for value in found["gazette"].values] == ["2", "—"]


OLD = (
    "（一）主动公开",
    "全年通过档案网公开信息312条。",
    "开放档案目录两批。",
    "举办开放日活动一次，接待市民二百人。",
    "与图书馆共建阅览角。",
    "社会反响良好。",
)
NEW = (
    "（一）主动公开",
    "开放档案目录两批。",
    "全年通过档案网和微信公开信息405条。",
    "社会反响良好。",
    "与图书馆共建阅览角。",
    "首次发布档案利用年度数据。",
)


def test_sentences_are_kept_moved_changed_new_or_gone_each_once() -> None:
    pairs = compare_sentences(OLD, NEW)
    fates = {pair.after or pair.before: pair.fate for pair in pairs}
    assert fates["全年通过档案网和微信公开信息405条。"] is Fate.CHANGED
    assert fates["举办开放日活动一次，接待市民二百人。"] is Fate.GONE
    assert fates["首次发布档案利用年度数据。"] is Fate.NEW
    assert {fates["社会反响良好。"], fates["与图书馆共建阅览角。"]} == {Fate.KEPT, Fate.MOVED}
    changed = next(pair for pair in pairs if pair.fate is Fate.CHANGED)
    assert [piece.text for piece in changed.pieces if piece.fate is Fate.GONE] == ["312"]
    assert [piece.text for piece in changed.pieces if piece.fate is Fate.NEW] == ["和微信", "405"]
    _whole(OLD, NEW, pairs)


SENTENCE = st.text(alphabet="公开信息条例12，", min_size=1, max_size=9).map(lambda text: f"{text}。")


@settings(deadline=None, max_examples=150)
@given(st.lists(SENTENCE, max_size=9), st.lists(SENTENCE, max_size=9))
def test_no_sentence_is_lost_or_made_up(before: list[str], after: list[str]) -> None:
    _whole(before, after, compare_sentences(before, after))


def _whole(before: Sequence[str], after: Sequence[str], pairs: Sequence[SentencePair]) -> None:
    assert [pair.after for pair in pairs if pair.after] == list(after)
    assert sorted(pair.before for pair in pairs if pair.before) == sorted(before)
    for pair in pairs:
        if pair.fate in {Fate.KEPT, Fate.MOVED}:
            assert pair.before == pair.after
        if pair.pieces:
            assert pair.before == "".join(piece.text for piece in pair.pieces if piece.fate is not Fate.NEW)
            assert pair.after == "".join(piece.text for piece in pair.pieces if piece.fate is not Fate.GONE)


def test_the_same_text_has_no_differences() -> None:
    assert {pair.fate for pair in compare_sentences(OLD, OLD)} == {Fate.KEPT}
    assert [piece.fate for piece in changed_words(OLD[1], OLD[1])] == [Fate.KEPT]


def test_sentences_end_with_their_stops_and_closing_marks() -> None:
    assert split_sentences("他说：“已经公开。”随后答复！\n其他") == ("他说：“已经公开。”", "随后答复！", "其他")


def test_a_table_that_a_narrative_has_is_compared_row_by_row() -> None:
    rows = ["| 平台 | 条数 |", "| --- | --- |", "| 门户网站 | 12 |", "| 政务新媒体 | 30 |"]
    assert list(sentences_of(blocks_of_markdown("\n".join(rows)))) == ["平台 条数", "门户网站 12", "政务新媒体 30"]


def test_years_come_with_history_and_both_editions_results_in_common_groups(repository: Project) -> None:
    found = compare_years(repository, "shili", 2021, 2020)
    assert [side.key.year for side in found.reports] == [2020, 2021]
    assert found.history is not None
    assert found.history.years == (2020, 2021, 2022, 2023)
    assert [row.label for row in found.history.results] == [
        "予以公开",
        "部分公开",
        "不予公开",
        "无法提供",
        "不予处理",
        "其他处理",
    ]
    assert {row.label: row.values for row in found.history.applicants}["自然人"] == (130, 165, 192, 234)


def test_the_page_needs_nothing_else_and_has_words_for_its_pictures(repository: Project) -> None:
    found = compare_years(repository, "shili", 2022, 2023)
    page = as_page(found).decode()
    assert page == as_page(found).decode()
    assert "<script" not in page
    assert 'src="' not in page
    assert page.count('role="img"') == 2
    assert "其他处理：2020年6件，2021年7件，2022年9件，2023年11件" in page
    assert '<tr><th scope="row">新收 · 自然人</th><td class="number">192</td><td class="number">234</td>' in page


def test_words_of_offices_are_escaped() -> None:
    found = comparison("offices", [side({}, words=["<b>甲</b>全年公开。"]), side({}, words=["&乙不同的一句话。"])])
    assert "<b>" not in body(found)
    assert "&lt;b&gt;甲&lt;/b&gt;全年公开" in body(found)


def test_the_workbook_holds_numbers_as_numbers(repository: Project) -> None:
    found = compare_years(repository, "shili", 2020, 2023)
    content = as_workbook(found)
    assert content == as_workbook(found)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert {"表二", "表三", "表四", "文字中的数据", "文字对比", "历年", "说明"} <= set(book.sheetnames)
    rows = {row[0]: row for row in book["表三"].iter_rows(values_only=True)}
    assert rows["applications.new.natural_person"][3:7] == (130, 234, 104, 80)
    assert rows["applications.other.total"][3:6] == (6, 11, 5)
    assert rows["applications.other_reasons.total"][3:6] == ("无此栏", 3, "—")


def test_offices_stand_beside_the_first_one(repository: Project) -> None:
    found = compare_offices(repository, 2023, ["shili", "pan*"])
    assert [side.key.office for side in found.reports] == ["shili", "panzhihua"]
    assert found.heads == ("示例市人民政府办公室", "攀枝花市人民政府办公室")
    assert found.history is None
    line = found.tables[1].lines[0]
    assert line.differences[0].amount == line.values[1].value.number - line.values[0].value.number  # type: ignore[union-attr, operator]


def run(project: Project, *words: str) -> str:
    result = CliRunner().invoke(compare, words, obj=project.root)
    if result.exception:
        raise result.exception
    return result.output


def test_the_command_prints_json_with_states_beside_values(repository: Project) -> None:
    found = json.loads(run(repository, "shili", "2020", "2021", "--format", "json"))
    assert [report["edition"] for report in found["reports"]] == ["2019", "2021"]
    cells = {cell["cell"]: cell for cell in found["tables"]["proactive"]["cells"]}
    assert cells["proactive.fees.amount"]["values"][0] == {"value": None, "state": "not_in_form"}
    assert cells["proactive.licences.decisions"]["differences"] == [{"kind": "changed", "amount": 2, "rate": 5.88}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["shilli", "2022", "2023"], "shili"),
        (["shili", "2018", "2023"], "2018"),
        (["shili", "2022", "2024"], "2024"),
        (["shili", "2023", "2023"], "itself"),
        (["shili", "2023"], "two years"),
        (["2023", "--office", "shil"], "shil"),
        (["2023", "--office", "shili"], "2 to 12"),
    ],
)
def test_wrong_calls_are_told_with_what_is_known(repository: Project, words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        run(repository, *words)


def test_files_get_names_that_people_give(repository: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(repository, "shili", "2022", "2023", "--format", "xlsx")
    assert [path.name for path in tmp_path.iterdir()] == [
        "示例市人民政府办公室2022、2023年政府信息公开工作年度报告对比.xlsx"
    ]


def test_passages_that_two_offices_share_are_shown_with_their_share() -> None:
    copied = "围绕群众关心的办事流程逐项梳理"
    own = "自己写的一句话，别处没有这样的说法。"
    sides = [
        side({}, words=[f"{copied}。", own]),
        side({}, words=["另起一段。", f"{copied}！"]),
        side({}, words=[own[:6]]),
    ]
    one, other = alike_texts(sides)
    assert one.passages == other.passages == (copied,)
    assert {one.share, other.share} == {100, round(100 * len(copied) / (len(copied) + len("别处没有这样的说法")))}


def test_a_number_that_is_text_keeps_its_state() -> None:
    ref = CellRef("review", "reconsideration", "upheld")
    line = lines_of(side({ref: parse("若干")}), side({ref: number(1)}))[str(ref)]
    assert line.values[0].state == State.TEXT.value
    assert line.differs
