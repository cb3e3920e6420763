"""What is wrong with the input files is told by the checks: all of it at once, with file and line, in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.generate import CITY, TEXTS, consistent, write_project
from closed import close
from nianbao.checks import check, render_text
from nianbao.form import CellRef
from nianbao.inputs import load, render
from nianbao.model import Finding, FindingState, ReportKey, Severity, Source, Text
from nianbao.paths import Project

LAST = consistent(1, year=2022)
GOOD = consistent(2, year=2023, previous=LAST)
KEY = ReportKey(CITY.id, 2023)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with two years of one office."""
    made = Project(tmp_path)
    write_project(made, [LAST, GOOD])
    return made


def narrative(project: Project, text: str, slug: str = "overview") -> Path:
    """The section's text with more behind it; its file."""
    path = project.text_file(KEY, GOOD.edition.section(slug))
    path.write_text(TEXTS[slug] + text, encoding="utf-8")
    return path


def told(project: Project, rule: str) -> list[Finding]:
    """The rule's findings in the order in which they are shown."""
    return [finding for finding in check(project, [KEY]).findings if finding.rule == rule]


LINES = TEXTS["overview"].count("\n")


@pytest.mark.parametrize(
    ("written", "rule", "column", "words"),
    [
        ("公开{figures.website}条", "TEXT-REFERENCE", 3, "应写作 {{ figures.website }}"),
        ("公开{{ figures.website }条", "TEXT-REFERENCE", 3, "应写作 {{ figures.website }}"),
        ("公开 figures.website }}条", "TEXT-REFERENCE", 20, "花括号不成对"),
        ("公开｛figures.website｝条", "TEXT-REFERENCE", 3, "应写作 {{ figures.website }}"),
        ("公开【figures.website】条", "TEXT-REFERENCE", 4, "引用缺少花括号"),
        ("共ｆｉｇｕｒｅｓ．ｗｅｂｓｉｔｅ条", "TEXT-REFERENCE", 2, "应写作 {{ figures.website }}"),
        ("公开{{ figures.网站 }}条", "TEXT-REFERENCE", 6, "没有“figures.网站”"),
        ("见![网站首页](a.png)。", "TEXT-MARKUP", 2, "图片不能放入文字"),
        ("其中<u>重点</u>公开", "TEXT-MARKUP", 3, "网页标记"),
        ("点赞👍很多", "TEXT-CHARACTER", 3, "U+1F44D"),
        ("已完成☑全部", "TEXT-CHARACTER", 4, "U+2611"),
        ("甲\x02乙", "TEXT-CHARACTER", 2, "U+0002"),
    ],
)
def test_what_would_be_printed_wrong_is_an_error_with_its_place(
    project: Project, written: str, rule: str, column: int | None, words: str
) -> None:
    narrative(project, f"<!-- 说明\n两行 -->\n{written}\n")
    (found,) = told(project, rule)
    assert found.blocks
    assert words in found.message
    source = found.source
    assert source is not None
    assert (source.line, source.column) == (LINES + 3, str(column) if column else None)
    assert re.search("[\u4e00-\u9fff]", found.message)
    assert found.message_en


def printed(project: Project, text: str) -> str:
    """The section as it will be printed, without what stands there anyway."""
    narrative(project, "\n" + text)
    report = load(project, KEY)
    rendered = render(report.texts["overview"], report, None)
    assert rendered.issues == ()
    return rendered.text[len(TEXTS["overview"]) :].strip()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("共｛｛ applications．new。total ｝｝件", "共{{ applications.new.total }}件"),
        ("｛% if year ＞ 2000 %｝是｛% endif %｝", "是"),
        ("##（六）其他工作", "## （六）其他工作"),
        ("（六）其他工作", "## （六）其他工作"),
        ("公开<!-- 待核 -->及时", "公开及时"),
    ],
)
def test_what_is_certainly_meant_is_taken(project: Project, written: str, meant: str) -> None:
    assert printed(project, written) == printed(project, meant)


