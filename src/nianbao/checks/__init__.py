"""The checks: rules over tables, years and texts; findings with evidence; reports of the findings.

The only importer of great_expectations, and only when it runs.
"""

from nianbao.checks.engine import data_docs
from nianbao.checks.rendering import render_json, render_page, render_text
from nianbao.checks.rollup import judged_rollup
from nianbao.checks.run import check, check_values
from nianbao.checks.suites import stale_suites, write_suites

__all__ = [
    "check",
    "check_values",
    "data_docs",
    "judged_rollup",
    "render_json",
    "render_page",
    "render_text",
    "stale_suites",
    "write_suites",
]
