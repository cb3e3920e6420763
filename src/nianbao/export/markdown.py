"""From Markdown and plain text to blocks; nothing that could run passes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from nianbao.export.blocks import Block, Heading, ListBlock, Paragraph, Run, Side, TableBlock
from nianbao.export.frames import fitted
from nianbao.form import plain_grid

Role = Literal["body", "preamble", "note", "notice"]
_SCHEMES = ("https:", "http:", "mailto:")
_LISTS = frozenset({"bullet_list", "ordered_list"})


@cache
def _parser() -> MarkdownIt:
    # Raw HTML stays text: an office's words are data and never markup.
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def blocks_of_markdown(source: str, role: Role = "body") -> list[Block]:
    """The blocks of a Markdown text; HTML in it is shown as written, images give way to their alternative text."""
    tokens = _parser().parse(source)
    return [block for node in SyntaxTreeNode(tokens).children for block in _block(node, role)]


def blocks_of_plain(text: str) -> list[Paragraph]:
    """Plain output, a paragraph a line."""
    return [Paragraph((Run(line.strip()),)) for line in text.splitlines() if line.strip()]


def _block(node: SyntaxTreeNode, role: Role) -> Iterator[Block]:
    if node.type == "heading":
        yield Heading(int(node.tag[1]), "".join(run.text for run in _runs(node)))
    elif node.type == "paragraph":
        if runs := _runs(node):
            yield Paragraph(runs, role)
    elif node.type in _LISTS:
        yield _list(node, role)
    elif node.type == "table":
        yield _table(node)
    elif node.type in {"fence", "code_block", "html_block"}:
        yield from blocks_of_plain(node.content)
    elif node.type != "hr":
        for child in node.children:
            yield from _block(child, role)


def _list(node: SyntaxTreeNode, role: Role) -> ListBlock:
    items = (tuple(part for child in item.children for part in _parts(child, role)) for item in node.children)
    kept = tuple(item for item in items if item)
    return ListBlock(node.type == "ordered_list", kept, int(node.attrs.get("start", 1)))


def _parts(node: SyntaxTreeNode, role: Role) -> Iterator[Paragraph | ListBlock]:
    """What an item of a list holds; a heading in it is a paragraph, and so is each row of a table."""
    for block in _block(node, role):
        if isinstance(block, Paragraph | ListBlock):
            yield block
        elif isinstance(block, Heading):
            yield Paragraph((Run(block.text, bold=True),), role)
        elif isinstance(block, TableBlock):
            for row in block.grid.rows:
                yield Paragraph((Run("　".join(cell.text for cell in row.cells)),), role)


def _table(node: SyntaxTreeNode) -> TableBlock:
    rows = [[_runs(cell) for cell in row.children] for part in node.children for row in part.children]
    texts = [["".join(run.text for run in runs) for runs in row] for row in rows]
    heads = node.children[0].children[0].children
    align = tuple(_alignment(str(cell.attrs.get("style", ""))) for cell in heads)
    styled = tuple(
        (y, x, runs)
        for y, row in enumerate(rows)
        for x, runs in enumerate(row)
        if any(run.bold or run.italic or run.href for run in runs)
    )
    return TableBlock(fitted(plain_grid("", texts[0], texts[1:])), align if any(align) else (), styled)


def _alignment(style: str) -> Side | None:
    sides: tuple[Side, ...] = ("left", "center", "right")
    for side in sides:
        if style == f"text-align:{side}":
            return side
    return None


def _runs(node: SyntaxTreeNode) -> tuple[Run, ...]:
    inline = [child.token for child in node.children if child.type == "inline" and child.token]
    return tuple(_merged(run for parent in inline for run in _styled(parent.children or ())))


def _styled(tokens: Sequence[Token]) -> Iterator[Run]:
    bold = italic = 0
    href: str | None = None
    for index, token in enumerate(tokens):
        if token.type in {"strong_open", "strong_close"}:
            bold += token.nesting
        elif token.type in {"em_open", "em_close"}:
            italic += token.nesting
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "")
            href = address if address.lower().startswith(_SCHEMES) else None
        elif token.type == "link_close":
            href = None
        elif text := _inline_text(tokens, index):
            yield Run(text, bold > 0, italic > 0, href)


def _inline_text(tokens: Sequence[Token], index: int) -> str:
    token = tokens[index]
    if token.type == "softbreak":
        before = next((each.content[-1] for each in reversed(tokens[:index]) if each.content), "")
        after = next((each.content[0] for each in tokens[index + 1 :] if each.content), "")
        # Beside a Chinese character it is only how the file was typed; between Latin words it is a space.
        return "" if _is_wide(before) or _is_wide(after) else " "
    return "\n" if token.type == "hardbreak" else token.content


def _is_wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WFA"


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    held: Run | None = None
    for run in runs:
        if held and (held.bold, held.italic, held.href) == (run.bold, run.italic, run.href):
            held = Run(held.text + run.text, run.bold, run.italic, run.href)
            continue
        if held:
            yield held
        held = run
    if held:
        yield held
