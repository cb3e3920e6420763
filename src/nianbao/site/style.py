"""The portal's style sheet, which comparisons take too.

May import: export (templates); Jinja.
"""

from __future__ import annotations

import re
from importlib.resources import files

from markupsafe import Markup

from nianbao.export.html import page_templates


def style() -> str:
    """The style sheet; its palettes are those of the report's page."""
    report = files("nianbao.export").joinpath("templates/report.css").read_text("utf-8")
    light, dark, printed = (Markup(found) for found in re.findall(r"^ *:root \{[^}]*\}", report, re.MULTILINE))  # noqa: S704 -- ours
    template = page_templates("nianbao.site").get_template("style.css")
    return template.render(light=light, dark=dark, printed=printed)
