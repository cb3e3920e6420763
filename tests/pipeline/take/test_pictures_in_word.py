"""Pictures, watermarks and words in the margins of an edited document: what is other than the report's is named."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image, ImageDraw

from looks import converted, needs_soffice
from nianbao.export import export
from nianbao.model import Options, Profile
from nianbao.paths import Project
from nianbao.pipeline import printed_document
from nianbao.pipeline.take import Taken
from nianbao.pipeline.take.word_pictures import same_picture
from office_template import office_template, template_bytes
from word_desk import Desk

NAME = "params/panzhihua/template.docx"
ILLUSTRATED = Options(profile=Profile.ILLUSTRATED)
WATERMARK = (
    f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textpath string="内部资料"/>'
    "</v:shape></w:pict></w:r>"
)


class Gallery(Desk):
    """A report with charts, open in Word."""

    def __init__(self, project: Project, content: bytes, folder: Path) -> None:
        super().__init__(project, content, folder)
        self.options = ILLUSTRATED

    def media(self) -> list:
        """The parts of the body's pictures, in the order of their names."""
        kinds = [one for one in self.word.part.rels.values() if one.reltype == RELATIONSHIP_TYPE.IMAGE]
        return sorted((one.target_part for one in kinds), key=lambda part: part.partname)


def drawn(shade: int, size: tuple[int, int] = (900, 400), bars: int = 3) -> Image.Image:
    picture = Image.new("RGB", size, "white")
    for bar in range(bars):
        ImageDraw.Draw(picture).rectangle((100 + 200 * bar, 300 - 80 * bar, 200 + 200 * bar, 380), (shade, 0, 0))
    return picture


