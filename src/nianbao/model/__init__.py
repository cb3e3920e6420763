"""The frozen values that cross rooms: offices, office-years, findings, section runs, reports, exported files.

Does no I/O.
"""

from nianbao.form.cells import Number
from nianbao.model.findings import CheckReport, Evidence, Finding, FindingState, Severity
from nianbao.model.inputs import Attachment, Cell, Figure, InputIssue, IssueKind, OfficeYear, Source, Text
from nianbao.model.reports import (
    BLOCK_MIME,
    FORMATS,
    NO_LOCAL_RULES,
    ExportedFile,
    Level,
    LocalRules,
    Office,
    OfficeKind,
    Options,
    Profile,
    Published,
    Report,
    ReportKey,
    SectionRun,
    WordTemplate,
    lawful_deadline,
)

__all__ = [
    "BLOCK_MIME",
    "FORMATS",
    "NO_LOCAL_RULES",
    "Attachment",
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
    "Options",
    "Profile",
    "Published",
    "Report",
    "ReportKey",
    "SectionRun",
    "Severity",
    "Source",
    "Text",
    "WordTemplate",
    "lawful_deadline",
]
