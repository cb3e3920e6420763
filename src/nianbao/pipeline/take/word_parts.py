"""What a DOCX keeps beside its body: addresses of links, words in headers and footers, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from markdown_it.common.normalize_url import normalizeLink

from nianbao.errors.language import Message
from nianbao.ingest.archive import Archive
from nianbao.pipeline.take.word_blocks import Extra
from nianbao.pipeline.take.word_xml import W


def targets_of(archive: Archive) -> dict[str, str]:
    """The addresses of links by their ids."""
    name = "word/_rels/document.xml.rels"
    if name not in archive:
        return {}
    return {
        one.get("Id", ""): one.get("Target", "") for one in archive.tree(name) if one.get("TargetMode") == "External"
    }


def address_of(target: str, anchor: str = "") -> str:
    """The address of a link, as one way of several to write it: programs differ in escapes, capitals and a last /."""
    if not target:
        return ""
    parts = urlsplit(f"{target}#{anchor}" if anchor and "#" not in target else target)
    path = parts.path or ("/" if parts.netloc else "")
    return normalizeLink(urlunsplit(parts._replace(netloc=parts.netloc.lower(), path=path)))


def headers_of(archive: Archive) -> Iterator[Extra]:
    """The words of each header and footer that has any besides page numbers, as an extra of the document."""
    for name in archive.names:
        if re.fullmatch(r"word/(?:header|footer)[^/]*\.xml", name):
            text = "".join(node.text or "" for node in archive.tree(name).iter(f"{W}t")).strip()
            if re.search(r"[^\W\d_]", text):
                yield Extra(Message("in a header or footer: “{words}”", words=text[:40]), 0)


def notes_of(archive: Archive) -> dict[tuple[str, str], str]:
    """The words of notes at the foot of pages and at the end, by the name and the number of what refers to them."""
    found = {}
    for kind in ("footnote", "endnote"):
        if (name := f"word/{kind}s.xml") in archive:
            for note in archive.tree(name).iter(f"{W}{kind}"):
                words = "".join(node.text or "" for node in note.iter(f"{W}t")).strip()
                found[f"{kind}Reference", note.get(f"{W}id", "")] = words
    return found


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