def saved(picture: Image.Image, kind: str = "PNG", **options: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def names(taken: Taken) -> list[tuple[str, str, str]]:
    assert taken.files == ()
    return [(one.place, one.before, one.after) for one in taken.refused]


@pytest.fixture(scope="module")
def illustrated(original: Project) -> bytes:
    document = printed_document(original, original.key("panzhihua", 2023), ILLUSTRATED, lambda *_: None)
    return export(document, "docx")[0].content


@pytest.fixture
def gallery(original: Project, illustrated: bytes, tmp_path: Path) -> Gallery:
    return Gallery(original, illustrated, tmp_path)


@pytest.fixture
def own(copied: Callable[[], Project], tmp_path: Path) -> Desk:
    """A report on a template with a logo in its header and one on its cover."""
    project = copied()
    template = office_template()
    header = template.sections[0].header.paragraphs[0]
    header.add_run().add_picture(io.BytesIO(saved(drawn(200))))
    (project.root / NAME).write_bytes(template_bytes(template))
    document = printed_document(project, project.key("panzhihua", 2023), Options(), lambda *_: None)
    return Desk(project, export(document, "docx")[0].content, tmp_path)


@pytest.mark.parametrize(
    ("content", "same"),
    [
        (saved(drawn(200), "BMP"), True),  # other bytes, the same pixels
        (saved(drawn(200), "JPEG", quality=30), None),
        (saved(drawn(200).resize((450, 200)), "JPEG", quality=60), None),
        (saved(drawn(200, (900, 500))), False),
        (saved(drawn(0).rotate(180)), False),
        (b"no picture", None),
        (b"", None),
    ],
)
def test_two_pictures_are_the_same_or_another_or_neither_for_sure(content: bytes, same: object) -> None:
    assert same_picture(saved(drawn(200)), content) is same


def test_charts_that_nobody_touched_are_no_edit(gallery: Gallery) -> None:
    assert gallery.media()
    taken = gallery.take()
    assert (names(taken), taken.doubts) == ([], ())


def test_a_chart_that_was_replaced_is_refused_by_its_number_words_and_notebook(gallery: Gallery) -> None:
    gallery.media()[0]._blob = saved(drawn(0, (700, 700)))
    taken = gallery.take()
    ((place, before, after),) = names(taken)
    assert place.startswith("六、")
    assert before.startswith("picture 1 (")
    assert after == "another picture"
    assert "change notebooks/06_other.ipynb" in taken.refused[0].why
    assert taken.doubts == ()


def test_a_chart_that_was_compressed_anew_is_a_doubt_and_no_refusal(gallery: Gallery) -> None:
    part = gallery.media()[0]
    part._blob = saved(Image.open(io.BytesIO(part.blob)).convert("RGB"), "JPEG", quality=60)
    taken = gallery.take()
    assert names(taken) == []
    assert taken.whole
    (doubt,) = taken.doubts
    assert doubt.words.startswith("picture 1 (")


def test_a_chart_that_is_gone_is_named_though_another_picture_was_added(gallery: Gallery) -> None:
    drawing = next(gallery.word.element.body.iter(qn("w:drawing")))
    drawing.getparent().remove(drawing)
    gallery.paragraph("公开水平与群众").add_run().add_picture(io.BytesIO(saved(drawn(0, (300, 300)))))
    found = names(gallery.take())
    assert [(before[:9], after) for _, before, after in found] == [("picture 1", ""), ("", "picture")]
    assert "05_problems.md" in found[1][0]


def test_logos_of_the_template_are_no_edit(own: Desk) -> None:
    assert names(own.take()) == []


def test_a_logo_replaced_in_header_or_on_the_cover_is_the_templates(own: Desk) -> None:
    for part in own.word.part.package.iter_parts():
        if part.partname.startswith("/word/media/"):
            part._blob = saved(drawn(0, (300, 500)))
    assert sorted(names(own.take())) == [
        (NAME, "picture 1", "another picture"),
        (NAME, "picture in a header or footer", "picture in a header or footer"),
    ]


def test_changed_and_deleted_words_of_the_templates_header_are_named(own: Desk) -> None:
    run = own.word.sections[0].header.paragraphs[0].runs[0]
    run.text = "某某县政务服务"
    before = "in a header or footer: “某某县政务公开”"
    assert names(own.take()) == [(NAME, before, "in a header or footer: “某某县政务服务”")]
    run.text = ""
    assert names(own.take()) == [(NAME, before, "")]


def test_a_header_that_a_cover_of_one_page_does_not_show_may_be_gone(copied, tmp_path: Path) -> None:
    """LibreOffice drops it when it saves."""
    project, template = copied(), office_template()
    cover = template.sections[0]
    cover.different_first_page_header_footer = True
    cover.first_page_header.paragraphs[0].text = "首页页眉"
    (project.root / NAME).write_bytes(template_bytes(template))
    document = printed_document(project, project.key("panzhihua", 2023), Options(), lambda *_: None)
    desk = Desk(project, export(document, "docx")[0].content, tmp_path)
    desk.word.sections[0].header.paragraphs[0].text = ""
    assert names(desk.take()) == []
    desk.word.sections[0].first_page_header.paragraphs[0].text = ""
    assert names(desk.take()) == [(NAME, "in a header or footer: “首页页眉”", "")]


def test_a_picture_and_a_watermark_put_into_a_header_are_named(desk: Desk) -> None:
    header = desk.word.sections[0].header.paragraphs[0]
    header.add_run().add_picture(io.BytesIO(saved(drawn(200))))
    header._p.append(parse_xml(WATERMARK))
    desk.word.sections[0].footer.paragraphs[0].add_run("印数100册")
    assert sorted(after for _, _, after in names(desk.take())) == [
        "in a header or footer: “— —印数100册”",
        "in a header or footer: “内部资料”",
        "picture in a header or footer",
    ]


def test_the_watermark_of_a_draft_is_no_edit(desk: Desk) -> None:
    desk.word.sections[0].header.paragraphs[0]._p.append(parse_xml(WATERMARK.replace("内部资料", "草稿")))
    assert names(desk.take()) == []


@pytest.mark.slow
@needs_soffice
def test_charts_that_libreoffice_saves_without_an_edit_are_no_edit(gallery: Gallery, tmp_path: Path) -> None:
    (text,) = converted(tmp_path / "odt", "odt", gallery.saved())
    (again,) = converted(tmp_path / "docx", "docx:MS Word 2007 XML", text)
    assert docx.Document(str(again)).inline_shapes
    taken = gallery.take(path=again)
    assert (names(taken), taken.doubts) == ([], ())


@pytest.mark.slow
@needs_soffice
def test_logos_that_libreoffice_saves_without_an_edit_are_no_edit(own: Desk, tmp_path: Path) -> None:
    (text,) = converted(tmp_path / "odt", "odt", own.saved())
    (again,) = converted(tmp_path / "docx", "docx:MS Word 2007 XML", text)
    taken = own.take(path=again)
    assert (names(taken), taken.doubts) == ([], ())