def test_the_sections_own_heading_is_not_printed_twice_and_that_is_said(project: Project) -> None:
    path = narrative(project, "")
    path.write_text("一、总体情况\n\n" + TEXTS["overview"], encoding="utf-8")
    assert "总体情况" not in load(project, KEY).texts["overview"].template.split("\n")[0]
    (found,) = told(project, "INPUT-TAKEN")
    assert (found.severity, found.source) == (Severity.NOTE, Source(project.relative(path), 1))


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("narrative/03_application.md", "03_applications.md"),
        ("narrative/1_overview.md", "01_overview.md"),
        ("narrative/01_overview.md.txt", "01_overview.md"),
        ("narrative/总体情况.md", "01_overview.md"),
        ("narrative/01_overview.docx", "01_overview.md"),
        ("06_other.md", "06_other.md"),
        ("applications.xlsx", "applications.csv"),
        ("表三.xlsx", "applications.csv"),
        ("application.csv", "applications.csv"),
    ],
)
def test_a_file_that_nothing_reads_is_named_with_the_right_name(project: Project, name: str, near: str) -> None:
    folder = project.data_of(KEY)
    right = folder / name.partition("/")[0] / near if "/" in name else folder / near
    right.unlink(missing_ok=True)
    (folder / name).write_bytes("文字".encode())
    (found,) = told(project, "INPUT-STRAY")
    assert found.blocks
    assert near in found.message
    assert name in found.message


@pytest.mark.parametrize(("name", "again"), [("01_overview.md.txt", False), ("01_overview.docx", True)])
def test_a_text_under_a_wrong_name_need_not_be_saved_anew(project: Project, name: str, again: bool) -> None:
    path = narrative(project, "")
    path.rename(path.with_name(name))
    (found,) = told(project, "INPUT-STRAY")
    assert ("另存为" in found.message) is again


@pytest.mark.parametrize("name", ["applications - 副本.csv", "narrative/01_overview - 副本.md", "表三.xlsx"])
def test_a_copy_beside_the_right_file_is_a_warning(project: Project, name: str) -> None:
    (project.data_of(KEY) / name).write_bytes("文字".encode())
    (found,) = told(project, "INPUT-STRAY")
    assert (found.state, found.blocks) == (FindingState.WARN, False)


def test_a_workbook_of_a_tables_name_beside_the_table_is_an_error(project: Project) -> None:
    (project.data_of(KEY) / "applications.xlsx").write_bytes(b"x")
    (found,) = told(project, "INPUT-STRAY")
    assert found.blocks
    assert "并存" in found.message


@pytest.mark.parametrize(
    "name", ["~$applications.xlsx", ".applications.csv.swp", "narrative/.DS_Store", "opinions.csv"]
)
def test_what_programs_leave_and_an_offices_own_data_are_no_findings(project: Project, name: str) -> None:
    (project.data_of(KEY) / name).write_bytes(b"x")
    assert told(project, "INPUT-STRAY") == []


def edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8-sig")), encoding="utf-8")


def test_all_that_is_wrong_is_told_in_one_round_in_the_forms_order(project: Project) -> None:
    edit(project.year_file(KEY), lambda text: re.sub("published:.*", "published: 明年", text))
    edit(project.office_file(KEY.office), lambda text: re.sub("kind:.*", "kind: 机关", text))
    edit(project.table_file(KEY, "applications"), lambda text: re.sub(r"(\nnew,[^,]*),\d+", r"\1,约3", text))
    edit(project.table_file(KEY, "proactive"), lambda text: re.sub(r"(licences,.*,)\d+", r"\g<1>=SUM(A1)", text))
    project.table_file(KEY, "review").unlink()
    narrative(project, "\n{{ figures.nothing }}和{{ applications.nwe.total }}\n")
    report = check(project, [KEY])
    rules = [finding.rule for finding in report.blocking]
    assert rules.count("INPUT") == 3
    assert rules.count("TEXT-REFERENCE") == 2
    text = render_text(report)
    assert text.index("表二“行政许可”") < text.index("表三“新收”")
    assert "粘贴为数值" in text


