"""Every rule of the catalogue has something that breaks it and something that keeps it."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from checks.generate import (
    BUREAU,
    CITY,
    TEXTS,
    TOWN,
    changed,
    consistent,
    office_year,
    with_texts,
    write_project,
    zeros,
)
from nianbao.checks import check, check_values
from nianbao.checks.catalogue import RULES
from nianbao.form import EDITIONS, CellRef
from nianbao.form.cells import NOT_APPLICABLE, State, Value, number
from nianbao.inputs import BLANK_MARK
from nianbao.model import (
    Finding,
    FindingState,
    InputIssue,
    IssueKind,
    LocalRules,
    OfficeYear,
    ReportKey,
    Severity,
    Source,
    Text,
)
from nianbao.paths import Project

LAST = consistent(1, year=2022)
GOOD = consistent(2, year=2023, previous=LAST)
LONG = (
    "按照要求细化公开目录，明确公开主体、时限、方式和责任，定期开展自查，及时补齐缺项，公开渠道覆盖网站和新媒体。" * 3
)

OTHER = (
    "解读数量偏少，群众参与度不高；基层队伍流动较快，业务能力有待加强。今后加大培训力度，建立轮训制度，邀请群众代表评议。"
    * 3
)


def edited(report: OfficeYear, **fields: object) -> OfficeYear:
    """The office-year with some of its fields replaced."""
    return OfficeYear(**{**{name: getattr(report, name) for name in report.__dataclass_fields__}, **fields})  # type: ignore[arg-type]


def issue(kind: IssueKind) -> OfficeYear:
    found = InputIssue(kind, Source("data/shili/2023/review.csv", 3), "review", "upheldd", near="upheld")
    return edited(GOOD, issues=(found,))


def overview(text: str) -> OfficeYear:
    return with_texts(GOOD, {"overview": TEXTS["overview"] + "\n" + text + "\n"})


def preamble(text: str) -> OfficeYear:
    return edited(GOOD, preamble=Text("preamble", text, Source("report.txt")))


def new(report: OfficeYear = GOOD, offset: int = 0) -> int:
    return int(report.value(CellRef("applications", "new", "total")).number or 0) + offset


def town(regulations: int) -> OfficeYear:
    cells = zeros() | {CellRef("proactive", "regulations", "in_force"): number(regulations)}
    return office_year(cells, office=TOWN)


def pending(total: int) -> tuple[OfficeYear, OfficeYear]:
    last = changed(LAST, {"review.reconsideration.pending": number(9)})
    return changed(GOOD, {"review.reconsideration.total": number(total)}), last


@dataclass(frozen=True)
class Case:
    """Values that break a rule, with the state and the place of the finding that must come."""

    broken: OfficeYear
    state: FindingState = FindingState.FAIL
    previous: OfficeYear | None = LAST
    place: tuple[str | None, str | None, str | None] | None = None
    kept: OfficeYear = GOOD
    kept_previous: OfficeYear | None = field(default=LAST)


FAIL, WARN = FindingState.FAIL, FindingState.WARN
A = "applications"
CASES: dict[str, Callable[[], Case]] = {
    "CELL-MISSING": lambda: Case(changed(GOOD, {f"{A}.granted.social": Value(State.BLANK)}), place=(A, "granted", "social")),
    "CELL-NEGATIVE": lambda: Case(changed(GOOD, {f"{A}.granted.social": number(-1)}), place=(A, "granted", "social")),
    "CELL-WHOLE": lambda: Case(changed(GOOD, {f"{A}.new.other": Value(State.NUMBER, "1.5", 1.5)}), place=(A, "new", "other")),  # type: ignore[arg-type]
    "CELL-TEXT": lambda: Case(changed(GOOD, {f"{A}.new.other": Value(State.TEXT, "若干")}), place=(A, "new", "other")),
    "CELL-RANGE": lambda: Case(changed(GOOD, {f"{A}.new.other": number(10**16)}), place=(A, "new", "other")),
    "CELL-NA": lambda: Case(changed(GOOD, {f"{A}.new.other": NOT_APPLICABLE}), place=(A, "new", "other")),
    "TABLE-SHAPE": lambda: Case(issue(IssueKind.WRONG_SHAPE)),
    "TABLE-CODE": lambda: Case(issue(IssueKind.UNKNOWN_CODE)),
    "TABLE-DUPLICATE": lambda: Case(issue(IssueKind.DUPLICATE)),
    "TABLE-LABEL": lambda: Case(issue(IssueKind.WRONG_LABEL), WARN),
    "T3-BALANCE": lambda: Case(changed(GOOD, {f"{A}.new.total": number(new(offset=1))}), place=(A, None, "total")),
    "T3-RESULTS": lambda: Case(changed(GOOD, {f"{A}.granted.total": number(9999)}), place=(A, None, "total")),
    "T3-TOTAL": lambda: Case(changed(GOOD, {f"{A}.granted.total": number(9999)}), place=(A, "granted", None)),
    "T4-TOTAL": lambda: Case(changed(GOOD, {"review.litigation_direct.upheld": number(999)}), place=("review", "litigation_direct", None)),
    "T2-IN-FORCE": lambda: Case(
        changed(GOOD, {"proactive.regulations.made": number(3), "proactive.regulations.repealed": number(0), "proactive.regulations.in_force": number(0)}),
        WARN,
        place=("proactive", "regulations", "in_force"),
    ),
    "T2-AUTHORITY": lambda: Case(town(2), previous=None, kept=town(0), kept_previous=None, place=("proactive", "regulations", None)),
    "T3-CARRY": lambda: Case(changed(GOOD, {f"{A}.carried_in.social": number(77)}), place=(A, None, "social")),
    "T2-STOCK": lambda: Case(changed(GOOD, {"proactive.regulations.in_force": number(777)}), WARN, place=("proactive", "regulations", None)),
    "T4-PENDING": lambda: Case(pending(8)[0], WARN, pending(8)[1], ("review", "reconsideration", "total")),
    "JUMP": lambda: Case(changed(GOOD, {"proactive.licences.decisions": number(100_000)}), WARN, place=("proactive", "licences", "decisions"), kept=office_year(zeros()), kept_previous=office_year(zeros(), year=2022)),
    "TEXT-FIGURE": lambda: Case(overview(f"新收政府信息公开申请{new(offset=2)}件。"), kept=overview(f"新收政府信息公开申请{new()}件。"), place=(A, "new", "total")),
    "TEXT-NONE": lambda: Case(overview("全年未收到政府信息公开申请。"), kept=office_year(zeros(), texts={**TEXTS, "overview": "全年未收到政府信息公开申请。"})),
    "TEXT-DONE": lambda: Case(changed(overview("收到的政府信息公开申请全部办结。"), {f"{A}.carried_out.total": number(4)}), kept=office_year(zeros(), texts={**TEXTS, "overview": "收到的政府信息公开申请全部办结。"})),
    "TEXT-SUM": lambda: Case(overview("公开文件10件，其中甲类6件、乙类5件。"), kept=overview("公开文件10件，其中甲类6件、乙类4件。")),
    "TEXT-PERCENT": lambda: Case(overview("公开文件12件，较上年增加2件，增长25%。"), kept=overview("公开文件12件，较上年增加2件，增长20%。")),
    "TEXT-FEE": lambda: Case(with_texts(GOOD, {"other": "收取信息处理费10元，另注：收取信息处理费20元。"}), kept=with_texts(GOOD, {"other": "收取信息处理费10元。"})),
    "WORDS-SECTIONS": lambda: Case(edited(GOOD, texts={slug: text for slug, text in GOOD.texts.items() if slug != "other"}), FindingState.UNCERTAIN),
    "WORDS-PARTS": lambda: Case(with_texts(GOOD, {"overview": "## （一）主动公开\n\n及时公开。\n"}), WARN),
    "WORDS-YEAR": lambda: Case(overview("2017年，我们加强了公开。"), WARN, kept=overview("自2017年以来，公开不断加强。")),
    "WORDS-PERIOD": lambda: Case(overview("数据统计期限为2023年1月1日至2023年12月30日。"), kept=overview("数据统计期限为2023年1月1日至12月31日。")),
    "WORDS-DATE": lambda: Case(overview("2023年2月30日召开座谈会。"), WARN, kept=overview("2023年2月28日召开座谈会。")),
    "WORDS-EDITION": lambda: Case(edited(GOOD, edition=EDITIONS["2019"]), previous=None),
    "WORDS-NOTICE": lambda: Case(overview("根据国办公开办函〔2019〕60号编制。"), WARN, kept=overview("根据国办公开办函〔2021〕30号编制。")),
    "WORDS-PROBLEMS": lambda: Case(with_texts(GOOD, {"problems": "无。"})),
    "WORDS-FEE": lambda: Case(with_texts(GOOD, {"other": "无其他需要报告的事项。"}), WARN),
    "WORDS-SIMILAR": lambda: Case(with_texts(GOOD, {"problems": LONG}), WARN, with_texts(LAST, {"problems": LONG}), kept=with_texts(GOOD, {"problems": LONG}), kept_previous=with_texts(LAST, {"problems": OTHER})),
    "TEXT-BLANK": lambda: Case(overview("公开信息XX条。"), kept=overview("公开信息。")),
    "TEXT-TWICE": lambda: Case(overview("网站刊载消息300条。\n\n网站刊载消息310条。"), FindingState.UNCERTAIN, kept=overview("网站刊载消息300条。\n\n微信推送消息310条。")),
    "WORDS-ANNOUNCED": lambda: Case(preamble("本报告由总体情况、主动公开政府信息情况、存在的主要问题、其他需要报告的事项等四部分组成。"), WARN, kept=preamble("本报告由六部分组成。")),
    "WORDS-NAMES": lambda: Case(with_texts(town(0), {"overview": TEXTS["overview"] + "\n我局认真落实要求。\n"}), FindingState.UNCERTAIN, kept=with_texts(town(0), {"overview": TEXTS["overview"] + "\n我镇认真落实要求。\n"})),
    "WORDS-LENGTH": lambda: Case(overview(LONG * 8), WARN, kept=overview(LONG)),
    "WORDS-COUNTS": lambda: Case(edited(GOOD, rules=LocalRules(counts=("政务新媒体",))), WARN, kept=edited(overview("政务新媒体4个。"), rules=LocalRules(counts=("政务新媒体",)))),
    "WORDS-OUTLINE": lambda: Case(overview("做法如下：一是细化目录；三是加强培训。"), WARN, kept=overview("做法如下：一是细化目录；二是加强培训。")),
    "WORDS-DOUBLED": lambda: Case(overview("持续规范规范答复文书。"), WARN, kept=overview("持续规范答复文书，以公开促落实为目的的工作不断推进。")),
    "WORDS-MARKS": lambda: Case(overview("细化目录,加强培训。"), WARN, kept=overview("细化目录，加强培训（2,300条）。")),
    "WORDS-SUBJECT": lambda: Case(with_texts(town(0), {"overview": TEXTS["overview"] + "\n多数部门公开及时。\n"}), FindingState.UNCERTAIN, kept=with_texts(town(0), {"overview": TEXTS["overview"] + "\n镇属各办所公开及时。\n"})),
    "WORDS-PERSONAL": lambda: Case(overview("申请人的身份证号码为11010519491231002X。"), kept=overview("联系电话0812-3334444，订单号110105194912310021。")),
    "WORDS-FORM": lambda: Case(overview("本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和"), WARN, kept=overview("核对了各项数据。")),
    "YEARS-SAME": lambda: Case(edited(GOOD, cells=LAST.cells), WARN),
    "T4-DIRECT": lambda: Case(edited(GOOD, key=ReportKey(CITY.id, 2024), cells=changed(GOOD, {"review.litigation_direct.total": number(2)}).cells), WARN, previous=None, place=("review", "litigation_direct", "total")),
    "WORDS-DEADLINE": lambda: Case(edited(GOOD, published=datetime.date(2024, 2, 1)), WARN),
}  # fmt: skip


def findings(report: OfficeYear, previous: OfficeYear | None) -> tuple[Finding, ...]:
    """All that the rules say of it, passes too."""
    return check_values([report], {previous.key: previous} if previous else {}, passes=True).findings


def of(rule: str, found: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in found if finding.rule == rule]


@pytest.fixture(scope="module")
def judged() -> dict[str, tuple[Finding, ...]]:
    """What the rules say of the values of all cases, "T3-BALANCE broken" and "T3-BALANCE kept", in one validation."""
    cases = {rule: make() for rule, make in CASES.items()}
    values = {f"{rule} broken": (case.broken, case.previous) for rule, case in cases.items()}
    values |= {f"{rule} kept": (case.kept, case.kept_previous) for rule, case in cases.items()}

    def moved(report: OfficeYear, office: str) -> OfficeYear:
        return edited(report, key=ReportKey(office, report.key.year))

    reports = [moved(report, name) for name, (report, _) in values.items()]
    last = [moved(report, name) for name, (_, report) in values.items() if report]
    found = check_values(reports, {report.key: report for report in last}, passes=True).findings
    return {name: tuple(finding for finding in found if finding.key.office == name) for name in values}


@pytest.mark.parametrize("rule", CASES)
def test_the_rule_finds_what_breaks_it(rule: str, judged: dict[str, tuple[Finding, ...]]) -> None:
    case = CASES[rule]()
    found = [finding for finding in of(rule, judged[f"{rule} broken"]) if finding.state is case.state]
    assert found, rule
    assert all(finding.message and finding.message_en for finding in found)
    if case.place:
        assert case.place in {(finding.table, finding.row, finding.column) for finding in found}
    if case.state is FAIL:
        assert {finding.severity for finding in found} == {RULES[rule].severity}


@pytest.mark.parametrize("rule", CASES)
def test_the_rule_is_silent_where_it_is_kept(rule: str, judged: dict[str, tuple[Finding, ...]]) -> None:
    found = of(rule, judged[f"{rule} kept"])
    assert [finding.message for finding in found if finding.state is not FindingState.PASS] == []
    assert found, "the rule was not evaluated"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with two years of one office."""
    made = Project(tmp_path)
    write_project(made, [LAST, GOOD])
    return made


