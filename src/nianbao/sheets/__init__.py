"""Owns worksheets: safe texts, typed numbers, lists, styles, the printed page, fixed bytes; the list of findings.

May import: cells, form, model, put_off, xml_chars, zipped. Imported where a workbook is written: openpyxl takes its
time.
"""

from nianbao.put_off import left_out, put_off

# openpyxl looks for numpy, to know its numbers, and for Pillow, to know its pictures: two thirds of its import, for
# what no sheet of ours has. With the threads of numpy, a process could not be forked either.
with left_out("numpy"), put_off("PIL.Image"):
    import openpyxl  # noqa: F401
