"""The command ``nianbao fonts``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nianbao.cli.offices import OFFICE
from nianbao.cli.options import font_dir
from nianbao.errors.language import Message, tr
from nianbao.model import ReportKey
from nianbao.paths import Project, find_project

if TYPE_CHECKING:
    from nianbao.export.fonts import FontSet
    from nianbao.export.glyphs import Fallback

# What each style is for, in the words of those who print official documents.
STYLES = {
    "title": Message("title"),
    "heading1": Message("heading of level 1"),
    "heading2": Message("heading of level 2"),
    "body": Message("text"),
    "table": Message("table"),
    "page": Message("page number"),
    "figure": Message("figure"),
}


@click.command("fonts", epilog="Example: nianbao fonts panzhihua 2023")
@click.argument("office", required=False, type=OFFICE)
@click.argument("year", type=int, required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def command(start: Path, office: str | None, year: int | None, form: str) -> None:
    """Tell which font serves which style of OFFICE's report for YEAR (its latest), and why; which of its characters
    fall back to another font.

    Without OFFICE: what the default (fonts: open) and the official faces (fonts: official) come to on this machine.
    FONT_DIR names a folder with the office's own fonts.
    """
    from nianbao.export.fonts import OFFICIAL_FACES, OPEN, resolve

    folder = font_dir()
    if office is None:
        found = [_entry(resolve(declared, folder)) for declared in (OPEN, OFFICIAL_FACES)]
    else:
        project = find_project(start)
        found = [_report_entry(project, _key(project, office, year), folder)]
    if form == "json":
        click.echo(json.dumps({"font_dir": folder is not None, "fonts": found}, ensure_ascii=False, indent=1))
    else:
        click.echo("\n\n".join(_text(entry) for entry in found))


def _key(project: Project, office: str, year: int | None) -> ReportKey:
    known = project.years(office)
    return project.key(office, year if year is not None else known[-1] if known else 0)


def _report_entry(project: Project, key: ReportKey, folder: Path | None) -> dict[str, Any]:
    """What serves for the report; its characters are looked at where it has been made."""
    from nianbao.export.fonts import resolve
    from nianbao.inputs import Files, open_lazily

    fonts = resolve(open_lazily(key, Files(project)).fonts, folder)
    made = project.output_of(key) / "report.ipynb"
    fallbacks = _fallbacks(made.read_text("utf-8"), fonts) if made.is_file() else None
    return {"office": key.office, "year": key.year, **_entry(fonts), "fallbacks": fallbacks}


def _fallbacks(notebook: str, fonts: FontSet) -> list[dict[str, str]]:
    import nbformat

    from nianbao.export.document import read_document
    from nianbao.export.glyphs import check_glyphs

    found = check_glyphs(read_document(nbformat.reads(notebook, as_version=4)), fonts)
    return [_fallback(fallback) for fallback in found]


def _fallback(fallback: Fallback) -> dict[str, str]:
    return {
        "char": fallback.char,
        "code": f"U+{ord(fallback.char):04X}",
        "style": fallback.role.value,
        "wanted": fallback.wanted,
        "used": fallback.used,
        "where": fallback.where,
    }


def _entry(fonts: FontSet) -> dict[str, Any]:
    declared = fonts.declared if isinstance(fonts.declared, str) else list(fonts.declared)
    styles = {
        choice.role.value: {
            "reason": choice.reason,
            "darkened": choice.darkened,
            "faces": [face.to_json() for face in choice.faces],
        }
        for choice in fonts.choices
    }
    return {"declared": declared, "styles": styles, "missing": list(fonts.missing)}


def _text(entry: dict[str, Any]) -> str:
    declared = [entry["declared"]] if isinstance(entry["declared"], str) else entry["declared"]
    lines = [tr("fonts: {names}", names=declared)]
    if "office" in entry:
        lines = [tr("{office} {year}, fonts: {names}", office=entry["office"], year=entry["year"], names=declared)]
    for style, choice in entry["styles"].items():
        first, *others = choice["faces"]
        darkened = tr("; darkened with a thin outline") if choice["darkened"] else ""
        face = tr("{name} ({office})", name=first["family"], office=first["file"])
        lines.append(f"  {style:<9} " + tr("{name}: {text}", name=STYLES[style], text=face))
        lines.append(f"            {tr(choice['reason'])}{darkened}")
        families = [face["family"] for face in others]
        lines.append(" " * 12 + tr("for characters that it lacks: {families}", families=families))
    return "\n".join(lines + _fallback_lines(entry))


def _fallback_lines(entry: dict[str, Any]) -> list[str]:
    if "office" not in entry:
        return []
    found = entry["fallbacks"]
    if found is None:
        call = f"nianbao report {entry['office']} {entry['year']}"
        return [tr("characters: not looked at yet; make the report first: {call}", call=call)]
    shown = [tr("  {char} ({code}), {style}: {used} for {wanted}; {where}", **each) for each in found]
    if not shown:
        return [tr("characters: every one is in the font of its style")]
    return [tr("characters that fall back:"), *shown]