KEY = ReportKey(CITY.id, 2023)


def project_findings(project: Project) -> tuple[Finding, ...]:
    return check(project, [KEY], passes=True).findings


# What the reading of published reports finds: tests/ingest breaks it in every way it knows.
READING_RULES = {"INGEST-GAP"}
# What is wrong with files: test_input_findings.py breaks these.
FILE_RULES = {"INPUT-STRAY", "INPUT-TAKEN", "TEXT-MARKUP", "TEXT-CHARACTER"}
# What the register of requests and an area's units are asked: test_register.py and test_rollup_rules.py break these.
REGISTER_RULES = {rule for rule in RULES if rule.startswith(("LEDGER-", "ROLLUP-"))}
PROJECT_RULES = {"INPUT", "TEXT-REFERENCE", "TEXT-UNBOUND", "SUITE", "WAIVER-EXPIRED", "WAIVER-UNUSED", "WORDS-ALIKE"}


def test_every_rule_of_the_catalogue_has_a_case_that_breaks_it() -> None:
    assert set(CASES) | PROJECT_RULES | FILE_RULES | READING_RULES | REGISTER_RULES == set(RULES)


def test_an_unreadable_file_is_a_finding_and_stops_no_other_year(project: Project) -> None:
    project.table_file(KEY, "review").unlink()
    report = check(project, [KEY, KEY.previous])
    (found,) = of("INPUT", report.findings)
    assert (found.key, found.state, found.severity) == (KEY, FAIL, Severity.ERROR)
    assert "review.csv" in found.message
    assert report.evaluated[KEY.previous] > 1000


