from __future__ import annotations

import datetime
import re
import time
from pathlib import Path

import pytest

from nianbao.inputs.files import Files
from nianbao.inputs.settings import OFFICE_SETTINGS, load_settings, year_settings
from nianbao.inputs.yaml_file import Setting, read_settings
from nianbao.model import LocalRules, ReportKey
from nianbao.paths import Project

YEAR_SETTINGS = year_settings(2023)


def test_settings_are_read_with_their_types() -> None:
    found, issues = read_settings(
        'published: 2024-01-10\nedition: "2019"\nfonts: [甲体, 乙体]\n', YEAR_SETTINGS, "y.yaml"
    )
    assert issues == []
    assert found["published"] == datetime.date(2024, 1, 10)
    assert found["edition"].code == "2019"
    assert found["fonts"] == ("甲体", "乙体")
    assert found["profile"].value == "official"


def told(text: str, settings: dict[str, Setting] = YEAR_SETTINGS) -> list[str]:
    """Place, Chinese and English words of each issue."""
    _, issues = read_settings(text, settings, "y.yaml")
    return [f"{issue.source} {issue.words[0]} {issue.words[1]}" for issue in issues if issue.words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("publishd: 2024-01-10\npublished: 2024-01-10", "y.yaml:1 .*unknown key 'publishd'; did you mean 'published'"),
        ("published: soon", "y.yaml:1 published 应为日期.*must be a date such as 2024-01-10"),
        ("published: 2024-01-10\nprofile: fancy", "y.yaml:2 .*must be one of official, illustrated"),
        ("published:", "y.yaml:1 published 尚未填写.*still blank"),
        ("published: 2024-01-10\npublished: 2024-01-11", "y.yaml:2 .*given twice"),
        ("published: [2024", "y.yaml:1 格式有误.*no valid YAML"),
        ("- a\n- b", "y.yaml:1 每行应写作.*must hold lines of 'key: value'"),
        ("published: 2024-13-45", "must be a date"),
        ("published: 190:20:30.15", "must be a date"),
        ("published: !!set {a}", "must be a date"),
        ("published: 2023-12-31", "y.yaml:1 published 应晚于2023年12月31日.*must be after 2023 has ended"),
        ("published: 2024-01-10\ndeadline: 1月31号前", "y.yaml:2 deadline 应为月和日.*such as 01-20"),
        ("published: 2024-01-10\ndeadline: 2024-01-20", "y.yaml:2 deadline 应为月和日"),
        ("published: 2024-01-10\ndeadline: 02-30", "y.yaml:2 deadline 应为月和日"),
        ("published: 2024-01-10\noverview_limit: 一千", "y.yaml:2 overview_limit 应为字数"),
        ("published: 2024-01-10\noverview_limit: 0", "y.yaml:2 overview_limit 应为字数"),
        ("published: 2024-01-10\ncounts: {a: b}", "y.yaml:2 counts 应为词语的列表"),
        ("profile:\n  甲：乙\n  丙: 丁\npublished: 2024-01-10", "y.yaml:2 冒号应为半角"),
    ],
)
def test_a_wrong_setting_names_its_line_and_what_it_must_be(text: str, words: str) -> None:
    (found,) = told(text)
    assert re.search(words, found)


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    found = " ".join(told("nam: x\nlevel: village\n", OFFICE_SETTINGS))
    assert "'nam'" in found
    assert "level must be one of" in found
    assert "kind is still blank" in found


@pytest.mark.parametrize(
    "written",
    [
        "2025年1月20日",
        "2025/1/20",
        "2025.1.20",
        "2025-1-20",
        "20250120",
        '"2025-01-20"',
        "２０２５-01-20",
        "二〇二五年一月二十日",
    ],
)
def test_a_date_is_read_in_every_customary_way(written: str) -> None:
    found, issues = read_settings(f"published: {written}  # 落款日期\n", YEAR_SETTINGS, "y.yaml")
    assert (found["published"], issues) == (datetime.date(2025, 1, 20), [])


def test_chinese_values_and_colons_are_taken() -> None:
    text = "name：某县某局\nkind: 部门\nlevel:县级\ncovers_area: 否\n"
    found, issues = read_settings(text, OFFICE_SETTINGS, "office.yaml")
    assert issues == []
    assert (found["name"], found["kind"].value, found["level"].value) == ("某县某局", "department", "county")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "a: &a [x]\nb: [*a, *a]",
        "a: &a {<<: [*a]}",
        "\n".join(f"key{number}: 1" for number in range(5000)),
    ],
)
def test_what_nests_without_end_or_repeats_itself_is_refused(text: str) -> None:
    started = time.process_time()
    (found, *_) = told(text)
    assert "嵌套过深" in found
    assert time.process_time() - started < 5


def written(project: Project, office: str, year: str) -> LocalRules:
    key = ReportKey("mou", 2023)
    for path, content in ((project.office_file("mou"), office), (project.year_file(key), year)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    _, settings, issues = load_settings(Files(project), key)
    assert issues == []
    return settings.rules


OFFICE = "name: 某局\nkind: 部门\nlevel: 县级\n"
YEAR = "published: 2024-01-10\n"


def test_what_a_local_notice_asks_stands_in_the_offices_file_or_in_the_years(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert written(project, OFFICE, YEAR) == LocalRules()
    own = "deadline: 1月20日\noverview_limit: 1500字\ncounts: 规范性文件、政策解读\n"
    assert written(project, OFFICE + own, YEAR) == LocalRules((1, 20), 1500, ("规范性文件", "政策解读"))
    this_year = written(project, OFFICE + own, YEAR + "deadline: 01-15\ncounts: []\n")
    assert this_year == LocalRules((1, 15), 1500, ())


@pytest.mark.parametrize(
    ("file", "place"), [("2023", "params/shili/2023.yaml"), ("office", "params/shili/office.yaml")]
)
def test_a_template_that_is_not_there_is_told_of_the_file_that_names_it(
    project: Project, file: str, place: str
) -> None:
    path = project.params / "shili" / f"{file}.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\ntemplate: 公文.docx\n", encoding="utf-8")
    issues = load_settings(Files(project), ReportKey("shili", 2023))[2]
    assert [str(issue.source) for issue in issues] == [place]
