"""Office, year and date are found where a reader finds them."""

from __future__ import annotations

import datetime

import pytest

from nianbao.ingest import Ingested
from nianbao.ingest.read import read_bytes

BODY = "一、总体情况\n（一）主动公开。照常公开。\n五、存在的主要问题及改进情况\n无。\n六、其他需要报告的事项\n无。\n"


def ingest(head: str, body: str = BODY) -> Ingested:
    text = f"{head}\n{body}"
    return read_bytes(text.encode(), "来稿.txt")[0]


@pytest.mark.parametrize(
    ("head", "office"),
    [
        ("虚构县林业局2024年政府信息公开工作年度报告", "虚构县林业局"),
        ("虚构县林业局2024年度政府信息公开年度报告", "虚构县林业局"),
        ("2024年虚构县林业局政府信息公开工作年度报告", "虚构县林业局"),
        ("2024年度虚构县林业局政务信息公开工作报告", "虚构县林业局"),
        ("虚构县林业局政府信息公开工作年度报告（2024年度）", "虚构县林业局"),
        ("虚构县林业局政府信息公开工作年度报告（2024年）", "虚构县林业局"),
        ("虚构县林业局政府信息公开年度报告(2024)", "虚构县林业局"),
        ("关于虚构县林业局2024年度政府信息公开工作的报告", "虚构县林业局"),
        ("虚构县林业局关于2024年度政府信息公开工作情况的报告", "虚构县林业局"),
        ("虚构县林业局\n2024年政府信息公开\n工作年度报告", "虚构县林业局"),
        ("虚构县林业局2024年政府信息\n公开工作年度报告", "虚构县林业局"),
        ("虚构县林业局\n政府信息公开工作年度报告\n（2024年度）", "虚构县林业局"),
        ("虚构县林业局二〇二四年政府信息公开工作年度报告", "虚构县林业局"),
        ("依据条例的要求，现发布虚构县林业局2024年政府信息公开工作年度报告。", "虚构县林业局"),
        ("根据有关规定，虚构县林业局编制了2024年度政府信息公开工作年度报告。", "虚构县林业局"),
        ("本报告由虚构县林业局编制，数据期限自2024年1月1日至12月31日。", "虚构县林业局"),
        ("统计期限为2024年1月1日—2024年12月31日。", None),
        ("虚构县林业局政府信息公开工作2024年度报告", "虚构县林业局"),
        ("虚构县林业局2024年度政务公开工作年度报告", "虚构县林业局"),
        ("虚构县林业局2024年政府信息公开工作总结", "虚构县林业局"),
        ("虚构县林业局关于报送2024年政府信息公开工作年度报告的函", "虚构县林业局"),
        ("2024年政府信息公开工作年度报告\n（虚构县林业局）", "虚构县林业局"),
        ("虚构县林业局\n政府信息公开工作年度报告\n（2024年1月1日至2024年12月31日）", "虚构县林业局"),
        ("3. 虚构县林业局2024年政府信息公开工作年度报告", "虚构县林业局"),
        ("【公示】虚构县林业局2024年政府信息公开工作年度报告", "虚构县林业局"),
        ("虚构县政府办（县外办）2024年政府信息公开工作年度报告", "虚构县政府办（县外办）"),
        ("虚构县12345热线中心2024年政府信息公开工作年度报告", "虚构县12345热线中心"),
        ("现将虚构县林业局2024年政府信息公开年度报告予以公布。", "虚构县林业局"),
        ("根据条例，现将2024年度虚构县林业局政府信息公开工作情况公布如下。", "虚构县林业局"),
        ("按照条例，虚构县林业局现公布2024年政府信息公开工作年度报告。", "虚构县林业局"),
        ("2024年，虚构县林业局认真贯彻条例，现将有关情况报告如下。", "虚构县林业局"),
        ("来源：虚构县林业局　时间：2025-01-20\n2024年度政府信息公开工作年度报告", "虚构县林业局"),
    ],
)
def test_office_and_year_are_found_in_titles_and_preambles(head: str, office: str | None) -> None:
    found = ingest(head)
    assert (found.office_name, found.year) == (office, 2024)


def test_a_year_with_which_section_1_begins_is_the_reports() -> None:
    found = ingest(
        "", BODY.replace("（一）主动公开。", "2024年，本局照常公开，比2023年多5条。\n（一）主动公开。2024年，")
    )
    assert found.year == 2024


def test_two_years_at_the_beginning_of_lines_are_not_guessed_between() -> None:
    assert ingest("", BODY.replace("（一）", "2024年，照常。\n2023年，照常。\n（一）")).year is None


def test_the_date_below_tells_the_year_before_it() -> None:
    found = ingest("", BODY + "虚构县林业局\n2025年1月9日\n")
    assert (found.office_name, found.year, found.published) == ("虚构县林业局", 2024, datetime.date(2025, 1, 9))


@pytest.mark.parametrize(
    "line",
    [
        "发布时间：2025-03-02 09:30　来源：林业局",
        "发布日期: 2025年3月2日",
        "2025/3/2 09:30",
        "信息来源：林业局 日期：2025.03.02",
    ],
)
def test_a_date_on_the_page_is_the_date_of_publication(line: str) -> None:
    found = ingest(f"虚构县林业局2024年政府信息公开工作年度报告\n{line}")
    assert found.published == datetime.date(2025, 3, 2)


def test_what_stands_around_a_title_is_no_office() -> None:
    found = ingest("当前位置：首页 政务公开\n2024年政府信息公开工作年度报告\n索引号 123")
    assert (found.office_name, found.year) == (None, 2024)


@pytest.mark.parametrize(
    "heading", ["1、总体情况", "1.总体情况", "一、概述", "一、总体情况。", "## 一、总体情况", "第一部分 总体情况"]
)
def test_headings_in_other_ways_of_writing_head_section_1(heading: str) -> None:
    found = ingest("虚构县林业局2024年政府信息公开工作年度报告", BODY.replace("一、总体情况", heading))
    assert "照常公开" in found.sections["overview"]


def test_sections_out_of_their_order_are_all_read() -> None:
    lines = BODY.splitlines()
    found = ingest("虚构县林业局2024年政府信息公开工作年度报告", "\n".join([*lines[4:], *lines[:4], ""]))
    assert set(found.sections) == {"overview", "problems", "other"}
    assert found.sections["other"] == "无。"


def test_the_only_year_of_which_section_1_speaks_is_the_reports() -> None:
    assert ingest("", BODY.replace("照常公开", "照常公开，2024年全年公开12条")).year == 2024
    assert ingest("", BODY.replace("照常公开", "照常公开，2024年公开12条，2023年10条")).year is None


def test_a_name_below_the_date_is_the_offices() -> None:
    found = ingest("", BODY + "2025年1月9日\n虚构县林业局\n")
    assert (found.office_name, found.year) == ("虚构县林业局", 2024)
    assert found.sections["other"] == "无。"


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("六、无其他需要报告的事项。", "无其他需要报告的事项。"),
        ("六、其他需要报告的事项。本年度未收费。", "本年度未收费。"),
        ("六、其他\n无。", "无。"),
    ],
)
def test_a_last_section_of_one_line_is_read(heading: str, text: str) -> None:
    body = BODY.replace("六、其他需要报告的事项\n无。", heading) + "虚构县林业局\n2025年1月9日\n"
    assert ingest("虚构县林业局2024年政府信息公开工作年度报告", body).sections["other"] == text
