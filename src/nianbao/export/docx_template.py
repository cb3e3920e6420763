"""The template of the DOCX: a Word file that gives page, header, footer, faces and lists; the body goes into it.

Ours is ``templates/report.docx``; an office may have its own. Styles are known by their names, as Word shows them.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.section import Section
from lxml import etree

from nianbao.errors import ExportError
from nianbao.errors.language import Message
from nianbao.export.docx_xml import Element, w
from nianbao.model import WordTemplate

TITLE, BODY, NOTE, NOTICE, CLOSING = "Title", "公文正文", "表注", "提示", "落款"
HEADINGS = ("Heading 1", "Heading 2", "Heading 3")
BULLETS, NUMBERS = "List Bullet", "List Number"
TABLE, TABLE_TEXT, TABLE_HEAD, TABLE_TITLE = "Table Grid", "表格文字", "表头", "表题"
PICTURE, CAPTION = "图片", "Caption"
EMPHASIS, RUN_IN, LINK = "Emphasis", "段首标题", "Hyperlink"
_PARAGRAPHS = (
    TITLE, *HEADINGS, BODY, BULLETS, NUMBERS, NOTE, NOTICE, CLOSING, TABLE_TEXT, TABLE_HEAD, TABLE_TITLE, PICTURE,
    CAPTION,
)  # fmt: skip
STYLES = {
    **dict.fromkeys(_PARAGRAPHS, "paragraph"),
    **dict.fromkeys((EMPHASIS, RUN_IN, LINK), "character"),
    TABLE: "table",
}
# A paragraph of these words alone is where the report goes; without one it goes to the end, behind a cover.
PLACE = "【年报正文】"
_HOW = Message(
    "open any report.docx of nianbao, which has all of these styles, take its text out, add cover, heads and emblem, "
    "and save that as the template; or copy the styles that are missing with Word's “Manage Styles: Import/Export”"
)
_BROKEN = (KeyError, ValueError, OSError, zipfile.BadZipFile, etree.XMLSyntaxError, PackageNotFoundError)


@cache
def _ours() -> bytes:
    return files("nianbao.export").joinpath("templates/report.docx").read_bytes()


@dataclass(frozen=True)
class Template:
    """An open template: the document, its styles' ids and the abstract lists of two of them by name.

    ``width`` and ``height`` are those of the text area in twips; ``place`` is the paragraph that the body replaces.
    """

    word: WordDocument
    ids: dict[str, str]
    lists: dict[str, Element]
    width: int
    height: int
    place: Any

    def put(self, elements: Iterable[Element]) -> None:
        """Put the body where it belongs: it ends with a paragraph, which takes over the end of the section."""
        last = None
        for last in elements:
            self.place.addprevious(last)
        end = self.place.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        if end is not None and last is not None:
            properties: Any = last
            properties.get_or_add_pPr().append(end)
        self.word.element.body.remove(self.place)

    def mark(self, shape: Callable[[int], Element]) -> None:
        """Put a shape, made for its running number, into every header of every section."""
        number = 0
        for first, header in _headers(self.word):
            if header.is_linked_to_previous:
                if not first:
                    continue
                header.is_linked_to_previous = False
            number += 1
            if not header.paragraphs:
                header.add_paragraph()
            header.part.element.find(qn("w:p")).append(w("r", shape(number)))

    def deepest(self, name: str) -> int:
        """How deep the levels of a list's style go, from 0."""
        return len(self.lists[name].findall(qn("w:lvl"))) - 1

    def indent_of_words(self, name: str, level: int) -> Element | None:
        """The indent of a paragraph that stands where the words of a list's level do; None where the level has none."""
        found = self.lists[name].findall(f"{qn('w:lvl')}/{qn('w:pPr')}/{qn('w:ind')}")
        if not found:
            return None
        given = {etree.QName(key).localname: str(value) for key, value in found[min(level, len(found) - 1)].items()}
        hanging = {"hanging": "firstLine", "hangingChars": "firstLineChars"}
        return w("ind", **{hanging.get(key, key): "0" if key in hanging else value for key, value in given.items()})

    def new_list(self, name: str, start: int, level: int) -> int:
        """A list that counts for itself from ``start`` at its level: its number."""
        numbering = self.word.part.numbering_part.element
        lists = numbering.findall(qn("w:num"))
        number = 1 + max(int(one.get(qn("w:numId"))) for one in lists)
        restart = w("lvlOverride", w("startOverride", val=start), ilvl=level)
        abstract = self.lists[name].get(qn("w:abstractNumId"), "")
        lists[-1].addnext(w("num", w("abstractNumId", val=abstract), restart, numId=number))
        return number


