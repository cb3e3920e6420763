"""The workbook out and in: every figure right or refused by its cell, whatever was done to the file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from areas import area
from campaign.fill import fill, opened, places, recalculated, saved, sheet_of
from looks import needs_soffice
from nianbao.campaign.workbook import form_workbook
from nianbao.checks import check
from nianbao.form import CellRef, edition_for
from nianbao.inputs import Files, load
from nianbao.inputs.invented import invented_values
from nianbao.inputs.units import figures_of
from nianbao.inputs.workbook import read_book
from nianbao.model import OfficeYear, ReportKey
from nianbao.paths import Project

KEY = ReportKey("a", 2024)
FORM = edition_for(2024)
NEW = CellRef("applications", "new", "natural_person")
MADE = CellRef("proactive", "normative_documents", "made")
UPHELD = CellRef("review", "reconsideration", "upheld")


@pytest.fixture(scope="module")
def shi(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return area(tmp_path_factory.mktemp("shi"), ["a", "b"], years=(2023,))


@pytest.fixture(scope="module")
def blank(shi: Project) -> bytes:
    return form_workbook(shi, KEY)


@pytest.fixture(scope="module")
def values(shi: Project) -> dict[CellRef, int]:
    last = {ref: int(cell.value.number or 0) for ref, cell in load(shi, KEY.previous).cells.items()}
    return invented_values(FORM, KEY, last)


def as_input(shi: Project, folder: Path, content: bytes) -> OfficeYear:
    """The office-year as it is read from this workbook."""
    project = Project(folder)
    shutil.copytree(shi.root, folder, dirs_exist_ok=True)
    path = project.workbook_file(KEY)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    project.year_file(KEY).write_text("published: 2025-01-20\n", "utf-8")
    return load(project, KEY)


def wrong(report: OfficeYear, values: dict[CellRef, int]) -> dict[CellRef, str]:
    """The cells that hold a number that nobody typed."""
    found = {}
    for ref, value in values.items():
        number = report.value(ref).number
        if number is not None and number != value:
            found[ref] = f"{number} for {value}"
    return found


def test_the_same_inputs_give_the_same_bytes(shi: Project, blank: bytes) -> None:
    assert form_workbook(shi, KEY) == blank


def test_it_has_its_sheets_no_macro_and_last_years_pending_cases(shi: Project, blank: bytes) -> None:
    book = opened(blank)
    assert book.sheetnames == ["填报说明", "表二", "表三", "表四", "其他数据", "文字", "_nianbao"]
    assert book["_nianbao"].sheet_state == "hidden"
    assert b"vbaProject" not in blank
    at = places(blank, FORM)
    last = load(shi, KEY.previous)
    for column in FORM.table("applications").columns:
        if column != "total":
            sheet, address = at[CellRef("applications", "carried_in", column)]
            carried = last.value(CellRef("applications", "carried_out", column)).number
            assert book[sheet][address].value == carried


def test_labels_are_locked_and_inputs_open(blank: bytes) -> None:
    book, at = opened(blank), places(blank, FORM)
    for ref, (sheet, address) in at.items():
        is_sum = ref.column == "total" or ref.row == "processed"
        assert book[sheet].protection.sheet
        assert book[sheet][address].protection.locked is is_sum, str(ref)
        assert str(book[sheet][address].value or "").startswith("=") is is_sum, str(ref)


def test_it_says_whose_it_is(blank: bytes) -> None:
    identity = read_book(blank, "x.xlsx").identity
    assert identity is not None
    assert (identity.office, identity.year, identity.edition) == ("a", 2024, "2021")


def test_what_is_typed_is_read_and_totals_are_worked_out(
    shi: Project, blank: bytes, values: dict[CellRef, int], tmp_path: Path
) -> None:
    report = as_input(shi, tmp_path, saved(fill(blank, FORM, values)))
    assert [issue for issue in report.issues if issue.kind.value != "taken"] == []
    for ref, value in values.items():
        assert report.value(ref).number == value, str(ref)
    assert str(report.cells[NEW].source).startswith("data/a/2024/report.xlsx:表三!")
    assert figures_of(Files(Project(tmp_path)), KEY) is not None


def test_words_and_counts_are_read_as_the_files_would_be(
    shi: Project, blank: bytes, values: dict[CellRef, int], tmp_path: Path
) -> None:
    book = fill(blank, FORM, values)
    texts = {str(row[0].value): row[1] for row in book["文字"].iter_rows(min_row=2)}
    texts["（一）主动公开"].value = "公开{{ figures.website }}条。\n又一段。"
    texts["六、其他需要报告的事项"].value = "没有收取信息处理费。"
    for row in book["其他数据"].iter_rows(min_row=3):
        if row[4].value == "website":
            row[1].value = 1326
    report = as_input(shi, tmp_path, saved(book))
    assert report.figures["website"].number == 1326
    assert report.texts["overview"].template == "## （一）主动公开\n\n公开{{ figures.website }}条。\n\n又一段。\n" or (
        "又一段。" in report.texts["overview"].template
    )
    assert report.texts["other"].template == "没有收取信息处理费。\n"


def test_a_workbook_beside_files_of_their_own_is_an_error_that_says_so(
    shi: Project, blank: bytes, values: dict[CellRef, int], tmp_path: Path
) -> None:
    as_input(shi, tmp_path, saved(fill(blank, FORM, values)))
    project = Project(tmp_path)
    project.table_file(KEY, "review").write_text("group,label,upheld\n", "utf-8")
    said = [finding.message for finding in check(project, [KEY]).findings if finding.rule == "INPUT"]
    assert any("只能保留一种" in message and "review.csv" in message for message in said)


def rename(book: Workbook) -> None:
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"Sheet{number}"


def reorder(book: Workbook) -> None:
    book.move_sheet("表三", offset=-2)
    book.move_sheet("文字", offset=-4)


def typed(ref: CellRef, value: object) -> Callable[[Workbook], None]:
    def damage(book: Workbook) -> None:
        sheet, address = _AT[ref]
        book[sheet][address].value = value

    return damage


def formatted(ref: CellRef, code: str) -> Callable[[Workbook], None]:
    def damage(book: Workbook) -> None:
        sheet, address = _AT[ref]
        book[sheet][address].number_format = code

    return damage


def with_mark(book: Workbook) -> None:
    sheet, address = _AT[NEW]
    book[sheet][address].value = CellRichText("1", TextBlock(InlineFont(vertAlign="superscript"), "2"))


def insert_row(book: Workbook) -> None:
    """As a spreadsheet program does: everything below moves, merged cells too."""
    for name, at in (("表二", 3), ("表三", 12), ("表四", 5)):
        sheet = book[name]
        ranges = [copy(area) for area in sheet.merged_cells.ranges]
        for merged_area in ranges:
            sheet.unmerge_cells(str(merged_area))
        sheet.insert_rows(at)
        for merged_area in ranges:
            if merged_area.min_row >= at:
                merged_area.shift(0, 1)
            elif merged_area.max_row >= at:
                merged_area.expand(down=1)
            sheet.merge_cells(str(merged_area))


def insert_column(book: Workbook) -> None:
    for name in ("表二", "表三", "表四"):
        sheet = book[name]
        for merged_area in [str(merged) for merged in sheet.merged_cells.ranges]:
            sheet.unmerge_cells(merged_area)
        sheet.insert_cols(5)


def merge_two(book: Workbook) -> None:
    sheet, address = _AT[NEW]
    cell = book[sheet][address]
    book[sheet].merge_cells(start_row=cell.row, end_row=cell.row, start_column=cell.column, end_column=cell.column + 1)


def delete_row(book: Workbook) -> None:
    sheet, address = _AT[CellRef("applications", "denied_third_party", "natural_person")]
    for merged_area in [str(merged) for merged in book[sheet].merged_cells.ranges]:
        book[sheet].unmerge_cells(merged_area)
    book[sheet].delete_rows(book[sheet][address].row)


def edit_label(book: Workbook) -> None:
    sheet, address = _AT[NEW]
    book[sheet].cell(book[sheet][address].row, 1).value = "今年收到的申请"


def double_row(book: Workbook) -> None:
    sheet = sheet_of(book, "applications")
    label = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "2.重复申请")
    sheet.cell(60, label.column).value = label.value


def swap_heads(book: Workbook) -> None:
    """Two heads change places: what stands below them goes by its head, as a person would read it."""
    sheet = sheet_of(book, "applications")
    one, two = (
        next(cell for row in sheet.iter_rows(max_row=5) for cell in row if cell.value == name)
        for name in ("商业企业", "科研机构")
    )
    one.value, two.value = two.value, one.value


def copy_sheet(book: Workbook) -> None:
    book.copy_worksheet(book["表三"]).title = "表三 (2)"


def no_identity(book: Workbook) -> None:
    del book["_nianbao"]


_AT: dict[CellRef, tuple[str, str]] = {}

# Name, what is done, what becomes of the cell: its right value, refused (None), or whatever is said ("text").
DAMAGES: list[tuple[str, Callable[[Workbook], None], CellRef, object]] = [
    ("sheets renamed", rename, NEW, "right"),
    ("sheets reordered", reorder, NEW, "right"),
    ("rows inserted", insert_row, NEW, "right"),
    ("columns inserted", insert_column, UPHELD, "right"),
    ("text figure", typed(NEW, "12"), NEW, 12),
    ("blanks around", typed(NEW, " 12 "), NEW, 12),
    ("full-width digits", typed(NEW, "１２"), NEW, 12),
    ("unit behind", typed(NEW, "12件"), NEW, 12),
    ("unit and full width", typed(NEW, "１２ 件"), NEW, 12),
    ("thousands", typed(NEW, "1,208"), NEW, 1208),
    ("full-width comma", typed(NEW, "1，208"), NEW, 1208),
    ("float", typed(NEW, 12.0), NEW, 12),
    ("blank for zero", typed(NEW, None), NEW, None),
    ("stroke in table 2", typed(MADE, "/"), MADE, None),
    ("words", typed(NEW, "十二"), NEW, None),
    ("about", typed(NEW, "约12"), NEW, None),
    ("brackets", typed(NEW, "12（含网上8件）"), NEW, None),
    ("error value", typed(NEW, "#REF!"), NEW, None),
    ("formula never reckoned", typed(NEW, "=5+7"), NEW, None),
    ("total as value", typed(CellRef("applications", "new", "total"), 12), CellRef("applications", "new", "total"), 12),
    ("date format", formatted(NEW, "yyyy-mm-dd"), NEW, None),
    ("percent format", formatted(NEW, "0%"), NEW, None),
    ("format in thousands", formatted(NEW, "#,##0,"), NEW, None),
    ("unit by format", formatted(NEW, '0"件"'), NEW, "right"),
    ("raised mark", with_mark, NEW, None),
    ("two cells merged", merge_two, NEW, None),
    ("row deleted", delete_row, CellRef("applications", "denied_third_party", "natural_person"), None),
    ("label edited", edit_label, NEW, None),
    ("row doubled", double_row, CellRef("applications", "not_processed_repeat", "natural_person"), None),
    ("sheet copied", copy_sheet, NEW, None),
    ("identity lost", no_identity, NEW, "right"),
]


@pytest.mark.parametrize(("name", "damage", "ref", "becomes"), DAMAGES, ids=[damage[0] for damage in DAMAGES])
def test_damage_is_read_right_or_refused_by_its_cell(
    shi: Project,
    blank: bytes,
    values: dict[CellRef, int],
    tmp_path: Path,
    name: str,
    damage: Callable[[Workbook], None],
    ref: CellRef,
    becomes: object,
) -> None:
    _AT.update(places(blank, FORM))
    book = fill(blank, FORM, values)
    damage(book)
    report = as_input(shi, tmp_path, saved(book))
    expected = {"right": values[ref], None: None}.get(becomes, becomes)  # type: ignore[call-overload]
    assert report.value(ref).number == expected, name
    known = {cell: value for cell, value in values.items() if cell != ref}
    sums = {cell for cell in known if cell.column == "total" or cell.row == "processed"}
    assert {cell for cell in wrong(report, known) if cell not in sums} == set()
    if becomes is None and not report.value(ref).printed:
        said = [finding.message for finding in check(Project(tmp_path), [KEY]).findings if finding.blocks]
        assert said, name


def test_heads_that_changed_places_are_refused_or_followed(
    shi: Project, blank: bytes, values: dict[CellRef, int], tmp_path: Path
) -> None:
    book = fill(blank, FORM, values)
    swap_heads(book)
    report = as_input(shi, tmp_path, saved(book))
    assert CellRef("applications", "new", "commercial") not in report.cells


def with_wrong_cells(values: dict[CellRef, int], seed: int) -> dict[CellRef, int]:
    """The values with up to six cells too high, totals among them; with seed 0 none."""
    drawn = Random(seed)  # noqa: S311 -- no secret
    refs = drawn.sample(sorted(values, key=str), drawn.randint(1, 6) if seed else 0)
    return {**values, **{ref: values[ref] + drawn.randint(1, 9) for ref in refs}}


@pytest.mark.slow
@needs_soffice
def test_libreoffice_shows_red_exactly_what_check_finds_and_saves_what_is_read(
    shi: Project, blank: bytes, tmp_path: Path
) -> None:
    """Office-years drawn by lot, with wrong cells drawn by lot, all in one start of LibreOffice."""
    last = {ref: int(cell.value.number or 0) for ref, cell in load(shi, KEY.previous).cells.items()}
    at = places(blank, FORM)
    right = [invented_values(FORM, ReportKey(f"drawn{seed}", KEY.year), last) for seed in range(8)]
    typed_in = [with_wrong_cells(values, seed) for seed, values in enumerate(right)]
    filled = []
    for values, typed in zip(right, typed_in, strict=True):
        book = fill(blank, FORM, typed)
        for ref in typed:
            if typed[ref] != values[ref]:  # a total is typed over its formula, by someone who has unlocked the sheet
                sheet, address = at[ref]
                book[sheet][address].value = typed[ref]
        filled.append(saved(book))
    reds = []
    for seed, content in enumerate(recalculated(filled, tmp_path / "libre")):
        folder, values, typed = tmp_path / f"project{seed}", right[seed], typed_in[seed]
        report = as_input(shi, folder, content)
        kept = {
            ref for ref in typed if typed[ref] != values[ref] or not (ref.column == "total" or ref.row == "processed")
        }
        assert {ref: report.value(ref).number for ref in kept} == {ref: typed[ref] for ref in kept}, seed
        red = sorted(
            text
            for sheet in read_book(content, "x").sheets
            for text in sheet.cells.values()
            if "≠" in text and len(text) < 20
        )
        assert red == sorted(broken_lines(Project(folder))), seed
        reds.append(bool(red))
    assert not reds[0]
    assert sum(reds) > len(reds) / 2


def broken_lines(project: Project) -> Iterator[str]:
    """The lines that check finds broken, as the workbook writes them beside the table: 14≠13."""
    rules = {rule.id: rule for rule in FORM.balances}
    for one in check(project, [KEY]).findings:
        if one.rule in rules and one.state.value in {"fail", "warn"}:
            sides = (one.actual, one.expected) if rules[one.rule].across_years else (one.expected, one.actual)
            yield "≠".join(map(str, sides))