def narrative(project: Project, text: str) -> None:
    project.text_file(KEY, GOOD.edition.section("overview")).write_text(TEXTS["overview"] + text, encoding="utf-8")


def test_a_reference_to_nothing_is_an_error_with_the_nearest_name(project: Project) -> None:
    narrative(project, "\n收到{{ applications.neww.total }}件。\n")
    (found,) = [finding for finding in of("TEXT-REFERENCE", project_findings(project)) if finding.state is FAIL]
    assert "applications.neww" in found.message
    assert "new" in found.message


def test_a_placeholder_left_standing_is_an_error_with_its_line(project: Project) -> None:
    narrative(project, f"\n{BLANK_MARK}：写明重点】\n")
    (found,) = [finding for finding in of("TEXT-BLANK", project_findings(project)) if finding.state is FAIL]
    assert str(found.source).endswith("01_overview.md:21:1")


@pytest.mark.parametrize(
    ("line", "blank"),
    [
        ("公开信息  条。", "  条"),
        ("申请{{ applications.new.total }}件，公开信息  条。", "  条"),
        ("{{ year }}年，申请{{ applications.new.total }}件，公开信息{{ year }}条，另有XX条。", "XX"),
        ("XX条，公开信息{{ year }}条，公开信息{{ year }}条。", "XX"),
        ("{{ year }}年，公开信息{{ year }}条，公开信息{{ year }}条，公开信息XX条。", "XX"),
        ("- 一项；{{ '公开' }}信息  条。", "  条"),
    ],
)
def test_a_blank_is_told_with_the_column_of_its_file(project: Project, line: str, blank: str) -> None:
    narrative(project, f"\n{line}\n")
    found = [finding for finding in of("TEXT-BLANK", project_findings(project)) if finding.state is FAIL]
    assert str(found[0].source).endswith(f"01_overview.md:21:{line.index(blank) + 1}")