def test_blank_cells_of_a_table_are_one_finding_and_a_few_are_named(project: Project) -> None:
    path = project.table_file(KEY, "applications")
    edit(path, lambda text: re.sub(r",\d+,\d+,\d+,\d+,\d+,\d+,\d+", ",1,,,,,,", text))
    (found,) = told(project, "CELL-MISSING")
    assert re.search(r"表三还有\d+格空白", found.message)
    assert found.source == Source(project.relative(path), 2, "commercial")


def test_a_total_left_blank_is_worked_out_and_noted(project: Project) -> None:
    edit(project.table_file(KEY, "review"), lambda text: re.sub(r",\d+(?=\r?\n)", ",", text))
    report = check(project, [KEY])
    assert report.blocking == ()
    assert ["总计已按" in finding.message for finding in report.findings if finding.rule == "INPUT-TAKEN"] == [True]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("website,网站,1.3万,条,", "CELL-TEXT"),
        ("website,网站,#REF!,条,", "CELL-TEXT"),
        ("website,网站,27（含转载8条）,条,", "CELL-TEXT"),
        ("trainings,培训,2.5,期,", "CELL-WHOLE"),
        ("website,网站," + "9" * 30 + ",条,", "CELL-RANGE"),
    ],
)
def test_the_counts_that_only_the_words_state_are_checked_too(project: Project, line: str, rule: str) -> None:
    path = project.table_file(KEY, "figures")
    path.write_text(
        f"key,label,value,unit,note\n{line}\nfee,信息处理费,12.50,元,\nwhole,简报,14.0,期,\n", encoding="utf-8"
    )
    (found,) = [finding for finding in check(project, [KEY]).findings if finding.table == "figures"]
    assert (found.rule, found.blocks, found.source) == (rule, True, Source(project.relative(path), 2, "value"))
    assert ("只填“27”" in found.message) == ("27" in line)


@pytest.mark.parametrize(
    ("printed", "advice"), [("47.538", "如为千分位，应填“47538”"), ("2.5", "核对原始数据后填写整数")]
)
def test_a_count_that_is_not_whole_is_told_what_to_write(project: Project, printed: str, advice: str) -> None:
    edit(project.table_file(KEY, "applications"), lambda text: re.sub(r"(?m)^(new,[^,]*),\d+", rf"\1,{printed}", text))
    (found,) = told(project, "CELL-WHOLE")
    assert advice in found.message


@pytest.mark.parametrize(
    ("printed", "advice"),
    [
        ('"1,014 (其中网上800件)"', "只填“1014”"),
        ("12件[含转办]", "只填“12”"),
        ("约12", "只填“12”"),
        ("(12)", "只填“12”"),
        ("合计12件", "只填“12”"),
        ("12↑", "只填“12”"),
        ("十二", "阿拉伯数字"),
        ("1.3万", "写出全部数字"),
        ("1O", "写成了字母"),
        ("=SUM(C2:H2)", "粘贴为数值"),
        ("12月", "应填数字"),
    ],
)
def test_a_text_that_was_meant_as_a_number_is_told_what_to_write(project: Project, printed: str, advice: str) -> None:
    edit(project.table_file(KEY, "applications"), lambda text: re.sub(r"(?m)^(new,[^,]*),\d+", rf"\1,{printed}", text))
    (found,) = told(project, "CELL-TEXT")
    assert advice in found.message


def test_decimals_that_a_program_wrote_lose_no_check(project: Project) -> None:
    before = check(project, [KEY]).evaluated[KEY]
    edit(project.table_file(KEY, "applications"), lambda text: re.sub(r",(\d+)(?=[,\r\n])", r",\1.0", text))
    report = check(project, [KEY])
    assert (report.blocking, report.evaluated[KEY]) == ((), before)


def test_whatever_breaks_for_one_office_year_is_its_own_finding(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nianbao.checks.run as running

    whole = running.check_texts

    def breaks(subject: object, ledger: object) -> None:
        if subject.key == KEY:  # type: ignore[attr-defined]
            raise ZeroDivisionError("here")
        whole(subject, ledger)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "check_texts", breaks)
    report = check(project, [KEY, KEY.previous])
    assert [(finding.rule, finding.key) for finding in report.blocking] == [("INPUT", KEY)]
    assert report.evaluated[KEY.previous] > 500


