"""What an edited document has beside its words: pictures, words in its margins, and what no narrative can hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from nianbao.errors.language import Message, shortened
from nianbao.pipeline.take import reasons
from nianbao.pipeline.take.outcome import Note, Refusal
from nianbao.pipeline.take.told import Told
from nianbao.pipeline.take.word_blocks import Extra, Margin
from nianbao.pipeline.take.word_pictures import same_picture


@dataclass(frozen=True, slots=True)
class OwnPicture:
    """A picture that the report prints: its name, its bytes, after how many blocks, and what draws it.

    ``template`` is the office's template where the picture is that one's own.
    """

    name: Message
    content: bytes
    block: int
    why: Message
    template: str = ""


class Besides:
    """Names all that one document has otherwise than the report, beside its words."""

    def __init__(self, told: Told, place_of: Callable[[int], int]) -> None:
        """``place_of``: the printed block that stands for a block of the document."""
        self._told = told
        self._place_of = place_of
        self.notes: list[Note] = []

    def extras(self, extras: Sequence[Extra]) -> None:
        """Refuse what no narrative can hold: boxes, notes at the foot, formulas, looks."""
        for one in extras:
            why = reasons.LOOKS if one.look else reasons.NOT_HELD
            self._told.refuse(self._place_of(one.block), "", one.what, why)

    def pictures(self, own: Sequence[OwnPicture], found: Sequence[Extra]) -> None:
        """Refuse pictures that were replaced, added or taken out; note those that may only be compressed anew."""
        paired = _paired(own, found)
        for index, sure in paired.values():
            if not sure:
                kind = reasons.OTHER_BYTES
                self.notes.append(Note(kind, "", own[index].name, "", self._place(own[index])))
        keys = [paired[at][0] if at in paired else -1 for at in range(len(found))]
        for name, a, b, c, d in SequenceMatcher(None, range(len(own)), keys, autojunk=False).get_opcodes():
            if name == "equal":
                continue
            new = list(found[c:d])
            for old in own[a:b]:
                there = next((one for one in new if abs(self._place_of(one.block) - old.block) <= 1), None)
                if there is not None:
                    new.remove(there)
                after = "" if there is None else reasons.ANOTHER_PICTURE
                self._told.refused.append(Refusal(self._place(old), old.name, after, old.why))
            for one in new:
                self._told.refuse(self._place_of(one.block), "", reasons.PICTURE, reasons.NOT_HELD)

    def margins(self, own: Sequence[Margin], found: Sequence[Margin], template: str) -> None:
        """Refuse words and pictures of headers and footers that were changed, added or taken out.

        Programs part the headers of a document, so that the same may be there more often than in the report.
        """
        why = Message("is of {template}: change the template", template=template) if template else reasons.NOT_HELD
        place = template or Message("header or footer")
        for picture in (False, True):
            before, after = ([one for one in some if one.picture == picture] for some in (own, found))
            gone = [one for one in before if one.used and all(_same(one, other) is False for other in after)]
            new = [one for one in after if all(_same(one, other) is False for other in before)]
            for old, now in zip_longest(_once(gone), _once(new)):
                self._told.refused.append(Refusal(place, _told(old), _told(now), why if old else reasons.NOT_HELD))

    def _place(self, own: OwnPicture) -> str:
        return own.template or self._told.place(own.block - 1)


def _paired(own: Sequence[OwnPicture], found: Sequence[Extra]) -> dict[int, tuple[int, bool]]:
    """By the number of each picture that was found: that of the report's own, and whether it surely is the same."""
    paired: dict[int, tuple[int, bool]] = {}
    for wanted in (True, None):
        for at, one in enumerate(found):
            left = [index for index in range(len(own)) if index not in {index for index, _ in paired.values()}]
            if at not in paired:
                same = (index for index in left if same_picture(own[index].content, one.picture) is wanted)
                if (index := next(same, None)) is not None:
                    paired[at] = index, wanted is True
    return paired


def _same(one: Margin, other: Margin) -> bool | None:
    if one.picture:
        return same_picture(one.content, other.content)
    return "".join(one.words.split()) == "".join(other.words.split())


def _once(margins: Sequence[Margin]) -> Iterator[Margin]:
    yield from dict.fromkeys(Margin(one.words, one.content, one.picture) for one in margins)


def _told(one: Margin | None) -> str:
    if one is None:
        return ""
    if one.picture:
        return Message("picture in a header or footer")
    return Message("in a header or footer: “{words}”", words=shortened(one.words))