@pytest.mark.parametrize("reason", ["unreadable", "misnamed"])
@pytest.mark.parametrize("slug", ["overview", "problems", "other"])
def test_words_in_a_file_that_is_not_read_are_told_once(project: Project, slug: str, reason: str) -> None:
    path = project.text_file(KEY, GOOD.edition.section(slug))
    if reason == "unreadable":
        path.write_bytes(bytes(range(64)))
    else:
        path.rename(path.with_name(f"{path.stem}x.md"))
    found = [finding for finding in project_findings(project) if finding.state in {FAIL, FindingState.WARN}]
    assert [
        finding.rule
        for finding in found
        if finding.rule.startswith(("INPUT", "WORDS", "TEXT-FEE")) and finding.rule != "WORDS-SIMILAR"
    ] == ["INPUT" if reason == "unreadable" else "INPUT-STRAY"]


def test_many_cells_that_are_wrong_alike_are_told_once(project: Project) -> None:
    path = project.table_file(KEY, "applications")
    path.write_text(re.sub(r",0(?=,)", ",-", path.read_text("utf-8")), encoding="utf-8")
    (found,) = of("CELL-NA", [finding for finding in project_findings(project) if finding.state is FAIL])
    assert (found.table, found.row, found.column) == ("applications", None, None)
    assert re.search(r"表三有\d+格为“-”：此处应填数字，没有的填0（“.*等）", found.message)


def test_a_table_of_heads_alone_is_told_once_and_so_are_references_to_it(project: Project) -> None:
    path = project.table_file(KEY, "applications")
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
    rows = ("new", "carried_in", "granted", "processed")
    narrative(project, "\n" + "".join(f"计{{{{ applications.{row}.total }}}}件。" for row in rows) + "\n")
    found = [
        one for one in project_findings(project) if one.state is FAIL and one.rule.startswith(("TABLE", "TEXT-REF"))
    ]
    assert sorted(one.rule for one in found) == ["TABLE-SHAPE", "TEXT-REFERENCE"]
    assert any(re.search(r"缺少\d+行：“新收”（new）", one.message) for one in found)


