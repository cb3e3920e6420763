"""What cells show: set as blocks, or refused with notebook, cell and a word on what to write instead.

Nothing is printed that an author has not meant for readers: reprs, widgets, scripts and timings are errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from nbformat import NotebookNode

from nianbao.errors import ExportError, InputError, NianbaoError
from nianbao.errors.language import Message
from nianbao.export.blocks import Attachment, AttachmentList, Block, Closing, Heading, Paragraph, Run, TableBlock, Title
from nianbao.export.frames import grids_of_html, other_words
from nianbao.export.markdown import blocks_of_markdown, blocks_of_plain
from nianbao.export.pictures import PICTURES, picture_of
from nianbao.export.refusals import DRAW, LOOK, WRITE, refused
from nianbao.form import TABLE_MIME, Grid
from nianbao.model import BLOCK_MIME

# nbconvert's customary tags for cells, and for outputs of cells, that stay out of the document.
HIDDEN_TAGS = frozenset({"remove-cell", "remove-output"})
MOST_COLUMNS = 12  # of a table that is not the form's: more are too narrow to be read on A4
MOST_LINES = 200  # printed by one section

_TIMINGS = re.compile(r"CPU times: |Wall time: |\d[\d.,]* ?(?:s|ms|[µμu]s|ns) ± ")
_COMMAND = re.compile(r"^[ \t]*(?:!|%%(?:bash|sh|script|system)\b|%(?:system|sx|ls)\b).*", re.MULTILINE)
_CUT = re.compile(r"\d+ rows × \d+ columns")
# Mathematics as TeX has it; dollars alone are money.
_FORMULA = re.compile(
    r"\$[^$\n]*\\(?:[dt]?frac|sqrt|sum|prod|int|times|cdot|div|leq?|geq?|approx|overline|mathrm|text)\b[^$\n]*\$"
)
_REFERENCE = re.compile(r"\{\{.*?\}\}")
# What drawing calls return; beside the picture itself it says nothing.
_ARTIST = re.compile(r"(?:array\()?\[*(?:<(?:Axes|Figure|BarContainer|matplotlib\.)|(?:Text|Axes|Line2D|Rectangle)\()")


def place_of(cell: NotebookNode, index: int) -> str:
    """Where a cell of a stitched notebook comes from: notebooks/03_applications.ipynb, cell 5."""
    origin = cell.metadata.get("nianbao", {})
    number = origin.get("cell", index + 1)
    if "notebook" in origin:
        return Message("{where}, cell {cell}", where=origin["notebook"], cell=number)
    return Message("cell {cell}", cell=number)


def blocks_of_cell(cell: NotebookNode, where: str) -> Iterator[Block]:
    """What a cell shows, in order; ExportError or InputError, naming the cell, for what cannot be set."""
    if HIDDEN_TAGS.intersection(cell.metadata.get("tags", ())):
        return
    try:
        if cell.cell_type == "markdown":
            yield from _of_markdown(cell.source, "body", where)
        elif cell.cell_type == "code":
            drawn = any(mime in PICTURES for output in cell.outputs for mime in output.get("data", {}))
            _refuse_commands(cell, where)
            for output in cell.outputs:
                yield from _of_output(output, where, drawn=drawn)
    except NianbaoError as error:
        error.where = error.where or where
        raise
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            Message(
                "an output is not of the shape that its MIME type has: {kind}: {error}",
                kind=type(error).__name__,
                error=error,
            ),
            where=where,
            hint="show it with the calls of nianbao.section, and run the section again",
        ) from error


def printed_lines(cell: NotebookNode) -> int:
    """How many lines the cell prints on standard output."""
    if cell.cell_type != "code" or HIDDEN_TAGS.intersection(cell.metadata.get("tags", ())):
        return 0
    outputs = (output for output in cell.outputs if output.output_type == "stream" and output.name == "stdout")
    return sum(1 for output in outputs for line in output.text.splitlines() if line.strip())


def _refuse_commands(cell: NotebookNode, where: str) -> None:
    """ExportError where a cell prints what a command of the system says: it differs from machine to machine."""
    printed = any(output.output_type == "stream" and output.name == "stdout" for output in cell.outputs)
    if printed and (found := _COMMAND.search(cell.source)):
        raise ExportError(
            Message("what a command of the system says would be printed: {line!r}", line=found[0].strip()),
            where=where,
            hint="take it out, or tag the cell remove-output if it is only for looking",
        )


def _of_markdown(source: str, role: Literal["body", "preamble", "note", "notice"], where: str) -> Iterator[Block]:
    _refuse_references(source, where)
    if found := _FORMULA.search(source):
        raise ExportError(
            Message("a formula cannot be set: {found}", found=found[0]),
            where=where,
            hint=DRAW,
        )
    for block in blocks_of_markdown(source, role):
        yield _narrow(block, where) if isinstance(block, TableBlock) else block


def _refuse_references(words: str, where: str) -> None:
    """ExportError where words of a notebook hold a reference: those of narratives were filled in before."""
    if found := _REFERENCE.search(words):
        raise ExportError(
            Message(
                "words of a notebook are printed as they stand, and {found!r} would be printed too", found=found[0]
            ),
            where=where,
            hint="references are filled in in narrative files; in a notebook use a code cell: text(f'…')",
        )


def _of_output(output: NotebookNode, where: str, *, drawn: bool) -> Iterator[Block]:
    if output.output_type == "error":
        raise ExportError(
            Message("holds an error: {ename}: {evalue}", ename=output.ename, evalue=output.evalue),
            where=where,
            hint="mend the section's notebook and make the report again",
        )
    if output.output_type == "stream":
        # Warnings on standard error are for the analyst, not for the report's readers.
        if output.name == "stdout":
            yield from _of_printed(output.text, where)
        return
    data = output.data
    if set(data) == {"text/plain"}:
        plain = str(data["text/plain"])
        if not plain.strip() or (drawn and _ARTIST.match(plain)):
            return
    yield from _of_bundle(data, output.get("metadata", {}), where)


def _of_printed(text: str, where: str) -> Iterator[Block]:
    _refuse_references(text, where)
    for line in text.splitlines():
        if _TIMINGS.match(line.strip()):
            raise ExportError(
                Message("a timing would be printed, another one on each run: {line!r}", line=line.strip()),
                where=where,
                hint="take %%time or %timeit out, or tag the cell remove-output",
            )
        if "<IPython." in line or " object at 0x" in line:
            raise ExportError(
                Message("the repr of an object would be printed: {line!r}", line=line.strip()),
                where=where,
                hint="display(…) it, or print what of it readers are to see",
            )
    yield from blocks_of_plain(text)


def _of_bundle(data: Mapping[str, Any], metadata: Mapping[str, Any], where: str) -> Iterator[Block]:
    """The richest thing that we can set from a MIME bundle: ours first, then what others display."""
    if TABLE_MIME in data:
        yield _narrow(TableBlock(_table(data[TABLE_MIME])), where)
    elif BLOCK_MIME in data:
        yield from _of_ours(data[BLOCK_MIME], data, where)
    elif "text/markdown" in data:
        yield from _of_markdown("".join(data["text/markdown"]), "body", where)
    elif any(mime in data for mime in PICTURES):
        about = {**metadata, **metadata.get(next(mime for mime in PICTURES if mime in data), {})}
        yield picture_of(data, where, alt=str(about.get("alt", "")), caption=str(about.get("caption", "")))
    elif "text/html" in data and (grids := grids_of_html("".join(data["text/html"]))):
        yield from _of_frames("".join(data["text/html"]), grids, where)
    else:
        raise refused(data, where)


def _table(value: Mapping[str, Any]) -> Grid:
    """The table of ours that a bundle holds; InputError, TypeError or ValueError where it is none."""
    grid = Grid.from_json(value)
    _words(grid.caption)
    if not grid.widths or not all(isinstance(width, int | float) and width > 0 for width in grid.widths):
        raise ValueError("a table's widths are positive numbers")
    for _, x, cell in grid.placed():
        _words(cell.text)
        if cell.rowspan < 1 or cell.colspan < 1 or x + cell.colspan > len(grid.widths):
            raise ValueError(f"the cell {cell.text!r} stands beside the table")
    return grid


def _of_frames(source: str, grids: Sequence[Grid], where: str) -> Iterator[Block]:
    words = other_words(source)
    if found := _CUT.search(words):
        raise ExportError(
            Message("the data frame is shown cut, with … for what is left out ({found})", found=found[0]),
            where=where,
            hint="show fewer rows (.head(30)), or tag the cell remove-output if it is only for looking",
        )
    if words:
        raise ExportError(
            Message("HTML cannot be printed: {words!r}", words=words[:40]),
            where=where,
            hint=WRITE,
        )
    yield from (_narrow(TableBlock(grid), where) for grid in grids)


def _narrow(block: TableBlock, where: str) -> TableBlock:
    columns = len(block.grid.widths)
    if block.grid.code is None and columns > MOST_COLUMNS:
        raise ExportError(
            Message(
                "a table of {columns} columns cannot be read on A4: at most {most}",
                columns=columns,
                most=MOST_COLUMNS,
            ),
            where=where,
            hint=Message("show fewer columns (df[['…']]), turn it (df.T), or {look}", look=LOOK),
        )
    return block


def _of_ours(block: Mapping[str, Any], data: Mapping[str, Any], where: str) -> Iterator[Block]:
    kind = block.get("kind")
    if kind == "title":
        yield Title(_lines(block["lines"]))
    elif kind == "heading":
        anchor = block.get("anchor")
        yield Heading(int(block["level"]), _words(block["text"]), anchor, bool(block.get("new_page")))
    elif kind == "closing":
        yield from _closing(block)
    elif kind == "figure":
        if not any(mime in data for mime in PICTURES):
            raise InputError("a figure has no picture", where=where, hint="run the section again")
        alt, caption, bare = _words(block["alt"]), _words(block.get("caption", "")), bool(block.get("alt_missing"))
        yield picture_of(data, where, alt=alt, caption=caption, bare=bare)
    elif kind == "text":
        role: Literal["body", "preamble", "note", "notice"] = block.get("role", "body")
        if role == "notice":
            yield Paragraph((Run(_words(block["markdown"])),), role)
        else:
            yield from _of_markdown(_words(block["markdown"]), role, str(block.get("source") or where))
    else:
        raise InputError(
            Message("a cell of the notebook displays an unknown kind of block: {kind!r}", kind=kind),
            where=where,
            hint="run the section again with this version of nianbao",
        )


def _closing(block: Mapping[str, Any]) -> Iterator[Block]:
    """The closing under the list of the attachments, if any, and these after it."""
    attachments = block.get("attachments", ())
    heads = [Attachment(_words(each["mark"]), _words(each["title"])) for each in attachments]
    if heads:
        yield AttachmentList(tuple(head.title for head in heads))
    yield Closing(_lines(block["lines"]), bool(block.get("sealed", True)))
    for head, each in zip(heads, attachments, strict=True):
        yield head
        yield from _of_markdown(_words(each["markdown"]), "body", _words(each["source"]))


def _words(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"words expected, not {value!r}")
    return value


def _lines(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise TypeError("lines expected, not one text")
    return tuple(map(_words, value))
