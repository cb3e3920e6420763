"""What a DOCX keeps beside its body: addresses of links, notes, comments."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from markdown_it.common.normalize_url import normalizeLink

from nianbao.ingest.archive import Archive
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
