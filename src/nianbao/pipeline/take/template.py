"""What an office's template has around the report, as blocks of their own: its words are nobody's narrative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nianbao.errors.language import Message, shortened
from nianbao.export.blocks import Picture
from nianbao.export.document import Document
from nianbao.export.docx_template import PLACE
from nianbao.model import WordTemplate
from nianbao.pipeline.take.besides import OwnPicture
from nianbao.pipeline.take.printed import Printed
from nianbao.pipeline.take.reasons import PICTURE
from nianbao.pipeline.take.word import read_word
from nianbao.pipeline.take.word_blocks import WordDocument, text_of


@dataclass(frozen=True)
class Around:
    """The template's blocks before and after the report, and how many pictures stand before it, and in all."""

    before: Sequence[Printed] = ()
    after: Sequence[Printed] = ()
    pictures_before: int = 0
    pictures: int = 0


def around(template: WordTemplate | None) -> Around:
    """What the template has around the report; nothing where there is none.

    Raises IngestError where it cannot be read.
    """
    if template is None:
        return Around()
    own = read_word(template.content, template.name)
    place = next((index for index, block in enumerate(own.blocks) if text_of([block]) == PLACE), len(own.blocks))
    blocks = [Printed(block, None, template=template.name) for block in own.blocks]
    pictures = [one.block <= place for one in own.extras if one.what == PICTURE]
    return Around(blocks[:place], blocks[place + 1 :], sum(pictures), len(pictures))


def own_pictures(made: WordDocument, document: Document, own: Around) -> Iterator[OwnPicture]:
    """The pictures of the report ``made`` of a document, in reading order, among those of its template."""
    drawn = [block for block in document.blocks if isinstance(block, Picture)]
    found = [one for one in made.extras if one.what == PICTURE]
    for number, one in enumerate(found, start=1):
        at = number - 1 - own.pictures_before
        if document.template and not 0 <= at < len(found) - own.pictures:
            template = document.template.name
            why = Message("is of {template}: change the template", template=template)
            yield OwnPicture(Message("picture {number}", number=number), one.picture, one.block, why, template)
        else:
            name = Message("picture {number} ({words})", number=number, words=shortened(drawn[at].alt))
            why = Message(
                "pictures are drawn by notebooks, not taken from the document: change {place}", place=drawn[at].place
            )
            yield OwnPicture(name, one.picture, one.block, why)
