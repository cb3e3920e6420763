"""The workbook that a unit fills in (``report.xlsx``), read by its labels, whatever a spreadsheet program made of it.

May import: errors, form, model, and of inputs csv_table and files; lxml when a workbook is read.
"""

from nianbao.inputs.workbook.book import FormBook, Identity, open_book, read_book
from nianbao.inputs.workbook.words import SHEETS, Part, parts_of

__all__ = ["SHEETS", "FormBook", "Identity", "Part", "open_book", "parts_of", "read_book"]
