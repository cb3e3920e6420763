from __future__ import annotations

import re
import time

import pytest

from nianbao.inputs import Files, load, open_lazily, render
from nianbao.model import OfficeYear, ReportKey, Source, Text
from nianbao.paths import Project

SHILI = ReportKey("shili", 2023)


@pytest.fixture(scope="module")
def report(repository: Project) -> OfficeYear:
    return load(repository, SHILI)


@pytest.fixture(scope="module")
def previous(repository: Project) -> OfficeYear:
    return load(repository, SHILI.previous)


def shown(template: str, report: OfficeYear, previous: OfficeYear | None = None) -> str:
    return render(Text("overview", template, Source("n.md")), report, previous).text


def test_references_print_the_cells(report: OfficeYear, previous: OfficeYear) -> None:
    assert shown("{{ year }}年收到{{ applications.new.total }}件", report) == "2023年收到301件"
    assert shown("{{ last_year }}年{{ last.applications.new.total }}件", report, previous) == "2022年242件"
    assert shown("{{ office.name }}", report) == "示例市人民政府办公室"


def test_sums_and_percentages_are_worked_out(report: OfficeYear) -> None:
    assert shown("{{ applications.new.total + applications.carried_in.total }}", report) == "310"
    assert shown("{{ percent(applications.processed.total, applications.processed.total) }}", report) == "100%"
    assert shown("{{ figures.website | wan }}", report) == "1.432万"


def test_each_printed_number_knows_where_it_came_from(report: OfficeYear) -> None:
    template = (
        "新收{{ applications.new.total }}件，另有5件，共{{ applications.new.total + applications.carried_in.total }}件"
    )
    rendered = render(Text("overview", template, Source("n.md")), report, None)
    spans = [(rendered.text[b.start : b.end], b.expression) for b in rendered.bindings]
    assert spans == [
        ("301", "applications.new.total"),
        ("310", "applications.new.total+applications.carried_in.total"),
    ]


def told(template: str, report: OfficeYear, previous: OfficeYear | None = None) -> list[str]:
    """Place, Chinese and English words of each issue."""
    found = render(Text("overview", template, Source("n.md")), report, previous).issues
    return [f"{issue.source} {issue.words[0]} {issue.words[1]}" for issue in found if issue.words]


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("甲\n乙{{ figures.websit }}", r"n.md:2:5 没有“figures.websit”。是否为“website”.*refers to 'figures.websit'"),
        ("{{ applications.nwe.total }}", "refers to 'applications.nwe'"),
        ("{{ total }}", "refers to 'total'"),
        ("{{ last.figures.website }}", r"没有2022年的资料.*no inputs for shili 2022"),
        ("{{ figures..website }}", "n.md:1:1 引用写法有误.*no valid reference"),
        ("{{ figures.website | upper }}", "upper is not offered"),
        ("{{ ''.__class__ }}", "not offered"),
        ("{{ ''.join(['a']) }}", "not offered"),
        ("{{ 'a' * 1000000000 }}", "not offered"),
        ("{{ figures.website() }}", "not offered"),
        ("{{ 'a' + 'b' }}", "not offered"),
        ("{{ 'x' | wan }}", "not offered"),
        ("{{ figures }}", "引用不完整"),
        ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "n.md:1"),
        ("{% if year %}" * 2000 + "{% endif %}" * 2000, "嵌套过深|模板写法有误"),
        ("{{ " + "1 + " * 30_000 + "1 }}", "嵌套过深|模板写法有误"),
        ("{{ " + "9" * 6000 + " }}", "引用写法有误"),
        ("{% include 'x' %}", "include is not offered"),
        ("{% for a in 5 %}{% endfor %}", "for is not offered"),
        ("{% if year %}", "模板写法有误"),
    ],
)
def test_what_cannot_be_filled_in_is_told_with_its_place(report: OfficeYear, template: str, words: str) -> None:
    (found,) = told(template, report)
    assert re.search(words, found)