def test_a_cell_of_two_lines_is_quoted_on_one(project: Project) -> None:
    path = project.table_file(KEY, "applications")
    path.write_text(re.sub(r"(?m)^(new,.*),\d+$", r'\1,"3\n0"', path.read_text("utf-8")), encoding="utf-8")
    (found,) = [one for one in of("CELL-TEXT", project_findings(project)) if one.state is FAIL]
    assert "“3 0”" in found.message


def test_several_references_to_one_cell_are_told_once(project: Project) -> None:
    narrative(project, "\n收到{{ applications.neww.total }}件，办结{{ applications.neww.total }}件。\n")
    narrative(project, "\n收到{{ applications.neww.total }}件。\n办结{{ applications.neww.total }}件。\n")
    (found,) = [finding for finding in of("TEXT-REFERENCE", project_findings(project)) if finding.state is FAIL]
    assert "（共2处）" in found.message
    assert str(found.source).endswith("01_overview.md:21:6")


@pytest.mark.parametrize("name", ["五、存在的主要问题.md", "第五部分 问题.txt", "存在的主要问题.md", "5_problem.md"])
def test_words_under_a_chinese_name_are_told_with_the_right_one(project: Project, name: str) -> None:
    path = project.text_file(KEY, GOOD.edition.section("problems"))
    path.rename(path.with_name(name))
    (found,) = [finding for finding in of("INPUT-STRAY", project_findings(project)) if finding.state is FAIL]
    assert "是否应命名为 05_problems.md" in found.message


def test_a_workbook_that_cannot_be_read_is_told_once(project: Project) -> None:
    folder = project.data_of(KEY)
    for path in sorted(folder.rglob("*.*")):
        path.unlink()
    project.workbook_file(KEY).write_bytes(b"PK\x03\x04")
    found = [finding for finding in project_findings(project) if finding.state in {FAIL, FindingState.WARN}]
    assert [finding.rule for finding in found] == ["INPUT"]


@pytest.mark.parametrize("mark", ["XX", "××", "[数字]", "____"])
def test_a_placeholder_is_named_with_what_stands_around_it(project: Project, mark: str) -> None:
    narrative(project, f"\n全年公开政府信息{mark}条，答复咨询及时。\n")
    (found,) = [finding for finding in of("TEXT-BLANK", project_findings(project)) if finding.state is FAIL]
    assert f"“{mark}”" in found.message
    assert "政府信息" in found.message


def test_a_typed_number_is_noted_and_a_reference_is_not(project: Project) -> None:
    narrative(project, "\n2023年公开信息365条，申请{{ applications.new.total }}件，见《办法》（示府办〔2023〕8号）。\n")
    assert [finding.actual for finding in of("TEXT-UNBOUND", project_findings(project))] == ["365"]


def test_a_number_by_reference_is_compared_all_the_same(project: Project) -> None:
    narrative(project, "\n新收政府信息公开申请{{ applications.processed.total + applications.new.total }}件。\n")
    assert [finding.state for finding in of("TEXT-FIGURE", project_findings(project))] == [FAIL]


def test_a_section_without_a_text_blocks_the_report(project: Project) -> None:
    project.text_file(KEY, GOOD.edition.section("other")).unlink()
    assert [finding.scope for finding in of("WORDS-SECTIONS", project_findings(project)) if finding.blocks] == ["other"]


def suite(project: Project, *expectations: dict[str, object]) -> None:
    folder = project.expectations / CITY.id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.json").write_text(json.dumps({"name": "own", "expectations": expectations}), encoding="utf-8")


def sums(*right: str) -> dict[str, object]:
    left = "applications.processed.total"
    kwargs = {"column_list": [left, *right], "left": [left], "right": list(right)}
    return {"type": "expect_line_to_balance", "kwargs": kwargs, "meta": {"title": "自定"}}


def test_an_offices_own_suite_runs_with_the_rest(project: Project) -> None:
    suite(
        project,
        sums("applications.new.total"),
        {"type": "expect_column_values_to_be_between", "kwargs": {"column": "year", "min_value": 2000}},
    )
    states = {finding.scope: finding.state for finding in of("SUITE", project_findings(project))}
    assert states == {
        f"expectations/{CITY.id}/own.json:1": FAIL,
        f"expectations/{CITY.id}/own.json:2": FindingState.PASS,
    }


