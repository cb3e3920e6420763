"""Owns the way from Markdown, foreign HTML tables and plain text to blocks; nothing that could run passes.

May import: form, export.blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal

from lxml import etree, html
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from nianbao.export.blocks import Block, Heading, ListBlock, Paragraph, Run, TableBlock
from nianbao.form import Grid, plain_grid

Role = Literal["body", "preamble", "note", "notice"]
_SCHEMES = ("https:", "http:", "mailto:")


@cache
def _parser() -> MarkdownIt:
    # Raw HTML stays text: an office's words are data and never markup.
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def blocks_of_markdown(source: str, role: Role = "body") -> list[Block]:
    """The blocks of a Markdown text; HTML in it is shown as written, images give way to their alternative text."""
    tokens = _parser().parse(source)
    return [block for node in SyntaxTreeNode(tokens).children for block in _block(node, role)]


def blocks_of_plain(text: str) -> list[Block]:
    """Plain output, a paragraph a line."""
    return [Paragraph((Run(line.strip()),)) for line in text.splitlines() if line.strip()]


def blocks_of_html_tables(source: str) -> list[Block]:
    """The tables of an HTML output (a displayed data frame), each as an ordinary table."""
    try:
        root = html.fromstring(source)
    except (etree.ParserError, ValueError):
        return []
    found = [root] if root.tag == "table" else root.findall(".//table")
    return [TableBlock(_html_grid(table)) for table in found]


def _html_grid(table: html.HtmlElement) -> Grid:
    rows = [[" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in table.iter("tr")]
    caption = table.findtext("caption") or ""
    return plain_grid(caption.strip(), rows[0] if rows else [], rows[1:])


def _block(node: SyntaxTreeNode, role: Role) -> Iterator[Block]:
    if node.type == "heading":
        yield Heading(int(node.tag[1]), "".join(run.text for run in _runs(node)))
    elif node.type == "paragraph":
        if runs := _runs(node):
            yield Paragraph(runs, role)
    elif node.type in {"bullet_list", "ordered_list"}:
        items = tuple(Paragraph(runs, role) for runs in _items(node))
        yield ListBlock(node.type == "ordered_list", items)
    elif node.type == "table":
        rows = [[_text(cell) for cell in row.children] for part in node.children for row in part.children]
        yield TableBlock(plain_grid("", rows[0], rows[1:]))
    elif node.type in {"fence", "code_block", "html_block"}:
        yield from blocks_of_plain(node.content)
    elif node.type != "hr":
        for child in node.children:
            yield from _block(child, role)


def _items(node: SyntaxTreeNode) -> Iterator[tuple[Run, ...]]:
    for item in node.children:
        for child in item.children:
            if child.type in {"bullet_list", "ordered_list"}:
                yield from _items(child)
            elif runs := _runs(child):
                yield runs


def _text(node: SyntaxTreeNode) -> str:
    return "".join(run.text for run in _runs(node))


def _runs(node: SyntaxTreeNode) -> tuple[Run, ...]:
    inline = [child.token for child in node.children if child.type == "inline" and child.token]
    return tuple(_merged(_styled(token for parent in inline for token in parent.children or ())))


def _styled(tokens: Iterable[Token]) -> Iterator[Run]:
    bold = italic = 0
    href: str | None = None
    for token in tokens:
        if token.type in {"strong_open", "strong_close"}:
            bold += token.nesting
        elif token.type in {"em_open", "em_close"}:
            italic += token.nesting
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "")
            href = address if address.lower().startswith(_SCHEMES) else None
        elif token.type == "link_close":
            href = None
        elif text := _inline_text(token):
            yield Run(text, bold > 0, italic > 0, href)


def _inline_text(token: Token) -> str:
    # A line break inside a Chinese paragraph is only how the file was typed: it prints nothing.
    return "" if token.type == "softbreak" else "\n" if token.type == "hardbreak" else token.content


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
