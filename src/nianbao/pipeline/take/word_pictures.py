"""The pictures of a DOCX, and whether two of them show the same.

A program may compress a picture anew when it saves (Word and WPS do; LibreOffice and python-docx keep its bytes), so
other bytes alone do not say that another picture stands there.
"""

from __future__ import annotations

import io
import posixpath
import warnings

from lxml import etree
from PIL import Image, ImageChops, ImageStat

from nianbao.ingest.archive import Archive

_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_IMAGEDATA = "{urn:schemas-microsoft-com:vml}imagedata"
_MOST_PIXELS = 50_000_000
_SMALL = (64, 64)
# Greys of 255 by which two small pictures differ on the mean. A chart saved as JPEG of quality 20 at a third of its
# size differs by 5, two charts of one report by 30 and more.
_OTHER = 10.0
_OTHER_SHAPE = 0.03  # of width to height: half a pixel of a thumbnail's side is less


class Media:
    """The pictures that one part of a document (its body, a header) shows."""

    def __init__(self, archive: Archive, part: str) -> None:
        self._archive = archive
        folder, name = posixpath.split(part)
        relations = f"{folder}/_rels/{name}.rels"
        self._names = {
            one.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
            for one in (archive.tree(relations) if relations in archive else ())
            if one.get("TargetMode") != "External"
        }
        self._read: dict[str, bytes] = {}

    def of(self, drawing: etree._Element) -> bytes:
        """The bytes of the first picture in a drawing; none where it is a shape or its picture is not in the file."""
        for node in drawing.iter(_BLIP, _IMAGEDATA):
            name = self._names.get(node.get(f"{_ID}embed") or node.get(f"{_ID}id") or "", "")
            if name in self._archive:
                if name not in self._read:
                    self._read[name] = self._archive.part(name)
                return self._read[name]
        return b""


def shows_picture(drawing: etree._Element) -> bool:
    """Whether a drawing has a picture, in the file or linked, rather than lines and boxes alone."""
    return next(drawing.iter(_BLIP, _IMAGEDATA), None) is not None


def same_picture(one: bytes, other: bytes) -> bool | None:
    """Whether two files show one picture; None where that is not certain: alike but not the same, or of no known kind.

    Same are equal bytes or pixels. Another picture is one of another shape, or far off when both are made small.
    """
    if one == other:
        return True
    first, second = _opened(one), _opened(other)
    if first is None or second is None:
        return None
    if first.size == second.size and ImageChops.difference(first, second).getbbox() is None:
        return True
    shapes = [picture.width / picture.height for picture in (first, second)]
    if abs(shapes[0] / shapes[1] - 1) > _OTHER_SHAPE:
        return False
    small = [picture.convert("L").resize(_SMALL, Image.Resampling.BOX) for picture in (first, second)]
    return False if ImageStat.Stat(ImageChops.difference(*small)).mean[0] > _OTHER else None


def _opened(content: bytes) -> Image.Image | None:
    """The picture on white; None where it cannot be read, or is huge."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as picture:
                if picture.width * picture.height > _MOST_PIXELS or picture.format in {"WMF", "EMF"}:
                    return None
                drawn = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    white = Image.new("RGBA", drawn.size, "white")
    white.alpha_composite(drawn)
    return white.convert("RGB")