def open_template(own: WordTemplate | None) -> Template:
    """The office's template, or ours; ExportError names the file and all that is wrong with it."""
    where = own.name if own else "templates/report.docx"
    try:
        word = docx.Document(io.BytesIO(own.content if own else _ours()))
        _ = word.sections[-1]  # without any it is damaged
    except (*_BROKEN, IndexError) as error:
        raise ExportError(
            Message("is no Word document (.docx), or is damaged: {error}", error=str(error)[:150]),
            where=where,
            hint="save it as .docx with Word or WPS",
        ) from error
    ids = {
        (style.type.name.lower() if style.type else "", style.name.lower()): style.style_id for style in _named(word)
    }
    missing = [name for name, kind in STYLES.items() if (kind, name.lower()) not in ids]
    chosen = {name: ids[kind, name.lower()] for name, kind in STYLES.items() if name not in missing}
    lists = {name: found for name in (BULLETS, NUMBERS) for found in _abstract_lists(word, chosen.get(name, ""))}
    missing += [f"{name}（应带多级编号）" for name in (BULLETS, NUMBERS) if name in chosen and name not in lists]
    if missing:
        raise ExportError(
            Message("the template lacks {count} styles: {names}", count=len(missing), names="、".join(missing)),
            where=where,
            hint=_HOW,
        )
    place = _place(word, where)
    _forget_its_own_template(word)
    width, height = _area(_section_of(word, place))
    return Template(word, chosen, lists, width, height, place)


def _named(word: WordDocument) -> Iterator[Any]:
    return (style for style in word.styles if style.name)


def _abstract_lists(word: WordDocument, style: str) -> list[Any]:
    """The abstract list that a paragraph style belongs to, if it has several levels; at most one."""
    numbering = next(
        (rel.target_part for rel in word.part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.NUMBERING), None
    )
    number = word.styles.element.xpath(f'w:style[@w:styleId="{style}"]/w:pPr/w:numPr/w:numId/@w:val')
    if numbering is None or not number:
        return []
    abstract = numbering.element.xpath(f'w:num[@w:numId="{number[0]}"]/w:abstractNumId/@w:val')
    found: list[Any] = numbering.element.xpath(
        f'w:abstractNum[@w:abstractNumId="{"".join(abstract)}"][count(w:lvl) > 1]'
    )
    return found


def _place(document: WordDocument, where: str) -> Any:
    """The paragraph that the report takes the place of: the marked one, else an empty one at the end, or a new one."""
    body: Any = document.element.body
    marked = [one for one in body.findall(qn("w:p")) if _words(one) == PLACE]
    if len(marked) > 1:
        raise ExportError(
            Message("the template has {count} places {place}: there may be one", count=len(marked), place=PLACE),
            where=where,
            hint="take the others out",
        )
    if marked:
        return marked[0]
    last = [one for one in body if one.tag != qn("w:sectPr")][-1:]
    if last and last[0].tag == qn("w:p") and not last[0].xpath(".//w:r | .//w:sectPr"):
        return last[0]
    place = w("p")
    body.append(place)
    if body.sectPr is not None:
        body.sectPr.addprevious(place)
    return place


def _words(paragraph: Element) -> str:
    return "".join(word.text or "" for word in paragraph.iter(qn("w:t"))).strip()


def _section_of(word: WordDocument, place: Any) -> Section:
    """The section in which the report stands."""
    before = place.xpath("count(preceding::w:sectPr)")
    sections: Sequence[Section] = list(word.sections)
    return sections[min(int(before), len(sections) - 1)]


def _area(section: Section) -> tuple[int, int]:
    width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0) - (section.gutter or 0)
    height = (section.page_height or 0) - (section.top_margin or 0) - (section.bottom_margin or 0)
    return round(width / 635), round(height / 635)


def _headers(word: WordDocument) -> Iterator[tuple[bool, Any]]:
    """Every header that shows on pages, with whether it is one of the first section."""
    for index, section in enumerate(word.sections):
        yield index == 0, section.header
        if word.settings.odd_and_even_pages_header_footer:
            yield index == 0, section.even_page_header
        if section.different_first_page_header_footer:
            yield index == 0, section.first_page_header


def _forget_its_own_template(word: WordDocument) -> None:
    """Take out the path of the file that the template itself was made from: it tells of somebody's folders."""
    attached = word.settings.element.find(qn("w:attachedTemplate"))
    if attached is not None:
        word.settings.element.remove(attached)
        word.settings.part.drop_rel(attached.get(qn("r:id")))


_WATERMARK = """
<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office">
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"
 path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>
<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>
<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>
<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>
<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800"
 o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/>
<v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" shapetype="t"/>
</v:shapetype>
<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{spid}" type="#_x0000_t136" alt="草稿"
 style="position:absolute;margin-left:0;margin-top:0;width:360pt;height:180pt;rotation:315;z-index:-251658752;\
mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;\
mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="silver" stroked="f">
<v:fill opacity=".5"/><v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="草稿"/></v:shape>
</w:pict>"""


def watermark(number: int) -> Element:
    """The word 草稿 across the page, as Word itself makes it."""
    return parse_xml(_WATERMARK.format(number=number, spid=2048 + number))
