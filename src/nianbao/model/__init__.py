"""Owns the frozen values that cross rooms: offices, office-years, findings, section runs, reports, exported files.

May import: errors, form. Does no I/O.
"""

from nianbao.model.findings import CheckReport, Evidence, Finding, FindingState, Number, Severity
from nianbao.model.inputs import Cell, Figure, InputIssue, IssueKind, OfficeYear, Source, Text
from nianbao.model.offices import Level, LocalRules, Office, OfficeKind, Profile, ReportKey
from nianbao.model.results import BLOCK_MIME, ExportedFile, Published, Report, SectionRun

__all__ = [
    "BLOCK_MIME",
    "Cell",
    "CheckReport",
    "Evidence",
    "ExportedFile",
    "Figure",
    "Finding",
    "FindingState",
    "InputIssue",
    "IssueKind",
    "Level",
    "LocalRules",
    "Number",
    "Office",
    "OfficeKind",
    "OfficeYear",
    "Profile",
    "Published",
    "Report",
    "ReportKey",
    "SectionRun",
    "Severity",
    "Source",
    "Text",
]
