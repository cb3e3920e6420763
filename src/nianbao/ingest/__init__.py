"""Owns the way from published reports (text, HTML, PDF, DOCX, XLSX) to values, each cell with its origin.

May import: errors, cells, form, model, paths, inputs.
"""

from nianbao.ingest.as_json import GAP_RULE, findings_of, to_json
from nianbao.ingest.read import read
from nianbao.ingest.result import Gap, GapKind, Ingested
from nianbao.ingest.values import to_office_year
from nianbao.ingest.write import write

__all__ = ["GAP_RULE", "Gap", "GapKind", "Ingested", "findings_of", "read", "to_json", "to_office_year", "write"]
