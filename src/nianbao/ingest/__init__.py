"""Owns the way from published reports (text, HTML, PDF, DOCX, XLSX) to values, each cell with its origin.

May import: errors, cells, form, model, paths, inputs.
"""
