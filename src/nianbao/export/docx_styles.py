"""The typography of the DOCX: faces, sizes, the page of GB/T 9704-2012, and the styles with Chinese names.

Lengths are in twips (1/20 pt) unless a name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from nianbao.export.docx_xml import Element, w

# GB/T 9704-2012, 5.2 and 5.1: A4, head 37 mm, binding edge 28 mm, type area 156 x 225 mm, 22 lines of 28 characters.
PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
MARGIN_TOP, MARGIN_BOTTOM = 2098, 1984
MARGIN_LEFT = 1588
TEXT_WIDTH = 8844
MARGIN_RIGHT = PAGE_WIDTH - MARGIN_LEFT - TEXT_WIDTH
TEXT_HEIGHT = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM
LINE = 579
FOOTER_FROM_EDGE = 1304  # the page number stands 7 mm below the type area (7.5)
# 28 characters of 16 pt are wider than 156 mm: the grid takes 0.207 pt from each (unit: 1/4096 pt). Our styles do not
# lean on the grid (LibreOffice gives a character that is wider than its cell two cells), but do the same by
# themselves: exact lines of 1/22 page, and characters closer by 0.25 pt.
CHARACTER_SPACE = -849
_CLOSER = -5

# Chinese sizes in half-points: 二号, 三号, 四号, 小四, 五号, 小五.
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4, SIZE_5, SIZE_SMALL_5 = 44, 32, 28, 24, 21, 18

TITLE_LINE = 720
TITLE_CHARACTERS = TEXT_WIDTH // (SIZE_2 * 10)  # how many characters of the title fill a line

LATIN = "Times New Roman"


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface: its name in Chinese systems, what may stand in for it (w:altName), and its kind."""

    name: str
    alternatives: tuple[str, ...]
    family: str = "auto"
    pitch: str = "default"
    chinese: bool = True