@pytest.mark.parametrize(
    ("expectation", "said"),
    [
        ({"type": "expect_wonders", "kwargs": {}}, "expect_wonders"),
        (sums("figures_that_are_not_there"), "figures_that_are_not_there"),
        ({"type": "expect_column_values_to_be_between", "kwargs": {"colum": "year"}}, "不能载入"),
    ],
)
def test_a_suite_that_cannot_be_run_is_a_finding_and_never_a_pass(
    project: Project, expectation: dict[str, object], said: str
) -> None:
    suite(project, expectation)
    (found,) = of("SUITE", project_findings(project))
    assert found.state is FAIL
    assert said in found.message


def test_why_a_suite_cannot_be_run_and_what_to_do_stand_on_one_line(project: Project) -> None:
    suite(project, sums("applications.new.total"))
    (project.expectations / CITY.id / "own.json").write_text("{", encoding="utf-8")
    (found,) = of("SUITE", project_findings(project))
    assert "\n" not in found.message + found.message_en
    assert "own.json：" in found.message


def waive(project: Project, rule: str, until: str, scope: str = "{column: social}") -> None:
    text = f"- rule: {rule}\n  years: 2023\n  scope: {scope}\n  reason: 已更正\n  name: 张三\n  until: {until}\n"
    project.waivers_file(CITY.id).write_text(text, encoding="utf-8")


@pytest.fixture
def broken(project: Project) -> Project:
    """The project with a carried-over count that differs from last year's, in balance otherwise."""
    carried = int(GOOD.value(CellRef(A, "carried_in", "social")).number or 0)
    taken = int(GOOD.value(CellRef(A, "new", "social")).number or 0)
    total_in = int(GOOD.value(CellRef(A, "carried_in", "total")).number or 0)
    changes = {
        "carried_in.social": carried + 1,
        "new.social": taken - 1,
        "carried_in.total": total_in + 1,
        "new.total": new(offset=-1),
    }
    write_project(project, [changed(GOOD, {f"{A}.{place}": number(count) for place, count in changes.items()})])
    return project


def carry(found: tuple[Finding, ...]) -> dict[str | None, str | None]:
    return {finding.column: finding.waived for finding in of("T3-CARRY", found) if finding.state is FAIL}


def test_a_waiver_lifts_the_finding_it_means_and_no_other(broken: Project) -> None:
    waive(broken, "T3-CARRY", "2024-12-31")
    found = project_findings(broken)
    assert carry(found) == {"social": "已更正（张三，有效期至2024-12-31）", "total": None}
    assert of("WAIVER-UNUSED", found) == of("WAIVER-EXPIRED", found) == []


def test_a_waiver_that_ended_before_the_report_is_published_is_expired(broken: Project) -> None:
    waive(broken, "T3-CARRY", "2024-01-19")
    found = project_findings(broken)
    assert carry(found) == {"social": None, "total": None}
    assert [finding.state for finding in of("WAIVER-EXPIRED", found)] == [WARN]


def test_a_waiver_that_waives_nothing_is_a_finding(project: Project) -> None:
    waive(project, "T3-CARRY", "2024-12-31")
    assert [finding.state for finding in of("WAIVER-UNUSED", project_findings(project))] == [WARN]


def test_a_waiver_without_a_name_is_refused_with_its_line(project: Project) -> None:
    project.waivers_file(CITY.id).write_text(
        "- rule: JUMP\n  years: 2023\n  reason: x\n  until: soon\n", encoding="utf-8"
    )
    found = [finding.message for finding in of("INPUT", project_findings(project))]
    place = f"params/{CITY.id}/waivers.yaml"
    assert [message for message in found if f"{place}:4：豁免：until 应为日期" in message]
    assert [message for message in found if f"{place}:1：豁免：name 尚未填写" in message]
    assert [message for message in found if f"{place}:1：豁免：scope 尚未填写" in message]


def test_a_waiver_of_a_balance_names_a_row_or_column(broken: Project) -> None:
    waive(broken, "T3-CARRY", "2024-12-31", "{table: applications}")
    found = project_findings(broken)
    assert carry(found) == {"social": None, "total": None}
    assert ["须写明 row 或 column" in finding.message for finding in of("INPUT", found) if finding.blocks] == [True]


def test_a_waiver_lasts_a_year_at_most(broken: Project) -> None:
    waive(broken, "T3-CARRY", "9999-12-31")
    found = project_findings(broken)
    assert carry(found) == {"social": None, "total": None}
    assert ["最长" in finding.message for finding in of("INPUT", found) if finding.blocks] == [True]


@pytest.mark.parametrize("rule", ["INPUT", "TEXT-REFERENCE", "TEXT-CHARACTER"])
def test_what_cannot_be_printed_cannot_be_waived(project: Project, rule: str) -> None:
    waive(project, rule, "2024-12-31", "{text: x}")
    (told,) = [finding for finding in of("INPUT", project_findings(project)) if finding.blocks]
    assert "应为可以豁免的规则编号" in told.message


@pytest.mark.parametrize("text", ["[" * 20_000, "- &a {rule: *a}", "rule: T3-CARRY", "- T3-CARRY"])
def test_waivers_that_are_none_are_the_offices_own_finding(project: Project, text: str) -> None:
    project.waivers_file(CITY.id).write_text(text, encoding="utf-8")
    report = check(project, [KEY])
    assert [finding.rule for finding in report.blocking] == ["INPUT"]
    assert report.evaluated[KEY] > 1000


