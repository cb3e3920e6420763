from __future__ import annotations

import pytest

from nianbao.errors import InputError
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


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("甲\n乙{{ figures.websit }}", r"n.md:2: refers to 'figures.websit'.*\n.*did you mean 'website'"),
        ("{{ applications.nwe.total }}", "refers to 'applications.nwe'"),
        ("{{ total }}", "refers to 'total'"),
        ("{{ last.figures.website }}", r"refers to 'last.figures'[\s\S]*no inputs for shili 2022"),
        ("{{ figures.website", "no valid template"),
        ("{{ figures.website | upper }}", "No filter named"),
        ("{{ ''.__class__ }}", "cannot be filled in"),
        ("{{ 'a' * 1000000000 }}", r"operator \* may not be used"),
        ("{{ figures.website() }}", "cannot be filled in"),
        ("\ufdd0", "no text may hold"),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused(report: OfficeYear, template: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        shown(template, report)


def test_a_blank_cell_cannot_be_stated_as_a_number(project: Project) -> None:
    path = project.table_file(SHILI, "figures")
    path.write_text(path.read_text(encoding="utf-8").replace(",14320,", ",,"), encoding="utf-8")
    with pytest.raises(InputError, match=r"figures.website is blank"):
        shown("{{ figures.website }}", load(project, SHILI))


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
