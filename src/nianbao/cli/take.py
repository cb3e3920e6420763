"""``nianbao take``: edits in Word back into the narratives.

May import: errors, model, paths; pipeline.take inside the command.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.errors import ExitCode
from nianbao.model import Options, Profile
from nianbao.paths import find_project

if TYPE_CHECKING:
    from nianbao.pipeline.take import Taken


@click.command(
    "take",
    short_help="Take edits in Word back into the narratives.",
    epilog="Example: nianbao take panzhihua 2023 report-领导改.docx --write",
)
@click.argument("office")
@click.argument("year", type=int)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--write", "wanted", is_flag=True, help="Write the narratives; without it, only show what would be.")
@click.option(
    "--tracked",
    type=click.Choice(["accept", "list"]),
    default="accept",
    show_default=True,
    help="Tracked changes: count them as made, or list them and read the words before them.",
)
@click.option(
    "--profile",
    type=click.Choice([profile.value for profile in Profile]),
    help="With figures or without, as the edited report was made (default: as the year's parameters say).",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def command(  # noqa: PLR0913 -- click hands each option over as an argument
    start: Path, office: str, year: int, file: Path, tracked: str, profile: str | None, form: str, *, wanted: bool
) -> int:
    """Bring what was changed in FILE, the edited report.docx of OFFICE for YEAR, back into the narratives.

    Each changed sentence goes to its file and line, and references whose numbers still stand are kept. A changed number
    that comes from a table or from figures.csv is refused by its name, and so are words that the report sets by itself;
    changed cells of tables are listed with the sums that they would break. Exits 1 where something is left to do.
    """
    from nianbao.pipeline.take import take, write

    project = find_project(start)
    chosen = Profile(profile) if profile else None
    key = project.key(office, year)
    taken = take(project, key, file, Options(profile=chosen), lambda *_: None, accept=tracked == "accept")
    if wanted:
        write(project, taken.files)
    if form == "json":
        click.echo(json.dumps(taken.to_json() | {"written": wanted}, ensure_ascii=False, indent=1))
    else:
        for line in _lines(taken, accepted=tracked == "accept", written=wanted):
            click.echo(line)
    return ExitCode.DONE if taken.whole else ExitCode.FINDINGS


def _lines(taken: Taken, *, accepted: bool, written: bool) -> Iterator[str]:
    yield f"{taken.key}：{taken.file}"
    if taken.changes:
        yield f"改回叙述文件 {len(taken.changes)} 处："
    for change in taken.changes:
        words = " → ".join(f"“{part}”" for part in (change.before, change.after) if part)
        yield f"  {change.kind}  {change.path}:{change.line}  {words}{f'（{change.note}）' if change.note else ''}"
    if taken.refused:
        yield f"未取回 {len(taken.refused)} 处，请看原因："
    for refused in taken.refused:
        yield f"  {refused.place}：“{refused.before}” → “{refused.after}”"
        yield f"    {refused.why}"
    yield from _cells(taken)
    yield from _notes(taken, accepted=accepted)
    if not taken.files:
        yield "叙述文件没有需要改动的地方。"
        return
    yield ""
    for file in taken.files:
        yield file.diff.rstrip("\n")
    yield ""
    files = "、".join(file.path for file in taken.files)
    yield f"已写入 {files}" if written else f"以上未写入。加 --write 写入 {files}"


def _cells(taken: Taken) -> Iterator[str]:
    if taken.cells:
        yield f"表格中改了 {len(taken.cells)} 格，不写入，请核对后改数据文件："
    for cell in taken.cells:
        where = f"，在 {cell.source}" if cell.source else ""
        yield f"  {cell.code}（{cell.place}）：“{cell.before}” → “{cell.after}”{where}"
    for broken in taken.broken:
        soft = "（提示）" if broken.tolerated else ""
        yield f"  改后不平{soft}：{broken.rule}，{broken.line}：左边 {broken.left}，右边 {broken.right}"


def _notes(taken: Taken, *, accepted: bool) -> Iterator[str]:
    if taken.tracked:
        yield f"修订 {len(taken.tracked)} 处，{'已按接受处理' if accepted else '只列出，按修订前的文字处理'}："
    for note in taken.tracked:
        yield f"  {note.place}：{note.author or '（未署名）'} {note.kind}“{note.words}”"
    if taken.comments:
        yield f"批注 {len(taken.comments)} 条："
    for note in taken.comments:
        yield f"  {note.place}：{note.author or '（未署名）'}对“{note.about}”：{note.words}"
