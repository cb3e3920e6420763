"""A comparison as HTML: a page of its own, in the portal's style."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import jinja2
from markupsafe import Markup

from nianbao.export.page_parts import page_templates
from nianbao.export.pictures import clean_svg
from nianbao.site.comparison.multiples import charts_of
from nianbao.site.comparison.told import fate_word
from nianbao.site.comparison.values import Comparison, Fate, Kind, Line


@cache
def _environment() -> jinja2.Environment:
    environment = page_templates("nianbao.site")
    environment.globals |= {"Fate": Fate, "fate_word": fate_word, "compared": _compared}
    return environment


def as_page(found: Comparison) -> bytes:
    """One HTML file that needs nothing else: style and pictures are in it."""
    charts = [
        (Markup(clean_svg(chart.svg.encode(), f"c{number}-").decode()), chart)  # noqa: S704 -- cleaned by an allow-list
        for number, chart in enumerate(charts_of(found.history) if found.history else (), start=1)
    ]
    sheet = Markup(style())  # noqa: S704 -- ours
    template = _environment().get_template("comparison_page.html.j2")
    return template.render(found=found, style=sheet, body=body(found), charts=charts).encode()


def body(found: Comparison) -> Markup:
    """What stands in the page: tables and words."""
    return Markup(_environment().get_template("comparison.html.j2").render(found=found))  # noqa: S704 -- of a template that escapes


def _compared(lines: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """The lines that differ, those that are the same, and those that one edition lacks."""
    lacking = [line for line in lines if all(change.kind is Kind.NOT_IN_FORM for change in line.differences)]
    differing = [line for line in lines if line.differs]
    return differing, [line for line in lines if line not in differing and line not in lacking], lacking


def style() -> str:
    """The portal's style sheet; its palettes are those of the report's page."""
    palettes = page_templates("nianbao.export")
    names = {name: palettes.get_template(f"palette/{name}.css").module for name in ("light", "dark", "printed")}
    return page_templates("nianbao.site").get_template("style.css").render(names)
