"""Owns worksheets: safe texts, typed numbers, lists, styles, the printed page, fixed bytes; the list of findings.

May import: cells, form, model, zipped. Imported where a workbook is written: openpyxl takes its time.
"""