def test_a_fingerprint_survives_another_wording_and_another_value() -> None:
    one, other = (
        of("T3-TOTAL", findings(changed(GOOD, {f"{A}.granted.total": number(count)}), LAST)) for count in (9999, 8888)
    )
    prints = [{finding.fingerprint for finding in found if finding.state is FAIL} for found in (one, other)]
    assert prints[0] == prints[1] != set()


def test_fingerprints_are_all_different() -> None:
    found = findings(overview("公开信息365条。\n\n新收申请1件。新收申请1件。"), LAST)
    prints = [finding.fingerprint for finding in found if finding.state is not FindingState.PASS]
    assert len(prints) == len(set(prints))


def test_without_last_year_rules_across_years_are_not_assessable_and_never_pass() -> None:
    found = findings(GOOD, None)
    across = {"T3-CARRY", "T2-STOCK", "T4-PENDING", "JUMP", "YEARS-SAME", "WORDS-SIMILAR"}
    assert {finding.rule for finding in found if finding.state is FindingState.NOT_ASSESSABLE} == across
    assert not [finding for finding in found if finding.rule in across and finding.state is FindingState.PASS]


def test_a_blank_makes_a_balance_not_assessable_and_not_zero() -> None:
    report = changed(office_year(zeros()), {f"{A}.granted.social": Value(State.BLANK)})
    states = {finding.state for finding in of("T3-RESULTS", findings(report, None)) if finding.column == "social"}
    assert states == {FindingState.NOT_ASSESSABLE}


def test_a_breach_that_no_filling_of_the_blanks_could_heal_fails() -> None:
    cells = {f"{A}.granted.social": Value(State.BLANK), f"{A}.partially_granted.social": number(5)}
    report = changed(office_year(zeros()), cells)
    states = {finding.state for finding in of("T3-RESULTS", findings(report, None)) if finding.column == "social"}
    assert states == {FAIL}


def test_what_does_not_apply_is_no_part_of_a_sum_and_no_gap() -> None:
    report = changed(office_year(zeros(), office=TOWN), {"proactive.regulations.made": NOT_APPLICABLE})
    assert [finding for finding in findings(report, None) if finding.state is FAIL] == []


def test_a_department_that_reports_regulations_is_asked_and_not_blocked() -> None:
    report = office_year(zeros() | {CellRef("proactive", "regulations", "in_force"): number(1)}, office=BUREAU)
    (found,) = of("T2-AUTHORITY", findings(report, None))
    assert (found.state, found.severity) == (WARN, Severity.WARNING)


def test_a_note_under_table_2_silences_the_rule_on_stock() -> None:
    off = changed(GOOD, {"proactive.regulations.in_force": number(777)})
    noted = with_texts(off, {"proactive": "注：现行有效规章件数按年末清理结果填报。"})
    assert [finding for finding in of("T2-STOCK", findings(noted, LAST)) if finding.state is WARN] == []


def test_a_report_on_a_whole_area_has_until_the_end_of_march() -> None:
    area = replace(CITY, covers_area=True)
    for day, state in ((31, FindingState.PASS), (1, WARN)):
        published = datetime.date(2024, 3 if day == 31 else 4, day)
        (found,) = of("WORDS-DEADLINE", findings(edited(GOOD, office=area, published=published), LAST))
        assert found.state is state


def test_the_sum_that_fails_is_written_out() -> None:
    cells = {
        f"{A}.{row}.natural_person": number(count) for row, count in (("new", 14), ("granted", 13), ("processed", 13))
    }
    (found,) = of("T3-BALANCE", findings(changed(office_year(zeros()), cells), None))[:1]
    states = [
        finding
        for finding in of("T3-BALANCE", findings(changed(office_year(zeros()), cells), None))
        if finding.state is FAIL
    ]
    assert "新收14 + 上年结转0 = 14 ≠ 办理总计13 + 结转下年度0 = 13" in states[0].message
    assert (states[0].expected, states[0].actual) == (14, 13)
    assert found.rule == "T3-BALANCE"


def test_values_can_be_checked_many_at_once_and_apart() -> None:
    offices = [replace(CITY, id=f"office{index}") for index in range(3)]
    reports = [consistent(index, office=office) for index, office in enumerate(offices)]
    reports[1] = changed(reports[1], {f"{A}.granted.total": number(9999)})
    assert {finding.key.office for finding in check_values(reports, {}).blocking} == {"office1"}


