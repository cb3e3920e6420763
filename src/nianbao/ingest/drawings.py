"""Read the borders that are drawn on a page of a PDF, through PDFium."""

from __future__ import annotations

import ctypes
from itertools import pairwise
from typing import Any

from nianbao.ingest.borders import Stroke

# A page of a report has some 300 strokes; beyond this number it is none that anybody reads.
MAX_STROKES_OF_A_PAGE = 20_000
# A border is not thicker than this (points).
_THICKEST = 3.0


def drawings_of(page: Any) -> tuple[list[Stroke], bool]:
    """The borders that are drawn on a page, and whether there is a picture on it."""
    from pypdfium2 import raw

    strokes: list[Stroke] = []
    pictures = False
    for drawn in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE), max_depth=4):
        if drawn.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures = True
            continue
        strokes += _strokes(drawn)
        if len(strokes) > MAX_STROKES_OF_A_PAGE:
            return [], pictures
    return strokes, pictures


def _strokes(drawn: Any) -> list[Stroke]:
    from pypdfium2 import raw

    fill, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(drawn, fill, stroked)
    matrix = drawn.get_matrix()
    container = getattr(drawn, "container", None)
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = getattr(container, "container", None)
    paths = _paths(drawn, matrix)
    found: list[Stroke] = []
    for points in paths:
        thin = _thin(points)
        if thin is not None:
            found.append(thin)
        elif stroked.value:
            found += [stroke for one, two in pairwise(points) if (stroke := _line(one, two)) is not None]
    return found


def _paths(drawn: Any, matrix: Any) -> list[list[tuple[float, float]]]:
    """The corners of each part of a path on the page; curves count as straight."""
    from pypdfium2 import raw

    paths: list[list[tuple[float, float]]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(raw.FPDFPath_CountSegments(drawn), MAX_STROKES_OF_A_PAGE)):
        segment = raw.FPDFPath_GetPathSegment(drawn, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO or not paths:
            paths.append([point])
        else:
            paths[-1].append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            paths[-1].append(paths[-1][0])
    return paths


def _thin(points: list[tuple[float, float]]) -> Stroke | None:
    """A border drawn as a narrow filled box."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    bottom, top = min(y for _, y in points), max(y for _, y in points)
    if right - left <= _THICKEST < top - bottom:
        return Stroke(True, (left + right) / 2, bottom, top)
    if top - bottom <= _THICKEST < right - left:
        return Stroke(False, (bottom + top) / 2, left, right)
    return None


def _line(one: tuple[float, float], two: tuple[float, float]) -> Stroke | None:
    (x1, y1), (x2, y2) = one, two
    if abs(x1 - x2) <= 1 < abs(y1 - y2):
        return Stroke(True, x1, min(y1, y2), max(y1, y2))
    if abs(y1 - y2) <= 1 < abs(x1 - x2):
        return Stroke(False, y1, min(x1, x2), max(x1, x2))
    return None