# The faces of official documents by the names under which office machines know them; readers without the licensed
# ones find the system's face or an open one by the alternative names.
XIAOBIAOSONG = Face(
    "方正小标宋简体",
    ("FZXiaoBiaoSong-B05S", "小标宋", "方正小标宋_GBK", "华文中宋", "STZhongsong", "Noto Serif SC"),
    "roman",
)
HEITI = Face("黑体", ("SimHei", "FandolHei", "Noto Sans SC", "Noto Sans CJK SC"), "swiss")
KAITI = Face("楷体_GB2312", ("KaiTi_GB2312", "楷体", "KaiTi", "FandolKai", "LXGW WenKai", "Noto Serif SC"), "modern")
FANGSONG = Face("仿宋_GB2312", ("FangSong_GB2312", "仿宋", "FangSong", "FandolFang R", "Noto Serif SC"), "modern")
SONGTI = Face("宋体", ("SimSun", "FandolSong", "Noto Serif SC", "Noto Serif CJK SC"), "roman")
_TIMES = Face(LATIN, ("Liberation Serif", "Tinos"), "roman", "variable", chinese=False)
FACES = (XIAOBIAOSONG, HEITI, KAITI, FANGSONG, SONGTI, _TIMES)


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style. Sizes in half-points, ``indent`` in characters, ``line`` exact in twips (None: automatic)."""

    id: str
    name: str
    face: Face = FANGSONG
    size: int = SIZE_3
    based: str | None = None
    following: str | None = None
    align: str = "both"
    indent: int = 0
    line: int | None = LINE
    before: int = 0
    after: int = 0
    outline: int | None = None
    bold: bool = False
    keep_next: bool = False
    boxed: bool = False
    builtin: bool = False
    latin: str = LATIN


BODY, TITLE, NOTE, NOTICE, CLOSING, LIST = "BodyCN", "TitleCN", "NoteCN", "NoticeCN", "ClosingCN", "ListCN"
TABLE_TEXT, TABLE_HEAD, TABLE_TITLE, TABLE = "TableTextCN", "TableHeadCN", "TableTitleCN", "TableCN"
CAPTION, PICTURE, PAGE_NUMBER, HEADER, GAP = "CaptionCN", "PictureCN", "PageNumberCN", "HeaderCN", "GapCN"
EMPHASIS, RUN_IN = "EmphasisCN", "RunInCN"
HEADINGS = ("Heading1CN", "Heading2CN", "Heading3CN")

# The built-in styles come first: Word's navigation, contents and other programs know headings by them, and ours are
# based on them. Normal is set like 正文, for Chinese programs show Normal under that very name.
_BUILTIN = (
    Style("Normal", "Normal", indent=2, builtin=True),
    Style("Title", "Title", XIAOBIAOSONG, SIZE_2, align="center", line=TITLE_LINE, keep_next=True, builtin=True),
    Style("Heading1", "heading 1", HEITI, indent=2, outline=0, keep_next=True, builtin=True),
    Style("Heading2", "heading 2", KAITI, indent=2, outline=1, keep_next=True, builtin=True),
    Style("Heading3", "heading 3", indent=2, outline=2, bold=True, keep_next=True, builtin=True),
    Style("Caption", "caption", HEITI, SIZE_SMALL_4, align="center", line=400, before=60, after=160, builtin=True),
    Style("Header", "header", SONGTI, SIZE_4, align="center", line=None, builtin=True),
    Style("Footer", "footer", SONGTI, SIZE_4, line=None, builtin=True, latin=SONGTI.name),
)
_OWN = (
    Style(TITLE, "题目", XIAOBIAOSONG, SIZE_2, "Title", BODY, "center", line=TITLE_LINE, keep_next=True),
    Style(HEADINGS[0], "一级标题", HEITI, SIZE_3, "Heading1", BODY, indent=2, outline=0, keep_next=True),
    Style(HEADINGS[1], "二级标题", KAITI, SIZE_3, "Heading2", BODY, indent=2, outline=1, keep_next=True),
    Style(HEADINGS[2], "三级标题", FANGSONG, SIZE_3, "Heading3", BODY, indent=2, outline=2, bold=True, keep_next=True),
    Style(BODY, "正文", based="Normal", indent=2),
    Style(LIST, "列表", based=BODY, indent=2),
    Style(NOTE, "表注", size=SIZE_SMALL_4, based=BODY, indent=2, line=380, before=80, after=120),
    Style(NOTICE, "提示", HEITI, SIZE_SMALL_4, BODY, BODY, "center", line=380, before=160, after=240, boxed=True),
    Style(TABLE_TEXT, "表格文字", SONGTI, SIZE_5, align="center", line=None),
    Style(TABLE_HEAD, "表头", HEITI, SIZE_5, TABLE_TEXT, align="center", line=None),
    Style(TABLE_TITLE, "表题", HEITI, SIZE_SMALL_4, align="center", line=None, before=120, after=80, keep_next=True),
    Style(PICTURE, "图片", size=SIZE_5, align="center", line=None, before=120, keep_next=True),
    Style(CAPTION, "图题", HEITI, SIZE_SMALL_4, "Caption", BODY, "center", line=400, before=60, after=160),
    Style(CLOSING, "落款", based=BODY, align="right"),
    Style(PAGE_NUMBER, "页码", SONGTI, SIZE_4, "Footer", line=None, latin=SONGTI.name),
    Style(HEADER, "页眉", SONGTI, SIZE_4, "Header", align="center", line=None),
    Style(GAP, "间隔", size=4, line=120),
)
STYLES = (*_BUILTIN, *_OWN)


def styles_part() -> Element:
    """The part word/styles.xml."""
    return w(
        "styles",
        _defaults(),
        *(_style(style) for style in STYLES),
        w("style", w("name", val="Default Paragraph Font"), type="character", default=1, styleId="DefaultFont"),
        _characters(EMPHASIS, "强调"),
        _characters(RUN_IN, "段首标题"),
        _plain_table(),
        _table_style(),
        w("style", w("name", val="No List"), type="numbering", default=1, styleId="NoList"),
    )


def fonts_part() -> Element:
    """The part word/fontTable.xml."""
    return w("fonts", *(_font(face) for face in FACES))


def _font(face: Face) -> Element:
    return w(
        "font",
        w("altName", val=",".join(face.alternatives)),
        w("charset", val="86" if face.chinese else "00"),
        w("family", val=face.family),
        w("pitch", val=face.pitch),
        name=face.name,
    )


def font_properties(face: Face, latin: str = LATIN) -> Element:
    """The faces of a run: one for Chinese, one for digits and Latin letters."""
    return w("rFonts", ascii=latin, hAnsi=latin, eastAsia=face.name, cs=latin)


def sizes(half_points: int) -> tuple[Element, Element]:
    """The size of a run, for Chinese and Latin alike and for complex scripts."""
    return w("sz", val=half_points), w("szCs", val=half_points)


def indent(characters: int, size: int = SIZE_3) -> Element:
    """A first-line indent in characters; the twips are for programs that do not count characters."""
    return w("ind", firstLineChars=characters * 100, firstLine=characters * size * 10)


def _defaults() -> Element:
    language = w("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")
    return w(
        "docDefaults",
        w("rPrDefault", w("rPr", font_properties(FANGSONG), w("kern", val=2), *sizes(SIZE_3), language)),
        w("pPrDefault", w("pPr", w("widowControl", val=1))),
    )


def _style(style: Style) -> Element:
    default = {"default": 1} if style.id == "Normal" else {} if style.builtin else {"customStyle": 1}
    return w(
        "style",
        w("name", val=style.name),
        w("basedOn", val=style.based) if style.based else None,
        w("next", val=style.following) if style.following else None,
        w("uiPriority", val=99) if style.builtin and style.id != "Normal" else None,
        None if style.builtin and style.id != "Normal" else w("qFormat"),
        _paragraph_properties(style),
        w(
            "rPr",
            font_properties(style.face, style.latin),
            w("b", val=1) if style.bold else None,
            w("spacing", val=_CLOSER) if style.size == SIZE_3 else None,
            *sizes(style.size),
        ),
        type="paragraph",
        styleId=style.id,
        **default,
    )


def _paragraph_properties(style: Style) -> Element:
    edges = [w(side, val="single", sz=6, space=4, color="808080") for side in ("top", "left", "bottom", "right")]
    return w(
        "pPr",
        w("keepNext") if style.keep_next else None,
        w("keepLines") if style.keep_next else None,
        w("pBdr", *edges) if style.boxed else None,
        w("shd", val="clear", color="auto", fill="F2F2F2") if style.boxed else None,
        # What Word does anyhow; LibreOffice 7 reads it the other way round, and that is well: it would lose marks that
        # hang at the end of a justified line.
        w("overflowPunct", val=1),
        w("snapToGrid", val=0),
        w(
            "spacing",
            before=style.before,
            after=style.after,
            line=style.line or 240,
            lineRule="exact" if style.line else "auto",
        ),
        w("ind", left=100, right=100, firstLineChars=0, firstLine=0)
        if style.boxed
        else indent(style.indent, style.size),
        w("jc", val=style.align),
        None if style.outline is None else w("outlineLvl", val=style.outline),
    )


def _characters(style: str, name: str) -> Element:
    """A style of characters in 楷体: for emphasis (Chinese has no slanted letters) and for run-in headings."""
    face = w("rFonts", eastAsia=KAITI.name)
    content = (w("name", val=name), w("basedOn", val="DefaultFont"), w("qFormat"), w("rPr", face))
    return w("style", *content, type="character", customStyle=1, styleId=style)


def _plain_table() -> Element:
    margins = w("tblCellMar", *(w(side, w=0, type="dxa") for side in ("top", "left", "bottom", "right")))
    return w(
        "style",
        w("name", val="Normal Table"),
        w("uiPriority", val=99),
        w("semiHidden"),
        w("unhideWhenUsed"),
        w("tblPr", w("tblInd", w=0, type="dxa"), margins),
        type="table",
        default=1,
        styleId="TableNormal",
    )


def _table_style() -> Element:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = w("tblBorders", *(w(side, val="single", sz=4, space=0, color="000000") for side in sides))
    return w(
        "style",
        w("name", val="年报表格"),
        w("basedOn", val="TableNormal"),
        w("uiPriority", val=59),
        w("qFormat"),
        w("tblPr", w("jc", val="center"), borders),
        type="table",
        customStyle=1,
        styleId=TABLE,
    )
