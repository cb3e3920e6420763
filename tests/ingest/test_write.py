from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from ingest.damage import chance_of, grids, report, rows_of, text_of
from nianbao.errors import IngestError, UsageError
from nianbao.form import EDITIONS, CellRef
from nianbao.form.cells import State, parse
from nianbao.ingest import GAP_RULE, Ingested, read, to_json, to_office_year, write
from nianbao.inputs import load, render
from nianbao.model import OfficeKind, ReportKey
from nianbao.paths import Project

KEY = ReportKey("shili", 2023)
REPORT = """示例县虚构局
2023年政府信息公开工作年度报告
一、总体情况
2023年，共收到政府信息公开申请14件，办结14件，办结率100%。公开信息1024条，依据《2023年要点》（示办〔2023〕30号）。
（一）主动公开
涵盖8个文种、18个主题，模板写作{{ figures.x }}和{% if %}。
二、主动公开政府信息情况
第二十条第（一）项
信息内容\t本年制发件数\t本年废止件数\t现行有效件数
规章\t/\t\t4
行政规范性文件\t6\t16\t43
注：规范性文件含联合发文。
三、收到和处理政府信息公开申请情况
一、本年新收政府信息公开申请数量\t10\t4\t0\t0\t0\t0\t14
二、上年结转政府信息公开申请数量\t0\t0\t0\t0\t0\t0\t0
三、本年度办理结果\t（七）总计\t10\t4\t0\t0\t0\t0\t14
五、存在的主要问题及改进情况
公开不够及时。
六、其他需要报告的事项
无。
示例县虚构局
2024年1月12日
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def ingested(folder: Path, text: str = REPORT) -> Ingested:
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_json_keeps_numbers_blanks_and_signs_apart(tmp_path: Path) -> None:
    found = to_json(ingested(tmp_path), KEY)
    assert found["proactive"]["regulations"] == {"made": "NA", "repealed": None, "in_force": 4}
    assert found["applications"]["new"]["total"] == 14
    assert "granted" not in found["applications"]
    assert found["review"] == {}
    assert (found["office"], found["year"], found["edition"]) == ("shili", 2023, "2021")
    assert found["origin"]["proactive.regulations.made"] == "report.txt:10"
    assert set(found["narrative"]) == {"overview", "problems", "other"}
    assert {finding["rule"] for finding in found["findings"]} == {GAP_RULE}
    json.dumps(found, ensure_ascii=False)


def test_an_amount_in_a_unit_of_its_own_is_text_in_json(tmp_path: Path) -> None:
    text = (
        "二、主动公开政府信息情况\n信息内容\t采购项目数量\t采购总金额\n政府集中采购\t2\t251000元\n"
        "三、收到和处理政府信息公开申请情况\n"
    )
    procurement = to_json(ingested(tmp_path, text), KEY)["proactive"]["procurement"]
    assert procurement == {"projects": 2, "amount": "251000元"}


def test_written_inputs_load_and_give_the_same_cells(tmp_path: Path, project: Project) -> None:
    found = ingested(tmp_path)
    files = write(project, found, KEY)
    assert "params/shili/office.yaml" in files
    loaded = load(project, KEY)
    assert not loaded.issues
    for ref, cell in found.cells.items():
        assert (loaded.value(ref).state, loaded.value(ref).number) == (cell.value.state, cell.value.number)
    assert all(loaded.value(ref).state is State.BLANK for ref in loaded.cells if ref not in found.cells)
    assert str(loaded.published) == "2024-01-12"
    assert (loaded.office.name, loaded.office.kind) == ("示例县虚构局", OfficeKind.DEPARTMENT)


def test_written_texts_print_as_they_were_read(tmp_path: Path, project: Project) -> None:
    found = ingested(tmp_path)
    write(project, found, KEY)
    loaded = load(project, KEY)
    printed = {slug: render(text, loaded, None).text.strip() for slug, text in loaded.texts.items()}
    assert printed == dict(found.sections)


@pytest.mark.parametrize("words", ["共{5件", "{2023年工作", "共{{5件}}", "{%5件%}", "{#5件#}"])
def test_braces_beside_numbers_print_as_they_were_read(tmp_path: Path, project: Project, words: str) -> None:
    found = ingested(tmp_path, REPORT.replace("公开不够及时。", f"{words}。"))
    write(project, found, KEY)
    loaded = load(project, KEY)
    assert render(loaded.texts["problems"], loaded, None).text.strip() == found.sections["problems"]


def test_counts_refer_to_the_cells_and_figures_that_hold_them(tmp_path: Path, project: Project) -> None:
    write(project, ingested(tmp_path), KEY)
    template = load(project, KEY).texts["overview"].template
    assert "申请{{ applications.new.total }}件，办结{{ applications.processed.total }}件" in template
    assert "percent(applications.processed.total, applications.new.total + applications.carried_in.total)" in template
    assert "公开信息{{ figures.overview_1 }}条" in template
    assert "《2023年要点》（示办〔2023〕30号）" in template
    assert "{{ figures.overview_2 }}个文种、{{ figures.overview_3 }}个主题" in template


def test_a_count_that_differs_from_its_cell_becomes_a_figure(tmp_path: Path, project: Project) -> None:
    write(project, ingested(tmp_path, REPORT.replace("办结14件", "办结13件")), KEY)
    loaded = load(project, KEY)
    assert "办结{{ figures.overview_1 }}件" in loaded.texts["overview"].template
    assert loaded.figures["overview_1"].number == 13


def test_the_note_under_a_table_is_kept_with_its_section(tmp_path: Path) -> None:
    assert ingested(tmp_path).sections["proactive"] == "注：规范性文件含联合发文。"


def test_inputs_that_are_there_are_not_overwritten_unasked(tmp_path: Path, project: Project) -> None:
    found = ingested(tmp_path)
    write(project, found, KEY)
    table = project.table_file(KEY, "proactive")
    table.write_text("changed", encoding="utf-8")
    with pytest.raises(UsageError, match="has inputs already"):
        write(project, found, KEY)
    assert table.read_text(encoding="utf-8") == "changed"
    write(project, found, KEY, overwrite=True)
    assert table.read_text(encoding="utf-8") != "changed"


def test_what_a_report_does_not_hold_stays_in_the_inputs_that_are_there(tmp_path: Path, project: Project) -> None:
    write(project, ingested(tmp_path), KEY)
    figures = project.table_file(KEY, "figures")
    figures.write_text(figures.read_text(encoding="utf-8") + "website,网站,7,条,\r\n", encoding="utf-8")
    settings = project.year_file(KEY)
    settings.write_text("# 核对过\npublished: 2024-01-12\nprofile: illustrated\n", encoding="utf-8")
    partly = "示例县虚构局2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n规章\t1\t2\t3\n三、收到和处理政府信息公开申请情况\n"
    write(project, ingested(tmp_path, partly), KEY, overwrite=True)
    loaded = load(project, KEY)
    assert loaded.value(CellRef("proactive", "regulations", "made")).number == 1
    assert loaded.value(CellRef("proactive", "normative_documents", "in_force")).number == 43
    assert loaded.value(CellRef("applications", "new", "total")).number == 14
    assert {"website", "overview_1"} <= set(loaded.figures)
    assert str(loaded.published) == "2024-01-12"
    assert settings.read_text(encoding="utf-8").startswith("# 核对过")
    write(project, ingested(tmp_path), KEY, overwrite=True)
    keys = [line.split(",")[0] for line in figures.read_text(encoding="utf-8-sig").splitlines()]
    assert len(keys) == len(set(keys))
    assert "website" in keys


def test_the_deadline_is_that_of_the_offices_kind(tmp_path: Path, project: Project) -> None:
    undated = REPORT.replace("2024年1月12日", "").replace("虚构局", "人民政府")
    write(project, ingested(tmp_path, undated), KEY)
    assert "2024-03-31  # 原件未写明日期" in project.year_file(KEY).read_text(encoding="utf-8")


def test_the_offices_own_file_is_kept_and_the_next_year_is_added(tmp_path: Path, project: Project) -> None:
    found = ingested(tmp_path)
    write(project, found, KEY)
    office = project.office_file(KEY.office)
    office.write_text(office.read_text(encoding="utf-8") + "short_name: 虚构局\n", encoding="utf-8")
    write(project, found, ReportKey("shili", 2024))
    assert load(project, ReportKey("shili", 2024)).office.short_name == "虚构局"


def test_a_report_in_the_other_years_form_says_so_in_its_settings(tmp_path: Path, project: Project) -> None:
    made = report(chance_of("2019 in 2022"), "tabs", "2019", blanks=False)
    key = ReportKey("shili", 2022)
    write(project, ingested(tmp_path, made.content), key)
    assert load(project, key).edition.code == "2019"


def test_an_unreadable_office_name_or_id_does_not_reach_the_files(tmp_path: Path, project: Project) -> None:
    with pytest.raises(UsageError, match="identifier"):
        write(project, ingested(tmp_path), ReportKey("../x", 2023))


def test_values_for_the_rules_leave_unread_cells_out(tmp_path: Path) -> None:
    found = ingested(tmp_path)
    values = to_office_year(found, KEY)
    assert set(values.cells) == set(found.cells)
    assert values.texts["problems"].template == "公开不够及时。"
    assert values.edition.code == "2021"


def test_a_file_without_any_part_of_a_report_gives_no_values(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="no table and no section"):
        to_office_year(ingested(tmp_path, "今天天气很好。"), KEY)


def test_a_printed_pages_lines_are_put_together_into_paragraphs(tmp_path: Path) -> None:
    sentences = "".join(f"第{number}句话写明本机关全年公开信息的情况和数量。" for number in "一二三四五六")
    wide = [sentences[start : start + 28] for start in range(0, len(sentences), 28)]
    wide.insert(2, "－３－")
    text = "\n\n".join(
        ["一、总体情况", *wide, "（一）主动公开。公开信息 12 条。", "五、存在的主要问题及改进情况", "无。"]
    )
    assert ingested(tmp_path, text).sections["overview"] == f"{sentences}\n\n## （一）主动公开。\n\n公开信息12条。"


def test_markdowns_own_signs_are_kept_as_text(tmp_path: Path, project: Project) -> None:
    chance: random.Random = chance_of("signs")
    line = "".join(chance.sample("*_`#[]<>\\|", 9)) + "文字。"
    found = ingested(tmp_path, f"一、总体情况\n{line}\n# 不是标题。\n五、存在的主要问题及改进情况\n无。")
    from nianbao.export.markdown import blocks_of_markdown

    texts = [block.text for block in blocks_of_markdown(found.sections["overview"]) if hasattr(block, "text")]
    assert texts == [line, "# 不是标题。"]


WORDS = (
    "本年收到申请{new}件，自然人占71.43%，办结14件。其中予以公开5件，不予公开7件，无法提供2件。"
    "行政复议3件，其中维持1件；行政诉讼4件。规章制发1件、废止0件；行政规范性文件制发6件，现行有效43件。"
    "办理行政许可38件。咨询80件，当日答复60件，当日答复率75%。"
)


def filled(folder: Path, words: str) -> Ingested:
    rows = {
        "new": (10, 4), "carried_in": (0, 0), "granted": (5, 0), "denied_third_party": (4, 3),
        "unavailable_not_held": (1, 1), "processed": (10, 4), "carried_out": (0, 0),
    }  # fmt: skip
    cells = dict.fromkeys(EDITIONS["2021"].cells, 0)
    for row, (persons, firms) in rows.items():
        for column, value in (("natural_person", persons), ("commercial", firms), ("total", persons + firms)):
            cells[CellRef("applications", row, column)] = value
    others = {
        "proactive.regulations.made": 1, "proactive.normative_documents.made": 6, "proactive.licences.decisions": 38,
        "proactive.normative_documents.in_force": 43, "review.reconsideration.upheld": 1,
        "review.reconsideration.total": 3, "review.litigation_direct.total": 3,
        "review.litigation_after_reconsideration.total": 1,
    }  # fmt: skip
    cells |= {ref: value for ref in cells if (value := others.get(str(ref))) is not None}
    tables = grids(EDITIONS["2021"], {ref: parse(str(value)) for ref, value in cells.items()})
    lines = ["虚构县林业局2023年政府信息公开工作年度报告"]
    for section in EDITIONS["2021"].sections:
        lines.append(section.heading)
        lines += text_of(rows_of(tables[section.table], "none"), "tabs") if section.table else [words or "无。"]
        words = ""
    return ingested(folder, "\n".join([*lines, "虚构县林业局", "2024年1月12日", ""]))


def test_sums_of_rows_reviews_documents_and_rates_are_written_as_such(tmp_path: Path, project: Project) -> None:
    write(project, filled(tmp_path, WORDS.format(new=14)), KEY)
    report = load(project, KEY)
    template = report.texts["overview"].template
    for expression in (
        "申请{{ applications.new.total }}件，自然人占{{ percent(applications.new.natural_person, applications.new.total) }}",
        "不予公开{{ applications.denied_state_secret.total + ",
        "无法提供{{ applications.unavailable_not_held.total + applications.unavailable_needs_creation.total + ",
        "行政复议{{ review.reconsideration.total }}件，其中维持{{ review.reconsideration.upheld }}件",
        "行政诉讼{{ review.litigation_direct.total + review.litigation_after_reconsideration.total }}件",
        "规章制发{{ proactive.regulations.made }}件、废止{{ proactive.regulations.repealed }}件",
        "文件制发{{ proactive.normative_documents.made }}件，现行有效{{ proactive.normative_documents.in_force }}件",
        "行政许可{{ proactive.licences.decisions }}件",
        "答复率{{ percent(figures.overview_2, figures.overview_1) }}",
    ):
        assert expression in template
    assert render(report.texts["overview"], report, None).text.strip() == WORDS.format(new=14)


def test_growth_against_last_years_inputs_is_written_as_such(tmp_path: Path, project: Project) -> None:
    write(project, filled(tmp_path, WORDS.format(new=14)), KEY)
    words = "本年收到申请14件，申请数量与上年相比增长0%。比去年的10件增加4件，增长40%。"
    write(project, filled(tmp_path, words), ReportKey("shili", 2024))
    template = load(project, ReportKey("shili", 2024)).texts["overview"].template
    assert "percent(applications.new.total - figures.overview_1, figures.overview_1)" in template
    assert "last.applications.new.total" in template


def test_inputs_that_say_the_same_are_not_touched(tmp_path: Path, project: Project) -> None:
    found = filled(tmp_path, WORDS.format(new=14))
    write(project, found, KEY)
    words = project.text_file(KEY, EDITIONS["2021"].sections[0])
    words.write_text(words.read_text(encoding="utf-8") + "{# 核对过 #}\n", encoding="utf-8")
    table = project.table_file(KEY, "proactive")
    table.write_text(table.read_text(encoding="utf-8-sig").replace("38", "38.0"), encoding="utf-8")
    before = {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}
    assert write(project, found, KEY, overwrite=True) == ()
    assert {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()} == before


def test_figures_of_words_that_stay_are_kept_when_other_words_are_written_anew(
    tmp_path: Path, project: Project
) -> None:
    text = REPORT.replace("公开不够及时。", "培训3次。")
    write(project, ingested(tmp_path, text), KEY)
    write(project, ingested(tmp_path, text.replace("培训3次", "培训4次")), KEY, overwrite=True)
    report = load(project, KEY)
    for slug, words in (("overview", "公开信息1024条"), ("problems", "培训4次")):
        found = render(report.texts[slug], report, None)
        assert not found.issues
        assert words in found.text


def test_a_blank_in_a_report_empties_no_cell_of_the_inputs(tmp_path: Path, project: Project) -> None:
    write(project, ingested(tmp_path, REPORT.replace("规章\t/\t\t4", "规章\t/\t3\t4")), KEY)
    write(project, ingested(tmp_path), KEY, overwrite=True)
    assert load(project, KEY).cells[CellRef("proactive", "regulations", "repealed")].value.number == 3


def test_a_rate_of_numbers_in_another_sentence_stays_a_number(tmp_path: Path, project: Project) -> None:
    write(project, filled(tmp_path, "公开信息200条。解读50篇。网站群众满意率25%。"), KEY)
    assert "percent" not in load(project, KEY).texts["overview"].template
