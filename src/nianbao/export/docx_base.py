"""The empty package into which a report is set: parts, relationships, page, settings, page numbers, watermark.

Made in code, for python-docx's own template brings its author's marks.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache

from docx.oxml.parser import parse_xml

from nianbao.export.docx_styles import (
    CHARACTER_SPACE,
    FOOTER_FROM_EDGE,
    HEADER,
    HEITI,
    LINE,
    MARGIN_BOTTOM,
    MARGIN_LEFT,
    MARGIN_RIGHT,
    MARGIN_TOP,
    PAGE_HEIGHT,
    PAGE_NUMBER,
    PAGE_WIDTH,
    SIZE_3,
    SIZE_4,
    fonts_part,
    styles_part,
)
from nianbao.export.docx_xml import Element, as_bytes, paragraph, run, w

BULLETS, NUMBERS = 0, 1  # the two abstract lists of the numbering part
NESTED_BULLETS, NESTED_NUMBERS = 2, 3  # those with levels, which only a document with nested lists has
DEEPEST_LEVEL = 8  # of nine that Word knows
BULLET_LIST = 1  # the one list of bullets; numbered lists get an instance each, from 2 on

_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Footers and headers by page: GB/T 9704-2012, 7.5 puts odd page numbers right and even ones left, one character in.
_SIDES = {"default": "right", "even": "left"}


@cache
def base_package(*, draft: bool) -> bytes:
    """The empty package, with a watermark on every page if it is a draft."""
    parts = {
        "styles": styles_part(),
        "settings": _settings(),
        "fontTable": fonts_part(),
        "numbering": _numbering(),
        **{f"footer-{page}": _footer(side) for page, side in _SIDES.items()},
        **({f"header-{page}": _header(page) for page in _SIDES} if draft else {}),
    }
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(list(parts)),
        "_rels/.rels": _package_relationships(),
        "docProps/core.xml": f'{_DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"/>',
        "word/document.xml": as_bytes(w("document", w("body", _section(draft=draft)))),
        "word/_rels/document.xml.rels": _relationships(
            {f"rId{index}": (f"{_OFFICE}/{_kind(name)}", f"{name}.xml") for index, name in enumerate(parts, start=1)}
        ),
        **{f"word/{name}.xml": as_bytes(element) for name, element in parts.items()},
    }
    # Relationship ids of headers and footers are fixed by their place in ``parts``: see _section.
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def _kind(name: str) -> str:
    return name.split("-", 1)[0]


def _content_types(parts: list[str]) -> str:
    overrides = {
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/word/document.xml": f"{_WORD}.document.main+xml",
        **{f"/word/{name}.xml": f"{_WORD}.{_kind(name)}+xml" for name in parts},
    }
    entries = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
    return (
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{entries}</Types>'
    )


def _package_relationships() -> str:
    return _relationships(
        {
            "rId1": (f"{_OFFICE}/officeDocument", "word/document.xml"),
            "rId2": (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        }
    )


def _relationships(targets: dict[str, tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, (kind, target) in targets.items()
    )
    return f'{_DECLARATION}<Relationships xmlns="{_RELATIONSHIPS}">{entries}</Relationships>'


def _section(*, draft: bool) -> Element:
    """The page of GB/T 9704-2012 with its grid of 22 lines of 28 characters."""
    first = 5  # after styles, settings, fontTable and numbering
    footers = [_reference("footer", page, first + index) for index, page in enumerate(_SIDES)]
    headers = [_reference("header", page, first + 2 + index) for index, page in enumerate(_SIDES)] if draft else []
    margins = {
        "top": MARGIN_TOP,
        "right": MARGIN_RIGHT,
        "bottom": MARGIN_BOTTOM,
        "left": MARGIN_LEFT,
        "header": 851,
        "footer": FOOTER_FROM_EDGE,
        "gutter": 0,
    }
    return w(
        "sectPr",
        *headers,
        *footers,
        w("pgSz", w=PAGE_WIDTH, h=PAGE_HEIGHT),
        w("pgMar", **margins),
        w("cols", space=425),
        w("docGrid", type="linesAndChars", linePitch=LINE, charSpace=CHARACTER_SPACE),
    )


def _reference(kind: str, page: str, number: int) -> Element:
    element = w(f"{kind}Reference", type=page)
    element.set(f"{{{_OFFICE}}}id", f"rId{number}")
    return element


def _footer(side: str) -> Element:
    indent = w("ind", **{f"{side}Chars": 100, side: SIZE_4 * 10})
    field = (
        w("r", w("fldChar", fldCharType="begin")),
        w("r", _instruction(" PAGE ")),
        w("r", w("fldChar", fldCharType="separate")),
        run("1"),
        w("r", w("fldChar", fldCharType="end")),
    )
    number = paragraph(PAGE_NUMBER, run("— "), *field, run(" —"), properties=(indent, w("jc", val=side)))
    return w("ftr", number)


def _instruction(code: str) -> Element:
    element = w("instrText")
    element.text = code
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element


def _settings() -> Element:
    word = "http://schemas.microsoft.com/office/word"
    modes = {
        "compatibilityMode": 15,  # Word 2013 and later: no "compatibility mode" in the title bar
        "overrideTableStyleFontSizeAndJustification": 1,
        "enableOpenTypeFeatures": 1,
        "doNotFlipMirrorIndents": 1,
        "differentiateMultirowTableHeaders": 1,
        "useWord2013TrackBottomHyphenation": 0,
    }
    settings = [w("compatSetting", name=name, uri=word, val=value) for name, value in modes.items()]
    customary = [w(name) for name in ("balanceSingleByteDoubleByteWidth", "doNotExpandShiftReturn", "useFELayout")]
    return w(
        "settings",
        w("zoom", percent=100),
        w("mirrorMargins"),  # the binding edge is left on odd pages and right on even ones
        w("bordersDoNotSurroundHeader"),
        w("bordersDoNotSurroundFooter"),
        w("defaultTabStop", val=SIZE_3 * 20),
        w("evenAndOddHeaders"),
        w("characterSpacingControl", val="compressPunctuation"),
        w("compat", *customary, *settings),
        w("themeFontLang", val="en-US", eastAsia="zh-CN"),
        w("decimalSymbol", val="."),
        w("listSeparator", val=","),
    )


def _numbering() -> Element:
    return w(
        "numbering",
        _abstract_list(BULLETS, "bullet", "•"),
        _abstract_list(NUMBERS, "decimal", "%1．"),
        w("num", w("abstractNumId", val=BULLETS), numId=BULLET_LIST),
    )


def _abstract_list(number: int, form: str, mark: str) -> Element:
    level = w(
        "lvl",
        w("start", val=1),
        w("numFmt", val=form),
        w("suff", val="space" if form == "bullet" else "nothing"),
        w("lvlText", val=mark),
        w("lvlJc", val="left"),
        w("pPr", w("ind", left=0, firstLineChars=200, firstLine=SIZE_3 * 20)),
        w("rPr", w("rFonts", hint="eastAsia")),
        ilvl=0,
    )
    return w("abstractNum", w("multiLevelType", val="singleLevel"), level, abstractNumId=number)


def nested_lists() -> tuple[Element, Element]:
    """The abstract lists of bullets and of numbers for lists within others."""
    return _levels(NESTED_BULLETS, "bullet"), _levels(NESTED_NUMBERS, "decimal")


def level_indent(level: int) -> Element:
    """The indent of an item at a level (from 0): two characters more for each."""
    return w(
        "ind",
        leftChars=200 * level,
        left=SIZE_3 * 20 * level,
        firstLineChars=200,
        firstLine=SIZE_3 * 20,
    )


def _levels(number: int, form: str) -> Element:
    levels = [
        w(
            "lvl",
            w("start", val=1),
            w("numFmt", val=form),
            w("suff", val="space" if form == "bullet" else "nothing"),
            w("lvlText", val="•" if form == "bullet" else f"%{level + 1}．"),
            w("lvlJc", val="left"),
            w("pPr", level_indent(level)),
            w("rPr", w("rFonts", hint="eastAsia")),
            ilvl=level,
        )
        for level in range(DEEPEST_LEVEL + 1)
    ]
    return w("abstractNum", w("multiLevelType", val="multilevel"), *levels, abstractNumId=number)


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
<v:fill opacity=".5"/><v:textpath style="font-family:&quot;{face}&quot;;font-size:1pt" string="草稿"/></v:shape>
</w:pict>"""


def _header(page: str) -> Element:
    number = 1 + list(_SIDES).index(page)
    shape = parse_xml(_WATERMARK.format(number=number, spid=2048 + number, face=HEITI.name))
    return w("hdr", paragraph(HEADER, w("r", shape)))
