"""Fingerprints of steps, and the store that keeps their results: which still hold, and why the others do not.

May import: errors, model, paths.
"""

from nianbao.store.fingerprint import (
    CHECK_PACKAGES,
    EXPORT_PACKAGES,
    SECTION_PACKAGES,
    Parts,
    digest,
    file_digest,
    input_files,
    package_parts,
    package_version,
    suite_files,
)
from nianbao.store.results import Recalled, StepKey, Store

__all__ = [
    "CHECK_PACKAGES",
    "EXPORT_PACKAGES",
    "SECTION_PACKAGES",
    "Parts",
    "Recalled",
    "StepKey",
    "Store",
    "digest",
    "file_digest",
    "input_files",
    "package_parts",
    "package_version",
    "suite_files",
]
