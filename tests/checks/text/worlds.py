"""Six made-up offices and their figures, against which sentences are read, from a city to one without requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from checks.generate import TEXTS, office_year, zeros
from nianbao.checks.subject import Subject
from nianbao.form import OVERVIEW_PARTS, CellRef
from nianbao.form.cells import number
from nianbao.model import Figure, Level, Office, OfficeKind, OfficeYear, Source, Text

CITY = Office("heyang", "河阳市人民政府", "河阳市政府", OfficeKind.GOVERNMENT, Level.CITY)
TOWN = Office("qingliu", "青柳镇人民政府", "镇政府", OfficeKind.TOWNSHIP, Level.TOWNSHIP)
WATER = Office("yunling", "云岭县水利局", "县水利局", OfficeKind.DEPARTMENT, Level.COUNTY)
HARBOUR = Office("lingang", "临港区人民政府办公室", "区政府办公室", OfficeKind.GOVERNMENT_OFFICE, Level.COUNTY)
QUIET = Office("yunlingdz", "云岭县地震局", "县地震局", OfficeKind.DEPARTMENT, Level.COUNTY)
STREET = Office("fengqiao", "丹湖区枫桥街道办事处", "枫桥街道", OfficeKind.TOWNSHIP, Level.TOWNSHIP)
_COLUMNS = ("natural_person", "commercial", "research", "social", "legal_service", "other")
_OUTCOMES = ("upheld", "corrected", "other", "pending", "total")

# Rows of table 3 by kind of applicant, from the left; processed, carried_out and the totals are worked out.
_CITY_ROWS = {
    "new": (148, 21, 0, 3, 9, 2),
    "carried_in": (6, 1),
    "granted": (52, 8, 0, 1, 4, 1),
    "partially_granted": (14, 2, 0, 0, 1),
    "denied_state_secret": (1,),
    "denied_third_party": (3, 1),
    "denied_internal_affairs": (2,),
    "denied_process_information": (5,),
    "denied_enforcement_file": (0, 1),
    "unavailable_not_held": (41, 5, 0, 1, 2),
    "unavailable_needs_creation": (7, 1),
    "unavailable_still_unclear": (3,),
    "not_processed_petition": (9,),
    "not_processed_repeat": (5, 0, 0, 0, 1),
    "other_not_corrected": (4, 1, 0, 1),
    "other_reasons": (3, 0, 0, 0, 0, 1),
}
_CITY_LAST_ROWS = {
    "new": (124, 16, 0, 0, 8, 2),
    "carried_in": (3,),
    "granted": (60, 7, 0, 0, 4, 1),
    "unavailable_not_held": (61, 8, 0, 0, 4, 1),
}
_TOWN_ROWS = {"new": (3, 1), "granted": (2, 1), "unavailable_not_held": (1,)}
_WATER_ROWS = {
    "new": (25, 2),
    "granted": (10, 1),
    "partially_granted": (3,),
    "denied_prohibited_by_law": (2,),
    "unavailable_not_held": (5, 1),
    "not_processed_petition": (3,),
    "other_reasons": (1,),
}

_HARBOUR_ROWS = {
    "new": (58, 4, 0, 1, 1),
    "carried_in": (2,),
    "granted": (26, 2),
    "partially_granted": (9,),
    "denied_internal_affairs": (3,),
    "denied_process_information": (2,),
    "denied_administrative_query": (1,),
    "unavailable_not_held": (10, 1),
    "unavailable_needs_creation": (2,),
    "not_processed_petition": (4,),
    "not_processed_repeat": (1,),
    "other_reasons": (1, 0, 0, 1, 1),
}
_STREET_ROWS = {
    "new": (7, 2),
    "carried_in": (1,),
    "granted": (3, 1),
    "partially_granted": (1,),
    "denied_third_party": (0, 1),
    "unavailable_not_held": (2,),
    "other_not_corrected": (1,),
}
_STREET_LAST_ROWS = {"new": (5, 1), "granted": (4,), "unavailable_not_held": (0, 1)}
_HARBOUR_LAST_ROWS = {"new": (50, 2), "granted": (48, 2)}


def _cells(
    rows: Mapping[str, Sequence[int]],
    reviews: Mapping[str, Sequence[int]] | None = None,
    table_two: Mapping[str, float] | None = None,
) -> dict[CellRef, object]:
    cells = zeros()
    sums = dict.fromkeys(("processed", "carried_out"), [0] * 6)
    filled = {row: [*counts, *[0] * (6 - len(counts))] for row, counts in rows.items()}
    done = [sum(counts[i] for row, counts in filled.items() if row not in {"new", "carried_in"}) for i in range(6)]
    taken = [filled["new"][i] + filled.get("carried_in", [0] * 6)[i] for i in range(6)]
    sums = {"processed": done, "carried_out": [t - d for t, d in zip(taken, done, strict=True)]}
    for row, counts in {**filled, **sums}.items():
        for column, count in zip((*_COLUMNS, "total"), (*counts, sum(counts)), strict=True):
            cells[CellRef("applications", row, column)] = number(count)
    for row, counts in (reviews or {}).items():
        for column, count in zip(_OUTCOMES, (*counts, sum(counts)), strict=True):
            cells[CellRef("review", row, column)] = number(count)
    for address, count in (table_two or {}).items():
        cells[CellRef("proactive", *address.split("."))] = number(count)
    return cells  # type: ignore[return-value]


def _figure(fee: int) -> dict[str, object]:
    return {"processing_fee": Figure("processing_fee", "信息处理费", number(fee), "元", "", Source("figures.csv", 2))}


@cache
def world(name: str) -> tuple[OfficeYear, OfficeYear | None]:
    """The office-year of that name, with last year's where it is there."""
    if name == "city":
        reviews = {
            "reconsideration": (5, 1, 2, 1),
            "litigation_direct": (1, 0, 1, 0),
            "litigation_after_reconsideration": (2, 0, 0, 1),
        }
        papers = {
            "normative_documents.made": 11,
            "normative_documents.repealed": 4,
            "normative_documents.in_force": 86,
            "licences.decisions": 23406,
            "penalties.decisions": 1187,
            "coercive_measures.decisions": 64,
            "fees.amount": 3920.5,
        }
        cells = _cells(_CITY_ROWS, reviews, papers)
        last = _cells(
            _CITY_LAST_ROWS,
            {"reconsideration": (6, 0, 0, 1)},
            {"normative_documents.made": 8, "normative_documents.in_force": 79, "fees.amount": 4000.5},
        )
        return (
            office_year(cells, year=2024, office=CITY, figures=_figure(340)),  # type: ignore[arg-type]
            office_year(last, year=2023, office=CITY),  # type: ignore[arg-type]
        )
    if name == "town":
        cells = _cells(_TOWN_ROWS, {}, {"penalties.decisions": 12})
        return office_year(cells, year=2022, office=TOWN, figures=_figure(0)), None  # type: ignore[arg-type]
    if name == "water":
        papers = {
            "normative_documents.made": 2,
            "normative_documents.in_force": 9,
            "licences.decisions": 315,
            "penalties.decisions": 28,
            "fees.amount": 12.6,
        }
        cells = _cells(_WATER_ROWS, {"reconsideration": (1, 0, 1, 0)}, papers)
        return office_year(cells, year=2021, office=WATER, figures=_figure(0)), None  # type: ignore[arg-type]
    if name == "harbour":
        reviews = {"reconsideration": (2, 0, 1, 1), "litigation_after_reconsideration": (1, 0, 0, 0)}
        papers = {
            "normative_documents.made": 6,
            "normative_documents.repealed": 3,
            "normative_documents.in_force": 41,
        }
        cells = _cells(_HARBOUR_ROWS, reviews, papers)
        last = _cells(_HARBOUR_LAST_ROWS, {"reconsideration": (3, 0, 0, 0)}, {"normative_documents.in_force": 38})
        return (
            office_year(cells, year=2025, office=HARBOUR, figures=_figure(0)),  # type: ignore[arg-type]
            office_year(last, year=2024, office=HARBOUR),  # type: ignore[arg-type]
        )
    if name == "street":
        papers = {"penalties.decisions": 46, "coercive_measures.decisions": 3}
        cells = _cells(_STREET_ROWS, {"litigation_direct": (1, 0, 0, 0)}, papers)
        last = _cells(_STREET_LAST_ROWS, {"reconsideration": (1, 0, 0, 0)}, {"penalties.decisions": 38})
        return (
            office_year(cells, year=2023, office=STREET, figures=_figure(0)),  # type: ignore[arg-type]
            office_year(last, year=2022, office=STREET),  # type: ignore[arg-type]
        )
    return office_year(_cells({"new": ()}), year=2023, office=QUIET, figures=_figure(0)), None  # type: ignore[arg-type]


def subject_of(name: str, place: str, sentence: str) -> Subject:
    """The world as a published report that says the sentence: in a part of section 1 (0 to 5), a section, the preamble."""
    report, last = world(name)
    slug = "overview" if place.isdigit() else place
    texts = dict(TEXTS)
    if name == "city":
        texts["other"] = "本年度收取信息处理费340元。\n"
    if slug == "overview":
        begin, *parts = TEXTS["overview"].split("## ")[:1] + TEXTS["overview"].split("## ")[1:]
        index = int(place)
        if index == 0:
            begin = f"{sentence}\n\n"
        else:
            parts[index - 1] = f"（{'一二三四五'[index - 1]}）{OVERVIEW_PARTS[index - 1]}\n\n{sentence}\n\n"
        texts["overview"] = begin + "".join(f"## {part}" for part in parts)
    elif slug != "preamble":
        texts[slug] = sentence + "\n"
    made = office_year({}, year=report.key.year, office=report.office, texts=texts).texts
    preamble = Text("preamble", sentence, Source("report.txt")) if slug == "preamble" else None
    return Subject(replace(report, texts=made, preamble=preamble), last, bound=False)
