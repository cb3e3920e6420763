"""Read published reports (text, HTML, PDF, DOCX, XLSX …) into values, each cell with its origin."""

from nianbao.ingest.limited import Reader
from nianbao.ingest.read import Files, Outcome, file_name, file_stem, find, read, read_all
from nianbao.ingest.result import GAP_RULE, Gap, GapKind, Ingested, findings_of, to_json, to_office_year
from nianbao.ingest.write import write

__all__ = [
    "GAP_RULE",
    "Files",
    "Gap",
    "GapKind",
    "Ingested",
    "Outcome",
    "Reader",
    "file_name",
    "file_stem",
    "find",
    "findings_of",
    "read",
    "read_all",
    "to_json",
    "to_office_year",
    "write",
]