def test_signs_that_a_terminal_would_obey_are_shown(project: Project) -> None:
    edit(
        project.table_file(KEY, "review"),
        lambda text: re.sub("reconsideration,[^,]*", "reconsideration,\x1b]0;x\x07", text),
    )
    text = render_text(check(project, [KEY]))
    assert "\x1b" not in text
    assert r"\x1b]0;x\x07" in text


def test_a_text_of_plain_words_needs_no_template() -> None:
    rendered = render(Text("overview", "甲\n乙\n", Source("n.md")), GOOD, None)
    assert (rendered.text, rendered.lines) == ("甲\n乙\n", (1, 2, 3))


def test_words_of_attachments_are_read_and_what_they_count_is_never_certain(project: Project) -> None:
    path = project.narrative_of(KEY) / "附件.md"
    total = GOOD.value(CellRef("applications", "new", "total")).number
    assert total is not None
    path.write_text(
        f"# 情况\n\n按照要求要求，见{{{{ figures.nothing }}}}。\n\n本年新收政府信息公开申请{total + 1}件。\n", "utf-8"
    )
    where = project.relative(path)
    found = [one for one in check(project, [KEY]).findings if one.source and one.source.path == where]
    lines = {one.rule: one.source.line for one in found if one.source}
    assert lines["WORDS-DOUBLED"] == 3
    assert lines["TEXT-REFERENCE"] == 3
    assert {one.state for one in found if one.source and one.source.line == 5} == {FindingState.UNCERTAIN}
    assert "TEXT-UNBOUND" not in lines


def test_findings_of_one_line_stand_in_the_order_of_its_words(project: Project) -> None:
    narrative(project, f"{'公开' * 5}{{{{ figures.a }}}}条，{'公开' * 50}{{{{ figures.b }}}}条\n")
    assert [finding.source.column for finding in told(project, "TEXT-REFERENCE") if finding.source] == ["14", "131"]


def test_a_folder_that_refuses_to_be_listed_is_an_error_of_its_own(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    narratives = project.narrative_of(KEY)
    close(monkeypatch, narratives)
    (found,) = told(project, "INPUT")
    assert found.blocks
    assert found.source is not None
    assert found.source.path.startswith(project.relative(narratives))
    assert "文件夹无法列出" in found.message


def test_places_within_published_files_are_told_in_chinese() -> None:
    assert Source("来稿.docx", place="table 2 row 3 cell 4").in_chinese == "来稿.docx:第2个表格第3行第4格"
    assert Source("来稿.pdf", place="page 3, line 2").in_chinese == "来稿.pdf:第3页第2行"
    assert Source("来稿.ods", place="表一!row 7").in_chinese == "来稿.ods:表一第7行"
    assert Source("来稿.txt", place="overview").in_chinese == "来稿.txt:总体情况"
    assert Source("page 3.html", 5, "total").in_chinese == "page 3.html:5:total"


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("applications", "applications.new.total"),
        ("review", "review.reconsideration.total"),
        ("figures", "figures.website"),
    ],
)
def test_what_a_lost_table_would_give_is_not_told_reference_by_reference(
    project: Project, table: str, name: str
) -> None:
    narrative(project, f"\n共{{{{ {name} }}}}件，其中{{{{ {name} }}}}件已办。\n\n再述{{{{ {name} }}}}件。\n")
    project.table_file(KEY, table).write_bytes(b"PK\x03\x04 a workbook under the name of a table")
    report = check(project, [KEY])
    assert [finding.rule for finding in report.blocking] == ["INPUT"]


def test_a_reference_to_a_row_that_is_missing_is_told_as_well_as_the_row(project: Project) -> None:
    path = project.table_file(KEY, "applications")
    path.write_text(
        "".join(line for line in path.read_text("utf-8").splitlines(True) if not line.startswith("granted,")), "utf-8"
    )
    narrative(project, "\n予以公开{{ applications.granted.total }}件。\n")
    report = check(project, [KEY])
    assert {finding.rule for finding in report.blocking} >= {"TABLE-SHAPE", "TEXT-REFERENCE"}
