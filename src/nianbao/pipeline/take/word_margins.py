"""What the headers and footers of a DOCX hold besides page numbers: words, watermarks, pictures."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

from nianbao.export.document import DRAFT
from nianbao.ingest.archive import Archive
from nianbao.pipeline.take.word_blocks import Margin
from nianbao.pipeline.take.word_pictures import Media, shows_picture
from nianbao.pipeline.take.word_xml import W, is_on

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXTPATH = "{urn:schemas-microsoft-com:vml}textpath"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DRAWINGS = (f"{W}drawing", f"{W}pict")


def margins_of(archive: Archive, body: etree._Element) -> Iterator[Margin]:
    """The words of each paragraph of headers and footers, watermarks but that of our drafts, and pictures there."""
    used = set(_used(archive, body))
    for name in archive.names:
        if not re.fullmatch(r"word/(?:header|footer)[^/]*\.xml", name):
            continue
        root, media = archive.tree(name), Media(archive, name)
        for fallback in list(root.iter(_FALLBACK)):  # the same once more, for older programs
            fallback.clear()
        for words in map(_words, root.iter(f"{W}p")):
            if re.search(r"[^\W\d_]", words):
                yield Margin(words, used=name in used)
        for mark in root.iter(_TEXTPATH):
            if (words := mark.get("string", "").strip()) not in {"", DRAFT}:
                yield Margin(words, used=name in used)
        for drawing in root.iter(*_DRAWINGS):
            if shows_picture(drawing):
                yield Margin("", media.of(drawing), picture=True, used=name in used)


def _words(paragraph: etree._Element) -> str:
    """The words of a paragraph, without those that fields print (a page number, a date) and those of text boxes."""
    words: list[str] = []
    depth = 0
    for node in paragraph.iter(f"{W}t", f"{W}fldChar"):
        if (
            next(node.iterancestors(f"{W}p")) is not paragraph
            or next(node.iterancestors(f"{W}fldSimple"), None) is not None
        ):
            continue
        if node.tag == f"{W}fldChar":
            depth += {"begin": 1, "end": -1}.get(node.get(f"{W}fldCharType", ""), 0)
        elif not depth:
            words.append(node.text or "")
    return " ".join("".join(words).split())


def _used(archive: Archive, body: etree._Element) -> Iterator[str]:
    """The parts that pages surely show.

    Those of first and of even pages count only where the document tells these apart; beside one of a first page, none
    of other pages counts but in a document of one section: a cover may have no other page, and LibreOffice drops them.
    """
    relations, settings = "word/_rels/document.xml.rels", "word/settings.xml"
    rels = archive.tree(relations) if relations in archive else ()
    targets = {one.get("Id", ""): posixpath.join("word", one.get("Target", "")) for one in rels}
    even = settings in archive and is_on(archive.tree(settings), "evenAndOddHeaders", default=False)
    sections = list(body.iter(f"{W}sectPr"))
    for section in sections:
        first = is_on(section, "titlePg", default=False)
        others = not first or len(sections) == 1
        kinds = {"first": first, "default": others, "even": others and even}
        for reference in section.iter(f"{W}headerReference", f"{W}footerReference"):
            if kinds.get(reference.get(f"{W}type", "default")):
                yield targets.get(reference.get(_ID, ""), "").lstrip("/")
