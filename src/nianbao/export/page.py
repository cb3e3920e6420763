"""The page of GB/T 9704-2012, declared once for PDF, the print of HTML and DOCX, in millimetres.

Source: 5.1 (A4), 5.2 (head 37 mm, binding edge 28 mm, type area 156 x 225 mm, 22 lines of 28 characters), 7.5 (the page
number 7 mm under the type area).
"""

from __future__ import annotations

WIDTH, HEIGHT = 210, 297
HEAD, BINDING_EDGE = 37, 28
AREA_WIDTH, AREA_HEIGHT = 156, 225
FOOT = HEIGHT - HEAD - AREA_HEIGHT
FORE_EDGE = WIDTH - BINDING_EDGE - AREA_WIDTH
NUMBER_BELOW = 7
LINES, CHARACTERS = 22, 28
SIZE = 16  # 三号, in points
TITLE_SIZE = 22  # 二号, in points

_POINTS = 72 / 25.4  # in a millimetre

AREA_POINTS = AREA_WIDTH * _POINTS
LINE = AREA_HEIGHT * _POINTS / LINES  # points from one line to the next
TITLE_CHARACTERS = int(AREA_POINTS / TITLE_SIZE)  # how many characters of the title fill a line
