"""The portal: what it holds, that its links lead somewhere, and what a second build takes over."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import etree

from builders import made, stitched_notebook
from nianbao.errors import InputError, UsageError
from nianbao.export import FILE_NAMES
from nianbao.form import EDITIONS
from nianbao.form.cells import number
from nianbao.model import ReportKey
from nianbao.paths import Project, select
from nianbao.site import Built, build_site

NAME = "示例市人民政府办公室"
ONE = f"offices/shili/{NAME}2023年政府信息公开工作年度报告"


def finish(
    project: Project,
    year: int,
    *,
    office: str = "shili",
    pdf: bytes = b"%PDF-1.7 one",
    counted: int = 0,
    dated: bool = True,
) -> None:
    """A finished report of the year, with a stand-in for its PDF."""
    edition = "2019" if year < 2021 else "2021"
    value = number(counted)
    notebook = stitched_notebook(edition=edition, year=year, value_of=(lambda _: value) if counted else None)
    if not dated:
        notebook.metadata["nianbao"]["published"] = None
    folder = project.output_of(ReportKey(office, year))
    folder.mkdir(parents=True, exist_ok=True)
    import nbformat

    files = {
        "report.ipynb": nbformat.writes(notebook).encode(),
        "report.html": made(notebook, "html"),
        "report.pdf": pdf,
    }
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()]
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")


@pytest.fixture
def reported(project: Project) -> Project:
    for year in (2020, 2022, 2023):
        finish(project, year)
    return project


def built(project: Project, **choice: list[str]) -> Built:
    return build_site(project, select(project, **choice), project.root / "portal")


def contents(folder: Path) -> Mapping[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_office_year_and_report_has_a_page_and_files_have_names_that_people_give(reported: Project) -> None:
    found = contents(built(reported).folder)
    for path in (
        "index.html",
        "offices/shili/index.html",
        "offices/shili/compare.html",
        "offices/panzhihua/index.html",
        "years/2023/index.html",
        "offices/shili/2023.html",
        "offices/shili/2023-report.html",
    ):
        assert path in found
    names = [path for path in found if path.startswith("offices/shili/") and path.endswith(".pdf") and "2023" in path]
    assert len(names) == 1
    assert names[0].endswith("2023年政府信息公开工作年度报告.pdf")


def test_every_link_leads_to_a_file_from_a_folder_or_from_below_any_address(reported: Project, tmp_path: Path) -> None:
    folder = shutil.move(built(reported).folder, tmp_path / "elsewhere")
    links = 0
    for page in Path(folder).rglob("*.html"):
        for target in re.findall(r'(?:href|src)="([^"#][^"]*)"', page.read_text("utf-8")):
            if target.startswith(("http:", "https:", "data:", "mailto:")):
                assert page.name.endswith("-report.html"), target  # a report's own words
                continue
            assert not target.startswith("/")
            path = (page.parent / unquote(target.partition("#")[0])).resolve()
            assert path.is_relative_to(Path(folder).resolve())
            assert path.is_file() or (page.name.endswith("-report.html") and path.suffix in {".docx", ".xlsx"}), (
                page,
                target,
            )
            links += 1
    assert links > 40


def test_who_has_no_report_is_said_on_the_start_page_and_on_that_of_the_year(reported: Project) -> None:
    folder = built(reported).folder
    assert "有2份尚未公布" in (folder / "index.html").read_text("utf-8")
    year = (folder / "years/2023/index.html").read_text("utf-8")
    assert "尚未公布的单位（1个）" in year
    assert "攀枝花市人民政府办公室" in year
    assert "2021年的报告尚未公布" in (folder / "offices/shili/index.html").read_text("utf-8")


def test_a_draft_is_not_on_the_portal_and_its_year_is_still_missing(reported: Project) -> None:
    final, draft = (reported.output_of(ReportKey("shili", 2021), draft=draft) for draft in (False, True))
    finish(reported, 2021)
    assert "offices/shili/2021.html" in contents(built(reported).folder)
    final.rename(draft)
    found = contents(built(reported).folder)
    assert not [path for path in found if "草稿" in path or path.startswith("offices/shili/2021")]
    assert "2021年的报告尚未公布" in found["offices/shili/index.html"].decode()


def test_the_same_reports_give_the_same_bytes_and_a_second_build_writes_nothing(reported: Project) -> None:
    first = built(reported)
    before = contents(first.folder)
    assert all(why == "new" for _, why in first.changes)
    again = built(reported)
    assert again.changes == ()
    assert contents(again.folder) == before
    fresh = build_site(reported, select(reported), reported.root / "other")
    assert contents(fresh.folder) == before


def test_a_changed_report_rewrites_its_files_and_says_why(reported: Project) -> None:
    built(reported)
    finish(reported, 2023, pdf=b"%PDF-1.7 two")
    ((path, why),) = built(reported).changes
    assert path.endswith("2023年政府信息公开工作年度报告.pdf")
    assert why == "changed: outputs/shili/2023/report.pdf"
    shutil.rmtree(reported.output_of(ReportKey("shili", 2022)))
    changes = dict(built(reported).changes)
    assert changes["offices/shili/2022.html"] == "gone"
    assert changes["index.html"] == "what it shows changed"
    assert "offices/shili/2023-report.html" not in changes
    finish(reported, 2023, counted=7)
    changes = dict(built(reported).changes)
    assert {"offices/shili/compare.html", "search/2023.js", "data/cells.csv.zip"} < set(changes)
    assert not {"search/2020.js", "search.html", "years/2020/index.html"} & set(changes)
    fresh = build_site(reported, select(reported), reported.root / "other")
    assert contents(fresh.folder) == contents(reported.root / "portal")


def test_a_file_that_is_not_as_recorded_stops_the_build_and_the_old_portal_stays(reported: Project) -> None:
    before = contents(built(reported).folder)
    finish(reported, 2023, pdf=b"%PDF-1.7 two")
    (reported.output_of(ReportKey("shili", 2023)) / "report.pdf").write_bytes(b"damaged")
    with pytest.raises(InputError, match="SHA256SUMS"):
        built(reported)
    assert contents(reported.root / "portal") == before
    assert not list(reported.root.glob(".portal-*"))


def test_a_folder_with_something_else_in_it_is_never_replaced(reported: Project) -> None:
    (reported.root / "portal").mkdir()
    (reported.root / "portal" / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="something else"):
        built(reported)
    assert (reported.root / "portal" / "letter.txt").read_text("utf-8") == "mine"


def test_reports_can_be_chosen_and_none_at_all_is_an_error(reported: Project) -> None:
    assert [entry.key for entry in built(reported, years=["2022-2023"], offices=["shi*"]).portal.entries] == [
        "shili/2022",
        "shili/2023",
    ]
    with pytest.raises(UsageError, match="no finished report"):
        built(reported, offices=["panzhihua"])


def test_years_stand_side_by_side_and_what_an_edition_lacks_is_not_worked_out(reported: Project) -> None:
    page = (built(reported).folder / "offices/shili/compare.html").read_text("utf-8")
    row = re.search(r'">其他处理·其他<th scope="row">总计<td>(.*)', page) or re.search(
        r'">其他处理·其他(?s:.*?)<th scope="row">总计<td>(.*)', page
    )
    assert row is not None
    assert row[1].startswith("无此栏<td>")
    assert '<tr><th scope="rowgroup" rowspan="7">新收<th scope="row">自然人<td>' in page
    assert 'aria-label="自然人：2020年' in page
    assert "文字对比：2022年与2023年" in page
    assert "20<del>22</del><ins>23</ins>年" in page or "<del>2022</del><ins>2023</ins>年" in page


def test_the_record_names_every_file_with_its_digest(reported: Project) -> None:
    found = dict(contents(built(reported).folder))
    record = json.loads(found.pop("portal.json"))
    digests = {path: hashlib.sha256(content).hexdigest()[:16] for path, content in sorted(found.items())}
    assert record["files"] == digests
    assert set(FILE_NAMES) >= {"html", "pdf"}


def test_what_people_have_put_into_the_portal_stays(reported: Project) -> None:
    portal = built(reported).folder
    (portal / "robots.txt").write_text("User-agent: *\n", "utf-8")
    (portal / "notes").mkdir()
    (portal / "notes" / "reader.md").write_text("对外联系电话", "utf-8")
    shutil.rmtree(reported.output_of(ReportKey("shili", 2020)))
    again = built(reported)
    assert (portal / "robots.txt").read_text("utf-8") == "User-agent: *\n"
    assert (portal / "notes" / "reader.md").read_text("utf-8") == "对外联系电话"
    assert not (portal / "offices" / "shili" / "2020.html").exists()
    assert ("robots.txt", "gone") not in again.changes


def test_the_figures_are_there_for_programs_with_a_schema_that_fits(reported: Project) -> None:
    portal = built(reported)
    package = json.loads((portal.folder / "data/datapackage.json").read_bytes())
    with zipfile.ZipFile(portal.folder / "data/cells.csv.zip") as packed:
        rows = list(csv.DictReader(io.StringIO(packed.read("cells.csv").decode("utf-8-sig"))))
    cells, reports = package["resources"]
    assert [field["name"] for field in cells["schema"]["fields"]] == list(rows[0])
    keys = [tuple(row[name] for name in cells["schema"]["primaryKey"]) for row in rows]
    assert len(set(keys)) == len(keys) == sum(len(EDITIONS[entry.edition].cells) for entry in portal.portal.entries)
    head, *lines = json.loads((portal.folder / "data/reports.json").read_bytes())
    assert [field["name"] for field in reports["schema"]["fields"]] == head
    by_year = {line[head.index("year")]: line for line in lines}
    places = [[row[name] for name in ("table", "row", "column", "year")] for row in rows]
    assert places[:3] == [[*places[0][:3], str(year)] for year in (2020, 2022, 2023)]  # a cell's years, one by one
    for row in rows:
        said = by_year[int(row["year"])][head.index(f"{row['table']}.{row['row']}.{row['column']}")]
        assert ("" if said is None else str(said)) == row["value"]
    assert [row["value"] for row in rows if row["year"] == "2023" and row["label"].endswith("新收 · 总计")] == ["17"]


def test_an_offices_page_has_its_own_data(reported: Project) -> None:
    folder = built(reported).folder
    with zipfile.ZipFile(folder / "offices/shili/data.zip") as packed:
        assert sorted(packed.namelist()) == ["cells.csv", "datapackage.json", "reports.json"]
        assert json.loads(packed.read("datapackage.json"))["resources"][0]["path"] == "cells.csv"


def test_feed_and_site_map_name_whole_addresses_and_are_made_only_where_one_is_known(reported: Project) -> None:
    keys = select(reported)
    folder = build_site(reported, keys, reported.root / "portal").folder
    assert not (folder / "feed.xml").exists()
    assert "canonical" not in (folder / "index.html").read_text("utf-8")
    build_site(reported, keys, folder, base="https://example.org/reports")
    feed = etree.fromstring((folder / "feed.xml").read_bytes())
    atom = "{http://www.w3.org/2005/Atom}"
    links = [link.attrib["href"] for link in feed.iter(f"{atom}link")]
    assert all(link.startswith("https://example.org/reports/") for link in links)
    places = [each.text or "" for each in etree.fromstring((folder / "sitemap.xml").read_bytes()).iter() if each.text]
    pages = [place for place in places if place.startswith("https://")]
    assert len(pages) == len(set(pages))
    for page in pages:
        assert (folder / page.removeprefix("https://example.org/reports/")).is_file(), page
    assert "https://example.org/reports/sitemap.xml" in (folder / "robots.txt").read_text("utf-8")
    start = (folder / "index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://example.org/reports/index.html">' in start


def test_pages_say_what_they_are_to_search_engines(reported: Project) -> None:
    folder = built(reported).folder
    kinds = {
        "offices/shili/2023.html": "Report",
        "offices/shili/index.html": "Dataset",
        "data/index.html": "Dataset",
    }
    for name, kind in kinds.items():
        (script,) = re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', (folder / name).read_text("utf-8")
        )
        assert json.loads(script)["@type"] == kind
    report = json.loads(
        re.findall(r"ld\+json\">(.*?)</script>", (folder / "offices/shili/2023.html").read_text("utf-8"))[0]
    )
    for each in report["encoding"]:
        assert (folder / "offices/shili" / unquote(each["contentUrl"])).is_file()


def test_colours_and_faces_are_those_of_the_reports_page(reported: Project) -> None:
    style = (built(reported).folder / "style.css").read_text("utf-8")
    page = (reported.output_of(ReportKey("shili", 2023)) / "report.html").read_text("utf-8")
    declared = re.findall(r"--[a-z]+: [^;]+;", page)
    assert "--song" in " ".join(declared)
    assert [each for each in declared if each not in style] == []


def test_a_robots_txt_of_the_offices_own_stays(reported: Project) -> None:
    folder = built(reported).folder
    (folder / "robots.txt").write_text("User-agent: *\nDisallow: /\n")
    build_site(reported, select(reported), folder, base="https://example.org/")
    assert "Disallow" in (folder / "robots.txt").read_text("utf-8")


def test_without_a_day_of_publication_there_is_no_feed_and_no_link_to_one(project: Project) -> None:
    finish(project, 2023, dated=False)
    folder = build_site(project, select(project), project.root / "portal", base="https://example.org/").folder
    assert not (folder / "feed.xml").exists()
    assert (folder / "sitemap.xml").is_file()
    assert [page for page in folder.rglob("*.html") if "feed.xml" in page.read_text("utf-8")] == []
