"""Owns the way from published reports (text, HTML, PDF, DOCX, XLSX) to values, each cell with its origin.

May import: errors, cells, form, model, paths, inputs.
"""

from nianbao.ingest.read import read
from nianbao.ingest.result import Gap, GapKind, Ingested

__all__ = ["Gap", "GapKind", "Ingested", "read"]
