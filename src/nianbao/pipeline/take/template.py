"""What an office's template has around the report, as blocks of their own: its words are nobody's narrative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.export.docx_template import PLACE
from nianbao.model import WordTemplate
from nianbao.pipeline.take.printed import Printed
from nianbao.pipeline.take.word import read_word
from nianbao.pipeline.take.word_blocks import text_of


@dataclass(frozen=True)
class Around:
    """The template's blocks before and after the report, and the names of its extras (pictures, words in margins)."""

    before: Sequence[Printed] = ()
    after: Sequence[Printed] = ()
    extras: Sequence[str] = ()


def around(template: WordTemplate | None) -> Around:
    """What the template has around the report; nothing where there is none.

    Raises IngestError where it cannot be read.
    """
    if template is None:
        return Around()
    own = read_word(template.content, template.name)
    place = next((index for index, block in enumerate(own.blocks) if text_of([block]) == PLACE), len(own.blocks))
    blocks = [Printed(block, None, template=template.name) for block in own.blocks]
    return Around(blocks[:place], blocks[place + 1 :], [one.what for one in own.extras])
