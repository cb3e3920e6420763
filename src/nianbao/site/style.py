"""The portal's style sheet, which comparisons take too."""

from __future__ import annotations

from nianbao.export.page_parts import page_templates


def style() -> str:
    """The style sheet; its palettes are those of the report's page."""
    palettes = page_templates("nianbao.export")
    names = {name: palettes.get_template(f"palette/{name}.css").module for name in ("light", "dark", "printed")}
    return page_templates("nianbao.site").get_template("style.css").render(names)