def test_all_wrong_references_of_a_file_are_told_and_leave_gaps(report: OfficeYear) -> None:
    template = "甲{{ figures.websit }}乙\n丙{{ figures.wechta }}丁{{ figures.website }}"
    assert [line.split()[0] for line in told(template, report)] == ["n.md:1:5", "n.md:2:5"]
    assert shown(template, report) == "甲【缺：figures.websit】乙\n丙【缺：figures.wechta】丁14320"


def test_one_that_cannot_even_be_parsed_hides_no_other(report: OfficeYear) -> None:
    template = "{{ figures. }}条，{{ figures.website }}条，{{ + }}"
    assert len(told(template, report)) == 2
    assert "，14320条，" in shown(template, report)


def test_a_label_is_as_good_as_its_key(report: OfficeYear) -> None:
    (by_label,) = render(Text("overview", "{{ 微信公开政府信息 }}", Source("n.md")), report, None).bindings
    assert by_label.expression == "figures.wechat"
    assert shown("{{ figures.微信公开政府信息 }}{{ applications.新收.总计 }}", report) == "3975301"


@pytest.mark.parametrize(
    "template",
    [
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
        "{% set a = figures.website %}" + "{% set a = a + a %}" * 60 + "{{ a }}",
        "{% for a in [1,2,3,4,5,6,7,8,9] %}" * 8 + "x" + "{% endfor %}" * 8,
        "{{ year }}" * 100_000,
    ],
)
def test_what_grows_without_end_is_ended(report: OfficeYear, template: str) -> None:
    started = time.process_time()
    rendered = render(Text("overview", template, Source("n.md")), report, None)
    assert len(rendered.text) <= 1_100_000
    assert time.process_time() - started < 20


def test_a_change_is_worded_for_more_fewer_and_the_same(report: OfficeYear, previous: OfficeYear) -> None:
    now, before = report.figures["website"].number, previous.figures["website"].number
    assert shown("比上年{{ change(figures.website) }}条", report, previous) == f"比上年增加{now - before}条"
    assert shown("{{ change(2, 5) }}", report) == "【缺：change】"
    assert shown("比上年{{ change(year, year) }}件。", report) == "比上年持平。"
    assert shown("{{ change(last_year, year) }}", report) == "减少1"
    assert shown('{{ change(year, last_year, "期") }}', report) == "增加1期"


def test_each_line_knows_the_line_of_the_file(report: OfficeYear) -> None:
    rendered = render(
        Text("overview", "{# 说明\n两行 #}\n甲\n{% if year %}\n乙\n{% endif %}\n丙{{ year }}\n丁", Source("n.md")),
        report,
        None,
    )
    lines = dict(zip(rendered.text.split("\n"), rendered.lines, strict=True))
    assert (lines["甲"], lines["乙"], lines["丙2023"], lines["丁"]) == (3, 5, 7, 8)


def test_a_blank_cell_cannot_be_stated_as_a_number(project: Project) -> None:
    path = project.table_file(SHILI, "figures")
    path.write_text(path.read_text(encoding="utf-8").replace(",14320,", ",,"), encoding="utf-8")
    (found,) = told("{{ figures.website }}", load(project, SHILI))
    assert "figures.website 尚未填写" in found
    assert "is blank" in found


def test_only_what_a_text_names_is_read(repository: Project) -> None:
    files = Files(repository)
    report = open_lazily(SHILI, files)
    assert not [name for name in files.read if name.startswith("data/")]
    shown("{{ figures.website }}", report)
    assert [name for name in files.read if name.startswith("data/")] == ["data/shili/2023/figures.csv"]


def test_a_comment_never_reaches_the_report(report: OfficeYear) -> None:
    assert shown("{# 编者注 #}正文", report) == "正文"


def test_a_percentage_may_be_of_a_number_that_is_typed(report: OfficeYear) -> None:
    assert shown("{{ percent(301, applications.new.total) }}", report) == "100%"


def test_a_reference_joined_to_text_prints_its_number(report: OfficeYear) -> None:
    assert shown('{{ applications.new.total ~ "件" }}', report) == "301件"
