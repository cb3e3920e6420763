"""Owns plans: fingerprints of steps, which of them must run again, and why.

May import: errors, model, paths.
"""

from nianbao.plan.fingerprint import (
    CHECK_PACKAGES,
    EXPORT_PACKAGES,
    SECTION_PACKAGES,
    Parts,
    digest,
    file_digest,
    file_parts,
    input_files,
    package_parts,
    package_version,
    suite_files,
)
from nianbao.plan.store import Recalled, Step, Store

__all__ = [
    "CHECK_PACKAGES",
    "EXPORT_PACKAGES",
    "SECTION_PACKAGES",
    "Parts",
    "Recalled",
    "Step",
    "Store",
    "digest",
    "file_digest",
    "file_parts",
    "input_files",
    "package_parts",
    "package_version",
    "suite_files",
]
