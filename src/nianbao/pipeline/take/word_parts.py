"""What a DOCX keeps beside its body: addresses of links, words in headers and footers, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.errors.language import Message
from nianbao.ingest.archive import Archive
from nianbao.pipeline.take.word_styles import W


def targets_of(archive: Archive) -> dict[str, str]:
    """The addresses of links by their ids."""
    name = "word/_rels/document.xml.rels"
    if name not in archive:
        return {}
    return {
        one.get("Id", ""): one.get("Target", "") for one in archive.tree(name) if one.get("TargetMode") == "External"
    }


def headers_of(archive: Archive) -> Iterator[tuple[Message, int]]:
    """The words of each header and footer that has any besides page numbers, as an extra of the document."""
    for name in archive.names:
        if re.fullmatch(r"word/(?:header|footer)[^/]*\.xml", name):
            text = "".join(node.text or "" for node in archive.tree(name).iter(f"{W}t")).strip()
            if re.search(r"[^\W\d_]", text):
                yield Message("in a header or footer: “{words}”", words=text[:40]), 0


def comments_of(archive: Archive) -> dict[str, tuple[str, str]]:
    """Comment's number -> its author and its words."""
    if "word/comments.xml" not in archive:
        return {}
    return {
        comment.get(f"{W}id", ""): (
            comment.get(f"{W}author", ""),
            "".join(node.text or "" for node in comment.iter(f"{W}t")),
        )
        for comment in archive.tree("word/comments.xml").iter(f"{W}comment")
    }