def alike(*texts: str) -> dict[str, Finding]:
    """What each office is told, where each has one of the texts; in them, @ is the office's name."""
    offices = [
        replace(CITY, id=f"office{index}", name=f"{name}市财政局") for index, name in enumerate(NAMES[: len(texts)])
    ]
    reports = [
        with_texts(consistent(index, office=office), {"problems": text.replace("@", office.name)})
        for index, (office, text) in enumerate(zip(offices, texts, strict=True))
    ]
    return {finding.key.office: finding for finding in of("WORDS-ALIKE", check_values(reports, {}).findings)}


NAMES = [f"{one}{other}" for one in "东南西北上中下" for other in "川江山海河湖岭"]
COPIED = (
    "今年@推行窗口首席接待员制度，由业务骨干轮流坐班。群众来访时先听诉求再翻档案，当场能办的当场办结，"
    "需要会商的三个工作日内给出路线图，全年接待来访人员{}人次。档案室把二十年来的纸质批文逐页扫描建库，"
    "按街巷门牌重新编目，退休老同事帮助辨认手写批注。年底请十二位菜场摊主来给答复文书挑毛病，"
    "凡是他们读不懂的词句一律改写，改写前后的样本贴在走廊里供新来的同事对照学习。"
    "对外服务热线改由科长值守，接听记录每周五在例会上通读，重复出现的问题写进下一周的待办清单逐条销号。"
)
PATTERN = (
    "根据《中华人民共和国政府信息公开条例》和国办公开办函〔2021〕30号要求编制本报告。"
    "坚持以公开为常态、不公开为例外，做到应公开尽公开，切实做好各项政府信息公开工作任务的组织落实。"
    "没有收取信息处理费，没有其他需要报告的事项。公开的主动性和时效性仍有提升空间，业务人员的能力水平有待提高。"
    "下一步将加强学习培训力度，完善信息公开工作制度，不断提升公开质量和服务水平，确保各项工作任务落到实处。"
)


def own_words(number: int) -> str:
    """Three hundred characters that no other number has."""
    signs = "".join(chr(0x4E00 + (number * 7919 + place * 31) % 9000) for place in range(300))
    return "，".join(signs[start : start + 12] for start in range(0, 300, 12))


def test_a_copied_text_is_told_with_its_share_and_passages_and_a_third_office_is_not() -> None:
    told = alike(COPIED.format(17), f"首先，{COPIED.format(2301)}", PATTERN + own_words(1))
    assert set(told) == {"office0", "office1"}
    assert told["office0"].state is WARN
    assert told["office0"].actual == "100%"
    assert "东江市财政局" in told["office0"].message
    assert "群众来访时先听诉求再翻档案，" in told["office0"].message
    half = alike(COPIED, COPIED + own_words(1)[:200])
    assert {office: each.state for office, each in half.items()} == {
        "office0": WARN,
        "office1": FindingState.UNCERTAIN,
    }


def test_phrases_that_law_form_and_most_offices_use_make_no_texts_alike() -> None:
    assert alike(*[PATTERN + own_words(number)[:150] for number in range(12)]) == {}
    assert alike(PATTERN * 2, PATTERN * 3) == {}


def test_many_offices_with_the_very_same_text_are_all_told() -> None:
    told = alike(*[COPIED] * 45)
    assert len(told) == 45
    assert "另有" in told["office7"].message


def test_a_local_deadline_is_earlier_than_the_lawful_one() -> None:
    report = edited(GOOD, rules=LocalRules(deadline=(1, 15)))
    (found,) = of("WORDS-DEADLINE", findings(report, LAST))
    assert (found.state, found.expected) == (WARN, "2024-01-15")


def test_the_fixed_sentences_of_section_6_are_never_like_last_years() -> None:
    fixed = "本机关本年度依申请提供政府信息未收取信息处理费。" * 6
    anew = {"overview": OTHER * 4, "other": fixed}
    found = findings(with_texts(GOOD, anew), with_texts(LAST, {"other": fixed}))
    assert [finding.scope for finding in of("WORDS-SIMILAR", found) if finding.state is WARN] == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("根据国办公开办函〔2021〕30号编制，统计期限为2023年1月1日至2023年12月31日。", None),
        (
            "按照国务院办公厅政府信息与政务公开办公室《关于政府信息公开工作年度报告有关事项的通知》编制本年度报告。",
            "WORDS-NOTICE",
        ),
        ("根据国办公开办函〔2012〕30号编制本年度报告。", "WORDS-NOTICE"),
        ("根据《中华人民共和国政府信息公开条例》（国务院令第771号）编制。", "WORDS-NOTICE"),
        ("数据统计期限为2022年1月1日至2023年12月31日。", "WORDS-PERIOD"),
        ("现编制并公布2022年政府信息公开工作年度报告。", "WORDS-YEAR"),
        (
            "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、存在的主要问题、其他需要报告的事项六部分组成。",
            "WORDS-ANNOUNCED",
        ),
    ],
)
def test_a_preamble_is_checked_like_any_text(text: str, rule: str | None) -> None:
    found = {finding.rule for finding in findings(preamble(text), LAST) if finding.message.startswith("引言")}
    assert found == ({rule} if rule else set())
