"""Attachments are files of the narrative folder: which names are theirs, what their titles are, what is wrong."""

from __future__ import annotations

import pytest

from nianbao.inputs import Files, load, open_lazily
from nianbao.inputs.attachments import is_attachment
from nianbao.model import IssueKind, ReportKey
from nianbao.paths import Project

KEY = ReportKey("panzhihua", 2023)


def put(project: Project, files: dict[str, str]) -> None:
    for name, content in files.items():
        (project.narrative_of(KEY) / name).write_text(content, encoding="utf-8")


def titles(project: Project) -> dict[str, str]:
    return {mark: one.title.template.strip() for mark, one in load(project, KEY).attachments.items()}


def told(project: Project) -> list[str]:
    issues = load(project, KEY).issues
    return [issue.words[0] for issue in issues if issue.words and issue.kind is not IssueKind.TAKEN]


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("附件.md", True),
        ("附件2：名单.md", True),
        ("附件一.md", True),
        ("附件2023年统计表.MD", True),
        ("附件1 - 副本.md", False),
        ("附件1(1).md", False),
        ("附件1.docx", False),
        ("06_other.md", False),
    ],
)
def test_files_of_attachments_are_told_by_their_names(name: str, theirs: bool) -> None:
    assert is_attachment(name) is theirs


def test_the_only_attachment_has_no_number_and_takes_its_title_from_its_first_heading(project: Project) -> None:
    put(project, {"附件1.md": "附件1\n# 各单位情况\n\n正文。\n"})
    assert titles(project) == {"附件": "各单位情况"}
    assert told(project) == []


def test_several_are_numbered_in_order_and_may_have_their_titles_in_their_names(project: Project) -> None:
    put(project, {"附件10 丁.md": "（一）甲乙\n字。", **{f"附件{n}.md": f"# 第{n}\n\n字。\n" for n in range(1, 10)}})
    assert list(titles(project)) == [f"附件{n}" for n in range(1, 11)]
    assert titles(project)["附件10"] == "丁"
    assert told(project) == []


@pytest.mark.parametrize(
    "names", [("附件1.md", "附件3.md"), ("附件.md", "附件1.md"), ("附件1.md", "附件一.md"), ("附件2.md",)]
)
def test_numbers_that_do_not_run_from_1_are_an_issue(project: Project, names: tuple[str, ...]) -> None:
    put(project, dict.fromkeys(names, "# 名称\n\n字。\n"))
    (issue,) = told(project)
    assert "从1起连续编号" in issue


def test_an_attachment_without_a_title_or_without_words_is_an_issue(project: Project) -> None:
    put(project, {"附件1.md": "字。\n", "附件2 名单.md": "\n"})
    assert [issue[:6] for issue in told(project)] == ["附件没有名称", "附件只有名称"]
    assert titles(project)["附件1"] == "【缺：附件名称】"


def test_an_attachment_in_another_format_is_named_with_its_right_name(project: Project) -> None:
    put(project, {"附件1 名单.docx": "字"})
    (issue,) = told(project)
    assert "附件1 名单.md" in issue


def test_an_attachment_that_comes_later_is_noticed(project: Project) -> None:
    def read() -> dict[str, str]:
        files = Files(project)
        assert open_lazily(KEY, files).attachments is not None
        list(open_lazily(KEY, files).attachments)
        return dict(files.read)

    before = read()
    put(project, {"附件.md": "# 名称\n\n字。\n"})
    folder = "data/panzhihua/2023/narrative/"
    assert before[folder] != read()[folder]
